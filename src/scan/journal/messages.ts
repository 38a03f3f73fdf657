import type { Journal, JournalField } from '../../input/journal/index.ts'
import { payloadOffset } from '../../input/journal/layout.ts'
import type { Window } from '../../input/journal/window.ts'
import { latin1Text } from '../../text/latin1.ts'
import type { Literals } from '../search/literals.ts'
import { type Needle, noHits } from '../search/needle.ts'
import type { Regions } from '../search/regions.ts'
import { openOwnSearch } from '../search/sampled-search.ts'

/** What a DATA object is to the gate: the literals of extractors in a message, by their indexes, or the kernel's transport. `null`: nothing. */
export type Verdict = readonly number[] | 'kernel' | null

/** Judges the DATA objects of a window. */
export interface MessageJudge {
  /** Memory for the window, at least so many bytes: the needle's. */
  memory(bytes: number): Uint8Array
  /** New bytes are in the window, whose objects are judged next, from its begin to its end: they are searched. */
  loaded(window: Window): void
  judge(window: Window, at: number, size: number): Verdict
}

/** Memory behind the window, where unpacked payloads are searched piece by piece. */
const SPARE_BYTES = 65_536

const MESSAGE = bytesOf('MESSAGE=')
const KERNEL = bytesOf('_TRANSPORT=kernel')
const [MESS, AGE] = new Uint32Array(MESSAGE.buffer)
const TRA = new Uint32Array(KERNEL.buffer, 0, 1)[0]

interface Hit {
  readonly at: number
  readonly end: number
  readonly literal: number
}

/** Whether a message with these literals, in the bytes between two places of a DATA object at an offset, is one for anybody. */
export type Admit = (found: readonly number[], bytes: Uint8Array, begin: number, end: number, offset: number) => boolean

/** `regions`: other threads search the file, too. */
export function openMessageJudge(
  { header, unpack }: Journal,
  literals: Literals,
  needle: Needle,
  regions: Regions | null,
  admit: Admit = () => true,
): MessageJudge {
  const { all } = literals
  const ownSearch = openOwnSearch(needle, literals)
  const start = payloadOffset(header.compact)
  const longest = Math.max(1, ...all.map((literal) => literal.length))
  let whole = needle.memory(SPARE_BYTES)
  let hits: readonly Hit[] = []
  let next = 0

  /** The extractors' literals in the memory, in order. */
  const search = (from: number, to: number, limit = to): Hit[] => {
    const found = noHits()
    ownSearch({ bytes: whole, base: 0, from, to, limit, whole: false }, found)
    return found.at.map((at, index) => hitOf(at, found.literal[index] ?? 0)).sort((a, b) => a.at - b.at)
  }
  /** Those of the regions that were searched ahead are taken from there. */
  const searchWindow = ({ base, length }: Window): Hit[] => {
    if (regions === null) return search(0, length)
    const found: Hit[] = []
    for (let from = 0; from < length; ) {
      const region = Math.floor((base + from) / regions.bytes)
      const to = Math.min(length, (region + 1) * regions.bytes - base)
      if (regions.isSearched(region)) {
        regions.some(region, (offset, literal) => {
          if (offset >= base + from && offset < base + to) found.push(hitOf(offset - base, literal))
          return false
        })
      } else for (const hit of search(from, to, length)) found.push(hit)
      from = to
    }
    return found.sort((a, b) => a.at - b.at)
  }
  const hitOf = (at: number, literal: number): Hit => ({ at, end: at + (all[literal]?.length ?? 0), literal })

  const literalsIn = (from: number, to: number): Verdict => {
    while ((hits[next]?.at ?? Infinity) < from) next += 1
    let found: number[] | null = null
    for (let index = next; ; index += 1) {
      const hit = hits[index]
      if (hit === undefined || hit.at >= to) return found
      if (hit.end > to) continue
      found ??= []
      found.push(hit.literal)
    }
  }
  const literalsUnpacked = (text: Uint8Array): Verdict => {
    const spare = whole.length - SPARE_BYTES
    const found: number[] = []
    for (let from = 0; from < text.length; from += SPARE_BYTES - longest) {
      const piece = text.subarray(from, from + SPARE_BYTES)
      whole.set(piece, spare)
      for (const { literal } of search(spare, spare + piece.length)) found.push(literal)
    }
    return found.length === 0 ? null : found
  }
  const admitted = (found: Verdict, bytes: Uint8Array, begin: number, end: number, offset: number): Verdict =>
    Array.isArray(found) && !admit(found, bytes, begin, end, offset) ? null : found
  const judgePacked = (flag: number, packed: Uint8Array, offset: number): Verdict => {
    const payload = unpack(flag, packed)
    if (payload === null) return null
    if (begins(payload, MESSAGE)) {
      const text = payload.subarray(MESSAGE.length)
      return admitted(literalsUnpacked(text), text, 0, text.length, offset)
    }
    return payload.length === KERNEL.length && begins(payload, KERNEL) ? 'kernel' : null
  }

  return {
    memory(bytes) {
      whole = needle.memory(bytes + SPARE_BYTES)
      return whole.subarray(0, bytes)
    },
    loaded(window) {
      hits = searchWindow(window)
      next = 0
    },
    judge({ bytes, words, base }, at, size) {
      const from = at + start
      const flag = bytes[at + 1]
      if (flag !== 0) return judgePacked(flag ?? 0, bytes.subarray(from, at + size), base + at)
      // The first word decides nearly all.
      const first = words[from >>> 2]
      if (first === MESS) {
        const isMessage = words[(from >>> 2) + 1] === AGE && from + MESSAGE.length <= at + size
        if (!isMessage) return null
        const text = from + MESSAGE.length
        return admitted(literalsIn(text, at + size), bytes, text, at + size, base + at)
      }
      return first === TRA && size === start + KERNEL.length && begins(bytes.subarray(from, at + size), KERNEL) ? 'kernel' : null
    },
  }
}

/** The same of a single field that was read by itself. */
export function openFieldJudge({ all, sampledFrom }: Literals): (field: JournalField) => Verdict {
  const own = all.slice(0, sampledFrom)
  return ([name, value]) => {
    if (name !== 'MESSAGE') return name === '_TRANSPORT' && latin1Text(value) === 'kernel' ? 'kernel' : null
    const text = latin1Text(value)
    const found = own.flatMap((literal, index) => (text.includes(literal) ? [index] : []))
    return found.length === 0 ? null : found
  }
}

function begins(bytes: Uint8Array, text: Uint8Array): boolean {
  return text.every((byte, at) => bytes[at] === byte)
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
