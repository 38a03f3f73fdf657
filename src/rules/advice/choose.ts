import type { Recommendation } from '../../model/diagnosis.ts'

const MOST = 5
/** So that one part does not crowd out the others: what stops the harm, what finds the cause, what keeps it from coming back. */
const SHARE: Readonly<Record<Recommendation['when'], number>> = { now: 3, find: 3, prevent: 2 }
const ORDER: readonly Recommendation['when'][] = ['now', 'find', 'prevent']

/** Each piece of advice once, at most five, in the order of use; within a part the order of the answers is kept. */
export function choose(all: readonly Recommendation[]): readonly Recommendation[] {
  const unique = withoutRepeats(all)
  const parts = ORDER.map((when) => unique.filter((one) => one.when === when).slice(0, SHARE[when]))
  // Too many: the last of the fullest part goes, prevention first among equals.
  while (parts.reduce((sum, part) => sum + part.length, 0) > MOST) {
    const most = Math.max(...parts.map((part) => part.length))
    parts.findLast((part) => part.length === most)?.pop()
  }
  return parts.flat()
}

/** Two ways to say one command are one recommendation. */
function withoutRepeats(all: readonly Recommendation[]): readonly Recommendation[] {
  const seen = new Set<string>()
  return all.filter((one) => {
    const keys = [JSON.stringify(one.text), ...(one.command === null ? [] : [one.command])]
    const known = keys.some((key) => seen.has(key))
    for (const key of keys) seen.add(key)
    return !known
  })
}
