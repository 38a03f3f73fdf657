import type { WallStamp } from '../model/stamp.ts'
import { monthOf } from './months.ts'
import { epochStamp, readCtimeStamp, readFullStamp, readIsoStamp, readSyslogStamp, type StampClock, stampOf } from './stamp.ts'

/**
 * Reads a time cell of an export, whatever its form: RFC 3339 and its looser kin, an epoch number (unit by magnitude), Azure's US local form, Kibana's,
 * systemd's, syslog's. `null` when it is none of them. The whole value must be the stamp.
 */
export function readAnyStamp(value: string | number, clock: StampClock): WallStamp | null {
  if (typeof value === 'number') return epochGuess(String(value), clock)
  const text = value.trim()
  if (text.length < 8 || text.length > 48) return null
  const iso = readIsoStamp(text, 0, clock)
  if (iso !== null && /^(?: [A-Z]{2,5})?$/.test(text.slice(iso.end))) return iso.stamp
  return (
    epochGuess(text, clock) ??
    readSlashed(text, clock) ??
    readNumbered(text, clock) ??
    readNamedMonth(text, clock) ??
    readDayFirst(text, clock) ??
    (readFullStamp(text, 0, clock) ?? readSyslogStamp(text, 0, clock) ?? readCtimeStamp(text, 0, clock))?.stamp ??
    null
  )
}

/** Seconds, ms, µs or ns since the epoch, told apart by magnitude (all of 2001–2100); a decimal fraction is of the unit. */
export function epochGuess(text: string, clock: StampClock): WallStamp | null {
  const match = /^(?<whole>\d{9,19})(?:\.(?<fraction>\d{1,9}))?(?:[eE]\+?0*(?<exponent>\d{1,2}))?$/.exec(text)?.groups
  if (match === undefined) return null
  const whole = match['whole'] as string
  const fraction = match['fraction'] ?? ''
  if (whole.length >= 18) return epochStamp(text, Number(whole.slice(0, -3)), 1, clock)
  const scale = whole.length >= 15 ? 1 : whole.length >= 12 ? 1_000 : whole.length <= 11 ? 1_000_000 : 1_000
  const micros = fraction === '' ? 0 : Number(`0.${fraction}`) * scale
  return epochStamp(text, Number(whole) * scale + Math.round(micros), Math.max(1, scale / 10 ** fraction.length), clock)
}

/** The hour of a day of 24 by one of twelve and its half. */
function hourOf(printed: string | undefined, half: string | undefined): number {
  const hour = Number(printed)
  return half === undefined ? hour : (hour % 12) + (/p/i.test(half) ? 12 : 0)
}

/** `1/31/2024, 12:00:00.000 PM` (Azure's portal, local US form), `31/Jan/2024:12:00:00 +0000` (web servers). */
function readSlashed(text: string, clock: StampClock): WallStamp | null {
  const us =
    /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}),? (?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?: ?(?<half>[AP]M))?$/i.exec(
      text,
    )?.groups
  if (us === undefined) return null
  return stampOf(
    text,
    {
      year: Number(us['year']),
      month: Number(us['month']),
      day: Number(us['day']),
      hour: hourOf(us['hour'], us['half']),
      minute: Number(us['minute']),
      second: Number(us['second']),
      fraction: us['fraction'] ?? '',
      offsetMinutes: null,
      zoneName: null,
    },
    clock,
  )
}

