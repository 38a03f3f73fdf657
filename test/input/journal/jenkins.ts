/** Bob Jenkins' lookup3 (hashlittle2) as journald uses it for files without a keyed hash: both halves of its result, the first one above. */
export function jenkins64(bytes: Uint8Array): bigint {
  let a = (0xdeadbeef + bytes.length) | 0
  let b = a
  let c = a
  const word = (at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
  let at = 0
  for (; bytes.length - at > 12; at += 12) {
    a = (a + word(at)) | 0
    b = (b + word(at + 4)) | 0
    c = (c + word(at + 8)) | 0
    a = ((a - c) ^ rotated(c, 4)) | 0
    c = (c + b) | 0
    b = ((b - a) ^ rotated(a, 6)) | 0
    a = (a + c) | 0
    c = ((c - b) ^ rotated(b, 8)) | 0
    b = (b + a) | 0
    a = ((a - c) ^ rotated(c, 16)) | 0
    c = (c + b) | 0
    b = ((b - a) ^ rotated(a, 19)) | 0
    a = (a + c) | 0
    c = ((c - b) ^ rotated(b, 4)) | 0
    b = (b + a) | 0
  }
  if (at < bytes.length) {
    // Bytes behind the end count as 0.
    a = (a + word(at)) | 0
    b = (b + word(at + 4)) | 0
    c = (c + word(at + 8)) | 0
    c = ((c ^ b) - rotated(b, 14)) | 0
    a = ((a ^ c) - rotated(c, 11)) | 0
    b = ((b ^ a) - rotated(a, 25)) | 0
    c = ((c ^ b) - rotated(b, 16)) | 0
    a = ((a ^ c) - rotated(c, 4)) | 0
    b = ((b ^ a) - rotated(a, 14)) | 0
    c = ((c ^ b) - rotated(b, 24)) | 0
  }
  return (BigInt(c >>> 0) << 32n) | BigInt(b >>> 0)
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
