import { type Fragment, type Fragments, PLACES } from './fragments.ts'

/** `Fragments` of one list of literals, as plain data. */
export interface PackedFragments {
  /** The literals they are for, one a line. */
  readonly literals: string
  /** Place and `elsewhere` of each literal's fragment, one after another. */
  readonly places: readonly number[]
  readonly tables: readonly number[]
}

/** The build replaces this by what `packFragments` gives for all extractors' literals (`scripts/build.mjs`). */
export const readyFragments: PackedFragments | null = null

export function packFragments({ fragments, tables }: Fragments, literals: readonly string[]): PackedFragments {
  return {
    literals: literals.join('\n'),
    places: fragments.flatMap(({ place, elsewhere }) => [place, elsewhere]),
    tables: [...tables],
  }
}

/** `null`: they are for other literals. */
export function unpackFragments(packed: PackedFragments, literals: readonly string[]): Fragments | null {
  if (packed.literals !== literals.join('\n')) return null
  const fragments = literals.map((literal, index): Fragment => {
    const place = packed.places[2 * index] ?? 0
    const bytes = Array.from(literal.slice(place, place + PLACES), (character) => character.charCodeAt(0))
    return { place, bytes, elsewhere: packed.places[2 * index + 1] ?? 0 }
  })
  return { fragments, tables: Uint8Array.from(packed.tables) }
}
