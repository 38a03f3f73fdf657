import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { mainClass } from './held.ts'

/** tmpfs, shm segments, memory-backed emptyDir: no kill frees them. */
export const sharedMemory = defineRule({
  question: 'consumer',
  id: 'shared-memory',
  title: 'Shared memory: tmpfs, shm, memory-backed volumes',
  needs: ['composition'],
  weight: 60,
  evaluate: (facts) =>
    mainClass(
      facts,
      ['shmem'],
      ['shmem', 'total_shmem'],
      say`Shared memory (tmpfs, memory-backed volumes, shm segments; ${code('shmem')})`,
    ),
})
