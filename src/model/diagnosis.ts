import type { Quote } from './origin.ts'

export type Confidence = 'high' | 'medium' | 'low'

export type LimitId =
  | 'container-limit'
  | 'pod-limit'
  | 'allocatable-limit'
  | 'unit-limit'
  | 'cgroup-limit'
  | 'node-memory'
  | 'cpuset'
  | 'memory-policy'
  | 'memory-zone'
  | 'fragmentation'
  | 'eviction-threshold'
  | 'pressure-threshold'
  | 'overcommit-limit'
  | 'runtime-heap'
  | 'manual'
  | 'unknown'
export type ConsumerId =
  | 'process'
  | 'many-processes'
  | 'shared-memory'
  | 'page-cache'
  | 'kernel-slab'
  | 'network-buffers'
  | 'kernel-memory'
  | 'page-tables'
  | 'hugepages'
  | 'unaccounted'
  | 'unknown'
export type SelectionId =
  | 'largest'
  | 'only-candidate'
  | 'oom-score-adj'
  | 'allocating-task'
  | 'group-kill'
  | 'eviction-ranking'
  | 'userspace-policy'
  | 'none'
  | 'unknown'
export type ConsequenceId =
  | 'container-restarted'
  | 'container-terminated'
  | 'unseen-by-kubernetes'
  | 'reported-late'
  | 'pod-evicted'
  | 'unit-failed'
  | 'process-killed'
  | 'node-panic'
  | 'no-kill'
  | 'unknown'
export type PatternId = 'single' | 'repeating' | 'leak' | 'cascade'
export type RootCauseId =
  | 'limit-too-low'
  | 'memory-leak'
  | 'startup-peak'
  | 'runtime-heap-fills-limit'
  | 'runtime-heap-too-small'
  | 'runtime-unaware-of-cgroup'
  | 'too-many-workers'
  | 'group-kill-by-default'
  | 'memory-backed-volume'
  | 'page-cache-pressure'
  | 'kernel-memory-growth'
  | 'kernel-memory-bug'
  | 'node-overcommitted'
  | 'reservations-too-small'
  | 'eviction-too-late'
  | 'unbounded-workload'
  | 'noisy-sidecar'
  | 'shielded-giant'
  | 'host-process-growth'
  | 'fork-copy-on-write'
  | 'overcommit-refusal'
  | 'hugepage-reservation'
  | 'fragmentation'
  | 'zone-or-numa-exhaustion'
  | 'unaccounted-memory'
  | 'swap-exhausted'
  | 'memory-high-throttling'
  | 'runaway-parallelism'
  | 'userspace-killer'
  | 'not-oom'
  | 'limit-lowered-in-place'
  | 'crash-amplification'
  | 'debug-process'
  | 'manual-trigger'
  | 'process-outgrew-limit'
  | 'unknown'

export type Question = 'limit' | 'consumer' | 'selection' | 'consequence' | 'rootCause'
export interface AnswerIds {
  limit: LimitId
  consumer: ConsumerId
  selection: SelectionId
  consequence: ConsequenceId
  rootCause: RootCauseId
}

/**
 * A sentence with typed values inside, made by the `say` tag (`report/say.ts`): every output formats and escapes the values its
 * own way. Bytes stay bytes until a renderer prints them.
 */
export type Phrase = readonly PhrasePart[]
export type PhrasePart =
  | string
  | { readonly bytes: number }
  | { readonly instantUs: number; readonly digits: 0 | 3 | 6 }
  | { readonly code: string }
  | { readonly seconds: number }
  | { readonly percent: number }
  | { readonly count: number }

export interface Answer<Id extends string = string> {
  readonly id: Id
  readonly confidence: Confidence
  readonly statement: Phrase
  readonly evidence: readonly Quote[]
  /** What speaks against it, when something does (then it is no `high`). */
  readonly against: Phrase | null
}

export interface Alternative {
  readonly question: Question
  readonly id: string
  readonly why: Phrase
  readonly against: Phrase
}

export interface Recommendation {
  readonly text: Phrase
  readonly why: Phrase
  /** A shell command with real names filled in, or `null`. */
  readonly command: string | null
  readonly when: 'now' | 'this-week' | 'prevent'
}

export interface Missing {
  readonly text: Phrase
  readonly command: string | null
}

export interface Diagnosis {
  readonly limit: Answer<LimitId>
  readonly consumer: Answer<ConsumerId>
  readonly selection: Answer<SelectionId>
  readonly consequence: Answer<ConsequenceId>
  readonly pattern: PatternId
  readonly rootCause: Answer<RootCauseId>
  readonly alternatives: readonly Alternative[]
  readonly recommendations: readonly Recommendation[]
  readonly missing: readonly Missing[]
}
