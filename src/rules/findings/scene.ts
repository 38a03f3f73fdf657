import type { ContainerEvent, ContainerRef, Event, ObjectEvent } from '../../model/event.ts'
import type { Finding } from '../../model/finding.ts'
import type { Kill, PlacedEvent, Workload } from '../../model/incident.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot } from '../../model/snapshot.ts'
import type { Timeline } from '../../model/timeline.ts'

/** What findings are sought in: the timeline with its parts looked up once. */
export interface Scene {
  readonly timeline: Timeline
  readonly kills: readonly Kill[]
  readonly pods: readonly PodSnapshot[]
  of<K extends Event['kind']>(kind: K): readonly PlacedEvent<Extract<Event, { kind: K }>>[]
}

/** A finding is sought by one function a file; it yields what it found, never throws. */
export type FindingRule = (scene: Scene) => readonly Finding[]

export function sceneOf(timeline: Timeline): Scene {
  const byKind = new Map<Event['kind'], PlacedEvent[]>()
  for (const placed of timeline.events) {
    const list = byKind.get(placed.event.kind)
    if (list === undefined) byKind.set(placed.event.kind, [placed])
    else list.push(placed)
  }
  return {
    timeline,
    kills: timeline.incidents.flatMap((incident) => incident.kills),
    pods: uniquePods(timeline.snapshots.filter((s) => s.kind === 'pod')),
    of: <K extends Event['kind']>(kind: K) => (byKind.get(kind) ?? []) as unknown as readonly PlacedEvent<Extract<Event, { kind: K }>>[],
  }
}

/** The same pod from describe, YAML and JSON is one pod: the one with the most states is kept. */
function uniquePods(pods: readonly PodSnapshot[]): readonly PodSnapshot[] {
  const best = new Map<string, PodSnapshot>()
  const weight = (pod: PodSnapshot): number =>
    pod.containers.reduce((sum, c) => sum + Number(c.state !== null) + Number(c.lastState !== null) + Number(c.containerId !== null), 0)
  for (const pod of pods) {
    const key = pod.name === '' ? `${pod.source}:${pod.quotes[0]?.line}` : `${pod.namespace ?? ''}/${pod.name}`
    const known = best.get(key)
    if (known === undefined || weight(pod) > weight(known)) best.set(key, pod)
  }
  return [...best.values()]
}

/** A container run that ended, as its pod's status shows it. */
export interface EndedContainer {
  readonly pod: PodSnapshot
  readonly container: ContainerSnapshot
  readonly state: ContainerState
}

export function endedContainers(scene: Scene): readonly EndedContainer[] {
  return scene.pods.flatMap((pod) =>
    pod.containers.flatMap((container) =>
      [container.state, container.lastState].flatMap((state) => (state?.kind === 'terminated' ? [{ pod, container, state }] : [])),
    ),
  )
}

export const sameId = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a))

const SECOND = 1_000_000

/** The kill that fell into this run, by container id, else by pod and time. */
export function killOf(scene: Scene, ended: EndedContainer): Kill | null {
  return (
    scene.kills.find((kill) => {
      const id = kill.workload?.containerId ?? kill.target?.containerId ?? null
      if (id !== null && ended.state.containerId !== null) return sameId(id, ended.state.containerId)
      const uid = kill.workload?.podUid ?? kill.target?.podUid ?? null
      const known = ended.pod.uid !== null || ended.pod.configHash !== null
      const pod = uid !== null && known ? uid === ended.pod.uid || uid === ended.pod.configHash : kill.workload?.pod === ended.pod.name
      const name = kill.workload?.container ?? null
      if (!pod || (name !== null && name !== ended.container.name)) return false
      const { startedUs, finishedUs } = ended.state
      const at = kill.at.epochUs
      return at === null || finishedUs === null || (at <= finishedUs + 2 * SECOND && (startedUs === null || at >= startedUs - SECOND))
    }) ?? null
  )
}

function isAbout(target: ContainerRef, ended: EndedContainer): boolean {
  if (sameId(target.containerId, ended.state.containerId)) return true
  if (target.containerId !== null && ended.state.containerId !== null) return false
  const pod =
    target.podUid !== null && ended.pod.uid !== null
      ? target.podUid === ended.pod.uid
      : target.pod !== null && target.pod === ended.pod.name
  return pod && (target.container === null || target.container === ended.container.name)
}

/** Lines that tell of a stop on purpose: a probe, a deletion, a grace period. Within five minutes before the end, where both have times. */
export function stopLines(scene: Scene, ended: EndedContainer): readonly PlacedEvent<ContainerEvent | ObjectEvent>[] {
  const wanted: ReadonlySet<ContainerEvent['what']> = new Set(['killing', 'stop-requested', 'probe-failed', 'kill-failed'])
  const near = (placed: PlacedEvent, firstUs: number | null = null): boolean => {
    const { finishedUs } = ended.state
    const last = placed.at.epochUs
    if (finishedUs === null || last === null) return true
    const slack = 5 * SECOND + 1000 * (placed.at.uncertaintyMs ?? 0)
    // An event that was counted stands for all between its first and its last time.
    return (firstUs ?? last) <= finishedUs + slack && last >= finishedUs - 300 * SECOND - slack
  }
  const lines = scene
    .of('container')
    .filter((placed) => wanted.has(placed.event.what) && near(placed) && isAbout(placed.event.target, ended))
  const objects = scene.of('object-event').filter((placed) => {
    const { event } = placed
    if (event.container !== null && event.container !== ended.container.name) return false
    if (!near(placed, event.firstUs)) return false
    const mine = event.uid !== null && ended.pod.uid !== null ? event.uid === ended.pod.uid : event.name === ended.pod.name
    return mine && event.stop !== undefined
  })
  return [...lines, ...objects]
}

export function workloadOfPod(pod: PodSnapshot, container: ContainerSnapshot, containerId: string | null): Workload {
  return {
    kind: 'pod',
    namespace: pod.namespace,
    pod: pod.name,
    podUid: pod.uid,
    container: container.name,
    containerId,
    containerIds: containerId === null ? [] : [containerId],
    owner: pod.owner,
    runtime: container.runtime,
    qosClass: pod.qosClass,
    unit: null,
  }
}

export const podLabel = (pod: PodSnapshot): string =>
  pod.name === '' ? 'not named here' : pod.namespace === null ? pod.name : `${pod.namespace}/${pod.name}`
