import { count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import { runsOf, victimKey } from '../pattern/runs.ts'

/** Kills of several replicas within minutes of the first: retries and cold caches after a crash. */
export const crashAmplification = defineRule({
  question: 'rootCause',
  id: 'crash-amplification',
  title: 'Each crash brought the next',
  needs: ['kill'],
  weight: 40,
  evaluate(facts) {
    const runs = runsOf(facts).filter(
      (run) => run.killer === 'kernel' && run.workload?.owner != null && run.workload.owner === facts.kill.workload?.owner,
    )
    const replicas = new Set(runs.map(victimKey)).size
    if (replicas < 2) return null
    return {
      confidence: 'low',
      statement: say`${count(replicas)} replicas of the same owner were killed shortly after one another: the load of the first fell on the others.`,
      evidence: evidence(...runs.slice(0, 4).map((run) => run.evidence.slice(0, 1))),
      against: say`A common cause, such as one large request or release, looks the same.`,
    }
  },
})
