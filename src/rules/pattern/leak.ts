import type { Pattern } from './define-pattern.ts'
import { runsOf, sizeAtDeath } from './runs.ts'

/** Three kills or more, each death larger than the one before: a fixed limit gives equal sizes, so the growth is the program's own. */
export const leak: Pattern = {
  id: 'leak',
  holds(facts) {
    const sizes = runsOf(facts).map(sizeAtDeath)
    const first = sizes[0] ?? null
    const last = sizes.at(-1) ?? null
    if (sizes.length < 3 || first === null || last === null || last < first * 1.25) return false
    return sizes.every((size, i) => i === 0 || (size !== null && size >= (sizes[i - 1] ?? 0) * 1.02))
  },
}
