import { machineOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { panicOf } from './panics.ts'

export const nodePanic = defineRule({
  question: 'consequence',
  id: 'node-panic',
  title: 'The kernel panicked',
  needs: [],
  weight: 90,
  evaluate(facts) {
    const panic = panicOf(facts)
    if (panic === null) return null
    const cause =
      panic.cause === 'init'
        ? say`The kernel killed init (pid 1) along with the group, and without it the kernel panicked: ${code(panic.text)}; ${machineOf(facts)} stopped.`
        : say`The kernel panicked: ${code(panic.text)}, and ${machineOf(facts)} stopped.${panic.cause === 'setting' ? say`` : say` No process was left that it could kill: that panics whatever the kernel's settings are.`}`
    return {
      confidence: facts.trust,
      statement: cause,
      evidence: evidence(panic.quotes, lines(facts, 'noKillable'), panic.cause === 'init' ? killLines(facts, 2) : []),
      against: null,
    }
  },
  recommend: (facts) => (panicOf(facts)?.cause === 'setting' ? [keepOrUnset] : []),
})

const keepOrUnset: Recommendation = {
  text: say`Decide whether ${code('vm.panic_on_oom')} shall stay set: with 0 the kernel kills one process instead of the machine.`,
  why: say`A panic takes every workload of the machine down.`,
  command: 'sysctl vm.panic_on_oom kernel.panic',
  when: 'prevent',
  effect: say`Changes nothing that runs.`,
}
