import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { boundRuntime, lowerHeap } from '../advice/bound-runtime.ts'
import { ceilingOf } from '../advice/ceiling.ts'
import { commandWords } from '../advice/command-words.ts'
import { alertBefore, watchHistory } from '../advice/history.ts'
import { lookInside } from '../advice/look-inside.ts'
import { presentLimit } from '../advice/need.ts'
import { raiseLimit } from '../advice/raise-limit.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { pairOf } from './fork-copy-on-write.ts'
import { isMemcgKill, isStatusOnly, lifetimeSeconds } from './signs.ts'

/** The heap alone may take (nearly) the whole limit: nothing is left for threads, code, buffers (kubernetes-oom §7: 4, 7, 8). */
export const runtimeHeapFillsLimit = defineRule({
  question: 'rootCause',
  id: 'runtime-heap-fills-limit',
  title: 'The heap or cache may fill the limit',
  needs: ['kill'],
  weight: 76,
  evaluate(facts) {
    const found = heapOf(facts)
    if (found === null || !(isMemcgKill(facts) || isStatusOnly(facts))) return null
    const share = found.heap.bytes / found.limit
    if (share < leastShare(found.heap.runtime) || (share < 1 && isHalfEmpty(facts, found.heap.bytes))) return null
    // Below the limit the ceiling only leaves little room; a process that dies at its start has hardly filled its heap.
    const early = (lifetimeSeconds(facts) ?? Number.POSITIVE_INFINITY) < 90
    const sure = share >= 1 && found.quotes.length > 0 && isMemcgKill(facts)
    const over = found.heap.bytes - found.limit
    return {
      confidence: sure ? facts.trust : early ? 'low' : 'medium',
      statement:
        share > 1
          ? say`${code(found.heap.flag)} lets the ${found.heap.what} alone grow to ${bytes(found.heap.bytes)}, ${bytes(over)} above the limit of ${bytes(found.limit)}: the kernel kills before the program has a reason to free any.`
          : say`${code(found.heap.flag)} lets the ${found.heap.what} alone grow to ${bytes(found.heap.bytes)}, ${percent(share)} of the limit of ${bytes(found.limit)}: ${found.heap.beside} come on top.`,
      evidence: evidence(found.quotes, lines(facts, 'memory'), killLines(facts, 1)),
      against: sure || !early ? null : say`It was killed so soon after its start that the ${found.heap.what} had hardly been used.`,
    }
  },
  recommend: (facts) => [
    ...lowerHeap(facts),
    ...raiseLimit(facts, lowerHeap(facts).length > 0 ? say`Or, if the program needs that much,` : null),
    ...lookInside(facts),
    ...watchHistory(facts),
    // The ceiling that is too high is lowered above, by a size of its own.
    ...(lowerHeap(facts).length > 0 ? [] : boundRuntime(facts)),
    ...alertBefore(facts),
  ],
})

/** Go's GOMEMLIMIT counts all of the runtime's memory, not the heap alone: up to 95 % of the limit is its use. */
const leastShare = (runtime: string): number => (runtime === 'go' ? 0.97 : 0.8)

/** The process never came near the ceiling: what filled the limit lies beside it (a fork that saves, workers of another name). */
function isHalfEmpty(facts: IncidentFacts, ceiling: number): boolean {
  const held = facts.composition?.largest?.bytes ?? null
  return held !== null && held < ceiling * (pairOf(facts) === null ? 0.7 : 0.95)
}

function heapOf(facts: IncidentFacts) {
  const limit = presentLimit(facts)
  const heap = ceilingOf(facts)
  return limit === null || heap === null ? null : { heap, limit, quotes: commandWords(facts)?.quotes ?? [] }
}
