import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { mainClass } from './held.ts'

/** Objects of the kernel: inodes, dentries, sockets, file handles. */
export const kernelSlab = defineRule({
  question: 'consumer',
  id: 'kernel-slab',
  title: 'Kernel slab caches',
  needs: ['composition'],
  weight: 60,
  evaluate: (facts) =>
    mainClass(facts, ['slab'], ['slab_unreclaimable', 'slab', 'slab_reclaimable'], say`Kernel slab caches (${code('slab')})`),
})
