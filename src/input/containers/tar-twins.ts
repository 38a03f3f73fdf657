import type { ByteReader, Bytes } from '../bytes.ts'
import type { Inflating } from '../codecs/inflating.ts'

/** A copy must be held to be compared: larger ones are read again. */
const LARGEST_COPY = 64 * 1024 * 1024

/** What the members of a tar held that were read whole. `tar rf` and sloppy collectors lay the same file down twice; a tar tells no checksums of contents. */
export interface Twins {
  /** A member's bytes as they are handed out; what they sum to is kept. */
  noted(rawPath: string, size: number, bytes: Bytes): Bytes
  /** Whether the next `size` bytes are what a member of this name held before. They are not taken. */
  stands(rawPath: string, size: number, reader: ByteReader): Promise<boolean>
}

export function openTwins({ crc32 }: Pick<Inflating, 'crc32'>): Twins {
  const sums = new Map<string, Set<number>>()
  const keyOf = (rawPath: string, size: number): string => `${rawPath}\0${size}`
  return {
    async *noted(rawPath, size, bytes) {
      let sum = 0
      for await (const piece of bytes) {
        sum = crc32(piece, sum)
        yield piece
      }
      const key = keyOf(rawPath, size)
      sums.set(key, (sums.get(key) ?? new Set()).add(sum))
    },
    async stands(rawPath, size, reader) {
      const known = sums.get(keyOf(rawPath, size))
      if (known === undefined || size > LARGEST_COPY) return false
      const copy = await reader.peek(size)
      return copy.length === size && known.has(crc32(copy, 0))
    },
  }
}
