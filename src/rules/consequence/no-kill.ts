import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Recommendation } from '../../model/diagnosis.ts'
import { code, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, lines } from '../evidence.ts'
import { isHostDaemon } from '../root-cause/claims.ts'
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
  recommend: letKill,
})

/** Under a limit with nothing that may be killed its tasks hang: the shield was meant against the machine's shortage, not against their own limit. */
function letKill(facts: IncidentFacts): readonly Recommendation[] {
  const comm = facts.composition?.largest?.row.comm ?? null
  const unit = facts.limitCgroup?.unit ?? null
  if (facts.dump?.noKillable !== true || facts.scope !== 'memcg' || comm === null || isHostDaemon(comm)) return []
  return [
    {
      text: say`Lift the exemption of ${code(comm)} (${code('OOMScoreAdjust=')}), or its limit: with both its tasks hang when it is full.`,
      why: say`Nothing else is there that the kernel could kill.`,
      command: unit === null ? null : `systemctl show ${shellWord(unit)} -p OOMScoreAdjust -p MemoryMax`,
      when: 'prevent',
      effect: say`The command changes nothing.`,
      lookFirst: true,
      owner: 'platform',
    },
  ]
}
