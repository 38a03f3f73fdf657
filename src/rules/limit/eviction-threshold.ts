import { machineOf, podName } from '../../facts/names.ts'
import { bytes, code, say } from '../../text/say.ts'
import { requestOfEvicted } from '../advice/requests.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { upper } from './memcg-limit.ts'

/** The kubelet's own: `memory.available` or `allocatableMemory.available` below the eviction threshold. */
export const evictionThreshold = defineRule({
  question: 'limit',
  id: 'eviction-threshold',
  title: "The kubelet's eviction threshold",
  needs: ['kill'],
  weight: 80,
  evaluate(facts) {
    if (facts.kill.killer !== 'kubelet') return null
    const told = facts.context.evictions.map(({ event }) => event)
    const own = facts.kill.event?.kind === 'eviction' ? [facts.kill.event, ...told] : told
    // An observation above the threshold is of another moment.
    const met = own.find(
      (event) => event.thresholdBytes !== null && (event.availableBytes ?? Number.POSITIVE_INFINITY) < event.thresholdBytes,
    )
    const threshold = met?.thresholdBytes ?? own.find((event) => event.thresholdBytes !== null)?.thresholdBytes ?? null
    const available = met?.availableBytes ?? null
    const signal = own.find((event) => event.signal?.includes('memory.'))?.signal ?? 'memory.available'
    const figures = threshold === null ? say`` : say` of ${bytes(threshold)}`
    const left = available === null ? say`` : say` (${bytes(available)} was left)`
    return {
      confidence: facts.trust,
      statement: say`${upper(machineOf(facts))} fell below the kubelet's eviction threshold ${code(signal)}${figures}${left}, and the kubelet evicted pod ${code(podName(facts) ?? 'unknown')}.`,
      evidence: evidence(facts.kill.evidence.slice(0, 3), eventLines(facts.context.evictions, 3)),
      against: null,
    }
  },
  recommend: (facts) => requestOfEvicted(facts),
})
