import { openWanted, type Wanted } from './search/words.ts'
import type { KeptLines } from './text/kept-lines.ts'

/**
 * Lines of ordinary lives behind this place of a source are left out at first: what stands before it shows who speaks, by which clocks and of which hosts, and
 * most logs are smaller.
 */
export const LIVES_FROM = 1_048_576

/** Judges lines that hold no other literals than those of ordinary lives (`Extractor.lives`). */
export interface LifeLines {
  /** Whether the line between the two places is read now. One that is not is left out, and may be asked for later. */
  wants(bytes: Uint8Array, begin: number, end: number, offset: number, line: number): boolean
  /** A line with literals of those who read of lives is read now. */
  taken(bytes: Uint8Array, begin: number, end: number, offset: number, line: number): void
  /** Names by which lines are read, beside the words that tell of anybody; `null` in a first reading. */
  readonly wanted: Wanted | null
  /** Lines that were left out so far. */
  left(): number
}

/** For a first reading: what is left out is counted, and kept where it cannot be read again. */
export function openFirstLives(from: number, telling: readonly string[], kept: KeptLines | null): LifeLines {
  const told = openWanted(telling)
  let left = 0
  return {
    wanted: null,
    wants(bytes, begin, end, offset, line) {
      if (offset < from || told.isIn(bytes, begin, end)) return true
      left += 1
      kept?.keep(bytes, begin, end, offset, line, false)
      return false
    },
    taken: (bytes, begin, end, offset, line) => kept?.keep(bytes, begin, end, offset, line, true),
    left: () => left,
  }
}

/** For another reading, by names. */
export function openLivesOf(from: number, telling: readonly string[], wanted: Wanted): LifeLines {
  const told = openWanted(telling)
  return {
    wanted,
    wants: (bytes, begin, end, offset) => offset < from || told.isIn(bytes, begin, end) || wanted.isIn(bytes, begin, end),
    taken: () => {},
    left: () => 0,
  }
}
