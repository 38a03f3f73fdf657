import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerOfPod, workloadOf } from '../../facts/names.ts'
import { isContainerScope } from '../../kube/cgroup-shapes.ts'
import { short } from '../../text/names.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { containerIdOf, endedRuns, holdsUpPod, inspectedEnd, laterLines, ownEnd, stateLines, survivingRun } from './aftermath.ts'

/** The container ended; a restart is not seen. */
export const containerTerminated = defineRule({
  question: 'consequence',
  id: 'container-terminated',
  title: 'The container ended',
  needs: [],
  weight: 55,
  evaluate(facts) {
    if (facts.kill === null) return fromOwnEnd(facts)
    if (survivingRun(facts) !== null || facts.kill.killer === 'kubelet') return null
    return fromStatus(facts) ?? fromLines(facts)
  },
  settledBy: (facts) =>
    facts.incident.coverage.pods || workloadOf(facts)?.kind !== 'pod'
      ? []
      : [{ text: say`The pod's status: whether the container was restarted, and how often.`, command: 'kubectl get pods -A -o yaml' }],
})

function fromStatus(facts: IncidentFacts) {
  const run = endedRuns(facts).find((ended) => !ended.succeeded) ?? null
  if (run === null) return null
  const { exitCode, reason } = run.state
  const exit = exitCode === null ? say`` : say` with exit code ${exitCode}`
  const word = reason === null ? say`` : say`, reason ${code(reason)}`
  return {
    // Another code than 137 is not that of the killed process: the container's first process ended by itself.
    confidence: facts.kill?.dump == null && exitCode !== 137 ? 'medium' : facts.trust,
    statement: say`${containerOfPod(facts, true)} ended${exit}${word}; when the status was read it had not been restarted.${holdsUpPod(facts)}`,
    evidence: evidence(stateLines(run.state), [facts.container?.restartCount?.quote]),
    against: null,
  }
}

function fromOwnEnd(facts: IncidentFacts) {
  const end = ownEnd(facts)
  if (end === null || end.succeeded) return null
  return {
    confidence: end.delaySeconds === null ? ('medium' as const) : facts.trust,
    statement: say`The kernel killed nothing: the program ended by itself, ${containerOfPod(facts)} with exit code ${end.state.exitCode ?? '?'}; when the status was read it had not been restarted.`,
    evidence: evidence(stateLines(end.state), eventLines(facts.context.runtimes, 1)),
    against: null,
  }
}

function fromLines(facts: IncidentFacts) {
  const ended = laterLines(facts, ['exit', 'died'])
  const scopes = facts.context.units.filter(
    ({ event }) => event.what === 'failed' && isContainerScope(event.unit) && isMine(facts, event.unit),
  )
  const inspected = inspectedEnd(facts)
  if (ended.length === 0 && scopes.length === 0 && inspected === null) return null
  const id = containerIdOf(facts)
  const code137 = ended.find(({ event }) => event.exitCode !== null)?.event.exitCode ?? inspected?.exitCode ?? null
  const exit = code137 === null ? say`` : say` with exit code ${code137}`
  return {
    confidence: inspected?.oomKilled === true ? facts.trust : ('medium' as const),
    statement: say`The container${id === null ? say`` : say` ${code(short(id))}`} ended${exit}; whether it was started again is not in the log.`,
    evidence: evidence(eventLines(ended, 2), eventLines(scopes, 1), inspected?.quotes.slice(0, 3) ?? []),
    against: null,
  }
}

function isMine(facts: IncidentFacts, unit: string): boolean {
  const id = containerIdOf(facts)
  return id !== null && unit.includes(id)
}
