import type { Event, KernelNotice, KernelOomEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Coverage, Instant, PlacedEvent } from '../model/incident.ts'
import type { ClockSnapshot, PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'
import type { Timeline, TimelineOptions } from '../model/timeline.ts'
import type { Warning } from '../model/warning.ts'
import { warning } from '../warnings.ts'
import { type Boot, bootsOf } from './boots.ts'
import { contextIndex } from './context-index.ts'
import { directoryOf } from './directory.ts'
import { echoesOf } from './echoes.ts'
import { evictions } from './evictions.ts'
import { type Hosts, resolveHosts, sameHost } from './hosts.ts'
import { identifyPods } from './identify.ts'
import { makeIncidents } from './incidents.ts'
import { before } from './instants.ts'
import { killIndex } from './kill-index.ts'
import { mergeKernelKills } from './kills.ts'
import { newestKnownUs } from './local-time.ts'
import { type BundleClock, bootClock, type Capture, placeAge } from './place.ts'
import { withRecurrence } from './recurrence.ts'
import { reportedKills } from './reported-kills.ts'
import { spokenByPlace } from './spoken.ts'
import { userspaceKills } from './userspace-kills.ts'

type PlacedDump = PlacedEvent<KernelOomEvent> & { source: SourceEvidence; instants: readonly Instant[] }

/** Aligns the clocks, merges what several sources tell of the same death, and makes incidents. Pure; no clock, no zone of its own. */
export function buildTimeline(evidence: readonly SourceEvidence[], options: TimelineOptions): Timeline {
  const sorted = evidence
    .map(spokenByPlace)
    .sort(
      (a, b) =>
        compare(a.source.place.bundle, b.source.place.bundle) ||
        compare(a.source.place.family, b.source.place.family) ||
        b.source.place.generation - a.source.place.generation ||
        compare(a.source.name, b.source.name),
    )
  const hosts = resolveHosts(sorted)
  const { events, dumps, warnings } = placeAll(sorted, hosts, options)
  const sources = identifyPods(sorted, dumps)
  const directory = directoryOf(sources)
  const kernel = mergeKernelKills(dumps, forgedLines(events), directory)
  const covers = coverageOf(sources, hosts)
  const pods = sources.flatMap((s) => s.snapshots.filter((x): x is PodSnapshot => x.kind === 'pod'))
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
  const kills = [...kernel.kills, ...evicted, ...byUserspace, ...reported].sort((a, b) => before(a.at, b.at))
  const incidents = withRecurrence(
    makeIncidents({
      kills,
      killIndex: killIndex(kills),
      index: contextIndex(events, directory),
      dumpsWithoutKill: kernel.without,
      dumps,
      events,
      snapshots,
      evidence: sources,
      directory,
      coverage: covers,
    }),
  )
  return {
    incidents,
    events,
    snapshots,
    sources: sources.map((s) => s.source),
    warnings: [...sources.flatMap((s) => s.warnings), ...dumps.flatMap((d) => d.event.dump.warnings), ...warnings],
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function placeAll(
  sources: readonly SourceEvidence[],
  hosts: Hosts,
  options: TimelineOptions,
): { events: PlacedEvent[]; dumps: PlacedDump[]; warnings: Warning[] } {
  const events: PlacedEvent[] = []
  const dumps: PlacedDump[] = []
  const warnings: Warning[] = []
  const orderOf = new Map<Event, number>()
  let order = 0
  for (const s of sources) for (const event of s.events) orderOf.set(event, order++)
  const bundles = new Map<string, BundleClock>()
  const captured = captureTimes(sources)
  for (const boot of bootsOf(sources, hosts)) {
    const clock = bootClock(boot, bundleClock(boot, sources, hosts, bundles), options)
    const unsure = new Set<string>()
    const orphaned = new Set<string>()
    for (const { evidence, host, events: own } of boot.segments) {
      for (const event of own) {
        const n = orderOf.get(event) ?? 0
        const global = event.kind === 'kernel-oom' && event.dump.scope === 'global'
        const aged = event.kind === 'object-event' && event.ageSeconds !== null && event.moment.wall === null
        const at = (aged ? placeAge(event, captured(evidence, host), n) : null) ?? clock.at(event.moment, evidence, global, n)
        if (at.basis === 'assumed') unsure.add(evidence.source.name)
        if (at.epochUs === null && event.kind === 'kernel-oom') orphaned.add(evidence.source.name)
        const placed = { event, at, host: event.kind === 'object-event' ? event.host : (host ?? boot.host), boot: boot.key }
        events.push(placed)
        if (event.kind === 'kernel-oom') {
          const instants = event.dump.kills.map((k) => clock.at(k.moment, evidence, global, n))
          dumps.push({ ...placed, event, source: evidence, instants })
        }
      }
    }
    for (const name of unsure) warnings.push(warning('time-assumed', name, null, { zone: options.timezone ?? 'the bundle' }))
    for (const name of orphaned) warnings.push(warning('time-unplaced', name, null))
  }
  return { events: events.sort((a, b) => before(a.at, b.at)), dumps: dumps.sort((a, b) => before(a.at, b.at)), warnings }
}

function bundleClock(boot: Boot, sources: readonly SourceEvidence[], hosts: Hosts, cache: Map<string, BundleClock>): BundleClock {
  const bundles = new Set(boot.segments.map((s) => s.evidence.source.place.bundle))
  const key = `${[...bundles].sort().join('\n')}|${boot.host ?? ''}|${boot.segments.some((s) => s.events.some((e) => e.kind === 'kernel-oom')) ? boot.key : ''}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const near = sources.filter((s) => bundles.has(s.source.place.bundle))
  const clocks = near.flatMap((s) =>
    s.snapshots.filter((x): x is ClockSnapshot => x.kind === 'clock').filter((c) => sameHost(hosts.of(s, c.host), boot.host)),
  )
  const own = near.filter((s) => sameHost(hosts.of(s, null), boot.host))
  const made = { clocks, newestUs: newestKnownUs(near), near: own, echoes: echoesOf(boot, own) }
  cache.set(key, made)
  return made
}

/**
 * When a document was captured: its bundle's own word; else, and that is a guess (it may have been taken any time later), the newest time that the bundle knows.
 * Never the file's date: files are copied. Looked up once a source.
 */
function captureTimes(sources: readonly SourceEvidence[]): (evidence: SourceEvidence, host: string | null) => Capture {
  const cache = new Map<SourceEvidence, Capture>()
  return (evidence, host) => {
    const known = cache.get(evidence)
    if (known !== undefined) return known
    const near = sources.filter((s) => s.source.place.bundle === evidence.source.place.bundle)
    const clocks = near.flatMap((s) => s.snapshots.filter((x): x is ClockSnapshot => x.kind === 'clock' && sameHost(host, x.host)))
    const said =
      clocks.map((c) => c.capturedUs?.value ?? null).find((t) => t !== null) ?? latest(clocks.map((c) => c.capturedAfterUs?.value ?? null))
    const us = said ?? newestKnownUs(near)
    const found = { us, told: said !== null }
    cache.set(evidence, found)
    return found
  }
}

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((m, t) => (t !== null && (m === null || t > m) ? t : m), null)

/** Lines that look like the kernel's but whose own source says that a program wrote them. */
const forgedLines = (events: readonly PlacedEvent[]): PlacedEvent<KernelNotice>[] =>
  events.filter((p): p is PlacedEvent<KernelNotice> => p.event.kind === 'kernel-notice' && p.event.notice === 'forged-oom-line')

/** What the sources cover, host by host: absence of a line is a fact only where a log covers the time. */
function coverageOf(sources: readonly SourceEvidence[], hosts: Hosts): (host: string | null) => Coverage {
  const cache = new Map<string, Coverage>()
  return (host) => {
    const known = cache.get(host ?? '')
    if (known !== undefined) return known
    const own = sources.filter((s) => sameHost(hosts.of(s, null), host))
    const kernel = own.filter((s) => s.source.hasKernel)
    const froms = kernel.map((s) => s.source.first?.wall?.epochUs ?? null).filter((t): t is number => t !== null)
    const tos = kernel.map((s) => s.source.last?.wall?.epochUs ?? null).filter((t): t is number => t !== null)
    const has = (test: (e: Event) => boolean): boolean => own.some((s) => s.events.some(test))
    const made: Coverage = {
      kernel: kernel.length > 0,
      kubelet:
        has((e) => (e.kind === 'container' && e.by === 'kubelet') || e.kind === 'eviction' || e.kind === 'node') ||
        own.some((s) => s.source.place.role === 'kubelet'),
      runtime: has((e) => e.kind === 'container' && e.by !== 'kubelet') || own.some((s) => s.source.place.role === 'runtime'),
      pods: sources.some((s) => s.snapshots.some((x) => x.kind === 'pod')),
      node: sources.some((s) => s.snapshots.some((x) => x.kind === 'node')),
      events: sources.some((s) => s.events.some((e) => e.kind === 'object-event')),
      journal: own.some((s) => s.source.format.startsWith('journal')),
      kernelFromUs: froms.length > 0 ? Math.min(...froms) : null,
      kernelToUs: tos.length > 0 ? Math.max(...tos) : null,
    }
    cache.set(host ?? '', made)
    return made
  }
}
