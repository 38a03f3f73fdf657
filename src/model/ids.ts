/**
 * Every closed list of words that a report uses, once: the types, the zod and JSON schema, `explain`, the docs and the tests derive from these. What an
 * id means stands in `explain/`.
 */

export const limitIds = [
  ...(['container-limit', 'pod-limit', 'allocatable-limit', 'unit-limit', 'cgroup-limit', 'node-memory', 'cpuset'] as const),
  ...(['memory-policy', 'memory-zone', 'fragmentation', 'eviction-threshold', 'pressure-threshold', 'overcommit-limit'] as const),
  ...(['runtime-heap', 'manual', 'unknown'] as const),
] as const
export type LimitId = (typeof limitIds)[number]

export const consumerIds = [
  ...(['process', 'many-processes', 'shared-memory', 'page-cache', 'kernel-slab', 'network-buffers', 'kernel-memory'] as const),
  ...(['page-tables', 'hugepages', 'unaccounted', 'unknown'] as const),
] as const
export type ConsumerId = (typeof consumerIds)[number]

export const selectionIds = [
  ...(['largest', 'only-candidate', 'oom-score-adj', 'allocating-task', 'group-kill', 'eviction-ranking'] as const),
  ...(['userspace-policy', 'none', 'unknown'] as const),
] as const
export type SelectionId = (typeof selectionIds)[number]

export const consequenceIds = [
  ...(['container-restarted', 'container-terminated', 'unseen-by-kubernetes', 'reported-late', 'pod-evicted', 'unit-failed'] as const),
  ...(['process-killed', 'node-panic', 'no-kill', 'unknown'] as const),
] as const
export type ConsequenceId = (typeof consequenceIds)[number]

export const patternIds = ['single', 'repeating', 'leak', 'cascade'] as const
export type PatternId = (typeof patternIds)[number]

export const rootCauseIds = [
  ...(['limit-too-low', 'memory-leak', 'startup-peak', 'runtime-heap-fills-limit', 'runtime-heap-too-small'] as const),
  ...(['runtime-unaware-of-cgroup', 'too-many-workers', 'group-kill-by-default', 'memory-backed-volume', 'page-cache-pressure'] as const),
  ...(['kernel-memory-growth', 'kernel-memory-bug', 'node-overcommitted', 'reservations-too-small', 'eviction-too-late'] as const),
  ...(['unbounded-workload', 'noisy-sidecar', 'shielded-giant', 'host-process-growth', 'fork-copy-on-write'] as const),
  ...(['overcommit-refusal', 'hugepage-reservation', 'fragmentation', 'zone-or-numa-exhaustion', 'unaccounted-memory'] as const),
  ...(['swap-exhausted', 'memory-high-throttling', 'runaway-parallelism', 'userspace-killer', 'not-oom'] as const),
  ...(['limit-lowered-in-place', 'crash-amplification', 'debug-process', 'manual-trigger', 'process-outgrew-limit', 'unknown'] as const),
] as const
export type RootCauseId = (typeof rootCauseIds)[number]

/** The questions in the order in which a report answers them, each with the ids of its answers. */
export const answerIds = {
  limit: limitIds,
  consumer: consumerIds,
  selection: selectionIds,
  consequence: consequenceIds,
  rootCause: rootCauseIds,
} as const
export type Question = keyof typeof answerIds
export type AnswerIds = { readonly [Q in Question]: (typeof answerIds)[Q][number] }

export const confidences = ['high', 'medium', 'low'] as const
export type Confidence = (typeof confidences)[number]

/** What a recommendation does: stops the harm, finds the cause, keeps it from coming back. In this order. */
export const whens = ['now', 'find', 'prevent'] as const
export type When = (typeof whens)[number]

/** Whose work a recommendation is. */
export const owners = ['application', 'platform', 'kernel'] as const
export type Owner = (typeof owners)[number]

/** Killers in userspace that watch memory, or that give jobs a share of it. */
export const userspaceKillers = ['systemd-oomd', 'earlyoom', 'nohang', 'oomd', 'lmkd', 'talos', 'slurm', 'yarn'] as const
export type UserspaceKiller = (typeof userspaceKillers)[number]
export const killers = ['kernel', 'kubelet', ...userspaceKillers, 'unknown'] as const
export type Killer = (typeof killers)[number]

/** The kernel's constraint of an allocation (`mm/oom_kill.c`, `enum oom_constraint`). */
export const constraints = ['none', 'memcg', 'cpuset', 'memory_policy'] as const
export type Constraint = (typeof constraints)[number]

export const workloadKinds = ['pod', 'systemd-unit', 'container', 'slurm-job', 'user-session', 'process'] as const
export type WorkloadKind = (typeof workloadKinds)[number]

export const runtimes = ['containerd', 'cri-o', 'docker', 'podman', 'lxc'] as const
export type Runtime = (typeof runtimes)[number]

export const qosClasses = ['Guaranteed', 'Burstable', 'BestEffort'] as const
export type QosClass = (typeof qosClasses)[number]

/** How a time came to UTC: printed with a zone, converted through an anchor, zone or year assumed. */
export const timeBases = ['absolute', 'anchored', 'assumed'] as const
export type TimeBasis = (typeof timeBases)[number]

/** What a series of memory over time is about, and what form it has. */
export const usageSubjects = ['container', 'pod', 'node', 'unit', 'process', 'runtime-heap'] as const
export type UsageSubject = (typeof usageSubjects)[number]
export const usageShapes = ['growth', 'spike', 'plateau', 'periodic', 'flat', 'unknown'] as const
export type UsageShape = (typeof usageShapes)[number]
