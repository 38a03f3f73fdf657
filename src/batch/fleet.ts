import type { Fleet, FleetGroup, FleetIncident, FleetOptions } from './define-fleet.ts'
import { axisOf, courseOf, weekOf } from './fleet-course.ts'
import { groupKey, groupsOf, hostsOf, instants, limitsOf } from './fleet-groups.ts'
import { summaryOf } from './fleet-summary.ts'
import type { BundleResult } from './result.ts'
import { type FurtherTelling, type Story, storiesOf, type Telling } from './stories.ts'
import { compare, maximum, minimum } from './times.ts'

/** An incident of the fleet with the tellings that its pages and its line are taken from. */
export interface Chosen {
  readonly incident: FleetIncident
  readonly main: Telling
  readonly further: readonly FurtherTelling[]
}

export interface FleetChoice {
  readonly fleet: Fleet
  readonly chosen: readonly Chosen[]
}

/** Folds the results into one view. A kill found in two bundles counts once. Pure: the same results, in any order, the same bytes. */
export function foldFleet(
  results: readonly BundleResult[],
  listed: readonly { readonly name: string; readonly reason: string }[],
  options: FleetOptions,
): FleetChoice {
  const sorted = [...results].sort((a, b) => compare(a.bundle, b.bundle) || compare(a.key, b.key))
  const told = storiesOf(sorted)
    .map((story) => ({ story, incident: incidentOf(story) }))
    .sort((a, b) => compare(a.incident.firstTime ?? '~', b.incident.firstTime ?? '~') || compare(a.incident.id, b.incident.id))
  const incidents = told.map((t) => t.incident)
  const lastTime = maximum(incidents.map((i) => i.lastTime))
  const deaths = told.flatMap(({ story, incident: { workload } }) => instants(story.killTimes).map((ms) => ({ workload, ms })))
  const times = deaths.map(({ ms }) => ms)
  const axis = axisOf(times)
  const groups = groupsOf(told, lastTime, options, axis)
  const hosts = hostsOf(incidents)
  const broken = [
    ...listed.map((l) => ({ bundle: l.name, reason: l.reason })),
    ...sorted.filter((r) => r.status !== 'ok').map((r) => ({ bundle: r.bundle, reason: r.reason ?? r.status })),
  ].sort((a, b) => compare(a.bundle, b.bundle))
  const quiet = sorted.filter((r) => r.incidents.length === 0 && r.status === 'ok').map((r) => r.bundle)
  const hidden = sorted.reduce((n, r) => n + (r.hidden ?? 0), 0)
  const counts = {
    bundles: results.length + listed.length,
    withIncidents: results.filter((r) => r.incidents.length > 0).length,
    without: quiet.length,
    unreadable: broken.length,
    incidents: incidents.length,
    kills: incidents.reduce((n, i) => n + i.kills, 0),
    hosts: hosts.length,
    hostsSeen: new Set([...results.flatMap((r) => r.hosts), ...hosts.map((h) => h.host)]).size,
    ...(hidden === 0 ? {} : { hidden }),
  }
  const fleet: Fleet = {
    schemaVersion: 1,
    generator: { name: 'oom-report', version: options.version },
    summary: summaryOf(counts, groups, incidents),
    from: minimum(incidents.map((i) => i.firstTime)),
    to: lastTime,
    course: courseOf(times, axis),
    week: weekOf(deaths, minimum(results.map((r) => r.from))),
    counts,
    groups,
    limits: limitsOf(incidents),
    hosts,
    incidents,
    unexplained: incidents.filter((i) => i.limit === 'unknown' || i.rootCause === 'unknown' || i.confidence === 'low').map((i) => i.id),
    quiet,
    unreadable: broken,
    newSince: newSince(groups, options),
  }
  return { fleet, chosen: told.map(({ story, incident }) => ({ incident, main: story.main, further: story.further })) }
}

function newSince(groups: readonly FleetGroup[], { baseline }: FleetOptions): string {
  if (baseline !== null) return `New: not in ${baseline.name}.`
  const all = groups.length > 0 && groups.every((g) => g.isNew)
  return all
    ? 'All of it was first seen in the last 24 hours of the data, so all of it counts as new; with a baseline, an earlier batch tells what is.'
    : 'New: first seen in the last 24 hours of the data.'
}

function incidentOf({ main, further, alsoIn, killTimes }: Story): FleetIncident {
  const { row, bundle } = main
  const rows = [row, ...further.map((f) => f.row)]
  return {
    id: row.id,
    headline: row.headline,
    host: row.host ?? rows.find((r) => r.host !== null)?.host ?? null,
    workload: row.workload,
    namespace: row.namespace,
    limit: row.limit,
    consumer: row.consumer,
    rootCause: row.rootCause,
    confidence: row.limitConfidence === 'low' || row.rootCauseConfidence === 'low' ? 'low' : row.limitConfidence,
    pattern: row.pattern,
    firstTime: minimum(rows.map((r) => r.firstTime)),
    lastTime: maximum(rows.map((r) => r.lastTime)),
    kills: killTimes.length,
    page: `incidents/${row.page}`,
    furtherPages: further.map((f) => `incidents/${f.row.page}`),
    bundle,
    alsoIn,
    group: groupKey(row),
  }
}
