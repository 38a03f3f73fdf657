import { statSync } from 'node:fs'
import type { Engines } from '../input/engines.ts'
import { decodedAhead } from './decode-ahead.ts'
import type { OnBytes } from './file-bytes.ts'
import { inflateRaw } from './inflate.ts'
import { spoolOf } from './spool.ts'

/** What unpacking is done with in Node.js. `node:zlib` is touched only where something is packed: loading it takes some hundredths of a second. */
export const engines: Engines = {
  inflateRaw,
  crc32: (bytes, before) => process.getBuiltinModule('node:zlib').crc32(bytes, before),
  spool: spoolOf,
  decodedAhead,
}

/** The same, which tells how far a file is read that a thread unpacks. */
export const enginesWith = (onBytes: OnBytes | null): Engines =>
  onBytes === null
    ? engines
    : {
        ...engines,
        decodedAhead(path, codec, meter) {
          const { size } = statSync(path)
          let done = 0
          const took = (bytes: number): void => {
            meter.took(bytes)
            done += bytes
            onBytes(done, size)
          }
          return decodedAhead(path, codec, { ...meter, took })
        },
      }
