/**
 * Which bytes of a literal to look for, and which literals to look for together. Only speed hangs on it: the rarer the bytes, and the more
 * alike those of a bucket, the fewer places of the text have to be looked at closer. Chosen together, one literal in a hundred places of a
 * log passes with some 200 literals; the rarest bytes of each, chosen alone, let ten times as many pass.
 */

/** A literal's fragment: its bytes from `place` on, `PLACES` of them or the whole of a shorter literal. */
export interface Fragment {
  readonly place: number
  readonly bytes: readonly number[]
  /** Where in the literal 4 bytes (3, of a literal of 3) stand that tell it from others with the same fragment. */
  readonly elsewhere: number
}

export interface Fragments {
  /** By the literals' indexes. */
  readonly fragments: readonly Fragment[]
  /** For each place two tables of 16: bit b of an entry says that bucket b allows that low (high) half of a byte. */
  readonly tables: Uint8Array
}

/** Bytes of a fragment. */
export const PLACES = 6
const BUCKETS = 8
/** Fragments of a literal that are considered: the rarest by their bytes alone. */
const CHOICES = 12

/**
 * What it costs, in share of places, that one more literal begins its fragment with the same 3 bytes: all of them are compared wherever
 * those stand. Words (`memory`) are far more common than their letters suggest.
 */
const CROWD = 1e-7

/** Bytes in the order of how often logs hold them, roughly; all others are rare. */
const common = ' e0tanois1r2d34l5c6-78u9m.p:/fg"h=bkyv_wx,[]TIAEqSCDjPRNzOFLM'

/** Share of a byte in a log; the figures fall by 7 % a rank. */
const shares = Float64Array.from({ length: 256 }, (_, byte) => {
  const rank = common.indexOf(String.fromCharCode(byte))
  return rank === -1 ? 0.0008 : 0.08 * 0.93 ** rank
})

/**
 * Words that stand in nearly every log of a node: their bytes are met together far more often than each byte alone would tell, and a place
 * that passes costs as much as twenty that don't.
 */
const ordinary =
  ' container containerd[ memory Memory failed Failed killed Killing kernel: worker-1 service. Service level=info level=error level=warning "level":"info" ' +
  'msg="time="msg=\\"error err="Error "message":"status=200 "status":started Started stopped success Successfully duration "durationMs":request response ' +
  'kubelet[ systemd[1]: sshd[ session opened closed for user root admin audit( type=1400 profile="comm=" pid= process Process from invalid password port ' +
  'volume \\"kubernetes.io/ namespace pod="default kube-system kubernetes container_id containerID="sandbox \\" image name: labels:{key:value:\\" code = rpc ' +
  'component connection Connection timeout deadline exceeded context DEBUG INFO WARN ERROR thread compact manager controller operation Created Removed ' +
  'created deleted update updated endpoint server client HTTP/1.1" GET /api/v1/ POST http:// https:// Mozilla/5.0 .svc.cluster.local '
const ordinaryGrams = new Set(Array.from({ length: ordinary.length - 5 }, (_, at) => ordinary.slice(at, at + 6)))
const ordinaryBytes = [...ordinaryGrams].map((gram) => [...gram].map((character) => character.charCodeAt(0)))
/** Share of a log's places that one of them is taken to have. */
const ORDINARY = 5e-5

interface Bucket {
  /** For each place, the set of halves allowed as 16 bits. */
  readonly low: Uint16Array
  readonly high: Uint16Array
  /** Share of a log's places that pass. */
  passing: number
}

/** Puts each literal, the most ordinary first, with that fragment into that bucket where it lets the fewest further places pass. */
export function spreadFragments(literals: readonly string[]): Fragments {
  const buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({
    low: new Uint16Array(PLACES),
    high: new Uint16Array(PLACES),
    passing: 0,
  }))
  const fragments: Fragment[] = literals.map(() => ({ place: 0, bytes: [], elsewhere: 0 }))
  const choices = literals.map((literal, index) => ({ index, ranked: rankedFragments(literal) }))
  const crowds = new Map<number, number>()
  choices.sort((a, b) => (b.ranked[0]?.share ?? 0) - (a.ranked[0]?.share ?? 0) || a.index - b.index)
  for (const { index, ranked } of choices) fragments[index] = place(ranked, buckets, crowds)
  return { fragments, tables: tablesOf(buckets) }
}

interface Ranked extends Fragment {
  readonly share: number
}

function rankedFragments(literal: string): Ranked[] {
  const bytes = [...literal].map((character) => character.charCodeAt(0))
  const width = Math.min(PLACES, bytes.length)
  const all: Ranked[] = []
  for (let at = 0; at + width <= bytes.length; at += 1) {
    const fragment = bytes.slice(at, at + width)
    all.push({
      place: at,
      bytes: fragment,
      elsewhere: elsewhere(bytes, at),
      share: shareOf(fragment),
    })
  }
  return all.sort((a, b) => a.share - b.share).slice(0, CHOICES)
}

