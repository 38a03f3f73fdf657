import type { ContainerRef, Event, KernelNotice, KernelOomEvent, RuntimeEvent } from '../model/event.ts'
import type { Incident, Instant, PlacedEvent, Workload } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import { samePod, workloadFor, workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import { inTime } from './in-time.ts'
import { finish, type Material } from './incident.ts'
import { gapUs } from './instants.ts'
import { minuteUs } from './other-deaths.ts'
import { unitThatEnded } from './own-ends.ts'
import { processWorkload, unitWorkload } from './workloads.ts'

/** Reports without any known kill: a panic, nothing killable (it repeats for every allocation), or a report whose end is lost. */
export function dumpIncidents(dumps: readonly PlacedEvent<KernelOomEvent>[], m: Material): Incident[] {
  const groups = grouped(dumps, (last, dump) => {
    const [a, b] = [last.event.dump, dump.event.dump]
    const sameScope = a.scope === b.scope || a.scope === null || b.scope === null
    // A report that lost its group's name is of the burst that it stands in; one that stands alone may be of another group.
    const named = a.oomMemcg !== null && b.oomMemcg !== null
    const samePath = named || (a.scope !== 'memcg' && b.scope !== 'memcg') ? a.oomMemcg === b.oomMemcg : inOneBurst(last, dump)
    return sameScope && samePath && sameHost(last.host, dump.host) && closeInTime(last, dump)
  })
  return groups.map((group) => {
    const main = group.map((g) => g.event.dump)
    const ended = main.some((d) => d.panic !== null || d.noKillable)
    const path = main.find((d) => d.oomMemcg !== null)?.oomMemcg ?? null
    const lived = path === null ? null : workloadIn(path, m.directory)
    return finish(
      {
        kills: [],
        dumps: group,
        workload: lived?.workload ?? null,
        workloads: [],
        nature: ended ? 'no-kill' : 'dump-without-kill',
        host: group.find((g) => g.host !== null)?.host ?? null,
        own: new Set(),
        refs: lived?.ref != null ? [lived.ref] : [],
      },
      m,
    )
  })
}

/** Less than ten minutes apart, as for kills of one shortage (contract); together where nothing tells. */
const closeInTime = (a: PlacedEvent, b: PlacedEvent): boolean => Math.abs(gapUs(a.at, b.at) ?? 0) < 10 * minuteUs

const burstUs = 10_000_000
const inOneBurst = (a: PlacedEvent, b: PlacedEvent): boolean => Math.abs(gapUs(a.at, b.at) ?? Number.POSITIVE_INFINITY) <= burstUs

/** Whether something was killed near an application's complaint: then the complaint is part of that story. */
function nearKill(placed: PlacedEvent, m: Material): boolean {
  const ref = placed.event.kind === 'runtime' && placed.event.target !== null ? m.directory.complete(placed.event.target) : null
  return m.killIndex
    .near(placed.host, placed.at, 2 * minuteUs)
    .some((k) => closeTo(k.at, placed.at, 2 * minuteUs) && (ref === null || k.target === null || samePod(k.target, ref)))
}
const closeTo = (a: Instant, b: Instant, us: number): boolean => Math.abs(gapUs(a, b) ?? 0) < us

/** Refused allocations: the kernel's own line, or an application's ENOMEM with nothing killed near it. */
export function refusedIncidents(m: Material): Incident[] {
  const isRefusal = (e: Event): e is KernelNotice | RuntimeEvent =>
    (e.kind === 'kernel-notice' && e.notice === 'vm-enough-memory') || (e.kind === 'runtime' && e.what === 'allocation-refused')
  const placed = m.events.filter((p): p is PlacedEvent<KernelNotice | RuntimeEvent> => isRefusal(p.event) && !nearKill(p, m))
  return grouped(placed, (a, b) => sameHost(a.host, b.host) && closeInTime(a, b)).map((group) =>
    withoutKills(group, 'refused-allocation', m),
  )
}

/** A runtime that gave up by itself, with nothing killed near it. */
export function runtimeIncidents(m: Material): Incident[] {
  const placed = m.events.filter(
    (p): p is PlacedEvent<RuntimeEvent> => p.event.kind === 'runtime' && p.event.what === 'heap-exhausted' && !nearKill(p, m),
  )
  const speaker = (p: PlacedEvent<RuntimeEvent>): string => {
    const t = p.event.target === null ? null : m.directory.complete(p.event.target)
    return t !== null ? `${t.podUid ?? t.pod}|${t.container}` : `${p.event.quotes[0]?.source}|${p.event.runtime}`
  }
  return grouped(
    placed,
    (a, b) => sameHost(a.host, b.host) && speaker(a) === speaker(b) && Math.abs(gapUs(a.at, b.at) ?? 0) < 24 * 60 * minuteUs,
  ).map((group) => withoutKills(group, 'runtime-heap', m))
}

/** Each event with the first group whose last one it belongs together with. */
function grouped<E extends PlacedEvent>(placed: readonly E[], together: (a: E, b: E) => boolean): E[][] {
  const groups: E[][] = []
  for (const p of placed) {
    const home = groups.find((g) => together(g.at(-1) as E, p))
    if (home !== undefined) home.push(p)
    else groups.push([p])
  }
  return groups
}

function withoutKills(group: readonly PlacedEvent<KernelNotice | RuntimeEvent>[], nature: Incident['nature'], m: Material): Incident {
  const targets = group.map((p) => (p.event.kind === 'runtime' ? p.event.target : null)).filter((t): t is ContainerRef => t !== null)
  const ref = targets[0] === undefined ? null : m.directory.complete(targets[0])
  const unit = ref === null ? unitThatEnded(group, m.events) : null
  const host = group.find((p) => p.host !== null)?.host ?? (ref === null ? null : (m.directory.podOf(ref)?.node ?? null))
  // The events themselves stay in the context: rules quote them. They are what the incident is about.
  const incident = finish(
    {
      kills: [],
      dumps: [],
      workload: ref !== null ? workloadFor(ref, m.directory, null) : unit !== null ? unitWorkload(unit) : processOf(group),
      workloads: [],
      nature,
      host,
      own: new Set(group.map((p) => p.event)),
      at: group.map((p) => p.at),
      refs: ref === null ? [] : [ref],
      units: unit === null ? [] : [unit],
    },
    m,
  )
  return { ...incident, proofsBeside: proofsBeside(group, m), context: inTime([...group, ...incident.context], (placed) => placed.at) }
}

/** So near in the same text it may be about the same end. */
const NEAR_LINES = 40

/** Words of a kill beside a program's own, which no kill answers for: then it is not sure that nothing was killed. */
function proofsBeside(group: readonly PlacedEvent[], { evidence, kills }: Material): readonly Quote[] {
  const told = group.flatMap(({ event }) => event.quotes)
  const pids = new Set(kills.map(({ pid }) => pid))
  const lines = new Set(kills.flatMap((kill) => kill.evidence.map(({ source, line }) => `${source}\n${line}`)))
  return evidence
    .flatMap(({ sightings }) => sightings ?? [])
    .filter(({ pid, quote }) => (pid === null || !pids.has(pid)) && !lines.has(`${quote.source}\n${quote.line}`))
    .filter(({ quote }) => told.some((own) => own.source === quote.source && Math.abs((own.line ?? 0) - (quote.line ?? 0)) <= NEAR_LINES))
    .map(({ quote }) => quote)
    .slice(0, 4)
}

/** A process, where a line names at least the program or its runtime. */
function processOf(group: readonly PlacedEvent<KernelNotice | RuntimeEvent>[]): Workload | null {
  const named = group.some((p) => (p.event.kind === 'kernel-notice' ? p.event.comm !== null : true))
  return named ? processWorkload : null
}
