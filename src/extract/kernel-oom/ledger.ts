import { closeGap, pauseBefore } from './doubts.ts'
import { createDraft, type Draft, type DraftKill, groupOf, touch } from './draft.ts'
import { fill } from './fill.ts'
import type { Item } from './item.ts'
import { addProof, type ProofItem } from './kills.ts'
import { isTimeless, type TextLine } from './line.ts'
import { mergeFigures, ownerOfFigures } from './loose-figures.ts'
import { elapsedWithin, gapUs, isStale, newestFirst } from './routing.ts'

/** Limits of one report, by what real ones need: tens of thousands of rows, a slow serial console, lines of others in between. */
const budget = { lines: 100_000, foreign: 200, recent: 32, open: 4 } as const

/** The reports of one host and boot: those being read, and those just read, to which a reaper or group line may still belong. */
export interface Ledger {
  open: Draft[]
  readonly recent: Draft[]
  readonly kills: Map<number, { readonly draft: Draft; readonly kill: DraftKill }>
  /** Counts lines: orders drafts by when they were last fed. */
  fed: number
  /** A `Manual OOM execution` line whose report is to come. */
  sysrq: TextLine | null
  /** Release that `Linux version` named at this boot. */
  bootRelease: string | null
  readonly give: (draft: Draft) => void
}

export const createLedger = (give: (draft: Draft) => void): Ledger => ({
  open: [],
  recent: [],
  kills: new Map(),
  fed: 0,
  sysrq: null,
  bootRelease: null,
  give,
})

export function close(ledger: Ledger, draft: Draft): void {
  ledger.open = ledger.open.filter((d) => d !== draft)
  if (draft.purpose !== 'oom') {
    const interrupted = newestFirst(ledger.open).find((d) => d.purpose === 'oom')
    if (interrupted !== undefined) interrupted.suspended = false
    return
  }
  if (draft.isCopy && draft.kills.length === 0) return
  const owner = ownerOfFigures(ledger.recent, draft)
  if (owner !== undefined) {
    mergeFigures(owner, draft)
    return
  }
  ledger.recent.push(draft)
  if (ledger.recent.length > budget.recent) giveOldest(ledger)
}

function giveOldest(ledger: Ledger): void {
  const oldest = ledger.recent.shift()
  if (oldest === undefined) return
  for (const kill of oldest.kills) if (ledger.kills.get(kill.pid)?.draft === oldest) ledger.kills.delete(kill.pid)
  ledger.give(oldest)
}

/** A new report: whatever was being read is suspended, and goes on only if its lines do. */
export function start(ledger: Ledger, line: TextLine, purpose: Draft['purpose']): Draft {
  for (const draft of ledger.open) draft.suspended = true
  const [oldest] = ledger.open
  if (ledger.open.length >= budget.open && oldest !== undefined) close(ledger, oldest)
  const draft = createDraft(line, purpose, ledger.fed, ledger.bootRelease)
  ledger.open.push(draft)
  if (purpose === 'oom') takeSysrq(ledger, draft, line)
  return draft
}

/** The report that follows a `Manual OOM execution` was asked for, whichever of its lines survived first. */
function takeSysrq(ledger: Ledger, draft: Draft, line: TextLine): void {
  if (ledger.sysrq !== null && elapsedWithin(ledger.sysrq, line, gapUs)) {
    draft.manual = true
    draft.quotes.set('sysrq', [...ledger.sysrq.quotes])
  }
  ledger.sysrq = null
}

export function put(ledger: Ledger, draft: Draft, item: Item, line: TextLine): void {
  const trace =
    ledger.open.length > 1 || ledger.open[0] !== draft ? ledger.open.find((d) => d.purpose === 'other' && d !== draft) : undefined
  if (trace !== undefined) close(ledger, trace)
  closeGap(draft, line.moment)
  touch(draft, line, ledger.fed)
  draft.foreign = 0
  fill(draft, item, line)
  draft.group = Math.max(draft.group, groupOf(item) ?? 0)
  if (draft.suspended) {
    draft.suspended = false
    if (ledger.open.length > 1) for (const d of ledger.open) d.interleaved = true
  }
  if (draft.settled || draft.lines > budget.lines) close(ledger, draft)
}

/** Adds what proves a kill, to a report that is open or was. */
export function prove(ledger: Ledger, draft: Draft, item: ProofItem, line: TextLine): void {
  if (draft.kills.length === 0) draft.pauseUs = pauseBefore(draft, line.moment)
  const kill = addProof(draft, item, line)
  if (kill !== null) for (const pid of new Set([kill.pid, item.pid ?? kill.pid])) ledger.kills.set(pid, { draft, kill })
}

/** A line of no report: context for the raw excerpt, until there are too many of them. */
export function countForeign(ledger: Ledger, line: TextLine): void {
  for (const draft of [...ledger.open]) {
    draft.foreign += 1
    if (isRest(draft, line)) draft.torn = true
    if (draft.foreign > budget.foreign) close(ledger, draft)
    else if (!draft.suspended && line.text.trim() !== '' && draft.purpose === 'oom') {
      const { lastMoment, lastLine } = draft
      touch(draft, line, draft.fedAt)
      draft.lastMoment = lastMoment
      draft.lastLine = lastLine
    }
  }
}

/** Half a line of the report: fields, figures or a path without the front that all others have. */
const isRest = (draft: Draft, { text, moment }: TextLine): boolean =>
  draft.purpose === 'oom' && isTimeless(moment) && !isTimeless(draft.moment) && text.length <= 400 && restOfLine.test(text)
const restOfLine = /^\s*(?:[a-z_()]{0,40}[:=] ?-?\d|[\d,.]{0,20}[kK]?B[,\s]|[\w.@:-]{0,200}\/|[a-z_]{2,20}=)|\d[kK]B\b|=0x/

/** A line of another program: many of them stand between the lines of a report in a journal. */
export function pass(ledger: Ledger, line: number | null): void {
  for (const draft of [...ledger.open]) {
    draft.foreign += 0.2
    if (draft.foreign > budget.foreign || (line !== null && draft.lastLine !== null && line - draft.lastLine > 5000)) close(ledger, draft)
  }
}

export function closeStale(ledger: Ledger, line: TextLine): void {
  // Closing puts another list in the place of this one.
  for (const draft of ledger.open) if (isStale(draft, line)) close(ledger, draft)
}

export function flush(ledger: Ledger): void {
  for (const draft of [...ledger.open]) close(ledger, draft)
  for (const draft of ledger.recent.splice(0)) ledger.give(draft)
  ledger.kills.clear()
  ledger.sysrq = null
}
