import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import type { IncidentFacts } from '../facts.ts'

/** Lines that tell of a refused allocation: the kernel's own, or an application's ENOMEM. */
export function refusals(facts: IncidentFacts) {
  const kernel = facts.context.notices.filter(({ event }) => event.notice === 'vm-enough-memory')
  const runtime = facts.context.runtimes.filter(({ event }) => event.what === 'allocation-refused')
  return [...kernel, ...runtime]
}

/** An allocation was refused (ENOMEM); nothing was killed. */
export const overcommitLimit = defineRule({
  question: 'limit',
  id: 'overcommit-limit',
  title: 'The commit limit: an allocation was refused',
  needs: [],
  weight: 80,
  evaluate(facts) {
    if (facts.incident.nature !== 'refused-allocation') return null
    const lines = refusals(facts)
    const kernel = lines.find(({ event }) => event.kind === 'kernel-notice')?.event
    const who = kernel?.kind === 'kernel-notice' ? kernel.comm : null
    const size = kernel?.kind === 'kernel-notice' ? kernel.bytes : null
    const mode = facts.sysctl?.['vm.overcommit_memory'] ?? null
    const commit = facts.meminfo?.['CommitLimit'] ?? null
    const committed = facts.meminfo?.['Committed_AS'] ?? null
    const wanted = size === null ? say`An allocation` : say`An allocation of ${bytes(size)}`
    const by = who === null ? say`` : say` by ${code(who)}`
    const figures =
      commit === null || committed === null
        ? say``
        : say` Committed memory was ${bytes(committed.value)} of a limit of ${bytes(commit.value)}.`
    const setting = mode === null ? say`` : say` (${code('vm.overcommit_memory')} is ${mode.value})`
    return {
      // An application's ENOMEM alone may be a ulimit or a cgroup's refusal.
      confidence: kernel !== undefined ? facts.trust : mode?.value === '2' ? 'high' : 'medium',
      statement: say`${wanted}${by} was refused by the kernel's overcommit accounting${setting}; nothing was killed.${figures}`,
      evidence: evidence(eventLines(lines, 3), [mode?.quote, commit?.quote, committed?.quote]),
      against: kernel === undefined ? say`Only the application tells of it: a ulimit (RLIMIT_AS) refuses in the same words.` : null,
    }
  },
  settledBy: (facts) =>
    facts.incident.nature !== 'refused-allocation' || facts.sysctl?.['vm.overcommit_memory'] !== undefined
      ? []
      : [
          {
            text: say`The overcommit mode and the commit limit of the machine.`,
            command: 'sysctl vm.overcommit_memory vm.overcommit_ratio; grep -i commit /proc/meminfo',
          },
        ],
})
