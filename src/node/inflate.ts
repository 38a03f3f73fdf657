import { once } from 'node:events'
import type { InflateRaw } from 'node:zlib'
import type { Meter } from '../input/budget.ts'
import type { ByteReader, Bytes } from '../input/bytes.ts'
import { Trouble } from '../input/trouble.ts'

/** Deflate gives at most 1032 bytes for one: a piece of this size can put at most 66 MiB into memory, whatever it is made of. */
const pieceSize = 64 * 1024
/** Each time so much is put out, the engine's thread and this one wait for each other. */
const outputSize = 256 * 1024
const nothing = new Uint8Array(0)

/**
 * One raw deflate stream (the inside of a gzip member or of a zip member). Takes from the reader exactly the stream's own bytes, so
 * that what follows it (a trailer, the next member) is still there; node's own gunzip loses its last output when anything follows that
 * it does not like. Throws `packing-cut` where the input ends before the stream does.
 */
export async function* inflateRaw(reader: ByteReader, codec: string, meter: Meter): Bytes {
  const engine = process.getBuiltinModule('node:zlib').createInflateRaw({ chunkSize: outputSize })
  const output: Uint8Array[] = []
  let failure: Error | null = null
  let ended = false
  let starved = false
  engine.on('data', (piece: Uint8Array) => output.push(piece))
  engine.on('error', (error) => {
    failure = error
  })
  let wake = (): void => {}
  engine.on('end', () => {
    ended = true
    wake()
  })
  engine.on('close', () => wake())
  // Resolves when the engine has dealt with the piece: wants more, has come to the end of its stream, or failed.
  const written = (piece: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
      engine.write(piece, () => resolve())
    })
  // What came of a piece is handed out while the engine, in a thread of its own, is at the next: whoever reads it works at the same time.
  let ready: Uint8Array[] = []
  try {
    while (!ended && !starved && failure === null) {
      const piece = await reader.take(pieceSize)
      starved = piece === null
      const before = engine.bytesWritten
      // The end of a stream shows itself only when something follows it. If nothing does, the engine is asked.
      const working = piece === null ? finished(engine) : written(piece)
      for (const part of ready) {
        meter.gave(part.length)
        yield part
      }
      ready = []
      await working
      const used = engine.bytesWritten - before
      meter.took(used)
      ready = output.splice(0)
      if (failure === null) reader.putBack(piece?.subarray(used) ?? nothing)
    }
    for (const part of ready) {
      meter.gave(part.length)
      yield part
    }
    if (failure !== null && starved) throw new Trouble('packing-cut', { codec, bytes: meter.given() })
    if (failure !== null) throw new Trouble('packing-broken', { codec, reason: (failure as Error).message, bytes: meter.given() })
  } finally {
    engine.destroy()
  }
}

async function finished(engine: InflateRaw): Promise<void> {
  const closed = once(engine, 'close').catch(() => null)
  engine.end()
  await closed
}
