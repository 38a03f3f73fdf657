import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { ownCurve, spanOf, stillHeap } from '../../facts/own-curve.ts'
import type { Curve } from '../../model/curve.ts'
import type { Answer, Confidence, Phrase } from '../../model/diagnosis.ts'
import { bytes, code, count, percent, say, seconds } from '../../text/say.ts'
import { machineBytes } from '../advice/room.ts'
import { changesBefore } from '../changes.ts'
import { evidence, killLines } from '../evidence.ts'
import { riseOnNode } from './node-curve.ts'
import { isOwnLimit, shareOf } from './signs.ts'
import { startByCurve } from './start-curve.ts'

type Told = Omit<Answer, 'id'>

/** A start and its warming up look like growth for a while: shorter runs prove no leak. */
const LEAK_SECONDS = 15 * 60
/** Runs that grow for so long each, and alike, are past their start. */
const LONG_RUN_SECONDS = 3600
/** No day's rise lasts longer: what grows on is no part of a daily habit. */
const LONGER_THAN_A_DAYS_RISE = 16 * 3600
/** So near to the limit that any more is too much. */
const NEAR = 0.85
/** What grew must hold this share of what was full to have filled it. */
const MATERIAL = 0.2
/** A last sample below this share of the limit leaves a rise that nobody saw. */
const FAR = 0.7

/** Growth that goes on through a run, or again in each: what lives grows, whatever the limit. */
export function leakByCurve(facts: IncidentFacts): Told | null {
  const curve = ownCurve(facts)
  if (curve === null || curve.shape !== 'growth' || curve.slopeBytesPerHour === null) return null
  if (startByCurve(facts)?.what === 'peak') return null
  // what filled a machine was its own only where it took most of what all took
  const rise = facts.scope === 'global' ? riseOnNode(facts) : null
  if (rise !== null && !(rise.alone && rise.name === curve.name)) return null
  const whole = isOfOthers(facts)
    ? facts.scope === 'global'
      ? machineBytes(facts)
      : (facts.memcgLimit?.limitBytes ?? null)
    : curve.lastBytes
  if (whole !== null && curve.lastBytes < MATERIAL * whole) return null
  const runs = runsIn(curve)
  const run = runSeconds(curve)
  if (run < LEAK_SECONDS) return null
  const live = curve.metric === 'heap-after-gc'
  const gap = disagreement(facts, curve) ?? notItsOwn(facts, curve)
  const long = runs >= 2 ? run >= LONG_RUN_SECONDS : run >= (live ? 6 * 3600 : LONGER_THAN_A_DAYS_RISE)
  const still = stillHeap(facts)
  const sure = curve.confidence === 'high' && facts.trust === 'high' && long && gap === null && whole !== null && still === null
  return {
    confidence: sure ? 'high' : 'medium',
    statement: say`${live ? say`What lived on after each full collection in ${code(curve.name)}` : code(curve.name)} grew ${growthSaid(curve, curve.slopeBytesPerHour, run)}, up to ${bytes(Math.round(curve.lastBytes))} before the kill.${still === null ? say`` : say` What lived in its heap stood still at ${bytes(still.lastBytes)}: it grew outside of that, or the heap was let grow.`}`,
    evidence: evidence(curve.quotes.slice(0, 2), still?.quotes.slice(0, 1) ?? [], killLines(facts, 1)),
    against: gap ?? (sure ? null : say`One run that grows may also fill caches that would have stopped growing.`),
  }
}

/** It grew up to its limit, in so little time that a leak, a start and a piece of work look the same. */
export function shortGrowth(facts: IncidentFacts): Phrase | null {
  const curve = ownCurve(facts)
  const limit = curve?.limitBytes ?? facts.memcgLimit?.limitBytes ?? null
  if (curve === null || limit === null || curve.shape !== 'growth' || curve.confidence === 'low' || isOfOthers(facts)) return null
  if (curve.slopeBytesPerHour === null) return null
  const run = runSeconds(curve)
  if (run >= LEAK_SECONDS || curve.lastBytes < NEAR * limit || curve.of === 'runtime-heap') return null
  return say`${code(curve.name)} grew ${growthSaid(curve, curve.slopeBytesPerHour, run)}, up to ${bytes(Math.round(curve.lastBytes))}, ${percent(Math.min(1, curve.lastBytes / limit))} of its limit: in so little time a leak, a start and a single piece of work look alike.`
}

