import type { AnyReport } from '../model/report.ts'
import { instantText } from '../text/values.ts'
import { offsetOfFixed } from '../units/fixed-offset.ts'
import type { ReportFilter } from './filter.ts'

/**
 * What `--since` or `--until` asks for: an instant (ms since the epoch), so long before the last stamp of the evidence, or the start of a day counted from that
 * stamp's own. The present time is never read: a log of last year is asked about in its own time.
 */
export type TimeArgument =
  | { readonly kind: 'instant'; readonly ms: number }
  | { readonly kind: 'back'; readonly ms: number }
  | { readonly kind: 'day'; readonly daysBack: number }

/** `--since 1h` as it was given, and what it means. */
export interface AskedTime {
  readonly name: 'since' | 'until'
  readonly value: string
  readonly argument: TimeArgument
}

/** Times that may be counted back; the zone is that of `--timezone`. Plain data: it is handed to the workers of a batch. */
export interface AskedTimes {
  readonly times: readonly AskedTime[]
  readonly timezone: string | null
}

/** Minutes east of UTC of the zone of `--timezone` at an instant in ms; UTC where none is given. */
export type Offset = (ms: number) => number

/** Zone data is loaded for a name only. */
export async function offsetOf(timezone: string | null): Promise<Offset | null> {
  if (timezone === null) return null
  const fixed = offsetOfFixed(timezone)
  if (fixed !== null) return () => fixed
  const { zoneOffset } = await import('../units/zone.ts')
  return (ms) => zoneOffset(timezone, ms * 1000) ?? 0
}

/** The instant at which the clocks of a zone show this time; asked twice, for the offset may have changed in between. */
export function utcOf(localMs: number, offset: Offset | null): number {
  if (offset === null) return localMs
  const guess = localMs - offset(localMs) * 60_000
  return localMs - offset(guess) * 60_000
}

/** The last time that any source or incident carries. */
function lastStamp(report: AnyReport): number | null {
  const times = [...report.sources, report.quietSources].map(({ to }) => to).concat(report.incidents.map(({ lastTime }) => lastTime))
  const all = times.filter((time) => time !== null).map((time) => Date.parse(time))
  return all.length === 0 ? null : all.reduce((a, b) => Math.max(a, b))
}

/** The filter, once the evidence is known; the one as asked where nothing is counted. */
export async function filterWhenRead(
  asked: ReportFilter,
  counted: AskedTimes | null,
): Promise<ReportFilter | ((whole: AnyReport) => ReportFilter)> {
  if (counted === null) return asked
  const offset = await offsetOf(counted.timezone)
  return (whole) => ({ ...asked, ...countedTimes(counted, offset, whole) })
}

/** From when to when to keep, and what to say where it was counted: back from the last stamp of this very evidence. */
function countedTimes(
  { times, timezone }: AskedTimes,
  offset: Offset | null,
  whole: AnyReport,
): { readonly sinceMs: number | null; readonly untilMs: number | null; readonly notes?: readonly string[] } {
  const last = lastStamp(whole)
  const found = times.map((time) => ({ name: time.name, ...resolved(time, timezone, offset, last) }))
  const msOf = (name: string): number | null => found.find((time) => time.name === name)?.ms ?? null
  const notes = found.flatMap(({ note }) => (note === null ? [] : [note]))
  return { sinceMs: msOf('since'), untilMs: msOf('until'), ...(notes.length === 0 ? {} : { notes }) }
}

/** The instant meant; `null` where the evidence carries no time to count from. */
export function resolved(
  { name, value, argument }: AskedTime,
  timezone: string | null,
  offset: Offset | null,
  last: number | null,
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