function shareOf(fragment: readonly number[]): number {
  const alone = fragment.reduce((product, byte) => product * (shares[byte] ?? 1), 1)
  return ordinaryGrams.has(String.fromCharCode(...fragment)) ? alone + ORDINARY : alone
}

/** The rarest 4 bytes that do not begin inside the fragment, if there are any. */
function elsewhere(bytes: readonly number[], fragmentAt: number): number {
  let best = fragmentAt
  let least = Infinity
  for (let at = 0; at + 4 <= bytes.length; at += 1) {
    const apart = at + 4 <= fragmentAt || at >= fragmentAt + PLACES ? 1 : 1e6
    const share = apart * bytes.slice(at, at + 4).reduce((product, byte) => product * (shares[byte] ?? 1), 1)
    if (share < least) [least, best] = [share, at]
  }
  return best
}

function place(ranked: readonly Ranked[], buckets: readonly Bucket[], crowds: Map<number, number>): Fragment {
  let least = Infinity
  let chosen: { fragment: Fragment; bucket: Bucket; passing: number } | null = null
  for (const fragment of ranked) {
    const crowd = CROWD * (crowds.get(headOf(fragment)) ?? 0)
    for (const bucket of buckets) {
      if (passingWith(bucket, fragment.bytes) - bucket.passing + crowd >= least) continue
      const passing = passingWith(bucket, fragment.bytes) + ORDINARY * ordinaryWith(bucket, fragment.bytes)
      if (passing - bucket.passing + crowd >= least) continue
      least = passing - bucket.passing + crowd
      chosen = { fragment, bucket, passing }
    }
  }
  if (chosen === null) return { place: 0, bytes: [], elsewhere: 0 }
  const { fragment, bucket, passing } = chosen
  for (let at = 0; at < PLACES; at += 1) {
    bucket.low[at] = (bucket.low[at] ?? 0) | halfBit(fragment.bytes[at], 0)
    bucket.high[at] = (bucket.high[at] ?? 0) | halfBit(fragment.bytes[at], 4)
  }
  bucket.passing = passing
  crowds.set(headOf(fragment), 1 + (crowds.get(headOf(fragment)) ?? 0))
  return { place: fragment.place, bytes: fragment.bytes, elsewhere: fragment.elsewhere }
}

/** The 3 bytes that are hashed. */
function headOf({ bytes: [a = 0, b = 0, c = 0] }: Fragment): number {
  return a | (b << 8) | (c << 16)
}

/** The half of a byte as a bit of 16; all bits where the fragment has ended. */
function halfBit(byte: number | undefined, shift: number): number {
  return byte === undefined ? 0xffff : 1 << ((byte >> shift) & 15)
}

/** Share of places that pass a bucket with a further fragment: the product over the places of the share of bytes allowed there. */
function passingWith({ low, high }: Bucket, bytes: readonly number[]): number {
  let product = 1
  for (let at = 0; at < PLACES; at += 1) {
    product *= allowedShare((low[at] ?? 0) | halfBit(bytes[at], 0), (high[at] ?? 0) | halfBit(bytes[at], 4))
  }
  return product
}

/** How many of the ordinary words' places pass a bucket with a further fragment. */
function ordinaryWith(bucket: Bucket, bytes: readonly number[]): number {
  const low = bucket.low.map((bits, at) => bits | halfBit(bytes[at], 0))
  const high = bucket.high.map((bits, at) => bits | halfBit(bytes[at], 4))
  let count = 0
  for (const gram of ordinaryBytes) {
    let at = 0
    while (at < PLACES) {
      const byte = gram[at] ?? 0
      if ((((low[at] ?? 0) >> (byte & 15)) & ((high[at] ?? 0) >> (byte >> 4)) & 1) === 0) break
      at += 1
    }
    if (at === PLACES) count += 1
  }
  return count
}

const known = new Map<number, number>()
function allowedShare(low: number, high: number): number {
  const key = low * 65_536 + high
  let share = known.get(key)
  if (share !== undefined) return share
  share = 0
  for (let h = 0; h < 16; h += 1) {
    if (((high >> h) & 1) === 0) continue
    for (let l = 0; l < 16; l += 1) if ((low >> l) & 1) share += shares[h * 16 + l] ?? 0
  }
  known.set(key, share)
  return share
}

function tablesOf(buckets: readonly Bucket[]): Uint8Array {
  const tables = new Uint8Array(PLACES * 2 * 16)
  for (const [bit, { low, high }] of buckets.entries()) {
    for (let at = 0; at < PLACES; at += 1) {
      for (let half = 0; half < 16; half += 1) {
        const entry = at * 32 + half
        if (((low[at] ?? 0) >> half) & 1) tables[entry] = (tables[entry] ?? 0) | (1 << bit)
        if (((high[at] ?? 0) >> half) & 1) tables[entry + 16] = (tables[entry + 16] ?? 0) | (1 << bit)
      }
    }
  }
  return tables
}
