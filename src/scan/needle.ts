/**
 * Finds literals in bytes and counts line feeds on the way. A needle owns the memory that is searched, so that files can be read
 * straight into it.
 */
export interface Needle {
  /** Memory of at least `bytes`; what was in the former one is kept. Former views are void. */
  memory(bytes: number): Uint8Array
  /** Calls `hit` for occurrences between `from` and `to` in order of position. Returns the number of line feeds there. */
  search(from: number, to: number, hits: Hits): number
  /** Line feeds between `from` and `to`. */
  lineFeeds(from: number, to: number): number
}

/** Occurrences in order: place in memory, index of the literal, line feeds between the start of the search and the place. */
export interface Hits {
  readonly at: number[]
  readonly literal: number[]
  readonly lineFeeds: number[]
}

export function noHits(): Hits {
  return { at: [], literal: [], lineFeeds: [] }
}
