import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf, podName, victimOf } from '../../facts/names.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { isRanked, tableConfidence, tableMissing } from './table.ts'

/** An adjustment raised the victim above, or shielded, something larger. */
export const oomScoreAdj = defineRule({
  question: 'selection',
  id: 'oom-score-adj',
  title: 'An adjustment decided',
  needs: ['scores'],
  weight: 70,
  evaluate(facts) {
    const victim = facts.scores.victim
    const spared = sparedTask(facts)
    // Of an eviction's incident the report is of a later kill: it tells nothing of the kubelet's choice.
    if (victim === null || spared === null || (facts.kill !== null && facts.kill.killer !== 'kernel')) return null
    const own = adjustmentOf(victim.row) ?? 0
    const other = adjustmentOf(spared.row) ?? 0
    const much = facts.scores.shieldedGiant !== null || (spared.unadjusted ?? 0) > (victim.unadjusted ?? 0) * 1.2
    return {
      confidence: much && facts.scores.difference !== 'unexplained' ? tableConfidence(facts) : 'medium',
      statement: say`${upper(victimOf(facts))} (oom_score_adj ${own}, ${bytes(victim.row.rssBytes ?? 0)} resident) died although ${nameOf(spared.row.comm, spared.row.pid)} was larger (${bytes(spared.row.rssBytes ?? 0)}): ${other >= 0 && spared.eligible ? say`the victim's oom_score_adj raised it above that process, whose own is ${other}` : say`its oom_score_adj of ${other} ${spared.eligible ? say`shielded it` : say`forbids killing it`}`}.`,
      evidence: evidence([victim.row.quote, spared.row.quote], killLines(facts, 1), lines(facts, 'tableHead')),
      against: much ? null : say`The two differ by less than a fifth, and the table was written after the choice.`,
    }
  },
  recommend(facts) {
    const spared = sparedTask(facts)
    if (spared === null || (facts.kill !== null && facts.kill.killer !== 'kernel')) return []
    const adj = adjustmentOf(spared.row) ?? 0
    if (adj >= 0 && spared.eligible) return lowerVictims(facts)
    return [
      {
        text: say`Take back the oom_score_adj of ${adjustmentOf(spared.row) ?? 0} of ${code(spared.row.comm)} (PID ${spared.row.pid}, ${bytes(spared.row.rssBytes ?? 0)} resident) unless it must outlive everything else.`,
        why: say`While it is shielded, its growth kills whatever else is there, however small.`,
        command: `choom -p ${spared.row.pid}`,
        when: 'now' as const,
      },
    ]
  },
  settledBy: tableMissing,
})

/** The adjustment that decided is the victim's: the kubelet derives it from the memory request (1000 is BestEffort). */
function lowerVictims(facts: IncidentFacts) {
  const victim = facts.scores?.victim ?? null
  if (victim === null) return []
  const pod = podName(facts)
  return [
    {
      text: say`Give ${pod === null ? code(victim.row.comm) : say`pod ${code(pod)}`} a memory request (its process held ${bytes(victim.row.rssBytes ?? 0)}), so that its oom_score_adj falls from ${adjustmentOf(victim.row) ?? 0}.`,
      why: say`With it the kernel takes that process before far larger ones.`,
      command: null,
      when: 'prevent' as const,
    },
  ]
}

/** The task that would have been first without adjustments, when a lower adjustment is what kept it. */
export function sparedTask(facts: IncidentFacts) {
  const scores = facts.scores
  const victim = scores?.victim ?? null
  if (!isRanked(facts) || scores === null || victim === null || facts.dump?.groupMemcg != null) return scores?.shieldedGiant ?? null
  if (scores.shieldedGiant !== null) return scores.shieldedGiant
  const first = scores.tasks.find((task) => task.unadjustedRank === 1) ?? null
  if (first === null || first === victim || victim.unadjustedRank === null) return null
  if (facts.dump?.kills.some((kill) => kill.pid === first.row.pid)) return null
  const lower = !first.eligible || (adjustmentOf(first.row) ?? 0) < (adjustmentOf(victim.row) ?? 0)
  return lower ? first : null
}
