import type { Workload } from '../model/incident.ts'
import type { AnyIncident, AnyReport } from '../model/report.ts'

/** Which incidents to show; `null` asks nothing. Times are ms since the epoch. */
export interface ReportFilter {
  readonly sinceMs: number | null
  readonly untilMs: number | null
  readonly host: string | null
  readonly namespace: string | null
  readonly pod: string | null
  readonly limit: string | null
  readonly consumer: string | null
  /** How the times came about, where that must be said. */
  readonly notes?: readonly string[]
}

/** Asks nothing. */
export const everything: ReportFilter = {
  ...{ sinceMs: null, untilMs: null, host: null, namespace: null, pod: null, limit: null, consumer: null },
}

/** Keeps the incidents that a filter asks for, their timeline, and everything that is about no incident. A time filter drops what has no time. */
export function filterReport<R extends AnyReport>(report: R, filter: ReportFilter): R {
  const { notes = [], ...asked } = filter
  if (Object.values(asked).every((v) => v === null))
    return notes.length === 0 ? report : { ...report, warnings: [...notes, ...report.warnings] }
  const incidents = report.incidents.filter((i) => passes(i, filter))
  const ids = new Set(incidents.map((i) => i.id))
  const left = report.incidents.length - incidents.length
  return {
    ...report,
    ...(left === 0 ? {} : { incidentsHidden: left }),
    // Otherwise an empty report would say that nothing was found.
    warnings: [
      ...notes,
      ...(left === 0 ? [] : [`${left} of ${report.incidents.length} incidents were left out by the filter`]),
      ...report.warnings,
    ],
    incidents: incidents.map((i) => ({ ...i, related: i.related.filter((id) => ids.has(id)) })),
    timeline: report.timeline.filter((r) => r.incident === null || ids.has(r.incident)),
    findings: report.findings.filter((f) => f.workload === null || matchesWorkload([f.workload], filter)),
  }
}

function passes(i: AnyIncident, f: ReportFilter): boolean {
  const first = i.firstTime === null ? null : Date.parse(i.firstTime)
  const last = i.lastTime === null ? null : Date.parse(i.lastTime)
  if (f.sinceMs !== null && (last === null || last < f.sinceMs)) return false
  if (f.untilMs !== null && (first === null || first >= f.untilMs)) return false
  if (f.host !== null && i.host !== f.host) return false
  if (f.limit !== null && i.diagnosis.limit.id !== f.limit) return false
  if (f.consumer !== null && i.diagnosis.consumer.id !== f.consumer) return false
  return matchesWorkload(i.workload === null ? i.workloads : [i.workload, ...i.workloads], f)
}

function matchesWorkload(all: readonly Workload[], f: ReportFilter): boolean {
  if (f.namespace === null && f.pod === null) return true
  return all.some((w) => (f.namespace === null || w.namespace === f.namespace) && (f.pod === null || w.pod === f.pod))
}
