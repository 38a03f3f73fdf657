import type { QosClass, Runtime } from './ids.ts'
import type { TaskRow } from './oom-dump.ts'

/** A task of the table with its recomputed badness (kernel-oom-formats §10), in pages of the dump's page size or permille by era. */
export interface ScoredTask {
  readonly row: TaskRow
  /** `null` where it cannot be recomputed (no total pages, era 0). Era 1: permille; later: pages. */
  readonly badness: number | null
  /** 1 for the task that the rule would choose; ineligible tasks have `null`. */
  readonly rank: number | null
  readonly eligible: boolean
  /** Badness with every oom_score_adj taken as 0: who would have been first without adjustments. */
  readonly unadjusted: number | null
  readonly unadjustedRank: number | null
}

export interface TaskScores {
  readonly unit: 'pages' | 'permille' | null
  readonly era: 0 | 1 | 2 | 3 | 4 | 5 | null
  /** `totalpages` of the constraint in force, and how it was come by. */
  readonly totalPages: number | null
  readonly totalFrom: 'ram-and-swap' | 'limit' | 'limit-and-swap' | 'allowed-nodes' | 'solved-from-score' | null
  /** True when swap of the machine was taken as absent because nothing shows any (memcg reports since 3.9 do not print it). */
  readonly totalAssumed?: boolean
  /** All totals that fit the printed score, where `totalFrom` is `solved-from-score`. */
  readonly totalRange?: { readonly min: number; readonly max: number } | null
  /** Whether tasks of uid 0 were given the bonus of CAP_SYS_ADMIN (eras 1–3). */
  readonly rootBonus?: boolean
  /** In table order. */
  readonly tasks: readonly ScoredTask[]
  /** The first kill's row, by pid, else tgid, else comm; `null` when it is not in the table. */
  readonly victim: ScoredTask | null
  /** Whether a printed score equals ours; `null` where none was printed or none could be computed. */
  readonly matchesPrinted: boolean | null
  /** Why the kernel's choice is not our first; `null` when it is, or when there is no table. */
  readonly difference:
    | 'group-kill'
    | 'allocating-task'
    | 'child-sacrifice'
    | 'thread'
    | 'manual'
    | 'close-figures'
    | 'unkillable-larger'
    | 'victim-not-in-table'
    | 'unexplained'
    | null
  /** The task that would have been first without adjustments, when it is not the victim: an innocent died for it. */
  readonly shieldedGiant: ScoredTask | null
}

export type MemoryClassId =
  | 'anon'
  | 'file'
  | 'shmem'
  | 'slab'
  | 'kernel'
  | 'sock'
  | 'pagetables'
  | 'hugepages'
  | 'free'
  | 'other'
  | 'unaccounted'

/** What a machine or a memcg held, class by class, against its total (kernel-oom-formats §4, §12.0). Classes do not overlap. */
export interface Accounting {
  /** `part`: the zones that the request could use, where they are only a part of the machine. */
  readonly scope: 'memcg' | 'machine' | 'part'
  readonly totalBytes: number
  /** `memory.max`, `memory.limit_in_bytes`, `managed memory`. */
  readonly totalName: string
  readonly classes: readonly { readonly id: MemoryClassId; readonly kernelName: string; readonly bytes: number }[]
  /** Remainder in no counter; negative values are kept (figures taken at different moments). */
  readonly unaccountedBytes: number
  /** Sub-figures that explain a class: `slab_unreclaimable`, `file_dirty`, `file_writeback`, `unevictable`, `file_mapped`, `kernel_stack`, `percpu`, `vmalloc`. */
  readonly details: Readonly<Record<string, number>>
}

/** A zone against its watermarks for the request at hand (kernel-oom-formats §12.6, §12.7). */
export interface ZoneState {
  readonly node: number | null
  readonly name: string
  /** Whether the request may use it: by its kind and by the nodes that it is held to. */
  readonly usable: boolean
  /** Whether it is on a node that the request is held to; `usable` asks for the kind of the zone too. */
  readonly allowed: boolean
  readonly freeBytes: number | null
  readonly minBytes: number | null
  readonly lowBytes: number | null
  readonly highBytes: number | null
  /** `managed:` as printed (3.8 and later); `sizeBytes` is what stands for it in older reports, `present:`. */
  readonly managedBytes: number | null
  readonly sizeBytes: number | null
  readonly headroomBytes: number | null
  readonly exhausted: boolean | null
  /** Whether the free blocks let a request of the wanted order through, by the era's rule; `null` without a buddy line. */
  readonly hasBlock: boolean | null
  /** Bytes in free blocks of the wanted order or larger. */
  readonly blockBytes: number | null
}

/** What a cgroup path tells (kubernetes-oom §2). */
export interface CgroupIdentity {
  readonly path: string
  /** What the path itself denotes. */
  readonly level: 'root' | 'kubepods' | 'qos' | 'pod' | 'container' | 'unit' | 'slice' | 'user-session' | 'slurm-job' | 'vm' | 'other'
  readonly runtime: Runtime | null
  readonly qosClass: QosClass | null
  /** With dashes when it is a UUID; a static pod's 32 hex digits as they are, `staticPod` true. */
  readonly podUid: string | null
  readonly staticPod: boolean
  readonly containerId: string | null
  /** conmon or another monitor of the container, not the container. */
  readonly monitor: boolean
  /** Innermost systemd unit, unescaped as `systemd-escape -u` would not: as printed. */
  readonly unit: string | null
  readonly job: string | null
  /** Outer containers that stand for a node: kind, LXC, docker-in-docker. */
  readonly outer: readonly string[]
  /** Path of the pod's own cgroup, of kubepods, where they are part of this path. */
  readonly podPath: string | null
  readonly kubepodsPath: string | null
  readonly containerPath: string | null
}
