import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'

/** Someone else's SIGKILL. What is no out-of-memory at all makes no incident but a finding: this is for deaths whose killer is unknown. */
export const notOom = defineRule({
  question: 'rootCause',
  id: 'not-oom',
  title: 'No out-of-memory at all',
  needs: ['kill'],
  weight: 45,
  evaluate(facts) {
    if (facts.kill.killer !== 'unknown' || facts.kill.dump !== null) return null
    const stops = facts.context.containers.filter(({ event }) =>
      ['killing', 'probe-failed', 'stop-requested', 'kill-failed'].includes(event.what),
    )
    if (stops.length === 0) return null
    return {
      confidence: 'medium',
      statement: say`The container was stopped on purpose (a probe, a deletion, an expired grace period); nothing says that memory was short.`,
      evidence: evidence(eventLines(stops, 3)),
      against: null,
    }
  },
})
