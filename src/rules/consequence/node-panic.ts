import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
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
    const panics = facts.context.notices.filter(({ event }) => event.notice === 'panic' && isOfMemory(facts, event.quotes[0]?.text ?? ''))
    const text = facts.dump?.panic ?? null
    if (text === null && panics.length === 0) return null
    const init = facts.incident.kills.find((kill) => kill.pid === 1)
    const words = text === null ? say`` : say`: ${code(text)}`
    const why =
      init === undefined ? say`` : say`: pid 1 (${code(init.comm ?? 'init')}) was among the killed, and no machine goes on without its init`
    return {
      confidence: facts.trust,
      statement: say`The kernel panicked${init === undefined ? words : why}, and ${machineOf(facts)} stopped.`,
      evidence: evidence(lines(facts, 'panic'), eventLines(panics)),
      against: null,
    }
  },
  // "System is deadlocked on memory" and a dead init panic whatever the setting is.
  recommend: (facts) => (/panic_on_oom/.test(panicText(facts)) ? [onPanic] : []),
})

/** `Attempted to kill init!` (kernel/exit.c) is the kill's own doing where pid 1 was a victim. */
const isOfMemory = (facts: IncidentFacts, text: string): boolean =>
  /memory/i.test(text) || (text.includes('Attempted to kill init') && facts.incident.kills.some((kill) => kill.pid === 1))

const panicText = (facts: IncidentFacts): string =>
  [
    facts.dump?.panic ?? '',
    ...facts.context.notices.filter(({ event }) => event.notice === 'panic').map(({ event }) => event.quotes[0]?.text ?? ''),
  ].join('\n')

const onPanic: Recommendation = {
  text: say`Decide whether ${code('vm.panic_on_oom')} shall stay set: with 0 the kernel kills one process instead of the machine.`,
  why: say`A panic takes every workload of the machine down.`,
  command: 'sysctl vm.panic_on_oom kernel.panic',
  when: 'prevent',
}
