import { once } from 'node:events'
import { createInflateRaw, type InflateRaw } from 'node:zlib'
import type { Meter } from '../budget.ts'
import type { ByteReader, Bytes } from '../bytes.ts'
import { Trouble } from '../trouble.ts'

/** Deflate gives at most 1032 bytes for one: a piece of this size can put at most 33 MiB into memory, whatever it is made of. */
const pieceSize = 32 * 1024
const outputSize = 64 * 1024

/**
 * One raw deflate stream (the inside of a gzip member or of a zip member). Takes from the reader exactly the stream's own bytes, so
 * that what follows it (a trailer, the next member) is still there; node's own gunzip loses its last output when anything follows that
 * it does not like. Throws `packing-cut` where the input ends before the stream does.
 */
export async function* inflateRaw(reader: ByteReader, codec: string, meter: Meter): Bytes {
  const engine = createInflateRaw({ chunkSize: outputSize })
  const output: Uint8Array[] = []
  let failure: Error | null = null
  let ended = false
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
  try {
    for (;;) {
      const piece = await reader.take(pieceSize)
      if (piece === null) {
        // The end of a stream shows itself only when something follows it. If nothing does, the engine is asked.
        await finished(engine)
        if (failure !== null) throw new Trouble('packing-cut', { codec, bytes: meter.given() })
        return
      }
      const before = engine.bytesWritten
      await written(piece)
      const used = engine.bytesWritten - before
      meter.took(used)
      for (const part of output.splice(0)) {
        meter.gave(part.length)
        yield part
      }
      if (failure !== null) throw new Trouble('packing-broken', { codec, reason: (failure as Error).message, bytes: meter.given() })
      reader.putBack(piece.subarray(used))
      if (ended) return
    }
  } finally {
    engine.destroy()
  }
}

async function finished(engine: InflateRaw): Promise<void> {
  const closed = once(engine, 'close').catch(() => null)
  engine.end()
  await closed
}
