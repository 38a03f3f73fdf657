import { deploymentOfPodName } from '../../kube/owner.ts'
import type { ContainerSnapshot, PodSnapshot } from '../../model/snapshot.ts'
import { podEnd } from '../pod-end.ts'

/** A pod of which only a name is known, or not even that; what a document tells is put over it. */
export function barePod(source: string, name: string): PodSnapshot {
  return {
    kind: 'pod',
    source,
    namespace: null,
    name,
    uid: null,
    configHash: null,
    node: null,
    owner: null,
    qosClass: null,
    phase: null,
    reason: null,
    message: null,
    startUs: null,
    deletionUs: null,
    limitBytes: null,
    requestBytes: null,
    containers: [],
    memoryVolumes: [],
    restartPolicy: null,
    quotes: [],
  }
}

/** A container of which only a name is known, or not even that. */
export function bareContainer(name: string): ContainerSnapshot {
  return {
    name,
    type: 'regular',
    containerId: null,
    runtime: null,
    image: null,
    command: [],
    env: {},
    limitBytes: null,
    requestBytes: null,
    state: null,
    lastState: null,
    restartCount: null,
    ready: null,
  }
}

/** A pod's phases; every other word of kubectl's STATUS column is a reason (`CrashLoopBackOff`, `OOMKilled`, `Evicted`, `Init:Error`). */
const PHASES: ReadonlySet<string> = new Set(['Running', 'Pending', 'Succeeded', 'Failed', 'Unknown'])

/** A row of `kubectl get pods`: the owner by the pod's name, phase or reason by its STATUS. */
export function podOfStatus(source: string, name: string, status: string | null): PodSnapshot {
  const isPhase = status !== null && PHASES.has(status)
  const ended = status === 'Completed' ? 'Succeeded' : status === 'Evicted' ? 'Failed' : null
  const reason = isPhase ? null : status
  return {
    ...barePod(source, name),
    owner: deploymentOfPodName(name),
    phase: isPhase ? status : ended,
    reason,
    ...podEnd(reason, null),
  }
}
