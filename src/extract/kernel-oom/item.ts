import type { Constraint, MemcgCounter, PanicText } from '../../model/oom-dump.ts'

/**
 * What one line of a kernel report says, freed of its spelling by era. Sizes that a line prints with a unit are bytes here; page counts stay
 * pages (fields named `…Pages`, and `counters`) until the dump closes, since the page size is read from the dump itself.
 */
export type Item =
  | HeaderItem
  | StackHeadItem
  | SummaryItem
  | KillItem
  | ZoneItem
  | NodeItem
  | BuddyItem
  | RowItem
  | { readonly kind: 'sysrq' }
  | { readonly kind: 'sysrq-ignored' }
  | { readonly kind: 'cpuset'; readonly comm: string; readonly cpuset: string; readonly memsAllowed: string }
  | { readonly kind: 'compaction-off' }
  /** Any line of a stack dump: `Call Trace:`, frames, registers, code, hardware, raw words. */
  | { readonly kind: 'stack'; readonly frame: string | null; readonly starts: boolean }
  | { readonly kind: 'task-in'; readonly task: string | null; readonly limit: string | null }
  | { readonly kind: 'limit-reached'; readonly path: string }
  | {
      readonly kind: 'counter'
      readonly which: 'memory' | 'memorySwap' | 'swap' | 'kmem'
      readonly counter: MemcgCounter
      /** Bytes per page where the limit is the "unlimited" of a known page size. */
      readonly pageBytes: number | null
    }
  /** `values` is `null` when the figures follow on lines of their own (D, E). */
  | { readonly kind: 'stats-head'; readonly path: string; readonly values: Readonly<Record<string, number>> | null }
  | { readonly kind: 'stat'; readonly key: string; readonly value: number }
  | { readonly kind: 'group'; readonly path: string }
  | { readonly kind: 'protection'; readonly minBytes: number; readonly lowBytes: number; readonly glued: string }
  | { readonly kind: 'mem-info' }
  | { readonly kind: 'counters'; readonly pages: Readonly<Record<string, number>> }
  | { readonly kind: 'per-cpu' }
  | { readonly kind: 'node-stub'; readonly node: number }
  | { readonly kind: 'lowmem'; readonly pages: readonly number[] }
  | {
      readonly kind: 'hugepages'
      readonly node: number | null
      readonly total: number
      readonly free: number
      readonly surplus: number
      readonly pageBytes: number
    }
  | { readonly kind: 'total'; readonly what: TotalName; readonly value: number; readonly unit: 'pages' | 'bytes' }
  | { readonly kind: 'slab-head' }
  | { readonly kind: 'slab-busy' }
  | { readonly kind: 'slab'; readonly name: string; readonly usedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'allocations-head' }
  | { readonly kind: 'allocation'; readonly bytes: number; readonly calls: number; readonly site: string }
  | { readonly kind: 'table-title' }
  | { readonly kind: 'table-head'; readonly columns: readonly string[]; readonly complete: boolean }
  | {
      readonly kind: 'choice'
      readonly pid: number
      readonly comm: string
      readonly score: number | null
      readonly prefix: KillPrefix | null
      readonly child: boolean
    }
  | { readonly kind: 'sharing'; readonly pid: number; readonly comm: string }
  | { readonly kind: 'spared'; readonly pid: number | null; readonly comm: string | null }
  | ReapedItem
  | { readonly kind: 'unable-to-reap'; readonly pid: number; readonly comm: string }
  | { readonly kind: 'no-killable' }
  | { readonly kind: 'panic'; readonly panic: PanicText }
  /** The head of a report that prints the same blocks without being an OOM: an allocation failure, SysRq-m, a warning, a hung task. */
  | { readonly kind: 'other-report'; readonly memInfo: boolean }
  | { readonly kind: 'trace-end' }

export interface HeaderItem {
  readonly kind: 'header'
  /** `null` in the kernels that named no command (≤ 2.6.18). */
  readonly comm: string | null
  readonly order: number | null
  readonly gfpMask: string | null
  readonly gfpValue: number | null
  /** `null` where the kernel printed no names; empty where it printed `()`. */
  readonly gfpFlags: readonly string[] | null
  readonly nodemask: string | null
  readonly oomScoreAdj: number | null
  readonly oomAdj: number | null
}

export interface StackHeadItem {
  readonly kind: 'stack-head'
  readonly pid: number
  readonly comm: string
  readonly release: string | null
  /** `CPU: N UID: N PID:` (6.12+). */
  readonly hasUid: boolean
  /** False where the line ends inside the command: a newline in it, or a wrapped line. */
  readonly complete: boolean
}

/** One way to read the tail of an `oom-kill:` line: names may hold `,task=` themselves. */
export interface SummaryReading {
  readonly oomMemcg: string | null
  readonly taskMemcg: string | null
  readonly comm: string | null
}

export interface SummaryItem {
  readonly kind: 'summary'
  readonly constraintPrinted: string | null
  readonly constraint: Constraint | null
  readonly nodemask: string | null
  readonly cpuset: string | null
  readonly memsAllowed: string | null
  readonly global: boolean
  /** Best reading first. Never empty. */
  readonly readings: readonly SummaryReading[]
  readonly pid: number | null
  readonly uid: number | null
  readonly complete: boolean
}

export type KillPrefix = 'global' | 'memcg' | 'allocating-task' | 'mpol-bind' | 'cpuset'

export interface KillItem {
  readonly kind: 'kill'
  readonly pid: number
  readonly comm: string | null
  readonly prefix: KillPrefix | null
  readonly uid: number | null
  readonly oomScoreAdj: number | null
  readonly totalVmBytes: number | null
  readonly anonRssBytes: number | null
  readonly fileRssBytes: number | null
  readonly shmemRssBytes: number | null
  readonly pgtablesBytes: number | null
  readonly complete: boolean
}

export interface ReapedItem {
  readonly kind: 'reaped'
  readonly pid: number
  readonly comm: string | null
  readonly anonRssBytes: number | null
  readonly fileRssBytes: number | null
  readonly shmemRssBytes: number | null
}

export interface NodeItem {
  readonly kind: 'node'
  readonly node: number
  readonly values: Readonly<Record<string, number>>
  readonly allUnreclaimable: boolean | null
}

export interface ZoneItem {
  readonly kind: 'zone'
  readonly node: number | null
  readonly name: string
  readonly values: Readonly<Record<string, number>>
  readonly allUnreclaimable: boolean | null
}

export interface BuddyItem {
  readonly kind: 'buddy'
  readonly node: number | null
  readonly name: string
  readonly blocks: readonly { readonly blockBytes: number; readonly count: number; readonly types: string | null }[]
  readonly totalBytes: number | null
}

export interface RowItem {
  readonly kind: 'row'
  readonly pid: number
  /** The row after `[ pid ]`, as printed. */
  readonly rest: string
}

export type TotalName =
  | 'pagecache'
  | 'swapCache'
  | 'freeSwap'
  | 'totalSwap'
  | 'ram'
  | 'reserved'
  | 'highMem'
  | 'cmaReserved'
  | 'hwpoisoned'
  | 'other'
