import { say } from '../../text/say.ts'
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
  settledBy: memcgMissing,
})
