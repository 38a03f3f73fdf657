import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { commandWords, heapCeiling, isMemcgKill, isStatusOnly, lifetimeSeconds } from './signs.ts'

/** The heap alone may take (nearly) the whole limit: nothing is left for threads, code, buffers (kubernetes-oom §7: 4, 7, 8). */
export const runtimeHeapFillsLimit = defineRule({
  question: 'rootCause',
  id: 'runtime-heap-fills-limit',
  title: 'The heap ceiling leaves no room below the limit',
  needs: ['kill'],
  weight: 76,
  evaluate(facts) {
    const found = heapOf(facts)
    if (found === null || !(isMemcgKill(facts) || isStatusOnly(facts))) return null
    const share = found.heap.bytes / found.limit
    if (share < 0.8) return null
    // Below the limit the ceiling only leaves little room; a process that dies at its start has hardly filled its heap.
    const early = (lifetimeSeconds(facts) ?? Number.POSITIVE_INFINITY) < 90
    const sure = share >= 1 && found.quotes.length > 0 && isMemcgKill(facts)
    return {
      confidence: sure ? facts.trust : early ? 'low' : 'medium',
      statement: say`${code(found.heap.flag)} lets the heap alone grow to ${bytes(found.heap.bytes)}, ${percent(share)} of the limit of ${bytes(found.limit)}: threads, code and buffers come on top.`,
      evidence: evidence(found.quotes, lines(facts, 'memory'), killLines(facts, 1)),
      against: sure || !early ? null : say`It was killed so soon after its start that the heap had hardly been used.`,
    }
  },
  recommend(facts) {
    const found = heapOf(facts)
    if (found === null) return []
    return [
      {
        text: say`Lower the heap ceiling from ${bytes(found.heap.bytes)} (${code(found.heap.flag)}) to about ${bytes(found.limit * 0.7)}, 70 % of the limit of ${bytes(found.limit)}.`,
        why: say`Below its ceiling a runtime lets garbage lie; the kernel does not wait for its collector.`,
        command: null,
        when: 'now' as const,
      },
    ]
  },
})

function heapOf(facts: IncidentFacts) {
  const limit = facts.memcgLimit?.limitBytes ?? facts.container?.limitBytes?.value ?? null
  const words = commandWords(facts)
  if (limit === null || words === null) return null
  const heap = heapCeiling(words.text, limit)
  return heap === null || !isOf(heap.runtime, facts.kill?.comm ?? null) ? null : { heap, limit, quotes: words.quotes }
}

/** Flags speak for their own runtime's process only; an unknown name may be any. */
function isOf(runtime: 'jvm' | 'node' | 'go', comm: string | null): boolean {
  if (comm === null || runtime === 'go') return true
  return runtime === 'jvm' ? comm === 'java' : /^(?:node|MainThread|npm)/.test(comm)
}
