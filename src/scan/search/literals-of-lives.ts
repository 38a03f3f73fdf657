import type { Extractor } from '../../extract/define-extractor.ts'
import { foundOwners } from '../dispatch.ts'
import { literalsOf } from '../line-choice.ts'
import { readyFor } from './ready-literals.ts'

const known = new WeakMap<readonly Extractor[], Uint8Array>()

/** Which literals, by their indexes, are of an extractor that reads of ordinary lives: what such a line says may hang on what another one said. */
export function literalsOfLives(extractors: readonly Extractor[]): Uint8Array {
  const made = known.get(extractors)
  if (made !== undefined) return made
  const { owners } = readyFor(extractors)?.owners ?? foundOwners(extractors)
  const own = Uint8Array.from(literalsOf(extractors).all, (_, literal) =>
    owners[literal]?.some((index) => extractors[index]?.lives !== undefined) === true ? 1 : 0,
  )
  known.set(extractors, own)
  return own
}
