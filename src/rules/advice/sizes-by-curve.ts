import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf } from '../../facts/names.ts'
import { ownCurve } from '../../facts/own-curve.ts'
import type { Curve } from '../../model/curve.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, say, seconds } from '../../text/say.ts'
import { inNamespace, shellWord } from '../../text/shell.ts'
import { presentLimit } from './need.ts'
import { roomOf } from './room.ts'
import { quantity, roundDown, roundUp } from './sizes.ts'
import { refOf, targetOf } from './target.ts'

/** Above the highest that was seen in ordinary work. */
const HEADROOM = 1.25
const LEAST_SAMPLES = 30
const LEAST_SECONDS = 3600

/**
 * A request and a limit from what was measured while all was well: the p95 and the peak of the runs that ended otherwise, and of the time before a jump. A
 * leak has no size that is right, a need cut off at the limit shows no peak: for those nothing is said here.
 */
export function sizesByCurve(facts: IncidentFacts): readonly Recommendation[] {
  const curve = ownCurve(facts)
  const target = targetOf(facts)
  if (curve === null || curve.of !== 'container' || curve.clock !== 'utc' || target === null || target.container === null) return []
  const well = healthy(curve, facts)
  const [from = 0, to = 0] = [curve.us[0], curve.us.at(-1)]
  if (well.length < LEAST_SAMPLES || to - from < LEAST_SECONDS * 1e6) return []
  const sorted = well.toSorted((a, b) => a - b)
  const [p95, peak] = [sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0, sorted.at(-1) ?? 0]
  const room = roomOf(facts)
  const request = Math.min(roundUp(p95), roundDown(room?.requestBytes ?? Number.POSITIVE_INFINITY))
  const limit = Math.min(Math.max(roundUp(peak * HEADROOM), request), roundDown(room?.limitBytes ?? Number.POSITIVE_INFINITY))
  if (request <= 0 || limit < peak || request < p95) return []
  const present = presentLimit(facts)
  const limits = present !== null && limit <= present ? '' : ` --limits=memory=${quantity(limit)}`
  return [
    {
      text: say`Size ${groupOf(facts)} by what it was seen to need: a request of ${bytes(request)}, ${limits === '' ? say`and no limit below ${bytes(limit)}` : say`a limit of ${bytes(limit)}`}.`,
      why: say`While all was well it held no more than ${bytes(Math.round(p95))} for 95 % of the time and ${bytes(Math.round(peak))} at most (${well.length} samples over ${seconds(Math.round((to - from) / 1e6))}); the limit has a quarter above that${room === null ? say`` : say`, within the ${bytes(room.limitBytes)} that the node can give`}.`,
      command: target.settable
        ? `${target.cli} set resources${inNamespace(target.namespace)} ${refOf(target)} -c ${shellWord(target.container)} --requests=memory=${quantity(request)}${limits}`
        : null,
      when: 'prevent',
      effect: say`Rolls every replica. Lost at the next deploy unless the manifest is changed too.`,
      owner: 'application',
    },
  ]
}

/** Samples of ordinary work, in bytes. */
function healthy(curve: Curve, facts: IncidentFacts): number[] {
  const before = (to: number): number[] => curve.bytes.filter((_, at) => (curve.us[at] ?? 0) < to)
  if (curve.shape === 'spike' && curve.spikeUs !== null) return before(curve.spikeUs)
  if (curve.shape === 'growth' || curve.shape === 'plateau' || curve.shape === 'unknown') return []
  const capped = curve.limitBytes !== null && curve.peakBytes >= 0.95 * curve.limitBytes
  const death = facts.incident.first.epochUs
  return capped || death === null ? [] : before(death)
}
