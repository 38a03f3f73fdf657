import type { Meter } from '../budget.ts'
import type { Bytes } from '../bytes.ts'
import { reasonOf, Trouble } from '../trouble.ts'
import { type Codec, startsWith } from './define-codec.ts'

const pieceSize = 64 * 1024
const unexpectedEnd = 5

/** RFC 8878: frames, one after another; skippable frames (a seekable zstd's index, pzstd's headers) may come first or between. */
export const zstd: Codec = {
  id: 'zstd',
  title: 'Zstandard (RFC 8878), several frames',
  sniff: (head) =>
    startsWith(head, [0x28, 0xb5, 0x2f, 0xfd]) ||
    (head.length > 8 && ((head[0] as number) & 0xf0) === 0x50 && startsWith(head, [0x2a, 0x4d, 0x18], 1)),
  decode: frames,
}

async function* frames(input: Bytes, meter: Meter): Bytes {
  const { Decompress } = await import('fzstd')
  const output: Uint8Array[] = []
  // Counted where it appears: a piece of run-length blocks can grow 32 000-fold within one push.
  const engine = new Decompress((piece) => {
    meter.gave(piece.length)
    output.push(piece)
  })
  let failure: unknown = null
  const push = (piece: Uint8Array, final: boolean): void => {
    try {
      engine.push(piece, final)
    } catch (error) {
      failure = error
    }
  }
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length && failure === null; at += pieceSize) {
      const piece = chunk.subarray(at, at + pieceSize)
      meter.took(piece.length)
      push(piece, false)
      yield* output.splice(0)
    }
    if (failure !== null) break
  }
  if (failure === null) push(new Uint8Array(0), true)
  yield* output.splice(0)
  if (failure !== null) throw troubleOf(failure, meter)
}

function troubleOf(failure: unknown, meter: Meter): unknown {
  if (failure instanceof Trouble) return failure
  if (failure instanceof Error && 'code' in failure && failure.code === unexpectedEnd)
    return new Trouble('packing-cut', { codec: zstd.id, bytes: meter.given() })
  return new Trouble('packing-broken', { codec: zstd.id, reason: reasonOf(failure), bytes: meter.given() })
}
