import type { Constraint } from './ids.ts'
import type { Quote } from './origin.ts'
import type { Moment } from './stamp.ts'
import type { Warning } from './warning.ts'

/** The allocating task that invoked the killer: the header line. Not the victim. */
export interface Trigger {
  readonly comm: string | null
  /** Thread id, from the stack header `CPU: N PID: N Comm:`; `null` where that line is missing. */
  readonly pid: number | null
  /** Power of two of pages; −1 means SysRq-f. */
  readonly order: number | null
  /** Names as printed (`GFP_KERNEL|__GFP_ZERO`), or the bare hex number where the kernel printed no names. */
  readonly gfpMask: string | null
  /** Flag names: printed, or decoded from the number by the era (then `decoded` is true). */
  readonly gfpFlags: readonly string[]
  readonly gfpDecoded: boolean
  readonly gfpValue: number | null
  readonly oomScoreAdj: number | null
  readonly oomAdj: number | null
  readonly nodemask: string | null
  readonly cpuset: string | null
  readonly memsAllowed: string | null
  /** Functions of the call trace, innermost first, without offsets: `mem_cgroup_out_of_memory`. */
  readonly frames: readonly string[]
}

export type { Constraint }

/** One `usage NkB, limit NkB, failcnt N` line, in bytes. `limitBytes` is `null` when unlimited; `unlimited` tells that from not printed. */
export interface MemcgCounter {
  readonly usageBytes: number
  readonly limitBytes: number | null
  readonly unlimited: boolean
  readonly failcnt: number | null
}

/** `Memory cgroup stats for PATH:` in any of the variants A–E. */
export interface MemcgStats {
  readonly path: string
  /** Whether the figures cover the whole subtree (5.3+) or this group alone (B, C; use `total_*` on v1 of E). */
  readonly hierarchical: boolean
  /** Sizes in bytes; event counts (`pg*`, `workingset_*`, `thp_*`, `zsw*`) as they are. Keys as printed. */
  readonly values: Readonly<Record<string, number>>
  readonly quotes: readonly Quote[]
}

/** A row of the task table. Sizes in bytes; `null` where the era has no such column. */
export interface TaskRow {
  readonly pid: number
  readonly tgid: number | null
  readonly uid: number | null
  readonly comm: string
  readonly totalVmBytes: number | null
  readonly rssBytes: number | null
  readonly rssAnonBytes: number | null
  readonly rssFileBytes: number | null
  readonly rssShmemBytes: number | null
  readonly pgtablesBytes: number | null
  readonly swapBytes: number | null
  readonly oomScoreAdj: number | null
  readonly oomAdj: number | null
  readonly quote: Quote
}

export interface ZoneInfo {
  readonly node: number | null
  /** `DMA`, `DMA32`, `Normal`, `HighMem`, `Movable`, `Device`. */
  readonly name: string
  /** All `key:NkB` items in bytes (`free`, `boost`, `min`, `low`, `high`, `present`, `managed`, `reserved_highatomic` …). */
  readonly values: Readonly<Record<string, number>>
  readonly allUnreclaimable: boolean | null
  /** `lowmem_reserve[]` in bytes, one per zone class; `null` when not printed. */
  readonly lowmemReserveBytes: readonly number[] | null
  /** Free blocks per order; `types` are the migrate-type letters (`UME`), `null` in eras that print none. */
  readonly buddy:
    | readonly { readonly order: number; readonly blockBytes: number; readonly count: number; readonly types: string | null }[]
    | null
  readonly buddyTotalBytes: number | null
  readonly quotes: readonly Quote[]
}

export interface NodeInfo {
  readonly node: number
  readonly values: Readonly<Record<string, number>>
  readonly allUnreclaimable: boolean | null
  readonly quote: Quote
}

export interface HugepagePool {
  readonly node: number | null
  readonly total: number
  readonly free: number
  readonly surplus: number
  readonly pageBytes: number
  readonly quote: Quote
}

/** The Mem-Info block: the whole machine. All sizes in bytes. */
export interface MemInfo {
  /** Global counters (`active_anon`, `free`, `slab_unreclaimable` …), bytes. */
  readonly counters: Readonly<Record<string, number>>
  readonly nodes: readonly NodeInfo[]
  readonly zones: readonly ZoneInfo[]
  readonly hugepages: readonly HugepagePool[]
  /** Can be negative (an accounting quirk of the kernel). */
  readonly freeSwapBytes: number | null
  readonly totalSwapBytes: number | null
  readonly ramBytes: number | null
  readonly reservedBytes: number | null
  readonly cmaReservedBytes: number | null
  readonly slabs: readonly { readonly name: string; readonly usedBytes: number; readonly totalBytes: number; readonly quote: Quote }[]
  readonly allocations: readonly { readonly bytes: number; readonly calls: number; readonly site: string; readonly quote: Quote }[]
  readonly protection: { readonly minBytes: number; readonly lowBytes: number; readonly quote: Quote } | null
  readonly quotes: readonly Quote[]
}

