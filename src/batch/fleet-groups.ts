import type { FleetGroup, FleetHost, FleetIncident, FleetLimit, FleetOptions } from './define-fleet.ts'
import { type Axis, courseOf } from './fleet-course.ts'
import { grouped } from './grouped.ts'
import type { Story } from './stories.ts'
import { compare, maximum, minimum } from './times.ts'

export const groupKey = (i: { workload: string; limit: string; consumer: string }): string => `${i.workload} | ${i.limit} | ${i.consumer}`

interface Told {
  readonly story: Story
  readonly incident: FleetIncident
}

/** The same workload over many bundles is one row with its incidents behind it; the workload with most kills first, its rows together. */
export function groupsOf(told: readonly Told[], lastTime: string | null, options: FleetOptions, axis: Axis | null): FleetGroup[] {
  const dayBefore = lastTime === null ? null : Date.parse(lastTime) - 86_400_000
  const groups = [...grouped(told, (t) => t.incident.group)].map(([key, list]): FleetGroup => {
    const incidents = list.map((t) => t.incident)
    const first = incidents[0] as FleetIncident
    const firstTime = minimum(incidents.map((i) => i.firstTime))
    const isLate = firstTime !== null && dayBefore !== null && Date.parse(firstTime) >= dayBefore
    return {
      key,
      workload: first.workload,
      namespace: first.namespace,
      limit: first.limit,
      limitBytes: largest(list.map((t) => t.story.main.row.limitBytes)),
      consumer: first.consumer,
      rootCauses: byCount(incidents.map((i) => i.rootCause)),
      incidents: incidents.map((i) => i.id),
      kills: sumOfKills(incidents),
      hosts: [...new Set(incidents.map((i) => i.host).filter((h): h is string => h !== null))].sort(),
      bundles: new Set(incidents.flatMap((i) => [i.bundle, ...i.alsoIn])).size,
      firstTime,
      lastTime: maximum(incidents.map((i) => i.lastTime)),
      isNew: options.baseline === null ? isLate : !options.baseline.keys.has(key),
      perHour: courseOf(instants(list.flatMap((t) => t.story.killTimes)), axis),
    }
  })
  const total = new Map(
    [...grouped(groups, (g) => g.workload)].map(([workload, list]) => [workload, list.reduce((n, g) => n + g.kills, 0)]),
  )
  const ofAll = (g: FleetGroup): number => total.get(g.workload) ?? 0
  return groups.sort(
    (a, b) =>
      ofAll(b) - ofAll(a) ||
      compare(a.workload, b.workload) ||
      b.kills - a.kills ||
      b.incidents.length - a.incidents.length ||
      compare(a.key, b.key),
  )
}

/** Times as ms since the epoch, without those that nothing places. */
export const instants = (times: readonly (string | null)[]): number[] => times.flatMap((t) => (t === null ? [] : [Date.parse(t)]))

export function hostsOf(incidents: readonly FleetIncident[]): FleetHost[] {
  const rows = [...grouped(incidents, (i) => i.host)].flatMap(([host, list]): FleetHost[] =>
    host === null
      ? []
      : [
          {
            host,
            incidents: list.length,
            kills: sumOfKills(list),
            firstTime: minimum(list.map((i) => i.firstTime)),
            lastTime: maximum(list.map((i) => i.lastTime)),
          },
        ],
  )
  return rows.sort((a, b) => b.kills - a.kills || compare(a.host, b.host))
}

export function limitsOf(incidents: readonly FleetIncident[]): FleetLimit[] {
  const rows = [...grouped(incidents, (i) => i.limit)].map(([limit, list]) => ({
    limit,
    incidents: list.length,
    kills: sumOfKills(list),
    workloads: new Set(list.map((i) => i.workload)).size,
    consumers: byCount(list.map((i) => i.consumer)),
  }))
  return rows.sort((a, b) => b.kills - a.kills || compare(a.limit, b.limit))
}

const sumOfKills = (list: readonly FleetIncident[]): number => list.reduce((n, i) => n + i.kills, 0)

const largest = (values: readonly (number | null)[]): number | null =>
  values.reduce((m, v) => (v !== null && (m === null || v > m) ? v : m), null)

function byCount(values: readonly string[]): string[] {
  return [...grouped(values, (v) => v)].sort((a, b) => b[1].length - a[1].length || compare(a[0], b[0])).map(([v]) => v)
}
