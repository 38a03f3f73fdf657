/**
 * The kubelet's `oom_score_adj` policy (pkg/kubelet/qos/policy.go; constants of 1.15, 1.18, 1.20, 1.26 and 1.34 read;
 * kubernetes-oom §3), read backwards. A Burstable container's value is `1000 − ⌊1000·request/capacity⌋`, clamped to [3, 999] (to 2 up to 1.18);
 * capacity is the node's Capacity (MemTotal), not Allocatable.
 */

/** What of the kubelet's sets such a value. */
export type AdjSubject = 'guaranteed-or-critical' | 'burstable' | 'sandbox'

/** Both values of Guaranteed: −998 up to 1.18, −997 from 1.19 or 1.20 on. */
const GUARANTEED: ReadonlySet<number> = new Set([-998, -997])

/**
 * Who carries `adj`. The comm tells the sandbox (`pause`) from a Guaranteed container of an old kubelet: both are −998.
 * Any critical pod is like a Guaranteed one up to 1.20, only node-critical ones since.
 */
export function subjectOfAdj(adj: number, comm: string | null): AdjSubject | null {
  if (adj === -998 && comm === 'pause') return 'sandbox'
  if (GUARANTEED.has(adj)) return 'guaranteed-or-critical'
  return adj >= 2 && adj <= 999 ? 'burstable' : null
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
