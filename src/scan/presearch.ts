import { type FileBytes, openFileBytes } from '../input/file-bytes.ts'
import { openCrew } from '../input/threads.ts'
import { type Literals, literalsOf, TAIL_BYTES } from './gate.ts'
import { type Hits, type Needle, noHits } from './needle.ts'
import { borrowNeedle } from './needles.ts'
import { openSampledSearch, type Part } from './sampled-search.ts'
import type { ScanTools } from './tools.ts'

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

/** States of a stripe. A thread that finds it `free` makes it its own. */
const state = { free: 0, taken: 1, searched: 2, declined: 3 } as const

export interface Plan {
  readonly path: string
  readonly literals: Literals
  /** What a thread reads and searches at once. */
  readonly blockBytes: number
  /** Hits kept of a stripe; one with more is left to the reader, which does not read far ahead. */
  readonly mostHits: number
  /** A state for each stripe, then one for all: not 0 when nobody wants any more. */
  readonly states: Int32Array
  /** For each stripe: line feeds, how many hits, then of each, in order, place in the stripe, literal, and line feeds before it. */
  readonly found: Int32Array
}

export function planOf(path: string, size: number, literals: Literals, blockBytes = BLOCK_BYTES, mostHits = MOST_HITS): Plan {
  const stripes = Math.max(0, Math.floor((size - END_BYTES) / (BLOCKS * blockBytes)))
  const shared = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count))
  return { path, literals, blockBytes, mostHits, states: shared(stripes + 1), found: shared(stripes * slotLength(mostHits)) }
}

const slotLength = (mostHits: number): number => 2 + 3 * mostHits

/** Searches stripes of a plan with a needle of its own. */
export interface Searcher {
  /** Takes the first free stripe from `first` on and searches it; `false`: none is free. */
  next(first: number): boolean
  close(): void
}

