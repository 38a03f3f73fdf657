import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'

/** Lines that tell of a refused allocation: the kernel's own, or an application's ENOMEM. */
export function refusals(facts: IncidentFacts) {
  const kernel = facts.context.notices.filter(({ event }) => event.notice === 'vm-enough-memory')
  const runtime = facts.context.runtimes.filter(({ event }) => event.what === 'allocation-refused')
  return [...kernel, ...runtime]
}

/** Mode 1 refuses nothing by accounting: a ulimit, a cgroup or the address space did. */
function refusedOtherwise(facts: IncidentFacts, told: ReturnType<typeof refusals>) {
  const mode = facts.sysctl?.['vm.overcommit_memory'] ?? null
  return {
    confidence: 'low' as const,
    statement: say`An allocation was refused; nothing was killed. ${code('vm.overcommit_memory')} is 1, so it was not the accounting: a ulimit (RLIMIT_AS), the address space or a shortage at that moment.`,
    evidence: evidence(eventLines(told, 3), [mode?.quote]),
    against: say`With ${code('vm.overcommit_memory')} at 1 the kernel promises everything.`,
  }
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
    if (mode?.value === '1' && kernel === undefined) return refusedOtherwise(facts, lines)
    const wanted = size === null ? say`An allocation` : say`An allocation of ${bytes(size)}`
    const by = who === null ? say`` : say` by ${code(who)}`
    // CommitLimit binds in mode 2 only; mode 0 refuses what exceeds all memory and swap at once, a fork's second copy among it.
    const binding = mode === null || mode.value === '2'
    const figures =
      commit === null || committed === null
        ? say``
        : binding
          ? say` Committed memory was ${bytes(committed.value)} of a limit of ${bytes(commit.value)}.`
          : say` Committed memory was ${bytes(committed.value)}; the commit limit binds in mode 2 only.`
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
