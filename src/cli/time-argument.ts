import type { AnyReport } from '../model/report.ts'
import { instantText } from '../text/values.ts'
import { offsetOfFixed } from '../units/fixed-offset.ts'
import { UsageError } from './errors.ts'

/**
 * What `--since` or `--until` asks for: an instant (ms since the epoch), so long before the last stamp of the evidence, or the start of a day counted from that
 * stamp's own. The present time is never read: a log of last year is asked about in its own time.
 */
export type TimeArgument =
  | { readonly kind: 'instant'; readonly ms: number }
  | { readonly kind: 'back'; readonly ms: number }
  | { readonly kind: 'day'; readonly daysBack: number }

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
/** `90m`, `1h`, `2 days`, `30min ago` */
const back = /^(?<count>\d{1,6}(?:\.\d{1,3})?)\s?(?:(?<unit>[smhdw])|(?<word>sec|min|hour|day|week)s?)(?: ago)?$/i
/** `2024-05-03`, `2024-05-03 14:00`, `2024-05-03T14:00:00.5+02:00` */
const stamp = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d\d:?\d\d)?)?$/i

/** Minutes east of UTC of the zone of `--timezone` at an instant in ms; UTC where none is given. */
export type Offset = (ms: number) => number

/** Zone data is loaded for a name only. */
export async function offsetOf(timezone: string | undefined): Promise<Offset | null> {
  if (timezone === undefined) return null
  const fixed = offsetOfFixed(timezone)
  if (fixed !== null) return () => fixed
  const { zoneOffset } = await import('../units/zone.ts')
  return (ms) => zoneOffset(timezone, ms * 1000) ?? 0
}

/** Reads one value; throws a `UsageError` that says what would do. */
export function timeArgument(name: string, value: string, offset: Offset | null): TimeArgument {
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
    throw new UsageError(`--${name} takes a time such as 2024-05-03T14:00:00Z, a day, or 90m, 2h, 3d, today, yesterday; not ${value}`)
  if (parts?.['zone'] !== undefined) return { kind: 'instant', ms }
  if (parts?.['time'] !== undefined && offset === null)
    throw new UsageError(`--${name} ${value} has no zone: write ${value.replace(' ', 'T')}Z, or name the zone with --timezone`)
  return { kind: 'instant', ms: utcOf(ms, offset) }
}

/** `Date.parse` takes 31 February for 3 March. */
const sameDay = (day: string | undefined, ms: number | null): boolean => ms === null || new Date(ms).toISOString().slice(0, 10) === day

/** The instant at which the clocks of a zone show this time; asked twice, for the offset may have changed in between. */
function utcOf(localMs: number, offset: Offset | null): number {
  if (offset === null) return localMs
  const guess = localMs - offset(localMs) * 60_000
  return localMs - offset(guess) * 60_000
}

/** The last time that any source or incident carries. */
export function lastStamp(report: AnyReport): number | null {
  const times = [...report.sources, report.quietSources].map(({ to }) => to).concat(report.incidents.map(({ lastTime }) => lastTime))
  const all = times.filter((time) => time !== null).map((time) => Date.parse(time))
  return all.length === 0 ? null : all.reduce((a, b) => Math.max(a, b))
}

/** The instant meant, and what to say where it was counted; `null` where the evidence carries no time to count from. */
export function resolved(
  argument: TimeArgument,
  {
    name,
    value,
    timezone,
    offset,
    last,
  }: { name: string; value: string; timezone: string | undefined; offset: Offset | null; last: number | null },
): { readonly ms: number | null; readonly note: string | null } {
  if (argument.kind === 'instant') return { ms: argument.ms, note: null }
  if (last === null) return { ms: null, note: `--${name} ${value} was not applied: no line carries a time that can be placed on UTC` }
  const ms = argument.kind === 'back' ? last - argument.ms : startOfDay(last, argument.daysBack, offset)
  const days = argument.kind === 'day' ? `, days in ${timezone ?? 'UTC'}` : ''
  return { ms, note: `--${name} ${value} is ${text(ms)}: counted back from the last stamp of the evidence, ${text(last)}${days}` }
}

function startOfDay(ms: number, daysBack: number, offset: Offset | null): number {
  const local = ms + (offset?.(ms) ?? 0) * 60_000
  const midnight = Math.floor(local / 86_400_000 - daysBack) * 86_400_000
  return utcOf(midnight, offset)
}

const text = (ms: number): string => instantText(ms * 1000, ms % 1000 === 0 ? 0 : 3)
