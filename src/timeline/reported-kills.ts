import type { ContainerRef, NodeEvent, ObjectEvent, UnitEvent } from '../model/event.ts'
import type { Instant, Kill, PlacedEvent } from '../model/incident.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'
import { noRef, sameContainer, workloadFor, workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import { isGuess, type KillIndex, killIndex } from './kill-index.ts'
import { exactly, killFrom, minuteUs, type Scene, secondUs, unplaced, within } from './other-deaths.ts'
import { unitOf } from './userspace-kills.ts'

/** `OOMKilled` in a status, an OOMKilling event, systemd's echo: a kernel kill whose lines we do not have. */
export function reportedKills(scene: Scene, known: readonly Kill[]): Kill[] {
  const index = killIndex(known)
  const told = toldByEvents(scene, known)
  const found: Kill[] = []
  const isKnown = (d: Report): boolean =>
    (d.ref !== null && index.ofContainer(d.ref).some((k) => isReportOf(d, k))) ||
    index.near(d.host, d.at, 12 * secondUs).some((k) => mayBeReportOf(d, k))
  const keep = (kills: readonly Kill[]): void => {
    for (const kill of kills) index.add(kill)
    found.push(...kills)
  }
  for (const pod of scene.pods)
    for (const c of pod.containers) for (const state of [c.state, c.lastState]) keep(fromStatus(pod, c, state, scene, isKnown))
  for (const pod of scene.pods) keep(fromTable(pod, scene, isKnown))
  for (const inspected of scene.runtimes) keep(fromInspect(inspected, scene, isKnown))
  const named = withVictims(found, told)
  const later = killIndex(named)
  const lone = told.filter((t) => !named.some((k) => k.event === t.event))
  const fresh = lone.filter((t) => !later.near(t.host, t.at, 5 * minuteUs).some((k) => sameDeath(k, t.host, t.pid, t.at)))
  const units = killIndex([...known, ...named, ...fresh])
  const byUnit: Kill[] = []
  for (const placed of scene.events) {
    const e = placed.event
    if (e.kind !== 'unit' || e.what !== 'oom-killed' || e.unit.endsWith('.slice')) continue
    const kills = fromUnit(placed as PlacedEvent<UnitEvent>, scene, units)
    for (const kill of kills) units.add(kill)
    byUnit.push(...kills)
  }
  return [...named, ...fresh, ...byUnit]
}

/** Node events that name a victim: SystemOOM of kubelets from 1.20, OOMKilling of the node problem detector. */
function toldByEvents(scene: Scene, known: readonly Kill[]): Kill[] {
  const index = killIndex(known)
  const told: Kill[] = []
  for (const placed of scene.events) {
    const e = placed.event
    const kills =
      e.kind === 'node' && (e.what === 'npd-oom-killing' || e.what === 'system-oom') && e.pid !== null
        ? fromNodeEvent(placed as PlacedEvent<NodeEvent>, scene, index)
        : e.kind === 'object-event' && (e.reason === 'OOMKilling' || e.reason === 'SystemOOM')
          ? fromObjectEvent(placed as PlacedEvent<ObjectEvent>, scene, index)
          : []
    for (const kill of kills) index.add(kill)
    told.push(...kills)
  }
  return told
}

/** A status tells whose container it was, a node's event which process: one death, where just one of each lies near the other. */
function withVictims(statuses: readonly Kill[], told: readonly Kill[]): Kill[] {
  const near = (a: Kill, b: Kill): boolean => sameHost(a.host, b.host) && within(a.at, b.at, 10 * secondUs)
  return statuses.map((kill) => {
    const events = told.filter((t) => near(kill, t))
    const [event] = events
    if (event === undefined || events.length > 1 || statuses.filter((k) => near(k, event)).length > 1) return kill
    const { pid, comm, uid, oomScoreAdj, constraint, totalVmBytes, anonRssBytes, fileRssBytes, shmemRssBytes, pgtablesBytes } = event
    const figures = { pid, comm, uid, oomScoreAdj, constraint, totalVmBytes, anonRssBytes, fileRssBytes, shmemRssBytes, pgtablesBytes }
    return { ...kill, ...figures, event: event.event, evidence: [...kill.evidence, ...event.evidence] }
  })
}

/** Of two pods that died in the same second nobody can tell which is whose; still they are no further deaths. */
function mayBeReportOf(d: Report, kill: Kill): boolean {
  if (
    d.ref === null ||
    d.ref.podUid !== null ||
    d.ref.containerId !== null ||
    kill.dump === null ||
    kill.target?.podUid == null ||
    kill.target.pod !== null
  )
    return false
  return sameHost(d.host, kill.host) && (d.at.epochUs === null || within(kill.at, d.at, 11 * secondUs))
}

type Report = { ref: ContainerRef | null; at: Instant; startedUs?: number | null; host: string | null }

function isReportOf(d: Report, kill: Kill): boolean {
  if (d.ref === null || kill.target === null || !sameContainer(d.ref, kill.target)) return false
  const bothIds = d.ref.containerId !== null && kill.target.containerId !== null
  if (bothIds) return d.startedUs == null || kill.at.epochUs === null || kill.at.epochUs >= d.startedUs - 10 * secondUs
  return (
    kill.at.epochUs === null ||
    d.at.epochUs === null ||
    within(kill.at, d.at, 15 * secondUs) ||
    (d.startedUs != null && kill.at.epochUs >= d.startedUs && kill.at.epochUs <= d.at.epochUs + 10 * secondUs)
  )
}

/** runc's word for a container that never came up, in the message of a StartError (128): the kernel killed its init. */
const initKilled = /container init was OOM-killed/

function fromStatus(
  pod: PodSnapshot,
  c: ContainerSnapshot,
  state: ContainerState | null,
  scene: Scene,
  isKnown: (d: Report) => boolean,
): Kill[] {
  if (state?.kind !== 'terminated' || !(state.reason === 'OOMKilled' || initKilled.test(state.message ?? ''))) return []
  const id = state.containerId ?? (state === c.state ? c.containerId : null)
  const ref: ContainerRef = { namespace: pod.namespace, pod: pod.name, podUid: pod.uid, container: c.name, containerId: id }
  const at = state.finishedUs === null ? unplaced(1e9) : exactly(state.finishedUs, 1e9)
  if (isKnown({ ref, at, startedUs: state.startedUs, host: pod.node })) return []
  const workload = workloadFor(scene.directory.complete(ref), scene.directory, null)
  return [
    killFrom({
      at,
      host: pod.node,
      boot: '',
      killer: 'kernel',
      ref,
      memcg: null,
      workload,
      evidence: state.quotes,
      event: null,
      vouched: true,
    }),
  ]
}

/** The STATUS column of `kubectl get pods`, where nothing else tells of that pod: a death without time and container. */
function fromTable(pod: PodSnapshot, scene: Scene, isKnown: (d: Report) => boolean): Kill[] {
  if (pod.reason !== 'OOMKilled' || pod.containers.length > 0) return []
  const known = scene.directory.complete({ ...noRef, namespace: pod.namespace, pod: pod.name, podUid: pod.uid })
  if ((scene.directory.podOf(known)?.containers.length ?? 0) > 0) return []
  const at = unplaced(1e9)
  if (isKnown({ ref: known, at, host: pod.node })) return []
  const workload = workloadFor(known, scene.directory, null)
  return [
    killFrom({
      at,
      host: pod.node,
      boot: '',
      killer: 'kernel',
      ref: known,
      memcg: null,
      workload,
      evidence: pod.quotes,
      event: null,
      vouched: true,
    }),
  ]
}

/**
 * `State.OOMKilled` of docker and podman, `reason: OOMKilled` of crictl. A container that still runs lost a child (kubernetes-oom §5.3): a kill whose time nobody
 * knows, which only the kernel's log could tell apart from others.
 */
function fromInspect(c: RuntimeContainerSnapshot, scene: Scene, isKnown: (d: Report) => boolean): Kill[] {
  if (c.oomKilled !== true) return []
  const named = c.podName !== null || c.podUid !== null
  const ref: ContainerRef = scene.directory.complete({
    namespace: c.namespace,
    pod: c.podName,
    podUid: c.podUid,
    container: c.name,
    containerId: c.containerId,
  })
  const at = c.finishedUs === null || c.running === true ? unplaced(1e9) : exactly(c.finishedUs, 1e9)
  const host = scene.directory.podOf(ref)?.node ?? scene.runtimeHost(c)
  if (isKnown({ ref, at, host })) return []
  const workload = workloadFor(ref, scene.directory, null)
  return [
    killFrom({
      at,
      host,
      boot: '',
      killer: 'kernel',
      ref,
      memcg: c.cgroupPath,
      workload: { ...workload, kind: named ? 'pod' : 'container', runtime: workload.runtime ?? c.runtime },
      evidence: c.quotes,
      event: null,
      vouched: true,
    }),
  ]
}

const sameDeath = (k: Kill, host: string | null, pid: number | null, at: Instant): boolean =>
  sameHost(k.host, host) &&
  (pid !== null && k.pid !== null
    ? k.pid === pid && (k.at.epochUs === null || at.epochUs === null || isGuess(at) || isGuess(k.at) || within(k.at, at, 5 * minuteUs))
    : within(k.at, at, 2 * minuteUs))

function fromNodeEvent(placed: PlacedEvent<NodeEvent>, scene: Scene, known: KillIndex): Kill[] {
  const e = placed.event
  const host = placed.host ?? e.node
  if (
    known.near(host, placed.at, 5 * minuteUs).some((k) => sameDeath(k, host, e.pid, placed.at)) ||
    scene.kernelCovers(host, placed.at.epochUs)
  )
    return []
  return [
    killFrom({
      at: placed.at,
      host,
      boot: placed.boot,
      killer: 'kernel',
      ref: null,
      memcg: null,
      workload: null,
      evidence: e.quotes,
      event: e,
      pid: e.pid,
      comm: e.comm,
      vouched: false,
      ...figuresIn(e.message ?? ''),
    }),
  ]
}

/** What a kernel's kill line says beside the victim, where an event repeats it whole: the prefix tells a group's limit from the machine. */
function figuresIn(message: string): Partial<Kill> {
  const kib = (name: string): number | null => {
    const value = new RegExp(`\\b${name}:(?<kib>\\d+)kB`).exec(message)?.groups?.['kib']
    return value === undefined ? null : Number(value) * 1024
  }
  const number = (pattern: RegExp): number | null => {
    const value = pattern.exec(message)?.groups?.['n']
    return value === undefined ? null : Number(value)
  }
  const memcg = /^Memory cgroup out of memory: Kill/.test(message)
  return {
    constraint: memcg ? 'memcg' : /^Out of memory: Kill/.test(message) ? 'none' : null,
    totalVmBytes: kib('total-vm'),
    anonRssBytes: kib('anon-rss'),
    fileRssBytes: kib('file-rss'),
    shmemRssBytes: kib('shmem-rss'),
    pgtablesBytes: kib('pgtables'),
    uid: number(/\bUID:(?<n>\d+)/),
    oomScoreAdj: number(/\boom_score_adj:(?<n>-?\d+)/),
  }
}

/** `Killed process 123 (java) …` (node-problem-detector) and `System OOM encountered, victim process: java, pid: 123` (kubelet ≥ 1.20). */
const victimWords = [/Kill(?:ed)? process (?<pid>\d+),? (?:UID \d+, )?\((?<comm>[^)]*)\)/, /victim process: (?<comm>.*), pid: (?<pid>\d+)/]

