/** A problem with the data, as data. Its sentence is made once, in `warnings.ts`. */
export interface Warning {
  /** A key of the record in `src/warnings.ts`. */
  readonly code: string
  readonly source: string | null
  readonly line: number | null
  /** Values for the sentence, already plain (numbers, names). */
  readonly args: Readonly<Record<string, string | number>>
}
