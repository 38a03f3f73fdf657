import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { areaName, runtimeName } from '../../facts/runtime-names.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { upper } from './memcg-limit.ts'

export function exhaustedHeaps(facts: IncidentFacts) {
  return facts.context.runtimes.filter(({ event }) => event.what === 'heap-exhausted')
}

/** A runtime ran out inside its own heap and gave up by itself; the kernel killed nothing. */
export const runtimeHeap = defineRule({
  question: 'limit',
  id: 'runtime-heap',
  title: "A runtime's own heap limit",
  needs: [],
  weight: 80,
  evaluate(facts) {
    if (facts.incident.nature !== 'runtime-heap') return null
    const [first] = exhaustedHeaps(facts)
    if (first === undefined) return null
    const { runtime, detail, heapLimitBytes } = first.event
    const limit = heapLimitBytes === null ? say`` : say` of ${bytes(heapLimitBytes)}`
    const words = detail === null ? say`` : say` (${code(detail)})`
    const beside = facts.incident.proofsBeside ?? []
    const isSure = beside.length === 0
    return {
      confidence: isSure ? 'high' : 'low',
      statement: isSure
        ? say`${upper(runtimeName(runtime))} ran out of its own ${areaName(first.event.area)}${limit}${words} and ended by itself; the kernel killed nothing.`
        : say`${upper(runtimeName(runtime))} ran out of its own ${areaName(first.event.area)}${limit}${words}; words of a kill stand beside it, which could not be read as a report of one.`,
      evidence: evidence(eventLines(exhaustedHeaps(facts), 3), beside),
      against: isSure ? null : say`Where the kernel killed it, the limit of its container or machine was reached.`,
    }
  },
})
