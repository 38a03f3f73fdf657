import { crc32 } from 'node:zlib'

/**
 * A zip whose only member is the zip itself, made as R. Cox describes it ("Zip Files All The Way Down", 2010): deflate's two instructions, literal bytes (`L`)
 * and a repetition of what came last (`R`), suffice for a stream that prints what stands before it, itself, and what stands behind. Its checksum, which
 * stands within what it sums up, is the solution of 32 linear equations.
 */
export function quineZip(): Buffer {
  // 61 bytes of header and name, and 5 of an instruction: the repetition of 66 is then 40 bits, as long as an instruction, too.
  const name = Buffer.from('a-zip-that-holds-itself/quine.z')
  const suffixLength = 46 + name.length + 22
  // How long it is does not hang on a few bytes more.
  const repeatSuffix = repeat(suffixLength + repeat(suffixLength, true).length, true)
  const head = literal(30 + name.length + 5)
  const build = (sum: number): Buffer => {
    const entry = (size: number): Buffer => fields(sum, size, 30 + name.length + size + suffixLength, name.length)
    const make = (size: number): Buffer => {
      const prefix = Buffer.concat([Buffer.from('PK\x03\x04\x14\0', 'latin1'), entry(size), Buffer.alloc(2), name])
      const suffix = Buffer.concat([directory(entry(size), name), endOf(46 + name.length, prefix.length + size)])
      return Buffer.concat([prefix, program(prefix, suffix, head, repeatSuffix), suffix])
    }
    return make(make(0).length - 30 - name.length - suffixLength)
  }
  return build(fixedPoint((sum) => crc32(build(sum))))
}

/** What comes between version and lengths of names, in the local header and in the directory alike: flags, method 8, time, sum, sizes, length of the name. */
function fields(sum: number, packed: number, size: number, nameLength: number): Buffer {
  const bytes = Buffer.alloc(22)
  bytes.writeUInt16LE(8, 2)
  bytes.writeUInt32LE(sum, 8)
  bytes.writeUInt32LE(packed, 12)
  bytes.writeUInt32LE(size, 16)
  bytes.writeUInt16LE(nameLength, 20)
  return bytes
}

const directory = (entry: Buffer, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from('PK\x01\x02\x14\0\x14\0', 'latin1'), entry, Buffer.alloc(16), name])

function endOf(size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

/** Prints prefix, itself and suffix. One instruction is 5 bytes, so that `one` prints one and `four` prints four of them. */
function program(prefix: Buffer, suffix: Buffer, head: Buffer, repeatSuffix: Buffer): Buffer {
  const repeatHead = repeat(prefix.length + 5, false)
  const [one, four, again] = [literal(5), literal(20), repeat(20, false)]
  const none = literal(0)
  const last = literal(repeatSuffix.length + suffix.length)
  return Buffer.concat([
    ...[head, prefix, head, repeatHead, one, repeatHead, one, one, four, repeatHead, one, one, four, again],
    ...[four, again, four, again, four, again, four, again, none, none, last, again],
    ...[none, none, last, repeatSuffix, suffix, repeatSuffix],
  ])
}

/** A stored block that announces `bytes` of literals (RFC 1951, 3.2.4). */
function literal(bytes: number): Buffer {
  const block = Buffer.alloc(5)
  block.writeUInt16LE(bytes, 1)
  block.writeUInt16LE(~bytes & 0xffff, 3)
  return block
}

/** A block of fixed codes (3.2.6) that repeats the last `bytes`; one that is not the last is filled up to 40 bits by an empty block. */
function repeat(bytes: number, isLast: boolean): Buffer {
  const bits: number[] = []
  const low = (value: number, count: number): void => {
    for (let k = 0; k < count; k += 1) bits.push((value >> k) & 1)
  }
  const code = (value: number, count: number): void => {
    for (let k = count - 1; k >= 0; k -= 1) bits.push((value >> k) & 1)
  }
  low(isLast ? 1 : 0, 1)
  low(1, 2)
  const lengths = bytes <= 20 ? [bytes / 2, bytes / 2] : [bytes]
  for (const length of lengths) {
    const [base, extra, symbol] = lastUpTo(lengthCodes, length)
    if (symbol < 280) code(symbol - 256, 7)
    else code(symbol - 280 + 0b11000000, 8)
    low(length - base, extra)
    const [from, more, distance] = lastUpTo(distanceCodes, bytes)
    code(distance, 5)
    low(bytes - from, more)
  }
  code(0, 7)
  if (!isLast && bits.length === 30) {
    low(0b010, 3)
    code(0, 7)
  }
  if (!isLast && bits.length !== 40) throw new Error(`a repetition of ${bytes} takes ${bits.length} bits`)
  const block = Buffer.alloc(Math.ceil(bits.length / 8))
  for (const [at, bit] of bits.entries()) block[at >> 3] = (block[at >> 3] as number) | (bit << (at & 7))
  return block
}

type Code = readonly [base: number, extraBits: number, symbol: number]
const lastUpTo = (codes: readonly Code[], value: number): Code => codes.findLast(([base]) => base <= value) as Code
/** Lengths of 3 to 257 and distances (3.2.5): groups of four, or two, with one more bit each. */
const lengthCodes = codesOf(3, 8, 4, 257, 28)
const distanceCodes = codesOf(1, 4, 2, 0, 30)

function codesOf(first: number, plain: number, group: number, symbol: number, count: number): readonly Code[] {
  const codes: Code[] = []
  for (let n = 0, base = first; n < count; n += 1) {
    const extra = n < plain ? 0 : Math.floor((n - plain) / group) + 1
    codes.push([base, extra, symbol + n])
    base += 2 ** extra
  }
  return codes
}

/** The `x` with `sumOf(x) === x`: a CRC is affine over bits, so the 32 bits of `x` are 32 unknowns of as many equations (Gauss). */
function fixedPoint(sumOf: (x: number) => number): number {
  const constant = sumOf(0)
  // Row k: which bits of x the bit k of sum ^ x depends on, and in bit 32 what it must be.
  const columns = Array.from({ length: 32 }, (_, bit) => (sumOf((1 << bit) >>> 0) ^ constant ^ (1 << bit)) >>> 0)
  const rows = Array.from({ length: 32 }, (_, k) =>
    columns.reduce((row, column, bit) => row | (BigInt((column >>> k) & 1) << BigInt(bit)), BigInt((constant >>> k) & 1) << 32n),
  )
  for (let bit = 0; bit < 32; bit += 1) {
    const mask = 1n << BigInt(bit)
    const pivot = rows.findIndex((row, at) => at >= bit && (row & mask) !== 0n)
    if (pivot === -1) throw new Error('no checksum stands for itself; another name has one')
    ;[rows[bit], rows[pivot]] = [rows[pivot] as bigint, rows[bit] as bigint]
    for (const [at, row] of rows.entries()) if (at !== bit && (row & mask) !== 0n) rows[at] = row ^ (rows[bit] as bigint)
  }
  return rows.reduce((x, row, bit) => ((row >> 32n) & 1n ? x | (1 << bit) : x), 0) >>> 0
}
