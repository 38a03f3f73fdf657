import { type Bytes, together } from './bytes.ts'

export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be'

/**
 * UTF-16 by its byte order mark (PowerShell's `>`), or by every other byte being NUL at the start of a text without one. All else is
 * `utf-8`, which here means: bytes as they are (latin1 too).
 */
export function charsetOf(head: Uint8Array): Charset {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const pairs = Math.min(head.length, 512) >> 1
  if (pairs < 8) return 'utf-8'
  let even = 0
  let odd = 0
  for (let i = 0; i < pairs * 2; i += 2) {
    if (head[i] === 0) even += 1
    if (head[i + 1] === 0) odd += 1
  }
  if (odd > pairs * 0.8 && even < pairs * 0.1) return 'utf-16le'
  if (even > pairs * 0.8 && odd < pairs * 0.1) return 'utf-16be'
  return 'utf-8'
}

const longestHead = 512

/** The stream as UTF-8: UTF-16 is transcoded, a UTF-8 byte order mark taken off, everything else passed on untouched. */
export async function* decodeCharset(chunks: Bytes): Bytes {
  let decoder: InstanceType<typeof TextDecoder> | null = null
  let head: Uint8Array | null = new Uint8Array(0)
  const encoder = new TextEncoder()
  const begun = (first: Uint8Array): Uint8Array => {
    const charset = charsetOf(first)
    if (charset !== 'utf-8') decoder = new TextDecoder(charset)
    const marked = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf
    return marked ? first.subarray(3) : first
  }
  const coded = (piece: Uint8Array): Uint8Array => (decoder === null ? piece : encoder.encode(decoder.decode(piece, { stream: true })))
  for await (const chunk of chunks) {
    let piece = chunk
    if (head !== null) {
      const grown: Uint8Array = head.length === 0 ? chunk : together([head, chunk])
      head = grown.length < longestHead ? grown : null
      if (head !== null) continue
      piece = begun(grown)
    }
    if (piece.length > 0) yield coded(piece)
  }
  if (head !== null && head.length > 0) yield coded(begun(head))
  const left = (decoder as InstanceType<typeof TextDecoder> | null)?.decode() ?? ''
  if (left !== '') yield encoder.encode(left)
}
