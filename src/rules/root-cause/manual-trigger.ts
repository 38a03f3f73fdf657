import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'

export const manualTrigger = defineRule({
  question: 'rootCause',
  id: 'manual-trigger',
  title: 'Somebody called the killer',
  needs: ['dump'],
  weight: 100,
  evaluate: (facts) =>
    facts.dump.manual
      ? {
          confidence: facts.trust,
          statement: say`Somebody (or a watchdog) called the OOM killer by SysRq-f; memory may not have been short at all.`,
          evidence: evidence(lines(facts, 'sysrq', 'header'), killLines(facts, 1)),
          against: null,
        }
      : null,
  recommend: (facts) => [
    {
      text: say`Find out who wrote ${code('f')} to ${code('/proc/sysrq-trigger')} or pressed SysRq-f; that killed ${code(facts.kill?.comm ?? 'the process')}.`,
      why: say`The kernel does it only when asked.`,
      command: 'sysctl kernel.sysrq; last -F | head; journalctl -b --no-pager | grep -i sysrq',
      when: 'now',
      effect: say`Changes nothing.`,
      owner: 'platform',
    },
  ],
})
