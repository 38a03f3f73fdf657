import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'

export const unknownConsequence = defineRule({
  question: 'consequence',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate: () => ({ confidence: 'low', statement: say`What came of it is not in the log.`, evidence: [], against: null }),
  settledBy: () => [
    {
      text: say`The lines after the report, and what the kubelet, the runtime or systemd wrote then.`,
      command: 'journalctl -b all -o short-precise --no-pager',
    },
  ],
})
