import type { Quote } from '../model/origin.ts'
import type { IncidentFacts } from './incident-facts.ts'

/** What a pod of the node held at a moment that nothing dates. */
export interface PodUsage {
  readonly namespace: string | null
  readonly pod: string
  readonly bytes: number
  /** What its containers request together; `null` where no list of the node tells. */
  readonly requestBytes: number | null
  readonly quotes: readonly Quote[]
}

export interface NodeUsage {
  /** The largest first. */
  readonly pods: readonly PodUsage[]
  readonly capacityBytes: number
  /** Whether the pod that was evicted is still in the table: then it was printed before the eviction, or right at it. */
  readonly isBefore: boolean
  /** Whether a list tells that these pods are the node's: `kubectl top` prints those of all nodes. */
  readonly isOfNode: boolean
}

/** Pods of the incident's node by `kubectl top pod`; `null` without the table or the node's size. */
export function nodeUsage(facts: IncidentFacts): NodeUsage | null {
  const { incident, node } = facts
  const capacityBytes = node?.capacityBytes?.value ?? facts.meminfo?.['MemTotal']?.value ?? null
  const rows = incident.snapshots.flatMap((s) => (s.kind === 'pod-usage' ? s.rows : []))
  if (capacityBytes === null || rows.length === 0) return null
  const listed = node?.pods === undefined || node.pods.length === 0 ? null : node.pods
  const pods = new Map<string, PodUsage>()
  for (const { namespace, pod, bytes, quote } of rows) {
    const own = listed?.find((one) => one.name === pod && (namespace === null || one.namespace === namespace)) ?? null
    const known = pods.get(`${namespace} ${pod}`)
    pods.set(`${namespace} ${pod}`, {
      namespace: namespace ?? own?.namespace ?? null,
      pod,
      bytes: (known?.bytes ?? 0) + bytes,
      requestBytes: own?.requestBytes ?? null,
      quotes: [...(known?.quotes ?? []), quote, ...(own === null || known !== undefined ? [] : [own.quote])],
    })
  }
  const evicted = new Set(incident.kills.map((kill) => kill.workload?.pod ?? kill.target?.pod ?? null))
  const all = [...pods.values()].sort((a, b) => b.bytes - a.bytes)
  // An evicted pod is not in the list of those that run, but is in a table that was printed before.
  const here = all.filter(({ pod }) => listed === null || evicted.has(pod) || listed.some((one) => one.name === pod))
  return { pods: here, capacityBytes, isBefore: here.some(({ pod }) => evicted.has(pod)), isOfNode: listed !== null }
}
