import { bytes, code, say } from '../../text/say.ts'
import { commandFor } from '../advice/look-inside.ts'
import { subjectOf } from '../advice/subject.ts'
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
  recommend(facts) {
    const subject = subjectOf(facts)
    return [
      {
        text: say`Set the runtime's memory ceiling explicitly, to three quarters of ${bytes(facts.memcgLimit.limitBytes ?? 0)} at most, or update it: JVMs before 8u372, 11.0.16 and 15 do not read cgroup v2.`,
        why: say`A runtime that sees the host's memory never collects in time.`,
        command:
          subject === null
            ? null
            : commandFor(
                facts,
                subject,
                subject.comm === 'java' ? 'java -XX:+PrintFlagsFinal -version | grep -E "MaxHeapSize|UseContainerSupport"' : null,
              ),
        when: 'now',
        effect: say`The command changes nothing: it shows what the runtime takes its ceiling to be. The setting takes a restart.`,
        owner: 'application',
      },
    ]
  },
})
