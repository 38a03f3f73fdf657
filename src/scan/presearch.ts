import type { Asked } from './life-filter.ts'
import type { Literals } from './literal-tables.ts'
import type { Hits, Needle } from './needle.ts'
import { openSampledSearch, type Part } from './sampled-search.ts'
import type { Stripes } from './stripes.ts'

/** A place in a file, and the number of the line that it stands in. */
export interface Place {
  readonly offset: number
  readonly line: number
}

/** What the reader of a text knows of it from the stripes that were searched ahead. */
export interface Presearch {
  /** Like `SampledSearch.search`. */
  search(part: Part, hits: Hits): number
  /**
   * The first place from `offset` on that must be read, if it is known: of a literal that is not `spent`, or where the searched part ends. `null`: of
   * what stands there nothing is known.
   */
  nextPlace(offset: number, spent: (literal: number, offset: number) => boolean): Place | null
}

/** `needle` is the one that the window's bytes lie in. `asked`: which lines of ordinary lives are read. */
export function openPresearch(stripes: Stripes, literals: Literals, needle: Needle, asked: Asked = 'all'): Presearch {
  const lengths = literals.all.map((literal) => literal.length)
  const sampled = openSampledSearch(needle, literals)
  const isOpen = stripes.livesAsked(asked)
  /** Line feeds before each stripe, as far as they are known. */
  const before = [0]

  /** Line feeds before the stripe; `null` where one before it could not be read. */
  const feedsBefore = (stripe: number): number | null => {
    for (let known = before.length; known <= stripe; known += 1) {
      stripes.isSearched(known - 1)
      const feeds = stripes.lineFeeds(known - 1)
      if (feeds === null) return null
      before.push((before[known - 1] ?? 0) + feeds)
    }
    return before[stripe] ?? null
  }
  const takeHits = (stripe: number, base: number, from: number, end: number, to: number, feeds: number, hits: Hits): number => {
    let counted = from
    let lineFeeds = feeds
    stripes.some(stripe, (offset, literal) => {
      const place = offset - base
      if (place < from || place >= end || place + (lengths[literal] ?? 0) > to) return false
      lineFeeds += needle.lineFeeds(counted, place)
      counted = place
      hits.at.push(place)
      hits.literal.push(literal)
      hits.lineFeeds.push(lineFeeds)
      return false
    })
    return lineFeeds + needle.lineFeeds(counted, end)
  }
  /** How far what is true of the place `at` is true, up to `to`: whether its hits are known, lines of ordinary lives among them where they matter. */
  const alike = (base: number, at: number, to: number): { readonly known: boolean; readonly stripe: number; readonly end: number } => {
    const stripe = Math.floor((base + at) / stripes.bytes)
    const stripeEnd = Math.min(to, (stripe + 1) * stripes.bytes - base)
    if (!stripes.isSearched(stripe)) return { known: false, stripe, end: stripeEnd }
    const blockAt = (place: number): number => Math.floor((base + place - stripe * stripes.bytes) / stripes.blockBytes)
    const known = !isOpen(stripe, blockAt(at))
    let block = blockAt(at) + 1
    while (block < stripes.blocks && isOpen(stripe, block) !== known) block += 1
    return { known, stripe, end: Math.min(stripeEnd, stripe * stripes.bytes + block * stripes.blockBytes - base) }
  }
  /** The first block from an offset on that is read for its lines of ordinary lives; `null`: none in the stripe. */
  const openFrom = (stripe: number, offset: number): { readonly begin: number; readonly feeds: number } | null => {
    const begin = stripe * stripes.bytes
    for (let block = Math.max(0, Math.floor((offset - begin) / stripes.blockBytes)); block < stripes.blocks; block += 1)
      if (isOpen(stripe, block)) return { begin: begin + block * stripes.blockBytes, feeds: stripes.feedsBefore(stripe, block) }
    return null
  }

  return {
    search(part, hits) {
      const { base, from, to } = part
      let lineFeeds = 0
      for (let at = from; at < to; ) {
        const { known, stripe, end } = alike(base, at, to)
        if (known) lineFeeds = takeHits(stripe, base, at, end, to, lineFeeds, hits)
        else {
          const first = hits.at.length
          const own = sampled.search({ ...part, from: at, to: end, whole: part.whole && at === from }, hits)
          for (let index = first; index < hits.at.length; index += 1) hits.lineFeeds[index] = lineFeeds + (hits.lineFeeds[index] ?? 0)
          lineFeeds += own
        }
        at = end
      }
      return lineFeeds
    },
    nextPlace(offset, spent) {
      for (let stripe = Math.floor(offset / stripes.bytes); ; stripe += 1) {
        const searched = stripes.isSearched(stripe)
        const feeds = feedsBefore(stripe)
        if (feeds === null) return null
        const begin = stripe * stripes.bytes
        if (!searched) return begin < offset ? null : { offset: begin, line: feeds + 1 }
        const open = openFrom(stripe, offset)
        // It is in such a block already.
        if (open !== null && open.begin < offset) return null
        let place: Place | null = open === null ? null : { offset: open.begin, line: feeds + open.feeds + 1 }
        stripes.some(stripe, (at, literal, lineFeeds) => {
          if (at < offset || spent(literal, at)) return false
          if (place === null || at < place.offset) place = { offset: at, line: feeds + lineFeeds + 1 }
          return true
        })
        if (place !== null) return place
      }
    },
  }
}
