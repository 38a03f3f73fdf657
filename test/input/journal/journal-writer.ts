import { jenkins64 } from './jenkins.ts'

export interface EntryToWrite {
  readonly realtimeUs: number
  readonly monotonicUs: number
  /** 32 hex digits. */
  readonly bootId: string
  readonly fields: readonly (readonly [name: string, value: string | Uint8Array])[]
}

export interface WriterOptions {
  readonly compact?: boolean
  /** How payloads of 512 bytes or more are packed: by valid streams that hold them as they are. */
  readonly packing?: 'lz4' | 'zstd' | null
  /** Slots of the table of DATA objects. */
  readonly slots?: number
  /** Zero bytes behind the last object, as journald allocates ahead. */
  readonly unusedBytes?: number
}

/** The entry `k` of a journal, a millisecond after the one before, with the fewest fields that there are. */
export function plainEntry(message: string, transport: string, k: number): EntryToWrite {
  const bootId = '0123456789abcdef0123456789abcdef'
  const fields = [
    ['_BOOT_ID', bootId],
    ['_TRANSPORT', transport],
    ['MESSAGE', message],
  ] as const
  return { realtimeUs: 1.8e15 + k * 1000, monotonicUs: 1e9 + k * 1000, bootId, fields }
}

const type = { data: 1, field: 2, entry: 3, dataTable: 4, fieldTable: 5, entryArray: 6 } as const
const HEADER = 256
const FIELD_SLOTS = 333

/** A list of entries as journald keeps them: arrays, each twice as long as the one before. */
interface EntryList {
  array: number
  used: number
  room: number
}

interface DataObject extends EntryList {
  readonly at: number
  readonly hash: bigint
  entries: number
}

