import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { containerOfPod } from '../../facts/names.ts'
import { short } from '../../text/names.ts'
import { code, count, say, seconds } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { inspectedAlive, killsIn, stateLines, survivingRun } from './aftermath.ts'
import { livedOn } from './lived-on.ts'

/** A process died inside a container whose pid 1 lived on: status, events and restart count do not change (kubernetes-oom §5.3). */
export const unseenByKubernetes = defineRule({
  question: 'consequence',
  id: 'unseen-by-kubernetes',
  title: 'Kubernetes did not see it',
  needs: ['kill'],
  weight: 85,
  evaluate(facts) {
    const state = survivingRun(facts)
    if (state === null || facts.container === null) return fromReports(facts) ?? fromInspect(facts)
    if (!isReadLater(facts)) return fromReports(facts)
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
      text: say`Make the kill of ${code(facts.kill.comm ?? 'the process')} visible: let the container's first process end when it dies, or alert on ${code('container_oom_events_total')}.`,
      why: say`The ${facts.kill.workload?.kind === 'pod' ? 'pod stays Running, so neither its status nor its events ever show' : 'container stays up, so nothing but the kernel shows'} these kills.`,
      command: null,
      when: 'prevent',
      effect: say`Changes nothing until the next kill.`,
      owner: 'application',
    },
  ],
})

/**
 * A status that was read before the kill shows a running container too. It was read later if something in the same file is younger than the kill; and where the
 * report lists other processes of the container beside the victim, the container may well have lived on.
 */
function isReadLater(facts: IncidentFacts): boolean {
  const at = facts.kill?.at.epochUs ?? null
  const { podsReadUs } = facts.incident
  if (at === null || facts.dump === null || (podsReadUs ?? Number.NEGATIVE_INFINITY) > at) return true
  const level = facts.limitCgroup?.level
  return (level === 'container' || level === 'pod') && facts.dump.tasks.length > 1
}

/** Only the kernel's reports tell, but they do: the same container stood at its limit again later. */
function fromReports(facts: IncidentFacts) {
  const found = facts.kill?.workload?.kind === 'pod' ? livedOn(facts) : null
  if (found === null) return null
  const { survivor, reports, containerId } = found
  return {
    confidence: facts.trust,
    statement: say`The container lived on: it is still the same container (${code(short(containerId))}) in the last of ${count(reports)} reports, ${seconds(Math.round(found.seconds))} later, and ${code(survivor.comm)} (PID ${survivor.pid}) is in the tables before and after. A process inside it died, not its first one: Kubernetes need not have seen anything.`,
    evidence: evidence([survivor.quote], killLines(facts, 1)),
    against: null,
  }
}

function fromInspect(facts: IncidentFacts) {
  const found = inspectedAlive(facts)
  if (found === null) return null
  return {
    confidence: 'medium' as const,
    statement: say`The runtime says that the container is still running and that the kernel has killed in it: a process inside it died, not its first one.`,
    evidence: evidence(found.quotes.slice(0, 3), killLines(facts, 1)),
    against: null,
  }
}
