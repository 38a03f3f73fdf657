import { bytes, count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { victimOf } from '../words.ts'
import { isRanked, tableConfidence, tableMissing } from './table.ts'

/** First by the kernel's own measure, with and without adjustments. */
export const largest = defineRule({
  question: 'selection',
  id: 'largest',
  title: 'It was the largest',
  needs: ['scores'],
  weight: 50,
  evaluate(facts) {
    const victim = facts.scores.victim
    if (!isRanked(facts) || victim === null) return null
    const eligible = facts.scores.tasks.filter((task) => task.eligible).length
    const close = facts.scores.difference === 'close-figures'
    if (eligible < 2 || facts.scores.shieldedGiant !== null) return null
    const first = victim.unadjustedRank === 1 && (victim.rank === 1 || victim.rank === null)
    if (!first && !(close && (victim.unadjustedRank ?? 99) <= 3)) return null
    const size = victim.row.rssBytes ?? 0
    return {
      confidence: close || victim.rank === null ? 'medium' : tableConfidence(facts),
      statement: say`${upper(victimOf(facts))} was the largest of the ${count(eligible)} processes that could be killed (${bytes(size)} resident${swap(victim.row.swapBytes)}).`,
      evidence: evidence([victim.row.quote], killLines(facts, 1), lines(facts, 'tableHead')),
      against: close ? say`Another process is a little larger in the table, which was written after the choice.` : null,
    }
  },
  settledBy: tableMissing,
})

function swap(size: number | null) {
  return size === null || size === 0 ? say`` : say`, ${bytes(size)} in swap`
}
