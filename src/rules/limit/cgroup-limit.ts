import { raiseLimit, watchUsage } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { hitsMemcg, memcgAnswer, memcgMissing } from './memcg-limit.ts'

/** Any other memory cgroup: LXC, virtual machines, Slurm jobs, groups made by hand. */
export const cgroupLimit = defineRule({
  question: 'limit',
  id: 'cgroup-limit',
  title: 'The limit of another memory cgroup',
  needs: ['limitCgroup'],
  weight: 50,
  evaluate(facts) {
    const { level, runtime } = facts.limitCgroup
    const other = level === 'other' || level === 'vm' || level === 'slurm-job' || (level === 'container' && runtime === 'lxc')
    return hitsMemcg(facts) && other ? memcgAnswer(facts) : null
  },
  recommend: (facts) => [...raiseLimit(facts), ...watchUsage(facts)],
  settledBy: memcgMissing,
})
