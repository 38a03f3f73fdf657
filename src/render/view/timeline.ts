import type { AnyIncident, ReportTimelineRow } from '../../model/report.ts'
import { instantOf, printedTimeText } from '../../text/values.ts'
import { leastOf } from '../../units/extremes.ts'
import type { EvidenceBook, EvidenceRef } from './evidence.ts'
import { dash, type Rich, words } from './rich.ts'
import type { ViewSettings } from './settings.ts'
import { spokenText } from './spoken.ts'
import { type Counted, clockTimeOf, offsetOf, timeOf } from './times.ts'

export type Lane = 'kernel' | 'kubelet' | 'runtime' | 'systemd' | 'host' | 'application' | 'API'

export interface TimelineRowView {
  readonly time: Rich
  /** The day, where it is another than that of the row above; `null` where nothing puts the row on UTC. */
  readonly day: string | null
  /** The time of the day, or what else the line tells of when. */
  readonly clock: Rich
  readonly offset: Rich
  readonly lane: Lane
  readonly text: Rich
  readonly place: Rich
  /** How many other places tell the same. */
  readonly alsoIn: number
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
  /** Every row stands on UTC: the column's head says so. */
  readonly isUtc: boolean
  readonly zeroUs: number | null
}

export function timelineView(
  all: readonly ReportTimelineRow[],
  incident: AnyIncident,
  book: EvidenceBook,
  settings: ViewSettings,
  most: number,
): TimelineView {
  const own = all.filter((row) => row.incident === incident.id)
  const [kill] = incident.kills
  const zero = {
    time: kill?.time ?? incident.firstTime,
    uncertaintyMs: kill?.timeUncertaintyMs ?? null,
    uptime: kill?.uptimeSeconds ?? null,
  }
  const zeroUs = zero.time === null ? null : (instantOf(zero.time)?.us ?? null)
  const shown = own.length <= most ? own : [...own.slice(0, Math.ceil(most / 2)), ...own.slice(own.length - Math.floor(most / 2))]
  const views = shown.map((row) => rowView(row, zero, book, settings, incident))
  const rows = daysOf(views)
  const key = daysOf(keyRows(shown, views))
  return {
    rows,
    key,
    hasMore: key.length < rows.length,
    omitted: own.length - shown.length,
    isUtc: rows.every(({ us }) => us !== null),
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
    const near = kills.length === 0 ? 0 : leastOf(kills.map((kill) => Math.abs(kill - at)))
    // what may have been a minute earlier or later tells little of the order
    const vague = (rows[at]?.timeUncertaintyMs ?? 0) >= 10_000 && rows[at]?.kind !== 'kill' ? 2 : 0
    return (weights.find(([kind]) => kind.test(rows[at]?.kind ?? ''))?.[1] ?? 1) - vague - Math.min(0.9, near / 1000)
  }
  const chosen = rows
    .map((_, at) => at)
    .sort((a, b) => weightOf(b) - weightOf(a) || a - b)
    .slice(0, KEY_ROWS)
  return chosen.sort((a, b) => a - b).flatMap((at) => views[at] ?? [])
}

/** The day stands at the first of its rows only. */
function daysOf(rows: readonly TimelineRowView[]): TimelineRowView[] {
  return rows.map((row, at) =>
    at > 0 && rows.slice(0, at).findLast(({ day }) => day !== null)?.day === row.day ? { ...row, day: null } : row,
  )
}

/** What the line printed where nothing puts it on UTC: the local time, else the uptime. */
function barely({ localTime, uptimeSeconds }: ReportTimelineRow): Rich {
  if (localTime !== null) return words(printedTimeText(localTime))
  return uptimeSeconds === null ? dash : words(`${uptimeSeconds.toFixed(3)} s after boot`)
}

function rowView(
  row: ReportTimelineRow,
  zero: Counted,
  book: EvidenceBook,
  { clock, places }: ViewSettings,
  incident: AnyIncident,
): TimelineRowView {
  const offset = offsetOf({ time: row.time, uncertaintyMs: row.timeUncertaintyMs, uptime: row.uptimeSeconds }, zero)
  const inDay = row.time === null ? null : clockTimeOf(row.time, row.timeUncertaintyMs)
  const time = timeOf(row.time, row.timeUncertaintyMs, clock, barely(row))
  return {
    time,
    // a second zone makes each row's day its own
    day: clock.zone === null ? (inDay?.day ?? null) : null,
    clock: inDay === null || clock.zone !== null ? time : words(inDay.text),
    offset: offset === null ? dash : words(offset),
    lane: laneOf(row),
    text: spokenText(spokenOf(row), incident),
    place: row.source === '' ? dash : places.of({ source: row.source, line: row.line }),
    alsoIn: row.alsoIn.length,
    ref: book.at(row.source, row.line),
    isKill: row.kind === 'kill',
    us: row.time === null ? null : (instantOf(row.time)?.us ?? null),
    uncertaintyUs: (row.timeUncertaintyMs ?? 0) * 1000,
  }
}

/** Without who tells it, which stands in a column of its own. */
const spokenOf = ({ text, by }: ReportTimelineRow): string =>
  by !== undefined && text.startsWith(`${by}: `) ? text.slice(by.length + 2) : text

/** earlyoom, oomd and their like are programs of the host, and so is a workload manager. */
const killerLane = (text: string): Lane => (text.startsWith('systemd') ? 'systemd' : 'host')

/** Who tells of it, by the row's kind and the words with which the report begins it. */
function laneOf({ kind, text, by }: ReportTimelineRow): Lane {
  if (kind === 'kubernetes-event') return 'API'
  if (kind === 'kill') return text.startsWith('the kernel') ? 'kernel' : text.startsWith('the kubelet') ? 'kubelet' : killerLane(text)
  if (kind === 'userspace-kill') return killerLane(text)
  if (kind.startsWith('unit-')) return 'systemd'
  if (kind.startsWith('eviction-') || kind.startsWith('node-')) return 'kubelet'
  if (kind.startsWith('runtime-')) return 'application'
  if (kind.startsWith('change-')) return text.startsWith('containerd: ') ? 'runtime' : 'host'
  if (!kind.startsWith('container-')) return 'kernel'
  return by === 'kubelet' ? 'kubelet' : by === 'systemd' ? 'systemd' : by === 'other' || by === 'status' ? 'API' : 'runtime'
}