export function openSearcher(plan: Plan, needle: Needle): Searcher {
  const { states } = plan
  const file = openFileBytes(plan.path)
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
export function searchAhead(plan: Plan, needle: Needle): void {
  const searcher = openSearcher(plan, needle)
  const last = plan.states.length - 1
  try {
    while (Atomics.load(plan.states, last) === 0 && searcher.next(0));
  } finally {
    searcher.close()
  }
}

/** `false`: there are too many hits; the line feeds are told nevertheless. */
function searchStripe(file: FileBytes, stripe: number, { literals, blockBytes, mostHits, found }: Plan, needle: Needle): boolean {
  const longest = Math.max(0, ...literals.all.map((literal) => literal.length))
  const memory = needle.memory(blockBytes + longest).subarray(0, blockBytes + longest)
  const sampled = openSampledSearch(needle, literals)
  const slot = found.subarray(stripe * slotLength(mostHits), (stripe + 1) * slotLength(mostHits))
  let lineFeeds = 0
  let count = 0
  for (let block = 0; block < BLOCKS * blockBytes; block += blockBytes) {
    const base = stripe * BLOCKS * blockBytes + block
    let limit = 0
    for (let read = -1; read !== 0 && limit < memory.length; limit += read) read = file.read(memory.subarray(limit), base + limit)
    if (limit < blockBytes) throw new Error('The file has become shorter.')
    const hits = noHits()
    const own = sampled.search({ bytes: memory, base, from: 0, to: blockBytes, limit, whole: false }, hits)
    for (let index = 0; index < hits.at.length && count <= mostHits; index += 1, count += 1) {
      if (count === mostHits) continue
      slot[2 + 3 * count] = block + (hits.at[index] ?? 0)
      slot[3 + 3 * count] = hits.literal[index] ?? 0
      slot[4 + 3 * count] = lineFeeds + (hits.lineFeeds[index] ?? 0)
    }
    lineFeeds += own
  }
  slot[0] = lineFeeds
  slot[1] = Math.min(count, mostHits)
  return count <= mostHits
}

/** A place in a file, and the number of the line that it stands in. */
export interface Place {
  readonly offset: number
  readonly line: number
}

/** The reader's side of it. */
export interface Presearch {
  /** Like `SampledSearch.search`. */
  search(part: Part, hits: Hits): number
  /**
   * The first place from `offset` on that must be read, if it is known: of a literal that is not `spent`, or where the searched part ends. `null`: of
   * what stands there nothing is known.
   */
  nextPlace(offset: number, spent: (literal: number, offset: number) => boolean): Place | null
  close(): void
}

/** Longest wait for a stripe that another thread is at; it takes some milliseconds. */
const PATIENCE_MS = 5000

/** `needle` is the one that the window's bytes lie in; `searcher` has another. */
export function openPresearch(plan: Plan, needle: Needle, searcher: Searcher, patienceMs = PATIENCE_MS): Presearch {
  const { states, literals, found } = plan
  const slot = slotLength(plan.mostHits)
  const stripes = states.length - 1
  const stripeBytes = BLOCKS * plan.blockBytes
  const lengths = literals.all.map((literal) => literal.length)
  const sampled = openSampledSearch(needle, literals)
  /** Line feeds before each stripe, as far as they are known. */
  const before = [0]

  /** Stripes whose thread was waited for in vain: nobody waits for them again. */
  const lost = new Set<number>()

  /** Has the stripe searched, and meanwhile others; whether its hits are there. */
  const isSearched = (stripe: number): boolean => {
    if (stripe >= stripes || lost.has(stripe)) return false
    for (;;) {
      const now = Atomics.load(states, stripe)
      if (now === state.searched || now === state.declined) return now === state.searched
      if (searchOne(stripe)) continue
      if (Atomics.wait(states, stripe, state.taken, patienceMs) === 'timed-out') {
        lost.add(stripe)
        return false
      }
    }
  }
  const searchOne = (first: number): boolean => {
    try {
      return searcher.next(first)
    } catch {
      // The stripe is declined: whoever reads it tells what is wrong with it.
      return true
    }
  }
  /** Line feeds before the stripe; `null` where one before it could not be read. */
  const feedsBefore = (stripe: number): number | null => {
    for (let known = before.length; known <= stripe; known += 1) {
      const searched = isSearched(known - 1)
      const feeds = found[(known - 1) * slot] ?? 0
      const count = found[(known - 1) * slot + 1] ?? 0
      if (!searched && (count === 0 || lost.has(known - 1))) return null
      before.push((before[known - 1] ?? 0) + feeds)
    }
    return before[stripe] ?? null
  }
  const takeHits = (stripe: number, base: number, from: number, end: number, to: number, feeds: number, hits: Hits): number => {
    const start = stripe * stripeBytes - base
    let counted = from
    let lineFeeds = feeds
    for (let at = stripe * slot + 2, k = found[stripe * slot + 1] ?? 0; k > 0; k -= 1, at += 3) {
      const place = start + (found[at] ?? 0)
      const literal = found[at + 1] ?? 0
      if (place < from || place >= end || place + (lengths[literal] ?? 0) > to) continue
      lineFeeds += needle.lineFeeds(counted, place)
      counted = place
      hits.at.push(place)
      hits.literal.push(literal)
      hits.lineFeeds.push(lineFeeds)
    }
    return lineFeeds + needle.lineFeeds(counted, end)
  }

  return {
    search(part, hits) {
      const { base, from, to } = part
      let lineFeeds = 0
      for (let at = from; at < to; ) {
        const stripe = Math.floor((base + at) / stripeBytes)
        const end = Math.min(to, (stripe + 1) * stripeBytes - base)
        if (isSearched(stripe)) lineFeeds = takeHits(stripe, base, at, end, to, lineFeeds, hits)
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
      for (let stripe = Math.floor(offset / stripeBytes); ; stripe += 1) {
        const begin = stripe * stripeBytes
        const searched = isSearched(stripe)
        const feeds = feedsBefore(stripe)
        if (feeds === null) return null
        if (!searched) return begin < offset ? null : { offset: begin, line: feeds + 1 }
        for (let at = stripe * slot + 2, k = found[stripe * slot + 1] ?? 0; k > 0; k -= 1, at += 3) {
          const place = begin + (found[at] ?? 0)
          if (place >= offset && !spent(found[at + 1] ?? 0, place)) return { offset: place, line: feeds + (found[at + 2] ?? 0) + 1 }
        }
      }
    },
    close() {
      Atomics.store(states, stripes, 1)
      searcher.close()
    },
  }
}

/** Smaller files are read before a thread has begun. */
const LARGE_BYTES = 64 * 1024 * 1024

/** Has a large file searched ahead, by other threads too where there are cores and a built worker file; `null` for smaller ones. */
export function presearchOf(path: string | null, size: number | null, tools: ScanTools, needle: Needle): Presearch | null {
  if (path === null || size === null || size < LARGE_BYTES) return null
  const literals = literalsOf(tools.extractors)
  const plan = planOf(path, size, literals)
  const crew = openCrew('search-worker.js', plan)
  const own = borrowNeedle(literals.all, null, literals.sampledFrom)
  const presearch = openPresearch(plan, needle, openSearcher(plan, own.needle))
  return {
    ...presearch,
    close() {
      presearch.close()
      own.giveBack()
      crew?.leave()
    },
  }
}
