import type { FileBytes } from '../input/file.ts'
import { TAIL_BYTES } from './gate.ts'
import { type Asked, type LifeFilter, lifeMark, openBlocks, openLifeFilter, openLifeNotes, tellingWords } from './life-filter.ts'
import type { Literals } from './literal-tables.ts'
import { type Hits, type Needle, noHits } from './needle.ts'
import { openOwnSearch, openSampledSearch } from './sampled-search.ts'

/**
 * A large file is searched ahead of its reader, stripe by stripe, by all threads: whoever has nothing else to do takes the next stripe. What they leave
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

/** States of a stripe. A thread that finds it `free` makes it its own. */
const state = { free: 0, taken: 1, searched: 2, declined: 3 } as const

export interface Plan {
  readonly path: string
  readonly size: number
  readonly literals: Literals
  /** Whether sampled literals are searched for: there are none in a journal. */
  readonly sampled: boolean
  /** What a thread reads and searches at once. */
  readonly blockBytes: number
  /** Hits kept of a stripe; one with more is left to the reader, which does not read far ahead. */
  readonly mostHits: number
  /** A state for each stripe, then one for all: not 0 when nobody wants any more. */
  readonly states: Int32Array
  /** For each stripe: line feeds, how many hits, then of each, in order, place in the stripe, literal, and line feeds before it. */
  readonly found: Int32Array
  /** For each block: line feeds before it in its stripe. */
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
  const stripes = Math.max(0, Math.floor((size - END_BYTES) / (BLOCKS * blockBytes)))
  const shared = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count))
  return {
    ...{ path, size, literals, sampled, blockBytes, mostHits },
    states: shared(stripes + 1),
    found: shared(stripes * slotLength(mostHits)),
    feeds: shared(BLOCKS * stripes),
    lives: sampled ? openLifeFilter(BLOCKS * stripes) : null,
  }
}

const slotLength = (mostHits: number): number => 2 + 3 * mostHits

/** Searches stripes of a plan with a needle of its own. */
export interface Searcher {
  /** Takes the first free stripe from `first` on and searches it; `false`: none is free. */
  next(first: number): boolean
  close(): void
}

/** `file`: that of the plan; the searcher closes it. */
export function openSearcher(plan: Plan, file: FileBytes, needle: Needle): Searcher {
  const { states } = plan
  return {
    next(first) {
      for (let stripe = first; stripe < states.length - 1; stripe += 1) {
        if (Atomics.compareExchange(states, stripe, state.free, state.taken) !== state.free) continue
        let outcome: number = state.declined
        try {
          if (searchStripe(file, stripe, plan, needle)) outcome = state.searched
        } finally {
          Atomics.store(states, stripe, outcome)
          Atomics.notify(states, stripe)
        }
        return true
      }
      return false
    },
    close: file.close,
  }
}

/** What a helping thread does, until no stripe is free. */
export function searchStripes(plan: Plan, file: FileBytes, needle: Needle): void {
  const searcher = openSearcher(plan, file, needle)
  const last = plan.states.length - 1
  try {
    while (Atomics.load(plan.states, last) === 0 && searcher.next(0));
  } finally {
    searcher.close()
  }
}

/** `false`: there are too many hits; the line feeds are told nevertheless. */
function searchStripe(file: FileBytes, stripe: number, plan: Plan, needle: Needle): boolean {
  const { literals, sampled, blockBytes, mostHits, found, feeds } = plan
  const memory = needle.memory(blockBytes + 2 * MARGIN_BYTES).subarray(0, blockBytes + 2 * MARGIN_BYTES)
  const search = sampled ? openSampledSearch(needle, literals).search : openOwnSearch(needle, literals)
  const slot = found.subarray(stripe * slotLength(mostHits), (stripe + 1) * slotLength(mostHits))
  const noteLives = plan.lives === null ? null : openLivesOfBlocks(plan.lives, literals)
  let lineFeeds = 0
  let count = 0
  for (let block = 0; block < BLOCKS; block += 1) {
    const place = block * blockBytes
    const begin = stripe * BLOCKS * blockBytes + place
    const from = Math.min(begin, MARGIN_BYTES)
    const limit = readBlock(file, memory, begin - from, from + blockBytes)
    const hits = noHits()
    const own = search({ bytes: memory, base: begin - from, from, to: from + blockBytes, limit, whole: false }, hits)
    noteLives?.(BLOCKS * stripe + block, memory, begin === from ? 0 : -1, limit, hits)
    feeds[BLOCKS * stripe + block] = lineFeeds
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

/** The stripes as their reader sees them. */
export interface Stripes {
  readonly count: number
  /** Bytes of each. */
  readonly bytes: number
  /** Has the stripe searched, and meanwhile others; whether its hits are there. */
  isSearched(stripe: number): boolean
  /** None is left to be searched. */
  allTaken(): boolean
  /** Line feeds in a stripe that `isSearched` was asked for; `null` where that could not be found out. */
  lineFeeds(stripe: number): number | null
  /** Blocks of a stripe, and bytes of each. */
  readonly blocks: number
  readonly blockBytes: number
  /** Line feeds of a searched stripe before its block. */
  feedsBefore(stripe: number, block: number): number
  /** Whether a block of a searched stripe is read for its lines of ordinary lives. */
  livesAsked(asked: Asked): (stripe: number, block: number) => boolean
  /** Shows the hits of a searched stripe in order, their places in the file, until told to stop by `true`. */
  some(stripe: number, stop: (offset: number, literal: number, lineFeeds: number) => boolean): boolean
  /** The same once more, when the search has come to its end; absent where that cannot be. */
  again?(): Stripes
  close(): void
}

/** Longest wait for a stripe that another thread is at; it takes some milliseconds. */
const PATIENCE_MS = 5000

export function openStripes(plan: Plan, searcher: Searcher, patienceMs = PATIENCE_MS): Stripes {
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
      // The stripe is declined: whoever reads it tells what is wrong with it.
      return true
    }
  }
  return {
    count,
    bytes,
    isSearched(stripe) {
      if (stripe >= count || lost.has(stripe)) return false
      for (;;) {
        const now = Atomics.load(states, stripe)
        if (now === state.searched || now === state.declined) return now === state.searched
        if (searchOne(stripe)) continue
        if (Atomics.wait(states, stripe, state.taken, patienceMs) === 'timed-out') {
          lost.add(stripe)
          return false
        }
      }
    },
    // They are taken in order.
    allTaken: () => count === 0 || Atomics.load(states, count - 1) !== state.free,
    lineFeeds(stripe) {
      const hits = found[stripe * slot + 1] ?? 0
      const known = !lost.has(stripe) && (hits > 0 || Atomics.load(states, stripe) === state.searched)
      return known ? (found[stripe * slot] ?? 0) : null
    },
    blocks: BLOCKS,
    blockBytes,
    feedsBefore: (stripe, block) => plan.feeds[BLOCKS * stripe + block] ?? 0,
    livesAsked(asked) {
      const isOpen = plan.lives === null ? () => false : openBlocks(plan.lives, asked)
      return (stripe, block) => isOpen(BLOCKS * stripe + block)
    },
    some(stripe, stop) {
      const first = stripe * slot + 2
      for (let at = first, end = first + 3 * (found[stripe * slot + 1] ?? 0); at < end; at += 3)
        if (stop(stripe * bytes + (found[at] ?? 0), found[at + 1] ?? 0, found[at + 2] ?? 0)) return true
      return false
    },
    close() {
      Atomics.store(states, count, 1)
      searcher.close()
    },
  }
}
