import { type JournalFile, openPages, type Part } from './file.ts'
import { DATA, isObject, payloadOffset } from './layout.ts'
import type { Unpack } from './payload.ts'

/** Name and value of a field. */
export type JournalField = readonly [name: string, value: Uint8Array]

/** The same as text, and where it is from: what is no UTF-8 in the value is U+FFFD. */
export type JournalText = readonly [name: string, value: string, offset: number]

/** Fields by the offset of their DATA object; `null` where there is none that can be read. */
export type Reader<Field> = (offset: number) => Field | null

/** Fields kept: those of all entries of a unit or a boot are read again and again. */
const KEPT = 8192
const KEPT_BYTES = 1024
const LARGEST = 64 * 1024 * 1024

/**
 * Entries may name the same field again and again: what the fields of a journal unpack to, all together, over its size. Real ones share fields among
 * entries, too, a few dozen times; a file made to burn time does it without end.
 */
const MOST_RATIO = 1000
const RATIO_FLOOR = 256 * 1024 * 1024

/** Fields that are left out since a bound was passed: of items, of an entry's size, or of what the file unpacks to. */
export interface LeftOut {
  fields: number
}

/** `near`: a part of the file that is in memory anyway. */
export function openReader<Field>(
  file: JournalFile,
  compact: boolean,
  unpack: Unpack,
  fieldOf: (payload: Uint8Array, equals: number, offset: number) => Field,
  leftOut: LeftOut,
  near: () => Part | null = () => null,
): Reader<Field> {
  const payloadAt = openPayloads(file, compact, unpack, near)
  const kept = new Map<number, Field>()
  let given = 0
  return (offset) => {
    const known = kept.get(offset)
    if (known !== undefined) return known
    const isOver = given > RATIO_FLOOR && given > file.size * MOST_RATIO
    if (isOver) leftOut.fields += 1
    const payload = isOver ? null : payloadAt(offset)
    given += payload?.length ?? 0
    const equals = payload === null ? -1 : payload.indexOf(0x3d)
    if (payload === null || equals <= 0) return null
    const field = fieldOf(payload, equals, offset)
    if (payload.length > KEPT_BYTES) return field
    if (kept.size >= KEPT) kept.clear()
    kept.set(offset, field)
    return field
  }
}

/** Payloads by the offset of their DATA object. Good until the next call. */
function openPayloads(file: JournalFile, compact: boolean, unpack: Unpack, near: () => Part | null): Reader<Uint8Array> {
  const pages = openPages(file, near)
  const start = payloadOffset(compact)
  return (offset) => {
    if (offset % 8 !== 0 || offset + start > file.size) return null
    const { words, base } = pages.partAt(offset, start)
    const index = (offset - base) >>> 2
    const head = words[index] ?? 0
    const size = words[index + 2] ?? 0
    if ((head & 255) !== DATA || !isObject(head, words[index + 1] ?? 0, size, words[index + 3] ?? 0, file.size - offset)) return null
    if (size < start || size - start > LARGEST) return null
    const whole = pages.partAt(offset, size)
    const packed = whole.bytes.subarray(offset - whole.base + start, offset - whole.base + size)
    return head >>> 8 === 0 ? packed : unpack(head >>> 8, packed)
  }
}

const ascii = new TextDecoder('latin1')
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export function fieldOf(payload: Uint8Array, equals: number): JournalField {
  return [ascii.decode(payload.subarray(0, equals)), payload.slice(equals + 1)]
}

export function textOf(payload: Uint8Array, equals: number, offset: number): JournalText {
  const text = utf8.decode(payload)
  // Names are ASCII; damage may make them anything, and then they end elsewhere in the text than in the bytes.
  const name = text.slice(0, equals)
  if (text[equals] === '=' && /^[\x00-\x7f]*$/.test(name)) return [name, text.slice(equals + 1), offset]
  return [ascii.decode(payload.subarray(0, equals)), text.slice(text.indexOf('=') + 1), offset]
}
