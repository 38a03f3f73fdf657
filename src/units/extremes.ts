/** The least of the values as `Math.min(...values)` tells it, of any number of them: V8 takes some hundred thousand arguments at most. */
export function leastOf(values: Iterable<number>): number {
  let least = Infinity
  for (const value of values) least = Math.min(least, value)
  return least
}

/** The same of the most. */
export function mostOf(values: Iterable<number>): number {
  let most = -Infinity
  for (const value of values) most = Math.max(most, value)
  return most
}

/** Those whose size is not known last. */
export const largestFirst = <T>(all: readonly T[], sizeOf: (one: T) => number | null): T[] =>
  all
    .map((one) => ({ one, size: sizeOf(one) ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => (a.size < b.size ? 1 : a.size > b.size ? -1 : 0))
    .map(({ one }) => one)
