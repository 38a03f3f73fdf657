import type { Engines } from '../input/engines.ts'
import { decodedAhead } from './decode-ahead.ts'
import { inflateRaw } from './inflate.ts'
import { spoolOf } from './spool.ts'

/** What unpacking is done with in Node.js. `node:zlib` is touched only where something is packed: loading it takes some hundredths of a second. */
export const engines: Engines = {
  inflateRaw,
  crc32: (bytes, before) => process.getBuiltinModule('node:zlib').crc32(bytes, before),
  spool: spoolOf,
  decodedAhead,
}
