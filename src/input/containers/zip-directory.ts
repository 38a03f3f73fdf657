import { viewOf } from '../bytes.ts'
import type { FileBytes } from '../file.ts'
import { nameText } from '../paths.ts'
import { Trouble } from '../trouble.ts'
import { localEntries } from './zip-local.ts'
import { type Field, modifiedOf } from './zip-time.ts'

/** A member as the central directory of a zip has it (APPNOTE.TXT 6.3.10, 4.3.12). */
export interface ZipEntry {
  /** UTF-8 by flag or by the Info-ZIP Unicode field, else whatever its bytes look like; `/`-separated. */
  readonly rawPath: string
  readonly isEncrypted: boolean
  readonly isLink: boolean
  /** The file ends within it. */
  readonly isCut?: boolean
  readonly method: number
  readonly crc32: number
  readonly packedBytes: number
  readonly bytes: number
  /** Where its local header begins. */
  readonly offset: number
  /** ms since the epoch, or `null`. */
  readonly modifiedMs: number | null
}

const size = { end: 22, locator: 20, end64: 56, entry: 46, local: 30, comment: 0xffff } as const
const signature = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 } as const
/** 32 bits that say: the figure stands in the zip64 field. */
const elsewhere = 0xffffffff

/** Members in the directory's order, which need not be theirs in the file. Throws `archive-broken` where it cannot be followed. */
export function* zipEntries(file: FileBytes): Generator<ZipEntry> {
  const directory = directoryOf(file)
  if (directory === null) {
    yield* entriesBefore(file)
    throw broken('it was cut off, the directory at its end is missing')
  }
  let { at, count } = directory
  for (; count > 0; count -= 1) {
    const fixed = viewOf(bytesAt(file, at, size.entry))
    if (fixed.getUint32(0, true) !== signature.entry) throw broken(`no entry of its directory at offset ${at}`)
    const [name, extra, comment] = [28, 30, 32].map((place) => fixed.getUint16(place, true)) as [number, number, number]
    const variable = bytesAt(file, at + size.entry, name + extra + comment)
    yield entryOf(fixed, variable.subarray(0, name), fieldsOf(variable.subarray(name, name + extra)))
    at += size.entry + variable.length
  }
}

/** Where the packed bytes of a member begin; throws where there is no local header, or no room for them. */
export function dataOffset(file: FileBytes, entry: ZipEntry): number {
  const fail = (reason: string): Trouble => new Trouble('packing-broken', { codec: 'zip', reason, bytes: 0 })
  const head = bytesOrLess(file, entry.offset, size.local)
  if (head.length < size.local || viewOf(head).getUint32(0, true) !== signature.local)
    throw fail(`no header of a member at offset ${entry.offset}`)
  const start = entry.offset + size.local + viewOf(head).getUint16(26, true) + viewOf(head).getUint16(28, true)
  if (start + entry.packedBytes > file.size) throw fail('its data would end behind the end of the file')
  return start
}

/** What was written before the cut. A link cannot be told from a file there: it would be a short text. */
function* entriesBefore(file: FileBytes): Generator<ZipEntry> {
  for (const { name, ...entry } of localEntries(file)) yield { ...entry, rawPath: nameText(name).replaceAll('\\', '/'), isLink: false }
}

/** The end record stands last, behind it only its comment; what a zip64 has instead is found through the locator before it. `null`: there is none. */
function directoryOf(file: FileBytes): { at: number; count: number } | null {
  const tail = bytesOrLess(file, Math.max(0, file.size - size.locator - size.end - size.comment), size.locator + size.end + size.comment)
  const view = viewOf(tail)
  for (let i = tail.length - size.end; i >= 0; i -= 1) {
    if (view.getUint32(i, true) !== signature.end) continue
    if (view.getUint16(i + 20, true) !== tail.length - i - size.end) throw broken('something follows the end of its directory')
    const locator = i - size.locator
    if (locator >= 0 && view.getUint32(locator, true) === signature.locator) return directory64(file, bigAt(view, locator + 8))
    if (view.getUint16(i + 4, true) !== 0) throw broken('it is a part of one that was split')
    return { at: view.getUint32(i + 16, true), count: view.getUint16(i + 10, true) }
  }
  return null
}

function directory64(file: FileBytes, offset: number): { at: number; count: number } {
  const view = viewOf(bytesAt(file, offset, size.end64))
  if (view.getUint32(0, true) !== signature.end64) throw broken('its zip64 record is missing')
  if (view.getUint32(16, true) !== 0) throw broken('it is a part of one that was split')
  return { at: bigAt(view, 48), count: bigAt(view, 32) }
}

function entryOf(fixed: DataView, name: Uint8Array, fields: readonly Field[]): ZipEntry {
  const flags = fixed.getUint16(8, true)
  const unicode = fields.find(({ id, data }) => id === 0x7075 && data.length > 5)
  const zip64 = bigFigures(fields)
  const bytes = zip64(fixed.getUint32(24, true))
  const packedBytes = zip64(fixed.getUint32(20, true))
  return {
    rawPath: nameText(unicode === undefined ? name : unicode.data.subarray(5)).replaceAll('\\', '/'),
    isEncrypted: (flags & 1) !== 0,
    // Upper half of the attributes: the Unix mode, when a Unix made it.
    isLink: ((fixed.getUint32(38, true) >>> 16) & 0xf000) === 0xa000,
    method: fixed.getUint16(10, true),
    crc32: fixed.getUint32(16, true),
    packedBytes,
    bytes,
    offset: zip64(fixed.getUint32(42, true)),
    modifiedMs: modifiedOf(fields, fixed.getUint16(14, true), fixed.getUint16(12, true)),
  }
}

/** Figures too large for 32 bits stand in the zip64 field (4.5.3), in the order in which they are asked for. */
function bigFigures(fields: readonly Field[]): (short: number) => number {
  const data = fields.find(({ id }) => id === 1)?.data
  let at = 0
  return (short) => {
    if (short !== elsewhere || data === undefined) return short
    if (at + 8 > data.length) throw broken('a zip64 field is too short')
    at += 8
    return bigAt(viewOf(data), at - 8)
  }
}

/** Extra fields (4.5.1). */
function fieldsOf(extra: Uint8Array): readonly Field[] {
  const fields: Field[] = []
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true)
    if (end > extra.length) throw broken('an extra field is longer than all of them')
    fields.push({ id: view.getUint16(at, true), data: extra.subarray(at + 4, end) })
    at = end
  }
  return fields
}

const bigAt = (view: DataView, at: number): number => view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true)

function bytesAt(file: FileBytes, offset: number, length: number): Uint8Array {
  const bytes = bytesOrLess(file, offset, length)
  if (bytes.length < length) throw broken('its directory leads behind the end of the file')
  return bytes
}

function bytesOrLess(file: FileBytes, offset: number, length: number): Uint8Array {
  if (offset >= file.size) return new Uint8Array(0)
  const target = new Uint8Array(Math.min(length, file.size - offset))
  let have = 0
  for (let read = -1; read !== 0 && have < target.length; have += read) read = file.read(target.subarray(have), offset + have)
  return target.subarray(0, have)
}

const broken = (reason: string): Trouble => new Trouble('archive-broken', { reason })
