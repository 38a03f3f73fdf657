import { isMemcgFrame } from '../../kernel/call-trace.ts'
import type { KernelOomEvent } from '../../model/event.ts'
import type { Constraint, MemcgStats, OomDump, QuoteRole } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'
import type { Warning } from '../../model/warning.ts'
import { warning } from '../../warnings.ts'
import { closeKills, resolveSummary } from './close-kills.ts'
import { closeMemInfo } from './close-mem-info.ts'
import { closeRows, pageSizeOf } from './close-rows.ts'
import { closeTrigger } from './close-trigger.ts'
import { doubtsOf } from './doubts.ts'
import { type Draft, TABLE } from './draft.ts'
import { eraOf } from './era.ts'
import { withoutRefutedCounter } from './refuted-counter.ts'
import { killerFrame } from './routing.ts'
import { plausible } from './shape.ts'
import { wholePath } from './whole-path.ts'

/**
 * Whether a draft is an OOM report at all. A Mem-Info block alone can be an allocation failure's or SysRq-m's, even where the log begins with it: it counts
 * only where its stack names the killer.
 */
export function isReport(draft: Draft): boolean {
  if (draft.purpose !== 'oom') return false
  // `somebody invoked oom-killer:` without a figure behind is prose.
  const isTrigger = draft.header !== null && (draft.header.gfpMask !== null || draft.header.order !== null || draft.stackHead !== null)
  if (isTrigger || draft.kills.length > 0 || draft.noKillable || draft.panic !== null || draft.summary !== null) return true
  if (draft.choice !== null || draft.taskIn !== null || draft.limitReached !== null) return true
  if (draft.tableTitle || draft.columns !== null || draft.rows.size >= 2) return true
  if (draft.counters.memory !== undefined || draft.stats.some((s) => s.path !== '')) return true
  return draft.frames.some((f) => killerFrame.test(f))
}

export function closeDraft(draft: Draft): KernelOomEvent {
  const dump = withoutRefutedCounter(dumpOf(draft))
  const own = draft.excerpt.length > 0 ? draft.excerpt.slice(0, 1) : draft.kills[0]?.quotes.slice(0, 1)
  return {
    kind: 'kernel-oom',
    moment: draft.moment,
    host: draft.host,
    bootId: draft.bootId,
    writer: draft.writer,
    quotes: keyQuotes(draft, own ?? []),
    dump,
  }
}

/** The line that begins the report, then those that carry its claim. */
function keyQuotes(draft: Draft, first: readonly Quote[]): readonly Quote[] {
  const quotes = [...first]
  for (const role of ['header', 'memory', 'summary', 'kill', 'reaper', 'noKillable', 'panic'] as const)
    for (const quote of draft.quotes.get(role) ?? [])
      if (!quotes.some((q) => q.line === quote.line && q.text === quote.text)) quotes.push(quote)
  return quotes.slice()
}

function dumpOf(draft: Draft): OomDump {
  const warnings: Warning[] = []
  const page = pageSizeOf(draft)
  const summary = resolveSummary(draft)
  const scope = scopeOf(draft)
  const oomMemcg =
    wholePath(draft, summary.oomMemcg) ??
    wholePath(draft, draft.taskIn?.limit ?? null) ??
    draft.limitReached ??
    wholePath(draft, statsPath(draft))
  const taskMemcg = wholePath(draft, summary.taskMemcg) ?? wholePath(draft, draft.taskIn?.task ?? null)
  const tasks = closeRows(draft, page.bytes)
  const release = draft.stackHead?.release ?? null
  const running = release ?? draft.bootRelease
  const constraint = constraintOf(draft, scope)
  if (draft.summary?.constraint === 'none' && constraint === 'memcg') warnings.push(warn(draft, 'oom-constraint-corrected'))
  return {
    trigger: closeTrigger(draft, running),
    constraint,
    constraintPrinted: draft.summary?.constraintPrinted ?? null,
    scope,
    oomMemcg: oomMemcg === '' ? null : oomMemcg,
    taskMemcg,
    nodemask: draft.summary?.nodemask ?? draft.header?.nodemask ?? null,
    cpuset: draft.summary?.cpuset ?? draft.cpuset?.cpuset ?? null,
    memsAllowed: draft.summary?.memsAllowed ?? draft.cpuset?.memsAllowed ?? null,
    manual: isManual(draft),
    allocatingTask: draft.prefix === 'allocating-task' || draft.kills.some((k) => k.line?.prefix === 'allocating-task'),
    groupMemcg: wholePath(draft, draft.groupPath) ?? draft.groupPath,
    noKillable: draft.noKillable,
    panic: draft.panic,
    pagefaultOom: isPagefault(draft, scope),
    memory: draft.counters.memory ?? null,
    memorySwap: draft.counters.memorySwap ?? null,
    swap: draft.counters.swap ?? null,
    kmem: draft.counters.kmem ?? null,
    stats: closeStats(draft, oomMemcg, warnings),
    memInfo: closeMemInfo(draft, page.bytes, running, warnings),
    tasks,
    tasksComplete: draft.columns !== null && tasks.length > 0 && draft.group > TABLE && !draft.rowsElided,
    kills: closeKills(draft, { tasks, taskMemcg, warnings }),
    pageBytes: page.bytes,
    pageBytesAssumed: page.assumed,
    release,
    era: eraOf(draft, running),
    cgroupVersion: cgroupVersionOf(draft),
    has: {
      header: draft.header !== null,
      stack: draft.stackHead !== null || draft.frames.length > 0,
      memcg: draft.counters.memory !== undefined || draft.stats.length > 0 || draft.taskIn !== null,
      memInfo: draft.memInfo,
      tasks: tasks.length > 0,
      summary: draft.summary !== null,
      kill: draft.kills.some((k) => k.line !== null),
      reaper: draft.kills.some((k) => k.reaped !== null || k.unableToReap),
    },
    quotes: quotesOf(draft, tasks),
    excerpt: draft.excerpt.slice(),
    excerptOmitted: draft.excerptOmitted,
    doubts: doubtsOf(draft),
    warnings,
  }
}

