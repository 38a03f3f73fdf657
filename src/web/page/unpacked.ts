import { decompress } from 'fzstd'

/**
 * The worker's script: by zstd (RFC 8878) and in base64 it is a third of its size, and the page stays small. It and the reports need what Chrome 110, Firefox 115
 * and Safari 16.4 have.
 */
export async function unpacked(base64: string): Promise<Blob> {
  if (typeof DecompressionStream === 'undefined' || !('toSorted' in Array.prototype)) throw new Error('too old')
  const packed = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  return new Blob([decompress(packed) as Uint8Array<ArrayBuffer>], { type: 'text/javascript' })
}
