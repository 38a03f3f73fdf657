import type { Pattern } from './define-pattern.ts'
import { grows, recurrenceOf } from './recurrence.ts'

/** Three deaths of one workload or more, each larger than the one before: a fixed limit gives equal sizes, so the growth is the program's own. */
export const leak: Pattern = {
  id: 'leak',
  holds(facts) {
    const found = recurrenceOf(facts)
    if (found === null || found.sizes.length < 3 || found.sizes.length < found.deaths.length) return false
    const [first, last] = [found.sizes[0] as number, found.sizes.at(-1) as number]
    return grows(found.sizes) && first > 0 && last >= first * 1.25
  },
}
