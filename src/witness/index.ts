import type { Sighting } from '../model/sighting.ts'
import { brokenSightings } from './broken.ts'
import { proofsIn } from './words.ts'

export { witnessLiterals } from './words.ts'

/** Counts what proves a death in one source, while it is read. */
export interface Witness {
  see(text: string, line: number | null, offset: number | null, cursor?: string | null): void
  sightings(): readonly Sighting[]
}

/** So many are kept of a source: who is shown that many kills does not miss one more finding. */
export const MOST_SIGHTINGS = 4000

export function openWitness(source: string): Witness {
  const seen: Sighting[] = []
  return {
    see(text, line, offset, cursor = null) {
      if (seen.length >= MOST_SIGHTINGS) return
      for (const { word, pid, text: quoted } of proofsIn(text))
        seen.push({ word, pid, quote: { source, line, offset, cursor, text: quoted } })
    },
    sightings: () => seen,
  }
}

/** The same of a small text in memory, with those whose words a break parted. */
export const sightingsOfSmall = (source: string, text: string): readonly Sighting[] => [
  ...sightingsIn(source, text),
  ...brokenSightings(source, text),
]

/** The same of a text that is in memory as a whole; its first line is `firstLine`. */
export function sightingsIn(source: string, text: string, firstLine = 1): readonly Sighting[] {
  const witness = openWitness(source)
  let line = firstLine
  for (let start = 0; start <= text.length; line += 1) {
    const feed = text.indexOf('\n', start)
    const end = feed === -1 ? text.length : feed
    witness.see(text.slice(start, text[end - 1] === '\r' ? end - 1 : end), line, null)
    start = end + 1
  }
  return witness.sightings()
}
