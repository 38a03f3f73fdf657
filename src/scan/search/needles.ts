import { isWithout } from '../../pieces.ts'
import type { Needle } from './needle.ts'
import { openJsNeedle } from './needle-js.ts'
import { openSimdNeedle } from './needle-simd.ts'

/** Needles at rest: making one costs as much as searching some megabytes, and bundles hold thousands of small files. */
const resting = new WeakMap<readonly string[], Needle[]>()

/** Up to so much in small sources, a first needle of the fast kind takes longer to make than it saves. */
const SMALL_BYTES = 262_144
let smallBytes = 0

/**
 * Lends the fastest needle for these literals (one and the same list each time), sampled from `sampledFrom` on, and a source of `size` bytes, if known;
 * `giveBack` when the source is read.
 */
export function borrowNeedle(
  literals: readonly string[],
  size: number | null,
  sampledFrom = literals.length,
): { readonly needle: Needle; giveBack(): void } {
  const rest = resting.get(literals) ?? []
  resting.set(literals, rest)
  if (rest.length === 0 && size !== null && smallBytes + size < SMALL_BYTES) {
    smallBytes += size
    return { needle: openJsNeedle(literals), giveBack: () => {} }
  }
  const fast = (): Needle | null => (isWithout('needle') ? null : openSimdNeedle(literals, sampledFrom))
  const needle = rest.pop() ?? fast() ?? openJsNeedle(literals)
  return { needle, giveBack: () => void rest.push(needle) }
}
