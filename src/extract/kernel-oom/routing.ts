import { conflicts } from './conflicts.ts'
import { type Draft, type DraftKill, groupOf } from './draft.ts'
import type { Item, KillItem } from './item.ts'
import { isThreadOf } from './kills.ts'
import { elapsedUs, type TextLine } from './line.ts'
import { isElided } from './summary.ts'

/** Lines of one report follow each other within this on the kernel's clock. */
export const gapUs = 10_000_000
/** Within this a second line about a pid is about the same death. */
const sameKillUs = 120_000_000
/** Loggers read late in an OOM: stamps of one report lie up to some seconds apart. */
const wallSlackUs = 60_000_000

export const newestFirst = (drafts: readonly Draft[]): Draft[] =>
  [...drafts].sort((a, b) => Number(a.suspended) - Number(b.suspended) || b.fedAt - a.fedAt)

/** Functions that are on the stack only when something is to be killed. */
export const killerFrame = /^(?:out_of_memory|oom_kill_process|mem_cgroup_out_of_memory|dump_header)(?:\.|$)/

/** Lines that may begin a report whose head is lost. Other frames, statistics and totals alone are too plain. */
export function opens(item: Item): boolean {
  switch (item.kind) {
    case 'task-in':
    case 'limit-reached':
    case 'counter':
    case 'stats-head':
    case 'mem-info':
    case 'counters':
    case 'node':
    case 'zone':
    case 'buddy':
    case 'protection':
    case 'table-title':
    case 'table-head':
    case 'row':
    case 'choice':
    case 'slab-busy':
    case 'cpuset':
      return true
    case 'hugepages':
    case 'total':
      return true
    case 'stack':
      return item.frame !== null && killerFrame.test(item.frame)
    default:
      return false
  }
}

export function isStale(draft: Draft, line: TextLine): boolean {
  const elapsed = elapsedUs(draft.lastMoment, line.moment)
  if (elapsed === null) return false
  const onKernelClock = draft.lastMoment.uptimeUs !== null && line.moment.uptimeUs !== null
  // The kernel's clock may step back by a little between CPUs; the logger's runs late in an OOM.
  return onKernelClock ? elapsed > gapUs || elapsed < -gapUs / 2 : Math.abs(elapsed) > wallSlackUs
}

export const elapsedWithin = (a: TextLine, b: TextLine, us: number): boolean => {
  const elapsed = elapsedUs(a.moment, b.moment)
  return elapsed === null || Math.abs(elapsed) <= us
}

export const isFollowing = (draft: Draft, line: TextLine): boolean => !isStale(draft, line) && isWithinLines(draft.lastLine, line, 300)

function isWithinLines(from: number | null, line: TextLine, most: number): boolean {
  const to = line.quotes[0]?.line ?? null
  return from === null || to === null || to - from <= most
}

export function isSameDeath(draft: Draft, kill: DraftKill, item: KillItem | null, line: TextLine): boolean {
  const elapsed = elapsedUs(kill.moment, line.moment)
  if (elapsed === null ? !isWithinLines(draft.lastLine, line, 2000) : Math.abs(elapsed) > sameKillUs) return false
  const before = kill.line
  if (item === null || before === null || item.comm === null || before.comm === null) return true
  return item.comm === before.comm || item.totalVmBytes === before.totalVmBytes
}

/** The same header at the same kernel time: a second copy of the line. */
export function isSameHeader(draft: Draft, item: Item, line: TextLine): boolean {
  const elapsed = elapsedUs(draft.moment, line.moment)
  return elapsed === 0 && draft.moment.uptimeUs !== null && JSON.stringify(draft.header) === JSON.stringify(item)
}

/** The open report that takes a kill line for its own: the one that names the victim most surely. */
export function adopter(open: readonly Draft[], item: KillItem, line: TextLine): Draft | undefined {
  const claim = (d: Draft): number =>
    // A thread of the process that the summary names.
    (d.summary === null ? 0 : d.summary.pid === item.pid ? 8 : 2) +
    (d.choice?.pid === item.pid ? 6 : 0) +
    (d.rows.has(item.pid) ? 3 : 0) +
    (d.stackHead?.pid === item.pid ? 2 : 0) +
    (d.header?.comm === item.comm ? 1 : 0)
  return newestFirst(open)
    .filter((d) => adopts(d, item, line))
    .sort((a, b) => claim(b) - claim(a))[0]
}

/** Whether an open report may take a kill line for its own. */
function adopts(draft: Draft, item: KillItem, line: TextLine): boolean {
  if (draft.purpose !== 'oom') return false
  const isOthers = draft.caller !== null && line.caller !== null && draft.caller !== line.caller
  if (isOthers && draft.summary?.pid !== item.pid) return false
  if (draft.summary !== null) {
    const kill = draft.kills.find((k) => k.pid === draft.summary?.pid)
    return kill !== undefined ? isThreadOf(draft, item, kill, line) : sameScope(draft, item)
  }
  if (!sameScope(draft, item)) return false
  if (draft.choice !== null)
    return draft.choice.pid === item.pid || (item.prefix === null && draft.lastLine !== null ? isAdjacent(draft, line) : true)
  if (draft.rows.has(item.pid)) return !draft.suspended || draft.interleaved
  if (draft.suspended) return false
  // Without a summary or a row of his own, the victim must follow at once: a trigger does not adopt a later victim.
  return draft.rows.size === 0 || isAdjacent(draft, line) || item.comm === draft.header?.comm
}

