import { count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** Text that looks like the kernel's but was written by a program: through logger, systemd-cat or /dev/kmsg. */
export const linesByProgram: FindingRule = (scene) => {
  const written = scene.of('kernel-notice').filter(({ event }) => event.notice === 'forged-oom-line')
  if (written.length === 0) return []
  return [
    {
      id: 'oom-killer-lines-by-program',
      statement: say`${count(written.length)} ${written.length === 1 ? say`piece` : say`pieces`} of text like the kernel's out-of-memory report were written by a program, not by the kernel: they are no kills.`,
      workload: null,
      evidence: evidence(written.slice(0, 4).map(({ event }) => event.quotes[0] ?? null)),
    },
  ]
}
