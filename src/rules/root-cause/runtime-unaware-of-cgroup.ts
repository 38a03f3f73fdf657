import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { runtimeName } from '../../facts/runtime-names.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { commandFor } from '../advice/look-inside.ts'
import { roundDown, wholeMib } from '../advice/sizes.ts'
import { subjectOf } from '../advice/subject.ts'
import { HEAP_SHARE } from '../advice/suggest.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
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
      statement: say`${upper(runtimeName(told.event.runtime))} took ${bytes(told.event.heapLimitBytes ?? 0)} as the maximum of its heap, more than the limit of ${bytes(limit)}: it sized itself by the host, not by the cgroup.`,
      evidence: evidence(eventLines([told]), lines(facts, 'memory'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend(facts) {
    const subject = subjectOf(facts)
    return [
      {
        text: say`Set the heap's maximum explicitly${flagFor(facts)}: three quarters of ${bytes(facts.memcgLimit.limitBytes ?? 0)} at most.${updateOf(facts)}`,
        why: say`A runtime that sees the host's memory never collects in time.`,
        command:
          subject === null
            ? null
            : commandFor(
                facts,
                subject,
                runtimeThatSpoke(facts) === 'jvm' ? 'java -XX:+PrintFlagsFinal -version | grep -E "MaxHeapSize|UseContainerSupport"' : null,
              ),
        when: 'now',
        effect: say`The command changes nothing: it shows what the runtime takes as its maximum. The setting takes a restart.`,
        lookFirst: true,
        owner: 'application',
      },
    ]
  },
})

/** Which versions do not read the limit: JVMs before 8u372, 11.0.16 and 15 on cgroup v2 (JDK-8230305), Node.js before 12.17 and 20.3 (libuv 1.45). */
const OLD: Readonly<Record<string, string>> = {
  jvm: 'JVMs before 8u372, 11.0.16 and 15 do not read cgroup v2',
  node: 'Node.js before 20.3 does not read cgroup v2',
}

const updateOf = (facts: IncidentFacts): Phrase => {
  const old = OLD[runtimeThatSpoke(facts) ?? '']
  return old === undefined ? say`` : say` Or update the runtime: ${old}.`
}

const runtimeThatSpoke = (facts: IncidentFacts): string | null =>
  facts.context.runtimes.find(({ event }) => (event.heapLimitBytes ?? 0) > (facts.memcgLimit?.limitBytes ?? 0))?.event.runtime ?? null

/** The flag with its size, where the runtime that spoke has one. */
function flagFor(facts: IncidentFacts): Phrase {
  const limit = facts.memcgLimit?.limitBytes ?? 0
  const runtime = runtimeThatSpoke(facts)
  const size = wholeMib(roundDown(limit * HEAP_SHARE))
  if (size < 16) return say``
  return runtime === 'jvm' ? say` (${code(`-Xmx${size}m`)})` : runtime === 'node' ? say` (${code(`--max-old-space-size=${size}`)})` : say``
}
