import type { ObjectEvent } from '../model/event.ts'
import type { PodEnd, PodSnapshot } from '../model/snapshot.ts'

/** `The node was low on resource: ephemeral-storage. …` (pkg/kubelet/eviction/helpers.go `nodeLowMessageFmt`) */
const shortOf = /low on resource: (?<resource>[\w-]+)/i
/**
 * `Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.`, `Container app exceeded its local ephemeral storage limit "1Gi".`,
 * `Usage of EmptyDir volume "cache" exceeds the limit "1Gi".` (the same file)
 */
const overLimit = /(?<what>EmptyDir|ephemeral[- ](?:local )?storage|local (?:ephemeral )?storage)/i
/** `The node had condition: [MemoryPressure DiskPressure].` (eviction_manager.go `Admit`) */
const hadCondition = /had condition: \[(?<names>[^\]]*)\]/i
/** `Pod Node didn't have enough resource: memory, requested: 2147483648, used: 3221225472, capacity: 4294967296` (lifecycle/predicate.go) */
const sums = /requested: (?<requested>\d+), used: (?<used>\d+), capacity: (?<capacity>\d+)/
const preempted = /^Preempted in order to admit critical pod/
/** `Pod was terminated in response to imminent node shutdown.` (nodeshutdown); before 1.22 `Node is shutting, evicting pods` */
const shutdown = /imminent node shutdown|Node is shutting/i

/** Why a pod as a whole ended or never ran, by its status' reason and message; nothing where they do not tell. */
export function podEnd(reason: string | null, message: string | null): Pick<PodSnapshot, 'end'> {
  const end = endOf(reason, message)
  return end === undefined ? {} : { end }
}

function endOf(reason: string | null, message: string | null): PodEnd | undefined {
  const text = message ?? ''
  if (reason === 'Evicted') {
    const conditions = conditionsIn(text)
    if (conditions !== null) return { what: 'refused', conditions, sums: null }
    const resource = shortOf.exec(text)?.groups?.['resource'] ?? null
    return { what: 'evicted', shortOf: resource, overLimitOf: resource === null ? (overLimit.exec(text)?.groups?.['what'] ?? null) : null }
  }
  if (reason === 'OutOfmemory') return { what: 'refused', conditions: [], sums: sumsIn(text) }
  if (reason === 'Preempting' || preempted.test(text)) return { what: 'preempted' }
  if (reason === 'NodeShutdown' || reason === 'Shutdown' || shutdown.test(text)) return { what: 'node-shutdown' }
  return reason === 'DeadlineExceeded' ? { what: 'deadline' } : undefined
}

function sumsIn(text: string): (PodEnd & { readonly what: 'refused' })['sums'] {
  const groups = sums.exec(text)?.groups
  if (groups === undefined) return null
  return { requestedBytes: Number(groups['requested']), usedBytes: Number(groups['used']), capacityBytes: Number(groups['capacity']) }
}

const conditionsIn = (text: string): readonly string[] | null =>
  hadCondition
    .exec(text)
    ?.groups?.['names']?.split(/[\s,]+/)
    .filter((name) => name !== '') ?? null

/** Whether the kubelet wrote a message of a pod's end: `Pod The node was low on resource: [MemoryPressure].` (1.8), and what came after. */
export const isEvictionMessage = (message: string): boolean =>
  /^(?:Pod )?(?:was rejected: )?The node (?:was low on resource: |had condition: \[)/.test(message) || overLimit.test(message)

/** The same as an event: `Warning Evicted pod/web-abc12 The node had condition: [MemoryPressure].` */
export function evictionOfEvent(reason: string, message: string): Pick<ObjectEvent, 'refusedFor' | 'evictedFor'> {
  const end = reason === 'Evicted' ? endOf(reason, message) : undefined
  if (end?.what === 'refused') return { refusedFor: end.conditions }
  const other = end?.what === 'evicted' ? (end.shortOf ?? end.overLimitOf) : null
  return other === null || other === 'memory' ? {} : { evictedFor: other }
}
