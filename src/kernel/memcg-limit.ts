import type { MemcgCounter, OomDump } from '../model/oom-dump.ts'

/** The limit of a memory cgroup that stopped it. */
export interface HitLimit {
  readonly counter: MemcgCounter
  /** `memory`: the memory limit; `memory+swap`: the combined limit of cgroup v1. */
  readonly of: 'memory' | 'memory+swap'
  /** Usage within the tolerance of kernel-oom-formats §4.2. */
  readonly reached: boolean
}

/**
 * Of a v1 group's two counters the one that refused the charge: the one that stands at its limit; where both do, the one that counted failures (each has its own
 * `failcnt`), and of two that counted, or of equal limits, memory, which is what people set. `null` without a counter line.
 */
export function hitLimit(dump: OomDump): HitLimit | null {
  const { memory, memorySwap } = dump
  const plain = memory !== null && isNear(memory, dump)
  const combined = memorySwap !== null && isNear(memorySwap, dump)
  const larger = memorySwap !== null && memorySwap.limitBytes !== memory?.limitBytes
  const isCombined = combined && larger && (!plain || (memory?.failcnt === 0 && (memorySwap.failcnt ?? 0) > 0))
  const counter = isCombined ? memorySwap : memory
  return counter === null ? null : { counter, of: isCombined ? 'memory+swap' : 'memory', reached: plain || combined }
}

/** Usage may stop short of the limit: the request is larger than the gap, or charges sit in per-CPU batches of 64 pages (§4.2). */
function isNear({ usageBytes, limitBytes }: MemcgCounter, dump: OomDump): boolean {
  if (limitBytes === null) return false
  const request = dump.pageBytes * 2 ** (dump.trigger?.order ?? 0)
  return limitBytes - usageBytes <= Math.max(request, 64 * 8 * dump.pageBytes, limitBytes / 100)
}
