import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { exhaustedHeaps } from '../limit/runtime-heap.ts'

/** The runtime ran out inside its own heap: no kernel kill, an OutOfMemoryError or a fatal error of its own. */
export const runtimeHeapTooSmall = defineRule({
  question: 'rootCause',
  id: 'runtime-heap-too-small',
  title: "The runtime's heap is too small, or leaks",
  needs: [],
  weight: 80,
  evaluate(facts) {
    const [first] = exhaustedHeaps(facts)
    if (facts.incident.nature !== 'runtime-heap' || first === undefined) return null
    const limit = first.event.heapLimitBytes
    return {
      confidence: 'medium',
      statement: say`The heap of the ${code(first.event.runtime)} runtime${limit === null ? say`` : say` (${bytes(limit)})`} was too small for what the program kept, or the program keeps too much; the log cannot tell which.`,
      evidence: evidence(eventLines(exhaustedHeaps(facts), 3)),
      against: null,
    }
  },
  recommend(facts) {
    const [first] = exhaustedHeaps(facts)
    const limit = first?.event.heapLimitBytes ?? null
    return [
      {
        text: say`Take a heap dump at the next failure before the heap${limit === null ? say`` : say` of ${bytes(limit)}`} is raised.`,
        why: say`A leak fills any heap; only what is in it tells.`,
        command: first?.event.runtime === 'jvm' ? 'java -XX:+HeapDumpOnOutOfMemoryError …' : null,
        when: 'find' as const,
      },
    ]
  },
})
