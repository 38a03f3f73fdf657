import { viewOf } from '../bytes.ts'
import type { FileBytes } from '../file.ts'
import { modifiedOf } from './zip-time.ts'

/** `PK\3\4`, and `PK\7\8` of the descriptor that follows a member whose sizes its writer did not know beforehand (APPNOTE.TXT 4.3.7, 4.3.9). */
const LOCAL = 0x04034b50
const DESCRIPTOR = 0x08074b50
const HEAD = 30
const WINDOW = 1 << 20

/** What a member's own header tells: as the directory has it, but for the Unix mode. */
export interface LocalEntry {
  readonly name: Uint8Array
  readonly isEncrypted: boolean
  readonly method: number
  readonly crc32: number
  readonly packedBytes: number
  readonly bytes: number
  readonly offset: number
  readonly isCut: boolean
  readonly modifiedMs: number | null
}

/**
 * The members of a zip that was cut off before its directory, by the headers that stand before each, up to the first place where none follows. The last one may end with
 * the file.
 */
export function* localEntries(file: FileBytes): Generator<LocalEntry> {
  for (let at = 0; at + HEAD <= file.size; ) {
    const head = viewOf(read(file, at, HEAD))
    if (head.byteLength < HEAD || head.getUint32(0, true) !== LOCAL) return
    const nameBytes = head.getUint16(26, true)
    const start = at + HEAD + nameBytes + head.getUint16(28, true)
    const flags = head.getUint16(6, true)
    const found = (flags & 8) === 0 ? null : descriptorOf(file, start)
    const packed = found?.packedBytes ?? head.getUint32(18, true)
    const packedBytes = Math.max(0, Math.min(packed, file.size - start))
    const isCut = packedBytes < packed || (found !== null && found.next === undefined)
    yield {
      name: read(file, at + HEAD, nameBytes),
      isEncrypted: (flags & 1) !== 0,
      method: head.getUint16(8, true),
      crc32: found?.crc32 ?? head.getUint32(14, true),
      packedBytes,
      bytes: found?.bytes ?? head.getUint32(22, true),
      offset: at,
      isCut,
      modifiedMs: modifiedOf([], head.getUint16(12, true), head.getUint16(10, true)),
    }
    if (isCut) return
    at = found?.next ?? start + packedBytes
  }
}

interface Descriptor {
  readonly packedBytes: number
  readonly bytes: number
  readonly crc32: number
  /** Where the next header stands; absent where the file ends first. */
  readonly next?: number
}

/** The descriptor behind a member: its own packed size tells it from bytes that look like one. */
function descriptorOf(file: FileBytes, start: number): Descriptor {
  for (let from = start; from < file.size; from += WINDOW - 24) {
    const bytes = read(file, from, WINDOW)
    const view = viewOf(bytes)
    for (let at = bytes.indexOf(0x50); at !== -1 && at + 16 <= bytes.length; at = bytes.indexOf(0x50, at + 1)) {
      if (view.getUint32(at, true) !== DESCRIPTOR) continue
      const packedBytes = from + at - start
      const isWide = at + 24 <= view.byteLength && view.getUint32(at + 8, true) === packedBytes && view.getUint32(at + 12, true) === 0
      if (view.getUint32(at + 8, true) !== packedBytes) continue
      const isNarrow = at + 20 > view.byteLength || view.getUint32(at + 16, true) === LOCAL
      const length = isNarrow || !isWide ? 16 : 24
      const unpacked = view.getUint32(at + (length === 16 ? 12 : 16), true)
      return { packedBytes, bytes: unpacked, crc32: view.getUint32(at + 4, true), next: from + at + length }
    }
  }
  return { packedBytes: file.size - start, bytes: 0, crc32: 0 }
}

function read(file: FileBytes, offset: number, length: number): Uint8Array {
  const target = new Uint8Array(Math.max(0, Math.min(length, file.size - offset)))
  let have = 0
  for (let got = -1; got !== 0 && have < target.length; have += got) got = file.read(target.subarray(have), offset + have)
  return target.subarray(0, have)
}
