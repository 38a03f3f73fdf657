import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { refusals } from '../limit/overcommit-limit.ts'

/** ENOMEM instead of a kill: vm.overcommit_memory=2, or a wild size. */
export const overcommitRefusal = defineRule({
  question: 'rootCause',
  id: 'overcommit-refusal',
  title: 'Overcommit accounting refused',
  needs: [],
  weight: 90,
  evaluate(facts) {
    if (facts.incident.nature !== 'refused-allocation') return null
    const mode = facts.sysctl?.['vm.overcommit_memory'] ?? null
    const kernel = refusals(facts).some(({ event }) => event.kind === 'kernel-notice')
    return {
      confidence: kernel && mode?.value === '2' ? facts.trust : 'medium',
      statement: say`More memory was asked for than the kernel may promise${mode === null ? say`` : say` (${code('vm.overcommit_memory')} is ${mode.value})`}; that says nothing about what was in use.`,
      evidence: evidence(eventLines(refusals(facts), 3), [mode?.quote]),
      against: null,
    }
  },
  recommend(facts) {
    const limit = facts.meminfo?.['CommitLimit']?.value ?? null
    const used = facts.meminfo?.['Committed_AS']?.value ?? null
    const figures = limit === null || used === null ? say`` : say` (${bytes(used)} of ${bytes(limit)} are promised)`
    return [
      {
        text: say`Raise ${code('vm.overcommit_ratio')} or add swap${figures}, or use mode 0 where no program relies on strict accounting.`,
        why: say`With strict accounting, large reservations that are never touched use up the commit limit.`,
        command: 'sysctl vm.overcommit_memory vm.overcommit_ratio',
        when: 'now' as const,
      },
    ]
  },
})
