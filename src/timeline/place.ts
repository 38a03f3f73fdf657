import type { ClockAnchor, Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Instant, LocalReading } from '../model/incident.ts'
import type { ClockSnapshot } from '../model/snapshot.ts'
import type { Moment, WallStamp } from '../model/stamp.ts'
import type { TimelineOptions } from '../model/timeline.ts'
import { impliedOffset, withOuter } from '../units/outer-stamp.ts'
import type { Boot } from './boots.ts'
import { convert, type Reading, readingOf } from './clocks.ts'
import { isUtcName, type LocalRule, placeLocal } from './local-time.ts'

/** What a bundle (or one host of it) knows about its clock beside its logs. */
export interface BundleClock {
  readonly clocks: readonly ClockSnapshot[]
  readonly newestUs: number | null
  /** All that was read of this host in the bundle, whatever the boot: lines that carry two stamps give the host's zone away. */
  readonly near: readonly SourceEvidence[]
  /** Readings that other programs give: the runtime's word on a container's death, beside the kernel's. */
  readonly echoes: readonly ClockAnchor[]
}

/** Converts the moments of one boot. Made once per boot; `at` is pure. */
export interface BootClock {
  readonly readings: readonly Reading[]
  at(moment: Moment, evidence: SourceEvidence, global: boolean, order: number): Instant
}

export function bootClock(boot: Boot, bundle: BundleClock, options: TimelineOptions): BootClock {
  const rules = new Map<SourceEvidence, LocalRule>()
  const sure = sureReadings(boot, bundle)
  const ruleOf = (evidence: SourceEvidence): LocalRule => {
    const known = rules.get(evidence)
    if (known !== undefined) return known
    const rule = localRule(evidence, boot, bundle, sure, options)
    rules.set(evidence, rule)
    return rule
  }
  const readings = [...sure]
  for (const segment of boot.segments) {
    for (const anchor of segment.anchors) {
      if (!('stamp' in anchor.wall) || anchor.wall.stamp.epochUs !== null) continue
      const placed = placeLocal(anchor.wall.stamp, ruleOf(segment.evidence), options, null)
      if (placed !== null && !placed.ambiguous) readings.push(readingOf(anchor, placed.epochUs, anchor.wall.stamp.precisionUs))
    }
  }
  const previous = new Map<SourceEvidence, number>()
  return {
    readings,
    at(moment, evidence, global, order) {
      const placed = place(moment, readings, ruleOf(evidence), global, order, options, previous.get(evidence) ?? null)
      const instant = { ...placed, boot: boot.key, local: localOf(moment, boot.host ?? evidence.source.name) }
      if (instant.epochUs !== null && moment.wall?.epochUs === null) previous.set(evidence, instant.epochUs)
      return instant
    },
  }
}

/** What the line printed, as a reading of its host's clock, where it printed no instant. */
function localOf(moment: Moment, clock: string): LocalReading | null {
  const stamp = withOuter(moment) ?? moment.outerWall
  return stamp === null || stamp.epochUs !== null || stamp.localUs === null ? null : { us: stamp.localUs, hasYear: stamp.hasYear, clock }
}

