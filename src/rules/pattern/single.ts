import type { Pattern } from './define-pattern.ts'
import { runsOf } from './runs.ts'

/** One run of a killer, however many processes it took. */
export const single: Pattern = { id: 'single', holds: (facts) => runsOf(facts).length <= 1 }
