import type { SourceFacts } from './evidence.ts'
import type { Incident, PlacedEvent } from './incident.ts'
import type { SetAside, Sighting } from './sighting.ts'
import type { Snapshot } from './snapshot.ts'
import type { Warning } from './warning.ts'

/** Everything that was read, aligned and joined: what rules, findings and the report are made from. */
export interface Timeline {
  readonly incidents: readonly Incident[]
  /** All events in order, those of no incident included. */
  readonly events: readonly PlacedEvent[]
  readonly snapshots: readonly Snapshot[]
  readonly sources: readonly SourceFacts[]
  /** Names of the sources that told something: an event, a fact, a clock, or that they hold the kernel's messages. */
  readonly told: ReadonlySet<string>
  /** First and last instant (µs since the epoch) of sources whose lines have no stamps but uptimes, by name. */
  readonly spans: ReadonlyMap<string, { readonly fromUs: number | null; readonly toUs: number | null }>
  readonly warnings: readonly Warning[]
  readonly sightings?: readonly Sighting[]
  readonly setAside?: readonly SetAside[]
}

/** Minutes east of UTC that an IANA zone had at an instant, or `null` for an unknown zone. Injected: the core loads no zone data. */
export type ZoneOffset = (zone: string, epochUs: number) => number | null

export interface TimelineOptions {
  /** Zone of stamps that print none (`--timezone`), or `null`. The machine's own zone is never used. */
  readonly timezone: string | null
  /** Year of stamps that print none (`--year`), or `null`. */
  readonly year: number | null
  readonly zoneOffset: ZoneOffset | null
  /** What the report calls a source: bundles stand in that order, not in that of the folders in which they happen to lie. Absent: by their whole names. */
  readonly shortName?: (source: string) => string
}
