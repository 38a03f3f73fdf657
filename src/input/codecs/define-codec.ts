import type { Meter } from '../budget.ts'
import type { Bytes } from '../bytes.ts'
import type { Inflating } from './inflating.ts'

/** A compression that is undone while reading. One file a codec; `index.ts` lists them. */
export interface Codec {
  readonly id: string
  readonly title: string
  /** Whether the first bytes of a stream (at least 512 where it has as many) are this codec's. Names are never asked. */
  sniff(head: Uint8Array): boolean
  /**
   * Unpacks. Gives out all that can be had of broken or cut data before it throws a `Trouble`. Counts what it takes and gives in the
   * meter, before handing it on: the meter throws when a bound is passed.
   */
  decode(input: Bytes, meter: Meter, engines: Inflating): Bytes
}

export const startsWith = (head: Uint8Array, magic: readonly number[], at = 0): boolean =>
  head.length >= at + magic.length && magic.every((byte, i) => head[at + i] === byte)
