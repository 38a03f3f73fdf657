import type { Pattern } from './define-pattern.ts'
import { runsOf } from './runs.ts'

/** The same workload again and again. */
export const repeating: Pattern = { id: 'repeating', holds: (facts) => runsOf(facts).length > 1 }
