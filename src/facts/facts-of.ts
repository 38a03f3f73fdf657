import { accountingInForce, accountMachine, accountMemcg } from '../kernel/accounting.ts'
import { hitLimit } from '../kernel/memcg-limit.ts'
import { scoreTasks } from '../kernel/scores.ts'
import { zoneStates } from '../kernel/zones.ts'
import { identifyCgroup } from '../kube/cgroup-path.ts'
import { sameId } from '../kube/ids.ts'
import type { Confidence } from '../model/diagnosis.ts'
import type { Event } from '../model/event.ts'
import type { Incident, Kill, PlacedEvent } from '../model/incident.ts'
import type { OomDump } from '../model/oom-dump.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot, RuntimeContainerSnapshot, Snapshot, Told } from '../model/snapshot.ts'
import { curvesOf } from '../series/curves.ts'
import { risesOf } from '../series/rises.ts'
import { composeMemory, hadRoom } from './composition.ts'
import type { ContextFacts, IncidentFacts, MemcgLimit } from './incident-facts.ts'
import { mainDump } from './main-dump.ts'

/** Derives once what rules ask and the report shows: figures, identities, objects, and the events around, by kind. Pure; never throws. */
export function factsOf(incident: Incident): IncidentFacts {
  const kill = incident.kills[0] ?? null
  const dump = mainDump(incident)
  const meminfo = numbersOf(incident.snapshots)
  const scoresOf = memo((of: OomDump) => scoreTasks(of, { swapTotalBytes: meminfo?.['SwapTotal']?.value ?? null }))
  const memcgAccounting = dump === null ? null : accountMemcg(dump)
  const machineAccounting = dump === null ? null : accountMachine(dump)
  const memcgLimit = memcgLimitOf(dump, kill)
  const scope = scopeOf(dump, kill)
  const victimPath = dump?.taskMemcg ?? kill?.memcg ?? null
  const pod = podOf(incident, kill)
  const container = containerOf(pod, incident, kill)
  const zones = dump === null ? null : zoneStates(dump)
  const inForce = dump === null ? null : accountingInForce(dump, scope)
  // Without a report the container's own limit is what an event's figures (OOMKilling) are held against.
  const limitBytes = memcgLimit?.limitBytes ?? (dump === null ? (container?.limitBytes?.value ?? null) : null)
  const composed = composeMemory(dump, kill, inForce, scope === 'memcg' ? limitBytes : null)
  const roomy = dump !== null && hadRoom(dump, composed, zones)
  return {
    incident,
    kill,
    dump,
    scores: dump === null ? null : scoresOf(dump),
    scoresOf,
    accounting: inForce ?? machineAccounting ?? memcgAccounting,
    memcgAccounting,
    machineAccounting,
    zones,
    limitCgroup: memcgLimit?.path == null ? null : identifyCgroup(memcgLimit.path),
    victimCgroup: victimPath === null ? null : identifyCgroup(victimPath),
    pod,
    container,
    inspected: inspectedOf(incident, kill),
    node: incident.node,
    memcgLimit,
    scope,
    hadRoom: roomy,
    composition: roomy ? null : composed,
    swap: swapOf(dump),
    trust: trustOf(incident, kill),
    started: startOf(incident, kill, container),
    commandLine: commandLineOf(incident, kill),
    context: contextOf(incident),
    meminfo,
    sysctl: wordsOf(incident.snapshots, 'sysctl'),
    settings: wordsOf(incident.snapshots, 'setting') ?? {},
    cgroups: incident.snapshots.filter((s) => s.kind === 'cgroup'),
    rises: risesOf(incident),
    curves: curvesOf(incident, {
      limitBytes: memcgLimit?.limitBytes ?? container?.limitBytes?.value ?? pod?.limitBytes?.value ?? null,
      nodeBytes: meminfo?.['MemTotal']?.value ?? incident.node?.capacityBytes?.value ?? null,
    }),
  }
}

