import type { IncidentFacts } from '../../facts/incident-facts.ts'
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
    const mode = facts.sysctl?.['vm.overcommit_memory']?.value ?? null
    const redis = refusals(facts).some(({ event }) => event.kind === 'runtime' && event.runtime === 'redis')
    if (mode === '0' || (mode === null && redis)) return heuristic(facts, redis)
    const figures = limit === null || used === null ? say`` : say` (${bytes(used)} of ${bytes(limit)} are promised)`
    return [
      {
        text: say`Raise ${code('vm.overcommit_ratio')} or add swap${figures}, or use mode 0 where no program relies on strict accounting.`,
        why: say`With strict accounting, large reservations that are never touched use up the commit limit.`,
        command: 'sysctl vm.overcommit_memory vm.overcommit_ratio vm.overcommit_kbytes; grep -i commit /proc/meminfo',
        when: 'now' as const,
        effect: say`The command changes nothing; the settings are in force at once.`,
        owner: 'platform' as const,
      },
    ]
  },
})

/** Mode 0 refuses a single request larger than all that is free or reclaimable at that moment: as a rule the copy that a fork promises. */
function heuristic(facts: IncidentFacts, redis: boolean) {
  const available = facts.meminfo?.['MemAvailable']?.value ?? null
  const left = available === null ? say`` : say` (${bytes(available)} were available)`
  return [
    {
      text: redis
        ? say`Set ${code('vm.overcommit_memory')} to 1 on the machine that runs Redis${left}, or leave room for a second copy of its data.`
        : say`Find out which request was refused${left}: in mode 0 only one that is larger than all memory and swap together is.`,
      why: redis
        ? say`A background save forks: the kernel must promise all of the parent's memory a second time, though little of it is ever copied.`
        : say`Mode 0 promises more than there is; it refuses only what is plainly too much at once.`,
      command: redis ? 'sysctl -w vm.overcommit_memory=1' : 'sysctl vm.overcommit_memory; grep -i commit /proc/meminfo; ulimit -v',
      when: 'now' as const,
      effect: redis ? say`In force at once; lost at the next boot without an entry in sysctl.d.` : say`Changes nothing.`,
      owner: 'platform' as const,
    },
  ]
}
