/**
 * Finds literals in bytes and counts line feeds on the way. A needle owns the memory that is searched, so that files can be read
 * straight into it.
 */
export interface Needle {
  /** Memory of at least `bytes`; what was in the former one is kept. Former views are void. */
  memory(bytes: number): Uint8Array
  /**
   * Adds the literals that stand between `from` and `to`, line by line in order. Returns the number of line feeds there. `ownOnly`: sampled
   * literals are not wanted; they may be among the hits nevertheless.
   */
  search(from: number, to: number, hits: Hits, ownOnly?: boolean): number
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
