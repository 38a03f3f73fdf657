import crcOf from 'pako/lib/zlib/crc32.js'
import zlib from 'pako/lib/zlib/inflate.js'
import ZStream from 'pako/lib/zlib/zstream.js'
import type { Meter } from '../input/budget.ts'
import type { ByteReader, Bytes } from '../input/bytes.ts'
import type { Inflating } from '../input/codecs/inflating.ts'
import { Trouble } from '../input/trouble.ts'

/** Sizes and their handling are those of `node/inflate.ts`: broken data gives the same bytes and the same words on both sides. */
const pieceSize = 64 * 1024
const outputSize = 256 * 1024
/** zlib.h: windowBits -15 is a raw stream with the largest window. */
const RAW = -15
const status = { ok: 0, end: 1, bufferError: -5 } as const

/**
 * By zlib itself in JavaScript, driven directly: the browser's `DecompressionStream` does not tell where a stream ends, and keeps back what it had of a
 * broken one; pako's own class keeps back what does not fill a chunk.
 */
export const inflating: Inflating = {
  inflateRaw,
  crc32: (bytes, before) => crcOf(before, bytes, bytes.length, 0) >>> 0,
}

async function* inflateRaw(reader: ByteReader, codec: string, meter: Meter): Bytes {
  const engine = openEngine()
  while (!engine.ended()) {
    const piece = await reader.take(pieceSize)
    if (piece === null) throw new Trouble('packing-cut', { codec, bytes: meter.given() })
    const { used, output, failure } = engine.write(piece)
    meter.took(used)
    for (const part of output) {
      meter.gave(part.length)
      yield part
    }
    if (failure !== null) throw new Trouble('packing-broken', { codec, reason: failure, bytes: meter.given() })
    if (used < piece.length) reader.putBack(piece.subarray(used))
  }
}

interface Written {
  readonly used: number
  readonly output: readonly Uint8Array[]
  /** zlib's message. */
  readonly failure: string | null
}

function openEngine() {
  const stream = new ZStream()
  zlib.inflateInit2(stream, RAW)
  let room = 0
  let state: number = status.ok
  /** One call of zlib, into what is left of the buffer. */
  const step = (): Uint8Array => {
    if (room === 0) {
      stream.output = new Uint8Array(outputSize)
      stream.next_out = 0
      room = outputSize
    }
    stream.avail_out = room
    const from = stream.next_out
    state = zlib.inflate(stream, 0)
    room = stream.avail_out
    return stream.output.subarray(from, stream.next_out)
  }
  return {
    ended: () => state === status.end,
    write(piece: Uint8Array): Written {
      stream.input = piece
      stream.next_in = 0
      stream.avail_in = piece.length
      const output: Uint8Array[] = []
      do {
        const part = step()
        // What a failing call had put out is not told by Node.js either.
        if (state < status.ok && state !== status.bufferError) return { used: stream.next_in, output, failure: stream.msg }
        if (part.length > 0) output.push(part)
      } while (room === 0 && state !== status.end)
      return { used: stream.next_in, output, failure: null }
    },
  }
}
