import { timesOfPod } from '../extract/documents/ordinary.ts'
import type { PlacedEvent } from '../model/incident.ts'
import type { Snapshot } from '../model/snapshot.ts'

interface Told {
  readonly snapshots: { readonly all: readonly (Snapshot & { readonly bundle: string })[] }
  readonly events: readonly PlacedEvent[]
}

const known = new WeakMap<Told, ReadonlyMap<string, number>>()

/**
 * When the documents were read, at the earliest, by source (µs since the epoch): a document is younger than everything it tells of (starts, ends, events), and one
 * that was captured with its bundle is as young as that. Made once for all incidents.
 */
export function readTimes(told: Told): ReadonlyMap<string, number> {
  const made = known.get(told) ?? timesOf(told)
  known.set(told, made)
  return made
}

function timesOf({ snapshots: { all: snapshots }, events }: Told): Map<string, number> {
  const times = new Map<string, number>()
  const take = (source: string, us: number | null | undefined): void => {
    if (us != null && us > (times.get(source) ?? Number.NEGATIVE_INFINITY)) times.set(source, us)
  }
  const captures = new Map<string, number | null>()
  for (const s of snapshots)
    if (s.kind === 'clock') captures.set(s.bundle, latest([captures.get(s.bundle) ?? null, s.capturedUs?.value ?? null]))
  for (const s of snapshots) {
    if (s.kind !== 'pod') continue
    take(s.source, captures.get(s.bundle))
    for (const us of timesOfPod(s)) take(s.source, us)
  }
  for (const { event, at } of events) {
    const source = event.quotes[0]?.source
    if (source !== undefined && times.has(source)) take(source, at.epochUs)
  }
  return times
}

export const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((most, t) => (t !== null && (most === null || t > most) ? t : most), null)
