import { sizeOf } from '../../facts/composition.ts'
import { bytes, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { mainClass } from './held.ts'

/** A pool of huge pages set aside at boot or by sysctl; what is free in it helps nobody. */
export const hugepages = defineRule({
  question: 'consumer',
  id: 'hugepages',
  title: 'Reserved huge pages',
  needs: ['composition'],
  weight: 65,
  evaluate(facts) {
    const held = facts.composition
    const pool = held.classes.hugepages ?? 0
    const idle = facts.machineAccounting?.details['hugepages_free'] ?? 0
    const largest = held.largest === null ? 0 : sizeOf(held.largest)
    if (held.scope === 'machine' && idle >= held.totalBytes * 0.25 && pool > largest) {
      return {
        confidence: facts.trust,
        statement: say`Huge pages take ${bytes(pool)}, ${percent(pool / held.totalBytes)} of the memory that the machine can use, and ${bytes(idle)} of them lie unused.`,
        evidence: evidence(lines(facts, 'hugepages', 'ram'), facts.dump?.memInfo?.hugepages.map((p) => p.quote) ?? [], killLines(facts, 1)),
        against: null,
      }
    }
    return mainClass(facts, ['hugepages'], ['hugetlb', 'hugepages_total'], say`Huge pages`)
  },
})
