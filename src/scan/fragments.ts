/**
 * Which bytes of a literal to look for, and which literals to look for together. Only speed hangs on it: the rarer the bytes, and the more
 * alike those of a bucket, the fewer places of the text have to be looked at closer.
 */

/** A literal's fragment: 4 bytes at `place`, or the 3 of a literal of 3. */
export interface Fragment {
  readonly literal: number
  readonly place: number
  readonly bytes: readonly number[]
}

/** For each of 4 places two tables of 16: bit b of an entry says that bucket b allows that low (high) half of a byte. */
export type HalfTables = Uint8Array

export const PLACES = 4
const BUCKETS = 8

/** Bytes in the order of how often logs hold them, roughly; all others are rare. */
const common = ' e0tanois1r2d34l5c6-78u9m.p:/fg"h=bkyv_wx,[]TIAEqSCDjPRNzOFLM'

/** Share of a byte in a log; the figures fall from 8 % by a twentieth a rank. */
const shares = Float64Array.from({ length: 256 }, (_, byte) => {
  const rank = common.indexOf(String.fromCharCode(byte))
  return rank === -1 ? 0.0008 : 0.08 * 0.93 ** rank
})

/** The four bytes of a literal that logs hold least, by their shares. */
export function fragmentOf(literal: string, index: number): Fragment {
  const bytes = [...literal].map((character) => character.charCodeAt(0))
  const width = Math.min(PLACES, bytes.length)
  let place = 0
  let least = Infinity
  for (let at = 0; at + width <= bytes.length; at += 1) {
    const share = bytes.slice(at, at + width).reduce((product, byte) => product * (shares[byte] ?? 1), 1)
    if (share < least) [least, place] = [share, at]
  }
  return { literal: index, place, bytes: bytes.slice(place, place + width) }
}

/** Spreads fragments over the buckets so that few places of a log pass: each goes where it adds least. */
export function halfTables(fragments: readonly Fragment[]): HalfTables {
  const buckets = Array.from({ length: BUCKETS }, () => emptyBucket())
  const sorted = [...fragments].sort((a, b) => compareBytes(a.bytes, b.bytes))
  for (const { bytes } of sorted) {
    let best = buckets[0] as Bucket
    let least = Infinity
    for (const bucket of buckets) {
      const added = passing(widened(bucket, bytes)) - bucket.passing
      if (added < least) [least, best] = [added, bucket]
    }
    const { low, high } = widened(best, bytes)
    best.low = low
    best.high = high
    best.passing = passing(best)
  }
  return tablesOf(buckets)
}

interface Bucket {
  /** For each place, the set of halves allowed as 16 bits. */
  low: number[]
  high: number[]
  passing: number
}

function emptyBucket(): Bucket {
  return { low: [0, 0, 0, 0], high: [0, 0, 0, 0], passing: 0 }
}

/** A fragment of 3 allows any byte in the fourth place. */
function widened({ low, high }: Pick<Bucket, 'low' | 'high'>, bytes: readonly number[]): Pick<Bucket, 'low' | 'high'> {
  const bits = (at: number, half: (byte: number) => number): number => {
    const byte = bytes[at]
    return byte === undefined ? 0xffff : 1 << half(byte)
  }
  return {
    low: low.map((set, at) => set | bits(at, (byte) => byte & 15)),
    high: high.map((set, at) => set | bits(at, (byte) => byte >> 4)),
  }
}

/** Share of a log's places that pass: the product over the places of the share of bytes allowed there. */
function passing({ low, high }: Pick<Bucket, 'low' | 'high'>): number {
  return low.reduce((product, set, at) => product * allowedShare(set, high[at] ?? 0), 1)
}

const shareOfHalves = new Map<number, number>()
function allowedShare(low: number, high: number): number {
  const key = (low << 16) | high
  const known = shareOfHalves.get(key)
  if (known !== undefined) return known
  let share = 0
  for (let byte = 0; byte < 256; byte += 1) {
    if ((low >> (byte & 15)) & 1 && (high >> (byte >> 4)) & 1) share += shares[byte] ?? 0
  }
  shareOfHalves.set(key, share)
  return share
}

function tablesOf(buckets: readonly Bucket[]): HalfTables {
  const tables = new Uint8Array(PLACES * 2 * 16)
  for (const [bit, { low, high }] of buckets.entries()) {
    for (let place = 0; place < PLACES; place += 1) {
      for (let half = 0; half < 16; half += 1) {
        const at = place * 32 + half
        if (((low[place] ?? 0) >> half) & 1) tables[at] = (tables[at] ?? 0) | (1 << bit)
        if (((high[place] ?? 0) >> half) & 1) tables[at + 16] = (tables[at + 16] ?? 0) | (1 << bit)
      }
    }
  }
  return tables
}

function compareBytes(a: readonly number[], b: readonly number[]): number {
  for (const [at, byte] of a.entries()) {
    const other = b[at]
    if (other === undefined) return 1
    if (byte !== other) return byte - other
  }
  return a.length - b.length
}
