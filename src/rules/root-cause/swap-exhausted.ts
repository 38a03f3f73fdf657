import { machineOf } from '../../facts/names.ts'
import { bytes, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines, lines } from '../evidence.ts'
import { upper } from '../limit/memcg-limit.ts'
import { isGlobalKill, shareOf } from './signs.ts'

const MIB16 = 16 * 2 ** 20

/** Anonymous memory filled RAM and then all of swap. */
export const swapExhausted = defineRule({
  question: 'rootCause',
  id: 'swap-exhausted',
  title: 'RAM and swap are full',
  needs: ['swap'],
  weight: 69,
  evaluate(facts) {
    const { totalBytes, freeBytes } = facts.swap
    const full = totalBytes > 0 && freeBytes <= Math.max(totalBytes / 100, Math.min(MIB16, totalBytes / 10))
    if (!isGlobalKill(facts) || !full || facts.scores?.shieldedGiant != null) return null
    const anon = shareOf(facts, 'anon')
    return {
      confidence: 'medium',
      statement: say`${upper(machineOf(facts))} had filled its memory and then its swap: of ${bytes(totalBytes)} of swap ${bytes(Math.max(0, freeBytes))} were free, and anonymous memory had nowhere to go.`,
      evidence: evidence(lines(facts, 'swapTotals'), counterLines(facts, 'active_anon', 'inactive_anon'), killLines(facts, 1)),
      against: anon > 0 && anon < 0.4 ? say`Less than half of the memory was anonymous.` : null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Limit the process that grew before swap (${bytes(facts.swap.totalBytes)}) is full; more swap only delays the end and slows the machine.`,
      why: say`Swap evens out peaks; it does not hold growth.`,
      command: 'cat /proc/pressure/memory; vmstat 1 5',
      when: 'now',
    },
  ],
})