function fromObjectEvent(placed: PlacedEvent<ObjectEvent>, scene: Scene, known: KillIndex): Kill[] {
  const e = placed.event
  const groups = victimWords.map((r) => r.exec(e.message)?.groups).find((g) => g !== undefined)
  const host = e.objectKind === 'Node' ? (e.name ?? placed.host) : placed.host
  const pid = groups === undefined ? null : Number(groups['pid'])
  if (
    pid === null ||
    known.near(host, placed.at, 5 * minuteUs).some((k) => sameDeath(k, host, pid, placed.at)) ||
    scene.kernelCovers(host, placed.at.epochUs)
  )
    return []
  return [
    killFrom({
      at: placed.at,
      host,
      boot: placed.boot,
      killer: 'kernel',
      ref: null,
      memcg: null,
      workload: null,
      evidence: e.quotes,
      event: e,
      pid,
      comm: groups?.['comm'] ?? null,
      vouched: false,
      ...figuresIn(e.message),
    }),
  ]
}

function fromUnit(placed: PlacedEvent<UnitEvent>, scene: Scene, known: KillIndex): Kill[] {
  const { unit } = placed.event
  const near = known
    .near(placed.host, placed.at, 2 * minuteUs)
    .some((k) => k.at.epochUs === null || placed.at.epochUs === null || within(k.at, placed.at, 2 * minuteUs))
  const byOomd = scene.oomd.some(
    (p) =>
      (p.event.kind === 'userspace-kill' || (p.event.kind === 'unit' && p.event.what === 'oomd-killed')) &&
      unitOf(p.event) === unit &&
      (p.at.epochUs === null || placed.at.epochUs === null || within(p.at, placed.at, 30 * secondUs)),
  )
  if (near || byOomd || scene.kernelCovers(placed.host, placed.at.epochUs)) return []
  const lived = workloadIn(
    unit.endsWith('.scope') && /-[0-9a-f]{64}\.scope$/.test(unit) ? `/${unit}` : `/system.slice/${unit}`,
    scene.directory,
  )
  return [
    killFrom({
      at: placed.at,
      host: placed.host,
      boot: placed.boot,
      killer: 'kernel',
      ref: lived.ref,
      memcg: null,
      workload: lived.workload,
      evidence: placed.event.quotes,
      event: placed.event,
      vouched: false,
    }),
  ]
}
