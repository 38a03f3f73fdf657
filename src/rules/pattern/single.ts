import type { Pattern } from './define-pattern.ts'
import { recurrenceOf } from './recurrence.ts'
import { runsOf } from './runs.ts'

/** One run of a killer, however many processes it took, and no other of the same workload. */
export const single: Pattern = { id: 'single', holds: (facts) => runsOf(facts).length <= 1 && recurrenceOf(facts) === null }
