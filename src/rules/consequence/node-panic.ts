import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { bytes, code, say } from '../../text/say.ts'
import { subjectOf } from '../advice/subject.ts'
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
  recommend: (facts) => [backAgain(facts), ...(panicOf(facts)?.cause === 'setting' ? [keepOrUnset] : [])],
})

/** The machine first: whether it is there again, and what keeps it there. A dump of kdump's holds all that the log has lost. */
function backAgain(facts: IncidentFacts): Recommendation {
  const subject = subjectOf(facts)
  const held =
    subject?.bytes == null || facts.scope === 'memcg'
      ? say``
      : say` Start ${code(subject.comm)} (${bytes(subject.bytes)} at the panic) last, and with a limit.`
  const node = facts.victimCgroup?.podUid != null || facts.node !== null ? 'kubectl get nodes -o wide; ' : ''
  return {
    text: say`See that ${machineOf(facts)} is back: with ${code('kernel.panic')} at 0 it stands until somebody resets it.${held}`,
    why: say`What filled its memory starts again with it, and the next shortage panics again. Where kdump is set up, ${code('/var/crash')} holds the memory itself.`,
    command: `${node}uptime -s; sysctl kernel.panic${panicOf(facts)?.cause === 'setting' ? ' vm.panic_on_oom' : ''}; ls -l /var/crash`,
    when: 'now',
    effect: say`The command changes nothing.`,
    lookFirst: true,
    owner: 'platform',
  }
}

const keepOrUnset: Recommendation = {
  text: say`Decide whether ${code('vm.panic_on_oom')} shall stay set: with 0 the kernel kills one process instead of the machine.`,
  why: say`A panic takes every workload of the machine down; clusters that fail over to another machine want just that.`,
  command: 'sysctl vm.panic_on_oom kernel.panic',
  when: 'prevent',
  effect: say`Changes nothing that runs.`,
  owner: 'platform',
}
