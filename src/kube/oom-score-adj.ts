import type { QosClass } from './cgroup-shapes.ts'

/**
 * The kubelet's `oom_score_adj` policy (pkg/kubelet/qos/policy.go; constants of 1.15, 1.18, 1.20, 1.26 and 1.34 read;
 * kubernetes-oom §3), forwards and backwards.
 */

/** What sets such a value. `other`: not one of the kubelet's; plain docker, systemd, or a process that changed its own. */
export type AdjSubject =
  | 'guaranteed-or-critical'
  | 'burstable'
  | 'best-effort'
  | 'sandbox'
  | 'node-agent'
  | 'unkillable'
  | 'default'
  | 'other'

/** Both values of Guaranteed: −998 up to 1.18, −997 from 1.19 or 1.20 on. */
const GUARANTEED: ReadonlySet<number> = new Set([-998, -997])

/**
 * Who carries `adj`. The comm tells the sandbox (`pause`) from a Guaranteed container of an old kubelet: both are −998.
 * Any critical pod is like a Guaranteed one up to 1.20, only node-critical ones since.
 */
export function subjectOfAdj(adj: number, comm: string | null): AdjSubject {
  if (adj === -998 && comm === 'pause') return 'sandbox'
  if (GUARANTEED.has(adj)) return 'guaranteed-or-critical'
  if (adj === 1000) return 'best-effort'
  if (adj >= 2 && adj <= 999) return 'burstable'
  if (adj === -1000) return 'unkillable'
  if (adj === -999 || adj === -500) return 'node-agent'
  return adj === 0 ? 'default' : 'other'
}

/** The QoS class that the value speaks for, of a process known to be in a pod; `null` where it speaks for none. */
export function qosOfAdj(adj: number, comm: string | null): QosClass | null {
  const subject = subjectOfAdj(adj, comm)
  if (subject === 'guaranteed-or-critical') return 'Guaranteed'
  if (subject === 'best-effort') return 'BestEffort'
  return subject === 'burstable' ? 'Burstable' : null
}

/**
 * The value of a Burstable container: `1000 − ⌊1000·request/capacity⌋`, clamped to [3, 999] (to 2 up to 1.18: ask with `lowest`).
 * `capacityBytes` is the node's Capacity (MemTotal), not Allocatable.
 */
export function adjOfRequest(requestBytes: number, capacityBytes: number, lowest: 2 | 3 = 3): number {
  const adj = 1000 - Math.floor((1000 * requestBytes) / capacityBytes)
  return Math.min(999, Math.max(lowest, adj))
}

export interface RequestInterval {
  /** Inclusive. */
  readonly minBytes: number
  /** Exclusive. */
  readonly maxBytes: number
}

/**
 * The memory request behind a Burstable container's value; its resolution is a thousandth of the node's capacity. `null` where the value is
 * none of a Burstable container. 999 also stands for no request at all, 2 and 3 for everything up to the whole node (and above: a request
 * cannot exceed the node).
 */
export function requestFromAdj(adj: number, capacityBytes: number): RequestInterval | null {
  if (!Number.isInteger(adj) || adj < 2 || adj > 999 || !(capacityBytes > 0)) return null
  const step = capacityBytes / 1000
  const k = 1000 - adj
  // A computed 1000 was lowered to 999: k = 0 and k = 1 look the same. At the lower clamp everything above is possible.
  return { minBytes: adj === 999 ? 0 : Math.ceil(k * step), maxBytes: adj <= 3 ? Math.ceil(capacityBytes) + 1 : Math.ceil((k + 1) * step) }
}

/** The value that most tasks of one container share: a tool may change its own (`choom`, stress-ng, postgres). `null` for none or a tie. */
export function commonAdj(adjs: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const adj of adjs) counts.set(adj, (counts.get(adj) ?? 0) + 1)
  const sorted = [...counts].sort((a, b) => b[1] - a[1])
  const [first, second] = sorted
  if (first === undefined) return null
  return second !== undefined && second[1] === first[1] ? null : first[0]
}

/**
 * Why a value does not fit what else is known. `qos`: another QoS class than the pod's or the path's. `request`: Burstable, but the pod's
 * request lies outside the interval: another node size, an in-place resize after the start, a sidecar's or pod-level formula, or the wrong pod.
 * `own-value`: none of the kubelet's values although the process is in a pod: it, or its runtime, changed it.
 */
export type AdjContradiction = 'qos' | 'request' | 'own-value'

export interface AdjCheck {
  readonly adj: number
  readonly comm: string | null
  /** Of the pod object, else of the cgroup path. */
  readonly qosClass: QosClass | null
  /** The container's memory request; 0 for none; `null` unknown. */
  readonly requestBytes: number | null
  readonly capacityBytes: number | null
  /** A static, mirror or high-priority pod: carries Guaranteed's value whatever its class. */
  readonly critical: boolean
}

export function contradictionsOfAdj(check: AdjCheck): readonly AdjContradiction[] {
  const { adj, comm, qosClass, requestBytes, capacityBytes } = check
  const subject = subjectOfAdj(adj, comm)
  if (subject === 'sandbox' || (check.critical && subject === 'guaranteed-or-critical')) return []
  const spoken = qosOfAdj(adj, comm)
  if (spoken === null) return qosClass === null ? [] : ['own-value']
  if (qosClass !== null && spoken !== qosClass) return ['qos']
  if (spoken !== 'Burstable' || requestBytes === null || capacityBytes === null) return []
  const interval = requestFromAdj(adj, capacityBytes)
  const fits = interval === null || (requestBytes >= interval.minBytes && requestBytes < interval.maxBytes)
  return fits ? [] : ['request']
}
