import { type Draft, type DraftKill, touch } from './draft.ts'
import { fill } from './fill.ts'
import type { HeaderItem, Item, KillItem, SummaryItem } from './item.ts'
import type { ReadLine } from './joiner.ts'
import { close, closeStale, countForeign, type Ledger, prove, put, start } from './ledger.ts'
import type { TextLine } from './line.ts'
import { readLine } from './read-line.ts'
import {
  adopter,
  choose,
  chooseForSummary,
  isFollowing,
  isSameDeath,
  isSameHeader,
  newestFirst,
  opens,
  recentWithSummary,
} from './routing.ts'
import { joinSwept, noticeSweep } from './sweep.ts'

/** Puts one line where it belongs: into an open report, a report just read, or a new one. */
export function accept(ledger: Ledger, { line, item }: ReadLine): void {
  ledger.fed += 1
  closeStale(ledger, line)
  if (item === null) countForeign(ledger, line)
  else acceptItem(ledger, item, line)
}

function acceptItem(ledger: Ledger, item: Item, line: TextLine): void {
  switch (item.kind) {
    case 'header':
      acceptHeader(ledger, item, line)
      break
    case 'kill':
      acceptKill(ledger, item, line)
      break
    case 'reaped':
    case 'unable-to-reap':
      acceptReaper(ledger, item, line)
      break
    case 'summary':
      acceptSummary(ledger, item, line)
      break
    case 'group':
    case 'spared':
    case 'no-killable':
      acceptAfterword(ledger, item, line)
      break
    case 'panic':
      if (item.panic.cause === 'setting' || item.panic.cause === 'memory') acceptAfterword(ledger, item, line)
      else countForeign(ledger, line)
      break
    case 'sharing':
      countForeign(ledger, line)
      break
    case 'sysrq':
    case 'sysrq-ignored':
      ledger.sysrq = line
      break
    case 'other-report':
      put(ledger, start(ledger, line, item.memInfo ? 'other-with-mem-info' : 'other'), item, line)
      break
    case 'trace-end': {
      const trace = ledger.open.find((d) => d.purpose === 'other')
      if (trace !== undefined) close(ledger, trace)
      break
    }
    default:
      acceptBlock(ledger, item, line)
  }
}

function acceptHeader(ledger: Ledger, item: HeaderItem, line: TextLine): void {
  if (ledger.open.some((d) => d.header !== null && d.group <= 1 && isSameHeader(d, item, line))) return
  const draft = start(ledger, line, 'oom')
  put(ledger, draft, item, line)
}

function acceptBlock(ledger: Ledger, item: Item, line: TextLine): void {
  const found = choose(ledger.open, item, line)
  if (found !== null) put(ledger, found, item, line)
  else if (opens(item)) put(ledger, start(ledger, line, 'oom'), item, line)
  else countForeign(ledger, line)
  if (item.kind !== 'protection' || item.glued === '') return
  // That line ends without a newline: the next message may stand behind it.
  const next = readLine(item.glued)
  if (next !== null) acceptItem(ledger, next, { ...line, text: item.glued })
}

function knownDeath(ledger: Ledger, pid: number | null, item: KillItem | null, line: TextLine): { draft: Draft; kill: DraftKill } | null {
  const known = pid === null ? undefined : ledger.kills.get(pid)
  return known !== undefined && isSameDeath(known.draft, known.kill, item, line) ? known : null
}

/** A kill that was read already, under an open report that would have it: the report is the copy of one read before. */
function markCopy(ledger: Ledger, known: Draft, copy: Draft | undefined | null): void {
  if (copy == null || copy === known || copy.kills.length > 0) return
  if (copy.header !== null && known.header !== null && JSON.stringify(copy.header) !== JSON.stringify(known.header)) return
  copy.isCopy = true
  close(ledger, copy)
}

function acceptKill(ledger: Ledger, item: KillItem, line: TextLine): void {
  const known = knownDeath(ledger, item.pid, item, line)
  if (known !== null && known.kill.line !== null) {
    const others = ledger.open.filter((d) => d !== known.draft)
    markCopy(ledger, known.draft, adopter(others, item, line))
    noticeSweep(ledger, known, item, line)
  }
  const draft = known?.draft ?? draftForKill(ledger, item, line)
  const isOpen = ledger.open.includes(draft)
  prove(ledger, draft, item, line)
  draft.settled = true
  if (isOpen) put(ledger, draft, item, line)
  else touch(draft, line, ledger.fed)
}

function draftForKill(ledger: Ledger, item: KillItem, line: TextLine): Draft {
  joinSwept(ledger)
  const last = ledger.recent.at(-1)
  const isSweep = last?.groupPath != null && isFollowing(last, line) && ledger.open.every((d) => d.fedAt < last.fedAt)
  if (last !== undefined && isSweep) return last
  const found = adopter(ledger.open, item, line) ?? recentWithSummary(ledger.recent, item, line)
  return found ?? start(ledger, line, 'oom')
}

function acceptReaper(ledger: Ledger, item: Extract<Item, { kind: 'reaped' | 'unable-to-reap' }>, line: TextLine): void {
  const known = ledger.kills.get(item.pid)
  const isKnown = known !== undefined && (known.kill.reaped === null || isSameDeath(known.draft, known.kill, null, line))
  const chosen = ledger.open.find((d) => d.choice?.pid === item.pid || (d.group >= 5 && d.summary === null && d.rows.has(item.pid)))
  const draft = isKnown ? known.draft : (chosen ?? start(ledger, line, 'oom'))
  // A report whose kill line is still to come stays open.
  const settles = draft.settled || draft.kills.every((k) => k.pid !== item.pid)
  touch(draft, line, ledger.fed)
  prove(ledger, draft, item, line)
  draft.settled = settles
  if (settles && ledger.open.includes(draft)) close(ledger, draft)
}

function acceptSummary(ledger: Ledger, item: SummaryItem, line: TextLine): void {
  const known = knownDeath(ledger, item.pid, null, line)
  if (known?.kill.summary != null) {
    markCopy(ledger, known.draft, chooseForSummary(ledger.open, item, line))
  } else if (known !== null) {
    known.draft.summary ??= item
    prove(ledger, known.draft, item, line)
  } else {
    const draft = chooseForSummary(ledger.open, item, line) ?? start(ledger, line, 'oom')
    prove(ledger, draft, item, line)
    put(ledger, draft, item, line)
  }
}

/** A panic, a group line, "no killable processes" or "already exiting" belongs to the report just read. */
function acceptAfterword(ledger: Ledger, item: Item, line: TextLine): void {
  const candidates = [...newestFirst(ledger.open).filter((d) => d.purpose === 'oom'), ...[...ledger.recent].reverse()]
  const draft = candidates.find((d) => isFollowing(d, line) && !(item.kind === 'no-killable' && d.kills.length > 0))
  if (draft === undefined && item.kind === 'spared') return
  if (draft === undefined || ledger.open.includes(draft)) put(ledger, draft ?? start(ledger, line, 'oom'), item, line)
  else {
    touch(draft, line, ledger.fed)
    fill(draft, item, line)
  }
}
