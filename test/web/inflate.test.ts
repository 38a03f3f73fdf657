import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteReader } from '../../src/input/bytes.ts'
import type { Inflating } from '../../src/input/codecs/inflating.ts'
import { Trouble } from '../../src/input/trouble.ts'
import { engines as node } from '../../src/node/engines.ts'
import { inflating as web } from '../../src/web/inflate.ts'

/** What comes out, what is left of the input, and what is told. */
async function inflated({ inflateRaw }: Inflating, bytes: Uint8Array, pieceBytes: number) {
  const counts = { took: 0, gave: 0 }
  const meter = {
    took(n: number) {
      counts.took += n
    },
    gave(n: number) {
      counts.gave += n
    },
    given: () => counts.gave,
  }
  const reader = byteReader(pieces(bytes, pieceBytes))
  const out: Uint8Array[] = []
  let trouble: unknown = null
  try {
    for await (const part of inflateRaw(reader, 'gzip', meter)) out.push(part.slice())
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    trouble = { code: error.code, args: error.args }
  }
  const rest: Uint8Array[] = []
  if (trouble === null) for await (const part of reader.rest()) rest.push(part)
  return {
    out: Buffer.concat(out).toString('latin1'),
    rest: Buffer.concat(rest).toString('latin1'),
    trouble,
    ...(trouble === null ? counts : {}),
  }
}

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const text = (lines: number): Uint8Array =>
  new TextEncoder().encode(Array.from({ length: lines }, (_, n) => `line ${n * 7919}: Killed process ${n}\n`).join(''))
const streams = { empty: new Uint8Array(0), small: text(3), large: text(40_000), zeros: new Uint8Array(3_000_000), noise: noise(300_000) }

function noise(size: number): Uint8Array {
  let state = 7
  return Uint8Array.from({ length: size }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state >>> 16
  })
}

describe('a page inflates as Node.js does', () => {
  it.each(Object.entries(streams))('%s, whole, followed by something, and cut', async (_, bytes) => {
    const packed = deflateRawSync(bytes)
    for (const given of [packed, Buffer.concat([packed, Buffer.from('what follows')]), packed.subarray(0, packed.length >> 1)])
      for (const size of [given.length || 1, 40_000]) expect(await inflated(web, given, size)).toEqual(await inflated(node, given, size))
  })

  it('the same bytes and words of what is broken', async () => {
    const packed = Object.values(streams).map((bytes) => deflateRawSync(bytes.subarray(0, 200_000)))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...packed),
        fc.double({ min: 0, max: 0.999 }),
        fc.integer({ min: 1, max: 255 }),
        async (from, share, flip) => {
          const bytes = Buffer.from(from)
          const at = Math.floor(share * bytes.length)
          bytes[at] = (bytes[at] ?? 0) ^ flip
          expect(await inflated(web, bytes, 64_000)).toEqual(await inflated(node, bytes, 64_000))
        },
      ),
      { numRuns: 150, seed: 23 },
    )
  }, 60_000)

  it('checksums', () => {
    const bytes = streams.noise
    expect(web.crc32(bytes.subarray(1000), web.crc32(bytes.subarray(0, 1000), 0))).toBe(crc32(bytes))
  })
})
