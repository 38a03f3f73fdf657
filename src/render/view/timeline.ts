import type { AnyIncident, ReportTimelineRow } from '../../model/report.ts'
import { instantOf } from '../../text/values.ts'
import type { EvidenceBook, EvidenceRef } from './evidence.ts'
import { placeOf } from './evidence.ts'
import { codeOf, dash, type Rich, words } from './rich.ts'
import { type Clock, offsetOf, timeOf, uptimeOffset } from './times.ts'

export type Lane = 'kernel' | 'kubelet' | 'runtime' | 'systemd' | 'application' | 'API'

export interface TimelineRowView {
  readonly time: Rich
  readonly offset: Rich
  readonly lane: Lane
  readonly text: Rich
  readonly place: Rich
  readonly ref: EvidenceRef | null
  readonly isKill: boolean
  /** For the chart; `null` where the time is not in the log. */
  readonly us: number | null
  readonly uncertaintyUs: number
}

export interface TimelineView {
  readonly rows: readonly TimelineRowView[]
  /** The few rows that tell the story; all of them where there are no more. */
  readonly key: readonly TimelineRowView[]
  readonly hasMore: boolean
  readonly omitted: number
  readonly zeroUs: number | null
}

export function timelineView(
  all: readonly ReportTimelineRow[],
  incident: AnyIncident,
  book: EvidenceBook,
  clock: Clock,
  most: number,
): TimelineView {
  const own = all.filter((row) => row.incident === incident.id)
  const zero = incident.kills[0]?.time ?? incident.firstTime
  const zeroUs = zero === null || zero === undefined ? null : (instantOf(zero)?.us ?? null)
  const shown = own.length <= most ? own : [...own.slice(0, Math.ceil(most / 2)), ...own.slice(own.length - Math.floor(most / 2))]
  const zeroUptime = incident.kills[0]?.uptimeSeconds ?? null
  const rows = shown.map((row) => rowView(row, { us: zeroUs, uptime: zeroUptime }, book, clock))
  const key = keyRows(shown, rows)
  return {
    rows,
    key,
    hasMore: key.length < rows.length,
    omitted: own.length - shown.length,
    zeroUs,
  }
}

const KEY_ROWS = 8
/** What a reader asks for first: deaths, what came of them, what announced them; the rest is beside it. */
const weights: readonly (readonly [RegExp, number])[] = [
  [/^kill$/, 5],
  [/^(?:container-(?:exit|oom|died|back-off)|unit-|eviction-(?:evict|evicted|must)|userspace-kill|panic|node-)/, 4],
  [/^(?:container-(?:started|killing)|kubernetes-event|eviction-|runtime-|boot)/, 3],
  [/^(?:kernel-|oom)/, 2],
]

/** The heaviest rows, in their order; of many kills the first ones and the last. */
function keyRows(rows: readonly ReportTimelineRow[], views: readonly TimelineRowView[]): TimelineRowView[] {
  if (views.length <= KEY_ROWS) return [...views]
  const kills = rows.flatMap((row, at) => (row.kind === 'kill' ? [at] : []))
  const middle = new Set(kills.length > 4 ? kills.slice(3, -1) : [])
  const weightOf = (at: number): number => {
    if (middle.has(at)) return 0
    const near = kills.length === 0 ? 0 : Math.min(...kills.map((kill) => Math.abs(kill - at)))
    return (weights.find(([kind]) => kind.test(rows[at]?.kind ?? ''))?.[1] ?? 1) - Math.min(0.9, near / 1000)
  }
  const chosen = rows
    .map((_, at) => at)
    .sort((a, b) => weightOf(b) - weightOf(a) || a - b)
    .slice(0, KEY_ROWS)
  return chosen.sort((a, b) => a - b).flatMap((at) => views[at] ?? [])
}

/** The first kill, on UTC and on its boot's clock. */
interface Zero {
  readonly us: number | null
  readonly uptime: number | null
}

/** What the line printed where nothing puts it on UTC: the local time, else the uptime. */
function barely({ localTime, uptimeSeconds }: ReportTimelineRow): Rich {
  if (localTime !== null) return words(localTime)
  return uptimeSeconds === null ? dash : words(`${uptimeSeconds.toFixed(3)} s after boot`)
}

function rowView(row: ReportTimelineRow, zero: Zero, book: EvidenceBook, clock: Clock): TimelineRowView {
  const offset = offsetOf(row.time, zero.us) ?? (row.time === null ? uptimeOffset(row.uptimeSeconds, zero.uptime) : null)
  return {
    time: timeOf(row.time, row.timeUncertaintyMs, clock, barely(row)),
    offset: offset === null ? dash : words(offset),
    lane: laneOf(row),
    text: words(spokenOf(row)),
    place: row.source === '' ? dash : row.line === null ? codeOf(row.source) : placeOf(row),
    ref: book.at(row.source, row.line),
    isKill: row.kind === 'kill',
    us: row.time === null ? null : (instantOf(row.time)?.us ?? null),
    uncertaintyUs: (row.timeUncertaintyMs ?? 0) * 1000,
  }
}

/** Without who tells it, which stands in a column of its own. */
const spokenOf = ({ text, by }: ReportTimelineRow): string =>
  by !== undefined && text.startsWith(`${by}: `) ? text.slice(by.length + 2) : text

/** Who tells of it, by the row's kind and the words with which the report begins it. */
function laneOf({ kind, text, by }: ReportTimelineRow): Lane {
  if (kind === 'kubernetes-event') return 'API'
  if (kind === 'kill') return text.startsWith('the kernel') ? 'kernel' : text.startsWith('the kubelet') ? 'kubelet' : 'systemd'
  if (kind.startsWith('unit-') || kind === 'userspace-kill') return 'systemd'
  if (kind.startsWith('eviction-') || kind.startsWith('node-')) return 'kubelet'
  if (kind.startsWith('runtime-')) return 'application'
  if (!kind.startsWith('container-')) return 'kernel'
  return by === 'kubelet' ? 'kubelet' : by === 'systemd' ? 'systemd' : by === 'other' ? 'API' : 'runtime'
}
