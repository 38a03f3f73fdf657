import type { JournalFile, Pages } from './file.ts'
import { openPages } from './file.ts'
import { DATA, isObject, payloadOffset, viewOf } from './layout.ts'
import type { Unpack } from './payload.ts'

/** Name and value of a field. */
export type JournalField = readonly [name: string, value: Uint8Array]

/** Fields by the offset of their DATA object; `null` where there is none that can be read. */
export type FieldReader = (offset: number) => JournalField | null

/** Fields kept: those of all entries of a unit or a boot are read again and again. */
const KEPT = 8192
const KEPT_BYTES = 1024
const LARGEST = 64 * 1024 * 1024

export function openFields(file: JournalFile, compact: boolean, unpack: Unpack): FieldReader {
  const pages = openPages(file)
  const kept = new Map<number, JournalField>()
  return (offset) => {
    const known = kept.get(offset)
    if (known !== undefined) return known
    const payload = readPayload(file, pages, offset, compact, unpack)
    const field = payload === null ? null : fieldOf(payload)
    if (field !== null && field[1].length <= KEPT_BYTES) {
      if (kept.size >= KEPT) kept.clear()
      kept.set(offset, field)
    }
    return field
  }
}

function readPayload(file: JournalFile, pages: Pages, offset: number, compact: boolean, unpack: Unpack): Uint8Array | null {
  const start = payloadOffset(compact)
  if (offset % 8 !== 0 || offset + start > file.size) return null
  const head = viewOf(pages.get(offset, start))
  if (!isObject(head, 0, file.size - offset) || head.getUint8(0) !== DATA) return null
  const size = head.getUint32(8, true) - start
  const flag = head.getUint8(1)
  if (size < 0 || size > LARGEST) return null
  const packed = pages.get(offset + start, size)
  return flag === 0 ? packed.slice() : unpack(flag, packed)
}

const ascii = new TextDecoder('latin1')

function fieldOf(payload: Uint8Array): JournalField | null {
  const equals = payload.indexOf(0x3d)
  return equals <= 0 ? null : [ascii.decode(payload.subarray(0, equals)), payload.subarray(equals + 1)]
}