const isAdjacent = (draft: Draft, line: TextLine): boolean => draft.foreign <= 3 && isWithinLines(draft.lastLine, line, 10)

function sameScope(draft: Draft, item: KillItem): boolean {
  const inMemcg = draft.taskIn !== null || draft.counters.memory !== undefined || draft.stats.length > 0 || draft.limitReached !== null
  if (item.prefix === 'memcg') return !(draft.memInfo && !inMemcg) && !(draft.summary?.global ?? false)
  if (item.prefix === null) return true
  return !inMemcg || draft.memInfo
}

/** A summary whose kill line came after a gap, or after the next report's header. */
export function recentWithSummary(recent: readonly Draft[], item: KillItem, line: TextLine): Draft | undefined {
  return [...recent].reverse().find((d) => !d.settled && d.summary?.pid === item.pid && elapsedUs(d.lastMoment, line.moment) !== null)
}

export function chooseForSummary(open: readonly Draft[], item: Extract<Item, { kind: 'summary' }>, line: TextLine): Draft | null {
  const candidates = newestFirst(open).filter((d) => d.purpose === 'oom' && d.summary === null && !conflicts(d, item))
  const path = item.readings[0]?.oomMemcg ?? null
  const fits = (d: Draft): boolean => {
    const isMemcg = d.counters.memory !== undefined || d.stats.length > 0
    if (path === null ? isMemcg && item.global : d.memInfo && !isMemcg) return false
    const own = d.stats[0]?.path
    return own === undefined || own === '' || path === null || mayBeBelow(path, own)
  }
  const withRow = candidates.filter((d) => fits(d) && item.pid !== null && d.rows.has(item.pid))
  const exact = withRow.find((d) => d.caller === line.caller) ?? withRow[0]
  return exact ?? candidates.find((d) => fits(d) && !d.suspended && (d.caller === line.caller || line.caller === null)) ?? null
}

/** The same group or one below it, as far as what is left of either tells. */
function mayBeBelow(path: string, own: string): boolean {
  if (!isElided(path) && !isElided(own)) return path.startsWith(own)
  const [a, b] = [path.split(elision), own.split(elision)]
  const [from, to] = [a[0] as string, b[0] as string]
  return from.startsWith(to) || to.startsWith(from)
}
const elision = /\.{3}|…|<snip>|>$/

/** The open report that a block's line belongs to: same caller, else the one whose next block it is and whose names it bears. */
export function choose(open: readonly Draft[], item: Item, line: TextLine): Draft | null {
  const [only] = open
  if (only === undefined) return null
  if (open.length === 1 && line.caller === null) return conflicts(only, item) ? null : only
  const fitting = open.filter((d) => !conflicts(d, item))
  if (line.caller !== null) {
    const own = fitting.filter((d) => d.caller === line.caller)
    return own.at(-1) ?? fitting.filter((d) => d.caller === null).at(-1) ?? null
  }
  const group = groupOf(item) ?? 0
  const cost = (d: Draft): number => Math.abs(group - d.group) + (d.suspended ? 0.5 : 0) - 2 * kinship(d, item)
  // Each CPU prints in order: of two reports that lack the same line, the older one is ahead.
  const byAge = (a: Draft, b: Draft): number => (a.interleaved && b.interleaved ? open.indexOf(a) - open.indexOf(b) : b.fedAt - a.fedAt)
  return fitting.sort((a, b) => cost(a) - cost(b) || byAge(a, b))[0] ?? null
}

/** How surely a line names what the report is about: 1 yes, 0 silent, −1 something else. */
function kinship(draft: Draft, item: Item): number {
  switch (item.kind) {
    case 'cpuset':
      return draft.header === null ? 0 : compare(item.comm, draft.header.comm)
    case 'stack-head':
      return draft.header === null ? 0 : compare(item.comm.split('\n').at(-1) ?? '', draft.header.comm)
    case 'task-in':
      return item.task === null || draft.cpuset === null || draft.cpuset.cpuset === '/'
        ? 0
        : Number(item.task.endsWith(draft.cpuset.cpuset))
    case 'stats-head':
      return draft.taskIn?.limit == null ? 0 : item.path.startsWith(draft.taskIn.limit) ? 1 : -1
    case 'row':
      return draft.stackHead?.pid === item.pid ? 1 : draft.rows.has(item.pid) ? -0.5 : 0
    case 'choice':
      return draft.rows.has(item.pid) || draft.stackHead?.pid === item.pid ? 1 : 0
    default:
      // From 3.9 on (no `oom_adj` any more) a memcg's report has no Mem-Info: another that waits for one goes first.
      return groupOf(item) === 3 && draft.header?.oomAdj === null && (draft.taskIn !== null || draft.counters.memory !== undefined) ? -1 : 0
  }
}

const compare = (a: string, b: string | null): number => (b === null ? 0 : a === b ? 1 : -1)
