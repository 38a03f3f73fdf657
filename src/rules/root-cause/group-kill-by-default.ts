import { code, count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isMemcgKill } from './signs.ts'

/** Since Kubernetes 1.28 on cgroup v2 the kubelet sets memory.oom.group on containers: one kill ends them whole. */
export const groupKillByDefault = defineRule({
  question: 'rootCause',
  id: 'group-kill-by-default',
  title: 'One kill takes the whole container',
  needs: ['dump', 'kill'],
  weight: 64,
  evaluate(facts) {
    const container = facts.victimCgroup?.level === 'container' || facts.kill.workload?.kind === 'pod'
    const dead = new Set(facts.incident.kills.filter((kill) => kill.eventKey === facts.kill.eventKey).map((kill) => kill.pid)).size
    if (!isMemcgKill(facts) || facts.dump.groupMemcg === null || !container || dead < 2) return null
    const version = facts.node?.kubeletVersion ?? null
    return {
      confidence: 'medium',
      statement: say`One process passed the limit, and all ${count(dead)} of the container died: since Kubernetes 1.28 the kubelet sets ${code('memory.oom.group')} on cgroup v2${version === null ? say`` : say` (the node runs ${code(version)})`}.`,
      evidence: evidence(lines(facts, 'group', 'memory'), killLines(facts, 2)),
      against: say`That it came to a kill at all has its own cause: the limit was reached.`,
    }
  },
  recommend: (facts) => [
    {
      text: say`If ${code(facts.kill.comm ?? 'a worker')} may die alone, set ${code('singleProcessOOMKill: true')} in the kubelet's configuration (1.32+), or give the processes containers of their own.`,
      why: say`With the group kill the whole container is lost for one of its processes.`,
      command: null,
      owner: 'platform',
      when: 'prevent',
    },
  ],
})
