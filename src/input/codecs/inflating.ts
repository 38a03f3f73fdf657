import type { Meter } from '../budget.ts'
import type { ByteReader, Bytes } from '../bytes.ts'

/** What a codec is undone with: Node.js has zlib, a page brings its own. */
export interface Inflating {
  /**
   * One raw deflate stream (RFC 1951; the inside of a gzip member or of a zip member). Takes from the reader exactly the stream's own bytes, so that what
   * follows it is still there. Throws `packing-cut` where the input ends before the stream does; `packing-broken` gives zlib's words.
   */
  inflateRaw(reader: ByteReader, codec: string, meter: Meter): Bytes
  /** CRC-32 (ISO 3309) of `before`'s bytes and these. */
  crc32(bytes: Uint8Array, before: number): number
}
