/** Where a line, record or document stood. Everything the report claims is traced back to one of these. */
export interface Origin {
  /** Name as the user would find it: `bundle.tar.gz!var/log/kern.log`, `!` between an archive and its member. */
  readonly source: string
  /** Physical line number, from 1; `null` where there are no lines (a binary journal). */
  readonly line: number | null
  /** Byte offset of the line or entry in the (decompressed, transcoded) member; `null` where unknown. */
  readonly offset: number | null
  /** A journal entry's `__CURSOR`; `null` elsewhere. */
  readonly cursor: string | null
}

/** A line as it stands in its source: the evidence under a claim. `text` is never cleaned or cut. */
export interface Quote extends Origin {
  readonly text: string
}