/** Kills of one run share a dump: its scores are made once. Those of a dump with one kill are nobody else's, and there may be a hundred thousand. */
function memo<K extends OomDump, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return (key) => {
    if (key.kills.length < 2) return make(key)
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    known.set(key, made)
    return made
  }
}

function scopeOf(dump: OomDump | null, kill: Kill | null): IncidentFacts['scope'] {
  if (dump?.scope != null) return dump.scope === 'memcg' && dump.oomMemcg === '/' ? 'global' : dump.scope
  if (kill?.constraint === 'memcg' || dump?.constraint === 'memcg') return 'memcg'
  const constraint = dump?.constraint ?? kill?.constraint ?? null
  return constraint === null ? null : 'global'
}

function memcgLimitOf(dump: OomDump | null, kill: Kill | null): MemcgLimit | null {
  if (dump === null || scopeOf(dump, kill) !== 'memcg') return null
  // Statistics whose head was left out have no name.
  const fromStatistics = dump.stats[0]?.path || null
  const path = dump.oomMemcg ?? fromStatistics
  const hit = hitLimit(dump)
  return {
    path,
    limitBytes: hit?.counter.limitBytes ?? null,
    usageBytes: hit?.counter.usageBytes ?? null,
    of: hit?.of ?? 'memory',
    reached: hit?.reached ?? null,
    pathFrom: dump.oomMemcg !== null ? 'printed' : fromStatistics !== null ? 'statistics' : null,
  }
}

function swapOf(dump: OomDump | null): IncidentFacts['swap'] {
  const total = dump?.memInfo?.totalSwapBytes ?? null
  const free = dump?.memInfo?.freeSwapBytes ?? null
  return total === null || free === null ? null : { totalBytes: total, freeBytes: free }
}

/** One source that knows the writer vouches; a whole report whose parts agree vouches for itself; a lone line does not. */
function trustOf(incident: Incident, kill: Kill | null): Confidence {
  if (kill !== null) return kill.vouched ? 'high' : 'medium'
  if ((incident.proofsBeside ?? []).length > 0) return 'low'
  const [first] = incident.dumps
  if (first === undefined)
    return incident.context.some(({ event }) => event.kind !== 'kernel-notice' || event.writer !== 'userspace') ? 'high' : 'medium'
  if (first.event.writer === 'kernel') return 'high'
  if (first.event.writer === 'shipper') return 'medium'
  const has = first.event.kind === 'kernel-oom' ? first.event.dump.has : null
  return has?.header && (has.memInfo || has.memcg) ? 'high' : 'medium'
}

function podOf(incident: Incident, kill: Kill | null): PodSnapshot | null {
  const workload = kill?.workload ?? incident.workload
  const uid = workload?.podUid ?? kill?.target?.podUid ?? null
  const name = workload?.pod ?? kill?.target?.pod ?? null
  const named = (pod: PodSnapshot): boolean => name !== null && pod.name === name && sameNamespace(pod, workload?.namespace ?? null)
  // `describe` prints no UID: there the name decides.
  const matching = incident.pods.filter((pod) =>
    uid !== null && (pod.uid !== null || pod.configHash !== null) ? pod.uid === uid || pod.configHash === uid : named(pod),
  )
  // Of several captures the one with the most to say: a status beats a bare spec. Of rows of a table it is the one that tells of the death.
  const most = matching.toSorted((a, b) => weightOf(b) - weightOf(a))[0] ?? null
  return most === null || weightOf(most) === 0 ? (kill?.told?.pod ?? most) : most
}

const sameNamespace = (pod: PodSnapshot, namespace: string | null): boolean =>
  namespace === null || pod.namespace === null || pod.namespace === namespace

function weightOf(pod: PodSnapshot): number {
  return pod.containers.reduce((sum, c) => sum + Number(c.state !== null) + Number(c.lastState !== null) + Number(c.limitBytes !== null), 0)
}

