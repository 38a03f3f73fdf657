import type { FileBytes } from '../../input/file.ts'
import { TAIL_BYTES } from '../line-choice.ts'
import { type Asked, type LifeFilter, lifeMark, openBlocks, openLifeFilter, openLifeNotes, tellingWords } from './life-filter.ts'
import type { Literals } from './literals.ts'
import { type Hits, type Needle, noHits } from './needle.ts'
import { openOwnSearch, openSampledSearch } from './sampled-search.ts'

/**
 * A large file is searched ahead of its reader, region by region, by all threads: whoever has nothing else to do takes the next region. What they leave
 * in shared memory are places of literals and counts of line feeds and nothing else, so that the reader does the same with them as with what it finds
 * itself; and it need not read where nothing was found.
 */
const BLOCKS = 16
const BLOCK_BYTES = 262_144
/** The end is left to the reader: the file may still grow, and its last lines are read whatever they hold. */
const END_BYTES = 2 * TAIL_BYTES
const MOST_HITS = 1023
/** Read before and behind a block of text, so that the lines at its borders are seen whole. */
const MARGIN_BYTES = 4096

/** States of a region. A thread that finds it `free` makes it its own. */
const state = { free: 0, taken: 1, searched: 2, declined: 3 } as const

export interface Plan {
  readonly path: string
  readonly size: number
  readonly literals: Literals
  /** Whether sampled literals are searched for: there are none in a journal. */
  readonly sampled: boolean
  /** What a thread reads and searches at once. */
  readonly blockBytes: number
  /** Hits kept of a region; one with more is left to the reader, which does not read far ahead. */
  readonly mostHits: number
  /** A state for each region, then one for all: not 0 when nobody wants any more. */
  readonly states: Int32Array
  /** For each region: line feeds, how many hits, then of each, in order, place in the region, literal, and line feeds before it. */
  readonly found: Int32Array
  /** For each block: line feeds before it in its region. */
  readonly feeds: Int32Array
  /** Text only: what the lines of ordinary lives speak of, whose literals are not among the hits. */
  readonly lives: LifeFilter | null
}

export interface PlanOptions {
  readonly sampled?: boolean
  readonly blockBytes?: number
  readonly mostHits?: number
}

export function planOf(
  path: string,
  size: number,
  literals: Literals,
  { sampled = true, blockBytes = BLOCK_BYTES, mostHits = MOST_HITS }: PlanOptions = {},
): Plan {
  const regions = Math.max(0, Math.floor((size - END_BYTES) / (BLOCKS * blockBytes)))
  const shared = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count))
  return {
    ...{ path, size, literals, sampled, blockBytes, mostHits },
    states: shared(regions + 1),
    found: shared(regions * slotLength(mostHits)),
    feeds: shared(BLOCKS * regions),
    lives: sampled ? openLifeFilter(BLOCKS * regions) : null,
  }
}

const slotLength = (mostHits: number): number => 2 + 3 * mostHits

/** Searches regions of a plan with a needle of its own. */
export interface Searcher {
  /** Takes the first free region from `first` on and searches it; `false`: none is free. */
  next(first: number): boolean
  close(): void
}

/** `file`: that of the plan; the searcher closes it. */
export function openSearcher(plan: Plan, file: FileBytes, needle: Needle): Searcher {
  const { states } = plan
  return {
    next(first) {
      for (let region = first; region < states.length - 1; region += 1) {
        if (Atomics.compareExchange(states, region, state.free, state.taken) !== state.free) continue
        let outcome: number = state.declined
        try {
          if (searchRegion(file, region, plan, needle)) outcome = state.searched
        } finally {
          Atomics.store(states, region, outcome)
          Atomics.notify(states, region)
        }
        return true
      }
      return false
    },
    close: file.close,
  }
}

/** What a helping thread does, until no region is free. */
export function searchRegions(plan: Plan, file: FileBytes, needle: Needle): void {
  const searcher = openSearcher(plan, file, needle)
  const last = plan.states.length - 1
  try {
    while (Atomics.load(plan.states, last) === 0 && searcher.next(0));
  } finally {
    searcher.close()
  }
}

/** `false`: there are too many hits; the line feeds are told nevertheless. */
function searchRegion(file: FileBytes, region: number, plan: Plan, needle: Needle): boolean {
  const { literals, sampled, blockBytes, mostHits, found, feeds } = plan
  const memory = needle.memory(blockBytes + 2 * MARGIN_BYTES).subarray(0, blockBytes + 2 * MARGIN_BYTES)
  const search = sampled ? openSampledSearch(needle, literals).search : openOwnSearch(needle, literals)
  const slot = found.subarray(region * slotLength(mostHits), (region + 1) * slotLength(mostHits))
  const noteLives = plan.lives === null ? null : openLivesOfBlocks(plan.lives, literals)
  let lineFeeds = 0
  let count = 0
  for (let block = 0; block < BLOCKS; block += 1) {
    const place = block * blockBytes
    const begin = region * BLOCKS * blockBytes + place
    const from = Math.min(begin, MARGIN_BYTES)
    const limit = readBlock(file, memory, begin - from, from + blockBytes)
    const hits = noHits()
    const own = search({ bytes: memory, base: begin - from, from, to: from + blockBytes, limit, whole: false }, hits)
    noteLives?.(BLOCKS * region + block, memory, begin === from ? 0 : -1, limit, hits)
    feeds[BLOCKS * region + block] = lineFeeds
    for (let index = 0; index < hits.at.length; index += 1) {
      const literal = hits.literal[index] ?? 0
      if (sampled && literal >= literals.livesFrom && literal < literals.sampledFrom) continue
      if (count < mostHits)
        slot.set([place + (hits.at[index] ?? 0) - from, literal, lineFeeds + (hits.lineFeeds[index] ?? 0)], 2 + 3 * count)
      count += 1
    }
    lineFeeds += own
  }
  slot[0] = lineFeeds
  slot[1] = Math.min(count, mostHits)
  return count <= mostHits
}

