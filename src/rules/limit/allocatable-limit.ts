import { bytes, code, say } from '../../text/say.ts'
import { shellWord } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { hitsMemcg, memcgAnswer, memcgMissing } from './memcg-limit.ts'

/** `/kubepods` (capacity − kube-reserved − system-reserved), or a QoS level below it: all pods together (kubernetes-oom §1.2). */
export const allocatableLimit = defineRule({
  question: 'limit',
  id: 'allocatable-limit',
  title: 'The limit of all pods of a node',
  needs: ['limitCgroup'],
  weight: 60,
  evaluate(facts) {
    const level = facts.limitCgroup.level
    if (!hitsMemcg(facts) || (level !== 'kubepods' && level !== 'qos')) return null
    return memcgAnswer(facts, say` That is what the kubelet leaves to pods: no limit of the victim's own was reached.`)
  },
  recommend(facts) {
    const node = facts.node?.name ?? facts.incident.host
    const limit = facts.memcgLimit?.limitBytes ?? null
    if (limit === null) return []
    return [
      {
        text: say`Compare the sum of the pods' requests and limits with the ${bytes(limit)} that all pods of ${node === null ? say`the node` : say`node ${code(node)}`} share, and lower limits or move pods until they fit.`,
        why: say`Limits that add up to more than the pods may have are promises the node cannot keep.`,
        command: node === null ? 'kubectl describe nodes' : `kubectl describe node ${shellWord(node)}`,
        owner: 'platform',
        when: 'now' as const,
      },
    ]
  },
  settledBy: memcgMissing,
})
