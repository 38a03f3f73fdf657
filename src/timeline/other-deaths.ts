/**
 * Deaths that no kernel line tells of: the kubelet's evictions, userspace killers, and those that only a status, a runtime or systemd reports. Each is
 * first held against the kernel's kills: one death is one kill.
 */
import type { ContainerEvent, ContainerRef, Event, NodeEvent, ObjectEvent, UnitEvent, UserspaceKillEvent } from '../model/event.ts'
import type { Instant, Kill, Killer, PlacedEvent, Workload } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'
import { type Directory, merge, noRef, sameContainer, sameId, samePod, workloadFor, workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import { isGuess, type KillIndex, killIndex } from './kill-index.ts'
import { bestInstant } from './kills.ts'

const secondUs = 1_000_000
const minuteUs = 60 * secondUs

export interface Scene {
  readonly events: readonly PlacedEvent[]
  /** Those of `events` that tell of systemd-oomd and its like. */
  readonly oomd: readonly PlacedEvent[]
  readonly pods: readonly PodSnapshot[]
  /** What `docker inspect`, `podman inspect` and `crictl inspect` tell. */
  readonly runtimes: readonly RuntimeContainerSnapshot[]
  readonly directory: Directory
  /** Host of the source that an inspected container comes from. */
  runtimeHost(container: RuntimeContainerSnapshot): string | null
  /** Spans that kernel logs cover, per host, µs. */
  kernelCovers(host: string | null, epochUs: number | null): boolean
}

interface Death {
  readonly at: Instant
  readonly host: string | null
  readonly boot: string
  readonly killer: Killer
  readonly ref: ContainerRef | null
  readonly memcg: string | null
  readonly workload: Workload | null
  readonly evidence: readonly Quote[]
  readonly event: Event | null
  readonly pid?: number | null
  readonly comm?: string | null
  readonly uid?: number | null
  readonly oomScoreAdj?: number | null
  readonly vouched: boolean
  readonly constraint?: Kill['constraint']
  readonly totalVmBytes?: number | null
  readonly anonRssBytes?: number | null
  readonly fileRssBytes?: number | null
  readonly shmemRssBytes?: number | null
  readonly pgtablesBytes?: number | null
}

function killFrom(d: Death): Kill {
  const figures = {
    totalVmBytes: d.totalVmBytes ?? null,
    anonRssBytes: d.anonRssBytes ?? null,
    fileRssBytes: d.fileRssBytes ?? null,
    shmemRssBytes: d.shmemRssBytes ?? null,
    pgtablesBytes: d.pgtablesBytes ?? null,
    swapBytes: null,
    constraint: d.constraint ?? null,
    dump: null,
  }
  const key = `${d.killer}|${d.host ?? ''}|${d.at.epochUs ?? d.at.order}|${d.memcg ?? d.ref?.containerId ?? d.ref?.pod ?? ''}`
  return {
    ...figures,
    at: d.at,
    host: d.host,
    boot: d.boot,
    killer: d.killer,
    pid: d.pid ?? null,
    comm: d.comm ?? null,
    uid: d.uid ?? null,
    oomScoreAdj: d.oomScoreAdj ?? null,
    memcg: d.memcg,
    eventKey: key,
    event: d.event,
    workload: d.workload,
    target: d.ref,
    vouched: d.vouched,
    evidence: d.evidence,
  }
}

const within = (a: Instant, b: Instant, us: number): boolean =>
  a.epochUs !== null &&
  b.epochUs !== null &&
  Math.abs(a.epochUs - b.epochUs) <= us + 1000 * ((a.uncertaintyMs ?? 0) + (b.uncertaintyMs ?? 0))
const exactly = (epochUs: number, order: number): Instant => ({
  epochUs,
  uncertaintyMs: 1000,
  basis: 'absolute',
  digits: 0,
  uptimeSeconds: null,
  localTime: null,
  order,
})
const unplaced = (order: number): Instant => ({
  epochUs: null,
  uncertaintyMs: null,
  basis: null,
  digits: 0,
  uptimeSeconds: null,
  localTime: null,
  order,
})

// ── Kubelet evictions ───────────────────────────────────────────────────────────────────────────────────────────────────────────

interface EvictionTelling {
  readonly at: Instant
  readonly host: string | null
  readonly boot: string
  readonly ref: ContainerRef
  readonly event: Event | null
  readonly quotes: readonly Quote[]
}

const isAboutMemory = (text: string): boolean =>
  /\bmemory\b|MemoryPressure/i.test(text) &&
  !/ephemeral-storage|nodefs|imagefs|inodes|EmptyDir|pid\.available|DiskPressure/i.test(text.replace(/low on resource: memory/i, 'memory'))

export function evictions(scene: Scene, kernel: readonly Kill[]): Kill[] {
  const tellings = [...evictionEvents(scene), ...evictedPods(scene)]
  const groups: EvictionTelling[][] = []
  for (const t of tellings) {
    const home = groups.find((g) =>
      g.some((o) => samePod(o.ref, t.ref) && (o.at.epochUs === null || t.at.epochUs === null || within(o.at, t.at, 5 * minuteUs))),
    )
    if (home !== undefined) home.push(t)
    else groups.push([t])
  }
  return groups.flatMap((group) => {
    const ref = withContainer(
      group.reduce((r, t) => merge(r, t.ref), noRef),
      group,
      scene,
      kernel,
    )
    const at = group.find((t) => t.event?.kind === 'eviction')?.at ?? bestInstant(group.map((t) => t.at))
    if (alreadyDead(ref, at, kernel, scene)) return []
    const host = group.find((t) => t.host !== null)?.host ?? scene.directory.podOf(ref)?.node ?? null
    return [
      killFrom({
        at,
        host,
        boot: group[0]?.boot ?? '',
        killer: 'kubelet',
        ref,
        memcg: null,
        workload: workloadFor(ref, scene.directory, null),
        evidence: group.flatMap((t) => t.quotes).slice(0, 8),
        event: group.find((t) => t.event?.kind === 'eviction')?.event ?? group.find((t) => t.event !== null)?.event ?? null,
        vouched: true,
      }),
    ]
  })
}

function evictionEvents(scene: Scene): EvictionTelling[] {
  const memory = scene.events.some((p) => p.event.kind === 'eviction' && (p.event.signal?.includes('memory') ?? false))
  const storage = scene.events.some((p) => p.event.kind === 'eviction' && p.event.signal !== null && !p.event.signal.includes('memory'))
  return scene.events.flatMap((placed): EvictionTelling[] => {
    const e = placed.event
    if (e.kind === 'eviction' && (e.stage === 'evicted' || e.stage === 'evicting') && e.target !== null) {
      const about = e.message !== null ? isAboutMemory(e.message) : e.signal !== null ? e.signal.includes('memory') : memory || !storage
      return about
        ? [
            {
              at: placed.at,
              host: placed.host,
              boot: placed.boot,
              ref: scene.directory.complete({ ...e.target, container: null }),
              event: e,
              quotes: e.quotes,
            },
          ]
        : []
    }
    if (e.kind === 'object-event' && e.reason === 'Evicted' && isAboutMemory(e.message)) {
      const ref = scene.directory.complete({ ...noRef, namespace: e.namespace, pod: e.name, podUid: e.uid })
      return [{ at: placed.at, host: scene.directory.podOf(ref)?.node ?? null, boot: placed.boot, ref, event: e, quotes: e.quotes }]
    }
    return []
  })
}

function evictedPods(scene: Scene): EvictionTelling[] {
  return scene.pods.flatMap((pod): EvictionTelling[] => {
    if (pod.reason !== 'Evicted' || pod.message === null || !isAboutMemory(pod.message) || /node had condition/.test(pod.message)) return []
    const ended = pod.containers
      .map((c) => (c.state?.kind === 'terminated' ? c.state.finishedUs : null))
      .filter((t): t is number => t !== null)
    const at = ended.length > 0 ? exactly(Math.min(...ended), 1e9) : unplaced(1e9)
    return [
      {
        at,
        host: pod.node,
        boot: '',
        ref: { ...noRef, namespace: pod.namespace, pod: pod.name, podUid: pod.uid },
        event: null,
        quotes: pod.quotes.slice(0, 4),
      },
    ]
  })
}

/** The container that the eviction ended: the one that exited right after, else the one the status says was terminated then, else the only one. */
function withContainer(ref: ContainerRef, group: readonly EvictionTelling[], scene: Scene, kernel: readonly Kill[]): ContainerRef {
  const dead = new Set(kernel.map((k) => k.target?.containerId).filter((id): id is string => id !== null && id !== undefined))
  const ats = group.map((t) => t.at)
  const exits = scene.events.filter(
    (p) =>
      p.event.kind === 'container' &&
      ['exit', 'died', 'killing'].includes(p.event.what) &&
      p.event.target.containerId !== null &&
      ![...dead].some((id) => sameId(id, (p.event as ContainerEvent).target.containerId)) &&
      samePod(scene.directory.complete(p.event.target), ref) &&
      ats.some((a) => within(a, p.at, 2 * minuteUs)),
  )
  const exited = exits
    .map((p) => scene.directory.complete((p.event as ContainerEvent).target))
    .find((r) => r.container !== null && r.container !== 'POD')
  if (exited !== undefined) return merge(ref, exited)
  const pod = scene.directory.podOf(ref)
  const blamed =
    group.flatMap((t) => (t.event?.kind === 'eviction' ? t.event.usages.map((u) => u.container) : []))[0] ??
    /Container (?<name>[\w.-]+) was using/.exec(pod?.message ?? '')?.groups?.['name'] ??
    null
  const candidates = pod?.containers.filter((c) => c.type !== 'init') ?? []
  const container = candidates.find((c) => c.name === blamed) ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (container === undefined) return { ...ref, container: blamed }
  const id = container.state?.containerId ?? container.containerId
  return { ...ref, container: container.name, containerId: id !== null && !dead.has(id) ? id : null }
}

/** The kernel was faster, and nothing shows that the container ran again before the eviction. */
function alreadyDead(ref: ContainerRef, at: Instant, kernel: readonly Kill[], scene: Scene): boolean {
  const kill = kernel.find((k) => k.target !== null && samePod(k.target, ref) && within(k.at, at, 3 * minuteUs))
  if (kill === undefined) return false
  if (ref.containerId !== null && kill.target?.containerId !== null && !sameId(ref.containerId, kill.target?.containerId ?? null))
    return false
  return !scene.events.some(
    (p) =>
      p.event.kind === 'container' &&
      p.event.what === 'started' &&
      samePod(scene.directory.complete(p.event.target), ref) &&
      p.at.epochUs !== null &&
      kill.at.epochUs !== null &&
      p.at.epochUs > kill.at.epochUs &&
      at.epochUs !== null &&
      p.at.epochUs <= at.epochUs,
  )
}

// ── Userspace killers ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export function userspaceKills(scene: Scene, kernel: readonly Kill[]): Kill[] {
  const groups: PlacedEvent[][] = []
  const isTelling = (e: Event): e is UserspaceKillEvent | UnitEvent =>
    (e.kind === 'userspace-kill' && !e.dryRun) || (e.kind === 'unit' && e.what === 'oomd-killed')
  for (const placed of scene.events) {
    const e = placed.event
    if (!isTelling(e)) continue
    if (
      e.kind === 'userspace-kill' &&
      e.killer === 'slurm' &&
      kernel.some((k) => sameHost(k.host, placed.host) && within(k.at, placed.at, minuteUs))
    )
      continue
    const home = groups.find((g) => g.some((o) => sameUserspaceKill(o, placed)))
    if (home !== undefined) home.push(placed)
    else groups.push([placed])
  }
  return groups.map((group) => {
    const main = (group.find((p) => p.event.kind === 'userspace-kill') ?? group[0]) as PlacedEvent<UserspaceKillEvent | UnitEvent>
    const e = main.event
    const cgroup = e.kind === 'userspace-kill' ? e.cgroup : null
    const path = cgroup ?? (e.kind === 'unit' ? `/system.slice/${e.unit}` : null)
    const lived = path === null ? null : workloadIn(path, scene.directory)
    const killer: Killer = e.kind === 'userspace-kill' ? e.killer : 'systemd-oomd'
    const process: Workload = {
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
    }
    const about = e.kind === 'userspace-kill' ? { pid: e.pid, comm: e.comm, uid: e.uid, oomScoreAdj: e.oomScoreAdj } : {}
    return killFrom({
      at: main.at,
      host: main.host,
      boot: main.boot,
      killer,
      ref: lived?.ref ?? null,
      memcg: cgroup,
      workload: lived?.workload ?? process,
      evidence: uniqueQuotes(group.flatMap((p) => p.event.quotes)).slice(0, 12),
      event: e,
      vouched: true,
      ...about,
    })
  })
}

const unitOf = (e: Event): string | null =>
  e.kind === 'unit' ? e.unit : e.kind === 'userspace-kill' ? (e.cgroup?.split('/').at(-1) ?? null) : null

function sameUserspaceKill(a: PlacedEvent, b: PlacedEvent): boolean {
  if (!sameHost(a.host, b.host)) return false
  const near =
    a.at.epochUs !== null && b.at.epochUs !== null
      ? within(a.at, b.at, 10 * secondUs)
      : a.event.quotes[0]?.source !== b.event.quotes[0]?.source
  if (!near) return false
  if (a.event.kind === 'userspace-kill' && b.event.kind === 'userspace-kill')
    return a.event.killer === b.event.killer && a.event.pid === b.event.pid && a.event.cgroup === b.event.cgroup
  return unitOf(a.event) === unitOf(b.event)
}

function uniqueQuotes(quotes: readonly Quote[]): Quote[] {
  const seen = new Set<string>()
  return quotes.filter((q) => {
    const key = `${q.source}\n${q.line ?? q.cursor ?? q.offset}`
    return seen.has(key) ? false : seen.add(key)
  })
}

// ── Deaths that only others than the kernel report ──────────────────────────────────────────────────────────────────────────────

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
