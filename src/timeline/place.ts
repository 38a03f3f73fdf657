import type { InstantDigits } from '../model/diagnosis.ts'
import type { Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Instant, LocalReading } from '../model/incident.ts'
import type { Moment, WallStamp } from '../model/stamp.ts'
import type { TimelineOptions } from '../model/timeline.ts'
import { withOuter } from '../units/outer-stamp.ts'
import type { Boot } from './boots.ts'
import { type Converted, convert, type Reading, readingOf } from './clocks.ts'
import { localRule } from './local-rule.ts'
import { isAssumed, type LocalRule, placeLocal } from './local-time.ts'
import { once } from './once.ts'
import { type BootReadings, type BundleClock, sureReadings } from './readings.ts'
import { type Sleeps, sleepsOf } from './sleeps.ts'

/** Converts the moments of one boot. Made once per boot; `at` is pure. */
export interface BootClock {
  readonly readings: readonly Reading[]
  readonly refused: BootReadings['refused']
  /** The machine slept in this boot, as something says. */
  readonly slept: boolean
  at(moment: Moment, evidence: SourceEvidence, global: boolean, order: number): Instant
}

export function bootClock(boot: Boot, bundle: BundleClock, options: TimelineOptions): BootClock {
  const { readings: sure, refused } = sureReadings(boot, bundle)
  const ruleOf = once((evidence: SourceEvidence) => localRule(evidence, boot, bundle, sure, options))
  const sleeps = sleepsOf(boot, bundle.slept)
  const readings = [...sure]
  for (const segment of boot.segments) {
    for (const anchor of segment.anchors) {
      if (!('stamp' in anchor.wall) || anchor.wall.stamp.epochUs !== null) continue
      const placed = placeLocal(anchor.wall.stamp, ruleOf(segment.evidence), options, null)
      if (placed !== null && !placed.ambiguous && !(sleeps.any && anchor.via === 'boot-derived'))
        readings.push(readingOf(anchor, placed.epochUs, anchor.wall.stamp.precisionUs))
    }
  }
  const previous = new Map<SourceEvidence, number>()
  return {
    readings,
    refused,
    slept: sleeps.any,
    at(moment, evidence, global, order) {
      const placed = place(moment, readings, sleeps, ruleOf(evidence), global, order, options, previous.get(evidence) ?? null)
      const { epochUs, uncertaintyMs, basis, digits, uptimeSeconds, localTime } = placed
      const local = localOf(moment, boot.host ?? evidence.source.name)
      // Written out: V8 gives each object that is spread and added to a shape of its own.
      const instant = { epochUs, uncertaintyMs, basis, digits, uptimeSeconds, localTime, order, boot: boot.key, local }
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

/** What of a second an uncertainty lets one state: ±0.6 s tenths, ±20 ms what a reader takes for exact anyway. */
const digitsOf = (us: number): InstantDigits => (us >= 1_000_000 ? 0 : us >= 100_000 ? 1 : us >= 1_000 ? 3 : 6)
/** What is cut off by those digits may be as much as one of the last. */
const cutUs = (digits: InstantDigits): number => (digits === 0 ? 1_000_000 : digits === 1 ? 100_000 : 0)

function place(
  moment: Moment,
  readings: readonly Reading[],
  sleeps: Sleeps,
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
  const converted = uptimeUs === null ? null : convert(sleeps.readingsAt(readings, uptimeUs), uptimeUs)
  const basis = isAssumed(rule) && wall !== null && wall.epochUs === null ? 'assumed' : 'anchored'
  const own = wall === null ? null : placedWall(wall, rule, options, previousUs, lateOf(wall, global))
  if (converted !== null && (own === null || converted.kind !== 'coarse' || converted.uncertaintyUs < own.uncertaintyUs))
    return { ...fromUptime(converted, basis), ...common }
  // `dmesg -T` adds one boot instant to all uptimes: how much of the sleep that is right for, nobody knows.
  if (own !== null && sleeps.any && wall?.clock === 'boot-derived')
    return { ...own.instant, uncertaintyMs: null, basis: 'assumed', digits: 0, ...common }
  if (own !== null) return { ...own.instant, ...common }
  const outer = moment.outerWall === null ? null : placedWall(moment.outerWall, rule, options, previousUs, 1_000_000)
  if (outer !== null) return { ...outer.instant, basis: outer.instant.basis === 'assumed' ? 'assumed' : 'absolute', ...common }
  return { epochUs: null, uncertaintyMs: null, basis: null, digits: 6, ...common }
}

/** How much later than its message a stamp may be: a logger starves in a node-wide shortage. */
const lateOf = (wall: WallStamp, global: boolean): number =>
  wall.clock === 'received' ? (global ? 9_000_000 : 1_000_000) : wall.clock === 'boot-derived' ? 1_000_000 : 0

type Placed = Pick<Instant, 'epochUs' | 'uncertaintyMs' | 'basis' | 'digits'>

/** An instant by the kernel's clock, with the digits that its uncertainty supports, to which it is cut. */
function fromUptime({ epochUs, uncertaintyUs }: Converted, basis: 'assumed' | 'anchored'): Placed {
  const digits = digitsOf(uncertaintyUs)
  return { epochUs: Math.round(epochUs), uncertaintyMs: ms(uncertaintyUs + cutUs(digits)), basis, digits }
}

function placedWall(
  wall: WallStamp,
  rule: LocalRule,
  options: TimelineOptions,
  previousUs: number | null,
  lateUs: number,
): { readonly instant: Placed; readonly uncertaintyUs: number } | null {
  const placed = placeLocal(wall, rule, options, previousUs)
  if (placed === null) return null
  const uncertaintyUs = wall.precisionUs + lateUs + (placed.ambiguous ? 3600_000_000 : 0)
  const basis = placed.assumed ? 'assumed' : wall.epochUs !== null ? 'absolute' : 'anchored'
  // A logger's stamp is what it printed, but a late one's thousandths tell nothing.
  const printed = digitsOf(wall.precisionUs)
  const digits = lateUs >= 100_000 && printed > 1 ? 1 : printed
  return {
    instant: {
      epochUs: Math.round(placed.epochUs),
      uncertaintyMs: ms(uncertaintyUs + (digits === printed ? 0 : cutUs(digits))),
      basis,
      digits,
    },
    uncertaintyUs,
  }
}

const ms = (us: number): number => Math.ceil(us / 1000)

/** When a document was captured, and whether something says so. */
export interface Capture {
  readonly us: number | null
  readonly told: boolean
}

/** An event of a table with an `Age` column: the capture minus the age, as sure as the age was printed; nobody knows how sure where the capture is a guess. */
export function placeAge(event: Event, captureOf: () => Capture, order: number): Instant | null {
  if (event.kind !== 'object-event' || event.ageSeconds === null || event.moment.wall !== null) return null
  const none = { uptimeSeconds: null, localTime: null, order }
  const captured = captureOf()
  if (captured.us === null) return { epochUs: null, uncertaintyMs: null, basis: null, digits: 0, ...none }
  return {
    epochUs: captured.us - event.ageSeconds * 1e6,
    uncertaintyMs: captured.told ? (event.ageResolutionSeconds ?? 60) * 1000 + 1000 : null,
    basis: captured.told ? 'anchored' : 'assumed',
    digits: 0,
    ...none,
  }
}
