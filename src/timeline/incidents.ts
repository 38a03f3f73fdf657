import type { ContainerRef, Event, KernelNotice, KernelOomEvent, RuntimeEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Coverage, Incident, Instant, Kill, PlacedEvent, Workload } from '../model/incident.ts'
import type { NodeSnapshot, PodSnapshot, Snapshot } from '../model/snapshot.ts'
import { clusters } from './cluster.ts'
import { contextOf, type Story } from './context.ts'
import type { ContextIndex } from './context-index.ts'
import { type Directory, samePod, workloadFor, workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import type { KillIndex } from './kill-index.ts'
import { before } from './kills.ts'

const minuteUs = 60_000_000

export interface Material {
  readonly kills: readonly Kill[]
  readonly dumpsWithoutKill: readonly PlacedEvent<KernelOomEvent>[]
  readonly dumps: readonly PlacedEvent<KernelOomEvent>[]
  readonly events: readonly PlacedEvent[]
  readonly snapshots: readonly (Snapshot & { readonly bundle: string })[]
  readonly evidence: readonly SourceEvidence[]
  readonly directory: Directory
  readonly index: ContextIndex
  readonly killIndex: KillIndex
  coverage(host: string | null): Coverage
}

export function makeIncidents(m: Material): Incident[] {
  const placedByEvent = new Map<Event, PlacedEvent>(m.dumps.map((d) => [d.event, d]))
  const killed = clusters(m.kills).map((kills) => killIncident(kills, m, placedByEvent))
  const leftover = m.dumpsWithoutKill.filter((d) => !killed.some((i) => sharesShortage(d, i)))
  const others = [...dumpIncidents(leftover, m), ...refusedIncidents(m), ...runtimeIncidents(m)]
  return [...killed, ...others].sort((a, b) => before(a.first, b.first))
}

function killIncident(found: readonly Kill[], m: Material, placedByEvent: ReadonlyMap<Event, PlacedEvent>): Incident {
  const kills = namedAlike(found)
  const dumps = [...new Set(kills.map((k) => k.event))]
    .map((e) => (e === null ? undefined : placedByEvent.get(e)))
    .filter((d): d is PlacedEvent => d !== undefined)
  const workloads = distinctWorkloads(kills)
  const merged = kills[0]?.workload == null ? null : withAllIds(lastOf(kills, workloads[0] ?? kills[0].workload), kills)
  return finish(
    {
      kills,
      dumps,
      workload: merged,
      workloads: workloads.length > 1 ? workloads : [],
      nature: 'kill',
      host: kills.find((k) => k.host !== null)?.host ?? null,
      own: new Set(),
    },
    m,
  )
}

/**
 * A container's earlier run, whose id nothing names any more, bears the name of the one container of its pod in which the same program died at the same limit.
 */
function namedAlike(kills: readonly Kill[]): readonly Kill[] {
  const keyOf = ({ workload, comm, dump }: Kill): string | null =>
    workload?.podUid == null || dump?.memory?.limitBytes == null ? null : `${workload.podUid}|${comm}|${dump.memory.limitBytes}`
  const names = new Map<string, Set<string>>()
  for (const kill of kills) {
    const key = keyOf(kill)
    const name = kill.workload?.container ?? null
    if (key !== null && name !== null) names.set(key, (names.get(key) ?? new Set()).add(name))
  }
  return kills.map((kill) => {
    const known = names.get(keyOf(kill) ?? '')
    const [name] = known ?? []
    if (name === undefined || known?.size !== 1 || kill.workload === null || kill.workload.container !== null) return kill
    return { ...kill, workload: { ...kill.workload, container: name } }
  })
}

/** Workloads of an incident, each once: a restarted container is the same workload under another id. */
function distinctWorkloads(kills: readonly Kill[]): Workload[] {
  const byName = new Map<string, Workload>()
  for (const { workload, comm } of kills) {
    if (workload === null) continue
    const pod = workload.podUid ?? workload.pod
    const key =
      pod !== null
        ? `${pod}|${workload.container ?? workload.containerId ?? ''}`
        : (workload.containerId ?? workload.unit ?? (workload.kind === 'process' ? `process ${comm}` : JSON.stringify(workload)))
    const known = byName.get(key)
    byName.set(
      key,
      known === undefined ? workload : { ...workload, containerIds: [...new Set([...known.containerIds, ...workload.containerIds])] },
    )
  }
  const all = [...byName.values()]
  return all.every((w) => w.kind === 'process') ? all.slice(0, 1) : all
}

/** `containerId` is the last one killed, `containerIds` all of them (contract); the names are those of the first victim's workload. */
function lastOf(kills: readonly Kill[], first: Workload): Workload {
  const same = kills.filter((k) => k.workload !== null && sameWorkload(k.workload, first))
  return { ...first, ...pick(same.at(-1)?.workload ?? first) }
}
const pick = (w: Workload): Pick<Workload, 'containerId'> => ({ containerId: w.containerId })
const sameWorkload = (a: Workload, b: Workload): boolean =>
  a.podUid !== null || b.podUid !== null
    ? a.podUid === b.podUid && (a.container === b.container || a.container === null || b.container === null)
    : a.containerId === b.containerId && a.unit === b.unit

function withAllIds(w: Workload, kills: readonly Kill[]): Workload {
  const ids = kills
    .filter((k) => k.workload !== null && sameWorkload(k.workload, w))
    .map((k) => k.workload?.containerId)
    .filter((id): id is string => id != null)
  return { ...w, containerIds: [...new Set(ids)] }
}

interface Draft {
  readonly kills: readonly Kill[]
  readonly dumps: readonly PlacedEvent[]
  readonly workload: Workload | null
  readonly workloads: readonly Workload[]
  readonly nature: Incident['nature']
  readonly host: string | null
  /** Events that are the incident itself. */
  readonly own: ReadonlySet<Event>
  readonly at?: readonly Instant[]
  readonly refs?: readonly ContainerRef[]
}

function finish(draft: Draft, m: Material): Incident {
  const instants = [
    ...draft.kills.map((k) => k.at),
    ...(draft.at ?? []),
    ...(draft.kills.length === 0 ? draft.dumps.map((d) => d.at) : []),
  ].sort(before)
  const first = instants[0] as Instant
  const last = instants.at(-1) as Instant
  const refs = [...(draft.refs ?? []), ...draft.kills.map((k) => k.target).filter((t): t is ContainerRef => t !== null)]
  const placed = instants.map((i) => i.epochUs).filter((t): t is number => t !== null)
  const story: Story = {
    host: draft.host,
    kills: draft.kills,
    fromUs: placed.length > 0 ? Math.min(...placed) : null,
    toUs: placed.length > 0 ? Math.max(...placed) : null,
    refs: uniqueRefs(refs),
    units: new Set(draft.kills.flatMap((k) => unitsOf(k))),
    pids: new Set(draft.kills.map((k) => k.pid).filter((p): p is number => p !== null)),
    nodeWide: draft.kills.length === 0 || draft.kills.some((k) => k.killer === 'kubelet' || isNodeWide(k)),
    events: draft.own,
  }
  const pods = podsOf(story.refs, m)
  const nodeName = draft.host ?? pods[0]?.node ?? null
  const host = draft.host ?? nodeName
  return {
    host,
    kills: draft.kills,
    dumps: draft.dumps,
    context: contextOf(story, m.index),
    first,
    last,
    workload: draft.workload,
    workloads: draft.workloads,
    pods,
    node: nodeOf(nodeName, m),
    snapshots: m.snapshots.filter((s) => !('host' in s) || sameHost(s.host, host)),
    nature: draft.nature,
    coverage: m.coverage(host),
  }
}

const isNodeWide = (k: Kill): boolean =>
  k.dump !== null && (k.dump.scope === 'global' || /(^|\/)kubepods(\.slice)?$/.test(k.dump.oomMemcg ?? ''))

function unitsOf(k: Kill): string[] {
  const names = [k.workload?.unit, k.memcg?.split('/').at(-1), k.dump?.oomMemcg?.split('/').at(-1)]
  return names.filter((n): n is string => n != null && /\.(service|scope|slice)$/.test(n) && n !== 'system.slice' && n !== 'user.slice')
}

const uniqueRefs = (refs: readonly ContainerRef[]): ContainerRef[] => [
  ...new Map(refs.map((r) => [`${r.podUid ?? r.pod}|${r.container}|${r.containerId}`, r])).values(),
]

function podsOf(refs: readonly ContainerRef[], m: Material): PodSnapshot[] {
  const found = refs.map((r) => m.directory.podOf(r)).filter((p): p is PodSnapshot => p !== null)
  const same = m.snapshots.filter(
    (s): s is PodSnapshot & { bundle: string } => s.kind === 'pod' && found.some((p) => p.name === s.name && p.namespace === s.namespace),
  )
  return [...new Set<PodSnapshot>([...found, ...same])]
}

function nodeOf(name: string | null, m: Material): NodeSnapshot | null {
  const nodes = m.snapshots.filter((s): s is NodeSnapshot & { bundle: string } => s.kind === 'node')
  const own = nodes.filter((n) => name !== null && sameHost(n.name, name))
  return (
    own.sort((a, b) => Number(b.allocated !== null) - Number(a.allocated !== null))[0] ??
    (name === null && nodes.length === 1 ? (nodes[0] as NodeSnapshot) : null)
  )
}

/** A report whose kill line is lost, close to a kill under the same shortage, is part of that incident's burst. */
function sharesShortage(dump: PlacedEvent<KernelOomEvent>, incident: Incident): boolean {
  if (!sameHost(dump.host, incident.host)) return false
  return incident.kills.some((k) => {
    if (k.dump === null || k.dump.scope !== dump.event.dump.scope || k.dump.oomMemcg !== dump.event.dump.oomMemcg) return false
    if (k.at.epochUs !== null && dump.at.epochUs !== null) return Math.abs(k.at.epochUs - dump.at.epochUs) < 10 * minuteUs
    return k.boot === dump.boot && k.at.uptimeSeconds !== null && dump.at.uptimeSeconds !== null
      ? Math.abs(k.at.uptimeSeconds - dump.at.uptimeSeconds) < 600
      : false
  })
}

/** Reports without any known kill: a panic, nothing killable (it repeats for every allocation), or a report whose end is lost. */
function dumpIncidents(dumps: readonly PlacedEvent<KernelOomEvent>[], m: Material): Incident[] {
  const groups: PlacedEvent<KernelOomEvent>[][] = []
  for (const dump of dumps) {
    const home = groups.find((g) => {
      const last = g.at(-1) as PlacedEvent<KernelOomEvent>
      const [a, b] = [last.event.dump, dump.event.dump]
      const sameScope = a.scope === b.scope || a.scope === null || b.scope === null
      const samePath = a.oomMemcg === b.oomMemcg || a.oomMemcg === null || b.oomMemcg === null
      return sameScope && samePath && sameHost(last.host, dump.host) && closeInTime(last, dump)
    })
    if (home !== undefined) home.push(dump)
    else groups.push([dump])
  }
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

function closeInTime(a: PlacedEvent, b: PlacedEvent): boolean {
  if (a.at.epochUs !== null && b.at.epochUs !== null) return Math.abs(a.at.epochUs - b.at.epochUs) < 10 * minuteUs
  if (a.boot === b.boot && a.at.uptimeSeconds !== null && b.at.uptimeSeconds !== null)
    return Math.abs(a.at.uptimeSeconds - b.at.uptimeSeconds) < 600
  return true
}

/** Whether something was killed near an application's complaint: then the complaint is part of that story. */
function nearKill(placed: PlacedEvent, m: Material): boolean {
  const ref = placed.event.kind === 'runtime' && placed.event.target !== null ? m.directory.complete(placed.event.target) : null
  return m.killIndex
    .near(placed.host, placed.at, 2 * minuteUs)
    .some((k) => closeTo(k.at, placed.at, 2 * minuteUs) && (ref === null || k.target === null || samePod(k.target, ref)))
}
const closeTo = (a: Instant, b: Instant, us: number): boolean =>
  a.epochUs === null || b.epochUs === null || Math.abs(a.epochUs - b.epochUs) < us

/** Refused allocations: the kernel's own line, or an application's ENOMEM with nothing killed near it. */
function refusedIncidents(m: Material): Incident[] {
  const isRefusal = (e: Event): e is KernelNotice | RuntimeEvent =>
    (e.kind === 'kernel-notice' && e.notice === 'vm-enough-memory') || (e.kind === 'runtime' && e.what === 'allocation-refused')
  const placed = m.events.filter((p): p is PlacedEvent<KernelNotice | RuntimeEvent> => isRefusal(p.event) && !nearKill(p, m))
  return grouped(placed, (a, b) => sameHost(a.host, b.host) && closeInTime(a, b)).map((group) =>
    withoutKills(group, 'refused-allocation', m),
  )
}

function runtimeIncidents(m: Material): Incident[] {
  const placed = m.events.filter(
    (p): p is PlacedEvent<RuntimeEvent> => p.event.kind === 'runtime' && p.event.what === 'heap-exhausted' && !nearKill(p, m),
  )
  const speaker = (p: PlacedEvent<RuntimeEvent>): string => {
    const t = p.event.target === null ? null : m.directory.complete(p.event.target)
    return t !== null ? `${t.podUid ?? t.pod}|${t.container}` : `${p.event.quotes[0]?.source}|${p.event.runtime}`
  }
  return grouped(placed, (a, b) => sameHost(a.host, b.host) && speaker(a) === speaker(b)).map((group) =>
    withoutKills(group, 'runtime-heap', m),
  )
}

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
  const comm = group.map((p) => (p.event.kind === 'kernel-notice' ? p.event.comm : p.event.runtime)).find((c) => c !== null) ?? null
  const workload =
    ref !== null
      ? workloadFor(ref, m.directory, null)
      : comm !== null
        ? ({
            kind: 'process',
            namespace: null,
            pod: null,
            podUid: null,
            container: null,
            containerId: null,
            containerIds: [],
            owner: null,
            runtime: null,
            qosClass: null,
            unit: null,
          } as const)
        : null
  const host = group.find((p) => p.host !== null)?.host ?? (ref === null ? null : (m.directory.podOf(ref)?.node ?? null))
  // The events themselves stay in the context: rules quote them. They are what the incident is about.
  const incident = finish(
    {
      kills: [],
      dumps: [],
      workload,
      workloads: [],
      nature,
      host,
      own: new Set(group.map((p) => p.event)),
      at: group.map((p) => p.at),
      refs: ref === null ? [] : [ref],
    },
    m,
  )
  return { ...incident, context: [...group, ...incident.context].sort((a, b) => before(a.at, b.at)) }
}
