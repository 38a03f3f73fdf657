import { findWords, foundWords, type Wanted, wordOf } from './words.ts'

/**
 * What the lines of ordinary lives in a large file speak of, block by block: a Bloom filter of their words, filled by whoever searches the block, so that a block
 * need be read again only where it may hold a name that a death has made matter.
 */
export interface LifeFilter {
  /** Of each block: see `lifeMark`. */
  readonly marks: Uint8Array
  /** A filter of `FILTER_BYTES` for each `share` blocks. */
  readonly bits: Uint8Array
  readonly share: number
}

/** A block holds no such line; holds some; holds one that is read whomever it is about, or that does not lie in the block's surroundings as a whole. */
export const lifeMark = { none: 0, some: 1, open: 2 } as const

/** A tenth of it is set where every third line is such a line (`bench/lives.mjs`), so that of a hundred names one in a hundred blocks is read in vain. */
const FILTER_BYTES = 1024
const MASK = 8 * FILTER_BYTES - 1
/** All filters of a file take 16 MiB at the most, up to 16 GiB: in what is larger than 1 GiB, blocks share one. */
const MOST_FILTERS = 16_384
const MOST_SHARED = 16
/** So many names stand in some block each: it is not asked which. */
const MOST_ASKED = 2000

export function openLifeFilter(blocks: number): LifeFilter {
  let share = 1
  while (share < MOST_SHARED && blocks > share * MOST_FILTERS) share *= 2
  const shared = (bytes: number) => new Uint8Array(new SharedArrayBuffer(bytes))
  return { marks: shared(blocks), bits: shared(FILTER_BYTES * Math.ceil(blocks / share)), share }
}

/** Notes the lines of ordinary lives of one block. */
export function openLifeNotes({ marks, bits, share }: LifeFilter, block: number, telling: ReadonlySet<number>) {
  const from = FILTER_BYTES * Math.floor(block / share)
  const set = (bit: number): void => {
    const at = from + ((bit & MASK) >>> 3)
    bits[at] = (bits[at] as number) | (1 << (bit & 7))
  }
  return {
    /** A line that lies between the two places, as a whole or not. */
    note(bytes: Uint8Array, begin: number, end: number, isWhole: boolean): void {
      const count = isWhole && marks[block] !== lifeMark.open ? findWords(bytes, begin, end) : -1
      marks[block] = count < 0 ? lifeMark.open : lifeMark.some
      for (let index = 0; index < count; index += 1) {
        const word = foundWords[index] as number
        if (telling.has(word)) marks[block] = lifeMark.open
        // Numbers are in every line's stamps; what is looked for has a letter, or is an id.
        if ((word & 1) === 0) continue
        const other = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d)
        // Its lowest bit is set.
        set(word >>> 1)
        set(word >>> 14)
        set(other)
        set(other >>> 14)
      }
    },
  }
}

/** Words of lines that are always read, as numbers. */
export const tellingWords = (telling: readonly string[]): ReadonlySet<number> =>
  new Set(telling.map(wordOf).filter((word): word is number => word !== null))

/** Which lines of ordinary lives a reading of a file is for: all, or those in the blocks before a number and those that tell of anybody or (not `null`) of the wanted. */
export type Asked = 'all' | { readonly before: number; readonly wanted: Wanted | null }

/** Whether a block must be read for its lines of ordinary lives. Made once for a reading. */
export function openBlocks(filter: LifeFilter, asked: Asked): (block: number) => boolean {
  const { marks } = filter
  if (asked === 'all') return (block) => marks[block] !== lifeMark.none
  const holds = asked.wanted === null ? (block: number) => marks[block] === lifeMark.open : blocksWith(filter, asked.wanted)
  return (block) => (block < asked.before ? marks[block] !== lifeMark.none : holds(block))
}

function blocksWith({ marks, bits, share }: LifeFilter, wanted: Wanted): (block: number) => boolean {
  const words = [...wanted.words]
  const all = wanted.any || words.length > MOST_ASKED || words.some((word) => (word & 1) === 0)
  const has = (from: number, bit: number): boolean => (((bits[from + ((bit & MASK) >>> 3)] as number) >>> (bit & 7)) & 1) === 1
  const held = new Int8Array(Math.ceil(marks.length / share)).fill(-1)
  const isHeld = (filter: number): boolean => {
    const from = FILTER_BYTES * filter
    return words.some((word) => {
      const other = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d)
      return has(from, word >>> 1) && has(from, word >>> 14) && has(from, other) && has(from, other >>> 14)
    })
  }
  return (block) => {
    if (marks[block] !== lifeMark.some) return marks[block] === lifeMark.open
    const filter = Math.floor(block / share)
    if (held[filter] === -1) held[filter] = all || isHeld(filter) ? 1 : 0
    return held[filter] === 1
  }
}
