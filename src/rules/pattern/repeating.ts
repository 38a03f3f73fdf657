import type { Pattern } from './define-pattern.ts'
import { recurrenceOf } from './recurrence.ts'
import { runsOf } from './runs.ts'

/** The same workload again and again, in this incident or over several. */
export const repeating: Pattern = { id: 'repeating', holds: (facts) => runsOf(facts).length > 1 || recurrenceOf(facts) !== null }
