import { isContainerScope } from '../kube/cgroup-shapes.ts'
import type { ContainerEvent, NodeEvent, ObjectEvent, ToldDeath, UnitEvent } from '../model/event.ts'
import type { Instant, Kill, PlacedEvent } from '../model/incident.ts'
import { noRef, sameContainer, workloadFor, workloadIn } from './directory.ts'
import { sameHost } from './hosts.ts'
import { before, gapUs, within } from './instants.ts'
import { isGuess, type KillIndex } from './kill-index.ts'
import { killFrom, minuteUs, type Scene, secondUs, toldBy } from './other-deaths.ts'
import { unitOf } from './userspace-kills.ts'

export const sameDeath = (k: Kill, host: string | null, pid: number | null, at: Instant): boolean =>
  sameHost(k.host, host) &&
  (pid !== null && k.pid !== null
    ? k.pid === pid && (gapUs(k.at, at) === null || isGuess(at) || isGuess(k.at) || within(k.at, at, 5 * minuteUs))
    : within(k.at, at, 2 * minuteUs))

export function fromNodeEvent(placed: PlacedEvent<NodeEvent>, scene: Scene, known: KillIndex): Kill[] {
  const e = placed.event
  const host = placed.host ?? e.node
  if (
    known.near(host, placed.at, 5 * minuteUs).some((k) => sameDeath(k, host, e.pid, placed.at)) ||
    scene.kernelCovers(host, placed.at.epochUs)
  )
    return []
  return [
    killFrom({
      ...toldBy(placed),
      host,
      target: null,
      workload: null,
      pid: e.pid,
      comm: e.comm,
      vouched: false,
      ...figuresOf(e.death),
    }),
  ]
}

/** What a kernel's kill line says beside the victim, where an event repeats it whole. */
function figuresOf(death: ToldDeath | null | undefined): Partial<Kill> {
  if (death == null) return {}
  const { constraint, uid, oomScoreAdj, totalVmBytes, anonRssBytes, fileRssBytes, shmemRssBytes, pgtablesBytes } = death
  return { constraint, uid, oomScoreAdj, totalVmBytes, anonRssBytes, fileRssBytes, shmemRssBytes, pgtablesBytes }
}

/** Events that tell of a death without naming a process: of a container's first process, or of a machine (SystemOOM before 1.20). */
export function fromNamelessEvent(placed: PlacedEvent<ObjectEvent>, scene: Scene, known: KillIndex): Kill[] {
  const e = placed.event
  const init = e.death?.isInit === true && e.objectKind === 'Pod'
  const host = e.objectKind === 'Node' ? (e.name ?? placed.host) : placed.host
  const { container } = e
  const ref = init ? scene.directory.complete({ ...noRef, namespace: e.namespace, pod: e.name, podUid: e.uid, container }) : null
  if (ref === null && e.reason !== 'SystemOOM') return []
  const isKnown =
    ref === null
      ? known.near(host, placed.at, 5 * minuteUs).length > 0
      : known.ofContainer(ref).some((k) => k.target !== null && sameContainer(k.target, ref))
  if (isKnown || scene.kernelCovers(host, placed.at.epochUs)) return []
  return [
    killFrom({
      ...toldBy(placed),
      host,
      target: ref,
      workload: ref === null ? null : workloadFor(ref, scene.directory, null),
      vouched: false,
    }),
  ]
}

/** runc's own error in a log of the kubelet, containerd or dockerd: the first process of a container died before the program began. */
export function fromInitError(placed: PlacedEvent<ContainerEvent>, scene: Scene, known: KillIndex): Kill[] {
  const e = placed.event
  const ref = scene.directory.complete(e.target)
  const near = known
    .ofContainer(ref)
    .some(
      (k) => k.target !== null && sameContainer(k.target, ref) && (gapUs(k.at, placed.at) === null || within(k.at, placed.at, minuteUs)),
    )
  if (near || scene.kernelCovers(placed.host, placed.at.epochUs)) return []
  return [
    killFrom({
      ...toldBy(placed),
      target: ref,
      workload: workloadFor(ref, scene.directory, null),
      vouched: true,
    }),
  ]
}

