/** A set of offsets that are multiples of 8, for files of any size: a bit each, in pages that are made where a bit is set. */
export interface Marks {
  add(offset: number): void
  has(offset: number): boolean
}

/** Bytes of the file that a page stands for. */
const SPAN = 4 * 1024 * 1024

export function openMarks(): Marks {
  const pages: (Uint8Array | undefined)[] = []
  return {
    add(offset) {
      const index = Math.floor(offset / SPAN)
      const page = pages[index] ?? new Uint8Array(SPAN / 64)
      pages[index] = page
      const bit = (offset - index * SPAN) / 8
      page[bit >> 3] = (page[bit >> 3] ?? 0) | (1 << (bit & 7))
    },
    has(offset) {
      const index = Math.floor(offset / SPAN)
      const page = pages[index]
      if (page === undefined) return false
      const bit = (offset - index * SPAN) / 8
      return (((page[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1
    },
  }
}
