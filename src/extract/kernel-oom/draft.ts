import type { MemcgCounter, PanicText, QuoteRole } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'
import type { Writer } from '../../model/record.ts'
import type { Moment } from '../../model/stamp.ts'
import type {
  BuddyItem,
  HeaderItem,
  Item,
  KillItem,
  KillPrefix,
  NodeItem,
  ReapedItem,
  StackHeadItem,
  SummaryItem,
  TotalName,
  ZoneItem,
} from './item.ts'
import type { TextLine } from './line.ts'

/** A kill as it grows from up to three kinds of lines. */
export interface DraftKill {
  pid: number
  comm: string | null
  line: KillItem | null
  summary: SummaryItem | null
  choice: ChoiceItem | null
  reaped: ReapedItem | null
  unableToReap: boolean
  /** Killed in the sweep of `memory.oom.group`, not chosen. */
  inGroup: boolean
  moment: Moment
  readonly quotes: Quote[]
}
export type ChoiceItem = Extract<Item, { kind: 'choice' }>
type Quoted<T> = T & { readonly quote: Quote }

export interface DraftZone {
  readonly node: number | null
  readonly name: string
  zone: ZoneItem | null
  buddy: BuddyItem | null
  lowmemPages: readonly number[] | null
  readonly quotes: Quote[]
}
export interface DraftStats {
  readonly path: string
  readonly inline: boolean
  readonly values: Record<string, number>
  readonly quotes: Quote[]
}

/** What a report had told when lines of it were found missing. */
export interface DraftGap {
  readonly pids: ReadonlySet<number>
  readonly paths: ReadonlySet<string>
  readonly before: Moment
  /** µs of the kernel's clock to the next line; `null` where either has none, `undefined` until there is one. */
  elapsedUs: number | null | undefined
}

/** The task table's place in the order of blocks. */
export const TABLE = 5

/** A report while it is being read. The only mutable thing of this extractor besides the streams. */
export interface Draft {
  /** `other`: an allocation failure, SysRq-m, a warning: swallows its own blocks and is dropped. */
  readonly purpose: 'oom' | 'other-with-mem-info' | 'other'
  readonly host: string | null
  readonly bootId: string | null
  readonly caller: string | null
  /** From the boot log: settles the era where the report itself names no release. */
  readonly bootRelease: string | null
  writer: Writer
  readonly moment: Moment
  lastMoment: Moment
  lastLine: number | null
  /** Place in the order of report blocks that was reached: see `groupOf`. */
  group: number
  lines: number
  foreign: number
  fedAt: number
  suspended: boolean
  interleaved: boolean
  settled: boolean
  /** Rests of broken lines stand between its own: what they told is lost. */
  torn: boolean
  /** Places where lines were left out. */
  readonly gaps: DraftGap[]
  /** µs of the kernel's clock before the first line that names a victim. */
  pauseUs: number | null
  /** The copy of a report that stands in the source already. */
  isCopy: boolean

  header: HeaderItem | null
  manual: boolean
  cpuset: { readonly cpuset: string; readonly memsAllowed: string } | null
  stackHead: StackHeadItem | null
  frames: string[]
  taskIn: { task: string | null; limit: string | null } | null
  limitReached: string | null
  readonly counters: Partial<Record<'memory' | 'memorySwap' | 'swap' | 'kmem', MemcgCounter>>
  /** Bytes per page, as an unlimited counter tells. */
  pageBytes: number | null
  readonly stats: DraftStats[]
  memInfo: boolean
  readonly counterPages: Record<string, number>
  readonly nodes: Quoted<NodeItem>[]
  readonly zones: DraftZone[]
  nodeStub: number | null
  readonly hugepages: Quoted<Extract<Item, { kind: 'hugepages' }>>[]
  readonly totals: Partial<Record<TotalName, { readonly value: number; readonly unit: 'pages' | 'bytes' }>>
  readonly slabs: Quoted<Extract<Item, { kind: 'slab' }>>[]
  readonly allocations: Quoted<Extract<Item, { kind: 'allocation' }>>[]
  protection: Quoted<{ readonly minBytes: number; readonly lowBytes: number }> | null
  tableTitle: boolean
  columns: readonly string[] | null
  /** Somebody left lines out between the table's head and its end. */
  rowsElided: boolean
  readonly rows: Map<number, { readonly pid: number; readonly rest: string; readonly quote: Quote }>
  summary: SummaryItem | null
  choice: ChoiceItem | null
  prefix: KillPrefix | null
  readonly kills: DraftKill[]
  /** The group that is swept by `memory.oom.group`; empty where no line names it. */
  groupPath: string | null
  /** Told by the chosen process' second kill line, not by a line of its own; or refuted, being a copy of the log. */
  inferredSweep: boolean
  sweepRefuted: boolean
  /** The chosen process was printed twice, one line behind the other: a sweep that began with it, if others follow that are printed once. */
  printedAgain: boolean
  noKillable: boolean
  panic: PanicText | null

