import type { Asked } from './life-filter.ts'
import type { Literals } from './literals.ts'
import type { Hits, Needle } from './needle.ts'
import type { Regions } from './regions.ts'
import { openSampledSearch, type Part } from './sampled-search.ts'

/** A place in a file, and the number of the line that it stands in. */
export interface Place {
  readonly offset: number
  readonly line: number
}

/** What the reader of a text knows of it from the regions that were searched ahead. */
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
export function openPresearch(regions: Regions, literals: Literals, needle: Needle, asked: Asked): Presearch {
  const lengths = literals.all.map((literal) => literal.length)
  const sampled = openSampledSearch(needle, literals)
  const isOpen = regions.livesAsked(asked)
  /** Line feeds before each region, as far as they are known. */
  const before = [0]

  /** Line feeds before the region; `null` where one before it could not be read. */
  const feedsBefore = (region: number): number | null => {
    for (let known = before.length; known <= region; known += 1) {
      regions.isSearched(known - 1)
      const feeds = regions.lineFeeds(known - 1)
      if (feeds === null) return null
      before.push((before[known - 1] ?? 0) + feeds)
    }
    return before[region] ?? null
  }
  const takeHits = (region: number, base: number, from: number, end: number, to: number, feeds: number, hits: Hits): number => {
    let counted = from
    let lineFeeds = feeds
    regions.some(region, (offset, literal) => {
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
  const alike = (base: number, at: number, to: number): { readonly known: boolean; readonly region: number; readonly end: number } => {
    const region = Math.floor((base + at) / regions.bytes)
    const regionEnd = Math.min(to, (region + 1) * regions.bytes - base)
    if (!regions.isSearched(region)) return { known: false, region, end: regionEnd }
    const blockAt = (place: number): number => Math.floor((base + place - region * regions.bytes) / regions.blockBytes)
    const known = !isOpen(region, blockAt(at))
    let block = blockAt(at) + 1
    while (block < regions.blocks && isOpen(region, block) !== known) block += 1
    return { known, region, end: Math.min(regionEnd, region * regions.bytes + block * regions.blockBytes - base) }
  }
  /** The first block from an offset on that is read for its lines of ordinary lives; `null`: none in the region. */
  const openFrom = (region: number, offset: number): { readonly begin: number; readonly feeds: number } | null => {
    const begin = region * regions.bytes
    for (let block = Math.max(0, Math.floor((offset - begin) / regions.blockBytes)); block < regions.blocks; block += 1)
      if (isOpen(region, block)) return { begin: begin + block * regions.blockBytes, feeds: regions.feedsBefore(region, block) }
    return null
  }

  return {
    search(part, hits) {
      const { base, from, to } = part
      let lineFeeds = 0
      for (let at = from; at < to; ) {
        const { known, region, end } = alike(base, at, to)
        if (known) lineFeeds = takeHits(region, base, at, end, to, lineFeeds, hits)
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
      for (let region = Math.floor(offset / regions.bytes); ; region += 1) {
        const searched = regions.isSearched(region)
        const feeds = feedsBefore(region)
        if (feeds === null) return null
        const begin = region * regions.bytes
        if (!searched) return begin < offset ? null : { offset: begin, line: feeds + 1 }
        const open = openFrom(region, offset)
        // It is in such a block already.
        if (open !== null && open.begin < offset) return null
        let place: Place | null = open === null ? null : { offset: open.begin, line: feeds + open.feeds + 1 }
        regions.some(region, (at, literal, lineFeeds) => {
          if (at < offset || spent(literal, at)) return false
          if (place === null || at < place.offset) place = { offset: at, line: feeds + lineFeeds + 1 }
          return true
        })
        if (place !== null) return place
      }
    },
  }
}
