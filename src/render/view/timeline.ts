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
  return {
    rows: shown.map((row) => rowView(row, { us: zeroUs, uptime: zeroUptime }, book, clock)),
    omitted: own.length - shown.length,
    zeroUs,
  }
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
    text: words(row.text),
    place: row.source === '' ? dash : row.line === null ? codeOf(row.source) : placeOf(row),
    ref: book.at(row.source, row.line),
    isKill: row.kind === 'kill',
    us: row.time === null ? null : (instantOf(row.time)?.us ?? null),
    uncertaintyUs: (row.timeUncertaintyMs ?? 0) * 1000,
  }
}

/** Who tells of it, by the row's kind and the words with which the report begins it. */
function laneOf({ kind, text }: ReportTimelineRow): Lane {
  if (kind === 'kubernetes-event') return 'API'
  if (kind === 'kill') return text.startsWith('the kernel') ? 'kernel' : text.startsWith('the kubelet') ? 'kubelet' : 'systemd'
  if (kind.startsWith('unit-') || kind === 'userspace-kill') return 'systemd'
  if (kind.startsWith('eviction-') || kind.startsWith('node-')) return 'kubelet'
  if (kind.startsWith('runtime-')) return 'application'
  if (!kind.startsWith('container-')) return 'kernel'
  const by = text.slice(0, text.indexOf(':'))
  return by === 'kubelet' ? 'kubelet' : by === 'systemd' ? 'systemd' : by === 'other' ? 'API' : 'runtime'
}
