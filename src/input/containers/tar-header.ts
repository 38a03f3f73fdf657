import { nameText } from '../paths.ts'

/** One 512-byte header of a tar archive: v7, ustar (POSIX.1-1988), GNU. */
export interface TarHeader {
  readonly name: string
  readonly size: number
  /** Seconds since the epoch. */
  readonly mtime: number
  /** `0` for a regular file; a NUL (v7) is given as `0`. */
  readonly type: string
  /** Old GNU sparse: another block of the sparse map follows. */
  readonly extended: boolean
}

export const blockSize = 512

/** `null` when it is no header: its checksum (sum of all bytes with the checksum's own field as blanks) is the proof of one. */
export function tarHeader(block: Uint8Array): TarHeader | null {
  if (block.length < blockSize || block[0] === 0 || !checksumHolds(block)) return null
  const size = numberAt(block, 124, 12)
  if (size === null || size < 0) return null
  const flag = block[156] as number
  const magic = latin(block, 257, 8)
  // GNU's header has other fields where ustar has the prefix.
  const prefix = magic.startsWith('ustar\0') ? bytesAt(block, 345, 155) : new Uint8Array(0)
  const name = nameText(bytesAt(block, 0, 100))
  return {
    name: prefix.length > 0 ? `${nameText(prefix)}/${name}` : name,
    size,
    mtime: numberAt(block, 136, 12) ?? 0,
    type: flag === 0 ? '0' : String.fromCharCode(flag),
    extended: flag === 0x53 && block[482] === 1,
  }
}

/** Signed sums too: some old tars added bytes as signed chars. */
function checksumHolds(block: Uint8Array): boolean {
  const stored = numberAt(block, 148, 8)
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < blockSize; i++) {
    const byte = i >= 148 && i < 156 ? 32 : (block[i] as number)
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  return stored !== null && (stored === unsigned || stored === signed)
}

/** Octal digits, or base 256 with the top bit set (GNU, for what octal cannot hold). */
function numberAt(block: Uint8Array, at: number, length: number): number | null {
  const first = block[at] as number
  if (first & 0x80) {
    let value = first === 0xff ? -1 : first & 0x7f
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] as number)
    return Number.isSafeInteger(value) ? value : null
  }
  const text = latin(block, at, length).replace(/\0.*$/s, '').trim()
  if (text === '') return 0
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : null
}

const latin = (block: Uint8Array, at: number, length: number): string => String.fromCharCode(...block.subarray(at, at + length))

function bytesAt(block: Uint8Array, at: number, length: number): Uint8Array {
  const field = block.subarray(at, at + length)
  const end = field.indexOf(0)
  return end === -1 ? field : field.subarray(0, end)
}

/** Records `LENGTH KEY=VALUE\n` of a pax header (POSIX.1-2001). Values may hold anything, newlines too: the length rules. */
export function paxRecords(data: Uint8Array): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < data.length; ) {
    const blank = data.indexOf(32, at)
    const length = blank === -1 ? Number.NaN : Number(nameText(data.subarray(at, blank)))
    if (!(length > blank - at + 1)) break
    const record = nameText(data.subarray(blank + 1, at + length - 1))
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
