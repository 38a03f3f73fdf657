import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf, victimOf } from '../../facts/names.ts'
import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
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
        : say`Why ${victimOf(facts)} was chosen ${why(facts)}.`,
    evidence: evidence(facts.kill === null ? [] : killLines(facts, 1)),
    against: null,
  }),
  settledBy: (facts) => {
    const missing = tableMissing(facts)
    return missing.length > 0
      ? missing
      : [
          {
            text: say`The lines after the report's head: the task table and the kill line.`,
            command: 'journalctl -k -b all -o short-precise --no-pager',
          },
        ]
  },
})

function why(facts: IncidentFacts) {
  const { scores, dump } = facts
  if (dump === null || dump.tasks.length === 0) return say`is not in the log: there is no task table`
  if (scores?.victim == null) return say`is not in the log: the task table does not hold it`
  if (dump.era === 0) return say`cannot be recomputed: kernels up to 2.6.35 also counted CPU time and niceness, which are not printed`
  const [top] = scores.tasks.filter((task) => task.rank === 1)
  if (top === undefined) return say`cannot be recomputed: the total that the adjustments are scaled by is not in the log`
  return say`is not explained by the task table, in which ${nameOf(top.row.comm, top.row.pid)} is first`
}
