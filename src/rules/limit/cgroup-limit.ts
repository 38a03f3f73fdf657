import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, lines } from '../evidence.ts'
import { hitsMemcg, memcgAnswer, memcgMissing } from './memcg-limit.ts'

/** Any other memory cgroup: LXC, virtual machines, Slurm jobs, groups made by hand. */
export const cgroupLimit = defineRule({
  question: 'limit',
  id: 'cgroup-limit',
  title: 'The limit of another memory cgroup',
  needs: [],
  weight: 50,
  evaluate(facts) {
    if (facts.limitCgroup === null) return unnamed(facts)
    const { level, runtime } = facts.limitCgroup
    const other = level === 'other' || level === 'vm' || level === 'slurm-job' || (level === 'container' && runtime === 'lxc')
    return hitsMemcg(facts) && other ? memcgAnswer(facts) : null
  },
  settledBy: memcgMissing,
})

/** The report shows that it was a memory cgroup, by its counters or its stack; the lines that name it are not in the log, nor anything that tells whose. */
function unnamed(facts: IncidentFacts) {
  const shown = facts.dump?.memory != null || (facts.dump?.trigger?.frames.some((name) => name.startsWith('mem_cgroup_o')) ?? false)
  if (!hitsMemcg(facts) || !shown) return null
  const answer = memcgAnswer(facts)
  return {
    ...answer,
    confidence: 'medium' as const,
    evidence: evidence(answer.evidence, lines(facts, 'header', 'stack')),
    against: say`The lines that name the group are not in the log: it may be a container's, a pod's or a unit's.`,
  }
}
