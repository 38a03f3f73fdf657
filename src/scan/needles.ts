import type { Needle } from './needle.ts'
import { openJsNeedle } from './needle-js.ts'
import { openSimdNeedle } from './needle-simd.ts'

/** Needles at rest: making one costs as much as searching some megabytes, and bundles hold thousands of small files. */
const resting = new Map<string, Needle[]>()

/** Below this a first needle of the fast kind takes longer to make than it saves. */
const SMALL_BYTES = 262_144

/**
 * Lends the fastest needle for these literals, sampled from `sampledFrom` on, and a source of `size` bytes, if known; `giveBack` when the source is read.
 */
export function borrowNeedle(
  literals: readonly string[],
  size: number | null,
  sampledFrom = literals.length,
): { readonly needle: Needle; giveBack(): void } {
  if (size !== null && size < SMALL_BYTES) return { needle: openJsNeedle(literals), giveBack: () => {} }
  const key = `${sampledFrom}\n${literals.join('\n')}`
  const rest = resting.get(key) ?? []
  resting.set(key, rest)
  const needle = rest.pop() ?? openSimdNeedle(literals, sampledFrom) ?? openJsNeedle(literals)
  return { needle, giveBack: () => void rest.push(needle) }
}
