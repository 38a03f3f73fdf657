import type { FleetCourse, FleetWeek } from './define-fleet.ts'
import { grouped } from './grouped.ts'
import { compare } from './times.ts'

const hourMs = 3_600_000
const weekMs = 7 * 24 * hourMs
const mostColumns = 48
/** Workloads named in the comparison of two weeks. */
const mostChanges = 20

/** One kill of the fleet, with whose it is. */
export interface Death {
  readonly workload: string
  readonly ms: number
}

/** One axis of whole hours for the fleet and all of its workloads, so that their columns can be compared: at most 48, each of as many hours as it takes. */
export interface Axis {
  readonly firstHour: number
  readonly hoursPerColumn: number
}

export function axisOf(times: readonly number[]): Axis | null {
  if (times.length === 0) return null
  const [first, last] = times.reduce(([a, b], ms) => [Math.min(a, ms), Math.max(b, ms)], [Number.POSITIVE_INFINITY, 0])
  const firstHour = Math.floor(first / hourMs)
  return { firstHour, hoursPerColumn: Math.max(1, Math.ceil((Math.floor(last / hourMs) - firstHour + 1) / mostColumns)) }
}

/** Kills a column, from the first that has any: `first` is its place on the axis. */
export function courseOf(times: readonly number[], axis: Axis | null): FleetCourse | null {
  if (axis === null || times.length === 0) return null
  const { firstHour, hoursPerColumn } = axis
  const columns = times.map((ms) => Math.floor((Math.floor(ms / hourMs) - firstHour) / hoursPerColumn))
  const first = columns.reduce((a, b) => Math.min(a, b))
  const counts = new Array<number>(columns.reduce((a, b) => Math.max(a, b)) - first + 1).fill(0)
  for (const column of columns) counts[column - first] = (counts[column - first] ?? 0) + 1
  return { from: new Date((firstHour + first * hoursPerColumn) * hourMs).toISOString(), hoursPerColumn, first, counts }
}

/**
 * The last seven days of the data against the seven before. Counted back from the last kill, never from the present time; `before` is `null` where what was
 * read does not reach back into that week, and says so where it covers a part of it only.
 */
export function weekOf(deaths: readonly Death[], covered: string | null): FleetWeek | null {
  if (deaths.length === 0) return null
  const last = deaths.reduce((most, { ms }) => Math.max(most, ms), 0)
  const first = deaths.reduce((least, { ms }) => Math.min(least, ms), last)
  const [from, earlier] = [last - weekMs, last - 2 * weekMs]
  const reach = covered === null ? first : Math.min(first, Date.parse(covered))
  const daysBefore = Math.max(0, Math.min(7, Math.floor((from - reach) / (24 * hourMs))))
  const ofWeek = deaths.filter(({ ms }) => ms > from)
  const ofBefore = deaths.filter(({ ms }) => ms > earlier && ms <= from)
  const now = grouped(ofWeek, ({ workload }) => workload)
  const then = grouped(ofBefore, ({ workload }) => workload)
  const changes = [...new Set([...now.keys(), ...then.keys()])]
    .map((workload) => ({ workload, kills: now.get(workload)?.length ?? 0, before: then.get(workload)?.length ?? 0 }))
    .filter(({ kills, before }) => kills !== before)
    .sort((a, b) => Math.abs(b.kills - b.before) - Math.abs(a.kills - a.before) || compare(a.workload, b.workload))
  return {
    from: new Date(from).toISOString(),
    to: new Date(last).toISOString(),
    kills: ofWeek.length,
    before: daysBefore === 0 ? null : ofBefore.length,
    daysBefore,
    changes: daysBefore === 0 ? [] : changes.slice(0, mostChanges),
  }
}