const warn = (draft: Draft, code: Parameters<typeof warning>[0]): Warning =>
  warning(code, draft.excerpt[0]?.source ?? null, draft.excerpt[0]?.line ?? null)

function quotesOf(draft: Draft, tasks: OomDump['tasks']): OomDump['quotes'] {
  const quotes: Partial<Record<QuoteRole, readonly Quote[]>> = {}
  // A list that was pushed to has room for seventeen.
  for (const [role, list] of draft.quotes) quotes[role] = list.slice()
  const victims = new Set(draft.kills.map((k) => k.pid))
  const rows = tasks.filter((t) => victims.has(t.pid) || (t.tgid !== null && victims.has(t.tgid))).map((t) => t.quote)
  return rows.length > 0 ? { ...quotes, victimRow: rows } : quotes
}

/** drivers/tty/sysrq.c moom_callback, run by a worker: where the order of −1 and the line before it are lost, it tells. */
const isManual = (draft: Draft): boolean => draft.manual || draft.frames.some((f) => f.startsWith('moom_callback'))

function scopeOf(draft: Draft): 'memcg' | 'global' | null {
  if (draft.summary?.readings[0]?.oomMemcg != null) return 'memcg'
  if (draft.summary?.global) return 'global'
  if (draft.summary?.constraint === 'memcg') return 'memcg'
  if (draft.taskIn !== null || draft.limitReached !== null) return 'memcg'
  const prefix = draft.prefix ?? draft.kills.find((k) => k.line?.prefix != null)?.line?.prefix ?? null
  if (prefix === 'memcg') return 'memcg'
  // Up to 3.8, and on RHEL7's way to a panic, the machine's Mem-Info stands in a memory cgroup's report too.
  if (prefix === null && draft.frames.some(isMemcgFrame)) return 'memcg'
  if (draft.counters.memory !== undefined || draft.stats.length > 0) return 'memcg'
  if (prefix !== null || draft.memInfo || isManual(draft)) return 'global'
  if (draft.frames.some((f) => f.startsWith('__alloc_pages'))) return 'global'
  return draft.panic?.cause === 'setting' || draft.panic?.cause === 'memory' ? 'global' : null
}

/** 5.0 to 5.2 print CONSTRAINT_NONE for a memcg; up to 4.20 only the kill line's prefix tells, and a global kill's tells nothing. */
function constraintOf(draft: Draft, scope: 'memcg' | 'global' | null): Constraint | null {
  if (scope === 'memcg') return 'memcg'
  const printed = draft.summary?.constraint ?? null
  if (printed !== null) return printed
  if (draft.prefix === 'mpol-bind') return 'memory_policy'
  return draft.prefix === 'cpuset' ? 'cpuset' : null
}

/** The group over its limit is printed first, its descendants (B, C) after it. */
const statsPath = (draft: Draft): string | null => draft.stats.find((s) => s.path !== '')?.path ?? null

function closeStats(draft: Draft, oomMemcg: string | null, warnings: Warning[]): MemcgStats[] {
  return draft.stats.map((s) => ({
    path: (s.path === '' ? oomMemcg : wholePath(draft, s.path)) ?? '',
    hierarchical: !s.inline,
    values: plausible(s.values, (key) =>
      warnings.push(warning('oom-figure-absurd', s.quotes[0]?.source ?? null, s.quotes[0]?.line ?? null, { key })),
    ),
    quotes: s.quotes,
  }))
}

/**
 * `swap:` exists on v2 only (5.3+). `memory+swap:` is v1, but for v2 machines up to 5.2, whose statistics stand on one line; theirs has no limit, since v2
 * bounds swap by a counter of its own (mm/memcontrol.c).
 */
function cgroupVersionOf(draft: Draft): 1 | 2 | null {
  if (draft.counters.swap !== undefined) return 2
  if (draft.stats.some((s) => 'hierarchical_memory_limit' in s.values || 'total_rss' in s.values)) return 1
  if (draft.counters.memorySwap?.limitBytes != null) return 1
  const isV1Shape = draft.counters.memorySwap !== undefined || draft.counters.kmem !== undefined
  if (!isV1Shape) return null
  if (draft.stats.some((s) => !s.inline)) return 1
  // cgroup v2 has been in mainline since 4.5, which also brought names into the mask.
  return draft.header !== null && draft.header.gfpFlags === null ? 1 : null
}

function isPagefault(draft: Draft, scope: 'memcg' | 'global' | null): boolean {
  const header = draft.header
  if (header === null || header.gfpValue !== 0 || header.order !== 0 || isManual(draft) || scope === 'memcg') return false
  return draft.frames.length === 0 || draft.frames.some((f) => f.startsWith('pagefault_out_of_memory'))
}
