import type { Needle } from './needle.ts'
import { openJsNeedle } from './needle-js.ts'
import { openSimdNeedle } from './needle-simd.ts'

/** Needles at rest: making one costs as much as searching some megabytes, and bundles hold thousands of small files. */
const resting = new Map<string, Needle[]>()

/** Lends the fastest needle for these literals; `giveBack` when the source is read. */
export function borrowNeedle(literals: readonly string[]): { readonly needle: Needle; giveBack(): void } {
  const key = literals.join('\n')
  const rest = resting.get(key) ?? []
  resting.set(key, rest)
  const needle = rest.pop() ?? openSimdNeedle(literals) ?? openJsNeedle(literals)
  return { needle, giveBack: () => void rest.push(needle) }
}
