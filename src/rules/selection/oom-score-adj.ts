import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf, victimOf } from '../../facts/names.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import { subjectOfAdj } from '../../kube/oom-score-adj.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, say } from '../../text/say.ts'
import { requestOfVictim } from '../advice/requests.ts'
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
      statement: say`${upper(victimOf(facts))} (oom_score_adj ${own}, ${bytes(victim.row.rssBytes ?? 0)} resident) was killed although ${nameOf(spared.row.comm, spared.row.pid)} was larger (${bytes(spared.row.rssBytes ?? 0)}): ${other >= 0 && spared.eligible ? say`the victim's oom_score_adj raised it above that process, whose own is ${other}` : say`its oom_score_adj of ${other}${setBy(other, spared.row.comm)} ${spared.eligible ? say`shielded it` : say`forbids killing it`}`}.`,
      evidence: evidence([victim.row.quote, spared.row.quote], killLines(facts, 1), lines(facts, 'tableHead')),
      against: much ? null : say`The two differ by less than a fifth, and the table was written after the choice.`,
    }
  },
  recommend: (facts) => requestOfVictim(facts),
  settledBy: tableMissing,
})

/** Who sets such a value, where it is one of the kubelet's (kubernetes-oom §3): it comes back with the next start, whatever is written over it. */
function setBy(adj: number, comm: string): Phrase {
  const subject = subjectOfAdj(adj, comm)
  if (subject === 'guaranteed-or-critical') return say` (the value that the kubelet sets for Guaranteed and node-critical pods)`
  if (subject === 'sandbox') return say` (the value of a pod's sandbox)`
  return adj === -999 ? say` (the value of the kubelet and the container runtime)` : []
}

/** The task that would have been first without adjustments, when a lower adjustment is what kept it. */
function sparedTask(facts: IncidentFacts) {
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
