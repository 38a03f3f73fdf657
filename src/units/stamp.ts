import type { WallStamp } from '../model/stamp.ts'
import { COLON, DIGIT_0, LOWER_A, LOWER_Z, MINUS, SPACE, UNDERSCORE, UPPER_A, UPPER_T, UPPER_Z } from './characters.ts'
import { monthOf } from './months.ts'
import { clockTimeAt, dateAt, digitsAt, offsetAt } from './scan-time.ts'

/** A stamp found in a text: `end` is the index after its last character. */
export interface FoundStamp {
  readonly stamp: WallStamp
  readonly end: number
}

export type StampClock = WallStamp['clock']

interface Fields {
  readonly year: number | null
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Digits after the second, `''` for none. */
  readonly fraction: string
  readonly offsetMinutes: number | null
  readonly zoneName: string | null
  /** `60_000_000` where seconds were not printed. */
  readonly coarseUs?: number
}

/** A leap year, so that 29 February stands. */
const yearStandIn = 1972
const utcNames = new Set(['UTC', 'GMT', 'Z', 'UCT'])

/** Builds a stamp from printed fields; `null` when they are no time of day or no date. */
export function stampOf(text: string, fields: Fields, clock: StampClock): WallStamp | null {
  const { year, month, day, hour, minute, second, fraction } = fields
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null
  if (year !== null && (year < 1970 || year > 2250)) return null
  const seconds = Date.UTC(year ?? yearStandIn, month - 1, day, hour, minute, second) * 1000
  const localUs = seconds + (fraction === '' ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0')))
  const zoneName = fields.zoneName
  const offsetMinutes = fields.offsetMinutes ?? (zoneName !== null && utcNames.has(zoneName) ? 0 : null)
  return {
    text,
    epochUs: year !== null && offsetMinutes !== null ? localUs - offsetMinutes * 60_000_000 : null,
    localUs,
    hasYear: year !== null,
    offsetMinutes,
    zoneName,
    precisionUs: fields.coarseUs ?? (fraction === '' ? 1_000_000 : 10 ** Math.max(0, 6 - fraction.length)),
    clock,
  }
}

/** A stamp that was printed as a number since the epoch. */
export function epochStamp(text: string, epochUs: number, precisionUs: number, clock: StampClock): WallStamp {
  return { text, epochUs, localUs: null, hasYear: true, offsetMinutes: null, zoneName: null, precisionUs, clock }
}

/**
 * `2026-11-24T02:54:33.585252-05:00`, `…,752568-05:00` (dmesg), `…-0500` (journalctl), `…Z`, `2026-11-24 07:03:52.90826916 +0000 UTC` (Go), or
 * without a zone. Nanoseconds are cut to µs.
 */
export function readIsoStamp(text: string, start: number, clock: StampClock): FoundStamp | null {
  const between = text.charCodeAt(start + 10)
  if (between !== UPPER_T && between !== SPACE) return null
  const date = dateAt(text, start)
  const time = date === null ? null : clockTimeAt(text, start + 11)
  if (date === null || time === null) return null
  const zone = offsetAt(text, text.charCodeAt(time.end) === SPACE && between === SPACE ? time.end + 1 : time.end)
  const offset = zone !== null && isZoneEnd(text, zone.end) ? zone : null
  const end = offset?.end ?? time.end
  const { year, month, day } = date
  const { hour, minute, second, fraction } = time
  const zoneName = text.charCodeAt(end - 1) === UPPER_Z ? 'UTC' : null
  const offsetMinutes = offset === null ? null : offset.minutes
  const stamp = stampOf(text.slice(start, end), { year, month, day, hour, minute, second, fraction, offsetMinutes, zoneName }, clock)
  return stamp === null ? null : { stamp, end }
}

/** What follows must not go on with the zone: `-05` of `2026-11-24T02:54:33-0512x` is none. */
function isZoneEnd(text: string, at: number): boolean {
  const c = text.charCodeAt(at)
  return !(
    (c >= DIGIT_0 && c <= COLON) ||
    (c >= UPPER_A && c <= UPPER_Z) ||
    (c >= LOWER_A && c <= LOWER_Z) ||
    c === MINUS ||
    c === UNDERSCORE
  )
}

const syslogShape =
  /(?:(?<yearBefore>\d{4}) )?(?<month>[^\s\d\p{P}\p{S}]{3,9}\.?|\d{1,2}[月월]) {1,2}(?<day>\d{1,2})\.?(?: (?<year>\d{4}))? (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?/uy

/** `Nov 24 02:03:34`, `Nov  4 02:03:34.123456`, `Nov 24 2026 02:03:34`, `2026 Nov 24 02:03:34`, `nov. 24 02:03:34`, `11月 24 02:03:34`. */
export function readSyslogStamp(text: string, start: number, clock: StampClock): FoundStamp | null {
  return readEnglishStamp(text, start, clock) ?? readForeignStamp(text, start, clock)
}

/** `Mmm dd hh:mm:ss`, the one form that most lines have. */
function readEnglishStamp(text: string, start: number, clock: StampClock): FoundStamp | null {
  if (text.charCodeAt(start + 3) !== SPACE || text.charCodeAt(start + 6) !== SPACE) return null
  const month = monthOf(text.slice(start, start + 3))
  const day = digitsAt(text, start + (text.charCodeAt(start + 4) === SPACE ? 5 : 4), text.charCodeAt(start + 4) === SPACE ? 1 : 2)
  const time = month === null || day < 0 ? null : clockTimeAt(text, start + 7)
  if (month === null || time === null) return null
  const fields = {
    year: null,
    month,
    day,
    hour: time.hour,
    minute: time.minute,
    second: time.second,
    fraction: time.fraction,
    offsetMinutes: null,
    zoneName: null,
  }
  const stamp = stampOf(text.slice(start, time.end), fields, clock)
  return stamp === null ? null : { stamp, end: time.end }
}

function readForeignStamp(text: string, start: number, clock: StampClock): FoundStamp | null {
  // A time of day must follow soon: it spares most lines the expression.
  const colon = text.indexOf(':', start)
  if (colon === -1 || colon - start > 24 || text.charCodeAt(colon + 3) !== COLON) return null
  syslogShape.lastIndex = start
  const match = syslogShape.exec(text)
  const g = match?.groups
  if (!match || !g) return null
  const month = monthOf(g['month'] as string)
  if (month === null) return null
  const year = g['yearBefore'] ?? g['year']
  const fields = {
    ...timeOf(g),
    year: year === undefined ? null : Number(year),
    month,
    day: Number(g['day']),
    offsetMinutes: null,
    zoneName: null,
  }
  const stamp = stampOf(match[0], fields, clock)
  return stamp === null ? null : { stamp, end: start + match[0].length }
}

const ctimeShape =
  /(?<weekday>[^\s\d[\]]{1,10}) {1,2}(?<month>[^\s\d[\]]{2,9}\.?|(?:Th)?\d{1,2}[月월]?|Thg \d\d?) {1,2}(?<day>\d{1,2})\.? (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?: (?<zone>[A-Z]{3,5}))? (?<year>\d{4})/y
const dayFirstShape =
  /(?<weekday>[^\s\d[\]]{1,10}) {1,2}(?<day>\d{1,2})\.? (?<month>[^\s\d[\]]{2,9}\.?|\d{1,2}[月월]) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<year>\d{4})/y

/**
 * `Tue Nov 24 02:54:32 2026` as in `dmesg -T`, weekday and month in any language (Japanese pads the month: `日  3月  9`); a day before the month is understood
 * too. crash's `log -T` names the zone: `Sun Mar  9 14:22:07 UTC 2025`.
 */
export function readCtimeStamp(text: string, start: number, clock: StampClock): FoundStamp | null {
  ctimeShape.lastIndex = start
  dayFirstShape.lastIndex = start
  const match = ctimeShape.exec(text) ?? dayFirstShape.exec(text)
  const g = match?.groups
  const month = g === undefined ? null : monthOf(g['month'] as string)
  if (!match || !g || month === null) return null
  const fields = { ...timeOf(g), year: Number(g['year']), month, day: Number(g['day']), offsetMinutes: null, zoneName: g['zone'] ?? null }
  const stamp = stampOf(match[0], fields, clock)
  return stamp === null ? null : { stamp, end: start + match[0].length }
}

const zoneShape = /(?<name>[A-Z][A-Za-z]{1,5})(?=\s|$)/y

/** A weekday stands before the date in whatever language; a level is none. */
const levelWord = /^[[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRIT|CRITICAL|FATAL|SEVERE|PANIC|ALERT|EMERG)\b/i

/** `Tue 2026-11-24 02:54:33.592495 EST`, `Tue 2026-11-24 13:29:13 +0545`: systemd's own form (short-full, with-unit, verbose, `-- Logs begin at`). */
export function readFullStamp(text: string, start: number, clock: StampClock): FoundStamp | null {
  const blank = text.indexOf(' ', start)
  if (blank - start < 2 || blank - start > 10 || levelWord.test(text.slice(start, blank))) return null
  const date = dateAt(text, blank + 1)
  const time = date === null ? null : clockTimeAt(text, blank + 12)
  if (date === null || time === null || text.charCodeAt(time.end) !== SPACE) return null
  const offset = offsetAt(text, time.end + 1)
  zoneShape.lastIndex = time.end + 1
  const zoneName = offset === null ? (zoneShape.exec(text)?.groups?.['name'] ?? null) : null
  if (offset === null && zoneName === null) return null
  const end = offset?.end ?? zoneShape.lastIndex
  const { year, month, day } = date
  const { hour, minute, second, fraction } = time
  const offsetMinutes = offset === null ? null : offset.minutes
  const stamp = stampOf(text.slice(start, end), { year, month, day, hour, minute, second, fraction, offsetMinutes, zoneName }, clock)
  return stamp === null ? null : { stamp, end }
}

function timeOf(g: Record<string, string | undefined>): { hour: number; minute: number; second: number; fraction: string } {
  return { hour: Number(g['hour']), minute: Number(g['minute']), second: Number(g['second']), fraction: g['fraction'] ?? '' }
}
