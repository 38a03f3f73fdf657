import { victimOf } from '../../facts/names.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'

/** vm.oom_kill_allocating_task: whoever asks for memory dies. */
export const allocatingTask = defineRule({
  question: 'selection',
  id: 'allocating-task',
  title: 'It was the one that asked for memory',
  needs: ['dump', 'kill'],
  weight: 90,
  evaluate(facts) {
    if (!facts.dump.allocatingTask || facts.kill.killer !== 'kernel') return null
    return {
      confidence: facts.trust,
      statement: say`${upper(victimOf(facts))} was not compared with anything: ${code('vm.oom_kill_allocating_task')} is set, so the process that asks for memory dies.`,
      evidence: evidence(killLines(facts, 1), lines(facts, 'header', 'kill')),
      against: null,
    }
  },
  recommend: () => [
    {
      text: say`Consider ${code('vm.oom_kill_allocating_task = 0')} (it is 1), the default, so that the kernel kills the largest process instead of the next that asks.`,
      why: say`With it set, chance decides who is killed.`,
      command: 'sysctl -w vm.oom_kill_allocating_task=0',
      when: 'prevent',
      effect: say`In force at once; lost at the next boot without an entry in sysctl.d.`,
      owner: 'platform',
    },
  ],
})