/** Readings whose wall side is on UTC without any assumption. */
function sureReadings(boot: Boot, bundle: BundleClock): Reading[] {
  const readings: Reading[] = []
  for (const segment of boot.segments)
    for (const anchor of segment.anchors) {
      const stamp = 'stamp' in anchor.wall ? anchor.wall.stamp : null
      const epochUs = 'epochUs' in anchor.wall ? anchor.wall.epochUs : (stamp?.epochUs ?? null)
      if (epochUs !== null) readings.push(readingOf(anchor, epochUs, stamp?.precisionUs ?? 1_000))
    }
  for (const echo of bundle.echoes) if ('epochUs' in echo.wall) readings.push(readingOf(echo, echo.wall.epochUs, 1_000))
  for (const clock of paired(bundle.clocks)) {
    const sameBoot = clock.bootId === null || boot.bootId === null || clock.bootId === boot.bootId
    if (!sameBoot) continue
    const base = { source: clock.source, line: null, host: clock.host, bootId: clock.bootId }
    if (clock.bootUs !== null && fits(readings, clock.bootUs.value))
      readings.push(
        readingOf(
          { ...base, uptimeUs: 0, wall: { epochUs: clock.bootUs.value }, via: 'btime' } satisfies ClockAnchor,
          clock.bootUs.value,
          1_000_000,
        ),
      )
    if (clock.capturedUs !== null && clock.uptimeSeconds !== null) {
      const uptimeUs = clock.uptimeSeconds.value * 1e6
      if (fits(readings, clock.capturedUs.value - uptimeUs))
        readings.push(
          readingOf(
            { ...base, uptimeUs, wall: { epochUs: clock.capturedUs.value }, via: 'uptime-file' },
            clock.capturedUs.value,
            1_000_000,
          ),
        )
    }
  }
  return readings
}

/** `date` and /proc/uptime often are two files of one capture: where a host has one of each, they are read as one. */
function paired(clocks: readonly ClockSnapshot[]): readonly ClockSnapshot[] {
  const dates = clocks.filter((c) => c.capturedUs !== null && c.uptimeSeconds === null)
  const uptimes = clocks.filter((c) => c.uptimeSeconds !== null && c.capturedUs === null)
  const [date, uptime] = [dates[0], uptimes[0]]
  const whole = clocks.some((c) => c.capturedUs !== null && c.uptimeSeconds !== null)
  if (whole || date === undefined || uptime === undefined) return clocks
  return [...clocks, { ...uptime, capturedUs: date.capturedUs }]
}

/** A boot instant from a /proc file belongs to the boot of the capture: it is no reading of an earlier boot whose own anchors say otherwise. */
function fits(readings: readonly Reading[], bootUs: number): boolean {
  return readings.length === 0 || readings.some((r) => Math.abs(r.offsetUs - bootUs) < 120_000_000)
}

/** Finds the zone and the year for a source's local stamps: option, bundle facts, or the offset that its own anchors imply. */
function localRule(
  evidence: SourceEvidence,
  boot: Boot,
  bundle: BundleClock,
  sure: readonly Reading[],
  options: TimelineOptions,
): LocalRule {
  const modified = evidence.source.modifiedMs === null ? null : evidence.source.modifiedMs * 1000
  const bootNewest = sure.length > 0 ? Math.max(...sure.map((r) => r.uptimeUs + r.offsetUs)) : null
  const referenceUs = bootNewest ?? bundle.newestUs ?? evidence.source.place.nameDateUs ?? modified
  const referenceIsSure = bootNewest !== null || bundle.newestUs !== null || evidence.source.place.nameDateUs !== null
  const dates = { referenceUs, referenceIsSure }
  const zone = bundle.clocks.find((c) => c.zone !== null)?.zone?.value ?? null
  if (zone !== null)
    return isUtcName(zone)
      ? { zone: null, offsetMinutes: 0, how: 'bundle', ...dates }
      : { zone, offsetMinutes: null, how: 'bundle', ...dates }
  const derived = derivedOffset(boot, sure, options, dates)
  if (derived !== null) return { zone: null, offsetMinutes: derived, how: 'derived', ...dates }
  const twice = twiceStampedOffset(bundle, options, dates)
  if (twice !== null) return { zone: null, offsetMinutes: twice, how: 'derived', ...dates }
  const printed = printedOffset(boot)
  if (printed !== null) return { zone: null, offsetMinutes: printed, how: 'bundle', ...dates }
  const offset = bundle.clocks.find((c) => c.offsetMinutes !== null)?.offsetMinutes?.value ?? null
  if (offset !== null) return { zone: null, offsetMinutes: offset, how: 'bundle', ...dates }
  if (options.timezone !== null) return fromOption(options.timezone, dates)
  return { zone: null, offsetMinutes: null, how: null, ...dates }
}