const clockTime = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?(?: ?(?<half>[AP]M))?(?: ?(?:(?<utc>Z|UTC|GMT)|(?<sign>[+-])(?<zoneHours>\d\d):?(?<zoneMinutes>\d\d)))?$`
const numbered = [
  new RegExp(String.raw`^(?<year>\d{4})[-/.](?<month>\d\d)[-/.](?<day>\d\d)[T ]${clockTime}`, 'i'),
  new RegExp(String.raw`^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4}),?[T ]${clockTime}`, 'i'),
  new RegExp(String.raw`^(?<first>\d{1,2})[-/](?<second_>\d{1,2})[-/](?<year>\d{4}),?[T ]${clockTime}`, 'i'),
  new RegExp(String.raw`^(?<month>\d\d)-(?<day>\d\d) ${clockTime}`, 'i'),
]

/** `2026/11/24 07:04:29`, `24.11.2026 07:04:29`, `24/11/2026 07:04:29`, `11-24 07:04:29.123`. Two numbers that may each be the month are no date. */
function readNumbered(text: string, clock: StampClock): WallStamp | null {
  const g = numbered.map((shape) => shape.exec(text)?.groups).find((found) => found !== undefined)
  if (g === undefined) return null
  const [first, second] = [Number(g['first'] ?? 0), Number(g['second_'] ?? 0)]
  if (first > 0 && first <= 12 && second <= 12 && first !== second && g['half'] === undefined) return null
  const dayFirst = first > 12
  const minutes = Number(g['zoneHours'] ?? 0) * 60 + Number(g['zoneMinutes'] ?? 0)
  return stampOf(
    text,
    {
      year: g['year'] === undefined ? null : Number(g['year']),
      month: Number(g['month'] ?? (dayFirst ? second : first)),
      day: Number(g['day'] ?? (dayFirst ? first : second)),
      hour: hourOf(g['hour'], g['half']),
      minute: Number(g['minute']),
      second: Number(g['second']),
      fraction: g['fraction'] ?? '',
      offsetMinutes: g['sign'] === undefined ? null : g['sign'] === '-' ? -minutes : minutes,
      zoneName: g['utc'] === undefined ? null : 'UTC',
    },
    clock,
  )
}

/** `24. Nov. 2026 03:14:07`, `24 août 2026, 03:14:07`, `24. Nov 03:14:07`: the other languages' order, with full stops. */
const dayFirst = /^(?<day>\d{1,2})\.? (?<month>\p{L}{3,9})\.? (?:(?<year>\d{4}),? )?(?=\d{1,2}:)/u

function readDayFirst(text: string, clock: StampClock): WallStamp | null {
  const g = dayFirst.exec(text)?.groups
  if (g === undefined) return null
  const clean = text.replace(dayFirst, g['year'] === undefined ? `${g['month']} ${g['day']?.padStart(2)} ` : '$<day> $<month> $<year> ')
  const stamp = g['year'] === undefined ? (readSyslogStamp(clean, 0, clock)?.stamp ?? null) : readNamedMonth(clean, clock)
  return stamp === null ? null : { ...stamp, text }
}

const halved =
  /^\p{L}{3,9} (?<month>\p{L}{3,9}) {1,2}(?<day>\d{1,2}) (?<time>\d{1,2}:\d\d:\d\d ?[AP]M)(?<zone> [A-Z]{3,4})? (?<year>\d{4})$/u

/** `Jan 31, 2024 @ 12:00:00.000` (Kibana, in the browser's zone), `31 Jan 2024 12:00:00.000`, `Jan 31, 2024 12:00:00 PM`. */
function readNamedMonth(text: string, clock: StampClock): WallStamp | null {
  const shape =
    /^(?:(?<month>\p{L}{3,9}) (?<day>\d{1,2}), (?<year>\d{4})|(?:\p{L}{3,9},? )?(?<day2>\d{1,2})[ /-](?<month2>\p{L}{3,9})[ /-](?<year2>\d{4}))(?: @ |[ :])(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?: ?(?<half>[AP]M))?(?: (?:(?<zone>[+-]\d{4})|(?<name>[A-Z]{3,4})))?$/u
  // `Tue Nov 24 07:04:29 AM UTC 2026`: a half of the day stands before zone and year.
  const g = shape.exec(text.replace(halved, '$<day> $<month> $<year> $<time>$<zone>'))?.groups
  const month = g === undefined ? null : monthOf((g['month'] ?? g['month2']) as string)
  if (g === undefined || month === null) return null
  const zone = g['zone']
  const offsetMinutes =
    zone === undefined ? null : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
  return stampOf(
    text,
    {
      year: Number(g['year'] ?? g['year2']),
      month,
      day: Number(g['day'] ?? g['day2']),
      hour: hourOf(g['hour'], g['half']),
      minute: Number(g['minute']),
      second: Number(g['second']),
      fraction: g['fraction'] ?? '',
      offsetMinutes,
      zoneName: g['name'] ?? null,
    },
    clock,
  )
}
