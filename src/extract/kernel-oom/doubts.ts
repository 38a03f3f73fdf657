import type { DumpDoubt } from '../../model/oom-dump.ts'
import type { Moment } from '../../model/stamp.ts'
import { withoutEscapes } from '../../text/copies.ts'
import type { Draft, DraftGap, DraftKill } from './draft.ts'
import { elapsedUs } from './line.ts'
import { isElided } from './summary.ts'

/** A report is printed without a pause: what follows so soon is the same one. */
const WITHOUT_PAUSE_US = 500_000

export function openGap(draft: Draft): void {
  const last = draft.gaps.at(-1)
  if (last !== undefined && last.elapsedUs === undefined) return
  const pids = new Set(draft.rows.keys())
  if (draft.stackHead !== null) pids.add(draft.stackHead.pid)
  draft.gaps.push({ pids, paths: pathsOf(draft), before: draft.lastMoment, elapsedUs: undefined })
}

/** The line that was put into the draft is the first behind its last gap. */
export function closeGap(draft: Draft, moment: Moment): void {
  const last = draft.gaps.at(-1)
  if (last !== undefined && last.elapsedUs === undefined) last.elapsedUs = onKernelClock(last.before, moment)
}

const onKernelClock = (from: Moment, to: Moment): number | null =>
  from.uptimeUs === null || to.uptimeUs === null ? null : elapsedUs(from, to)

const pathsOf = (draft: Draft): Set<string> =>
  new Set(
    [draft.taskIn?.limit, draft.limitReached, ...draft.stats.map(({ path }) => path)].filter(
      (path): path is string => path != null && path !== '' && !isElided(path),
    ),
  )

/** Why parts of a report may be those of two. */
export function doubtsOf(draft: Draft): readonly DumpDoubt[] {
  if (draft.kills.length === 0) return []
  const doubts: DumpDoubt[] = []
  if (hasFigures(draft) && (draft.gaps.some((gap) => !isJoined(draft, gap)) || isTornOff(draft))) doubts.push('gap')
  if (draft.kills.some((kill) => kill.summary !== null && namesDiffer(kill))) doubts.push('victims-differ')
  if (draft.torn) doubts.push('torn')
  if ((draft.interleaved && draft.caller === null) || isOfOtherGroup(draft)) doubts.push('interleaved')
  return doubts
}

const hasFigures = ({ counters, memInfo }: Draft): boolean => counters.memory !== undefined || memInfo

/** Something on both sides is the same: the victim, the group, or the moment. */
function isJoined(draft: Draft, { pids, paths, elapsedUs: elapsed }: DraftGap): boolean {
  if (elapsed != null && Math.abs(elapsed) <= WITHOUT_PAUSE_US) return true
  return draft.kills.some(({ pid, line }) => pids.has(pid) || (line !== null && pids.has(line.pid))) || namesGroup(draft, paths)
}

const namesGroup = ({ summary, groupPath }: Draft, paths: ReadonlySet<string>): boolean =>
  (groupPath !== null && paths.has(groupPath)) ||
  summary?.readings.some(({ oomMemcg, taskMemcg }) => [oomMemcg, taskMemcg].some((path) => path !== null && paths.has(path))) === true

/** The victim stands in no row of the table, whose group it does not name either, and was named after a pause or at an unknown time. */
function isTornOff(draft: Draft): boolean {
  if (draft.rows.size === 0 || draft.groupPath !== null) return false
  const isListed = draft.kills.some(({ pid, line, choice }) =>
    [pid, line?.pid, choice?.pid].some((own) => own != null && isRow(draft, own)),
  )
  return !isListed && !(draft.pauseUs !== null && Math.abs(draft.pauseUs) <= WITHOUT_PAUSE_US) && !namesGroup(draft, pathsOf(draft))
}

/** The group that is killed as a whole (memory.oom.group) is none that the victim lived in: its line is another report's. */
function isOfOtherGroup({ groupPath, summary }: Draft): boolean {
  const paths = summary?.readings.flatMap(({ taskMemcg }) => (taskMemcg === null || isElided(taskMemcg) ? [] : [taskMemcg])) ?? []
  return (
    groupPath !== null &&
    !isElided(groupPath) &&
    paths.length > 0 &&
    paths.every((path) => path !== groupPath && !path.startsWith(`${groupPath}/`) && groupPath !== '/')
  )
}

/** A row of that process, or of one of its threads. */
const isRow = (draft: Draft, pid: number): boolean =>
  draft.rows.has(pid) || [...draft.rows.values()].some(({ rest }) => rest.trim().split(/\s+/, 2)[1] === String(pid))

/** The pause before the first line that names a victim. */
export const pauseBefore = (draft: Draft, moment: Moment): number | null => onKernelClock(draft.lastMoment, moment)

/** `oom-kill:` and `Killed process` name two processes. */
function namesDiffer({ pid, line, summary }: DraftKill): boolean {
  if (line === null || summary === null) return false
  if (line.pid !== pid && summary.complete) return true
  const comm = line.complete ? plain(line.comm) : ''
  const names = summary.complete ? summary.readings.map((reading) => plain(reading.comm)) : []
  return comm !== '' && names.length > 0 && names.every((name) => name !== '' && !name.startsWith(comm) && !comm.startsWith(name))
}

/** Escapes and bytes of no text differ by wrapping. */
const plain = (comm: string | null): string => withoutEscapes(comm ?? '').replace(/[^\x21-\x7e]/g, '')
