import type { Incident, Instant, PlacedEvent } from '../model/incident.ts'
import type { ReportTimelineRow } from '../model/report.ts'
import { rfc3339 } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import { eventText } from './event-text.ts'

/** More rows than this per incident tell nobody more: the middle is left out. */
const mostRows = 200

/** The same thing told by several sources (or twice by one) is one row: same kind and text within this time. */
const sameRowUs = 2_000_000

interface Row {
  readonly row: ReportTimelineRow
  readonly at: Instant
}

export const timeOf = (at: Instant): string | null => (at.epochUs === null ? null : rfc3339(at.epochUs, at.digits))

/** The rows of one incident, in order: kills and what stands around them. */
export function timelineRows(incident: Incident, id: string): { rows: ReportTimelineRow[]; omitted: number } {
  const rows: Row[] = [
    ...killRows(incident, id),
    ...(incident.kills.length === 0 ? incident.dumps.map((d) => rowOf(d, id)) : []),
    ...incident.context.map((p) => rowOf(p, id)),
  ]
  rows.sort((a, b) => order(a.at, b.at))
  const unique: Row[] = []
  for (const r of rows) {
    const twin = unique.findLast(
      (u) =>
        u.row.kind === r.row.kind &&
        u.row.text === r.row.text &&
        (u.at.epochUs === null || r.at.epochUs === null || Math.abs(u.at.epochUs - r.at.epochUs) <= sameRowUs),
    )
    if (twin === undefined) unique.push(r)
  }
  const kept = unique.length <= mostRows ? unique : [...unique.slice(0, mostRows / 2), ...unique.slice(-mostRows / 2)]
  return { rows: kept.map((r) => r.row), omitted: unique.length - kept.length }
}

function killRows(incident: Incident, id: string): Row[] {
  return incident.kills.map((k) => {
    const who =
      k.comm === null
        ? (k.target?.container ?? k.workload?.unit ?? k.workload?.pod ?? 'a process')
        : `${k.comm}${k.pid === null ? '' : ` (${k.pid})`}`
    const verb = k.killer === 'kubelet' ? 'the kubelet evicted' : k.killer === 'kernel' ? 'the kernel killed' : `${k.killer} killed`
    const first = k.evidence[0]
    const text = visible(`${verb} ${who}`)
    return {
      at: k.at,
      row: {
        time: timeOf(k.at),
        source: first?.source ?? '',
        line: first?.line ?? null,
        kind: 'kill',
        text,
        incident: id,
        timeUncertaintyMs: k.at.uncertaintyMs,
        host: k.host,
      },
    }
  })
}

function rowOf(placed: PlacedEvent, id: string): Row {
  const { kind, text } = eventText(placed.event)
  const first = placed.event.quotes[0]
  return {
    at: placed.at,
    row: {
      time: timeOf(placed.at),
      source: first?.source ?? '',
      line: first?.line ?? null,
      kind,
      text,
      incident: id,
      timeUncertaintyMs: placed.at.uncertaintyMs,
      host: placed.host,
    },
  }
}

const order = (a: Instant, b: Instant): number =>
  a.epochUs !== null && b.epochUs !== null && a.epochUs !== b.epochUs
    ? a.epochUs - b.epochUs
    : a.uptimeSeconds !== null && b.uptimeSeconds !== null && a.uptimeSeconds !== b.uptimeSeconds
      ? a.uptimeSeconds - b.uptimeSeconds
      : a.order - b.order
