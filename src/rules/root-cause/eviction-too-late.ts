import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import { bytes, code, count, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { roundUp } from '../advice/sizes.ts'
import { cliOf } from '../advice/target.ts'
import { defineRule } from '../define-rule.ts'
import { eventLines, evidence, killLines } from '../evidence.ts'
import { listUse, spread } from './node-overcommitted.ts'
import { isGlobalKill, isPodVictim } from './signs.ts'

/** The kubelet's threshold was not passed in time: the kernel had to kill first, with the kubelet's log there and silent before. */
export const evictionTooLate = defineRule({
  question: 'rootCause',
  id: 'eviction-too-late',
  title: 'Eviction came too late',
  needs: ['kill'],
  weight: 50,
  evaluate(facts) {
    const shared = isGlobalKill(facts) || facts.limitCgroup?.level === 'kubepods'
    if (facts.kill.killer !== 'kernel' || !shared || !isPodVictim(facts) || !facts.incident.coverage.kubelet) return null
    const at = facts.kill.at.epochUs
    const before = facts.context.evictions.filter(
      (e) => e.at.epochUs !== null && at !== null && e.at.epochUs < at && e.event.stage !== 'observed',
    )
    const after = facts.context.evictions.filter((e) => e.at.epochUs !== null && at !== null && e.at.epochUs >= at)
    if (before.length > 0 || after.length === 0) return null
    return {
      confidence: soonAfter(facts, after[0]?.at.epochUs ?? null) ? 'medium' : 'low',
      statement: say`The kubelet began to evict only after the kernel had killed: memory was taken faster than its loop of 10 seconds, or its threshold is too low.${takers(facts)}`,
      evidence: evidence(killLines(facts, 1), eventLines(after, 2)),
      against: say`What took the memory is the nearer cause.`,
    }
  },
  recommend(facts) {
    const threshold = facts.context.evictions.find(({ event }) => event.thresholdBytes !== null)?.event.thresholdBytes ?? null
    const capacity = facts.node?.capacityBytes?.value ?? facts.machineAccounting?.totalBytes ?? null
    const node = facts.node?.name ?? facts.incident.host
    return [
      ...spread(facts),
      ...listUse(facts),
      {
        text: say`Raise ${code('evictionHard: memory.available')}${threshold === null ? say` (100Mi by default)` : say` from ${bytes(threshold)}`} to about 5 % of the node${capacity === null ? say`` : say` (${bytes(roundUp(capacity * 0.05))})`}, and add a soft threshold above it.`,
        why: say`Eviction chooses pods by their requests and priority; the kernel chooses by size.`,
        command:
          node === null
            ? null
            : `${cliOf(facts)} get --raw /api/v1/nodes/${shellWord(node)}/proxy/configz | jq .kubeletconfig.evictionHard`,
        when: 'prevent' as const,
        effect: say`The command changes nothing. The setting takes a restart of the kubelet, and makes allocatable smaller by as much.`,
        lookFirst: true,
        owner: 'platform' as const,
      },
    ]
  },
})

/** Within the kubelet's next round or two: it saw the same shortage, and was late. */
function soonAfter(facts: IncidentFacts, us: number | null): boolean {
  const at = facts.kill?.at.epochUs ?? null
  return at !== null && us !== null && us - at <= 30_000_000
}

/** Who took it: nearer to the cause than the kubelet's pace. */
function takers(facts: IncidentFacts): Phrase {
  const [first, second] = facts.composition?.groups ?? []
  if (first === undefined) return say``
  const more = second === undefined ? say`` : say`, ${code(second.comm)} ${bytes(second.bytes)}`
  return say` ${code(first.comm)} held ${bytes(first.bytes)}${first.count > 1 ? say` in ${count(first.count)} processes` : say``}${more}.`
}
