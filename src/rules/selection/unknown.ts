import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { victimOf } from '../words.ts'
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
        : say`Why ${victimOf(facts)} was chosen is not in the log: there is no task table that holds it.`,
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
