import type { BundleResult, IncidentRow } from './result.ts'

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
    readonly hosts: number
  }
  /** Workload × limit × consumer, most kills first. */
  readonly groups: readonly FleetGroup[]
  readonly hosts: readonly {
    readonly host: string
    readonly incidents: number
    readonly kills: number
    readonly firstTime: string | null
    readonly lastTime: string | null
  }[]
  /** Every incident once, in order of time. */
  readonly incidents: readonly FleetIncident[]
  readonly unexplained: readonly string[]
  /** Names of bundles that hold no incident. */
  readonly quiet: readonly string[]
  readonly unreadable: readonly { readonly bundle: string; readonly reason: string }[]
  /** What `isNew` was judged by: another run's folder, or the last 24 h of the data. */
  readonly newSince: string
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

interface Story {
  row: IncidentRow
  bundle: string
  readonly alsoIn: Set<string>
  readonly kills: Map<string, string | null>
}

/** Which incident of which result the pages and lines are taken from: the richest telling of each. */
export interface FleetChoice {
  readonly fleet: Fleet
  readonly chosen: readonly { readonly bundle: string; readonly key: string; readonly row: IncidentRow }[]
}

/** Folds the results, in order of name, into one view. A kill found in two bundles counts once. Pure: the same results, the same bytes. */
export function foldFleet(
  results: readonly BundleResult[],
  listed: readonly { readonly name: string; readonly reason: string }[],
  options: FleetOptions,
): FleetChoice {
  const stories = storiesOf(results)
  const incidents = stories.map((s) => incidentOf(s)).sort((a, b) => compare(a.firstTime ?? '~', b.firstTime ?? '~') || compare(a.id, b.id))
  const byId = new Map(stories.map((s) => [s.row.id, s]))
  const lastTime = maximum(incidents.map((i) => i.lastTime))
  const groups = groupsOf(incidents, byId, lastTime, options)
  const broken = [
    ...listed.map((l) => ({ bundle: l.name, reason: l.reason })),
    ...results.filter((r) => r.status !== 'ok').map((r) => ({ bundle: r.bundle, reason: r.reason ?? r.status })),
  ]
  const withIncidents = results.filter((r) => r.incidents.length > 0).length
  const quiet = results.filter((r) => r.incidents.length === 0 && r.status === 'ok').map((r) => r.bundle)
  const kills = incidents.reduce((n, i) => n + i.kills, 0)
  const hosts = hostsOf(incidents)
  const counts = {
    bundles: results.length + listed.length,
    withIncidents,
    without: quiet.length,
    unreadable: broken.length,
    incidents: incidents.length,
    kills,
    hosts: hosts.length,
  }
  const fleet: Fleet = {
    schemaVersion: 1,
    generator: { name: 'oom-report', version: options.version },
    summary: summaryOf(counts, groups, incidents),
    from: minimum(incidents.map((i) => i.firstTime)),
    to: lastTime,
    counts,
    groups,
    hosts,
    incidents,
    unexplained: incidents.filter((i) => i.limit === 'unknown' || i.rootCause === 'unknown' || i.confidence === 'low').map((i) => i.id),
    quiet,
    unreadable: broken.sort((a, b) => compare(a.bundle, b.bundle)),
    newSince: options.baseline?.name ?? 'the last 24 hours of the data',
  }
  const keyOf = new Map(results.map((r) => [r.bundle, r.key]))
  return {
    fleet,
    chosen: incidents.map((i) => ({ bundle: i.bundle, key: keyOf.get(i.bundle) as string, row: (byId.get(i.id) as Story).row })),
  }
}

/** Joins tellings of the same kills; the one with the most kills, then the first by name, gives the page. */
function storiesOf(results: readonly BundleResult[]): Story[] {
  const byKill = new Map<string, Story>()
  const byId = new Map<string, Story>()
  for (const result of [...results].sort((a, b) => compare(a.bundle, b.bundle)))
    for (const row of result.incidents) {
      const known = byId.get(row.id) ?? row.kills.map((k) => byKill.get(k.key)).find((s) => s !== undefined)
      const story: Story = known ?? { row, bundle: result.bundle, alsoIn: new Set(), kills: new Map() }
      if (known !== undefined && result.bundle !== known.bundle) {
        if (row.kills.length > known.row.kills.length) {
          known.alsoIn.add(known.bundle)
          known.alsoIn.delete(result.bundle)
          known.row = row
          known.bundle = result.bundle
        } else known.alsoIn.add(result.bundle)
      }
      for (const kill of row.kills) {
        story.kills.set(kill.key, kill.time)
        byKill.set(kill.key, story)
      }
      byId.set(row.id, story)
    }
  return [...new Set(byId.values())]
}

function incidentOf({ row, bundle, alsoIn, kills }: Story): FleetIncident {
  return {
    id: row.id,
    headline: row.headline,
    host: row.host,
    workload: row.workload,
    namespace: row.namespace,
    limit: row.limit,
    consumer: row.consumer,
    rootCause: row.rootCause,
    confidence: row.limitConfidence === 'low' || row.rootCauseConfidence === 'low' ? 'low' : row.limitConfidence,
    pattern: row.pattern,
    firstTime: row.firstTime,
    lastTime: row.lastTime,
    kills: kills.size,
    page: `incidents/${row.page}`,
    bundle,
    alsoIn: [...alsoIn].sort(),
    group: groupKey(row),
  }
}

