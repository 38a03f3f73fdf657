import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { isFrom, kernelVersion } from '../../kernel/release.ts'

/** Whether the kernel that printed the report is of that version or later, by `Comm: java Not tainted 5.15.0-119-generic`; `null` where no line tells. */
export function isKernelFrom(facts: IncidentFacts, major: number, minor: number): boolean | null {
  const version = kernelVersion(facts.dump?.release ?? facts.node?.kernelVersion)
  return version === null ? null : isFrom(version, major, minor)
}

/** `/proc/pressure` is there from Linux 4.20 on (kernel/sched/psi.c). */
export const hasPressure = (facts: IncidentFacts): boolean => isKernelFrom(facts, 4, 20) !== false

/** `vm.mem_profiling`: allocation profiling, from Linux 6.10 on (lib/alloc_tag.c). */
export const hasAllocationProfile = (facts: IncidentFacts): boolean => isKernelFrom(facts, 6, 10) !== false
