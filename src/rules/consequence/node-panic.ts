import { machineOf } from '../../facts/names.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, lines } from '../evidence.ts'

export const nodePanic = defineRule({
  question: 'consequence',
  id: 'node-panic',
  title: 'The kernel panicked',
  needs: [],
  weight: 90,
  evaluate(facts) {
    const panics = facts.context.notices.filter(({ event }) => event.notice === 'panic' && /memory/i.test(event.quotes[0]?.text ?? ''))
    const text = facts.dump?.panic ?? null
    if (text === null && panics.length === 0) return null
    const words = text === null ? say`` : say`: ${code(text)}`
    return {
      confidence: facts.trust,
      statement: say`The kernel panicked${words}, and ${machineOf(facts)} stopped.`,
      evidence: evidence(lines(facts, 'panic'), eventLines(panics)),
      against: null,
    }
  },
  recommend: () => [
    {
      text: say`Decide whether ${code('vm.panic_on_oom')} shall stay set: with 0 the kernel kills one process instead of the machine.`,
      why: say`A panic takes every workload of the machine down.`,
      command: 'sysctl vm.panic_on_oom kernel.panic',
      when: 'prevent',
    },
  ],
})
