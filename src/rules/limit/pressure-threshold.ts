import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { nameOf } from '../../facts/names.ts'
import type { UserspaceKillEvent } from '../../model/event.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'

const USERSPACE: ReadonlySet<string> = new Set(['systemd-oomd', 'earlyoom', 'nohang', 'oomd', 'lmkd', 'talos', 'slurm', 'yarn'])

export const isUserspaceKiller = (killer: string): boolean => USERSPACE.has(killer)

/** Slurm and YARN keep a job within what it asked for; that is no sign of a machine short of memory. */
export const isJobLimit = (killer: string): boolean => killer === 'slurm' || killer === 'yarn'

function jobLimit(facts: IncidentFacts, event: UserspaceKillEvent | null) {
  const step = event?.monitored ?? event?.cgroup ?? null
  const manager = facts.kill?.killer === 'yarn' ? 'YARN' : 'Slurm'
  const what = manager === 'YARN' ? say`container` : say`job step`
  const own = facts.kill?.pid == null && facts.kill?.comm == null ? say`` : say` (${nameOf(facts.kill.comm, facts.kill.pid)})`
  // slurmstepd reads the group's counters: there the kernel killed, by the limit that Slurm had set.
  const byKernel = event?.echo === true
  return {
    confidence: facts.trust,
    statement: byKernel
      ? say`The ${what} ${code(step ?? '?')}${own} reached the memory limit that ${manager} had set for it: the kernel killed in its cgroup, and ${manager} counted it.`
      : say`The ${what} ${code(step ?? '?')}${own} used more memory than ${manager} had granted it, and ${manager} killed it${event?.reason == null ? say`` : say`: ${code(event.reason)}`}.`,
    evidence: evidence(facts.kill?.evidence ?? []),
    against: null,
  }
}

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
    if (isJobLimit(kill.killer)) return jobLimit(facts, event)
    return {
      confidence: facts.trust,
      statement: say`${code(kill.killer)} killed ${whom} by its own threshold${left}${reason}. The kernel's OOM killer did not act.`,
      evidence: evidence(kill.evidence),
      against: null,
    }
  },
})
