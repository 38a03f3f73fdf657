import { victimOf } from '../../facts/names.ts'
import { adjustmentOf } from '../../kernel/badness.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { sparedTask } from '../selection/oom-score-adj.ts'
import { tableConfidence } from '../selection/table.ts'

/** The largest process is protected by its adjustment; an innocent died for it. */
export const shieldedGiant = defineRule({
  question: 'rootCause',
  id: 'shielded-giant',
  title: 'A protected process holds the memory',
  needs: ['scores'],
  weight: 78,
  evaluate(facts) {
    const giant = facts.scores.shieldedGiant
    const victim = facts.scores.victim
    if (giant === null || victim === null || facts.kill?.killer !== 'kernel') return null
    const size = (giant.row.rssBytes ?? 0) + (giant.row.swapBytes ?? 0)
    const share = size / (facts.composition?.usedBytes ?? Number.POSITIVE_INFINITY)
    const much = share >= 0.25 || facts.composition === null
    return {
      confidence: much ? tableConfidence(facts) : 'medium',
      statement: say`${code(giant.row.comm)} (PID ${giant.row.pid}) held ${bytes(size)}${share > 0 ? say`, ${percent(Math.min(1, share))} of what was in use` : say``}, and its oom_score_adj of ${adjustmentOf(giant.row) ?? 0} against the victim's ${adjustmentOf(victim.row) ?? 0} kept it alive; ${victimOf(facts)} with ${bytes(victim.row.rssBytes ?? 0)} died in its stead.`,
      evidence: evidence([giant.row.quote, victim.row.quote], killLines(facts, 1)),
      against: much ? null : say`It held less than a quarter of what was in use.`,
    }
  },
  recommend(facts) {
    const giant = sparedTask(facts)
    if (giant === null) return []
    return [
      {
        text: say`Limit what ${code(giant.row.comm)} may use (it held ${bytes(giant.row.rssBytes ?? 0)}), by its own cgroup or its configuration.`,
        why: say`It grows at the cost of everything beside it.`,
        command: `cat /proc/${giant.row.pid}/cgroup`,
        when: 'now' as const,
      },
    ]
  },
})
