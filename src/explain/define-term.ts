/** A word of the report explained: `short` is one sentence (footnote), `long` what a reader should know to judge it. Plain text. */
export interface Term {
  readonly title: string
  readonly short: string
  readonly long: string
}

export const term = (title: string, short: string, long: string): Term => ({ title, short, long })
