import type { Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Sighting } from '../model/sighting.ts'
import { MOST_SIGHTINGS } from '../witness/index.ts'
import type { EventLog } from './event-log.ts'
import type { Wanted } from './search/words.ts'

/** A source of which lines of ordinary lives were left out, and how to have those that matter. */
export interface Later {
  /** Name of the source. */
  readonly name: string
  /** What was left out: lines of a log, or objects of a document. */
  readonly of: 'lines' | 'objects'
  /** The evidence as if the lines or objects that speak of the wanted had been read with the others. */
  read(wanted: Wanted): Promise<SourceEvidence>
  /** Lets go of what it reads of; call once, last. */
  close?(): void
}

/** Evidence, and when its events were given out. */
export interface Logged {
  readonly evidence: SourceEvidence
  readonly log: EventLog
}

/**
 * Two readings of one source as one: what those said who read of lives is the second reading's (from the line on from which it is whole), all else the first's.
 */
export function joined(first: Logged, second: Logged, readsOfLives: (extractor: number) => boolean, from: number): SourceEvidence {
  const placed = ({ evidence, log }: Logged, isKept: (extractor: number, line: number) => boolean) =>
    evidence.events.flatMap((event, index) => {
      const [line = 0, extractor = 0] = [log.lines[index], log.extractors[index]]
      return isKept(extractor, line) ? [{ event, line, extractor }] : []
    })
  const all: { event: Event; line: number; extractor: number }[] = [
    ...placed(first, (extractor, line) => !readsOfLives(extractor) || line < from),
    ...placed(second, (_, line) => line >= from),
  ]
  // The sort is stable: what one extractor said of one line stays in its order.
  all.sort((a, b) => (a.line === b.line ? 0 : a.line - b.line) || a.extractor - b.extractor)
  return {
    ...first.evidence,
    events: all.map(({ event }) => event),
    warnings: distinct([...first.evidence.warnings, ...second.evidence.warnings]),
    sightings: sightingsOf(first.evidence, second.evidence),
  }
}

/** Proofs that stand below a line of an ordinary life are seen when that line is read. As many are kept as of one reading: the first ones. */
function sightingsOf(first: SourceEvidence, second: SourceEvidence): Sighting[] {
  const all = distinct([...(first.sightings ?? []), ...(second.sightings ?? [])])
  return all.sort((a, b) => (a.quote.line ?? 0) - (b.quote.line ?? 0)).slice(0, MOST_SIGHTINGS)
}

const distinct = <T>(list: readonly T[]): T[] => [...new Map(list.map((each) => [JSON.stringify(each), each])).values()]