  readonly quotes: Map<QuoteRole, Quote[]>
  readonly excerpt: Quote[]
  excerptOmitted: number
}

export function createDraft(line: TextLine, purpose: Draft['purpose'], fedAt: number, bootRelease: string | null): Draft {
  const { record } = line
  return {
    purpose,
    host: record.host,
    bootId: record.bootId,
    caller: line.caller,
    bootRelease,
    writer: line.writer,
    moment: line.moment,
    lastMoment: line.moment,
    lastLine: line.quotes.at(-1)?.line ?? null,
    group: 0,
    lines: 0,
    foreign: 0,
    fedAt,
    suspended: false,
    interleaved: false,
    settled: false,
    torn: false,
    gaps: [],
    pauseUs: null,
    isCopy: false,
    header: null,
    manual: false,
    cpuset: null,
    stackHead: null,
    frames: [],
    taskIn: null,
    limitReached: null,
    counters: {},
    pageBytes: null,
    stats: [],
    memInfo: false,
    counterPages: {},
    nodes: [],
    zones: [],
    nodeStub: null,
    hugepages: [],
    totals: {},
    slabs: [],
    allocations: [],
    protection: null,
    tableTitle: false,
    columns: null,
    rowsElided: false,
    rows: new Map(),
    summary: null,
    choice: null,
    prefix: null,
    kills: [],
    groupPath: null,
    inferredSweep: false,
    sweepRefuted: false,
    printedAgain: false,
    noKillable: false,
    panic: null,
    quotes: new Map(),
    excerpt: [],
    excerptOmitted: 0,
  }
}

const excerptLimit = 2000

/** Notes that a line belongs to the draft: for the raw excerpt, the gap rule and the line budget. */
export function touch(draft: Draft, line: TextLine, fedAt: number): void {
  draft.lines += 1
  draft.fedAt = fedAt
  draft.lastMoment = line.moment
  draft.lastLine = line.quotes.at(-1)?.line ?? draft.lastLine
  if (line.writer === 'kernel') draft.writer = 'kernel'
  for (const quote of line.quotes) {
    const last = draft.excerpt.at(-1)
    if (last !== undefined && last.line !== null && last.line === quote.line && last.text === quote.text) continue
    if (draft.excerpt.length < excerptLimit) draft.excerpt.push(quote)
    else draft.excerptOmitted += 1
  }
}

export function cite(draft: Draft, role: QuoteRole, quotes: readonly Quote[]): void {
  const list = draft.quotes.get(role) ?? []
  if (list.length === 0) draft.quotes.set(role, list)
  for (const quote of quotes) {
    const last = list.at(-1)
    if (last === undefined || last.line === null || last.line !== quote.line || last.text !== quote.text) list.push(quote)
  }
}

/** Blocks in the order in which every version prints them; `null` for what stands outside of it. */
export function groupOf(item: Item): number | null {
  switch (item.kind) {
    case 'header':
      return 0
    case 'cpuset':
    case 'compaction-off':
    case 'stack-head':
    case 'stack':
      return 1
    case 'task-in':
    case 'limit-reached':
    case 'counter':
    case 'stats-head':
    case 'stat':
      return 2
    case 'mem-info':
    case 'counters':
    case 'per-cpu':
    case 'node':
    case 'node-stub':
    case 'zone':
    case 'lowmem':
    case 'buddy':
    case 'hugepages':
    case 'total':
      return 3
    case 'slab-head':
    case 'slab-busy':
    case 'slab':
    case 'allocations-head':
    case 'allocation':
    case 'protection':
      return 4
    case 'table-title':
    case 'table-head':
    case 'row':
      return 5
    case 'summary':
      return 6
    case 'choice':
      return 7
    case 'kill':
    case 'no-killable':
      return 8
    default:
      return null
  }
}
