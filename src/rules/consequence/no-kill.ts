import { say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, lines } from '../evidence.ts'
import { ownEnd } from './aftermath.ts'
import { unitLines } from './unit-failed.ts'

export const noKill = defineRule({
  question: 'consequence',
  id: 'no-kill',
  title: 'Nothing was killed',
  needs: [],
  weight: 70,
  evaluate(facts) {
    const { nature } = facts.incident
    if (facts.kill !== null || nature === 'dump-without-kill' || facts.dump?.panic != null) return null
    if ((facts.incident.proofsBeside ?? []).length > 0) return null
    // The status of the container, or systemd's word on the unit, says more.
    if (ownEnd(facts) !== null || unitLines(facts).some(({ event }) => event.what === 'failed' || event.what === 'main-exited')) return null
    const refused = nature === 'refused-allocation'
    const ended = nature === 'runtime-heap'
    const statement = refused
      ? say`Nothing was killed: the program got an error (ENOMEM) instead of memory.`
      : ended
        ? say`The kernel killed nothing: the program ended by itself.`
        : say`Nothing could be killed: the tasks that wanted memory wait or retry until some is free.`
    const proved = refused || ended || facts.dump?.noKillable === true
    return {
      confidence: proved ? facts.trust : 'medium',
      statement,
      evidence: evidence(lines(facts, 'noKillable', 'header'), eventLines(facts.context.all, 2)),
      against: null,
    }
  },
})
