import type { KernelKill, TaskRow } from '../../model/oom-dump.ts'
import type { Warning } from '../../model/warning.ts'
import { isPid } from '../../units/sane.ts'
import { warning } from '../../warnings.ts'
import type { ChoiceItem, Draft, DraftKill } from './draft.ts'
import type { KillItem, SummaryItem, SummaryReading } from './item.ts'
import { wholePath } from './whole-path.ts'

interface Context {
  readonly tasks: readonly TaskRow[]
  readonly taskMemcg: string | null
  readonly warnings: Warning[]
}

const nothing: SummaryReading = { oomMemcg: null, taskMemcg: null, comm: null }

/** The reading of the report's `oom-kill:` line that its kill line, its task table or its statistics confirm. */
export function resolveSummary(draft: Draft): SummaryReading {
  return draft.summary === null ? nothing : resolve(draft, draft.summary)
}

function resolve(draft: Draft, summary: SummaryItem): SummaryReading {
  const [first] = summary.readings
  if (first === undefined || summary.readings.length === 1) return first ?? nothing
  const kill = draft.kills.find((k) => k.pid === summary.pid)
  const row = summary.pid === null ? undefined : draft.rows.get(summary.pid)
  const stats = draft.stats[0]?.path
  const agrees = (r: SummaryReading): number => {
    const comm = r.comm ?? '\u0000'
    const byLine = kill?.line?.comm === undefined ? 0 : kill.line.comm === comm ? 4 : -4
    const byRow = row === undefined ? 0 : row.rest.endsWith(` ${comm}`) ? 2 : -1
    const byStats = stats === undefined || stats === '' || r.oomMemcg === null ? 0 : r.oomMemcg === stats ? 3 : -3
    return byLine + byRow + byStats
  }
  return [...summary.readings].sort((a, b) => agrees(b) - agrees(a))[0] ?? first
}

export function closeKills(draft: Draft, context: Context): KernelKill[] {
  return draft.kills.map((kill) => closeKill(draft, kill, context))
}

function closeKill(draft: Draft, kill: DraftKill, context: Context): KernelKill {
  const { line, summary, choice, reaped } = kill
  // The kill line names the thread that was signalled; without it the summary's process stands.
  const pid = line?.pid ?? kill.pid
  if (!isPid(pid)) noteAbsurdPid(kill, pid, context)
  const row = context.tasks.find((t) => t.pid === kill.pid) ?? context.tasks.find((t) => t.tgid === kill.pid)
  const sacrificed = choice !== null && choice.pid !== pid && !isThread(choice, line, row, context)
  return {
    pid,
    comm: commOf(draft, kill, row),
    uid: line?.uid ?? summary?.uid ?? row?.uid ?? null,
    oomScoreAdj: line?.oomScoreAdj ?? row?.oomScoreAdj ?? null,
    taskMemcg: memcgOf(draft, kill, context),
    totalVmBytes: line?.totalVmBytes ?? row?.totalVmBytes ?? null,
    anonRssBytes: line?.anonRssBytes ?? null,
    fileRssBytes: line?.fileRssBytes ?? null,
    shmemRssBytes: line?.shmemRssBytes ?? null,
    pgtablesBytes: pageTablesOf(kill, row, context),
    score: choice === null || sacrificed ? null : choice.score,
    sacrificedFor: sacrificed ? { pid: choice.pid, comm: choice.comm, score: choice.score } : null,
    provedBy: [
      ...(line === null ? [] : ['kill-line' as const]),
      ...(summary === null ? [] : ['summary' as const]),
      ...(reaped === null && !kill.unableToReap ? [] : ['reaper' as const]),
    ],
    reaped:
      reaped === null
        ? null
        : { anonRssBytes: reaped.anonRssBytes, fileRssBytes: reaped.fileRssBytes, shmemRssBytes: reaped.shmemRssBytes },
    unableToReap: kill.unableToReap,
    moment: kill.moment,
    quotes: kill.quotes.slice(),
  }
}

/** What is printed keeps the lines of a report together; the timeline makes no pid of it. */
function noteAbsurdPid(kill: DraftKill, pid: number, context: Context): void {
  const quote = kill.quotes[0]
  context.warnings.push(warning('number-absurd', quote?.source ?? null, quote?.line ?? null, { key: 'pid', value: pid }))
}

/**
 * `Kill process` may name a thread of the process that dies: selection walked threads up to 4.7, and the signal goes to one that still has its memory. A
 * child that is killed instead of its parent has a parent with a row of its own, or another name.
 */
function isThread(choice: ChoiceItem, line: KillItem | null, row: TaskRow | undefined, { tasks }: Context): boolean {
  const chosen = tasks.find((t) => t.pid === choice.pid || t.tgid === choice.pid)
  if (chosen === undefined) return tasks.length > 0 && row?.comm === choice.comm
  return row === undefined && line?.totalVmBytes != null && line.totalVmBytes === chosen.totalVmBytes
}

/** A cut kill line holds part of the name only. */
function commOf(draft: Draft, kill: DraftKill, row: TaskRow | undefined): string | null {
  const { line, summary } = kill
  if (line?.comm != null && line.complete) return line.comm
  if (summary !== null) return resolve(draft, summary).comm ?? line?.comm ?? row?.comm ?? null
  return row?.comm ?? line?.comm ?? kill.comm
}

function memcgOf(draft: Draft, kill: DraftKill, context: Context): string | null {
  if (kill.summary !== null) return wholePath(draft, resolve(draft, kill.summary).taskMemcg)
  const group = wholePath(draft, draft.groupPath) || null
  if (kill.inGroup) return group
  // Without a summary the group line tells where the first victim lived too: its cgroup is that one or below it (mem_cgroup_get_oom_group).
  return draft.kills[0] === kill ? (context.taskMemcg ?? group) : null
}

/**
 * 5.4.0 to about 5.4.8 (and 5.5-rc) label bytes as kB: the figure then equals the table's pgtables_bytes, or is so large that the process would
 * have more page tables than pages.
 */
function pageTablesOf(kill: DraftKill, row: TaskRow | undefined, context: Context): number | null {
  const printed = kill.line?.pgtablesBytes ?? null
  if (printed === null) return null
  const asBytes = printed / 1024
  const isBytes =
    row?.pgtablesBytes != null
      ? row.pgtablesBytes === asBytes && asBytes > 0
      : asBytes >= 4096 && asBytes % 4096 === 0 && isAbsurd(kill, printed)
  if (!isBytes) return printed
  const quote = kill.quotes.at(-1)
  context.warnings.push(warning('oom-pgtables-in-bytes', quote?.source ?? null, quote?.line ?? null))
  return asBytes
}

/** A page table of 4 KiB maps 2 MiB at most: more than 1/64 of the virtual size (and a few MiB) cannot be. */
const isAbsurd = (kill: DraftKill, pgtables: number): boolean =>
  pgtables > (kill.line?.totalVmBytes ?? Number.MAX_SAFE_INTEGER) / 64 + (8 << 20)
