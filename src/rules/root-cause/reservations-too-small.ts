import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { hostProcessGrowth } from './host-process-growth.ts'
import { isGlobalKill, isPodVictim } from './signs.ts'

/** Daemons of the host use more than kube-reserved and system-reserved leave them: pods stay within allocatable, the node runs out. */
export const reservationsTooSmall = defineRule({
  question: 'rootCause',
  id: 'reservations-too-small',
  title: 'Too little reserved for the host',
  needs: ['node', 'composition'],
  weight: 60,
  evaluate(facts) {
    const capacity = facts.node.capacityBytes
    const allocatable = facts.node.allocatableBytes
    if (!isGlobalKill(facts) || !isPodVictim(facts) || capacity === null || allocatable === null) return null
    const reserved = capacity.value - allocatable.value
    const host = hostProcessGrowth.evaluate({ ...facts, composition: facts.composition })
    const size = facts.composition.largest?.bytes ?? 0
    if (host === null || size <= reserved) return null
    return {
      confidence: 'medium',
      statement: say`Capacity minus allocatable leaves ${bytes(reserved)} to the host, and ${code(facts.composition.largest?.row.comm ?? '?')} alone held ${bytes(size)}.`,
      evidence: evidence([capacity.quote, allocatable.quote], host.evidence.slice(0, 2), killLines(facts, 1)),
      against: say`One daemon that grew is the nearer cause; reservations would not have stopped it, only kept pods smaller.`,
    }
  },
  recommend: (facts) => [
    {
      text: say`Raise ${code('system-reserved')} and ${code('kube-reserved')} to what the host's daemons use, from the present ${bytes((facts.node.capacityBytes?.value ?? 0) - (facts.node.allocatableBytes?.value ?? 0))}, and enforce them.`,
      why: say`What is not reserved is given to pods.`,
      command: 'systemd-cgtop -m -n 1',
      when: 'prevent',
    },
  ],
})
