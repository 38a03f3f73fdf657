import { defineRule } from '../define-rule.ts'
import { boundAnswer, relaxBinding } from './bound-nodes.ts'

/** CONSTRAINT_CPUSET: the nodes of the allocating task's cpuset were exhausted. */
export const cpuset = defineRule({
  question: 'limit',
  id: 'cpuset',
  title: 'The memory nodes of a cpuset',
  needs: ['dump'],
  weight: 70,
  evaluate: (facts) => boundAnswer(facts, 'cpuset'),
  recommend: relaxBinding,
})
