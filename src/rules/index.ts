import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Warning } from '../model/warning.ts'
import { containerRestarted } from './consequence/container-restarted.ts'
import { containerTerminated } from './consequence/container-terminated.ts'
import { noKill } from './consequence/no-kill.ts'
import { nodePanic } from './consequence/node-panic.ts'
import { podEvicted } from './consequence/pod-evicted.ts'
import { processKilled } from './consequence/process-killed.ts'
import { reportedLate } from './consequence/reported-late.ts'
import { unitFailed } from './consequence/unit-failed.ts'
import { unknownConsequence } from './consequence/unknown.ts'
import { unseenByKubernetes } from './consequence/unseen-by-kubernetes.ts'
import { hugepages } from './consumer/hugepages.ts'
import { kernelMemory } from './consumer/kernel-memory.ts'
import { kernelSlab } from './consumer/kernel-slab.ts'
import { manyProcesses } from './consumer/many-processes.ts'
import { networkBuffers } from './consumer/network-buffers.ts'
import { pageCache } from './consumer/page-cache.ts'
import { pageTables } from './consumer/page-tables.ts'
import { processConsumer } from './consumer/process.ts'
import { sharedMemory } from './consumer/shared-memory.ts'
import { unaccounted } from './consumer/unaccounted.ts'
import { unknownConsumer } from './consumer/unknown.ts'
import { type AnyRule, diagnoseWith } from './diagnose.ts'
import { allocatableLimit } from './limit/allocatable-limit.ts'
import { cgroupLimit } from './limit/cgroup-limit.ts'
import { containerLimit } from './limit/container-limit.ts'
import { cpuset } from './limit/cpuset.ts'
import { evictionThreshold } from './limit/eviction-threshold.ts'
import { fragmentation } from './limit/fragmentation.ts'
import { manual } from './limit/manual.ts'
import { memoryPolicy } from './limit/memory-policy.ts'
import { memoryZone } from './limit/memory-zone.ts'
import { nodeMemory } from './limit/node-memory.ts'
import { overcommitLimit } from './limit/overcommit-limit.ts'
import { podLimit } from './limit/pod-limit.ts'
import { pressureThreshold } from './limit/pressure-threshold.ts'
import { runtimeHeap } from './limit/runtime-heap.ts'
import { unitLimit } from './limit/unit-limit.ts'
import { unknownLimit } from './limit/unknown.ts'
import { crashAmplification } from './root-cause/crash-amplification.ts'
import { debugProcess } from './root-cause/debug-process.ts'
import { evictionTooLate } from './root-cause/eviction-too-late.ts'
import { forkCopyOnWrite } from './root-cause/fork-copy-on-write.ts'
import { fragmentationCause } from './root-cause/fragmentation.ts'
import { groupKillByDefault } from './root-cause/group-kill-by-default.ts'
import { hostProcessGrowth } from './root-cause/host-process-growth.ts'
import { hugepageReservation } from './root-cause/hugepage-reservation.ts'
import { kernelMemoryBug } from './root-cause/kernel-memory-bug.ts'
import { kernelMemoryGrowth } from './root-cause/kernel-memory-growth.ts'
import { limitLoweredInPlace } from './root-cause/limit-lowered-in-place.ts'
import { limitTooLow } from './root-cause/limit-too-low.ts'
import { manualTrigger } from './root-cause/manual-trigger.ts'
import { memoryBackedVolume } from './root-cause/memory-backed-volume.ts'
import { memoryLeak } from './root-cause/memory-leak.ts'
import { nodeOvercommitted } from './root-cause/node-overcommitted.ts'
import { noisySidecar } from './root-cause/noisy-sidecar.ts'
import { overcommitRefusal } from './root-cause/overcommit-refusal.ts'
import { pageCachePressure } from './root-cause/page-cache-pressure.ts'
import { processOutgrewLimit } from './root-cause/process-outgrew-limit.ts'
import { reservationsTooSmall } from './root-cause/reservations-too-small.ts'
import { runawayParallelism } from './root-cause/runaway-parallelism.ts'
import { runtimeHeapFillsLimit } from './root-cause/runtime-heap-fills-limit.ts'
import { runtimeHeapTooSmall } from './root-cause/runtime-heap-too-small.ts'
import { runtimeUnawareOfCgroup } from './root-cause/runtime-unaware-of-cgroup.ts'
import { shieldedGiant } from './root-cause/shielded-giant.ts'
import { startupPeak } from './root-cause/startup-peak.ts'
import { swapExhausted } from './root-cause/swap-exhausted.ts'
import { tooManyWorkers } from './root-cause/too-many-workers.ts'
import { unaccountedMemory } from './root-cause/unaccounted-memory.ts'
import { unboundedWorkload } from './root-cause/unbounded-workload.ts'
import { unknownCause } from './root-cause/unknown.ts'
import { userspaceKiller } from './root-cause/userspace-killer.ts'
import { zoneOrNumaExhaustion } from './root-cause/zone-or-numa-exhaustion.ts'
import { allocatingTask } from './selection/allocating-task.ts'
import { evictionRanking } from './selection/eviction-ranking.ts'
import { groupKill } from './selection/group-kill.ts'
import { largest } from './selection/largest.ts'
import { noSelection } from './selection/none.ts'
import { onlyCandidate } from './selection/only-candidate.ts'
import { oomScoreAdj } from './selection/oom-score-adj.ts'
import { unknownSelection } from './selection/unknown.ts'
import { userspacePolicy } from './selection/userspace-policy.ts'

