import type { SourceEvidence } from '../model/evidence.ts'
import type { WallStamp } from '../model/stamp.ts'
import type { TimelineOptions, ZoneOffset } from '../model/timeline.ts'
import { isUtcName } from '../units/fixed-offset.ts'

const minuteUs = 60_000_000
const dayUs = 86_400_000_000

/** How local stamps of one source get their zone: a fixed offset, an IANA zone, or nothing. `how` says what it rests on. */
export interface LocalRule {
  readonly zone: string | null
  readonly offsetMinutes: number | null
  readonly how: 'printed' | 'bundle' | 'derived' | 'option' | 'matched' | null
  /** An instant near (not before) the last stamp of the source: dates stamps without a year. */
  readonly referenceUs: number | null
  readonly referenceIsSure: boolean
  /** When the boot began, where that is known: no stamp of its lines is earlier, whatever its year. */
  readonly notBeforeUs: number | null
}

/** Given by the caller, or taken from one coincidence. */
export const isAssumed = ({ how }: LocalRule): boolean => how === 'option' || how === 'matched'

export interface PlacedLocal {
  readonly epochUs: number
  readonly assumed: boolean
  /** Local time that exists twice (the hour after a DST change): the error may be an hour. */
  readonly ambiguous: boolean
}

/**
 * Puts a stamp without zone or year on UTC. `notBeforeUs` is the previous stamp of the same source: it chooses between the two readings of
 * a repeated hour. Returns `null` when the zone is unknown.
 */
export function placeLocal(stamp: WallStamp, rule: LocalRule, options: TimelineOptions, notBeforeUs: number | null): PlacedLocal | null {
  if (stamp.epochUs !== null) return { epochUs: stamp.epochUs, assumed: false, ambiguous: false }
  if (stamp.localUs === null) return null
  const dated = datedLocal(stamp, rule, options)
  if (dated === null) return null
  const printed = stamp.offsetMinutes ?? (isUtcName(stamp.zoneName) ? 0 : null)
  if (printed !== null) return { epochUs: dated.localUs - printed * minuteUs, assumed: dated.assumed, ambiguous: false }
  const assumed = dated.assumed || isAssumed(rule)
  if (rule.zone !== null && options.zoneOffset !== null) {
    const both = readings(dated.localUs, rule.zone, options.zoneOffset)
    if (both.length > 0) {
      const fitting = notBeforeUs === null ? both : both.filter((t) => t >= notBeforeUs - 2_000_000)
      return { epochUs: (fitting[0] ?? both.at(-1)) as number, assumed, ambiguous: both.length > 1 }
    }
  }
  if (rule.offsetMinutes === null) return null
  return { epochUs: dated.localUs - rule.offsetMinutes * minuteUs, assumed, ambiguous: false }
}

/** All instants that a clock of that zone shows as this local time: two in the hour repeated in autumn, the later side in the one skipped in spring. */
function readings(localUs: number, zone: string, offsetOf: ZoneOffset): number[] {
  const offsets = [...new Set([offsetOf(zone, localUs - dayUs), offsetOf(zone, localUs + dayUs)].filter((o): o is number => o !== null))]
  const valid = offsets
    .map((o) => localUs - o * minuteUs)
    .filter((t) => offsets.includes(offsetOf(zone, t) ?? Number.NaN) && t + (offsetOf(zone, t) ?? 0) * minuteUs === localUs)
  if (valid.length > 0) return valid.sort((a, b) => a - b)
  return offsets.length > 0 ? [localUs - Math.min(...offsets) * minuteUs] : []
}

/** Gives a stamp without a year the latest year that does not put it after the reference, or else the first behind the boot's begin (a day of grace for zones). */
function datedLocal(stamp: WallStamp, rule: LocalRule, options: TimelineOptions): { localUs: number; assumed: boolean } | null {
  const local = stamp.localUs as number
  if (stamp.hasYear) return { localUs: local, assumed: false }
  if (options.year !== null) return { localUs: withYear(local, options.year), assumed: true }
  if (rule.referenceUs === null) return null
  const year = new Date(rule.referenceUs / 1000).getUTCFullYear()
  for (const y of [year + 1, year, year - 1]) {
    const dated = withYear(local, y)
    if (dated > rule.referenceUs + dayUs) continue
    const isTooEarly = rule.notBeforeUs !== null && dated < rule.notBeforeUs - dayUs
    return { localUs: isTooEarly ? withYear(local, y + 1) : dated, assumed: !rule.referenceIsSure }
  }
  return null
}

function withYear(localUs: number, year: number): number {
  const d = new Date(Math.floor(localUs / 1000))
  const rest = localUs - Math.floor(localUs / 1000) * 1000
  return (
    Date.UTC(year, d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds()) * 1000 +
    rest
  )
}

/** The newest instant that the bundle itself vouches for: capture time, else the newest absolute stamp. Clocks that others contradict vouch for nothing. */
export function newestKnownUs(evidence: readonly SourceEvidence[], refused: ReadonlySet<string> = new Set()): number | null {
  let newest: number | null = null
  const take = (t: number | null | undefined): void => {
    if (t !== null && t !== undefined && (newest === null || t > newest)) newest = t
  }
  for (const { source, events, snapshots } of evidence) {
    for (const event of events) take(event.moment.wall?.epochUs)
    take(source.last?.wall?.epochUs)
    for (const s of snapshots)
      if (s.kind === 'clock' && !refused.has(s.source)) {
        take(s.capturedUs?.value)
        take(s.capturedAfterUs?.value)
      }
  }
  return newest
}
