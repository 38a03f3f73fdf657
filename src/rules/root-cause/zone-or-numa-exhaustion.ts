import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import type { IncidentFacts } from '../facts.ts'
import { boundAnswer, relaxBinding } from '../limit/bound-nodes.ts'
import { memoryZone } from '../limit/memory-zone.ts'

/** A cpuset, a memory policy or the request's own kind held it to part of the memory. */
export const zoneOrNumaExhaustion = defineRule({
  question: 'rootCause',
  id: 'zone-or-numa-exhaustion',
  title: 'Part of the memory was out of reach',
  needs: ['dump'],
  weight: 80,
  evaluate(facts) {
    const answer = boundAnswer(facts, 'cpuset') ?? boundAnswer(facts, 'memory-policy') ?? zone(facts)
    if (answer === null) return null
    return {
      ...answer,
      statement: say`${code(facts.kill?.comm ?? facts.dump.trigger?.comm ?? 'The request')} could use only part of the machine's memory, and filled that part while the rest had room.`,
    }
  },
  recommend: relaxBinding,
})

const zone = (facts: IncidentFacts) =>
  facts.dump === null || facts.zones === null ? null : memoryZone.evaluate({ ...facts, dump: facts.dump, zones: facts.zones })
