import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isGlobalKill } from './signs.ts'

/** A pool of huge pages that lies idle while the machine starves beside it. */
export const hugepageReservation = defineRule({
  question: 'rootCause',
  id: 'hugepage-reservation',
  title: 'Reserved huge pages',
  needs: ['machineAccounting'],
  weight: 85,
  evaluate(facts) {
    const total = facts.machineAccounting.totalBytes
    const pool = facts.machineAccounting.classes.find((part) => part.id === 'hugepages')?.bytes ?? 0
    const idle = facts.machineAccounting.details['hugepages_free'] ?? 0
    if (!isGlobalKill(facts) || pool < total * 0.25 || idle < total * 0.1) return null
    return {
      confidence: idle >= total * 0.2 ? facts.trust : 'medium',
      statement: say`${bytes(pool)} (${percent(pool / total)}) of the memory are reserved as huge pages, and ${bytes(idle)} of them are unused: what ordinary processes may have is that much smaller.`,
      evidence: evidence(facts.dump?.memInfo?.hugepages.map((p) => p.quote) ?? [], lines(facts, 'hugepages', 'ram'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend(facts) {
    const idle = facts.machineAccounting.details['hugepages_free'] ?? 0
    const pools = facts.dump?.memInfo?.hugepages ?? []
    const sum = pools.reduce((total, pool) => total + pool.total, 0)
    const used = pools.reduce((total, pool) => total + pool.total - pool.free, 0)
    return [
      {
        text: say`Shrink the huge page pool: ${bytes(idle)} of it were unused. Set ${code('vm.nr_hugepages')} from ${sum} to what is used (${used}) plus what its user will ask for.`,
        why: say`Reserved huge pages cannot serve any other request, nor be swapped or reclaimed.`,
        command: `sysctl -w vm.nr_hugepages=${Math.max(used, 0)}`,
        when: 'now' as const,
      },
    ]
  },
})
