import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines, lines } from '../evidence.ts'
import { isMemcgKill } from './signs.ts'

/** The runtime's own words show a heap ceiling above the cgroup's limit: it sized itself by the host. */
export const runtimeUnawareOfCgroup = defineRule({
  question: 'rootCause',
  id: 'runtime-unaware-of-cgroup',
  title: 'The runtime does not see the limit',
  needs: ['kill', 'memcgLimit'],
  weight: 70,
  evaluate(facts) {
    const limit = facts.memcgLimit.limitBytes
    const told = facts.context.runtimes.find(({ event }) => limit !== null && (event.heapLimitBytes ?? 0) > limit)
    if (!isMemcgKill(facts) || told === undefined || limit === null) return null
    return {
      confidence: 'medium',
      statement: say`The ${code(told.event.runtime)} runtime believed it may use ${bytes(told.event.heapLimitBytes ?? 0)}, more than the limit of ${bytes(limit)}: it sized itself by the host, not by the cgroup.`,
      evidence: evidence(eventLines([told]), lines(facts, 'memory'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Set the runtime's memory ceiling explicitly, below ${bytes(facts.memcgLimit.limitBytes ?? 0)}, or update it: JVMs before 8u372, 11.0.16 and 15 do not read cgroup v2.`,
      why: say`A runtime that sees the host's memory never collects in time.`,
      command: null,
      when: 'now',
    },
  ],
})
