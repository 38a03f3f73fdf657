import type { LogRecord } from '../../model/record.ts'
import { createDraft, type Draft, type DraftKill, groupOf, touch } from './draft.ts'
import { fill } from './fill.ts'
import type { Item, KillItem } from './item.ts'
import { createJoiner, type Joiner, type ReadLine } from './joiner.ts'
import { addProof, type ProofItem } from './kills.ts'
import { linesOf, type TextLine } from './line.ts'
import { readLine } from './read-line.ts'
import {
  adopts,
  choose,
  chooseForSummary,
  elapsedWithin,
  gapUs,
  isCopy,
  isFollowing,
  isSameDeath,
  isStale,
  newestFirst,
  opens,
  recentWithSummary,
} from './routing.ts'

/** Limits of one report, by what real ones need: 10,000 rows and more, a slow serial console, lines of others in between. */
const budget = { lines: 25_000, foreign: 200, recent: 32, open: 4 } as const

/** What is being read of one host and boot. */
export interface Stream {
  push(record: LogRecord): void
  /** A line of somebody else: it only counts. */
  pass(record: LogRecord): void
  /** Closes everything (end of source, a boot) and gives it out. */
  flush(): void
  readonly hungry: boolean
  readonly isOpen: boolean
}

export function createStream(give: (draft: Draft) => void): Stream {
  const assembly = createAssembly(give)
  const joiner: Joiner = createJoiner()
  let last: TextLine | null = null
  const accept = (read: ReadLine): void => assembly.accept(read)
  return {
    push(record) {
      for (const line of linesOf(record)) {
        // The same line twice in a row is a copy (two loggers, a stutter), never news.
        if (last !== null && isCopyOf(last, line)) continue
        last = line
        joiner.push(line, accept)
      }
    },
    pass(record) {
      assembly.pass(record.origin.line)
    },
    flush() {
      joiner.flush(accept)
      assembly.flush()
    },
    get hungry() {
      return joiner.waiting || assembly.open().some((d) => d.purpose === 'oom')
    },
    get isOpen() {
      return joiner.holding || assembly.open().length > 0
    },
  }
}

const isCopyOf = (last: TextLine, line: TextLine): boolean =>
  last.text === line.text && last.moment.uptimeUs === line.moment.uptimeUs && last.caller === line.caller && line.text.trim() !== ''

interface Assembly {
  accept(read: ReadLine): void
  pass(line: number | null): void
  flush(): void
  open(): readonly Draft[]
}

