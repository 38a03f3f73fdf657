/**
 * The layout of a journal file: systemd's `journal-def.h` (through 257) and https://systemd.io/JOURNAL_FILE_FORMAT. All numbers are little
 * endian; objects begin at multiples of 8.
 */
const MAGIC = 'LPKSHHRH'

/** Incompatible flags of the header. */
export const incompatible = { xz: 1, lz4: 2, keyedHash: 4, zstd: 8, compact: 16 } as const
const known = 31

/** Types of objects. */
export const DATA = 1
export const ENTRY = 3
const TYPES = 7

/** Flags of a DATA object: how its payload is packed. */
export const packing = { xz: 1, lz4: 2, zstd: 4 } as const

/** Smallest size of each type, object header included: unused, data, field, entry, two hash tables, entry array, tag. */
const smallest = [Infinity, 64, 40, 64, 16, 16, 24, 64]
const OBJECT_HEADER = 16
/** No entry, field or table of a real journal is larger (journald's own bound for a field is 768 MiB). */
const LARGEST = 1 << 30

export interface JournalHeader {
  readonly seqnumId: string
  readonly compact: boolean
  /** Where the first object begins. */
  readonly headerBytes: number
  /** Flags that nobody had heard of when this was written. */
  readonly unknownFlags: number
  readonly entries: number
}

/** Bytes of a header that are read. */
export const HEADER_BYTES = 256

export function isJournal(head: Uint8Array): boolean {
  return head.length >= 8 && [...MAGIC].every((character, at) => head[at] === character.charCodeAt(0))
}

/** `null` when it is no journal. A damaged header yields what can be read of it. */
export function readHeader(head: Uint8Array): JournalHeader | null {
  if (!isJournal(head) || head.length < 96) return null
  const view = viewOf(head)
  const flags = view.getUint32(12, true)
  const headerBytes = numberAt(view, 88)
  const sane = headerBytes >= 208 && headerBytes <= 65_536 && headerBytes % 8 === 0
  return {
    seqnumId: hexAt(view, 72),
    compact: (flags & incompatible.compact) !== 0,
    headerBytes: sane ? headerBytes : 208,
    unknownFlags: flags & ~known,
    entries: head.length >= 160 ? numberAt(view, 152) : 0,
  }
}

/** Whether an object can begin here: its header looks like one. `room`: bytes up to the end of the file. */
export function isObject(view: DataView, at: number, room: number): boolean {
  const type = view.getUint8(at)
  if (type === 0 || type > TYPES) return false
  const flags = view.getUint8(at + 1)
  if (flags !== 0 && (type !== DATA || (flags !== packing.xz && flags !== packing.lz4 && flags !== packing.zstd))) return false
  if (view.getUint32(at + 2, true) !== 0 || view.getUint16(at + 6, true) !== 0 || view.getUint32(at + 12, true) !== 0) return false
  const size = view.getUint32(at + 8, true)
  return size >= (smallest[type] ?? Infinity) && size >= OBJECT_HEADER && size <= LARGEST && size <= room
}

/** Where the payload of a DATA object begins, from its header. */
export function payloadOffset(compact: boolean): number {
  return compact ? 72 : 64
}

export interface EntryHead {
  readonly cursor: string
  readonly realtimeUs: number
  readonly monotonicUs: number
  readonly bootId: string
}

export function entryHead(view: DataView, at: number, seqnumId: string): EntryHead {
  const bootId = hexAt(view, at + 40)
  const [seqnum, realtime, monotonic, hash] = [16, 24, 32, 56].map((place) => hex64(view, at + place))
  return {
    cursor: `s=${seqnumId};i=${seqnum};b=${bootId};m=${monotonic};t=${realtime};x=${hash}`,
    realtimeUs: numberAt(view, at + 24),
    monotonicUs: numberAt(view, at + 32),
    bootId,
  }
}

/** Offsets of the DATA objects of an entry of `size` bytes. */
export function entryItems(view: DataView, at: number, size: number, compact: boolean): number[] {
  const width = compact ? 4 : 16
  const items: number[] = []
  for (let place = at + 64; place + width <= at + size; place += width) {
    const item = compact ? view.getUint32(place, true) : numberAt(view, place)
    if (item !== 0) items.push(item)
  }
  return items
}

export function numberAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 4_294_967_296
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A 64-bit number in hexadecimal, as `%PRIx64` prints it. */
function hex64(view: DataView, at: number): string {
  const high = view.getUint32(at + 4, true)
  const low = view.getUint32(at, true).toString(16)
  return high === 0 ? low : high.toString(16) + low.padStart(8, '0')
}

/** A 128-bit id as 32 hex digits. */
function hexAt(view: DataView, at: number): string {
  let text = ''
  for (let place = at; place < at + 16; place += 4) text += view.getUint32(place).toString(16).padStart(8, '0')
  return text
}
