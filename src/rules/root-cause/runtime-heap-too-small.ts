import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { exhaustedHeaps } from '../limit/runtime-heap.ts'
import { commandWords, heapCeiling } from './signs.ts'

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
    const container = facts.container?.limitBytes ?? null
    const words = commandWords(facts)
    const ceiling = words === null ? null : heapCeiling(words.text, container?.value ?? 0)
    const size = ceiling?.bytes ?? limit
    return {
      confidence: 'medium',
      statement: say`The heap of the ${code(first.event.runtime)} runtime${size === null ? say`` : say` (${bytes(size)}${ceiling === null ? say`` : say`, set by ${code(ceiling.flag)}`})`} was too small for what the program kept, or the program keeps too much; the log cannot tell which.${room(size, container?.value ?? null)}`,
      evidence: evidence(eventLines(exhaustedHeaps(facts), 3), [container?.quote], words?.quotes.slice(0, 1) ?? []),
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

/** A runtime needs some memory beside its heap: a quarter of the limit is room for a larger heap, less is not. */
function room(heap: number | null, limit: number | null): Phrase {
  if (heap === null || limit === null || heap <= 0) return say``
  return heap <= limit * 0.75
    ? say` The container's limit of ${bytes(limit)} leaves room for a larger heap.`
    : say` The container's limit of ${bytes(limit)} leaves no room for a larger heap.`
}
