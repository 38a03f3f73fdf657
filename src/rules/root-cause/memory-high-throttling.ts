import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'

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
    const counter = cgroup.files['memory.events.high'] ?? cgroup.files['memory.events.local.high'] ?? null
    const kills = cgroup.files['memory.events.oom_kill'] ?? cgroup.files['memory.events.local.oom_kill'] ?? null
    const high = Number(counter?.value ?? 0)
    if (counter !== null && high > 0 && Number(kills?.value ?? 0) === 0) return { path: cgroup.path, high, quote: counter.quote }
  }
  return null
}
