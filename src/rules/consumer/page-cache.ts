import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { mainClass } from './held.ts'

/** File pages. Clean ones can be dropped: that they were not says dirty, locked or in constant use. */
export const pageCache = defineRule({
  question: 'consumer',
  id: 'page-cache',
  title: 'Page cache',
  needs: ['composition'],
  weight: 60,
  evaluate: (facts) =>
    mainClass(
      facts,
      ['file'],
      ['file', 'file_dirty', 'total_cache', 'cache', 'active_file', 'inactive_file'],
      say`Cached file pages (${code('file')} without shared memory)`,
    ),
})
