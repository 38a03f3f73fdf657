import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerOfPod, podName } from '../../facts/names.ts'
import { code, count, say } from '../../text/say.ts'
import { readPreviousLog } from '../advice/read-log.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence } from '../evidence.ts'
import { type EndedRun, endedRuns, holdsUpPod, laterLines, ownEnd, stateLines, survivingRun } from './aftermath.ts'

export const containerRestarted = defineRule({
  question: 'consequence',
  id: 'container-restarted',
  title: 'The container was restarted',
  needs: [],
  weight: 60,
  evaluate(facts) {
    if (facts.kill === null) return fromOwnEnd(facts)
    if (survivingRun(facts) !== null || facts.kill.killer === 'kubelet') return null
    return fromStatus(facts) ?? fromLines(facts)
  },
  recommend: (facts) => readPreviousLog(facts),
})

function fromStatus(facts: IncidentFacts) {
  const restarts = facts.container?.restartCount ?? null
  const run = endedRuns(facts).find((ended) => ended.succeeded) ?? null
  const counted = restarts !== null && restarts.value > 0
  const looping = facts.container?.lastState ?? null
  // a state beside the last one is a newer run, also where the count was cut off
  const again = restarts === null && run !== null && facts.container?.state != null
  if (!(counted || again) || (run === null && looping?.reason !== 'OOMKilled')) return null
  const state = run?.state ?? looping
  const exit = state?.exitCode == null ? say`` : say` with exit code ${state.exitCode}`
  const reason = state?.reason == null ? say`` : say`, reason ${code(state.reason)}`
  const waiting =
    facts.container?.state?.kind === 'waiting' ? say`; it now waits (${code(facts.container.state.reason ?? 'waiting')})` : say``
  return {
    confidence: run === null || isOpenWhen(facts, run) ? ('medium' as const) : facts.trust,
    statement: say`${containerOfPod(facts, true)} ended${exit}${reason} and was restarted${restarts === null ? say`` : say`; its restart count is ${count(restarts.value)}`}${waiting}.${holdsUpPod(facts)}`,
    evidence: evidence(stateLines(state), [restarts?.quote ?? null], eventLines(laterLines(facts, ['started', 'created', 'back-off']), 1)),
    against: run === null ? say`The last state shown may be another run's than the one of this kill.` : null,
  }
}

/** Another code than 137: the first process was not the one that was killed. Without a common clock the container may have ended hours later. */
const isOpenWhen = (facts: IncidentFacts, { state, delaySeconds }: EndedRun): boolean =>
  state.exitCode !== 137 && (facts.kill?.dump == null || delaySeconds === null)

/** The program ended by itself and took the container with it. */
function fromOwnEnd(facts: IncidentFacts) {
  const end = ownEnd(facts)
  const restarts = facts.container?.restartCount ?? null
  if (end === null || !end.succeeded) return null
  const times = restarts === null ? say`` : say`; its restart count is ${count(restarts.value)}`
  return {
    confidence: end.delaySeconds === null ? ('medium' as const) : facts.trust,
    statement: say`The kernel killed nothing: the program ended by itself, ${containerOfPod(facts)} with exit code ${end.state.exitCode ?? '?'}, and was restarted${times}.`,
    evidence: evidence(stateLines(end.state), [restarts?.quote], eventLines(facts.context.runtimes, 1)),
    against: null,
  }
}

function fromLines(facts: IncidentFacts) {
  const ended = laterLines(facts, ['exit', 'died', 'oom'])
  const again = laterLines(facts, ['started', 'created', 'back-off'])
  if (again.length === 0 || (ended.length === 0 && facts.kill?.target === null)) return null
  return {
    confidence: 'medium' as const,
    statement: say`The container ended and was started again${where(facts)}.`,
    evidence: evidence(eventLines(ended, 2), eventLines(again, 2)),
    against: null,
  }
}

function where(facts: IncidentFacts) {
  const pod = podName(facts)
  return pod === null ? say`` : say` in pod ${code(pod)}`
}
