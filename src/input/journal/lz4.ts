/**
 * The LZ4 block format (lz4_Block_format.md): sequences of a token, literals, a 16-bit distance back, and a match of 4 bytes or more; the
 * last one ends after its literals. `size` is the unpacked size. Throws on broken data.
 */
export function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size)
  let from = 0
  let to = 0
  /** The rest of a length that did not fit the token's four bits: bytes added up, through the first below 255. */
  const longLength = (start: number): number => {
    let length = start
    if (start !== 15) return length
    for (let byte = 255; byte === 255; length += byte) byte = packed[from++] ?? fail('cut off')
    return length
  }
  while (from < packed.length) {
    const token = packed[from++] ?? 0
    const literals = longLength(token >> 4)
    if (from + literals > packed.length || to + literals > size) fail('literals past the end')
    output.set(packed.subarray(from, from + literals), to)
    from += literals
    to += literals
    if (from === packed.length) break
    const distance = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)
    from += 2
    const length = longLength(token & 15) + 4
    if (distance === 0 || distance > to || to + length > size) fail('a match outside the block')
    // A match may overlap what it makes: byte by byte.
    for (const end = to + length; to < end; to += 1) output[to] = output[to - distance] ?? 0
  }
  if (to !== size) fail('shorter than said')
  return output
}

function fail(reason: string): never {
  throw new Error(`broken LZ4 block: ${reason}`)
}
