import type { KernelNotice } from '../model/event.ts'
import type { SourceEvidence, SourceFacts } from '../model/evidence.ts'
import type { PlacedEvent } from '../model/incident.ts'
import type { PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'
import type { Timeline, TimelineOptions } from '../model/timeline.ts'
import { contextIndex } from './context-index.ts'
import { coverageOf } from './coverage.ts'
import { directoryOf } from './directory.ts'
import { evictions } from './evictions.ts'
import { resolveHosts } from './hosts.ts'
import { identifyPods } from './identify.ts'
import { inOrder } from './in-order.ts'
import { inTime } from './in-time.ts'
import { makeIncidents } from './incidents.ts'
import { kernelChanges } from './kernel-changes.ts'
import { killIndex } from './kill-index.ts'
import { mergeKernelKills } from './kills.ts'
import { withKin } from './kin.ts'
import { withSpeakers } from './own-ends.ts'
import { placeAll } from './place-all.ts'
import { withRecurrence } from './recurrence.ts'
import { reportedKills } from './reported-kills.ts'
import { snapshotIndex } from './snapshot-index.ts'
import { spokenByPlace } from './spoken.ts'
import { withUnits } from './unit-of-kill.ts'
import { userspaceKills } from './userspace-kills.ts'

/** Aligns the clocks, merges what several sources tell of the same death, and makes incidents. Pure; no clock, no zone of its own. */
export function buildTimeline(evidence: readonly SourceEvidence[], options: TimelineOptions): Timeline {
  const sorted = inOrder(evidence.map(spokenByPlace), options.shortName ?? ((name) => name))
  const hosts = resolveHosts(sorted)
  const { events: placed, dumps, spans, warnings } = placeAll(sorted, hosts, options)
  const sources = identifyPods(sorted, dumps)
  const directory = directoryOf(sources)
  const covers = coverageOf(sources, hosts, spans)
  const pods = sources.flatMap((s) => s.snapshots.filter((x): x is PodSnapshot => x.kind === 'pod'))
  const events = withSpeakers(placed, pods)
  const merged = mergeKernelKills(dumps, forgedLines(events), directory)
  const kernel = { ...merged, kills: withUnits(withKin(merged.kills), events) }
  const scene = {
    events,
    oomd: events.filter((p) => p.event.kind === 'userspace-kill' || (p.event.kind === 'unit' && p.event.what === 'oomd-killed')),
    pods,
    runtimes: sources.flatMap((s) => s.snapshots.filter((x): x is RuntimeContainerSnapshot => x.kind === 'runtime-container')),
    runtimeHost(container: RuntimeContainerSnapshot): string | null {
      const own = sources.find((s) => s.snapshots.includes(container))
      return own === undefined ? null : hosts.of(own, null)
    },
    directory,
    kernelCovers(host: string | null, epochUs: number | null): boolean {
      const c = covers(host)
      return epochUs !== null && c.kernelFromUs !== null && c.kernelToUs !== null && epochUs >= c.kernelFromUs && epochUs <= c.kernelToUs
    },
  }
  const evicted = evictions(scene, kernel.kills)
  const byUserspace = userspaceKills(scene, kernel.kills)
  const reported = reportedKills(scene, [...kernel.kills, ...evicted, ...byUserspace])
  const snapshots = sources.flatMap((s) => s.snapshots.map((x) => ({ ...x, bundle: s.source.place.bundle })))
  const kills = inTime([...kernel.kills, ...evicted, ...byUserspace, ...reported], (kill) => kill.at)
  const incidents = withRecurrence(
    makeIncidents({
      kills,
      killIndex: killIndex(kills),
      index: contextIndex([...events, ...kernelChanges(events)], directory),
      dumpsWithoutKill: kernel.without,
      dumps,
      events,
      snapshots: snapshotIndex(snapshots),
      evidence: sources,
      directory,
      coverage: covers,
    }),
  )
  return {
    incidents,
    events,
    snapshots,
    sources: distinct(sources.map((s) => s.source)),
    sightings: sources.flatMap((s) => s.sightings ?? []),
    setAside: sources.flatMap((s) => s.setAside ?? []),
    told: new Set(sources.flatMap((s) => (tells(s) ? [s.source.name] : []))),
    spans,
    warnings: [...sources.flatMap((s) => s.warnings), ...dumps.flatMap((d) => d.event.dump.warnings), ...warnings],
  }
}

const tells = ({ source, events, snapshots, anchors, warnings, sightings }: SourceEvidence): boolean =>
  (sightings?.length ?? 0) > 0 ||
  events.length > 0 ||
  snapshots.some((s) => s.kind !== 'cgroup' && s.kind !== 'process') ||
  anchors.length > 0 ||
  warnings.length > 0 ||
  source.hasKernel

/** Lines that look like the kernel's but whose own source says that a program wrote them. */
const forgedLines = (events: readonly PlacedEvent[]): PlacedEvent<KernelNotice>[] =>
  events.filter((p): p is PlacedEvent<KernelNotice> => p.event.kind === 'kernel-notice' && p.event.notice === 'forged-oom-line')

/** A paste is read in parts, those of each machine by themselves: it is one source all the same. */
function distinct(sources: readonly SourceFacts[]): SourceFacts[] {
  const byName = new Map<string, SourceFacts>()
  for (const source of sources) {
    const known = byName.get(source.name)
    byName.set(
      source.name,
      known === undefined ? source : { ...known, first: known.first ?? source.first, last: source.last ?? known.last },
    )
  }
  return [...byName.values()]
}
