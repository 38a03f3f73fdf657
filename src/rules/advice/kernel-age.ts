import type { IncidentFacts } from '../../facts/incident-facts.ts'

/** Whether the kernel that printed the report is of that version or later, by `Comm: java Not tainted 5.15.0-119-generic`; `null` where no line tells. */
export function isKernelFrom(facts: IncidentFacts, major: number, minor: number): boolean | null {
  const [first = '', second = ''] = (facts.dump?.release ?? facts.node?.kernelVersion ?? '').split('.', 2)
  const [has, hasMinor] = [Number.parseInt(first, 10), Number.parseInt(second, 10)]
  if (Number.isNaN(has) || Number.isNaN(hasMinor)) return null
  return has > major || (has === major && hasMinor >= minor)
}

/** `/proc/pressure` is there from Linux 4.20 on (kernel/sched/psi.c). */
export const hasPressure = (facts: IncidentFacts): boolean => isKernelFrom(facts, 4, 20) !== false

/** `vm.mem_profiling`: allocation profiling, from Linux 6.10 on (lib/alloc_tag.c). */
export const hasAllocationProfile = (facts: IncidentFacts): boolean => isKernelFrom(facts, 6, 10) !== false
