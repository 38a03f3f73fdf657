import type { LogRecord } from '../model/record.ts'
import type { Moment, WallStamp } from '../model/stamp.ts'

/** `2026-11-24 07:04:03.4496534 +0000 UTC` (Go's Time.String) and `2022-01-14T18:01:55.123456789Z` (RFC 3339). */
const stampShape =
  /^(?<date>\d{4}-\d\d-\d\d)[ T](?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?:Z| ?(?<offset>[+-]\d\d:?\d\d))(?: (?<zone>[A-Z]{2,5}|[+-]\d\d)(?: m=\S+)?)? ?/

/** A stamp at the head of a text and what follows it; `null` when there is none. For event streams that no wrapping frames. */
export function leadingStamp(text: string): { readonly stamp: WallStamp; readonly rest: string } | null {
  const found = stampShape.exec(text)
  const groups = found?.groups
  if (found === null || groups === undefined) return null
  const { date, time, fraction = '', offset = '+00:00' } = groups
  const secondsMs = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(secondsMs)) return null
  const localUs = secondsMs * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
  const digits = offset.replace(':', '')
  const offsetMinutes = (digits[0] === '-' ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5)))
  const stamp: WallStamp = {
    text: found[0].trim(),
    epochUs: localUs - offsetMinutes * 60_000_000,
    localUs,
    hasYear: true,
    offsetMinutes,
    zoneName: groups['zone'] ?? null,
    precisionUs: fraction.length > 3 ? 1 : fraction.length > 0 ? 1000 : 1_000_000,
    clock: 'emitted',
  }
  return { stamp, rest: text.slice(found[0].length) }
}

/** The record's moment, with a stamp of its own text taken where the wrapping had none. */
export function momentWith(record: LogRecord, stamp: WallStamp | null): Moment {
  return record.moment.wall !== null || stamp === null ? record.moment : { ...record.moment, wall: stamp }
}
