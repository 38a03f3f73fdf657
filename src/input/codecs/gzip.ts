import type { Meter } from '../budget.ts'
import { type ByteReader, type Bytes, byteReader } from '../bytes.ts'
import { Trouble } from '../trouble.ts'
import { type Codec, startsWith } from './define-codec.ts'
import type { Inflating } from './inflating.ts'

const flagBit = { headerCrc: 2, extra: 4, name: 8, comment: 16 }
const longestField = 64 * 1024

/** RFC 1952. A file may be several members, one after another (logrotate and collectors append), padded with zeros at the end. */
export const gzip: Codec = {
  id: 'gzip',
  title: 'gzip (RFC 1952), several members',
  sniff: (head) => startsWith(head, [0x1f, 0x8b, 8]),
  decode: members,
}

async function* members(input: Bytes, meter: Meter, engines: Inflating): Bytes {
  const reader = byteReader(input)
  try {
    for (;;) {
      await readHeader(reader, meter)
      yield* member(reader, meter, engines)
      if (await atEnd(reader)) return
      if (!gzip.sniff(await reader.peek(3))) throw new Trouble('packing-followed', { codec: gzip.id })
    }
  } finally {
    await reader.close()
  }
}

async function* member(reader: ByteReader, meter: Meter, { inflateRaw, crc32 }: Inflating): Bytes {
  let sum = 0
  let size = 0
  for await (const piece of inflateRaw(reader, gzip.id, meter)) {
    sum = crc32(piece, sum)
    size += piece.length
    yield piece
  }
  const trailer = await reader.read(8)
  if (trailer.length < 8) throw cut(meter)
  const view = new DataView(trailer.buffer, trailer.byteOffset, 8)
  if (view.getUint32(0, true) !== sum || view.getUint32(4, true) !== size % 2 ** 32)
    throw new Trouble('packing-broken', { codec: gzip.id, reason: 'its checksum does not match', bytes: meter.given() })
}

async function readHeader(reader: ByteReader, meter: Meter): Promise<void> {
  const fixed = await reader.read(10)
  if (fixed.length < 10) throw cut(meter)
  meter.took(fixed.length)
  const flags = fixed[3] as number
  if (flags & flagBit.extra) {
    const length = await reader.read(2)
    await reader.skip((length[0] ?? 0) + 256 * (length[1] ?? 0))
  }
  if (flags & flagBit.name) await skipString(reader, meter)
  if (flags & flagBit.comment) await skipString(reader, meter)
  if (flags & flagBit.headerCrc) await reader.skip(2)
}

async function skipString(reader: ByteReader, meter: Meter): Promise<void> {
  for (let n = 0; n < longestField; n++) {
    const byte = await reader.read(1)
    if (byte.length === 0) throw cut(meter)
    if (byte[0] === 0) return
  }
  throw new Trouble('packing-broken', { codec: gzip.id, reason: 'its header does not end', bytes: meter.given() })
}

/** Zeros may pad the end (tapes, `dd`): they are no garbage. */
async function atEnd(reader: ByteReader): Promise<boolean> {
  for (let piece = await reader.take(4096); piece !== null; piece = await reader.take(4096)) {
    const other = piece.findIndex((byte) => byte !== 0)
    if (other === -1) continue
    reader.putBack(piece.subarray(other))
    return false
  }
  return true
}

const cut = (meter: Meter): Trouble => new Trouble('packing-cut', { codec: gzip.id, bytes: meter.given() })
