import { defineRule } from '../define-rule.ts'
import { boundAnswer, relaxBinding } from './bound-nodes.ts'

/** CONSTRAINT_MEMORY_POLICY: the nodes of a mempolicy (mbind, numactl --membind) were exhausted. */
export const memoryPolicy = defineRule({
  question: 'limit',
  id: 'memory-policy',
  title: 'The memory nodes of a memory policy',
  needs: ['dump'],
  weight: 70,
  evaluate: (facts) => boundAnswer(facts, 'memory-policy'),
  recommend: relaxBinding,
})
