import type { Draft, DraftKill } from './draft.ts'
import type { KillItem } from './item.ts'
import type { Ledger } from './ledger.ts'
import { elapsedUs, type TextLine } from './line.ts'

/** The sweep of a group prints its kill lines one after the other, within moments. */
const sweepUs = 2_000_000

/**
 * `memory.oom.group` without its line (level info; a filter keeps errors only): after the chosen process the kernel kills all of its group, and the chosen one
 * is among them, so that it is printed a second time, with the same figures (mm/oom_kill.c oom_kill_process, 4.19 and later). The bare kill lines between
 * its two are the same event's, and so are those that follow. A copy of the whole log repeats the others as well: then it was none.
 */
export function noticeSweep(ledger: Ledger, known: { draft: Draft; kill: DraftKill }, item: KillItem, line: TextLine): void {
  const { draft, kill } = known
  if (draft.inferredSweep && kill !== draft.kills[0]) cancelSweep(draft)
  if (draft.groupPath !== null || draft.sweepRefuted || item.prefix !== 'memcg' || kill !== draft.kills[0] || !isSamePrint(kill.line, item))
    return
  const between = sweptSince(ledger, draft, line)
  if (between.length === 0) notePrintedAgain(ledger, draft, kill, line)
  else absorb(ledger, draft, between)
}

/** A copy of a line has its stamp on the kernel's clock; and where the next death is printed twice too, the whole log is doubled. */
function notePrintedAgain(ledger: Ledger, draft: Draft, kill: DraftKill, line: TextLine): void {
  const [first, second] = [kill.moment.uptimeUs, line.moment.uptimeUs]
  if (ledger.recent.at(-1) !== draft || (first !== null && second !== null && second <= first)) return
  const before = ledger.recent.at(-2)
  const isDoubled = before !== undefined && (before.printedAgain || before.sweepRefuted) && isSoon(before, draft)
  if (isDoubled) before.sweepRefuted = true
  draft.sweepRefuted = isDoubled
  draft.printedAgain = !isDoubled
}

/**
 * The chosen process was the first of the sweep as well, so that its two lines stand one behind the other: the bare kill lines behind them are the same event's.
 * Asked when another death is read, and at the end: by then it shows whether the one before was printed twice.
 */
export function joinSwept(ledger: Ledger): void {
  const draft = [...ledger.recent].reverse().find(({ printedAgain }) => printedAgain)
  if (draft === undefined || draft.groupPath !== null || draft.sweepRefuted) return
  const later = ledger.recent.slice(ledger.recent.indexOf(draft) + 1)
  if (later.length > 0 && later.every((next, at) => isBareKill(next) && isSoon(later[at - 1] ?? draft, next))) absorb(ledger, draft, later)
}

function isSoon(before: Draft, next: Draft): boolean {
  const elapsed = elapsedUs(before.lastMoment, next.moment)
  if (elapsed !== null) return elapsed >= 0 && elapsed <= sweepUs
  const [from, to] = [before.lastLine, next.excerpt[0]?.line ?? null]
  return from !== null && to !== null && to - from <= fewLines
}

/** Without any stamp the lines of a sweep stand close together. */
const fewLines = 3

function absorb(ledger: Ledger, draft: Draft, between: readonly Draft[]): void {
  for (const swept of between) {
    ledger.recent.splice(ledger.recent.indexOf(swept), 1)
    for (const one of swept.kills) {
      one.inGroup = true
      draft.kills.push(one)
      for (const [pid, at] of ledger.kills) if (at.kill === one) ledger.kills.set(pid, { draft, kill: one })
    }
    draft.excerpt.push(...swept.excerpt)
  }
  ledger.recent.splice(ledger.recent.indexOf(draft), 1)
  ledger.recent.push(draft)
  draft.inferredSweep = true
  draft.groupPath = draft.summary?.readings[0]?.oomMemcg ?? draft.taskIn?.limit ?? ''
}

/** The reports read since, all of them a bare line of a group's kill, the last one right before this line; none where anything else stands between. */
function sweptSince(ledger: Ledger, draft: Draft, line: TextLine): readonly Draft[] {
  const at = ledger.recent.indexOf(draft)
  const later = at < 0 ? [] : ledger.recent.slice(at + 1)
  const elapsed = elapsedUs(draft.lastMoment, line.moment)
  const soon = elapsed === null || (elapsed >= 0 && elapsed <= sweepUs)
  return soon && ledger.open.every((d) => d.fedAt < draft.fedAt) && later.every(isBareKill) ? later : []
}

const isBareKill = (draft: Draft): boolean =>
  draft.kills.length === 1 &&
  draft.header === null &&
  draft.summary === null &&
  draft.kills[0]?.line?.prefix === 'memcg' &&
  draft.rows.size === 0

function isSamePrint(before: KillItem | null, item: KillItem): boolean {
  return (
    before !== null && before.totalVmBytes === item.totalVmBytes && before.anonRssBytes === item.anonRssBytes && before.comm === item.comm
  )
}

function cancelSweep(draft: Draft): void {
  draft.inferredSweep = false
  draft.sweepRefuted = true
  draft.groupPath = null
  for (const kill of draft.kills) kill.inGroup = false
}
