import { bareContainer } from '../extract/documents/bare-pod.ts'
import { isInitKill } from '../extract/told-death.ts'
import type { ContainerRef } from '../model/event.ts'
import type { Instant, Kill } from '../model/incident.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'
import { noRef, workloadFor } from './directory.ts'
import { exactly, killFrom, type Scene, unplaced } from './other-deaths.ts'

/** What a status tells of a death. */
export type Report = { ref: ContainerRef | null; at: Instant; startedUs?: number | null; restarts?: number | null; host: string | null }

export function fromStatus(
  pod: PodSnapshot,
  c: ContainerSnapshot,
  state: ContainerState | null,
  scene: Scene,
  isKnown: (d: Report) => boolean,
): Kill[] {
  if (state?.kind !== 'terminated' || !(state.reason === 'OOMKilled' || isInitKill(state.message ?? ''))) return []
  const id = state.containerId ?? (state === c.state ? c.containerId : null)
  const ref: ContainerRef = {
    namespace: pod.namespace,
    pod: pod.name || null,
    podUid: pod.uid,
    container: c.name || null,
    containerId: id,
  }
  const at = state.finishedUs === null ? unplaced : exactly(state.finishedUs)
  if (isKnown({ ref, at, startedUs: state.startedUs, host: pod.node })) return []
  const workload = workloadFor(scene.directory.complete(ref), scene.directory, null)
  return [
    killFrom({
      at,
      host: pod.node,
      target: ref,
      workload,
      evidence: state.quotes,
      event: null,
      vouched: true,
      told: { pod, container: c },
    }),
  ]
}

/** The STATUS column of `kubectl get pods`, where nothing else tells of that pod: a death without time and container. */
export function fromTable(pod: PodSnapshot, scene: Scene, isKnown: (d: Report) => boolean): Kill[] {
  const init = pod.reason === 'Init:OOMKilled'
  if (!isOomRow(pod) || pod.containers.length > 0) return []
  const known = scene.directory.complete({ ...noRef, namespace: pod.namespace, pod: pod.name, podUid: pod.uid })
  if ((scene.directory.podOf(known)?.containers.length ?? 0) > 0) return []
  const at = unplaced
  if (isKnown({ ref: known, at, restarts: pod.restarts?.value ?? null, host: pod.node })) return []
  const workload = workloadFor(known, scene.directory, null)
  return [
    killFrom({
      at,
      host: pod.node,
      target: known,
      workload,
      evidence: pod.quotes,
      event: null,
      vouched: true,
      told: { pod, container: containerOfRow(pod, init, laterRow(pod, scene.pods)) },
    }),
  ]
}

const isOomRow = ({ reason }: PodSnapshot): boolean => reason === 'OOMKilled' || reason === 'Init:OOMKilled'

/** The next row of a watch (`kubectl get pods -w`) in which the pod's restarts are more: the container was started again. */
function laterRow(pod: PodSnapshot, pods: readonly PodSnapshot[]): PodSnapshot | null {
  const restarts = pod.restarts?.value
  // Without a count nothing tells whether it was started again.
  if (restarts === undefined) return null
  const lineOf = ({ quotes }: PodSnapshot): number => quotes[0]?.line ?? 0
  const isSame = (other: PodSnapshot): boolean =>
    other.name === pod.name && other.namespace === pod.namespace && other.source === pod.source && other.containers.length === 0
  return pods.find((other) => isSame(other) && lineOf(other) > lineOf(pod) && (other.restarts?.value ?? 0) > restarts) ?? null
}

/** What a row of the table shows of the container that it tells of, which it does not name, and the row in which it runs or waits again. */
function containerOfRow(pod: PodSnapshot, init: boolean, later: PodSnapshot | null): ContainerSnapshot {
  const ended: ContainerState = {
    kind: 'terminated',
    reason: 'OOMKilled',
    message: null,
    exitCode: null,
    signal: null,
    startedUs: null,
    finishedUs: null,
    containerId: null,
    quotes: pod.quotes,
  }
  const row: ContainerSnapshot = { ...bareContainer(''), type: init ? 'init' : 'regular', state: ended, restartCount: pod.restarts ?? null }
  if (later === null) return row
  const kind = later.phase === 'Running' ? 'running' : isOomRow(later) ? 'terminated' : 'waiting'
  const state: ContainerState = { ...ended, kind, reason: kind === 'running' ? null : later.reason, quotes: later.quotes }
  return { ...row, state, lastState: ended, restartCount: later.restarts ?? null }
}

/**
 * `State.OOMKilled` of docker and podman, `reason: OOMKilled` of crictl. A container that still runs lost a child (kubernetes-oom §5.3): a kill whose time nobody
 * knows, which only the kernel's log could tell apart from others.
 */
export function fromInspect(c: RuntimeContainerSnapshot, scene: Scene, isKnown: (d: Report) => boolean): Kill[] {
  if (c.oomKilled !== true) return []
  const named = c.podName !== null || c.podUid !== null
  const ref: ContainerRef = scene.directory.complete({
    namespace: c.namespace,
    pod: c.podName,
    podUid: c.podUid,
    container: c.name,
    containerId: c.containerId,
  })
  const at = c.finishedUs === null || c.running === true ? unplaced : exactly(c.finishedUs)
  const host = scene.directory.podOf(ref)?.node ?? scene.runtimeHost(c)
  if (isKnown({ ref, at, host })) return []
  const workload = workloadFor(ref, scene.directory, null)
  return [
    killFrom({
      at,
      host,
      target: ref,
      memcg: c.cgroupPath,
      workload: { ...workload, kind: named ? 'pod' : 'container', runtime: workload.runtime ?? c.runtime },
      evidence: c.quotes,
      event: null,
      vouched: true,
    }),
  ]
}
