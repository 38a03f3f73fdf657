import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { mainClass } from './held.ts'

/** Many processes mapping one large segment without huge pages, or sparse giant mappings. */
export const pageTables = defineRule({
  question: 'consumer',
  id: 'page-tables',
  title: 'Page tables',
  needs: ['composition'],
  weight: 60,
  evaluate: (facts) => mainClass(facts, ['pagetables'], ['pagetables', 'sec_pagetables'], say`Page tables (${code('pagetables')})`),
})
