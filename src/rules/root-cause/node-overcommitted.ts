import { machineOf } from '../../facts/names.ts'
import { bytes, say } from '../../text/say.ts'
import { shellWord } from '../advice.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { isGlobalKill, isMemcgKill, isPodVictim } from './signs.ts'

/** Limits (or unlimited pods) that add up to more than the node has for pods. */
export const nodeOvercommitted = defineRule({
  question: 'rootCause',
  id: 'node-overcommitted',
  title: 'More promised than the node has',
  needs: ['kill'],
  weight: 66,
  evaluate(facts) {
    const shared = isMemcgKill(facts) && (facts.limitCgroup?.level === 'kubepods' || facts.limitCgroup?.level === 'qos')
    if (!shared && !(isGlobalKill(facts) && isPodVictim(facts))) return null
    const allocated = facts.node?.allocated ?? null
    const percent = allocated?.limitsPercent ?? null
    const over = percent !== null && percent > 100
    if (!shared && (!over || facts.scores?.shieldedGiant != null)) return null
    const sum = over ? say`: limits of its pods add up to ${percent} % of allocatable` : say``
    return {
      confidence: over && shared ? facts.trust : 'medium',
      statement: say`The pods of ${machineOf(facts)} together wanted more than they may have${sum}; each was within its own limit, or had none.`,
      evidence: evidence(lines(facts, 'memory', 'summary'), [allocated?.quote], killLines(facts, 1)),
      against: over ? null : say`The sum of limits and requests on the node is not in the input.`,
    }
  },
  recommend(facts) {
    const limit = facts.memcgLimit?.limitBytes ?? facts.node?.allocatableBytes?.value ?? null
    const node = facts.node?.name ?? facts.incident.host
    return [
      {
        text: say`${upper(say`set memory requests near real usage, so that the scheduler keeps the pods of ${machineOf(facts)} within`)}${limit === null ? say` what it has` : say` ${bytes(limit)}`}.`,
        why: say`The scheduler counts requests only; limits above them are promises beyond what is there.`,
        command: node === null ? 'kubectl describe nodes' : `kubectl describe node ${shellWord(node)}`,
        when: 'prevent' as const,
      },
    ]
  },
  settledBy: (facts) =>
    facts.node === null && isPodVictim(facts) && facts.limitCgroup?.level === 'kubepods'
      ? [
          {
            text: say`What the pods of the node were promised: requests and limits against allocatable.`,
            command: 'kubectl describe nodes',
          },
        ]
      : [],
})
