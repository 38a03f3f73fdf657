import { isWithout } from '../../pieces.ts'
import { LINE_BYTES, sampleBlock } from '../line-choice.ts'
import type { Literals } from './literals.ts'
import { type Hits, type Needle, noHits } from './needle.ts'

/** Searches bytes in the needle's memory for all literals that could count. */
export interface SampledSearch {
  /**
   * Adds the literals that begin from `from` to `to`; they may go on up to `limit`. `bytes` is the memory, `base` the offset of its first byte in the
   * source. Calls for one source come in order. `whole`: a line begins at `from`. Returns the line feeds from `from` to `to`.
   */
  search(part: Part, hits: Hits): number
}

export interface Part {
  readonly bytes: Uint8Array
  readonly base: number
  readonly from: number
  readonly to: number
  readonly limit: number
  readonly whole: boolean
}

/** What stands behind these bytes of a line may have been cut off, and does not count. */
const KEPT_BYTES = LINE_BYTES - 256
/** Searched at once while sampled literals are wanted: they mostly stand in the first of these of a block. */
const STEP_BYTES = 65_536

/**
 * Sampled literals (a kernel line, an audit stamp) stand in many lines of a log, and one a block is wanted (`Judge`): once each has been seen in a block,
 * the rest of it is searched without them, which is faster and leaves nothing to throw away. Lines that begin before the block or end behind it are
 * always searched for all: which block counts for them is the judge's to say.
 */
export function openSampledSearch(needle: Needle, { all, sampledFrom }: Literals): SampledSearch {
  const longest = Math.max(1, ...all.map((literal) => literal.length))
  const sampled = all.length - sampledFrom
  const isSettled = (): boolean => seen.size === sampled && !isWithout('sampling')
  let block = { begin: 0, end: 0 }
  const seen = new Set<number>()

  /** One search, of literals that begin before `end`; `before`: line feeds up to `from`. */
  const find = ({ bytes, limit }: Part, from: number, end: number, ownOnly: boolean, before: number, hits: Hits): number => {
    const stop = bytes[end - 1] === 10 ? end : Math.min(limit, end + longest - 1)
    const found = noHits()
    const lineFeeds = needle.search(from, stop, found, ownOnly)
    for (let index = 0; index < found.at.length; index += 1) {
      const at = found.at[index] ?? 0
      if (at >= end) continue
      hits.at.push(at)
      hits.literal.push(found.literal[index] ?? 0)
      hits.lineFeeds.push(before + (found.lineFeeds[index] ?? 0))
    }
    return before + lineFeeds - (stop > end ? needle.lineFeeds(end, stop) : 0)
  }

  /** Where the block's last line begins that may end behind it; `to` where the part ends before. */
  const lastLine = ({ bytes, base, from, to }: Part): number => {
    const end = block.end - base
    return end >= to ? to : Math.max(from, bytes.lastIndexOf(10, end - 1) + 1)
  }

  /** A literal settles its block where its line begins there and it counts. */
  const noteSeen = ({ bytes, base, from, whole }: Part, hits: Hits, first: number): void => {
    const begin = Math.max(block.begin - base, whole ? from : from + 1)
    for (let index = first; index < hits.at.length; index += 1) {
      const literal = hits.literal[index] ?? 0
      if (literal < sampledFrom || seen.has(literal)) continue
      const at = hits.at[index] ?? 0
      const line = bytes.lastIndexOf(10, at - 1) + 1
      if (line >= begin && at - line < KEPT_BYTES) seen.add(literal)
    }
  }

  return {
    search(part, hits) {
      const { base, from, to } = part
      let lineFeeds = 0
      for (let at = from; at < to; ) {
        if (base + at < block.begin || base + at >= block.end) {
          block = sampleBlock(base + at)
          seen.clear()
        }
        const last = isSettled() ? lastLine(part) : at
        const ownOnly = at < last
        const end = ownOnly ? last : Math.min(to, block.end - base, at + STEP_BYTES)
        const first = hits.at.length
        lineFeeds = find(part, at, end, ownOnly, lineFeeds, hits)
        if (!ownOnly) noteSeen(part, hits, first)
        at = end
      }
      return lineFeeds
    },
  }
}

/** The same without sampled literals and without lines: for bytes that are no text. Gives no line feeds. */
export function openOwnSearch(needle: Needle, { all, sampledFrom }: Literals): SampledSearch['search'] {
  const longest = Math.max(1, ...all.map((literal) => literal.length))
  return ({ from, to, limit }, hits) => {
    const found = noHits()
    needle.search(from, Math.min(limit, to + longest - 1), found, true)
    for (let index = 0; index < found.at.length; index += 1) {
      const at = found.at[index] ?? 0
      const literal = found.literal[index] ?? 0
      if (at >= to || literal >= sampledFrom) continue
      hits.at.push(at)
      hits.literal.push(literal)
      hits.lineFeeds.push(0)
    }
    return 0
  }
}
