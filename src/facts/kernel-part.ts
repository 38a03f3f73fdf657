import type { IncidentFacts } from './incident-facts.ts'

/** What of the kernel's memory has a counter of its own, besides slab, page tables and sockets. */
export interface KernelPart {
  readonly counter: 'kernel_stack' | 'percpu' | 'vmalloc' | 'zswap'
  readonly bytes: number
}

const COUNTERS = ['kernel_stack', 'percpu', 'vmalloc', 'zswap'] as const

/** The one counter that holds more than half of what the class `kernel` is; `null` where none does, or none is printed. `kernel` holds all four (mm/memcontrol.c, 5.18 and later). */
export function kernelPart(facts: IncidentFacts): KernelPart | null {
  const held = facts.composition
  const details = (held?.scope === 'memcg' ? facts.memcgAccounting : facts.machineAccounting)?.details ?? {}
  const [most] = COUNTERS.map((counter) => ({ counter, bytes: details[counter] ?? 0 })).sort((a, b) => b.bytes - a.bytes)
  return most === undefined || most.bytes <= (held?.classes.kernel ?? 0) / 2 ? null : most
}
