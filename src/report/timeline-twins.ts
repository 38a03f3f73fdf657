import type { Instant } from '../model/incident.ts'
import type { ReportTimelineRow } from '../model/report.ts'
import { gapUs } from '../timeline/instants.ts'
import { type Draft, sameRowUs } from './row-of.ts'
import { inOrder } from './timeline-order.ts'

/**
 * Each fact once, in order: the fuller text, the better time, and the places of all that tell it. Again where rows joined: the runtime's word and systemd's share
 * nothing with each other, but both with the kill.
 */
export function withoutTwins(rows: readonly Draft[]): Draft[] {
  const unique = joinedOnce(inOrder(rows))
  return unique.length === rows.length ? unique : withoutTwins(unique)
}

function joinedOnce(rows: readonly Draft[]): Draft[] {
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
  const fuller = tellsMore(other.row, first.row) ? other.row : first.row
  const places = [placeOf(first), placeOf(other), ...first.row.alsoIn].filter(
    (p, i, all) =>
      (p.source !== fuller.source || p.line !== fuller.line) && all.findIndex((o) => o.source === p.source && o.line === p.line) === i,
  )
  const dated = datedBy(first, other)
  const { time, timeUncertaintyMs } = dated.row
  const uptimeSeconds = first.row.uptimeSeconds ?? other.row.uptimeSeconds
  const localTime = first.row.localTime ?? other.row.localTime
  const what = [...new Set([...first.what, ...other.what])]
  return { ...first, at: dated.at, what, row: { ...fuller, time, timeUncertaintyMs, uptimeSeconds, localTime, alsoIn: places } }
}

/**
 * Who of two tellers of one fact is quoted: a kill stays a kill, whoever says more of it; what a program saw of a container goes before what the API or systemd
 * count; that it started, before that it was created; else the longer text.
 */
function tellsMore(row: ReportTimelineRow, than: ReportTimelineRow): boolean {
  const [a, b] = [rankOf(row), rankOf(than)]
  return a !== b ? a > b : row.text.length > than.text.length
}

const rankOf = ({ kind, by }: ReportTimelineRow): number =>
  kind === 'kill' ? 3 : !kind.startsWith('container-') ? 0 : kind === 'container-created' || by === 'status' ? 1 : 2

/** A kill is dated by the kernel, all else by the earlier of two, or by the one that knows far better. */
function datedBy(first: Draft, other: Draft): Draft {
  const kill = [first, other].find(({ row }) => row.kind === 'kill')
  if (kill !== undefined && kill.at.epochUs !== null) return kill
  return isFarBetter(other.at, first.at) ? other : first
}

/** A stamp of its own against an age in whole minutes, or a status' whole second. */
const isFarBetter = (at: Instant, than: Instant): boolean =>
  at.epochUs !== null && (than.epochUs === null || (than.uncertaintyMs ?? 0) >= 500 + 2 * (at.uncertaintyMs ?? 0))

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
  // two runs of a container that is started anew at once
  const [one, other] = [idOf(a), idOf(b)]
  if (one !== null && other !== null && one !== other) return false
  const gap = gapUs(a.at, b.at)
  if (gap === null) return a.row.source !== b.row.source || (a.row.line !== null && a.row.line === b.row.line)
  return Math.abs(gap) <= Math.max(sameRowUs, 1000 * Math.max(a.at.uncertaintyMs ?? 0, b.at.uncertaintyMs ?? 0))
}

/** The container's id, where the row's fact is about one: `container-started 91efaeab566e`. */
const idOf = ({ what }: Draft): string | null => what.find((fact) => /^container-[a-z-]+ [0-9a-f]{12}$/.test(fact))?.slice(-12) ?? null
