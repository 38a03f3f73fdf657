import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { code, count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { runsOf } from '../pattern/runs.ts'
import { isMemcgKill } from './signs.ts'

/**
 * Since Kubernetes 1.28 on cgroup v2 the kubelet sets memory.oom.group on containers: one kill ends them whole. That is how they die, not why: it is the
 * cause only where kills of one process were borne before, and the whole container died since.
 */
export const groupKillByDefault = defineRule({
  question: 'rootCause',
  id: 'group-kill-by-default',
  title: 'One kill takes the whole container',
  needs: ['dump', 'kill'],
  weight: 64,
  doubt: say`It tells how they died, not why the limit was reached.`,
  evaluate(facts) {
    const container = facts.victimCgroup?.level === 'container' || facts.kill.workload?.kind === 'pod'
    const runs = runsOf(facts)
    const grouped = runs.find((run) => run.dump?.groupMemcg != null) ?? null
    if (!isMemcgKill(facts) || grouped === null || !container) return null
    const dead = new Set(facts.incident.kills.filter((kill) => kill.eventKey === grouped.eventKey).map((kill) => kill.pid)).size
    if (dead < 2) return null
    const before = bornBefore(runs)
    const version = facts.node?.kubeletVersion ?? null
    const since = say`since Kubernetes 1.28 the kubelet sets ${code('memory.oom.group')} on cgroup v2${version === null ? say`` : say` (the node runs ${code(version)})`}`
    return {
      confidence: before > 0 ? 'medium' : 'low',
      statement:
        before > 0
          ? say`One process passed the limit, as ${before === 1 ? say`once` : say`${count(before)} times`} before. Then it was killed alone; now ${dead === 2 ? say`both` : say`all ${count(dead)}`} processes of the container are killed together: ${since}.`
          : say`One process passed the limit, and all ${count(dead)} processes of the container were killed together: ${since}.`,
      evidence: evidence(lines(facts, 'group', 'memory'), killLines(facts, 2)),
      against: before > 0 ? null : say`That it came to a kill at all has its own cause: one process reached the limit.`,
    }
  },
  recommend: (facts) => singleKill(facts),
})

/** Kills of one process alone that stand before the first group kill. */
function bornBefore(runs: ReturnType<typeof runsOf>): number {
  const first = runs.findIndex((run) => run.dump?.groupMemcg != null)
  return runs.slice(0, Math.max(0, first)).filter((run) => run.dump !== null).length
}

export function singleKill(facts: IncidentFacts) {
  return [
    {
      text: say`If ${code(facts.kill?.comm ?? 'a worker')} may be killed alone, set ${code('singleProcessOOMKill: true')} in the kubelet's configuration (1.32 and later), or give the processes containers of their own.`,
      why: say`With the group kill the whole container is lost for one of its processes.`,
      command: null,
      when: 'prevent' as const,
      effect: say`Holds for all containers of the node, from their next start.`,
      owner: 'platform' as const,
    },
  ]
}
