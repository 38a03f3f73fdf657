import type { Sighting } from '../model/sighting.ts'
import { brokenSightings } from './broken.ts'
import { proofsIn, WIDEST } from './words.ts'

export { witnessLiterals } from './words.ts'

/** Counts what proves a death in one source, while it is read. */
export interface Witness {
  /** `offset`: of the line, or of the words by their place in it. */
  see(text: string, line: number | null, offset: number | null | ((at: number) => number), cursor?: string | null): void
  sightings(): readonly Sighting[]
}

/** So many are kept of a source: who is shown that many kills does not miss one more finding. */
export const MOST_SIGHTINGS = 4000

export function openWitness(source: string): Witness {
  const seen: Sighting[] = []
  return {
    see(text, line, offset, cursor = null) {
      if (seen.length >= MOST_SIGHTINGS) return
      for (const { word, pid, text: quoted, at } of proofsIn(text))
        seen.push({ word, pid, quote: { source, line, offset: typeof offset === 'function' ? offset(at) : offset, cursor, text: quoted } })
    },
    sightings: () => seen,
  }
}

/** The same of a small text in memory, with those whose words a break parted. */
export const sightingsOfSmall = (source: string, text: string): readonly Sighting[] => [
  ...sightingsIn(source, text),
  ...brokenSightings(source, text),
]

/**
 * The same of a text that is in memory as a whole, or of a piece; its first line is `firstLine`, its first byte `firstByte`. A line that is too long to be quoted whole
 * (a document on one line) has the place of the words in bytes beside its number: what was read of it is told apart by that.
 */
export function sightingsIn(source: string, text: string, firstLine = 1, firstByte = 0): readonly Sighting[] {
  const witness = openWitness(source)
  const bytesBefore = risingByteOffsets(text)
  let line = firstLine
  for (let start = 0; start <= text.length; line += 1) {
    const feed = text.indexOf('\n', start)
    const end = feed === -1 ? text.length : feed
    const own = text.slice(start, text[end - 1] === '\r' ? end - 1 : end)
    const from = start
    witness.see(own, line, own.length > WIDEST ? (at) => firstByte + bytesBefore(from + at) : null)
    start = end + 1
  }
  return witness.sightings()
}

const PIECE = 1 << 20

export interface StreamWitness {
  push(text: string): void
  /** Call once, last. */
  sightings(): readonly Sighting[]
}

/** The same of a text of any size that comes in pieces. */
export function openStreamWitness(source: string): StreamWitness {
  const encoder = new TextEncoder()
  const seen: Sighting[] = []
  let held = ''
  let [line, byte] = [1, 0]
  const take = (end: number): void => {
    const text = held.slice(0, end)
    held = held.slice(end)
    if (seen.length < MOST_SIGHTINGS) for (const one of sightingsIn(source, text, line, byte)) seen.push(one)
    byte += encoder.encode(text).length
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1
  }
  return {
    push(text) {
      held += text
      if (held.length < PIECE) return
      // Between lines, else between the objects of a long one.
      const end = held.lastIndexOf('\n') + 1 || held.lastIndexOf('}') + 1
      if (end > 0) take(end)
      else if (held.length > 4 * PIECE) take(held.length)
    },
    sightings() {
      take(held.length)
      return seen
    },
  }
}

/** UTF-16 offset → bytes before it; each asked for is at or behind the one before. */
function risingByteOffsets(text: string): (at: number) => number {
  const encoder = new TextEncoder()
  let [from, bytes] = [0, 0]
  return (at) => {
    bytes += encoder.encode(text.slice(from, at)).length
    from = at
    return bytes
  }
}
