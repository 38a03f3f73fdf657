/** Bytes of a local file header before its names (APPNOTE.TXT 4.3.7). */
const HEADER_BYTES = 30

/** Where members of a zip lie in its file, as its directory tells. */
export interface Ranges {
  /** Lays a member down: `same` where one lies exactly there, `overlap` where its bytes are in part another's. */
  add(offset: number, packedBytes: number): 'new' | 'same' | 'overlap'
}

/**
 * No tool writes members that share bytes: they are how a small zip becomes petabytes (D. Fifield, A better zip bomb, 2019). Kept sorted by place, so
 * that a look costs the logarithm of their number.
 */
export function openRanges(): Ranges {
  const starts: number[] = []
  const ends: number[] = []
  return {
    add(offset, packedBytes) {
      const end = offset + HEADER_BYTES + packedBytes
      const at = placeIn(starts, offset)
      if (starts[at] === offset && ends[at] === end) return 'same'
      if ((starts[at] ?? Number.POSITIVE_INFINITY) < end || (ends[at - 1] ?? 0) > offset) return 'overlap'
      starts.splice(at, 0, offset)
      ends.splice(at, 0, end)
      return 'new'
    },
  }
}

/** The first place whose number is not below. */
function placeIn(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
