import type { Instant } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import type { ReportTimelineRow } from '../model/report.ts'
import { rfc3339 } from '../text/values.ts'

/** The same thing told by several sources (or twice by one) is one row: same fact within this time. */
export const sameRowUs = 2_000_000

/** A row to be, with what it rests on. */
export interface Draft {
  readonly row: ReportTimelineRow
  readonly at: Instant
  /**
   * What makes two tellings the same fact, where they share one of these: kind and text, the kind and the container's id (whoever tells it), for an API event what
   * it is about (one table prints the namespace or a count, another not).
   */
  readonly what: readonly string[]
}

export const timeOf = (at: Instant): string | null => (at.epochUs === null ? null : rfc3339(at.epochUs, at.digits))

/** A row of the timeline as the report has it, told by one line. */
export function rowOf(
  at: Instant,
  quote: Quote | undefined,
  kind: string,
  text: string,
  host: string | null,
  id: string,
): ReportTimelineRow {
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
