import { groupKey, groupsOf, hostsOf, limitsOf } from './fleet-groups.ts'
import { summaryOf } from './fleet-summary.ts'
import type { BundleResult } from './result.ts'
import { type FurtherTelling, type Story, storiesOf, type Telling } from './stories.ts'
import { compare, maximum, minimum } from './times.ts'

/** The fleet view (`index.json`): which workloads, which limits, which nodes, since when, what is new, what is unexplained. */
export interface Fleet {
  readonly schemaVersion: 1
  readonly generator: { readonly name: 'oom-report'; readonly version: string }
  /** One sentence that sums up. */
  readonly summary: string
  readonly from: string | null
  readonly to: string | null
  readonly counts: {
    readonly bundles: number
    readonly withIncidents: number
    readonly without: number
    readonly unreadable: number
    readonly incidents: number
    readonly kills: number
    /** Nodes with incidents, and nodes that any log names. */
    readonly hosts: number
    readonly hostsSeen: number
  }
  /** Workload × limit × consumer, most kills first. */
  readonly groups: readonly FleetGroup[]
  /** Which limits are hit, most kills first. */
  readonly limits: readonly FleetLimit[]
  readonly hosts: readonly FleetHost[]
  /** Every incident once, in order of time. */
  readonly incidents: readonly FleetIncident[]
  /** Ids of incidents whose limit or root cause is unknown or uncertain. */
  readonly unexplained: readonly string[]
  /** Names of bundles that hold no incident. */
  readonly quiet: readonly string[]
  readonly unreadable: readonly { readonly bundle: string; readonly reason: string }[]
  /** What `isNew` was judged by, as a sentence. */
  readonly newSince: string
}

export interface FleetHost {
  readonly host: string
  readonly incidents: number
  readonly kills: number
  readonly firstTime: string | null
  readonly lastTime: string | null
}

export interface FleetLimit {
  readonly limit: string
  readonly incidents: number
  readonly kills: number
  readonly workloads: number
  readonly consumers: readonly string[]
}

export interface FleetGroup {
  readonly key: string
  readonly workload: string
  readonly namespace: string | null
  readonly limit: string
  readonly limitBytes: number | null
  readonly consumer: string
  readonly rootCauses: readonly string[]
  readonly incidents: readonly string[]
  readonly kills: number
  readonly hosts: readonly string[]
  readonly bundles: number
  readonly firstTime: string | null
  readonly lastTime: string | null
  readonly isNew: boolean
  /** Kills per hour from `firstTime` on, at most 48 columns (then wider ones); `null` without times. */
  readonly perHour: { readonly hoursPerColumn: number; readonly counts: readonly number[] } | null
}

export interface FleetIncident {
  readonly id: string
  readonly headline: string
  readonly host: string | null
  readonly workload: string
  readonly namespace: string | null
  readonly limit: string
  readonly consumer: string
  readonly rootCause: string
  readonly confidence: string
  readonly pattern: string
  readonly firstTime: string | null
  readonly lastTime: string | null
  readonly kills: number
  readonly page: string
  /** Pages of other bundles that tell of kills which `page` does not have; usually empty. */
  readonly furtherPages: readonly string[]
  readonly bundle: string
  /** Other bundles that tell of the same kills. */
  readonly alsoIn: readonly string[]
  readonly group: string
}

export interface FleetOptions {
  readonly version: string
  /** Group keys of a baseline run, with its name; or `null`: what was first seen in the data's last 24 h is new. */
  readonly baseline: { readonly name: string; readonly keys: ReadonlySet<string> } | null
}

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
  const groups = groupsOf(told, lastTime, options)
  const hosts = hostsOf(incidents)
  const broken = [
    ...listed.map((l) => ({ bundle: l.name, reason: l.reason })),
    ...sorted.filter((r) => r.status !== 'ok').map((r) => ({ bundle: r.bundle, reason: r.reason ?? r.status })),
  ].sort((a, b) => compare(a.bundle, b.bundle))
  const quiet = sorted.filter((r) => r.incidents.length === 0 && r.status === 'ok').map((r) => r.bundle)
  const counts = {
    bundles: results.length + listed.length,
    withIncidents: results.filter((r) => r.incidents.length > 0).length,
    without: quiet.length,
    unreadable: broken.length,
    incidents: incidents.length,
    kills: incidents.reduce((n, i) => n + i.kills, 0),
    hosts: hosts.length,
    hostsSeen: new Set([...results.flatMap((r) => r.hosts), ...hosts.map((h) => h.host)]).size,
  }
  const fleet: Fleet = {
    schemaVersion: 1,
    generator: { name: 'oom-report', version: options.version },
    summary: summaryOf(counts, groups, incidents),
    from: minimum(incidents.map((i) => i.firstTime)),
    to: lastTime,
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
