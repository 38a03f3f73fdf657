import type { Meter } from './budget.ts'
import type { Bytes } from './bytes.ts'
import type { Codec } from './codecs/define-codec.ts'
import type { Inflating } from './codecs/inflating.ts'
import type { FileBytes } from './file.ts'

/** Lays a stream where any place of it can be read, and nobody else can read it. Throws `bound-spool` past the limit. */
export type Spooler = (bytes: Bytes, limit: number) => Promise<FileBytes>

/** What unpacking asks of the machine: everything else of this room is arithmetic of bytes. */
export interface Engines extends Inflating {
  readonly spool: Spooler
  /** Unpacks a file beside this thread; `null`: there is no thread to be had. */
  decodedAhead(path: string, codec: Codec, meter: Meter): AheadBytes | null
}

/** Unpacked bytes that come out of another thread. */
export interface AheadBytes {
  readonly bytes: Bytes
  /**
   * From here on pieces are lent: each is void when the third after it is asked for. Without it they are the taker's own, which costs more than the
   * search for what they hold.
   */
  lend(): void
}