/** By the hour where a run lasted for one; else by what it rose: nobody saw what an hour would bring. */
function growthSaid({ runs, us }: Curve, slope: number, run: number): Phrase {
  const growing = runs.filter(({ shape }) => shape === 'growth').length
  const each =
    runs.length < 2
      ? say``
      : growing === runs.length
        ? say` in each of ${count(growing)} runs`
        : say` in ${count(growing)} of ${count(runs.length)} runs`
  return run < 3600
    ? say`by ${bytes(Math.round((slope * run) / 3600))} within ${seconds(Math.round(run))}${each}`
    : say`by ${bytes(Math.round(slope))} an hour${each} over ${seconds(Math.round(spanOf(us)))}`
}

/** What grows may be page cache, or another container of the pod. */
function notItsOwn(facts: IncidentFacts, curve: Curve): Phrase | null {
  if (curve.metric === 'usage' && shareOf(facts, 'anon') < 0.7)
    return say`The series counts page cache, which grows with every file that is read.`
  if (curve.of === 'pod' && (facts.pod?.containers.filter(({ type }) => type !== 'init').length ?? 1) > 1)
    return say`The series is of the whole pod: which of its containers grew it does not tell.`
  return null
}

/** Steady, or up and down, just below the limit: the need was there all the time. */
export function lowLimitByCurve(facts: IncidentFacts): Told | null {
  const curve = ownCurve(facts)
  const limit = curve?.limitBytes ?? facts.memcgLimit?.limitBytes ?? null
  if (curve === null || limit === null || curve.of === 'runtime-heap' || isOfOthers(facts)) return null
  // the most that it needs it needs at its start only
  if (startByCurve(facts)?.what === 'peak') return null
  const share = curve.peakBytes / limit
  if (share < NEAR || !['plateau', 'flat', 'periodic'].includes(curve.shape) || spanOf(curve.us) < LEAK_SECONDS) return null
  const gap = disagreement(facts, curve)
  const confidence: Confidence =
    curve.metric === 'usage' || gap !== null || facts.trust !== 'high' ? lower(curve.confidence) : curve.confidence
  return {
    confidence,
    statement: say`${code(curve.name)} ${curve.shape === 'periodic' ? say`went up and down` : say`held its level`} for ${seconds(Math.round(spanOf(curve.us)))} and reached ${bytes(Math.round(curve.peakBytes))}, ${percent(Math.min(1, share))} of its limit of ${bytes(limit)}, without growth from run to run: its steady need leaves no room.${curve.formerLimitBytes === null ? say`` : say` The limit was ${bytes(curve.formerLimitBytes)} before it was changed.`}`,
    evidence: evidence(curve.quotes.slice(0, 2), killLines(facts, 1)),
    against: gap ?? (curve.metric === 'usage' ? say`The series counts page cache, which the kernel would have dropped first.` : null),
  }
}

const lower = (confidence: Confidence): Confidence => (confidence === 'low' ? 'low' : 'medium')

/** A quiet level and then a jump, seen or between two samples: what the program did at that moment is the cause. `null` where no curve shows one. */
export function spikeByCurve(facts: IncidentFacts): Phrase | null {
  const curve = ownCurve(facts)
  return curve === null ? null : (seenJump(facts, curve) ?? unseenJump(facts, curve))
}

/** The jump that the kill ended: one that was over long before explains nothing. */
function seenJump(facts: IncidentFacts, curve: Curve): Phrase | null {
  const { spikeUs } = curve
  if (curve.shape !== 'spike' || spikeUs === null) return null
  const before = curve.bytes[Math.max(0, curve.us.findIndex((us) => us >= spikeUs) - 1)]
  if (before === undefined || curve.lastBytes < before + (curve.peakBytes - before) / 2) return null
  const ends = facts.incident.kills.map(({ at }) => at.epochUs).filter((us) => us !== null)
  const end = ends.find((us) => us >= spikeUs) ?? facts.incident.first.epochUs ?? curve.us.at(-1) ?? spikeUs
  return say`It held ${bytes(Math.round(before))} until ${seconds(Math.max(0, Math.round((end - spikeUs) / 1e6)))} before the kill and then rose to ${bytes(Math.round(curve.peakBytes))}: a single piece of work, no steady growth.${besideJump(facts, curve, spikeUs)}`
}

