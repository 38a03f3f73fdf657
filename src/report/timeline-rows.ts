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
  /** What makes two tellings the same thing: kind and text, for an API event what it is about (one table prints the namespace or a count, another not). */
  readonly what: string
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
  const twinOf = openTwins(unique, rows)
  for (const r of rows) {
    const twin = twinOf(r)
    if (twin === null) unique.push(r)
    else if (r.row.text.length > (unique[twin] as Row).row.text.length)
      unique[twin] = { ...r, at: (unique[twin] as Row).at, row: { ...r.row, time: (unique[twin] as Row).row.time } }
  }
  const kept = unique.length <= mostRows ? unique : [...unique.slice(0, mostRows / 2), ...unique.slice(-mostRows / 2)]
  return { rows: kept.map((r) => r.row), omitted: unique.length - kept.length }
}

/**
 * Finds the last row of `unique` that tells the same as the next one, or says that there is none, and that the row is about to join. Rows come in order of
 * time: further back than any clock allows nobody looks, or ten thousand kills would be compared with each other.
 */
function openTwins(unique: readonly Row[], rows: readonly Row[]): (row: Row) => number | null {
  const places = new Map<string, number[]>()
  const timeless = rows.some((r) => r.at.epochUs === null)
  const farthest = rows.reduce((most, r) => Math.max(most, 1000 * (r.at.uncertaintyMs ?? 0)), sameRowUs)
  return (row) => {
    const alike = places.get(row.what)
    for (let k = (alike?.length ?? 0) - 1; k >= 0; k -= 1) {
      const place = alike?.[k] ?? 0
      const at = unique[place]?.at
      if (at !== undefined && near(at, row.at)) return place
      if (!timeless && (row.at.epochUs ?? 0) - (at?.epochUs ?? 0) > farthest) break
    }
    if (alike === undefined) places.set(row.what, [unique.length])
    else alike.push(unique.length)
    return null
  }
}

/** Within what their clocks allow: two seconds, more for what an `Age` column dated. */
function near(a: Instant, b: Instant): boolean {
  if (a.epochUs === null || b.epochUs === null) return true
  return Math.abs(a.epochUs - b.epochUs) <= Math.max(sameRowUs, 1000 * Math.max(a.uncertaintyMs ?? 0, b.uncertaintyMs ?? 0))
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
      what: `kill ${text}`,
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
  const e = placed.event
  const what = e.kind === 'object-event' ? `${e.reason} ${e.name} ${e.message}` : `${kind} ${text}`
  return {
    at: placed.at,
    what,
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
