import type { ContainerEvent, NodeEvent, ObjectEvent, UnitEvent } from '../model/event.ts'
import type { Kill, PlacedEvent } from '../model/incident.ts'
import { sameContainer } from './directory.ts'
import { sameHost } from './hosts.ts'
import { within } from './instants.ts'
import { killIndex } from './kill-index.ts'
import { fromInitError, fromNamelessEvent, fromNodeEvent, fromObjectEvent, fromUnit, sameDeath, unitStarts } from './kills-of-events.ts'
import { fromInspect, fromStatus, fromTable, type Report } from './kills-of-snapshots.ts'
import { minuteUs, type Scene, secondUs } from './other-deaths.ts'

/** `OOMKilled` in a status, an OOMKilling event, systemd's echo: a kernel kill whose lines we do not have. */
export function reportedKills(scene: Scene, known: readonly Kill[]): Kill[] {
  const index = killIndex(known)
  const byKernel = killIndex(known.filter((k) => k.dump !== null))
  const told = toldByEvents(scene, known)
  const found: Kill[] = []
  const claimants = new Map<Kill, string>()
  /** A kill that may be what one container's report tells of is not another's too: of two rows beside one kill, one is a further death. */
  const claims = ({ ref }: Report, kill: Kill): boolean => {
    const claimant = JSON.stringify([ref?.namespace, ref?.pod, ref?.container])
    const first = claimants.get(kill) ?? claimant
    claimants.set(kill, first)
    return first === claimant
  }
  const isKnown = (d: Report): boolean =>
    (d.ref !== null && index.ofContainer(d.ref).some((k) => isReportOf(d, k))) ||
    byKernel.near(d.host, d.at, 12 * secondUs).some((k) => mayBeReportOf(d, k) && claims(d, k))
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
  const withEvent = new Set(named.map((k) => k.event))
  const lone = told.filter((t) => !withEvent.has(t.event))
  const fresh = lone.filter((t) => !later.near(t.host, t.at, 5 * minuteUs).some((k) => sameDeath(k, t.host, t.pid, t.at)))
  const units = killIndex([...known, ...named, ...fresh])
  const byUnit: Kill[] = []
  const starts = unitStarts(scene.events)
  for (const placed of scene.events) {
    const e = placed.event
    if (e.kind !== 'unit' || e.unit.endsWith('.slice')) continue
    if (e.what !== 'oom-killed' && !(e.what === 'failed' && e.result === 'oom-kill')) continue
    const kills = fromUnit(placed as PlacedEvent<UnitEvent>, scene, units, starts)
    for (const kill of kills) units.add(kill)
    byUnit.push(...kills)
  }
  return [...named, ...fresh, ...byUnit, ...withoutProcess(scene, [...known, ...named, ...fresh, ...byUnit])]
}

/** Deaths that an event tells of without naming a process. */
function withoutProcess(scene: Scene, known: readonly Kill[]): Kill[] {
  const index = killIndex(known)
  return scene.events.flatMap((placed) => {
    const e = placed.event
    const kills =
      e.kind === 'object-event' && e.death?.pid == null
        ? fromNamelessEvent(placed as PlacedEvent<ObjectEvent>, scene, index)
        : e.kind === 'container' && e.by === 'runc' && e.what === 'oom'
          ? fromInitError(placed as PlacedEvent<ContainerEvent>, scene, index)
          : []
    for (const kill of kills) index.add(kill)
    return kills
  })
}

/** Reasons under which kubelets and problem detectors report a kill. */
const oomReasons: ReadonlySet<string> = new Set(['OOMKilling', 'SystemOOM', 'PodOOMKilling'])

/** Node events that name a victim: SystemOOM of kubelets from 1.20, OOMKilling of the node problem detector. */
function toldByEvents(scene: Scene, known: readonly Kill[]): Kill[] {
  const index = killIndex(known)
  const told: Kill[] = []
  // Of two events about one death the kernel's own line, which has figures, tells more than the kubelet's word.
  const hasFigures = ({ event: e }: PlacedEvent): boolean =>
    (e.kind === 'node' || e.kind === 'object-event') && e.death?.totalVmBytes != null
  for (const placed of [...scene.events.filter(hasFigures), ...scene.events.filter((own) => !hasFigures(own))]) {
    const e = placed.event
    const kills =
      e.kind === 'node' && (e.what === 'npd-oom-killing' || e.what === 'system-oom') && e.pid !== null
        ? fromNodeEvent(placed as PlacedEvent<NodeEvent>, scene, index)
        : e.kind === 'object-event' && oomReasons.has(e.reason)
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

function isReportOf(d: Report, kill: Kill): boolean {
  if (d.ref === null || kill.target === null || !sameContainer(d.ref, kill.target)) return false
  // `kubectl get pods -w`: what died with no restart behind it and what died with one are two.
  const restarts = kill.at.epochUs === null ? (kill.told?.pod.restarts ?? kill.told?.container.restartCount)?.value : null
  if (restarts != null && d.restarts != null && restarts !== d.restarts) return false
  const bothIds = d.ref.containerId !== null && kill.target.containerId !== null
  if (bothIds) return d.startedUs == null || kill.at.epochUs === null || kill.at.epochUs >= d.startedUs - 10 * secondUs
  return (
    kill.at.epochUs === null ||
    d.at.epochUs === null ||
    within(kill.at, d.at, 15 * secondUs) ||
    (d.startedUs != null && kill.at.epochUs >= d.startedUs && kill.at.epochUs <= d.at.epochUs)
  )
}
