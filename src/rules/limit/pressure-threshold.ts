import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import { nameOf } from '../words.ts'

const USERSPACE: ReadonlySet<string> = new Set(['systemd-oomd', 'earlyoom', 'nohang', 'oomd', 'lmkd', 'talos', 'slurm', 'yarn'])

export const isUserspaceKiller = (killer: string): boolean => USERSPACE.has(killer)

/** A userspace killer's own threshold: pressure, memory left, a job's allowance. */
export const pressureThreshold = defineRule({
  question: 'limit',
  id: 'pressure-threshold',
  title: 'The threshold of a userspace killer',
  needs: ['kill'],
  weight: 80,
  evaluate(facts) {
    const { kill } = facts
    if (!isUserspaceKiller(kill.killer)) return null
    const event = kill.event?.kind === 'userspace-kill' ? kill.event : null
    const watched = event?.monitored ?? event?.cgroup ?? kill.memcg
    const whom =
      kill.comm === null && kill.pid === null ? say`the cgroup ${code(kill.memcg ?? watched ?? '?')}` : nameOf(kill.comm, kill.pid)
    const left = event?.memAvailableBytes == null ? say`` : say` with ${bytes(event.memAvailableBytes)} of memory left`
    const reason = event?.reason == null ? say`` : say`: ${code(event.reason)}`
    return {
      confidence: facts.trust,
      statement: say`${code(kill.killer)} killed ${whom} by its own threshold${left}${reason}. The kernel's OOM killer did not act.`,
      evidence: evidence(kill.evidence),
      against: null,
    }
  },
})
