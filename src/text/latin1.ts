interface Buffers {
  from(memory: ArrayBufferLike, offset: number, length: number): { toString(charset: 'latin1'): string }
}

/** Node.js' own way is the fastest there; a browser has none. */
const buffers = (globalThis as { readonly Buffer?: Buffers }).Buffer

/** One character a byte. */
export function latin1Text(bytes: Uint8Array): string {
  return buffers === undefined ? decodedLatin1(bytes) : buffers.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The WHATWG has `latin1` mean windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels): its characters above U+00FF are bytes 0x80 to 0x9f. */
export function decodedLatin1(bytes: Uint8Array): string {
  decoder ??= openDecoder()
  const { windows1252, byteOf } = decoder
  const text = windows1252.decode(bytes)
  return /[^\x00-\xff]/.test(text) ? text.replace(/[^\x00-\xff]/g, (char) => byteOf[char] ?? char) : text
}

let decoder: ReturnType<typeof openDecoder> | null = null

function openDecoder() {
  const windows1252 = new TextDecoder('windows-1252')
  const bytes = Array.from({ length: 32 }, (_, i) => 0x80 + i)
  const byteOf: Readonly<Record<string, string>> = Object.fromEntries(
    bytes.map((byte) => [windows1252.decode(Uint8Array.of(byte)), String.fromCharCode(byte)]),
  )
  return { windows1252, byteOf }
}

/** Whether any of the words, which are ASCII, stands in the bytes. */
export function holdsAny(bytes: Uint8Array, words: readonly string[]): boolean {
  const text = latin1Text(bytes)
  return words.some((word) => text.includes(word))
}
