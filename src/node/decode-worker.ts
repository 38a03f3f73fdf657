import { parentPort } from 'node:worker_threads'
import type { Bytes } from '../input/bytes.ts'
import { codecs } from '../input/codecs/index.ts'
import { Trouble } from '../input/trouble.ts'
import type { DecodeEnd, DecodePlan } from './decode-ahead.ts'
import { engines } from './engines.ts'
import { openFileBytes } from './file-bytes.ts'
import { ringWriter } from './ring.ts'
import { assignment } from './threads.ts'

const READ_BYTES = 262_144

// A thread's own file: what it is to do comes with its start.
const plan = assignment<DecodePlan>()
if (plan !== null) void unpack(plan).then((end) => parentPort?.postMessage(end))

async function unpack({ path, codec: id, ring }: DecodePlan): Promise<DecodeEnd> {
  const codec = codecs.find((known) => known.id === id)
  if (codec === undefined) throw new Error(`There is no codec ${id}.`)
  const writer = ringWriter(ring)
  let given = 0
  // Bounds are kept where the bytes are taken: there the whole run is counted.
  const meter = {
    took: writer.took,
    gave: (bytes: number) => {
      given += bytes
    },
    given: () => given,
  }
  try {
    for await (const piece of codec.decode(fileBytes(path), meter, engines)) writer.write(piece)
    return { kind: 'end' }
  } catch (error) {
    if (error instanceof Trouble) return { kind: 'trouble', trouble: { code: error.code, args: error.args, ends: error.ends } }
    if (error instanceof Error && 'syscall' in error && 'code' in error)
      return { kind: 'system', code: String(error.code), syscall: String(error.syscall), message: error.message }
    throw error
  } finally {
    writer.close()
  }
}

async function* fileBytes(path: string): Bytes {
  const file = openFileBytes(path)
  try {
    for (let offset = 0; ; ) {
      const buffer = new Uint8Array(READ_BYTES)
      const read = file.read(buffer, offset)
      if (read === 0) return
      yield buffer.subarray(0, read)
      offset += read
    }
  } finally {
    file.close()
  }
}
