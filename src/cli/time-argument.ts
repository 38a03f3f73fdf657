import { type Offset, type TimeArgument, utcOf } from '../report/counted-times.ts'
import { UsageError } from './errors.ts'
import { didYouMean } from './near.ts'

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
/** `90m`, `1h`, `2 days`, `30min ago`, `-1h` */
const back = /^-?(?<count>\d{1,6}(?:\.\d{1,3})?)\s?(?:(?<unit>[smhdw])|(?<word>sec|min|hour|day|week)s?)(?: ago)?$/i
/** `2024-05-03`, `2024-05-03 14:00`, `2024-05-03T14:00:00.5+02:00` */
const stamp = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d\d:?\d\d)?)?$/i

/** Reads one value; throws a `UsageError` that says what would do. */
export function timeArgument(name: string, value: string, offset: Offset | null): TimeArgument {
  if (value === '')
    throw new UsageError(`--${name} has no value: a time such as 2024-05-03T14:00:00Z, a day, or 90m, 2h, 3d, today, yesterday`)
  const day = { today: 0, yesterday: 1 }[value.toLowerCase()]
  if (day !== undefined) return { kind: 'day', daysBack: day }
  const groups = back.exec(value)?.groups
  if (groups !== undefined) {
    const unit = (groups['unit'] ?? groups['word']?.[0] ?? 's').toLowerCase()
    return { kind: 'back', ms: Number(groups['count']) * (unitsMs[unit] ?? 1000) }
  }
  const parts = stamp.exec(value)?.groups
  const ms =
    parts === undefined ? Number.NaN : Date.parse(`${parts['day']}T${parts['time'] ?? '00:00'}${parts['zone']?.toUpperCase() ?? 'Z'}`)
  if (Number.isNaN(ms) || !sameDay(parts?.['day'], parts?.['zone'] === undefined ? ms : null))
    throw new UsageError(
      `--${name} takes a time such as 2024-05-03T14:00:00Z, a day, or 90m, 2h, 3d, today, yesterday; not ${value}${didYouMean(value, ['today', 'yesterday'])}`,
    )
  if (parts?.['zone'] !== undefined) return { kind: 'instant', ms }
  if (parts?.['time'] !== undefined && offset === null)
    throw new UsageError(`--${name} ${value} has no zone: write ${value.replace(' ', 'T')}Z, or name the zone with --timezone`)
  return { kind: 'instant', ms: utcOf(ms, offset) }
}

/** `Date.parse` takes 31 February for 3 March. */
const sameDay = (day: string | undefined, ms: number | null): boolean => ms === null || new Date(ms).toISOString().slice(0, 10) === day