/** A process that the kernel killed in this event. Any one of the three proofs makes one. */
export interface KernelKill {
  readonly pid: number
  readonly comm: string | null
  readonly uid: number | null
  readonly oomScoreAdj: number | null
  /** From `oom-kill:`; for further victims of a group kill, the group. */
  readonly taskMemcg: string | null
  readonly totalVmBytes: number | null
  readonly anonRssBytes: number | null
  readonly fileRssBytes: number | null
  readonly shmemRssBytes: number | null
  readonly pgtablesBytes: number | null
  /** Score as printed (≤ 5.0), else `null`. */
  readonly score: number | null
  /** `Kill process` named another pid than `Killed process`: the parent that was chosen before its child was sacrificed. */
  readonly sacrificedFor: { readonly pid: number; readonly comm: string; readonly score: number | null } | null
  readonly provedBy: readonly ('kill-line' | 'summary' | 'reaper')[]
  /** What was left after the reaper; older kernels and cut lines name no figures. */
  readonly reaped: {
    readonly anonRssBytes: number | null
    readonly fileRssBytes: number | null
    readonly shmemRssBytes: number | null
  } | null
  readonly unableToReap: boolean
  readonly moment: Moment
  readonly quotes: readonly Quote[]
}

/**
 * What the kernel panicked of, by its own words: `setting` is vm.panic_on_oom (2.6.18 and later); `memory`: no killable processes, or deadlocked on memory, which
 * panics whatever it is set to (mm/oom_kill.c); `init`: pid 1 was killed (kernel/exit.c); `other`: nothing of memory.
 */
export interface PanicText {
  readonly text: string
  readonly cause: 'setting' | 'memory' | 'init' | 'other'
}

/**
 * One run of the kernel's OOM killer, as much of it as survived: any subset of header, stack, memcg block, Mem-Info, task table,
 * `oom-kill:` line, kill lines, reaper lines, panic. A lone kill line is a dump with one kill and nothing else.
 */
export interface OomDump {
  readonly trigger: Trigger | null
  /** As printed, but corrected for the 5.0–5.2 bug (`CONSTRAINT_NONE` with `oom_memcg=`); `null` where none was printed or implied. */
  readonly constraint: Constraint | null
  readonly constraintPrinted: string | null
  /** Decided from `oom_memcg=`, `global_oom`, `Task in … limit of …`, the kill line's prefix, the blocks present. */
  readonly scope: 'memcg' | 'global' | null
  readonly oomMemcg: string | null
  readonly taskMemcg: string | null
  readonly nodemask: string | null
  readonly cpuset: string | null
  readonly memsAllowed: string | null
  /** SysRq-f: `order=-1` or the sysrq line. */
  readonly manual: boolean
  /** `vm.oom_kill_allocating_task`. */
  readonly allocatingTask: boolean
  /**
   * Path of `Tasks in PATH are going to be killed due to memory.oom.group set`; where that line is lost and the second print of the chosen process tells of the
   * sweep, the group whose limit was hit, or empty.
   */
  readonly groupMemcg: string | null
  readonly noKillable: boolean
  /** The panic, when it ended in one. */
  readonly panic: PanicText | null
  /** gfp_mask=0x0 from pagefault_out_of_memory: no real allocation stands behind it (kernel-oom-formats §12.15). */
  readonly pagefaultOom: boolean
  readonly memory: MemcgCounter | null
  readonly memorySwap: MemcgCounter | null
  readonly swap: MemcgCounter | null
  readonly kmem: MemcgCounter | null
  readonly stats: readonly MemcgStats[]
  readonly memInfo: MemInfo | null
  readonly tasks: readonly TaskRow[]
  /** Whether the table had a beginning and an end (a kill or summary line after it). */
  readonly tasksComplete: boolean
  readonly kills: readonly KernelKill[]
  /** Bytes per page, read from the report (first buddy unit, or total-vm / total_vm); assumed 4096 where nothing tells. */
  readonly pageBytes: number
  readonly pageBytesAssumed: boolean
  /** `6.1.0-50-cloud-amd64`, from the stack header; `null` where missing. */
  readonly release: string | null
  /** The era of the badness formula that the shapes of this report imply, or `null` (kernel-oom-formats §10.1: 0–5). */
  readonly era: 0 | 1 | 2 | 3 | 4 | 5 | null
  /** cgroup version by shape (`swap:` → 2, `memory+swap:` → 1 on 5.3+, …), or `null`. */
  readonly cgroupVersion: 1 | 2 | null
  /** Which blocks were there: what a report may say and what it must list as missing. */
  readonly has: Readonly<Record<'header' | 'stack' | 'memcg' | 'memInfo' | 'tasks' | 'summary' | 'kill' | 'reaper', boolean>>
  /** Evidence by role, each line once. */
  readonly quotes: Readonly<Partial<Record<QuoteRole, readonly Quote[]>>>
  /** The dump as it stood, at most 2,000 lines (then `excerptOmitted` more), for the raw excerpt. */
  readonly excerpt: readonly Quote[]
  readonly excerptOmitted: number
  /** Why its parts may be those of two reports. Empty: nothing speaks against it. */
  readonly doubts: readonly DumpDoubt[]
  readonly warnings: readonly Warning[]
}

/**
 * `gap`: lines are missing between the figures and the victim, and nothing on both sides is the same. `victims-differ`: `oom-kill:` and `Killed process` name two
 * processes. `torn`: rests of broken lines stand in it. `interleaved`: lines of another report stand between its own, and none names its CPU.
 */
export type DumpDoubt = 'gap' | 'victims-differ' | 'torn' | 'interleaved'

export type QuoteRole =
  | 'header'
  | 'stack'
  | 'memory'
  | 'memorySwap'
  | 'swap'
  | 'kmem'
  | 'taskIn'
  | 'stats'
  | 'counters'
  | 'zones'
  | 'swapTotals'
  | 'ram'
  | 'hugepages'
  | 'slabs'
  | 'allocations'
  | 'protection'
  | 'tableHead'
  | 'victimRow'
  | 'summary'
  | 'choice'
  | 'kill'
  | 'group'
  | 'reaper'
  | 'panic'
  | 'noKillable'
  | 'sysrq'
  | 'boot'
