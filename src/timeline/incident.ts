import type { ContainerRef, Event, KernelOomEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Coverage, Incident, Instant, Kill, PlacedEvent, Workload } from '../model/incident.ts'
import type { NodeSnapshot, PodSnapshot } from '../model/snapshot.ts'
import { leastOf, mostOf } from '../units/extremes.ts'
import { contextOf, type Story } from './context.ts'
import type { ContextIndex } from './context-index.ts'
import type { Directory } from './directory.ts'
import { sameHost } from './hosts.ts'
import { inTime } from './in-time.ts'
import type { KillIndex } from './kill-index.ts'
import { latest, readTimes } from './read-times.ts'
import type { SnapshotIndex } from './snapshot-index.ts'

/** What incidents are made of. */
export interface Material {
  readonly kills: readonly Kill[]
  readonly dumpsWithoutKill: readonly PlacedEvent<KernelOomEvent>[]
  readonly dumps: readonly PlacedEvent<KernelOomEvent>[]
  readonly events: readonly PlacedEvent[]
  readonly snapshots: SnapshotIndex
  readonly evidence: readonly SourceEvidence[]
  readonly directory: Directory
  readonly index: ContextIndex
  readonly killIndex: KillIndex
  coverage(host: string | null): Coverage
}

/** What an incident is known by, before what surrounds it is found. */
export interface Draft {
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
  /** Units of an incident without kills. */
  readonly units?: readonly string[]
}

/** The incident with its span, and with what happened and stood around it. */
export function finish(draft: Draft, m: Material): Incident {
  const instants = inTime(
    [...draft.kills.map((k) => k.at), ...(draft.at ?? []), ...(draft.kills.length === 0 ? draft.dumps.map((d) => d.at) : [])],
    (instant) => instant,
  )
  const first = instants[0] as Instant
  const last = instants.at(-1) as Instant
  const refs = [...(draft.refs ?? []), ...draft.kills.map((k) => k.target).filter((t): t is ContainerRef => t !== null)]
  const placed = instants.map((i) => i.epochUs).filter((t): t is number => t !== null)
  const story: Story = {
    host: draft.host,
    kills: draft.kills,
    fromUs: placed.length > 0 ? leastOf(placed) : null,
    toUs: placed.length > 0 ? mostOf(placed) : null,
    instants: instants.length > 2 ? [...new Set([first, last, ...firstAndLastPlaced(instants)])] : instants,
    refs: uniqueRefs(refs),
    units: new Set([...draft.kills.flatMap((k) => unitsOf(k)), ...(draft.units ?? [])]),
    pids: new Set(draft.kills.map((k) => k.pid).filter((p): p is number => p !== null)),
    nodeWide: draft.kills.length === 0 || draft.kills.some((k) => k.killer === 'kubelet' || isNodeWide(k)),
    events: draft.own,
  }
  const told = draft.kills.map((k) => k.told?.pod).filter((p) => p !== undefined)
  const pods = [...new Set([...podsOf(story.refs, m), ...told])]
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
    podsReadUs: latest(pods.map((p) => readTimes(m).get(p.source) ?? null)),
    node: nodeOf(nodeName, m),
    snapshots: m.snapshots.around(host),
    nature: draft.nature,
    coverage: m.coverage(host),
  }
}

/** Of ten thousand kills the ends will do: of those with an instant and of those with an uptime or a printed time only. */
function firstAndLastPlaced(instants: readonly Instant[]): Instant[] {
  const placed = instants.filter((i) => i.epochUs !== null)
  const bare = instants.filter((i) => i.epochUs === null)
  return [placed[0], placed.at(-1), bare[0], bare.at(-1)].filter((i): i is Instant => i !== undefined)
}

const isNodeWide = (k: Kill): boolean =>
  k.dump !== null &&
  (k.dump.scope === 'global' ||
    k.dump.oomMemcg?.endsWith('/kubepods') ||
    k.dump.oomMemcg?.endsWith('/kubepods.slice') ||
    k.dump.oomMemcg === 'kubepods')

function unitsOf(k: Kill): string[] {
  const names = [k.workload?.unit, k.memcg?.split('/').at(-1), k.dump?.oomMemcg?.split('/').at(-1)]
  return names.filter(
    (n): n is string => n != null && unitEndings.some((end) => n.endsWith(end)) && n !== 'system.slice' && n !== 'user.slice',
  )
}

const unitEndings = ['.service', '.scope', '.slice'] as const

const uniqueRefs = (refs: readonly ContainerRef[]): ContainerRef[] => [
  ...new Map(refs.map((r) => [`${r.podUid ?? r.pod}|${r.container}|${r.containerId}`, r])).values(),
]

function podsOf(refs: readonly ContainerRef[], m: Material): PodSnapshot[] {
  const found = refs.map((r) => m.directory.podOf(r)).filter((p): p is PodSnapshot => p !== null)
  const same = found.flatMap((p) => m.snapshots.pods(p.namespace, p.name))
  return [...new Set<PodSnapshot>([...found, ...same])]
}

function nodeOf(name: string | null, m: Material): NodeSnapshot | null {
  const { nodes } = m.snapshots
  const own = nodes.filter((n) => name !== null && sameHost(n.name, name))
  return (
    own.sort((a, b) => Number(b.allocated !== null) - Number(a.allocated !== null))[0] ??
    (name === null && nodes.length === 1 ? (nodes[0] ?? null) : null)
  )
}
