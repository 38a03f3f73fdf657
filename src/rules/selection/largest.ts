import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf, victimOf } from '../../facts/names.ts'
import type { ScoredTask } from '../../model/figures.ts'
import { bytes, count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
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
    if (facts.scores.difference === 'child-sacrifice') return sacrificed(facts)
    const close = facts.scores.difference === 'close-figures'
    if (eligible < 2 || facts.scores.shieldedGiant !== null) return null
    const first = victim.unadjustedRank === 1 && (victim.rank === 1 || victim.rank === null)
    if (!first && !(close && victim.unadjustedRank !== null && victim.unadjustedRank <= 3)) return null
    const ofTable = tableConfidence(facts)
    // Rows that hold the most of it are not in the log: any of them may have been larger.
    const lacking =
      ofTable === 'low' ? say`; the rows in the log hold less than half of the processes' memory, so a larger one may be missing` : say``
    return {
      confidence: ofTable === 'low' ? 'low' : close || victim.rank === null ? 'medium' : ofTable,
      statement: say`${upper(victimOf(facts))} was the largest of the ${count(eligible)} processes that could be killed (${bytes(victim.row.rssBytes ?? 0)} resident${swap(victim.row.swapBytes)})${lacking}.`,
      evidence: evidence([victim.row.quote], killLines(facts, 1), lines(facts, 'tableHead')),
      against: close ? say`Another process is a little larger in the table, which was written after the choice.` : null,
    }
  },
  alternative: (facts) => say`${upper(victimOf(facts))} was large: its size alone may have been enough to be chosen.`,
  settledBy: tableMissing,
})

function swap(size: number | null) {
  return size === null || size === 0 ? say`` : say`, ${bytes(size)} in swap`
}

/** First, or level with the first: of tasks with one badness (all of them at the floor, in a pod of −998) the one that stands earlier in the list stays chosen. */
function isAsGoodAsFirst(facts: IncidentFacts, task: ScoredTask): boolean {
  const top = facts.scores?.tasks.find((one) => one.rank === 1) ?? null
  return task.rank === 1 || (top !== null && task.badness !== null && task.badness === top.badness)
}

/** Up to 5.0 the kernel chose the largest and then killed its worst child instead, to lose less work. */
function sacrificed(facts: IncidentFacts) {
  const chosen = facts.dump?.kills[0]?.sacrificedFor ?? null
  const parent = facts.scores?.tasks.find((task) => task.row.pid === chosen?.pid) ?? null
  if (chosen === null || parent === null || !isAsGoodAsFirst(facts, parent)) return null
  return {
    confidence: 'medium' as const,
    statement: say`The kernel chose ${nameOf(chosen.comm, chosen.pid)} as the largest (${bytes(parent.row.rssBytes ?? 0)} resident) and, as kernels up to 5.0 do, killed its child ${victimOf(facts)} instead.`,
    evidence: evidence(lines(facts, 'choice'), [parent.row.quote], killLines(facts, 1)),
    against: say`The victim itself is not the largest.`,
  }
}