function fromOption(timezone: string, dates: { referenceUs: number | null; referenceIsSure: boolean }): LocalRule {
  const fixed = /^(?:UTC|GMT)?(?<sign>[+-])(?<h>\d{1,2}):?(?<m>\d{2})?$/.exec(timezone)?.groups
  if (fixed !== undefined) {
    const minutes = Number(fixed['h']) * 60 + Number(fixed['m'] ?? 0)
    return { zone: null, offsetMinutes: fixed['sign'] === '-' ? -minutes : minutes, how: 'option', ...dates }
  }
  return isUtcName(timezone)
    ? { zone: null, offsetMinutes: 0, how: 'option', ...dates }
    : { zone: timezone, offsetMinutes: null, how: 'option', ...dates }
}

/** A local stamp beside an uptime whose instant is known gives the zone away: offsets are whole quarters of an hour. */
function derivedOffset(
  boot: Boot,
  sure: readonly Reading[],
  options: TimelineOptions,
  dates: { referenceUs: number | null; referenceIsSure: boolean },
): number | null {
  if (sure.length === 0) return null
  const votes = new Map<number, number>()
  for (const segment of boot.segments)
    for (const anchor of segment.anchors) {
      const stamp = 'stamp' in anchor.wall ? anchor.wall.stamp : null
      if (stamp === null || stamp.epochUs !== null || stamp.localUs === null) continue
      const known = convert(sure, anchor.uptimeUs)
      const asUtc = placeLocal({ ...stamp, offsetMinutes: 0 }, { zone: null, offsetMinutes: 0, how: 'derived', ...dates }, options, null)
      if (known === null || asUtc === null) continue
      const offset = impliedOffset(asUtc.epochUs, known.epochUs, 120_000_000)
      if (offset !== null) votes.set(offset, (votes.get(offset) ?? 0) + 1)
    }
  const [first, second] = [...votes].sort((a, b) => b[1] - a[1])
  return first !== undefined && (second === undefined || first[1] > 2 * second[1]) ? first[0] : null
}

/** A line whose program wrote an instant and whose logger wrote local time (containerd in syslog) tells the zone of the host. */
function twiceStampedOffset(
  bundle: BundleClock,
  options: TimelineOptions,
  dates: { referenceUs: number | null; referenceIsSure: boolean },
): number | null {
  const votes = new Map<number, number>()
  for (const evidence of bundle.near)
    for (const { moment } of evidence.events) {
      const inner = moment.wall?.epochUs ?? null
      const outer = moment.outerWall
      if (inner === null || outer === null || outer.epochUs !== null || outer.localUs === null) continue
      const asUtc = placeLocal({ ...outer, offsetMinutes: 0 }, { zone: null, offsetMinutes: 0, how: 'derived', ...dates }, options, null)
      const offset = asUtc === null ? null : impliedOffset(asUtc.epochUs, inner, 60_000_000)
      if (offset !== null) votes.set(offset, (votes.get(offset) ?? 0) + 1)
    }
  const [first, second] = [...votes].sort((a, b) => b[1] - a[1])
  return first !== undefined && (second === undefined || first[1] > 2 * second[1]) ? first[0] : null
}

/** The one offset that all stamps of the same boot print, where another log of the host prints offsets. */
function printedOffset(boot: Boot): number | null {
  const offsets = new Set<number>()
  const take = (stamp: WallStamp | null | undefined): void => {
    if (stamp?.offsetMinutes !== null && stamp?.offsetMinutes !== undefined && stamp.localUs !== null) offsets.add(stamp.offsetMinutes)
  }
  for (const segment of boot.segments) {
    for (const event of segment.events)
      if (event.kind === 'kernel-oom' || event.kind === 'unit' || event.kind === 'boot') take(event.moment.outerWall ?? event.moment.wall)
    for (const anchor of segment.anchors) if ('stamp' in anchor.wall) take(anchor.wall.stamp)
    take(segment.evidence.source.last?.outerWall ?? segment.evidence.source.last?.wall)
  }
  return offsets.size === 1 ? ([...offsets][0] as number) : null
}