/** Fills the memory from an offset on; the bytes that were there, at least `least`. */
function readBlock(file: FileBytes, memory: Uint8Array, offset: number, least: number): number {
  let limit = 0
  for (let read = -1; read !== 0 && limit < memory.length; limit += read) read = file.read(memory.subarray(limit), offset + limit)
  if (limit < least) throw new Error('The file has become shorter.')
  return limit
}

type NoteLives = (block: number, bytes: Uint8Array, lowest: number, limit: number, hits: Hits) => void

/** Notes the lines in which hits of ordinary lives stand. `lowest`: where a line surely begins; -1: nowhere in the memory. */
function openLivesOfBlocks(filter: LifeFilter, { livesFrom, sampledFrom, telling }: Literals): NoteLives {
  const words = tellingWords(telling)
  return (block, bytes, lowest, limit, { at, literal }) => {
    const notes = openLifeNotes(filter, block, words)
    filter.marks[block] = lifeMark.none
    let seenTo = -1
    for (let index = 0; index < at.length; index += 1) {
      const place = at[index] as number
      if (place < seenTo || (literal[index] as number) < livesFrom || (literal[index] as number) >= sampledFrom) continue
      let begin = place
      while (begin > 0 && bytes[begin - 1] !== 10) begin -= 1
      let end = place
      while (end < limit && bytes[end] !== 10) end += 1
      notes.note(bytes, begin, end, end < limit && (begin > 0 || lowest === 0))
      seenTo = end
    }
  }
}

/** The regions as their reader sees them. */
export interface Regions {
  readonly count: number
  /** Bytes of each. */
  readonly bytes: number
  /** Has the region searched, and meanwhile others; whether its hits are there. */
  isSearched(region: number): boolean
  /** None is left to be searched. */
  allTaken(): boolean
  /** Line feeds in a region that `isSearched` was asked for; `null` where that could not be found out. */
  lineFeeds(region: number): number | null
  /** Blocks of a region, and bytes of each. */
  readonly blocks: number
  readonly blockBytes: number
  /** Line feeds of a searched region before its block. */
  feedsBefore(region: number, block: number): number
  /** Whether a block of a searched region is read for its lines of ordinary lives. */
  livesAsked(asked: Asked): (region: number, block: number) => boolean
  /** Shows the hits of a searched region in order, their places in the file, until told to stop by `true`. */
  some(region: number, stop: (offset: number, literal: number, lineFeeds: number) => boolean): boolean
  /** The same once more, when the search has come to its end; absent where that cannot be. */
  again?(): Regions
  close(): void
}

/** Longest wait for a region that another thread is at; it takes some milliseconds. */
const PATIENCE_MS = 5000

export function openRegions(plan: Plan, searcher: Searcher, patienceMs = PATIENCE_MS): Regions {
  const { states, found, blockBytes, mostHits } = plan
  const slot = slotLength(mostHits)
  const count = states.length - 1
  const bytes = BLOCKS * blockBytes
  /** Those whose thread was waited for in vain: nobody waits for them again. */
  const lost = new Set<number>()

  const searchOne = (first: number): boolean => {
    try {
      return searcher.next(first)
    } catch {
      // The region is declined: whoever reads it tells what is wrong with it.
      return true
    }
  }
  return {
    count,
    bytes,
    isSearched(region) {
      if (region >= count || lost.has(region)) return false
      for (;;) {
        const now = Atomics.load(states, region)
        if (now === state.searched || now === state.declined) return now === state.searched
        if (searchOne(region)) continue
        if (Atomics.wait(states, region, state.taken, patienceMs) === 'timed-out') {
          lost.add(region)
          return false
        }
      }
    },
    // They are taken in order.
    allTaken: () => count === 0 || Atomics.load(states, count - 1) !== state.free,
    lineFeeds(region) {
      const hits = found[region * slot + 1] ?? 0
      const known = !lost.has(region) && (hits > 0 || Atomics.load(states, region) === state.searched)
      return known ? (found[region * slot] ?? 0) : null
    },
    blocks: BLOCKS,
    blockBytes,
    feedsBefore: (region, block) => plan.feeds[BLOCKS * region + block] ?? 0,
    livesAsked(asked) {
      const isOpen = plan.lives === null ? () => false : openBlocks(plan.lives, asked)
      return (region, block) => isOpen(BLOCKS * region + block)
    },
    some(region, stop) {
      const first = region * slot + 2
      for (let at = first, end = first + 3 * (found[region * slot + 1] ?? 0); at < end; at += 3)
        if (stop(region * bytes + (found[at] ?? 0), found[at + 1] ?? 0, found[at + 2] ?? 0)) return true
      return false
    },
    close() {
      Atomics.store(states, count, 1)
      searcher.close()
    },
  }
}
