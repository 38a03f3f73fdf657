import type { LogRecord } from '../../model/record.ts'

/** What was found in the lines taken last, for who gets the records made of them. */
export interface FoundLiterals {
  /** Indexes of the literals that stand in a line; those of sampled ones may be missing. */
  note(line: number, found: readonly number[]): void
  /** Of the record's only line; `null` where it has several, or its line was taken long ago. */
  of(record: LogRecord): readonly number[] | null
}

/** Decoders hold back no more than some lines. */
const KEPT = 256

export function openFoundLiterals(): FoundLiterals {
  const lines = new Float64Array(KEPT)
  const kept: (readonly number[])[] = Array.from({ length: KEPT }, () => [])
  return {
    note(line, found) {
      lines[line % KEPT] = line
      kept[line % KEPT] = found
    },
    of({ origin: { line }, lineCount }) {
      if (line === null || lineCount !== 1 || lines[line % KEPT] !== line) return null
      return kept[line % KEPT] ?? null
    },
  }
}