export function fromObjectEvent(placed: PlacedEvent<ObjectEvent>, scene: Scene, known: KillIndex): Kill[] {
  const e = placed.event
  const host = e.objectKind === 'Node' ? (e.name ?? placed.host) : placed.host
  const pid = e.death?.pid ?? null
  const ref = e.death?.pod ?? null
  const full = ref === null ? null : scene.directory.complete(ref)
  if (
    (pid === null && full === null) ||
    (full !== null &&
      known
        .ofContainer(full)
        .some((k) => k.at.epochUs === null || placed.at.epochUs === null || isGuess(placed.at) || within(k.at, placed.at, 5 * minuteUs))) ||
    known.near(host, placed.at, 5 * minuteUs).some((k) => sameDeath(k, host, pid, placed.at)) ||
    scene.kernelCovers(host, placed.at.epochUs)
  )
    return []
  return [
    killFrom({
      ...toldBy(placed),
      host,
      target: full,
      workload: full === null ? null : workloadFor(full, scene.directory, null),
      pid,
      comm: e.death?.comm ?? null,
      vouched: false,
      ...figuresOf(e.death),
    }),
  ]
}

/** Starts of units, by name: between two of them there was one life of it. */
export type UnitStarts = ReadonlyMap<string, readonly PlacedEvent[]>

export function unitStarts(events: readonly PlacedEvent[]): UnitStarts {
  const starts = new Map<string, PlacedEvent[]>()
  for (const placed of events) {
    if (placed.event.kind !== 'unit' || (placed.event.what !== 'started' && placed.event.what !== 'restart-scheduled')) continue
    const own = starts.get(placed.event.unit)
    if (own === undefined) starts.set(placed.event.unit, [placed])
    else own.push(placed)
  }
  return starts
}

/**
 * Whether a unit's word is about a death that is known. Where only words tell of both, a unit that was started between them died twice, and another unit is
 * another death; but a user's manager has the deaths of its own units counted too (`memory.events` is hierarchical).
 */
function isWordOf(k: Kill, placed: PlacedEvent<UnitEvent>, starts: UnitStarts): boolean {
  const { unit } = placed.event
  // A pod whose death has no time did not die in a service of the machine.
  const isPods = k.killer === 'kubelet' || k.target?.pod != null
  if (k.at.epochUs === null && isPods && unit.endsWith('.service') && !hostsContainers(unit)) return false
  const isNear = k.at.epochUs === null || placed.at.epochUs === null || within(k.at, placed.at, 2 * minuteUs)
  if (!isNear || k.event?.kind !== 'unit') return isNear
  if (k.event.unit === unit) {
    const between = (start: PlacedEvent): boolean =>
      sameHost(start.host, placed.host) && before(k.at, start.at) < 0 && before(start.at, placed.at) < 0
    return !(starts.get(unit) ?? []).some(between)
  }
  const hasManager = unit.startsWith('user@') || k.event.unit.startsWith('user@')
  return hasManager || gapUs(k.at, placed.at) === null || within(k.at, placed.at, 5 * secondUs)
}

const RUNTIMES: ReadonlySet<string> = new Set([
  'containerd',
  'docker',
  'crio',
  'podman',
  'kubelet',
  'k3s',
  'k3s-agent',
  'rke2-server',
  'rke2-agent',
])

/** Units below which containers may live. */
const hostsContainers = (unit: string): boolean => RUNTIMES.has(unit.slice(0, -'.service'.length)) || unit.startsWith('user@')

/** systemd's word on a unit, where nothing else tells of a kill near it. */
export function fromUnit(placed: PlacedEvent<UnitEvent>, scene: Scene, known: KillIndex, starts: UnitStarts): Kill[] {
  const { unit } = placed.event
  const near = known.near(placed.host, placed.at, 2 * minuteUs).some((k) => isWordOf(k, placed, starts))
  const byOomd = scene.oomd.some(
    (p) => unitOf(p.event) === unit && (p.at.epochUs === null || placed.at.epochUs === null || within(p.at, placed.at, 30 * secondUs)),
  )
  if (near || byOomd || scene.kernelCovers(placed.host, placed.at.epochUs)) return []
  const lived = workloadIn(isContainerScope(unit) ? `/${unit}` : `/system.slice/${unit}`, scene.directory)
  return [
    killFrom({
      ...toldBy(placed),
      target: lived.ref,
      workload: lived.workload,
      vouched: false,
    }),
  ]
}
