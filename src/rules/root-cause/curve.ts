import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import type { Curve } from '../../model/curve.ts'
import type { Answer, Confidence, Phrase } from '../../model/diagnosis.ts'
import { bytes, code, count, percent, say, seconds } from '../../text/say.ts'
import { evidence, killLines } from '../evidence.ts'

type Told = Omit<Answer, 'id'>

/** A start and its warming up look like growth for a while: shorter curves prove no leak. */
const LEAK_SECONDS = 15 * 60
/** So near to the limit that any more is too much. */
const NEAR = 0.85

/** Growth that goes on through a run, or again in each: what lives grows, whatever the limit. */
export function leakByCurve(facts: IncidentFacts): Told | null {
  const curve = ownCurve(facts)
  if (curve === null || curve.shape !== 'growth' || curve.slopeBytesPerHour === null) return null
  const span = spanOf(curve)
  const runs = curve.falls === 'restarts' ? curve.livesUs.length : 1
  if (span < LEAK_SECONDS) return null
  const live = curve.metric === 'heap-after-gc'
  const sure = curve.confidence === 'high' && (live || runs >= 2 || span >= 6 * 3600)
  return {
    confidence: sure ? 'high' : 'medium',
    statement: say`${live ? say`What lived on after each full collection in ${code(curve.name)}` : code(curve.name)} grew by ${bytes(Math.round(curve.slopeBytesPerHour))} an hour over ${seconds(Math.round(span))}${runs > 1 ? say`, in ${count(runs)} runs alike` : say``}, up to ${bytes(Math.round(curve.lastBytes))} before the kill.`,
    evidence: evidence(curve.quotes.slice(0, 2), killLines(facts, 1)),
    against: sure ? null : say`One run that grows may also fill caches that would have stopped growing.`,
  }
}

/** Steady, or up and down, just below the limit: the need was there all the time. */
export function lowLimitByCurve(facts: IncidentFacts): Told | null {
  const curve = ownCurve(facts)
  const limit = curve?.limitBytes ?? facts.memcgLimit?.limitBytes ?? null
  if (curve === null || limit === null || curve.of === 'runtime-heap') return null
  const share = curve.peakBytes / limit
  if (share < NEAR || !['plateau', 'flat', 'periodic'].includes(curve.shape) || spanOf(curve) < LEAK_SECONDS) return null
  const confidence: Confidence = curve.metric === 'usage' ? 'medium' : curve.confidence
  return {
    confidence,
    statement: say`${code(curve.name)} ${curve.shape === 'periodic' ? say`went up and down` : say`held its level`} for ${seconds(Math.round(spanOf(curve)))} and reached ${bytes(Math.round(curve.peakBytes))}, ${percent(Math.min(1, share))} of its limit of ${bytes(limit)}, without growth from run to run: its steady need leaves no room.`,
    evidence: evidence(curve.quotes.slice(0, 2), killLines(facts, 1)),
    against: curve.metric === 'usage' ? say`The series counts page cache, which the kernel would have dropped first.` : null,
  }
}

/** A quiet level and then a jump: what the program did at that moment is the cause. `null` where no curve shows one. */
export function spikeByCurve(facts: IncidentFacts): Phrase | null {
  const curve = ownCurve(facts)
  if (curve === null || curve.shape !== 'spike' || curve.spikeUs === null) return null
  const index = curve.us.findIndex((us) => us >= (curve.spikeUs ?? 0))
  const before = curve.bytes[Math.max(0, index - 1)] ?? 0
  const end = facts.incident.first.epochUs ?? curve.us.at(-1) ?? curve.spikeUs
  return say`It held ${bytes(Math.round(before))} until ${seconds(Math.max(0, Math.round((end - curve.spikeUs) / 1e6)))} before the kill and then rose to ${bytes(Math.round(curve.peakBytes))}: a single piece of work, no steady growth.`
}

const spanOf = (curve: Curve): number => ((curve.us.at(-1) ?? 0) - (curve.us[0] ?? 0)) / 1e6

/** How long a larger limit would last at the slope that was seen, in seconds, from the level at which a run begins; `null` without growth. */
export function lastsFor(facts: IncidentFacts, limitBytes: number): number | null {
  const curve = ownCurve(facts)
  const slope = curve?.slopeBytesPerHour ?? 0
  if (curve === null || curve.shape !== 'growth' || slope <= 0) return null
  const starts = curve.livesUs.map((us) => curve.bytes[curve.us.indexOf(us)] ?? Number.POSITIVE_INFINITY)
  const room = limitBytes - Math.min(...starts)
  return room > 0 && Number.isFinite(room) ? (room / slope) * 3600 : null
}
