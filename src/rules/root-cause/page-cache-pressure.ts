import { groupOf, machineOf } from '../../facts/names.ts'
import { bytes, code, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { counterLines, evidence, killLines } from '../evidence.ts'
import { shareOf } from './signs.ts'

/** File pages that could not be dropped: dirty, under writeback, locked, or in constant use. */
export const pageCachePressure = defineRule({
  question: 'rootCause',
  id: 'page-cache-pressure',
  title: 'File pages that could not be dropped',
  needs: ['composition'],
  weight: 68,
  evaluate(facts) {
    const share = shareOf(facts, 'file')
    if (facts.kill?.killer !== 'kernel' || share < 0.4 || facts.composition.main.id !== 'file') return null
    const size = facts.composition.classes.file ?? 0
    const details = (facts.memcgAccounting ?? facts.machineAccounting)?.details ?? {}
    const dirty = (details['file_dirty'] ?? details['dirty'] ?? 0) + (details['file_writeback'] ?? details['writeback'] ?? 0)
    return {
      confidence: 'medium',
      statement: say`${bytes(size)} (${percent(share)}) of what ${facts.composition.scope === 'memcg' ? groupOf(facts) : machineOf(facts)} held are pages of files${dirty > 0 ? say`, ${bytes(dirty)} of them dirty or being written` : say``}: clean ones would have been dropped first.`,
      evidence: evidence(counterLines(facts, 'file', 'file_dirty', 'file_writeback', 'inactive_file'), killLines(facts, 1)),
      against: null,
    }
  },
  recommend: (facts) => [
    {
      text: say`Throttle writers (${code('memory.high')} below the limit, or smaller ${code('vm.dirty_bytes')}): ${bytes(facts.composition.classes.file ?? 0)} of file pages were held.`,
      why: say`Dirty pages can only go when storage has taken them.`,
      command: 'sysctl vm.dirty_bytes vm.dirty_ratio; iostat -x 1 3',
      when: 'now',
    },
  ],
})