/** Every answer to every question, in the order of the contract. Which wins is decided by confidence and weight, not by place. */
export const rules: readonly AnyRule[] = [
  // limit
  manual,
  containerLimit,
  podLimit,
  allocatableLimit,
  unitLimit,
  cgroupLimit,
  nodeMemory,
  cpuset,
  memoryPolicy,
  memoryZone,
  fragmentation,
  evictionThreshold,
  pressureThreshold,
  overcommitLimit,
  runtimeHeap,
  unknownLimit,
  // consumer
  processConsumer,
  manyProcesses,
  sharedMemory,
  pageCache,
  kernelSlab,
  networkBuffers,
  kernelMemory,
  pageTables,
  hugepages,
  unaccounted,
  unknownConsumer,
  // selection
  largest,
  onlyCandidate,
  oomScoreAdj,
  allocatingTask,
  groupKill,
  evictionRanking,
  userspacePolicy,
  noSelection,
  unknownSelection,
  // consequence
  containerRestarted,
  containerTerminated,
  unseenByKubernetes,
  reportedLate,
  podEvicted,
  unitFailed,
  processKilled,
  nodePanic,
  noKill,
  unknownConsequence,
  // root-cause
  limitTooLow,
  memoryLeak,
  startupPeak,
  runtimeHeapFillsLimit,
  runtimeHeapTooSmall,
  runtimeUnawareOfCgroup,
  tooManyWorkers,
  groupKillByDefault,
  memoryBackedVolume,
  pageCachePressure,
  kernelMemoryGrowth,
  kernelMemoryBug,
  nodeOvercommitted,
  reservationsTooSmall,
  evictionTooLate,
  unboundedWorkload,
  noisySidecar,
  shieldedGiant,
  hostProcessGrowth,
  forkCopyOnWrite,
  overcommitRefusal,
  hugepageReservation,
  fragmentationCause,
  zoneOrNumaExhaustion,
  unaccountedMemory,
  swapExhausted,
  runawayParallelism,
  userspaceKiller,
  limitLoweredInPlace,
  crashAmplification,
  debugProcess,
  manualTrigger,
  processOutgrewLimit,
  unknownCause,
]

/** Answers the four questions and names the likely root cause of one incident. Never throws: a rule that fails becomes a warning. */
export function diagnose(facts: IncidentFacts, use: readonly AnyRule[] = rules): Diagnosis & { readonly warnings: readonly Warning[] } {
  return diagnoseWith(facts, use)
}