const groupKey = (i: { workload: string; limit: string; consumer: string }): string => `${i.workload} | ${i.limit} | ${i.consumer}`

function groupsOf(
  incidents: readonly FleetIncident[],
  byId: ReadonlyMap<string, Story>,
  lastTime: string | null,
  options: FleetOptions,
): FleetGroup[] {
  const byKey = new Map<string, FleetIncident[]>()
  for (const i of incidents) byKey.set(i.group, [...(byKey.get(i.group) ?? []), i])
  const dayBefore = lastTime === null ? null : Date.parse(lastTime) - 86_400_000
  const groups = [...byKey].map(([key, list]): FleetGroup => {
    const first = list[0] as FleetIncident
    const stories = list.map((i) => byId.get(i.id) as Story)
    const firstTime = minimum(list.map((i) => i.firstTime))
    const isNew =
      options.baseline !== null
        ? !options.baseline.keys.has(key)
        : firstTime !== null && dayBefore !== null && Date.parse(firstTime) >= dayBefore
    return {
      key,
      workload: first.workload,
      namespace: first.namespace,
      limit: first.limit,
      limitBytes: maximumOf(stories.map((s) => s.row.limitBytes)),
      consumer: first.consumer,
      rootCauses: byCount(list.map((i) => i.rootCause)),
      incidents: list.map((i) => i.id),
      kills: list.reduce((n, i) => n + i.kills, 0),
      hosts: distinct(list.map((i) => i.host)),
      bundles: new Set(list.flatMap((i) => [i.bundle, ...i.alsoIn])).size,
      firstTime,
      lastTime: maximum(list.map((i) => i.lastTime)),
      isNew,
      perHour: perHour(stories.flatMap((s) => [...s.kills.values()])),
    }
  })
  return groups.sort((a, b) => b.kills - a.kills || b.incidents.length - a.incidents.length || compare(a.key, b.key))
}

/** Columns of whole hours: a day's worth in hours, a month's in days; never more than 48. */
function perHour(times: readonly (string | null)[]): FleetGroup['perHour'] {
  const ms = times.filter((t): t is string => t !== null).map((t) => Date.parse(t))
  if (ms.length === 0) return null
  const first = Math.floor(Math.min(...ms) / 3_600_000)
  const last = Math.floor(Math.max(...ms) / 3_600_000)
  const hoursPerColumn = Math.max(1, Math.ceil((last - first + 1) / 48))
  const counts = new Array<number>(Math.floor((last - first) / hoursPerColumn) + 1).fill(0)
  for (const t of ms) {
    const column = Math.floor((Math.floor(t / 3_600_000) - first) / hoursPerColumn)
    counts[column] = (counts[column] ?? 0) + 1
  }
  return { hoursPerColumn, counts }
}

function hostsOf(incidents: readonly FleetIncident[]): Fleet['hosts'] {
  const byHost = new Map<string, FleetIncident[]>()
  for (const i of incidents) if (i.host !== null) byHost.set(i.host, [...(byHost.get(i.host) ?? []), i])
  const rows = [...byHost].map(([host, list]) => ({
    host,
    incidents: list.length,
    kills: list.reduce((n, i) => n + i.kills, 0),
    firstTime: minimum(list.map((i) => i.firstTime)),
    lastTime: maximum(list.map((i) => i.lastTime)),
  }))
  return rows.sort((a, b) => b.kills - a.kills || compare(a.host, b.host))
}

function summaryOf(counts: Fleet['counts'], groups: readonly FleetGroup[], incidents: readonly FleetIncident[]): string {
  const n = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
  if (counts.incidents === 0)
    return `No out-of-memory incident in ${n(counts.bundles, 'bundle')}${counts.unreadable > 0 ? `; ${n(counts.unreadable, 'bundle')} could not be read whole` : ''}.`
  const days = [minimum(incidents.map((i) => i.firstTime)), maximum(incidents.map((i) => i.lastTime))].map((t) => t?.slice(0, 10))
  const span = days[0] === undefined ? '' : days[0] === days[1] ? `, ${days[0]}` : `, ${days[0]} to ${days[1]}`
  const where = counts.hosts === 0 ? '' : ` on ${n(counts.hosts, 'node')}`
  const first = groups[0] as FleetGroup
  const most =
    groups.length > 1
      ? `; ${n(first.incidents.length, 'is', 'are')} ${first.workload} (${first.limit})`
      : ` of ${first.workload} (${first.limit})`
  return `${n(counts.incidents, 'incident')} with ${n(counts.kills, 'kill')}${where}${span}, in ${counts.withIncidents} of ${n(counts.bundles, 'bundle')}${most}.`
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const minimum = (times: readonly (string | null)[]): string | null =>
  times.filter((t): t is string => t !== null).sort(byInstant)[0] ?? null
const maximum = (times: readonly (string | null)[]): string | null =>
  times
    .filter((t): t is string => t !== null)
    .sort(byInstant)
    .at(-1) ?? null
const byInstant = (a: string, b: string): number => Date.parse(a) - Date.parse(b) || compare(a, b)
const maximumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((m, v) => (v !== null && (m === null || v > m) ? v : m), null)
const distinct = (values: readonly (string | null)[]): string[] => [...new Set(values.filter((v): v is string => v !== null))].sort()

function byCount(values: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || compare(a[0], b[0])).map(([v]) => v)
}
