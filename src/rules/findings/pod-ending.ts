import type { Phrase } from '../../model/diagnosis.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { code, say } from '../../text/say.ts'

/**
 * Why the kubelet ended a whole pod, where its status says so and memory was not the reason (kubernetes-oom §5.4): evictions for storage or process ids, preemption,
 * shutdown of the node. `null` where the status tells nothing of the kind.
 */
export function podEnding(pod: PodSnapshot): Phrase | null {
  const message = pod.message ?? ''
  if (pod.reason === 'Evicted') return evictionOtherThanMemory(message)
  if (pod.reason === 'Preempting' || /^Preempted in order to admit critical pod/.test(message))
    return say`the kubelet preempted the pod to make room for a critical one`
  if (pod.reason === 'NodeShutdown' || pod.reason === 'Shutdown' || /imminent node shutdown|Node is shutting/i.test(message))
    return say`the node was shut down, and the pod with it`
  if (pod.reason === 'DeadlineExceeded') return say`the pod ran longer than its ${code('activeDeadlineSeconds')}`
  return null
}

function evictionOtherThanMemory(message: string): Phrase | null {
  const resource = /low on resource: (?<resource>[\w-]+)/.exec(message)?.groups?.['resource'] ?? null
  if (resource === 'memory') return null
  if (resource !== null) return say`the kubelet evicted the pod because the node was low on ${code(resource)}, not on memory`
  if (/ephemeral|EmptyDir|local storage/i.test(message))
    return say`the kubelet evicted the pod for what it had written to local storage, not for memory`
  if (/DiskPressure|PIDPressure/.test(message))
    return say`the kubelet refused the pod because the disk or the process ids of the node ran out`
  return null
}
