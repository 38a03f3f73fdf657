import { viewOf } from '../bytes.ts'

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

/** Flags of a DATA object: how its payload is packed. */
export const packing = { xz: 1, lz4: 2, zstd: 4 } as const

/** Smallest size of each type, object header included: unused, data, field, entry, two hash tables, entry array, tag. */
const smallest = [Infinity, 64, 40, 64, 16, 16, 24, 64]
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

/** Bytes of an object's header: type, flags, six that are 0, size (u64). */
export const OBJECT_HEADER = 16

/**
 * Whether an object can begin where these four words (little endian) stand: they look like its header. `room`: bytes up to the end of the file. It
 * takes words and not a place because it is asked of every object of a file.
 */
export function isObject(head: number, reserved: number, size: number, sizeHigh: number, room: number): boolean {
  if (reserved !== 0 || sizeHigh !== 0 || head >>> 16 !== 0 || size > LARGEST || size > room) return false
  const flag = head >>> 8
  if (flag !== 0 && ((head & 255) !== DATA || (flag !== packing.xz && flag !== packing.lz4 && flag !== packing.zstd))) return false
  return size >= (smallest[head & 255] ?? Infinity)
}

/** The bytes as words of 32 bits, for reading in bulk: as the machine orders them, which is as journals do everywhere but on s390x. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
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
  const hex = (place: number): string => hex64(view, at + place)
  return {
    cursor: `s=${seqnumId};i=${hex(16)};b=${bootId};m=${hex(32)};t=${hex(24)};x=${hex(56)}`,
    realtimeUs: numberAt(view, at + 24),
    monotonicUs: numberAt(view, at + 32),
    bootId,
  }
}

/** journald writes no entry with more fields (`ENTRY_FIELD_COUNT_MAX`, journal-file.c). */
const MOST_ITEMS = 1024

const itemBytes = (compact: boolean): number => (compact ? 4 : 16)

/** Items of an entry of `size` bytes that `entryItems` does not give. */
export const itemsBeyond = (size: number, compact: boolean): number =>
  Math.max(0, Math.floor((size - 64) / itemBytes(compact)) - MOST_ITEMS)

/** Offsets of the DATA objects of an entry of `size` bytes. */
export function entryItems(view: DataView, at: number, size: number, compact: boolean): number[] {
  const width = itemBytes(compact)
  const items: number[] = []
  for (let place = at + 64; place + width <= at + size && items.length < MOST_ITEMS; place += width) {
    const item = compact ? view.getUint32(place, true) : numberAt(view, place)
    if (item !== 0) items.push(item)
  }
  return items
}

export function numberAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 4_294_967_296
}

/** A 64-bit number in hexadecimal, as `%PRIx64` prints it. */
function hex64(view: DataView, at: number): string {
  return view.getBigUint64(at, true).toString(16)
}

/** A 128-bit id as 32 hex digits. */
function hexAt(view: DataView, at: number): string {
  return (
    view.getBigUint64(at).toString(16).padStart(16, '0') +
    view
      .getBigUint64(at + 8)
      .toString(16)
      .padStart(16, '0')
  )
}
