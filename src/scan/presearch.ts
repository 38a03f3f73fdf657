import { type FileBytes, openFileBytes } from '../input/file-bytes.ts'
import { openCrew } from '../input/threads.ts'
import { type Literals, SAMPLE_BYTES } from './gate.ts'
import { type Hits, type Needle, noHits } from './needle.ts'
import { openSampledSearch, type Part } from './sampled-search.ts'

/**
 * Other threads search a large file while the main thread reads it from its begin: they take stripes of it from its end. What they leave in shared
 * memory are places of literals and nothing else, so that the main thread does the same with them as with what it finds itself.
 */
const BLOCKS = 8
/** No stripe that may still grow is searched ahead. */
const END_BYTES = 4096
/** Hits kept of a stripe; one with more is left to the main thread, which does not read far ahead. */
const MOST_HITS = 4096

/** States of a stripe. A thread that finds it `free` makes it its own. */
const state = { free: 0, taken: 1, searched: 2, declined: 3 } as const

export interface Plan {
  readonly path: string
  readonly literals: Literals
  /** What a thread reads and searches at once. */
  readonly blockBytes: number
  /** A state for each stripe, then one for all: not 0 when nobody wants any more. */
  readonly states: Int32Array
  /** For each stripe: how many, then place in the stripe and literal of each, in order of place. */
  readonly hits: Int32Array
}

const SLOT = 1 + 2 * MOST_HITS

export function planOf(path: string, size: number, literals: Literals, blockBytes = SAMPLE_BYTES): Plan {
  const stripes = Math.max(0, Math.floor((size - END_BYTES) / (BLOCKS * blockBytes)))
  const shared = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count))
  return { path, literals, blockBytes, states: shared(stripes + 1), hits: shared(stripes * SLOT) }
}

/** What a helping thread does: stripe by stripe from the end, until none is free. */
export function searchAhead(plan: Plan, needle: Needle): void {
  const { states, hits } = plan
  const file = openFileBytes(plan.path)
  const last = states.length - 1
  try {
    for (let stripe = last - 1; stripe >= 0 && Atomics.load(states, last) === 0; stripe -= 1) {
      if (Atomics.compareExchange(states, stripe, state.free, state.taken) !== state.free) continue
      let outcome: number = state.declined
      try {
        const found = searchStripe(file, stripe, plan, needle)
        if (found !== null) hits.set(found, stripe * SLOT)
        if (found !== null) outcome = state.searched
      } finally {
        Atomics.store(states, stripe, outcome)
        Atomics.notify(states, stripe)
      }
    }
  } finally {
    file.close()
  }
}

function searchStripe(file: FileBytes, stripe: number, { literals, blockBytes }: Plan, needle: Needle): number[] | null {
  const longest = Math.max(0, ...literals.all.map((literal) => literal.length))
  const memory = needle.memory(blockBytes + longest).subarray(0, blockBytes + longest)
  const sampled = openSampledSearch(needle, literals)
  const found = [0]
  for (let block = 0; block < BLOCKS * blockBytes; block += blockBytes) {
    const base = stripe * BLOCKS * blockBytes + block
    let limit = 0
    for (let read = -1; read !== 0 && limit < memory.length; limit += read) read = file.read(memory.subarray(limit), base + limit)
    const hits = noHits()
    sampled.search({ bytes: memory, base, from: 0, to: Math.min(limit, blockBytes), limit, whole: false }, hits)
    for (let index = 0; index < hits.at.length; index += 1) found.push(block + (hits.at[index] ?? 0), hits.literal[index] ?? 0)
    if (found.length > SLOT) return null
  }
  found[0] = (found.length - 1) / 2
  return found
}

/** The main thread's side of it. */
export interface Presearch {
  /** Like `SampledSearch.search`. */
  search(part: Part, hits: Hits): number
  close(): void
}

/** Longest wait for a stripe that another thread is at; it takes some milliseconds. */
const PATIENCE_MS = 5000

export function openPresearch(plan: Plan, needle: Needle): Presearch {
  const { states, literals } = plan
  const stripeBytes = BLOCKS * plan.blockBytes
  const lengths = literals.all.map((literal) => literal.length)
  const sampled = openSampledSearch(needle, literals)
  const own = new Set<number>()

  /** Whether the stripe's hits are there; else it is the caller's to search, now and later. */
  const isSearched = (stripe: number): boolean => {
    if (stripe >= states.length - 1 || own.has(stripe)) return false
    if (Atomics.compareExchange(states, stripe, state.free, state.taken) !== state.free) {
      if (Atomics.load(states, stripe) === state.taken) Atomics.wait(states, stripe, state.taken, PATIENCE_MS)
      if (Atomics.load(states, stripe) === state.searched) return true
    }
    own.add(stripe)
    return false
  }
  const takeHits = (stripe: number, base: number, from: number, end: number, to: number, before: number, hits: Hits): number => {
    const slot = plan.hits.subarray(stripe * SLOT, (stripe + 1) * SLOT)
    const start = stripe * stripeBytes - base
    let counted = from
    let lineFeeds = before
    for (let index = 0; index < (slot[0] ?? 0); index += 1) {
      const at = start + (slot[1 + 2 * index] ?? 0)
      const literal = slot[2 + 2 * index] ?? 0
      if (at < from || at >= end || at + (lengths[literal] ?? 0) > to) continue
      lineFeeds += needle.lineFeeds(counted, at)
      counted = at
      add(hits, at, literal, lineFeeds)
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
    close: () => void Atomics.store(states, states.length - 1, 1),
  }
}

function add(hits: Hits, at: number, literal: number, lineFeeds: number): void {
  hits.at.push(at)
  hits.literal.push(literal)
  hits.lineFeeds.push(lineFeeds)
}

/** Smaller files are searched before a thread has begun. */
const LARGE_BYTES = 64 * 1024 * 1024

/** Sets other threads to a large file; `null` where there is no worth in it, no second core or no built worker file. */
export function presearchOf(path: string | null, size: number | null, literals: Literals, needle: Needle): Presearch | null {
  if (path === null || size === null || size < LARGE_BYTES) return null
  const plan = planOf(path, size, literals)
  const crew = openCrew('search-worker.js', plan)
  if (crew === null) return null
  const presearch = openPresearch(plan, needle)
  return {
    ...presearch,
    close() {
      presearch.close()
      crew.leave()
    },
  }
}
