import { victimOf } from '../../facts/names.ts'
import { count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { holdsNearlyAll, isRanked, tableConfidence } from './table.ts'

/** The only task of the table that may be killed. A table with a part missing may have held others: it proves no such thing. */
export const onlyCandidate = defineRule({
  question: 'selection',
  id: 'only-candidate',
  title: 'It was the only one',
  needs: ['scores'],
  weight: 60,
  evaluate(facts) {
    const victim = facts.scores.victim
    if (!isRanked(facts) || victim === null || facts.scores.shieldedGiant !== null || !facts.dump?.tasksComplete) return null
    const eligible = facts.scores.tasks.filter((task) => task.eligible)
    if (eligible.length !== 1 || eligible[0] !== victim) return null
    const shielded = facts.scores.tasks.length - 1
    const isInit = facts.scores.tasks.some((task) => !task.eligible && task.row.pid === 1)
    const why = !isInit ? say`oom_score_adj −1000` : shielded === 1 ? say`process 1` : say`process 1, oom_score_adj −1000`
    const rest = shielded === 0 ? say`no other process lived there` : say`the other ${count(shielded)} may not be killed (${why})`
    const confidence = tableConfidence(facts)
    return {
      confidence: confidence === 'high' && !holdsNearlyAll(facts) ? 'medium' : confidence,
      statement: say`${upper(victimOf(facts))} was the only process that could be killed: ${rest}.`,
      evidence: evidence([victim.row.quote], killLines(facts, 1), lines(facts, 'tableHead')),
      against: null,
    }
  },
})
