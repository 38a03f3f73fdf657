import { bytes, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { victimOf } from '../words.ts'
import { figuresMissing } from './held.ts'

export const unknownConsumer = defineRule({
  question: 'consumer',
  id: 'unknown',
  title: 'Not in the log',
  needs: [],
  weight: 0,
  evaluate(facts) {
    const own = facts.kill?.anonRssBytes ?? null
    const statement =
      own === null
        ? say`What filled the memory is not in the log: there are no figures of that moment.`
        : say`The killed process ${victimOf(facts)} held ${bytes(own)} of its own; against what total is not in the log.`
    return { confidence: 'low', statement, evidence: evidence(own === null ? [] : killLines(facts, 1)), against: null }
  },
  settledBy: (facts) => {
    const missing = figuresMissing(facts)
    if (missing.length > 0) return missing
    return [
      {
        text: say`Usage by process and class over time: the figures of the report name no main consumer.`,
        command: 'ps aux --sort=-rss | head -20; cat /proc/meminfo',
      },
    ]
  },
})