function containerOf(pod: PodSnapshot | null, incident: Incident, kill: Kill | null): ContainerSnapshot | null {
  if (pod === null) return null
  const workload = kill?.workload ?? incident.workload
  const id = workload?.containerId ?? kill?.target?.containerId ?? null
  const name = workload?.container ?? kill?.target?.container ?? incident.workload?.container ?? null
  const byId = id === null ? undefined : pod.containers.find((c) => idsOf(c).some((known) => known.startsWith(id) || id.startsWith(known)))
  return byId ?? pod.containers.find((c) => c.name !== '' && c.name === name) ?? (kill?.told?.pod === pod ? kill.told.container : null)
}

/** The inspection of that very container that tells most: a listing of containers has no command line. */
function inspectedOf(incident: Incident, kill: Kill | null): RuntimeContainerSnapshot | null {
  const id = kill?.workload?.containerId ?? kill?.target?.containerId ?? incident.workload?.containerId ?? null
  const own = incident.snapshots.filter(
    (s): s is RuntimeContainerSnapshot & typeof s => s.kind === 'runtime-container' && sameId(s.containerId, id),
  )
  return own.toSorted((a, b) => (b.started?.command.length ?? 0) - (a.started?.command.length ?? 0))[0] ?? null
}

function idsOf(container: ContainerSnapshot): readonly string[] {
  return [container.containerId, container.state?.containerId, container.lastState?.containerId].filter(
    (id) => id !== null && id !== undefined && id !== '',
  ) as string[]
}

/** Id of the run that a state is of: `describe` prints the current container's id only. */
export function runIdOf(container: ContainerSnapshot, state: ContainerState): string | null {
  return state.containerId ?? (state === container.state ? container.containerId : null)
}

/** Start of the container run that ended in the first kill. */
function startOf(incident: Incident, kill: Kill | null, container: ContainerSnapshot | null): Told<number> | null {
  const id = kill?.workload?.containerId ?? null
  const at = kill?.at.epochUs ?? null
  for (const state of container === null ? [] : [container.state, container.lastState]) {
    if (container === null || state?.startedUs == null || at === null || state.startedUs > at) continue
    const run = runIdOf(container, state)
    const spans = state.finishedUs !== null && state.finishedUs >= at - 1_000_000
    if (id !== null && run !== null ? run === id : spans) return { value: state.startedUs, quote: state.quotes[0] ?? null }
  }
  for (const { event, at: when } of incident.context) {
    if (event.kind !== 'container' || event.what !== 'started' || when.epochUs === null || id === null) continue
    const told = event.target.containerId
    if (told !== null && id.startsWith(told)) return { value: when.epochUs, quote: event.quotes[0] ?? null }
  }
  return null
}

function commandLineOf(incident: Incident, kill: Kill | null): Told<string> | null {
  for (const snapshot of incident.snapshots) {
    if (
      snapshot.kind === 'process' &&
      kill?.pid === snapshot.pid &&
      snapshot.cmdline !== null &&
      (snapshot.comm === null || snapshot.comm === kill.comm)
    )
      return { value: snapshot.cmdline, quote: snapshot.quote }
  }
  return null
}

function contextOf(incident: Incident): ContextFacts {
  const all = incident.context
  const of = <K extends Event['kind']>(kind: K) =>
    all.filter((placed): placed is PlacedEvent<Extract<Event, { kind: K }>> => placed.event.kind === kind)
  return {
    all,
    evictions: of('eviction'),
    containers: of('container'),
    nodes: of('node'),
    units: of('unit'),
    runtimes: of('runtime'),
    notices: of('kernel-notice'),
  }
}

/** Values of all snapshots of a kind, later ones over earlier ones; `null` without any. */
function merged<T>(parts: readonly Readonly<Record<string, Told<T>>>[]): Readonly<Record<string, Told<T>>> | null {
  return parts.length === 0 ? null : Object.assign({}, ...parts)
}

function numbersOf(snapshots: readonly Snapshot[]): IncidentFacts['meminfo'] {
  return merged(snapshots.flatMap((s) => (s.kind === 'meminfo' ? [s.values] : [])))
}

function wordsOf(snapshots: readonly Snapshot[], kind: 'sysctl' | 'setting'): IncidentFacts['sysctl'] {
  return merged(snapshots.flatMap((s) => (s.kind === kind ? [s.values] : [])))
}
