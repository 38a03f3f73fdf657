import type { Meter } from '../budget.ts'
import { type ByteReader, type Bytes, byteReader } from '../bytes.ts'
import { bzip2 } from '../codecs/bzip2.ts'
import { type Codec, startsWith } from '../codecs/define-codec.ts'
import type { Inflating } from '../codecs/inflating.ts'
import { xz } from '../codecs/xz.ts'
import { zstd } from '../codecs/zstd.ts'
import type { FileBytes } from '../file.ts'
import { Trouble } from '../trouble.ts'
import type { ArchiveInput, Container, Member } from './define-container.ts'
import { dataOffset, type ZipEntry, zipEntries } from './zip-directory.ts'
import { openRanges } from './zip-ranges.ts'

const readSize = 256 * 1024

/** zip with its central directory (zip64 too), which stands at the end: a zip that is no file is laid in a temporary one first. */
export const zip: Container = {
  id: 'zip',
  title: 'zip, zip64 (stored, deflate, bzip2, zstd, xz)',
  sniff: (head) => startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6]),
  members,
}

async function* members(input: ArchiveInput): AsyncIterable<Member> {
  const { engines, budget } = input
  const file = input.file === null ? await engines.spool(input.reader.rest(), budget.limits.spoolBytes) : input.file.open()
  try {
    yield* directoryOf(input, file)
  } finally {
    file.close()
  }
}

function* directoryOf(input: ArchiveInput, file: FileBytes): Iterable<Member> {
  const ranges = openRanges()
  const seen = new Set<string>()
  for (const entry of zipEntries(file)) {
    const { rawPath } = entry
    input.budget.step()
    if (rawPath.endsWith('/') || entry.isLink) continue
    if (entry.isEncrypted) {
      input.report('encrypted', rawPath, { with: 'a zip password', command: '7z x FILE' })
      continue
    }
    const method = methods[entry.method]
    if (method === undefined) {
      const codec = foreignMethods[entry.method] ?? `zip method ${entry.method}`
      input.report('codec-unknown', rawPath, { codec, command: '7z x FILE' })
      continue
    }
    input.budget.member()
    const place = ranges.add(entry.offset, entry.packedBytes)
    const content = `${rawPath}\0${entry.crc32}\0${entry.bytes}\0${entry.packedBytes}`
    if (place === 'overlap') input.report('archive-member-overlap', rawPath)
    else if (place === 'same' || seen.has(content)) input.report('archive-member-same', rawPath)
    else yield memberOf(file, entry, method, input.budget.meter(), input.engines)
    seen.add(content)
  }
}

/** APPNOTE.TXT 4.4.5. */
type Method = 'stored' | 'deflate' | Codec
const methods: Readonly<Record<number, Method>> = { 0: 'stored', 8: 'deflate', 12: bzip2, 93: zstd, 95: xz }
const foreignMethods: Readonly<Record<number, string>> = { 9: 'Deflate64', 14: 'LZMA in zip', 98: 'PPMd', 99: 'AES encryption' }

function memberOf(file: FileBytes, entry: ZipEntry, method: Method, meter: Meter, engines: Inflating): Member {
  return {
    rawPath: entry.rawPath,
    size: entry.bytes,
    modifiedMs: entry.modifiedMs,
    codec: typeof method === 'string' ? (method === 'stored' ? null : method) : method.id,
    bytes: async function* () {
      const start = dataOffset(file, entry)
      const raw = byteReader(rangeOf(file, start, start + entry.packedBytes))
      let [sum, given] = [0, 0]
      for await (const piece of unpacked(raw, method, meter, entry, engines)) {
        sum = engines.crc32(piece, sum)
        given += piece.length
        yield piece
      }
      if (entry.isCut) throw new Trouble('packing-cut', { codec: 'zip', bytes: given })
      if (sum !== entry.crc32) throw new Trouble('packing-broken', { codec: 'zip', reason: 'its checksum does not match', bytes: given })
    },
  }
}

function unpacked(raw: ByteReader, method: Method, meter: Meter, entry: ZipEntry, engines: Inflating): Bytes {
  if (method === 'stored') return counted(raw, meter, entry)
  return method === 'deflate' ? engines.inflateRaw(raw, 'zip', meter) : method.decode(raw.rest(), meter, engines)
}

async function* counted(raw: ByteReader, meter: Meter, entry: ZipEntry): Bytes {
  let size = 0
  for await (const piece of raw.rest()) {
    meter.took(piece.length)
    meter.gave(piece.length)
    size += piece.length
    yield piece
  }
  if (size < entry.packedBytes) throw new Trouble('packing-cut', { codec: 'zip', bytes: size })
}

async function* rangeOf(file: FileBytes, start: number, end: number): Bytes {
  for (let at = start; at < end; ) {
    const buffer = new Uint8Array(Math.min(readSize, end - at))
    const read = file.read(buffer, at)
    if (read === 0) return
    at += read
    yield buffer.subarray(0, read)
  }
}
