import { code, say, seconds } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { containerName, podName } from '../words.ts'
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
        state.reason === 'OOMKilled' && (delaySeconds === null ? state.exitCode !== 137 : delaySeconds > PROMPT_SECONDS),
    )
    if (run === undefined || facts.kill.dump === null) return null
    const late = run.delaySeconds === null ? say`later` : say`${seconds(Math.round(run.delaySeconds))} later`
    const exit = run.state.exitCode === null ? say`` : say` with exit code ${run.state.exitCode}`
    return {
      confidence: run.delaySeconds === null ? 'medium' : facts.trust,
      statement: say`The kill went unseen at first: container ${code(containerName(facts) ?? '?')} of pod ${code(podName(facts) ?? '?')} ended ${late}${exit}, and only then was it reported as OOMKilled. The reported time is not that of the kill.`,
      evidence: evidence(stateLines(run.state), killLines(facts, 1)),
      against: null,
    }
  },
})
