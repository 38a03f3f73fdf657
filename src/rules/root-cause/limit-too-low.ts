import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { groupOf } from '../../facts/names.ts'
import { bytes, count, say, seconds } from '../../text/say.ts'
import { alertBefore, watchHistory } from '../advice/history.ts'
import { presentLimit } from '../advice/need.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { sizesByCurve } from '../advice/sizes-by-curve.ts'
import { limitSetBefore } from '../advice/take-back.ts'
import { usageOverTime } from '../advice/usage-query.ts'
import { beforeKill, type Change } from '../changes.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { timesKilled } from '../pattern/runs.ts'
import { giantOf } from './claims.ts'
import { lowLimitByCurve } from './curve.ts'
import { isMemcgKill, lifetimeSeconds, longLife, shareOf } from './signs.ts'

/** The limit is below the steady need: kills again and again, not by uptime, anonymous memory dominates. One report cannot tell it. */
export const limitTooLow = defineRule({
  question: 'rootCause',
  id: 'limit-too-low',
  title: 'The limit is below the steady need',
  needs: ['kill'],
  weight: 55,
  evaluate(facts) {
    const curve = lowLimitByCurve(facts)
    if (curve !== null) return curve
    const runs = timesKilled(facts)
    const limit = presentLimit(facts)
    if (!isMemcgKill(facts) || isShared(facts) || limit === null || shareOf(facts, 'anon') < 0.5 || giantOf(facts) !== null) return null
    const set = limitSetBefore(facts)
    if (set !== null) return sinceSet(facts, set, limit)
    const request = facts.container?.requestBytes?.value ?? null
    const life = lifetimeSeconds(facts)
    const long = longLife(facts)
    return {
      confidence: 'low',
      statement: say`${upper(groupOf(facts))} may simply need more than ${bytes(limit)}${runs > 1 ? say`: it reached its limit ${count(runs)} times` : say``}${request !== null && request < limit ? say`; it requests only ${bytes(request)}` : say``}.`,
      evidence: evidence(lines(facts, 'memory'), killLines(facts, 1), [facts.container?.limitBytes?.quote]),
      against:
        life !== null && life < 90
          ? say`It was killed right after its start.`
          : long !== null
            ? say`It had run for ${seconds(long)} under it.`
            : say`Nothing shows its steady need: a leak or a peak ends in the same report.`,
    }
  },
  recommend: (facts) => [...raiseLimit(facts), ...sizesByCurve(facts), ...watchHistory(facts), ...alertBefore(facts)],
  settledBy: (facts) => (isMemcgKill(facts) ? usageOverTime(facts) : []),
})

/** A limit that somebody set within the hour, and that usage then reached: before it there was no kill. */
function sinceSet(facts: IncidentFacts, set: Change, limit: number) {
  return {
    confidence: 'medium' as const,
    statement: say`The limit of ${groupOf(facts)}, ${bytes(limit)}, was set ${beforeKill(set)}, and usage then reached it: most likely it is below what is needed.`,
    evidence: evidence(set.quotes, lines(facts, 'memory'), killLines(facts, 1)),
    against: say`Whether memory had grown as far under the former limit is not in the input.`,
  }
}

/** What the kubelet leaves to all pods is no limit that somebody set too low for one of them. */
const isShared = (facts: IncidentFacts): boolean => facts.limitCgroup?.level === 'kubepods' || facts.limitCgroup?.level === 'qos'
