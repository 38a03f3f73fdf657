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
const BLOCKS = 64
/** What is read for its lines of ordinary lives, or not: the less, the less is read in vain. */
export const BLOCK_BYTES = 65_536
/** Blocks that a thread reads and searches at once. */
const AT_ONCE = 4
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
  /** Bytes of a block. */
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
  const readBytes = AT_ONCE * blockBytes
  const memory = needle.memory(readBytes + 2 * MARGIN_BYTES).subarray(0, readBytes + 2 * MARGIN_BYTES)
  const search = sampled ? openSampledSearch(needle, literals).search : openOwnSearch(needle, literals)
  const slot = found.subarray(region * slotLength(mostHits), (region + 1) * slotLength(mostHits))
  const noteLives = plan.lives === null ? null : openLivesOfBlocks(plan.lives, literals, blockBytes)
  let lineFeeds = 0
  let count = 0
  for (let block = 0; block < BLOCKS; block += AT_ONCE) {
    const place = block * blockBytes
    const begin = region * BLOCKS * blockBytes + place
    const from = Math.min(begin, MARGIN_BYTES)
    const limit = readBlock(file, memory, begin - from, from + readBytes)
    const hits = noHits()
    const own = search({ bytes: memory, base: begin - from, from, to: from + readBytes, limit, whole: false }, hits)
    if (noteLives !== null) {
      noteLives(BLOCKS * region + block, { bytes: memory, from, limit, beginsLine: begin === from }, hits)
      for (let k = 0, before = lineFeeds; k < AT_ONCE; k += 1) {
        feeds[BLOCKS * region + block + k] = before
        before += needle.lineFeeds(from + k * blockBytes, from + (k + 1) * blockBytes)
      }
    }
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

/** Blocks in memory, from `from` on, with what stands before and behind. */
interface BlocksRead {
  readonly bytes: Uint8Array
  readonly from: number
  readonly limit: number
  /** Whether a line begins where the memory does. */
  readonly beginsLine: boolean
}

type NoteLives = (first: number, read: BlocksRead, hits: Hits) => void

/** Notes the lines in which hits of ordinary lives stand, in each block that has such a hit. */
function openLivesOfBlocks(filter: LifeFilter, { livesFrom, sampledFrom, telling }: Literals, blockBytes: number): NoteLives {
  const words = tellingWords(telling)
  return (first, { bytes, from, limit, beginsLine }, { at, literal }) => {
    filter.marks.fill(lifeMark.none, first, first + AT_ONCE)
    let [noted, notedTo] = [-1, -1]
    let notes = openLifeNotes(filter, first, words)
    for (let index = 0; index < at.length; index += 1) {
      const place = at[index] as number
      if ((literal[index] as number) < livesFrom || (literal[index] as number) >= sampledFrom) continue
      const block = first + Math.floor((place - from) / blockBytes)
      if (place < notedTo && block === noted) continue
      if (block !== noted) notes = openLifeNotes(filter, block, words)
      let begin = place
      while (begin > 0 && bytes[begin - 1] !== 10) begin -= 1
      let end = place
      while (end < limit && bytes[end] !== 10) end += 1
      notes.note(bytes, begin, end, end < limit && (begin > 0 || beginsLine))
      ;[noted, notedTo] = [block, end]
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
  /** Whether any block that was searched holds such lines. */
  hasLives(): boolean
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
    hasLives: () => plan.lives?.marks.some((mark) => mark !== lifeMark.none) === true,
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
