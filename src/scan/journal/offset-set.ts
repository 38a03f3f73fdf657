/**
 * A set of offsets that are multiples of 8, a bit each. Offsets come as halves of 32 bits, as this is asked of every field of every entry. Those behind
 * `MOST` are never in it.
 */
export interface OffsetSet {
  add(low: number, high: number): void
  has(low: number, high: number): boolean
}

const MOST = 16 * 1024 ** 3

/** `size`: of the file. Its memory is used as far as bits are set. */
export function openOffsetSet(size: number): OffsetSet {
  const bits = new Uint8Array(Math.ceil(Math.min(size, MOST) / 64))
  const placeOf = (low: number, high: number): number => (low >>> 6) + high * (1 << 26)
  return {
    add(low, high) {
      const at = placeOf(low, high)
      if (at < bits.length) bits[at] = (bits[at] ?? 0) | (1 << ((low >>> 3) & 7))
    },
    has: (low, high) => (((bits[placeOf(low, high)] ?? 0) >>> ((low >>> 3) & 7)) & 1) === 1,
  }
}
