import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerOfPod } from '../../facts/names.ts'
import type { ContainerState } from '../../model/snapshot.ts'
import { say, seconds } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { endedRuns, stateLines } from './aftermath.ts'

/** The status may lag the kill by the time that pid 1 needs to end: beyond this it is another event (kubernetes-oom §8). */
const PROMPT_SECONDS = 10

/** A child was killed, the container went on, and its later exit, of whatever code, is reported as OOMKilled. */
export const reportedLate = defineRule({
  question: 'consequence',
  id: 'reported-late',
  title: 'Reported late, as something else',
  needs: ['kill', 'container'],
  weight: 88,
  evaluate(facts) {
    const run = endedRuns(facts).find(
      ({ state, delaySeconds }) =>
        state.reason === 'OOMKilled' &&
        (facts.kill.dump === null || delaySeconds === null ? state.exitCode !== 137 : delaySeconds > PROMPT_SECONDS),
    )
    if (run === undefined) return null
    if (facts.kill.dump === null) return withoutReport(facts, run.state)
    const late = run.delaySeconds === null ? say`later` : say`${seconds(Math.round(run.delaySeconds))} later`
    const exit = run.state.exitCode === null ? say`` : say` with exit code ${run.state.exitCode}`
    return {
      confidence: run.delaySeconds === null ? 'medium' : facts.trust,
      statement: say`The kill went unseen at first: ${containerOfPod(facts)} ended ${late}${exit}, and only then was it reported as OOMKilled. The reported time is not that of the kill.`,
      evidence: evidence(stateLines(run.state), killLines(facts, 1)),
      against: null,
    }
  },
})

/** Only the status tells: another code than 137 means that the container's first process was not the one that the kernel killed (§0.1). */
function withoutReport(facts: IncidentFacts, state: ContainerState) {
  if (state.exitCode === null) return null
  return {
    confidence: 'medium' as const,
    statement: say`${containerOfPod(facts, true)} ended with exit code ${state.exitCode} and was reported as OOMKilled: the kernel had killed another process in it before, at a time that only its log tells.`,
    evidence: evidence(stateLines(state)),
    against: say`Without the kernel's log the child may have died right before the end.`,
  }
}