function createAssembly(give: (draft: Draft) => void): Assembly {
  let open: Draft[] = []
  const recent: Draft[] = []
  const kills = new Map<number, { draft: Draft; kill: DraftKill }>()
  let fed = 0
  let sysrq: TextLine | null = null

  const close = (draft: Draft): void => {
    open = open.filter((d) => d !== draft)
    if (draft.purpose !== 'oom') {
      const interrupted = newestFirst(open).find((d) => d.purpose === 'oom')
      if (interrupted !== undefined) interrupted.suspended = false
      return
    }
    recent.push(draft)
    if (recent.length > budget.recent) {
      const oldest = recent.shift() as Draft
      for (const kill of oldest.kills) if (kills.get(kill.pid)?.draft === oldest) kills.delete(kill.pid)
      give(oldest)
    }
  }

  const start = (line: TextLine, purpose: Draft['purpose']): Draft => {
    for (const draft of open) draft.suspended = true
    if (open.length >= budget.open && open[0] !== undefined) close(open[0])
    const draft = createDraft(line, purpose, fed)
    open.push(draft)
    return draft
  }

  const put = (draft: Draft, item: Item, line: TextLine): void => {
    const trace = open.find((d) => d.purpose === 'other' && d !== draft)
    if (trace !== undefined) close(trace)
    touch(draft, line, fed)
    draft.foreign = 0
    fill(draft, item, line)
    draft.group = Math.max(draft.group, groupOf(item) ?? 0)
    if (draft.suspended) {
      draft.suspended = false
      if (open.length > 1) for (const d of open) d.interleaved = true
    }
    if (draft.settled || draft.lines > budget.lines) close(draft)
  }

  const prove = (draft: Draft, item: ProofItem, line: TextLine): void => {
    const kill = addProof(draft, item, line)
    if (kill !== null) for (const pid of new Set([kill.pid, item.pid ?? kill.pid])) kills.set(pid, { draft, kill })
    if (item.kind !== 'summary') draft.settled = true
  }

  const closeStale = (line: TextLine): void => {
    for (const draft of [...open]) if (isStale(draft, line)) close(draft)
  }

  const acceptKill = (item: KillItem, line: TextLine): void => {
    const known = kills.get(item.pid)
    const draft = known !== undefined && isSameDeath(known.draft, known.kill, item, line) ? known.draft : draftForKill(item, line)
    const wasOpen = open.includes(draft)
    if (!wasOpen) touch(draft, line, fed)
    prove(draft, item, line)
    if (wasOpen) put(draft, item, line)
  }

  const draftForKill = (item: KillItem, line: TextLine): Draft => {
    const group = recent.at(-1)
    if (group?.groupPath != null && isFollowing(group, line) && open.every((d) => d.fedAt < group.fedAt)) return group
    const found = newestFirst(open).find((d) => adopts(d, item, line)) ?? recentWithSummary(recent, item, line)
    if (found !== undefined) return found
    return start(line, 'oom')
  }

  const acceptReaper = (item: Extract<Item, { kind: 'reaped' | 'unable-to-reap' }>, line: TextLine): void => {
    const known = kills.get(item.pid)
    const draft =
      known !== undefined && (known.kill.reaped === null || isSameDeath(known.draft, known.kill, null, line))
        ? known.draft
        : (open.find((d) => d.choice?.pid === item.pid || (d.group >= 5 && d.summary === null && d.rows.has(item.pid))) ??
          start(line, 'oom'))
    const wasOpen = open.includes(draft)
    touch(draft, line, fed)
    const settles = draft.kills.every((k) => k.pid !== item.pid) || draft.settled
    const before = draft.settled
    prove(draft, item, line)
    draft.settled = before || settles
    if (wasOpen && draft.settled) close(draft)
  }

  /** A panic, a group line or "already exiting" after the kill line belongs to the report just read. */
  const acceptAfterword = (item: Item, line: TextLine): void => {
    const candidates = [...newestFirst(open).filter((d) => d.purpose === 'oom'), ...[...recent].reverse()]
    const draft = candidates.find((d) => isFollowing(d, line))
    if (draft === undefined && item.kind === 'spared') return
    if (draft !== undefined && !open.includes(draft)) {
      touch(draft, line, fed)
      fill(draft, item, line)
      draft.fedAt = fed
    } else put(draft ?? start(line, 'oom'), item, line)
  }

  const acceptBlock = (item: Item, line: TextLine): void => {
    const found = choose(open, item, line)
    if (found !== null) put(found, item, line)
    else if (opens(item)) put(start(line, 'oom'), item, line)
    else foreign(line)
  }

  const foreign = (line: TextLine): void => {
    for (const draft of [...open]) {
      draft.foreign += 1
      if (draft.foreign > budget.foreign) close(draft)
      else if (!draft.suspended && line.text.trim() !== '' && draft.purpose === 'oom') {
        const { lastMoment, lastLine } = draft
        touch(draft, line, draft.fedAt)
        draft.lastMoment = lastMoment
        draft.lastLine = lastLine
      }
    }
  }

  const acceptHeader = (item: Extract<Item, { kind: 'header' }>, line: TextLine): void => {
    const twin = open.find((d) => d.header !== null && d.group <= 1 && isCopy(d, item, line))
    if (twin !== undefined) return
    const draft = open.find((d) => d.purpose === 'oom' && d.header === null && d.manual && d.group === 0) ?? start(line, 'oom')
    put(draft, item, line)
    if (sysrq !== null && elapsedWithin(sysrq, line, gapUs)) draft.manual = true
    sysrq = null
  }

  return {
    accept({ line, item }) {
      fed += 1
      closeStale(line)
      if (item === null) return foreign(line)
      switch (item.kind) {
        case 'header':
          return acceptHeader(item, line)
        case 'kill':
          return acceptKill(item, line)
        case 'reaped':
        case 'unable-to-reap':
          return acceptReaper(item, line)
        case 'summary':
          return acceptSummary(item, line)
        case 'group':
        case 'spared':
        case 'no-killable':
          return acceptAfterword(item, line)
        case 'panic':
          return item.oom ? acceptAfterword(item, line) : foreign(line)
        case 'sharing':
          return foreign(line)
        case 'sysrq':
        case 'sysrq-ignored':
          sysrq = line
          return
        case 'other-report': {
          put(start(line, item.memInfo ? 'other-with-mem-info' : 'other'), item, line)
          return
        }
        case 'trace-end': {
          const trace = open.find((d) => d.purpose === 'other')
          if (trace !== undefined) close(trace)
          return
        }
        case 'protection':
          acceptBlock(item, line)
          if (item.glued !== '') glue(item.glued, line)
          return
        default:
          return acceptBlock(item, line)
      }
    },
    pass(line) {
      for (const draft of [...open]) {
        draft.foreign += 0.2
        if (draft.foreign > budget.foreign || (line !== null && draft.lastLine !== null && line - draft.lastLine > 5000)) close(draft)
      }
    },
    flush() {
      for (const draft of [...open]) close(draft)
      for (const draft of recent.splice(0)) give(draft)
      kills.clear()
      sysrq = null
    },
    open: () => open,
  }

  function acceptSummary(item: Extract<Item, { kind: 'summary' }>, line: TextLine): void {
    const known = item.pid === null ? undefined : kills.get(item.pid)
    if (known !== undefined && isSameDeath(known.draft, known.kill, null, line) && known.kill.summary === null) {
      known.draft.summary ??= item
      prove(known.draft, item, line)
      return
    }
    if (known?.kill.summary != null && isSameDeath(known.draft, known.kill, null, line)) return
    const draft = chooseForSummary(open, item, line) ?? start(line, 'oom')
    prove(draft, item, line)
    put(draft, item, line)
  }

  /** The protection line ends without a newline: the next message may stand behind it. */
  function glue(text: string, line: TextLine): void {
    const item = readLine(text)
    if (item !== null) acceptBlock(item, { ...line, text })
  }
}