const digitsOf = (precisionUs: number): 0 | 3 | 6 => (precisionUs >= 1_000_000 ? 0 : precisionUs >= 1_000 ? 3 : 6)

function place(
  moment: Moment,
  readings: readonly Reading[],
  rule: LocalRule,
  global: boolean,
  order: number,
  options: TimelineOptions,
  previousUs: number | null,
): Instant {
  const { uptimeUs } = moment
  const wall = withOuter(moment)
  const common = {
    uptimeSeconds: uptimeUs === null ? null : uptimeUs / 1e6,
    localTime: wall === null || wall.localUs === null ? null : wall.text,
    order,
  }
  const converted = uptimeUs === null ? null : convert(readings, uptimeUs)
  const assumedAnchor = rule.how === 'option' && wall !== null && wall.epochUs === null
  if (converted !== null && (converted.kind !== 'coarse' || wall === null)) {
    return {
      epochUs: Math.round(converted.epochUs),
      uncertaintyMs: ms(converted.uncertaintyUs),
      basis: assumedAnchor ? 'assumed' : 'anchored',
      digits: 6,
      ...common,
    }
  }
  if (wall !== null) {
    const lateUs = wall.clock === 'received' ? (global ? 9_000_000 : 1_000_000) : wall.clock === 'boot-derived' ? 1_000_000 : 0
    const placed = placeLocal(wall, rule, options, previousUs)
    if (placed !== null) {
      const own = { uncertaintyUs: wall.precisionUs + lateUs + (placed.ambiguous ? 3600_000_000 : 0) }
      if (converted !== null && converted.uncertaintyUs < own.uncertaintyUs) {
        return {
          epochUs: Math.round(converted.epochUs),
          uncertaintyMs: ms(converted.uncertaintyUs),
          basis: assumedAnchor ? 'assumed' : 'anchored',
          digits: 6,
          ...common,
        }
      }
      const basis = placed.assumed ? 'assumed' : wall.epochUs !== null ? 'absolute' : 'anchored'
      return {
        epochUs: Math.round(placed.epochUs),
        uncertaintyMs: ms(own.uncertaintyUs),
        basis,
        digits: digitsOf(wall.precisionUs),
        ...common,
      }
    }
  }
  if (converted !== null)
    return { epochUs: Math.round(converted.epochUs), uncertaintyMs: ms(converted.uncertaintyUs), basis: 'anchored', digits: 6, ...common }
  const outer = moment.outerWall
  if (outer !== null) {
    const placed = placeLocal(outer, rule, options, previousUs)
    if (placed !== null)
      return {
        epochUs: Math.round(placed.epochUs),
        uncertaintyMs: ms(outer.precisionUs + 1_000_000),
        basis: placed.assumed ? 'assumed' : 'absolute',
        digits: digitsOf(outer.precisionUs),
        ...common,
      }
  }
  return { epochUs: null, uncertaintyMs: null, basis: null, digits: 6, ...common }
}

const ms = (us: number): number => Math.ceil(us / 1000)

/** When a document was captured, and whether something says so. */
export interface Capture {
  readonly us: number | null
  readonly told: boolean
}

/** An event of a table with an `Age` column: the capture minus the age, as sure as the age was printed; nobody knows how sure where the capture is a guess. */
export function placeAge(event: Event, captured: Capture, order: number): Instant | null {
  if (event.kind !== 'object-event' || event.ageSeconds === null || event.moment.wall !== null) return null
  const none = { uptimeSeconds: null, localTime: null, order }
  if (captured.us === null) return { epochUs: null, uncertaintyMs: null, basis: null, digits: 0, ...none }
  return {
    epochUs: captured.us - event.ageSeconds * 1e6,
    uncertaintyMs: captured.told ? (event.ageResolutionSeconds ?? 60) * 1000 + 1000 : null,
    basis: captured.told ? 'anchored' : 'assumed',
    digits: 0,
    ...none,
  }
}
