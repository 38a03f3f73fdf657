import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerOfPod } from '../../facts/names.ts'
import { code, count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { killsIn, stateLines, survivingRun } from './aftermath.ts'

/** A process died inside a container whose pid 1 lived on: status, events and restart count do not change (kubernetes-oom §5.3). */
export const unseenByKubernetes = defineRule({
  question: 'consequence',
  id: 'unseen-by-kubernetes',
  title: 'Kubernetes did not see it',
  needs: ['kill', 'container'],
  weight: 85,
  evaluate(facts) {
    const state = survivingRun(facts)
    if (state === null) return fromInspect(facts)
    const kills = killsIn(facts, state).length
    const restarts = facts.container.restartCount
    const sameId = state.containerId !== null && facts.kill.workload?.containerId != null
    return {
      confidence: sameId || state.startedUs !== null ? facts.trust : 'medium',
      statement: say`Kubernetes saw nothing: ${containerOfPod(facts)} has been running since before the ${kills > 1 ? say`first of ${count(kills)} kills` : say`kill`}${restarts === null ? say`` : say`, with restart count ${count(restarts.value)}`}; a process inside it died, not its first one.`,
      evidence: evidence(stateLines(state), [restarts?.quote], killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Make the death of ${code(facts.kill.comm ?? 'the process')} visible: let the container's first process end when it dies, or alert on ${code('container_oom_events_total')}.`,
      why: say`The pod stays Running, so neither its status nor its events ever show these kills.`,
      command: null,
      when: 'prevent',
    },
  ],
})

function fromInspect(facts: IncidentFacts) {
  const id = facts.kill?.workload?.containerId ?? null
  const found = facts.incident.snapshots.find(
    (s) => s.kind === 'runtime-container' && s.running === true && s.oomKilled === true && s.containerId === id,
  )
  if (found?.kind !== 'runtime-container' || id === null) return null
  return {
    confidence: 'medium' as const,
    statement: say`The runtime says that the container is still running and that the kernel has killed in it: a process inside it died, not its first one.`,
    evidence: evidence(found.quotes.slice(0, 3), killLines(facts, 1)),
    against: null,
  }
}
