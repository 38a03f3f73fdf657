import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { mainClass } from './held.ts'

/** Socket memory charged to the group (`sock`, cgroup v2). */
export const networkBuffers = defineRule({
  question: 'consumer',
  id: 'network-buffers',
  title: 'Network buffers',
  needs: ['composition'],
  weight: 60,
  evaluate: (facts) => mainClass(facts, ['sock'], ['sock'], say`Network buffers (${code('sock')})`),
})
