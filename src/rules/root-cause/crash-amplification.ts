import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { code, count, say, seconds } from '../../text/say.ts'
import { gapUs } from '../../timeline/instants.ts'
import { undoRelease } from '../advice/take-back.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { runsOf, victimKey } from '../pattern/runs.ts'

/** Kills of several replicas within minutes of the first: retries and cold caches after a crash. */
export const crashAmplification = defineRule({
  question: 'rootCause',
  id: 'crash-amplification',
  title: 'Each crash brought the next',
  needs: ['kill'],
  weight: 57,
  evaluate(facts) {
    const runs = runsOf(facts).filter(
      (run) => run.killer === 'kernel' && run.workload?.owner != null && run.workload.owner === facts.kill.workload?.owner,
    )
    const replicas = new Set(runs.map(victimKey)).size
    if (replicas < 2) return afterOthers(facts)
    return {
      confidence: 'low',
      statement: say`${count(replicas)} replicas of the same owner were killed shortly after one another: the load of the first may have fallen on the others.`,
      evidence: evidence(...runs.slice(0, 4).map((run) => run.evidence.slice(0, 1))),
      against: say`A common cause, such as one large request or release, looks the same.`,
    }
  },
  recommend: (facts) => [
    ...undoRelease(facts),
    {
      text: say`Find the first kill and what that replica was doing; shed load until the rest are warm (fewer retries, a longer back-off, a readiness probe that waits for the caches).`,
      why: say`Every replica that comes back takes the load of those that are gone, with empty caches.`,
      command: null,
      when: 'now',
      effect: say`Some requests are refused meanwhile.`,
      owner: 'application',
    },
    {
      text: say`Run more and smaller replicas, spread over nodes, with a ${code('PodDisruptionBudget')}.`,
      why: say`The loss of one then adds little to each of the others.`,
      command: null,
      when: 'prevent',
      effect: say`Rolls every replica.`,
      owner: 'application',
    },
  ],
})

/** Others of the same owner fell in the minutes before, on whatever node: their load came to this one. */
function afterOthers(facts: IncidentFacts) {
  const siblings = facts.incident.siblings ?? []
  const [first] = siblings
  const owner = facts.kill?.workload?.owner ?? null
  const gap = first === undefined || facts.kill === null ? null : gapUs(first.at, facts.kill.at)
  if (gap === null || owner === null || facts.kill?.killer !== 'kernel') return null
  return {
    confidence: 'low' as const,
    statement: say`${siblings.length === 1 ? say`Another replica` : say`${count(siblings.length)} other replicas`} of ${code(owner)} had been killed shortly before, the first ${seconds(Math.round(gap / 1e6))} earlier: their load may have fallen on this one.`,
    evidence: evidence(...siblings.slice(0, 3).map((death) => death.evidence.slice(0, 1)), killLines(facts, 1)),
    against: say`A common cause, such as one large request or release, looks the same.`,
  }
}
