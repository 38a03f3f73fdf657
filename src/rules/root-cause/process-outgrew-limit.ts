import { groupOf, machineOf, victimOf } from '../../facts/names.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { lookAtProcess, raiseLimit, watchUsage } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { timesKilled } from '../pattern/runs.ts'
import { spikeByCurve } from './curve.ts'
import { isGlobalKill, isMemcgKill, shareOf } from './signs.ts'

/** The honest answer where the evidence cannot tell a low limit from a leak from a peak. */
export const processOutgrewLimit = defineRule({
  question: 'rootCause',
  id: 'process-outgrew-limit',
  title: 'A process outgrew its limit',
  needs: ['kill'],
  doubt: say`It names no reason; something more specific was found.`,
  weight: 56,
  evaluate(facts) {
    const memcg = isMemcgKill(facts) && facts.limitCgroup !== null
    const spike = spikeByCurve(facts)
    if (!memcg && !isGlobalKill(facts) && spike === null) return null
    if (facts.scores?.shieldedGiant != null || shareOf(facts, 'shmem') > 0.5 || shareOf(facts, 'slab', 'kernel', 'sock') > 0.5) return null
    const own = facts.kill.anonRssBytes
    const limit = facts.memcgLimit?.limitBytes ?? facts.machineAccounting?.totalBytes ?? null
    const share = own === null || limit === null ? null : own / limit
    if (!memcg && spike === null && (share === null || share < 0.3)) return null
    const runs = timesKilled(facts)
    const held =
      own === null
        ? say``
        : say` with ${bytes(own)} of its own${share === null ? say`` : say`, ${percent(Math.min(1, share))} of ${bytes(limit ?? 0)}`}`
    return {
      confidence: memcg || spike !== null ? 'medium' : 'low',
      statement: say`${code(facts.kill.comm ?? 'The process')} outgrew ${memcg ? say`the limit of ${groupOf(facts)}` : say`the memory of ${machineOf(facts)}`}${held}${runs > 1 ? say`, ${count(runs)} times` : say``}. ${spike ?? say`Whether the limit is low, memory leaks, or this was a peak cannot be told from ${runs > 1 ? say`these reports` : say`one report`}.`}`,
      evidence: evidence(killLines(facts, 1), lines(facts, 'memory'), counterLines(facts, 'anon', 'total_rss', 'rss', 'active_anon')),
      against: null,
    }
  },
  recommend: (facts) => [...raiseLimit(facts), ...watchUsage(facts), ...lookAtProcess(facts)],
  settledBy: (facts) =>
    facts.kill === null
      ? []
      : [
          {
            text: say`The memory usage of ${victimOf(facts)} over time: a plateau speaks for a low limit, a ramp for a leak, a spike for a peak.`,
            command: null,
          },
        ],
})
