import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import type { IncidentFacts } from '../facts.ts'

/** memory.high throttles and reclaims; it never kills. Only an incident without a kernel kill can be that. */
export const memoryHighThrottling = defineRule({
  question: 'rootCause',
  id: 'memory-high-throttling',
  title: 'Throttled by memory.high',
  needs: [],
  weight: 40,
  evaluate(facts) {
    const found = throttled(facts)
    if (facts.kill !== null || found === null) return null
    return {
      confidence: 'medium',
      statement: say`${code(found.path)} was throttled at its ${code('memory.high')} (${found.high} times) and not killed.`,
      evidence: evidence([found.quote]),
      against: null,
    }
  },
})

/** A cgroup whose memory.events count throttling and no kill. */
export function throttled(facts: Pick<IncidentFacts, 'cgroups'>) {
  for (const cgroup of facts.cgroups) {
    const events = cgroup.files['memory.events'] ?? null
    const high = Number(/(?:^|\s)high (?<n>\d+)/.exec(events?.value ?? '')?.groups?.['n'] ?? 0)
    const kills = Number(/(?:^|\s)oom_kill (?<n>\d+)/.exec(events?.value ?? '')?.groups?.['n'] ?? 0)
    if (events !== null && high > 0 && kills === 0) return { path: cgroup.path, high, quote: events.quote }
  }
  return null
}
