import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { isOnlyContainersLimit } from './container-limit.ts'
import { hitsMemcg, memcgAnswer, memcgMissing } from './memcg-limit.ts'

/** The pod's own cgroup: the sum of its containers' limits, a pod-level limit (KEP-2837), or the one container's limit seen from above. */
export const podLimit = defineRule({
  question: 'limit',
  id: 'pod-limit',
  title: "A pod's memory limit",
  needs: ['limitCgroup'],
  weight: 60,
  evaluate(facts) {
    if (!hitsMemcg(facts) || facts.limitCgroup.level !== 'pod' || isOnlyContainersLimit(facts)) return null
    const containers = facts.pod?.containers.length ?? null
    const more =
      facts.pod?.limitBytes != null
        ? say` It is the pod-level limit that the specification sets for all its containers together.`
        : containers !== null && containers > 1
          ? say` It holds for the pod's ${containers} containers together.`
          : say` It is the pod's limit, for all its containers together; in a pod of one container that is the container's own limit too.`
    return memcgAnswer(facts, more)
  },
  settledBy: memcgMissing,
})
