import type { Instant } from '../model/incident.ts'
import type { ReportTimelineRow } from '../model/report.ts'
import { gapUs } from '../timeline/instants.ts'

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

/** Each fact once, in the order given: the fuller text, the earliest time, and the places of all that tell it. */
export function withoutTwins(rows: readonly Draft[]): Draft[] {
  const unique: Draft[] = []
  const twinOf = openTwins(unique, rows)
  for (const r of rows) {
    const twin = twinOf(r)
    if (twin === null) unique.push(r)
    else unique[twin] = joined(unique[twin] as Draft, r)
  }
  return unique
}

function joined(first: Draft, other: Draft): Draft {
  // a kill stays a kill, whoever says more of it
  const [kill] = [first.row, other.row].filter(({ kind }) => kind === 'kill')
  const fuller = kill ?? (other.row.text.length > first.row.text.length ? other.row : first.row)
  const places = [placeOf(first), placeOf(other), ...first.row.alsoIn].filter(
    (p, i, all) =>
      (p.source !== fuller.source || p.line !== fuller.line) && all.findIndex((o) => o.source === p.source && o.line === p.line) === i,
  )
  const { time, timeUncertaintyMs } = first.row
  const uptimeSeconds = first.row.uptimeSeconds ?? other.row.uptimeSeconds
  const localTime = first.row.localTime ?? other.row.localTime
  return { ...first, row: { ...fuller, time, timeUncertaintyMs, uptimeSeconds, localTime, alsoIn: places } }
}

const placeOf = ({ row }: Draft): { source: string; line: number | null } => ({ source: row.source, line: row.line })

/**
 * Finds the last row of `unique` that tells the same as the next one, or says that there is none, and that the row is about to join. Rows come in order of
 * time: further back than any clock allows nobody looks, or ten thousand kills would be compared with each other.
 */
function openTwins(unique: readonly Draft[], rows: readonly Draft[]): (row: Draft) => number | null {
  const placesOf = new Map<string, number[]>()
  const axis = sharedAxis(rows)
  const farthest = rows.reduce((most, r) => Math.max(most, 1000 * (r.at.uncertaintyMs ?? 0)), sameRowUs)
  const lastTwin = (places: readonly number[], row: Draft): number | null => {
    for (let k = places.length - 1; k >= 0; k -= 1) {
      const place = places[k] ?? 0
      const known = unique[place]
      if (known !== undefined && isTwin(known, row)) return place
      if (axis !== null && known !== undefined && axis(row.at) - axis(known.at) > farthest) break
    }
    return null
  }
  return (row) => {
    const twin = row.what.map((what) => lastTwin(placesOf.get(what) ?? [], row)).find((place) => place !== null) ?? null
    for (const what of row.what) {
      const places = placesOf.get(what)
      if (places === undefined) placesOf.set(what, [twin ?? unique.length])
      else if (places.at(-1) !== (twin ?? unique.length)) places.push(twin ?? unique.length)
    }
    return twin
  }
}

/** A clock that tells of all rows, in µs: UTC, the uptime of one boot, or one printed clock; `null` where each row has its own. */
function sharedAxis(rows: readonly Draft[]): ((at: Instant) => number) | null {
  if (rows.every(({ at }) => at.epochUs !== null)) return (at) => at.epochUs ?? 0
  const first = rows[0]?.at
  if (rows.some(({ at }) => at.epochUs !== null)) return null
  if (rows.every(({ at }) => at.uptimeSeconds !== null && at.boot === first?.boot)) return (at) => (at.uptimeSeconds ?? 0) * 1e6
  const isPrinted = rows.every(
    ({ at }) => at.uptimeSeconds === null && at.local?.hasYear === true && at.local.clock === first?.local?.clock,
  )
  return isPrinted ? (at) => at.local?.us ?? 0 : null
}

/**
 * Within what their clocks allow: two seconds, more for what an `Age` column dated. Where no clock is shared, another source may tell the same; two lines of one
 * source that say the same are two facts.
 */
function isTwin(a: Draft, b: Draft): boolean {
  // two deaths, whatever else they share
  if (a.row.kind === 'kill' && b.row.kind === 'kill' && a.what[0] !== b.what[0]) return false
  const gap = gapUs(a.at, b.at)
  if (gap === null) return a.row.source !== b.row.source || (a.row.line !== null && a.row.line === b.row.line)
  return Math.abs(gap) <= Math.max(sameRowUs, 1000 * Math.max(a.at.uncertaintyMs ?? 0, b.at.uncertaintyMs ?? 0))
}
