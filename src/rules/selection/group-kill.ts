import { victimOf } from '../../facts/names.ts'
import { code, count, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'

/** memory.oom.group: the choice of one takes the whole cgroup with it. */
export const groupKill = defineRule({
  question: 'selection',
  id: 'group-kill',
  title: 'The whole group was killed',
  needs: ['dump', 'kill'],
  weight: 80,
  evaluate(facts) {
    const path = facts.dump.groupMemcg
    if (path === null || facts.kill.killer !== 'kernel') return null
    const dead = new Set(facts.incident.kills.filter((kill) => kill.eventKey === facts.kill.eventKey).map((kill) => kill.pid)).size
    const together = dead > 1 ? say`, ${count(dead)} processes` : say``
    const inferred = facts.dump.quotes.group === undefined
    return {
      confidence: inferred ? ('medium' as const) : facts.trust,
      statement: say`The kernel chose ${victimOf(facts)}, and ${code('memory.oom.group')} took everything in its cgroup along${together}${inferred ? say`: its line is not in the log, but the chosen process stands among the killed a second time, as the sweep of a group prints it` : say``}.`,
      evidence: evidence(lines(facts, 'group'), killLines(facts, 2), [facts.scores?.victim?.row.quote]),
      against: null,
    }
  },
})
