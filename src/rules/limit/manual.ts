import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'

/** SysRq-f: somebody asked the kernel to kill; nothing was short. */
export const manual = defineRule({
  question: 'limit',
  id: 'manual',
  title: 'Asked for by hand (SysRq-f)',
  needs: ['dump'],
  weight: 90,
  evaluate(facts) {
    if (!facts.dump.manual) return null
    return {
      confidence: facts.trust,
      statement: say`No limit was hit: the OOM killer was called by hand (SysRq-f${facts.dump.trigger?.order === -1 ? say`, ${code('order=-1')}` : say``}).`,
      evidence: evidence(lines(facts, 'sysrq', 'header'), killLines(facts, 1)),
      against: null,
    }
  },
})
