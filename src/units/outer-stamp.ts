import type { Moment, WallStamp } from '../model/stamp.ts'

const quarterHourUs = 15 * 60_000_000
const dayUs = 86_400_000_000

/** The offset (minutes) that makes a local stamp (its fields as if UTC) the instant: offsets are whole quarters of an hour. `null` when none fits. */
export function impliedOffset(localUs: number, epochUs: number, toleranceUs: number): number | null {
  const difference = localUs - epochUs
  const rounded = Math.round(difference / quarterHourUs) * quarterHourUs
  if (Math.abs(difference - rounded) > toleranceUs || Math.abs(rounded) > 15 * 3600_000_000) return null
  return rounded / 60_000_000
}

/**
 * A stamp without year or zone (klog, RFC 3164) inside a collector's, which is an instant: the outer gives year and zone, the inner its digits. A collector
 * that was behind by more than half a minute still gives the year.
 */
export function withOuter({ wall, outerWall }: Moment): WallStamp | null {
  if (wall === null || wall.epochUs !== null || wall.localUs === null || outerWall === null || outerWall.epochUs === null) return wall
  const thisYear = new Date(outerWall.epochUs / 1000).getUTCFullYear()
  for (const year of [thisYear, thisYear - 1, thisYear + 1]) {
    const local = wall.hasYear ? wall.localUs : inYear(wall.localUs, year)
    const offset = wall.offsetMinutes ?? impliedOffset(local, outerWall.epochUs, 30_000_000)
    const isNear = Math.abs(local - outerWall.epochUs) <= 2 * dayUs
    if (offset !== null && isNear)
      return { ...wall, localUs: local, hasYear: true, offsetMinutes: offset, epochUs: local - offset * 60_000_000 }
    if (isNear) return { ...wall, localUs: local, hasYear: true }
  }
  return wall
}

function inYear(localUs: number, year: number): number {
  const d = new Date(Math.floor(localUs / 1000))
  return (
    Date.UTC(year, d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()) * 1000 +
    (((localUs % 1_000_000) + 1_000_000) % 1_000_000)
  )
}