/** What was changed or run at the moment at which it rose. */
function besideJump(facts: IncidentFacts, curve: Curve, spikeUs: number): Phrase {
  const first = facts.kill?.at.epochUs ?? facts.incident.first.epochUs
  if (first === null) return say``
  const near = Math.max((2 * (curve.intervalUs ?? 0)) / 1e6, 120)
  const beside = changesBefore(facts).find(
    ({ secondsBefore }) => secondsBefore !== null && Math.abs(secondsBefore - (first - spikeUs) / 1e6) <= near,
  )
  return beside === undefined ? say`` : say` It began beside ${code(beside.name)}.`
}

/** Samples that never came near the limit at which it was killed: it rose in less time than lies between two of them. */
function unseenJump(facts: IncidentFacts, curve: Curve): Phrase | null {
  const gap = disagreement(facts, curve)
  if (gap === null || !['flat', 'periodic', 'spike'].includes(curve.shape) || curve.intervalUs === null) return null
  const { highWaterBytes: high } = curve
  const mark = high !== null && high > curve.peakBytes * 1.1 ? say` The kernel's own high-water mark shows ${bytes(high)}.` : say``
  return say`${gap}${mark} So it did not grow steadily: it rose within ${curve.unseenUs > curve.intervalUs ? say`those ${seconds(Math.round(curve.unseenUs / 1e6))}` : say`less than the ${seconds(Math.round(curve.intervalUs / 1e6))} between two samples`}, or what filled the limit is not in ${code(curve.metric)}.`
}

/** The curve and the kernel disagree: killed at its own limit, while the last sample shows far less. `null` where they agree, or are not of the same thing. */
function disagreement(facts: IncidentFacts, curve: Curve): Phrase | null {
  const limit = facts.memcgLimit?.limitBytes ?? curve.limitBytes
  const isOwn = curve.of === 'container' || curve.of === 'unit' || curve.of === 'pod'
  if (limit === null || !isOwn || curve.clock !== 'utc' || curve.intervalUs === null || facts.kill?.killer !== 'kernel') return null
  if (isOfOthers(facts)) return null
  if (curve.lastBytes >= FAR * limit || curve.unseenUs > 3 * curve.intervalUs) return null
  return say`The last sample, ${seconds(Math.round(curve.unseenUs / 1e6))} before the kill, shows ${bytes(Math.round(curve.lastBytes))}, ${percent(curve.lastBytes / limit)} of the limit of ${bytes(limit)}.`
}

/** The limit that was hit was not its own: the machine's, or one that it shares. */
const isOfOthers = (facts: IncidentFacts): boolean => facts.scope === 'global' || (facts.limitCgroup !== null && !isOwnLimit(facts))

const runsIn = (curve: Curve): number => (curve.falls === 'restarts' ? curve.livesUs.length : 1)

/** How long a run that grows lasts as a rule, in seconds: the middle of those that were seen. */
function runSeconds(curve: Curve): number {
  const growing = curve.runs.filter(({ shape }) => shape === 'growth')
  const lengths = growing.map(({ fromUs, toUs }) => (toUs - fromUs) / 1e6).sort((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)] ?? spanOf(curve.us)
}

/** How long a larger limit would last at the slope that was seen, in seconds, from the level at which a run begins; `null` without growth. */
export function lastsFor(facts: IncidentFacts, limitBytes: number): number | null {
  const curve = ownCurve(facts)
  const slope = curve?.slopeBytesPerHour ?? null
  if (curve?.shape !== 'growth' || slope === null || slope <= 0) return null
  const starts = curve.livesUs.map((us) => curve.bytes[curve.us.indexOf(us)] ?? Number.POSITIVE_INFINITY)
  const room = limitBytes - Math.min(...starts)
  return room > 0 && Number.isFinite(room) ? (room / slope) * 3600 : null
}
