import { say } from '../../text/say.ts'
import { figuresMissing } from '../consumer/held.ts'
import { defineRule } from '../define-rule.ts'

export const unknownCause = defineRule({
  question: 'rootCause',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate: () => ({ confidence: 'low', statement: say`The root cause cannot be told from what was read.`, evidence: [], against: null }),
  settledBy: (facts) => {
    const figures = figuresMissing(facts)
    return figures.length > 0
      ? figures
      : [
          {
            text: say`The history of this workload's memory, and what changed on the machine before.`,
            command: 'journalctl -b all -o short-precise --no-pager',
          },
        ]
  },
})
