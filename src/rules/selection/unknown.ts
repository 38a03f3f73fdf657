import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf, victimOf } from '../../facts/names.ts'
import { count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { tableMissing } from './table.ts'

export const unknownSelection = defineRule({
  question: 'selection',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate: (facts) => ({
    confidence: 'low',
    statement:
      facts.kill === null
        ? say`Which process was chosen is not in the log: the report has no line of a kill.`
        : (sacrificed(facts) ??
          say`Why ${facts.kill.comm === null && facts.kill.pid === null ? say`this process` : victimOf(facts)} was chosen ${why(facts)}.`),
    evidence: evidence(lines(facts, 'choice'), facts.kill === null ? [] : killLines(facts, 1)),
    against: null,
  }),
  settledBy: (facts) => {
    const missing = tableMissing(facts)
    if (isCut(facts))
      return [
        { text: say`The whole task table: a part of it is not in the log.`, command: 'journalctl -k -b all -o short-precise --no-pager' },
      ]
    // With a table and a kill line in the log there is nothing more of the report to collect.
    return missing.length > 0 || (facts.kill !== null && (facts.dump?.tasks.length ?? 0) > 0)
      ? missing
      : [
          {
            text: say`The lines after the report's head: the task table and the kill line.`,
            command: 'journalctl -k -b all -o short-precise --no-pager',
          },
        ]
  },
})

/** The choice is known, and that a child was killed instead; why it was the choice is not. */
function sacrificed(facts: IncidentFacts) {
  const chosen = facts.dump?.kills[0]?.sacrificedFor ?? null
  if (chosen === null || facts.kill?.killer !== 'kernel') return null
  const parent = facts.scores?.tasks.find((task) => task.row.pid === chosen.pid) ?? null
  const reason = parent === null ? say`the task table does not hold it` : say`it is not the first by the task table`
  return say`The kernel chose ${nameOf(chosen.comm, chosen.pid)} and, as kernels up to 5.0 do, killed its child ${victimOf(facts)} instead. Why it was the choice is not in the log: ${facts.dump?.tasks.length === 0 ? say`there is no task table` : reason}.`
}

/** Rows are left, not all, and the victim is the first of those: what is missing may have held a larger one. */
function isCut({ kill, scores, dump }: IncidentFacts): boolean {
  if (kill?.killer !== 'kernel' || dump === null || dump.tasksComplete || scores?.victim == null) return false
  return scores.tasks.every((task) => task === scores.victim || task.rank !== 1)
}

function why(facts: IncidentFacts) {
  const { scores, dump } = facts
  if (dump === null || dump.tasks.length === 0) return say`is not in the log: there is no task table`
  if (scores?.victim == null) return say`is not in the log: the task table does not hold it`
  if (isCut(facts))
    return say`is not in the log: of the task table only ${dump.tasks.length === 1 ? say`its row is` : say`${count(dump.tasks.length)} rows are`} left`
  if (dump.era === 0) return say`cannot be recomputed: kernels up to 2.6.35 also counted CPU time and niceness, which are not printed`
  const [top] = scores.tasks.filter((task) => task.rank === 1)
  if (top === undefined) return say`cannot be recomputed: the total that the adjustments are scaled by is not in the log`
  return say`is not explained by the task table, in which ${nameOf(top.row.comm, top.row.pid)} is first`
}