/** Writes a journal as systemd's journal-def.h lays it out, without a keyed hash: `journalctl --verify` finds nothing wrong with it. */
export function writeJournalFile(entries: Iterable<EntryToWrite>, options: WriterOptions = {}): Uint8Array {
  const { compact = false, packing = null, slots = 2047, unusedBytes = 0 } = options
  let bytes = new Uint8Array(1 << 20)
  let view = new DataView(bytes.buffer)
  let end = HEADER
  const counts = { objects: 0, entries: 0, data: 0, fields: 0, arrays: 0 }
  const known = new Map<string, DataObject>()
  const names = new Map<string, number>()
  const all: EntryList = { array: 0, used: 0, room: 0 }
  let tail = 0

  const put64 = (at: number, value: number | bigint) => view.setBigUint64(at, BigInt(value), true)
  const get64 = (at: number) => Number(view.getBigUint64(at, true))
  const object = (kind: number, size: number, flag = 0): number => {
    const at = end
    end = at + size + (-size & 7)
    if (end > bytes.length) {
      const grown = new Uint8Array(Math.max(end, Math.min(2 * bytes.length, bytes.length + (1 << 28))))
      grown.set(bytes)
      bytes = grown
      view = new DataView(bytes.buffer)
    }
    bytes[at] = kind
    bytes[at + 1] = flag
    put64(at + 8, size)
    counts.objects += 1
    tail = at
    return at
  }
  /** Hangs an object into the chain of its slot. */
  const chain = (table: number, size: number, hash: bigint, at: number, link: number) => {
    const slot = table + 16 * Number(hash % BigInt(size))
    if (get64(slot) === 0) put64(slot, at)
    else put64(get64(slot + 8) + link, at)
    put64(slot + 8, at)
  }
  /** `head`: where the offset of the list's first array stands. */
  const append = (list: EntryList, head: number, entry: number) => {
    if (list.used === list.room) {
      const room = Math.max(4, 2 * list.room)
      const array = object(type.entryArray, 24 + room * (compact ? 4 : 8))
      counts.arrays += 1
      put64(list.array === 0 ? head : list.array + 16, array)
      Object.assign(list, { array, used: 0, room })
    }
    const at = list.array + 24 + list.used * (compact ? 4 : 8)
    if (compact) view.setUint32(at, entry, true)
    else put64(at, entry)
    list.used += 1
  }
  const dataTable = object(type.dataTable, 16 + 16 * slots) + 16
  const fieldTable = object(type.fieldTable, 16 + 16 * FIELD_SLOTS) + 16

  const fieldAt = (name: string): number => {
    const found = names.get(name)
    if (found !== undefined) return found
    const payload = bytesOf(name)
    const at = object(type.field, 40 + payload.length)
    counts.fields += 1
    bytes.set(payload, at + 40)
    put64(at + 16, jenkins64(payload))
    chain(fieldTable, FIELD_SLOTS, jenkins64(payload), at, 24)
    names.set(name, at)
    return at
  }
  const dataOf = (name: string, payload: Uint8Array): DataObject => {
    const key = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('latin1')
    const found = known.get(key)
    if (found !== undefined) return found
    const packed = packing === null || payload.length < 512 ? payload : pack(packing, payload)
    const start = compact ? 72 : 64
    const at = object(type.data, start + packed.length, packed === payload ? 0 : packing === 'lz4' ? 2 : 4)
    counts.data += 1
    const hash = jenkins64(payload)
    bytes.set(packed, at + start)
    put64(at + 16, hash)
    chain(dataTable, slots, hash, at, 24)
    const field = fieldAt(name)
    put64(at + 32, get64(field + 32))
    put64(field + 32, at)
    const made: DataObject = { at, hash, entries: 0, array: 0, used: 0, room: 0 }
    known.set(key, made)
    return made
  }

  let first: EntryToWrite | null = null
  let last: EntryToWrite | null = null
  for (const entry of entries) {
    first ??= entry
    last = entry
    const items = [...new Set(entry.fields.map(([name, value]) => dataOf(name, joined(name, value))))].sort((a, b) => a.at - b.at)
    const at = object(type.entry, 64 + items.length * (compact ? 4 : 16))
    counts.entries += 1
    put64(at + 16, counts.entries)
    put64(at + 24, entry.realtimeUs)
    put64(at + 32, entry.monotonicUs)
    putHex(bytes, at + 40, entry.bootId)
    put64(
      at + 56,
      items.reduce((sum, { hash }) => sum ^ hash, 0n),
    )
    for (const [index, item] of items.entries()) {
      if (compact) view.setUint32(at + 64 + 4 * index, item.at, true)
      else put64(at + 64 + 16 * index, item.at)
      if (!compact) put64(at + 72 + 16 * index, item.hash)
      if (item.entries === 0) put64(item.at + 40, at)
      else append(item, item.at + 48, at)
      item.entries += 1
      put64(item.at + 56, item.entries)
      if (compact) view.setUint32(item.at + 64, item.array, true)
      if (compact) view.setUint32(item.at + 68, item.used, true)
    }
    append(all, 176, at)
  }

  bytes.set(bytesOf('LPKSHHRH'), 0)
  view.setUint32(12, (packing === 'lz4' ? 2 : packing === 'zstd' ? 8 : 0) + (compact ? 16 : 0), true)
  for (const at of [24, 40, 72]) putHex(bytes, at, '00112233445566778899aabbccddeeff')
  putHex(bytes, 56, last?.bootId ?? '0'.repeat(32))
  const numbers: [number, number][] = [
    [88, HEADER],
    [96, end + unusedBytes - HEADER],
    [104, dataTable],
    [112, 16 * slots],
    [120, fieldTable],
    [128, 16 * FIELD_SLOTS],
    [136, tail],
    [144, counts.objects],
    [152, counts.entries],
    [160, counts.entries],
    [168, counts.entries === 0 ? 0 : 1],
    [184, first?.realtimeUs ?? 0],
    [192, last?.realtimeUs ?? 0],
    [200, last?.monotonicUs ?? 0],
    [208, counts.data],
    [216, counts.fields],
    [232, counts.arrays],
  ]
  for (const [at, value] of numbers) put64(at, value)
  const file = new Uint8Array(end + unusedBytes)
  file.set(bytes.subarray(0, end))
  return file
}

const encoder = new TextEncoder()

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}

function joined(name: string, value: string | Uint8Array): Uint8Array {
  if (typeof value === 'string') return bytesOf(`${name}=${value}`)
  const payload = new Uint8Array(name.length + 1 + value.length)
  payload.set(bytesOf(`${name}=`))
  payload.set(value, name.length + 1)
  return payload
}

function putHex(bytes: Uint8Array, at: number, hex: string): void {
  for (let k = 0; k < hex.length / 2; k += 1) bytes[at + k] = Number.parseInt(hex.slice(2 * k, 2 * k + 2), 16)
}

function pack(kind: 'lz4' | 'zstd', payload: Uint8Array): Uint8Array {
  const size = payload.length
  if (kind === 'zstd') {
    // RFC 8878: a frame of one segment with its size in four bytes, and raw blocks.
    const pieces: number[][] = []
    for (let at = 0; at < size; at += 65_536) {
      const length = Math.min(65_536, size - at)
      const block = (length << 3) | (at + length === size ? 1 : 0)
      pieces.push([block & 255, (block >> 8) & 255, block >> 16], [...payload.subarray(at, at + length)])
    }
    return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, size & 255, (size >> 8) & 255, (size >> 16) & 255, 0, ...pieces.flat()])
  }
  // The unpacked size, then a block of literals only.
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, size, true)
  const lengths = size < 15 ? [size << 4] : [0xf0, ...Array.from({ length: Math.floor((size - 15) / 255) }, () => 255), (size - 15) % 255]
  return Uint8Array.from([...head, ...lengths, ...payload])
}
