import type { Moment } from '../../model/stamp.ts'
import { cite, type Draft, type DraftKill } from './draft.ts'
import type { Item, KillItem, SummaryItem } from './item.ts'
import { elapsedUs, type TextLine } from './line.ts'

export type ProofItem = Extract<Item, { kind: 'kill' | 'summary' | 'reaped' | 'unable-to-reap' }>

const createKill = (pid: number, comm: string | null, moment: Moment): DraftKill => ({
  pid,
  comm,
  line: null,
  summary: null,
  choice: null,
  reaped: null,
  unableToReap: false,
  inGroup: false,
  moment,
  quotes: [],
})

/** The kill of a draft that a line about `pid` belongs to, made if need be. */
function killFor(draft: Draft, pid: number, comm: string | null, line: TextLine): DraftKill {
  const known = draft.kills.find((k) => k.pid === pid)
  if (known !== undefined) return known
  const kill = createKill(pid, comm, line.moment)
  draft.kills.push(kill)
  return kill
}

export function addProof(draft: Draft, item: ProofItem, line: TextLine): DraftKill | null {
  switch (item.kind) {
    case 'kill':
      return addKillLine(draft, item, line)
    case 'summary':
      return addSummary(draft, item, line)
    case 'reaped':
    case 'unable-to-reap': {
      const kill = draft.kills.find((k) => k.pid === item.pid || k.line?.pid === item.pid) ?? killFor(draft, item.pid, item.comm, line)
      if (item.kind === 'reaped') kill.reaped ??= item
      else kill.unableToReap = true
      kill.quotes.push(...line.quotes)
      cite(draft, 'reaper', line.quotes)
      return kill
    }
  }
}

function addSummary(draft: Draft, item: SummaryItem, line: TextLine): DraftKill | null {
  if (item.pid === null) return null
  const kill = killFor(draft, item.pid, item.readings[0]?.comm ?? null, line)
  kill.summary ??= item
  kill.quotes.push(...line.quotes)
  return kill
}

/** The time of a kill is that of its `Killed process` line; summary and reaper only stand in for it. */
function addKillLine(draft: Draft, item: KillItem, line: TextLine): DraftKill {
  const thread = draft.kills.find((k) => k.line === null && k.summary !== null && isThreadOf(draft, item, k, line))
  const kill = thread ?? killFor(draft, item.pid, item.comm, line)
  if (kill.line === null || (!kill.line.complete && item.complete)) {
    if (kill.line === null) kill.moment = line.moment
    kill.line = item
    kill.comm = item.comm ?? kill.comm
    if (draft.kills.length > 1 && draft.groupPath !== null && kill.summary === null) kill.inGroup = true
  }
  if (draft.choice !== null && kill.choice === null && draft.kills.length === 1) kill.choice = draft.choice
  draft.prefix ??= item.prefix
  kill.quotes.push(...line.quotes)
  cite(draft, 'kill', line.quotes)
  return kill
}

/**
 * `Killed process` may name a thread of the process that `oom-kill:` names, when its leader has exited. Then the thread is in no row, the user
 * is the same and so is the size. Where the process's row is not in the log (a search for the two lines, or another report's rows are among them), both follow each other at
 * once: nothing is printed between.
 */
export function isThreadOf(draft: Draft, item: KillItem, kill: DraftKill, line: TextLine): boolean {
  if (kill.pid === item.pid || isCutPid(kill, item)) return true
  if (item.uid !== null && kill.summary?.uid !== null && kill.summary?.uid !== item.uid) return false
  if (draft.rows.has(item.pid)) return false
  const row = draft.rows.get(kill.pid)
  if (row === undefined) return item.uid !== null && item.prefix !== null && followsAtOnce(kill, item, line)
  const totalVm = Number(row.rest.trim().split(/\s+/)[2])
  return item.totalVmBytes !== null && totalVm > 0 && [4096, 8192, 16384, 65536].some((page) => totalVm * page === item.totalVmBytes)
}

/** An `oom-kill:` line that ends in its pid may have lost the rest of it: `pid=41904` of 4190418. */
function isCutPid({ pid, summary, comm }: DraftKill, item: KillItem): boolean {
  const isCut = summary !== null && !summary.complete && summary.uid === null
  return isCut && String(item.pid).startsWith(String(pid)) && (comm === null || item.comm === null || comm === item.comm)
}

const atOnceUs = 1_000
/** Stamps of loggers have whole seconds, and other lines may stand between. */
const sameSecondUs = 1_000_000
const fewLines = 8

function followsAtOnce({ moment, quotes, summary, pid }: DraftKill, item: KillItem, line: TextLine): boolean {
  const elapsed = elapsedUs(moment, line.moment)
  if (moment.uptimeUs !== null && line.moment.uptimeUs !== null) return elapsed !== null && elapsed >= 0 && elapsed <= atOnceUs
  // Without the kernel's clock the two must agree in more: a thread is younger than its process, and both lines tell of the same limit.
  if (item.pid < pid || (item.prefix === 'memcg') !== (summary?.readings[0]?.oomMemcg != null)) return false
  const [from, to] = [quotes.at(-1)?.line, line.quotes[0]?.line]
  if (from == null || to == null) return elapsed !== null && Math.abs(elapsed) <= sameSecondUs
  return (elapsed === null || Math.abs(elapsed) <= sameSecondUs) && to > from && to - from <= fewLines
}
