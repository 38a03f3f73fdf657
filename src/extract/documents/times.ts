import type { Moment, WallStamp } from '../../model/stamp.ts'

/** Times as documents print them → µs since the epoch. The zero time (year 1), which the kubelet invents, is `null`. */

const MONTHS: Readonly<Record<string, number>> = {
  Jan: 0,
  Feb: 1,
  Mar: 2,
  Apr: 3,
  May: 4,
  Jun: 5,
  Jul: 6,
  Aug: 7,
  Sep: 8,
  Oct: 9,
  Nov: 10,
  Dec: 11,
}
const EARLIEST_YEAR = 1990

export interface ParsedTime {
  readonly epochUs: number
  readonly offsetMinutes: number
  /** Resolution of the print in µs. */
  readonly precisionUs: number
}

/** `2026-11-24T07:34:54.392542Z`, `2026-11-24T13:04:54+05:30`, `2026-11-24 07:47:44.420327311 +0000 UTC`. */
const RFC_3339 =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))? ?(?<zone>Z|UTC|[+-]\d\d:?\d\d)(?: [A-Z]+)?$/

export function parseRfc3339(text: string): ParsedTime | null {
  const g = RFC_3339.exec(text.trim())?.groups
  if (g === undefined || Number(g['year']) < EARLIEST_YEAR) return null
  const fraction = g['fraction'] ?? ''
  const offsetMinutes = offsetOf(g['zone'] ?? 'Z')
  const localMs = localMsOf(g, Number(g['month']) - 1)
  if (localMs === null) return null
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  return { epochUs: (localMs - offsetMinutes * 60_000) * 1000 + micros, offsetMinutes, precisionUs: precisionOf(fraction) }
}

/** A second of 60 is a leap one; what no calendar or clock has (a month 13, a 30th of February, a minute 61) is damage, and no time. */
function localMsOf(g: Readonly<Record<string, string | undefined>>, month: number, hour = Number(g['hour'])): number | null {
  const [minute, second] = [Number(g['minute']), Number(g['second'])]
  const midnight = Date.UTC(Number(g['year'] ?? g['year2']), month, Number(g['day'] ?? g['day2']))
  const real = new Date(midnight).getUTCMonth() === month && hour < 24 && minute < 60 && second <= 60
  return real ? midnight + ((hour * 60 + minute) * 60 + second) * 1000 : null
}

/** `Fri, 28 Jan 2022 23:12:28 +0200`: kubectl describe prints RFC 1123 with the zone of the machine that ran it. */
const RFC_1123 =
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<zone>[+-]\d{4}|UTC|GMT)$/

export function parseRfc1123(text: string): ParsedTime | null {
  const g = RFC_1123.exec(text.trim())?.groups
  const month = MONTHS[g?.['month'] ?? '']
  if (g === undefined || month === undefined || Number(g['year']) < EARLIEST_YEAR) return null
  const offsetMinutes = offsetOf(g['zone'] ?? '')
  const localMs = localMsOf(g, month)
  if (localMs === null) return null
  return { epochUs: (localMs - offsetMinutes * 60_000) * 1000, offsetMinutes, precisionUs: 1_000_000 }
}

/** `+0530`, `+05:30`, `+11`, `Z`, `UTC`, `GMT` → minutes east. */
export function offsetOf(zone: string): number {
  const g = /^(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d)?$/.exec(zone)?.groups
  if (g === undefined) return 0
  const minutes = Number(g['hours']) * 60 + Number(g['minutes'] ?? 0)
  return g['sign'] === '-' ? -minutes : minutes
}

const precisionOf = (fraction: string): number => (fraction === '' ? 1_000_000 : fraction.length <= 3 ? 1000 : 1)

/**
 * `date`'s output in the C and many English locales: `Tue Nov 24 02:53:27 EST 2026`, `Tue Nov 24 13:28:40 +0545 2026`,
 * `Tue 24 Nov 2026 02:53:27 PM UTC`, `Tue Nov 24 02:53:27 PM IST 2026`.
 */
const DATE =
  /^[A-Z][a-z]{2},? (?:(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2})|(?<day2>\d{1,2}) (?<month2>[A-Z][a-z]{2}) (?<year2>\d{4})),? (?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)(?<half> [AP]M)? (?<zone>[A-Z]{2,5}|[+-]\d\d(?::?\d\d)?)(?: (?<year>\d{4}))?$/

/** A `date` line as a stamp; the instant only where the zone is an offset, UTC or GMT. */
export function parseDateLine(text: string): WallStamp | null {
  const trimmed = text.trim()
  const iso = parseRfc3339(trimmed)
  if (iso !== null) return stampOf(trimmed, iso)
  const g = DATE.exec(trimmed)?.groups
  const month = MONTHS[g?.['month'] ?? g?.['month2'] ?? '']
  const year = Number(g?.['year'] ?? g?.['year2'])
  if (g === undefined || month === undefined || !(year >= EARLIEST_YEAR)) return null
  const localMs = localMsOf(g, month, hourOf(Number(g['hour']), g['half']))
  if (localMs === null) return null
  const localUs = localMs * 1000
  const zone = g['zone'] ?? ''
  const known = /^(?:UTC|GMT|[+-].*)$/.test(zone)
  const offsetMinutes = known ? offsetOf(zone) : null
  return {
    text: trimmed,
    epochUs: offsetMinutes === null ? null : localUs - offsetMinutes * 60_000_000,
    localUs,
    hasYear: true,
    offsetMinutes,
    zoneName: /^[A-Z]/.test(zone) ? zone : null,
    precisionUs: 1_000_000,
    clock: 'emitted',
  }
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour
  return (hour % 12) + (half === ' PM' ? 12 : 0)
}

export function stampOf(text: string, time: ParsedTime): WallStamp {
  return {
    text,
    epochUs: time.epochUs,
    localUs: time.epochUs + time.offsetMinutes * 60_000_000,
    hasYear: true,
    offsetMinutes: time.offsetMinutes,
    zoneName: null,
    precisionUs: time.precisionUs,
    clock: 'emitted',
  }
}

export const momentOf = (wall: WallStamp | null): Moment => ({ wall, outerWall: null, uptimeUs: null })

export interface Age {
  readonly seconds: number
  /** How far off the age may be, in seconds: the unit of the last printed part. */
  readonly resolution: number
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { y: 31_536_000, d: 86_400, h: 3600, m: 60, s: 1 }
const AGE = /^(?<years>\d+y)?(?<days>\d+d)?(?<hours>\d+h)?(?<minutes>\d+m)?(?<seconds>\d+s)?$/

/**
 * kubectl's `HumanDuration` (apimachinery duration.go): `119s`, `3m20s`, `3m`, `119m`, `3h20m`, `30h`, `2d3h`, `300d`, `3y100d`. The
 * value is cut, not rounded. `null` for `<unknown>`, `<invalid>` and anything else.
 */
export function parseAge(text: string): Age | null {
  const groups = AGE.exec(text.trim())?.groups
  if (groups === undefined || text.trim() === '') return null
  let seconds = 0
  let resolution = 1
  for (const part of Object.values(groups)) {
    if (part === undefined) continue
    const unit = UNIT_SECONDS[part.slice(-1)] ?? 0
    seconds += Number(part.slice(0, -1)) * unit
    resolution = unit
  }
  // `3m` between 2 and 10 minutes means exactly 3m0s since 1.12, but older clients print a single unit: the wider bound holds for both.
  return { seconds, resolution }
}
