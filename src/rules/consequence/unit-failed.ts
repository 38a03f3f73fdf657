import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { workloadOf } from '../../facts/names.ts'
import { isContainerScope } from '../../kube/cgroup-shapes.ts'
import type { Instant } from '../../model/incident.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'

/** systemd stopped the unit: `Failed with result 'oom-kill'`, or a main process killed by signal 9. */
export const unitFailed = defineRule({
  question: 'consequence',
  id: 'unit-failed',
  title: 'The unit failed',
  needs: [],
  weight: 60,
  evaluate(facts) {
    const units = unitLines(facts)
    const failed = units.filter(({ event }) => event.what === 'failed')
    const died = units.filter(
      ({ event }) => event.what === 'main-exited' && (facts.kill === null || event.pid === null || event.pid === facts.kill.pid),
    )
    const proof = failed.length > 0 ? failed : died
    const [first] = proof
    if (first === undefined) return null
    const again = units.filter(
      ({ event, at }) => event.what === 'restart-scheduled' || (event.what === 'started' && isBehind(at, first.at)),
    )
    const sure = failed.some(({ event }) => facts.kill === null || event.result === 'oom-kill' || event.result === 'signal')
    const result = first.event.result === null ? say`` : say` (${code(first.event.result)})`
    return {
      confidence: sure ? facts.trust : 'medium',
      statement: say`systemd marked unit ${code(first.event.unit)} as failed${result}${again.length > 0 ? say` and scheduled a restart` : say``}.`,
      evidence: evidence(eventLines(proof, 2), eventLines(again, 1)),
      against: null,
    }
  },
})

/** The start of what failed stands in front of its failure: only one behind it is another. */
const isBehind = (at: Instant, failed: Instant): boolean =>
  at.epochUs !== null && failed.epochUs !== null ? at.epochUs > failed.epochUs : at.order > failed.order

/** Lines about the victim's unit, or, where none is known, about the units of this incident that are no containers. */
export function unitLines(facts: IncidentFacts) {
  const unit = facts.victimCgroup?.unit ?? workloadOf(facts)?.unit ?? facts.limitCgroup?.unit ?? null
  return facts.context.units.filter(({ event }) => !isContainerScope(event.unit) && (unit === null || event.unit === unit))
}
