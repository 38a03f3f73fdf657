import type { Meter } from '../budget.ts'
import { type ByteReader, type Bytes, byteReader } from '../bytes.ts'
import { reasonOf, Trouble } from '../trouble.ts'
import { type Codec, startsWith } from './define-codec.ts'

/** The parts of unbzip2-stream that are used: its stream shell loses a cut's last blocks and holds each byte in an array. */
interface BlockDecoder {
  header(bits: BitReader): number
  /** Gives one block's bytes to `put`; returns the running checksum, or `null` at the end of a stream. */
  decompress(bits: BitReader, put: (byte: number) => void, work: Int32Array, workSize: number, sum: number): number | null
}
interface BitReader {
  (bits: number | null): number
  bytesRead: number
}
type BitReaderMaker = (next: () => Uint8Array | undefined) => BitReader

const unit = 100_000
const outputSize = 256 * 1024

/** bzip2: streams of blocks of up to 900 kB, several streams one after another (pbzip2). A block is only readable when it is whole. */
export const bzip2: Codec = {
  id: 'bzip2',
  title: 'bzip2, several streams',
  sniff: (head) => startsWith(head, [0x42, 0x5a, 0x68]) && (head[3] as number) >= 0x31 && (head[3] as number) <= 0x39 && blockFollows(head),
  decode: streams,
}

/** "BZh9" may begin a text; after it comes π (a block) or √π (the end of an empty stream). */
const blockFollows = (head: Uint8Array): boolean =>
  startsWith(head, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4) || startsWith(head, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], 4)

async function* streams(input: Bytes, meter: Meter): Bytes {
  const blocks: BlockDecoder = (await import('unbzip2-stream/lib/bzip2.js')).default
  const bitReader: BitReaderMaker = (await import('unbzip2-stream/lib/bit_iterator.js')).default
  const reader = byteReader(input)
  const sink = blockSink(meter)
  const buffered = await feeder(reader, meter)
  const bits = bitReader(buffered.next)
  let size = 0
  let sum: number | null = null
  try {
    for (;;) {
      await buffered.want(bits.bytesRead, size)
      if (sum === null && buffered.left(bits.bytesRead) === 0) return
      try {
        if (sum === null) {
          size = blocks.header(bits)
          sum = 0
        } else sum = blocks.decompress(bits, sink.put, new Int32Array(unit * size), unit * size, sum)
      } catch (error) {
        yield* sink.flush()
        throw troubleOf(error, buffered.ended(), meter)
      }
      yield* sink.flush()
    }
  } finally {
    await reader.close()
  }
}

/** The decoder pulls bytes synchronously: keeps enough of the stream at hand for the longest possible block. */
async function feeder(reader: ByteReader, meter: Meter) {
  const queue: Uint8Array[] = []
  let fed = 0
  let over = false
  const more = async (): Promise<void> => {
    const piece = await reader.take(256 * 1024)
    if (piece === null) {
      over = true
      return
    }
    meter.took(piece.length)
    queue.push(piece)
    fed += piece.length
  }
  await more()
  return {
    next: () => queue.shift(),
    left: (read: number) => fed - read,
    ended: () => over,
    want: async (read: number, size: number) => {
      while (!over && fed - read < 32_000 + unit * 1.3 * size) await more()
    },
  }
}

/** Run lengths blow up one block to at most 46 MB: counted as it grows. */
function blockSink(meter: Meter) {
  let pieces: Uint8Array[] = []
  let current = new Uint8Array(outputSize)
  let used = 0
  return {
    put: (byte: number): void => {
      if (used === outputSize) {
        meter.gave(used)
        pieces.push(current)
        current = new Uint8Array(outputSize)
        used = 0
      }
      current[used++] = byte
    },
    flush: (): Uint8Array[] => {
      if (used > 0) {
        meter.gave(used)
        pieces.push(current.subarray(0, used))
      }
      const all = pieces
      pieces = []
      current = new Uint8Array(outputSize)
      used = 0
      return all
    },
  }
}

/** On a cut, the decoder runs out of bytes with a bare TypeError. */
function troubleOf(error: unknown, ended: boolean, meter: Meter): unknown {
  if (error instanceof Trouble) return error
  if (ended && error instanceof TypeError) return new Trouble('packing-cut', { codec: bzip2.id, bytes: meter.given() })
  return new Trouble('packing-broken', { codec: bzip2.id, reason: reasonOf(error), bytes: meter.given() })
}
