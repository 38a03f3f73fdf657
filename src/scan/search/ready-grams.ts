import { chooseGrams, gramsFrom, type LiteralGrams } from './grams.ts'

/** The choice made for one list of literals, as plain data: choosing takes longer than searching some megabytes. */
export interface PackedGrams {
  /** The literals it is for, one a line. */
  readonly literals: string
  /** Of each literal, where its grams begin and where its rare bytes stand. */
  readonly places: readonly number[]
}

/** The build replaces this by what `packGrams` gives for all extractors' literals (`scripts/build.mjs`). */
export const readyGrams: PackedGrams | null = null

export function packGrams(literals: readonly string[]): PackedGrams {
  return { literals: literals.join('\n'), places: chooseGrams(literals).flatMap(({ begin, rare }) => [begin, rare]) }
}

/** `null`: they are for other literals. */
export function unpackGrams({ literals: packed, places }: PackedGrams, literals: readonly string[]): LiteralGrams[] | null {
  if (packed !== literals.join('\n')) return null
  return literals.map((literal, index) => {
    const [begin = 0, rare = 0] = places.slice(2 * index, 2 * index + 2)
    return { begin, grams: gramsFrom(literal, begin), rare }
  })
}
