import type { IncidentFacts } from '../../facts/incident-facts.ts'

/** What the node can give: no limit above it means anything, no request above it is scheduled. */
export interface Room {
  /** Allocatable memory, else nine tenths of what the machine has: the rest is the kernel's and the host's. */
  readonly limitBytes: number
  readonly from: 'allocatable' | 'machine'
  /** Allocatable less what all other pods of the node request; `null` where the sums are not known. */
  readonly requestBytes: number | null
}

const HOST_SHARE = 0.1

/** A pod whose request equals its limit is or wants to be Guaranteed: a limit alone would make it Burstable. */
export function requestsToo(facts: IncidentFacts): boolean {
  const limit = facts.container?.limitBytes?.value ?? null
  const request = facts.container?.requestBytes?.value ?? null
  const guaranteed = (facts.pod?.qosClass ?? facts.victimCgroup?.qosClass) === 'Guaranteed'
  return guaranteed || (limit !== null && request === limit)
}

export function roomOf(facts: IncidentFacts): Room | null {
  const allocatable = facts.node?.allocatableBytes?.value ?? null
  const machine = machineBytes(facts)
  if (allocatable === null && machine === null) return null
  const limitBytes = Math.min(
    allocatable ?? Number.POSITIVE_INFINITY,
    machine === null ? Number.POSITIVE_INFINITY : machine * (1 - HOST_SHARE),
  )
  const requested = facts.node?.allocated?.requestsBytes ?? sumOfPods(facts)
  const own = facts.container?.requestBytes?.value ?? 0
  return {
    limitBytes: allocatable ?? limitBytes,
    from: allocatable === null ? 'machine' : 'allocatable',
    requestBytes: allocatable === null || requested === null ? null : Math.max(0, allocatable - requested + own),
  }
}

/** The requests of all pods that a description lists; `null` without a list. */
function sumOfPods(facts: IncidentFacts): number | null {
  const pods = facts.node?.pods ?? []
  return pods.length === 0 ? null : pods.reduce((sum, pod) => sum + (pod.requestBytes ?? 0), 0)
}

/** Memory of the machine that ordinary processes can use: managed pages, `MemTotal`, or the node's capacity. */
export const machineBytes = (facts: IncidentFacts): number | null =>
  facts.machineAccounting?.totalBytes ?? facts.meminfo?.['MemTotal']?.value ?? facts.node?.capacityBytes?.value ?? null
