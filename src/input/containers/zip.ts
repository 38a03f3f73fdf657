import { read } from 'node:fs'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import type { Meter } from '../budget.ts'
import { type ByteReader, type Bytes, byteReader } from '../bytes.ts'
import { bzip2 } from '../codecs/bzip2.ts'
import { type Codec, startsWith } from '../codecs/define-codec.ts'
import { inflateRaw } from '../codecs/inflate.ts'
import { xz } from '../codecs/xz.ts'
import { zstd } from '../codecs/zstd.ts'
import { nameText } from '../paths.ts'
import { type Spool, spoolOf, spoolOfFile } from '../spool.ts'
import { reasonOf, Trouble } from '../trouble.ts'
import type { ArchiveInput, Container, Member } from './define-container.ts'
import { openRanges } from './zip-ranges.ts'

const readAt = promisify(read)
const readSize = 256 * 1024

/** zip with its central directory (zip64 too), which stands at the end: a zip that is no file is laid in a temporary one first. */
export const zip: Container = {
  id: 'zip',
  title: 'zip, zip64 (stored, deflate, bzip2, zstd, xz)',
  sniff: (head) => startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6]),
  members,
}

async function* members(input: ArchiveInput): AsyncIterable<Member> {
  const spool = input.file === null ? await spoolOf(input.reader.rest(), input.budget.limits.spoolBytes) : await spoolOfFile(input.file)
  try {
    yield* directoryOf(input, spool)
  } catch (error) {
    if (error instanceof Trouble) throw error
    // yauzl throws plain errors with a sentence; what comes from our own readers is a Trouble.
    throw new Trouble('archive-broken', { reason: reasonOf(error) })
  } finally {
    await spool.close()
  }
}

async function* directoryOf(input: ArchiveInput, spool: Spool): AsyncIterable<Member> {
  const { directoryIn } = await import('./zip-directory.ts')
  const archive = await directoryIn(spool.fd)
  const { fileSize } = archive
  const ranges = openRanges()
  const seen = new Set<string>()
  for await (const entry of archive.eachEntry()) {
    const rawPath = nameOf(entry)
    input.budget.step()
    if (rawPath.endsWith('/') || isLink(entry)) continue
    if (entry.isEncrypted()) {
      input.report('encrypted', rawPath, { with: 'a zip password', command: '7z x FILE' })
      continue
    }
    const method = methods[entry.compressionMethod]
    if (method === undefined) {
      input.report('codec-unknown', rawPath, {
        codec: foreignMethods[entry.compressionMethod] ?? `zip method ${entry.compressionMethod}`,
        command: '7z x FILE',
      })
      continue
    }
    input.budget.member()
    const place = ranges.add(entry.relativeOffsetOfLocalHeader, entry.compressedSize)
    const content = `${rawPath}\0${entry.crc32}\0${entry.uncompressedSize}\0${entry.compressedSize}`
    if (place === 'overlap') input.report('archive-member-overlap', rawPath)
    else if (place === 'same' || seen.has(content)) input.report('archive-member-same', rawPath)
    else yield memberOf(archive, spool, entry, rawPath, method, input.budget.meter(), fileSize)
    seen.add(content)
  }
}

/** APPNOTE.TXT 4.4.5. */
type Method = 'stored' | 'deflate' | Codec
const methods: Readonly<Record<number, Method>> = { 0: 'stored', 8: 'deflate', 12: bzip2, 93: zstd, 95: xz }
const foreignMethods: Readonly<Record<number, string>> = { 9: 'Deflate64', 14: 'LZMA in zip', 98: 'PPMd', 99: 'AES encryption' }

/** The name as the archive has it: UTF-8 by flag or by the Info-ZIP Unicode field, else whatever its bytes look like. `\` is Windows'. */
function nameOf(entry: Entry): string {
  const unicode = entry.extraFields.find((field) => field.id === 0x7075 && field.data.length > 5)
  return nameText(unicode === undefined ? entry.fileNameRaw : unicode.data.subarray(5)).replaceAll('\\', '/')
}

/** Upper half of the attributes: the Unix mode, when a Unix made it. */
const isLink = (entry: Entry): boolean => ((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000

function memberOf(archive: ZipFile, spool: Spool, entry: Entry, rawPath: string, method: Method, meter: Meter, fileSize: number): Member {
  return {
    rawPath,
    size: entry.uncompressedSize,
    modifiedMs: modifiedOf(entry),
    codec: typeof method === 'string' ? (method === 'stored' ? null : method) : method.id,
    bytes: async function* () {
      const start = (await archive.readLocalFileHeaderPromise(entry, { minimal: true }).catch(brokenMember)).fileDataStart
      const raw = byteReader(rangeOf(spool.fd, start, Math.min(start + entry.compressedSize, fileSize)))
      let sum = 0
      for await (const piece of unpacked(raw, method, meter, entry)) {
        sum = crc32(piece, sum)
        yield piece
      }
      if (sum !== entry.crc32)
        throw new Trouble('packing-broken', { codec: 'zip', reason: 'its checksum does not match', bytes: entry.uncompressedSize })
    },
  }
}

function brokenMember(error: unknown): never {
  throw new Trouble('packing-broken', { codec: 'zip', reason: reasonOf(error), bytes: 0 })
}

function unpacked(raw: ByteReader, method: Method, meter: Meter, entry: Entry): Bytes {
  if (method === 'stored') return counted(raw, meter, entry)
  return method === 'deflate' ? inflateRaw(raw, 'zip', meter) : method.decode(raw.rest(), meter)
}

async function* counted(raw: ByteReader, meter: Meter, entry: Entry): Bytes {
  let size = 0
  for await (const piece of raw.rest()) {
    meter.took(piece.length)
    meter.gave(piece.length)
    size += piece.length
    yield piece
  }
  if (size < entry.compressedSize) throw new Trouble('packing-cut', { codec: 'zip', bytes: size })
}

async function* rangeOf(fd: number, start: number, end: number): Bytes {
  for (let at = start; at < end; ) {
    const buffer = new Uint8Array(Math.min(readSize, end - at))
    const { bytesRead } = await readAt(fd, buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** With a Unix or NTFS time field it is an instant; DOS time is local time of an unknown zone, read as UTC: a hint like any mtime. */
function modifiedOf(entry: Entry): number | null {
  const time = entry.getLastModDate({ timezone: 'UTC' }).getTime()
  return Number.isFinite(time) && time > 0 ? time : null
}
