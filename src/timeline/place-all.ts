import type { Event, KernelOomEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Instant, PlacedEvent } from '../model/incident.ts'
import type { TimelineOptions } from '../model/timeline.ts'
import type { Warning } from '../model/warning.ts'
import { warning } from '../warnings.ts'
import { type Boot, bootsOf } from './boots.ts'
import type { Span } from './coverage.ts'
import type { Hosts } from './hosts.ts'
import { inTime } from './in-time.ts'
import { machineClocks } from './machine-clock.ts'
import { type BootClock, bootClock, placeAge } from './place.ts'

/** `instants`: those of its kills; empty where all are the report's own. */
export type PlacedDump = PlacedEvent<KernelOomEvent> & { source: SourceEvidence; instants: readonly Instant[] }

const none: readonly never[] = []

export interface AllPlaced {
  readonly events: PlacedEvent[]
  readonly dumps: PlacedDump[]
  /** Of sources whose lines have no stamps of their own, by name. */
  readonly spans: ReadonlyMap<string, Span>
  readonly warnings: Warning[]
}

/** Every event with its instant, host and boot: boot by boot, each by the clocks of its own machine. */
export function placeAll(sources: readonly SourceEvidence[], hosts: Hosts, options: TimelineOptions): AllPlaced {
  const events: PlacedEvent[] = []
  const dumps: PlacedDump[] = []
  const spans = new Map<string, Span>()
  const warnings: Warning[] = []
  const orderOf = new Map<Event, number>()
  let order = 0
  for (const s of sources) for (const event of s.events) orderOf.set(event, order++)
  const clocks = machineClocks(sources, hosts)
  const refused = new Map(clocks.refused.map((r) => [r.source, r.reason]))
  for (const boot of bootsOf(sources, hosts)) {
    const clock = bootClock(boot, clocks.of(boot), options)
    for (const r of clock.refused) refused.set(r.source, r.reason)
    noteSpans(boot, clock, spans)
    const unsure = new Set<string>()
    const orphaned = new Set<string>()
    const unplaced = clock.slept ? 'time-slept' : 'time-unplaced'
    for (const { evidence, host, events: own } of boot.segments) {
      for (const event of own) {
        const n = orderOf.get(event) ?? 0
        const global = event.kind === 'kernel-oom' && event.dump.scope === 'global'
        const at = placeAge(event, () => clocks.captured(evidence, host), n) ?? clock.at(event.moment, evidence, global, n)
        if (at.basis === 'assumed') unsure.add(evidence.source.name)
        if (at.epochUs === null && event.kind === 'kernel-oom') orphaned.add(evidence.source.name)
        const ownHost = event.kind === 'object-event' ? event.host : (host ?? boot.host)
        if (event.kind !== 'kernel-oom') events.push({ event, at, host: ownHost, boot: boot.key })
        else {
          const isOne = event.dump.kills.every(({ moment }) => moment === event.moment)
          const instants = isOne
            ? none
            : event.dump.kills.map((k) => (k.moment === event.moment ? at : clock.at(k.moment, evidence, global, n)))
          const dump = { event, at, host: ownHost, boot: boot.key, source: evidence, instants }
          // One object for both: there may be a hundred thousand.
          events.push(dump)
          dumps.push(dump)
        }
      }
    }
    for (const name of unsure) warnings.push(warning('time-assumed', name, null, { zone: options.timezone ?? 'by what the bundle shows' }))
    for (const name of orphaned) warnings.push(warning(unplaced, name, null))
  }
  for (const [source, reason] of refused) warnings.push(warning('clock-refused', source, null, { reason }))
  return { events: inTime(events, (event) => event.at), dumps: inTime(dumps, (dump) => dump.at), spans, warnings }
}

/** A source's first line is of its first boot, its last of its last: boots come in that order. */
function noteSpans(boot: Boot, clock: BootClock, spans: Map<string, Span>): void {
  for (const { evidence } of boot.segments) {
    const { name, first, last, hasKernel } = evidence.source
    if (!hasKernel || first === null || first.wall !== null) continue
    const at = (moment: typeof first | null): number | null =>
      moment?.uptimeUs == null ? null : clock.at({ ...moment, wall: null, outerWall: null }, evidence, false, 0).epochUs
    spans.set(name, { fromUs: spans.get(name)?.fromUs ?? at(first), toUs: at(last) })
  }
}
