import type { Event } from '../model/event.ts'
import type { Incident, Instant, Kill, PlacedEvent } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import type { ReportTimelineRow } from '../model/report.ts'
import { rfc3339 } from '../text/values.ts'
import { visible } from '../text/visible.ts'
import { eventText } from './event-text.ts'
import { inOrder } from './timeline-order.ts'
import { type Draft, withoutTwins } from './timeline-twins.ts'

/** More rows than this per incident tell nobody more: the middle is left out. */
const mostRows = 200

export const timeOf = (at: Instant): string | null => (at.epochUs === null ? null : rfc3339(at.epochUs, at.digits))

/** The rows of one incident, in order: kills and what stands around them. */
export function timelineRows(incident: Incident, id: string): { rows: ReportTimelineRow[]; omitted: number } {
  const told = [...(incident.kills.length === 0 ? incident.dumps : []), ...incident.context]
  const all = [...incident.kills.map((k) => killRow(k, id)), ...told.map((p) => eventRow(p, id))]
  const unique = withoutTwins(inOrder(all))
  const kept = unique.length <= mostRows ? unique : [...unique.slice(0, mostRows / 2), ...unique.slice(-mostRows / 2)]
  return { rows: kept.map((r) => r.row), omitted: unique.length - kept.length }
}

function killRow(k: Kill, id: string): Draft {
  const who =
    k.comm === null
      ? (k.target?.container ?? k.workload?.unit ?? k.workload?.pod ?? 'a process')
      : `${k.comm}${k.pid === null ? '' : ` (${k.pid})`}`
  const verb = k.killer === 'kubelet' ? 'the kubelet evicted' : k.killer === 'kernel' ? 'the kernel killed' : `${k.killer} killed`
  const text = visible(`${verb} ${who}`)
  return { at: k.at, what: [`kill ${text}`], row: rowOf(k.at, k.evidence[0], 'kill', text, k.host, id) }
}

function eventRow({ event, at, host }: PlacedEvent, id: string): Draft {
  const { kind, text } = eventText(event)
  return { at, what: factsOf(event, kind, text), row: rowOf(at, event.quotes[0], kind, text, host, id) }
}

/** What the event is about: the kubelet's and the runtime's word on one container's end are one fact. */
function factsOf(e: Event, kind: string, text: string): string[] {
  if (e.kind === 'object-event') return [`${e.reason} ${e.name} ${e.message}`]
  const id = e.kind === 'container' ? e.target.containerId : null
  return id !== null && id.length >= 12 ? [`${kind} ${text}`, `${kind} ${id.slice(0, 12)}`] : [`${kind} ${text}`]
}

function rowOf(at: Instant, quote: Quote | undefined, kind: string, text: string, host: string | null, id: string): ReportTimelineRow {
  return {
    time: timeOf(at),
    source: quote?.source ?? '',
    line: quote?.line ?? null,
    kind,
    text,
    incident: id,
    timeUncertaintyMs: at.uncertaintyMs,
    uptimeSeconds: at.uptimeSeconds,
    localTime: at.localTime,
    host,
    alsoIn: [],
  }
}
