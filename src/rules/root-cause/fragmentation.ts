import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isFragmented, orderOf, zoneLines } from '../limit/fragmentation.ts'

export const fragmentationCause = defineRule({
  question: 'rootCause',
  id: 'fragmentation',
  title: 'Fragmented memory',
  needs: ['dump'],
  weight: 80,
  evaluate(facts) {
    if (!isFragmented(facts)) return null
    const order = orderOf(facts)
    return {
      confidence: facts.zones?.some((zone) => zone.usable && zone.hasBlock === false) ? facts.trust : 'medium',
      statement: say`There was free memory, but only in pieces smaller than the ${bytes(facts.dump.pageBytes * 2 ** order)} that ${code(facts.dump.trigger?.comm ?? 'the kernel')} needed in one block (order ${order}).`,
      evidence: evidence(lines(facts, 'header', 'stack'), zoneLines(facts), killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Compact memory once by hand, so that blocks of order ${orderOf(facts)} are there again until the cause is mended.`,
      why: say`The next request of that size fails or kills like this one; free memory alone does not help it.`,
      command: 'sysctl -w vm.compact_memory=1; cat /proc/buddyinfo',
      when: 'now',
      effect: say`Harmless but slow for a moment. The setting is missing where the kernel was built without compaction.`,
      owner: 'platform',
    },
    {
      text: say`Raise ${code('vm.min_free_kbytes')} so that reclaim and compaction begin earlier, and update the driver or kernel path that asks for order ${orderOf(facts)}.`,
      why: say`Larger reserves keep larger blocks whole; a caller that needs high orders should fall back to smaller ones.`,
      command: 'sysctl vm.min_free_kbytes; cat /proc/buddyinfo; grep -E "compact_(stall|fail|success)" /proc/vmstat',
      when: 'find',
      effect: say`The command changes nothing. Twice the present value is a first trial; it is in force at once.`,
      lookFirst: true,
      owner: 'kernel',
    },
  ],
})
