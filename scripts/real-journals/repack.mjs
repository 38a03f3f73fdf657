// Rewrites a journal whose fields are not packed: those of 80 bytes and more are packed as LZ4 or XZ in place, as journald of other distributions packs them. The object keeps
// its place; what its shorter payload leaves free becomes nothing, as at an unclean end. node repack.mjs lz4|xz IN OUT
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const [packing, from, to] = process.argv.slice(2)
const bytes = readFileSync(from)
const flags = bytes.readUInt32LE(12)
const compact = (flags & 16) !== 0
const start = compact ? 72 : 64
// The header: HEADER_INCOMPATIBLE_COMPRESSED_XZ is 1, _LZ4 is 2, _ZSTD is 8.
bytes.writeUInt32LE((flags & ~8) | (packing === 'xz' ? 1 : 2), 12)

/** A block of LZ4 as journald writes it: its unpacked size (u64) before it. `lz4` writes frames: magic, descriptor, then a block with its size. */
function lz4(payload) {
  const frame = execFileSync('lz4', ['-c', '-9', '--no-frame-crc', '-BD', '-'], { input: payload, stdio: ['pipe', 'pipe', 'ignore'] })
  const descriptor = frame[4]
  const head = 4 + 3 + ((descriptor & 8) !== 0 ? 8 : 0)
  const size = frame.readUInt32LE(head)
  if (size >>> 31 === 1) return null
  const unpacked = Buffer.alloc(8)
  unpacked.writeBigUInt64LE(BigInt(payload.length))
  return Buffer.concat([unpacked, frame.subarray(head + 4, head + 4 + size)])
}
const xz = (payload) => execFileSync('xz', ['-c', '--check=none', '-'], { input: payload, stdio: ['pipe', 'pipe', 'ignore'] })

let packed = 0
for (let at = Number(bytes.readBigUInt64LE(88)); at + 16 <= bytes.length && bytes[at] !== 0; ) {
  const size = Number(bytes.readBigUInt64LE(at + 8))
  if (bytes[at] === 1 && bytes[at + 1] === 0 && size - start >= 80) {
    const payload = bytes.subarray(at + start, at + size)
    const smaller = packing === 'xz' ? xz(payload) : lz4(payload)
    const freed = smaller === null ? 0 : Math.floor((size - start - smaller.length) / 8) * 8
    if (smaller !== null && freed >= 0 && smaller.length < payload.length) {
      const whole = size + ((8 - (size % 8)) % 8)
      bytes.fill(0, at + start, at + whole)
      smaller.copy(bytes, at + start)
      bytes[at + 1] = packing === 'xz' ? 1 : 2
      bytes.writeBigUInt64LE(BigInt(start + smaller.length), at + 8)
      packed += 1
    }
    at += size + ((8 - (size % 8)) % 8)
  } else at += size + ((8 - (size % 8)) % 8)
}
writeFileSync(to, bytes)
console.log(`${packed} fields packed as ${packing}`)
