import type { Phrase } from '../../model/diagnosis.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { code, say } from '../../text/say.ts'

/**
 * Why the kubelet ended a whole pod, where its status says so and memory was not the reason (kubernetes-oom §5.4): evictions for storage or process ids, preemption,
 * shutdown of the node. `null` where the status tells nothing of the kind.
 */
export function podEnding({ end }: PodSnapshot): Phrase | null {
  switch (end?.what) {
    case 'evicted':
      if (end.shortOf !== null && end.shortOf !== 'memory')
        return say`the kubelet evicted the pod because the node was low on ${code(end.shortOf)}, not on memory`
      return end.overLimitOf === null ? null : say`the kubelet evicted the pod for what it had written to local storage, not for memory`
    case 'refused':
      return end.conditions.some((name) => name === 'DiskPressure' || name === 'PIDPressure')
        ? say`the kubelet refused the pod because the disk or the process ids of the node ran out`
        : null
    case 'preempted':
      return say`the kubelet preempted the pod to make room for a critical one`
    case 'node-shutdown':
      return say`the node was shut down, and the pod with it`
    case 'deadline':
      return say`the pod ran longer than its ${code('activeDeadlineSeconds')}`
    default:
      return null
  }
}
