import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import { isUserspaceKiller } from '../limit/pressure-threshold.ts'

export const userspacePolicy = defineRule({
  question: 'selection',
  id: 'userspace-policy',
  title: "A userspace killer's policy",
  needs: ['kill'],
  weight: 80,
  evaluate(facts) {
    if (!isUserspaceKiller(facts.kill.killer)) return null
    const whole = facts.kill.killer === 'systemd-oomd' || facts.kill.killer === 'oomd' || facts.kill.killer === 'talos'
    const swap = facts.kill.event?.kind === 'userspace-kill' && facts.kill.event.bySwap === true
    const by = swap ? 'the swap that each uses' : 'pressure and reclaim'
    const how = whole ? say`, which kills whole cgroups, by ${by} rather than by the size of a process` : say``
    return {
      confidence: facts.trust,
      statement: say`${code(facts.kill.killer)} chose by its own policy${how}.`,
      evidence: evidence(facts.kill.evidence.slice(0, 3)),
      against: null,
    }
  },
})
