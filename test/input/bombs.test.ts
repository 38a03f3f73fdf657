import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { crc32, deflateRawSync, gzipSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { packTar } from 'modern-tar'
import { describe, expect, test } from 'vitest'
import { defaultLimits, type InputLimits } from '../../src/input/index.ts'
import { openInputs } from '../../src/node/open.ts'
import { quineZip } from './quine-zip.ts'
import { readAll } from './read-all.ts'
import { zipOf } from './zip-of.ts'

const MiB = 1024 * 1024
const piped = (bytes: Uint8Array, limits: Partial<InputLimits> = {}) =>
  readAll(['-'], { limits: { ...defaultLimits, ...limits }, stdin: Readable.from([bytes]) })
const codes = (read: { warnings: readonly { code: string }[] }): string[] => read.warnings.map(({ code }) => code)
const stored = (name: string, text: string | Buffer) => {
  const data = Buffer.from(text as string)
  return { name, data, method: 0, size: data.length, crc: crc32(data) }
}
const deflated = (name: string, bytes: Buffer) => ({
  name,
  data: deflateRawSync(bytes),
  method: 8,
  size: bytes.length,
  crc: crc32(bytes),
})

/** Bytes that came out, counted and thrown away. */
async function given(bytes: AsyncIterable<Uint8Array>, limits: Partial<InputLimits> = {}) {
  const opened = openInputs(['-'], { limits: { ...defaultLimits, ...limits }, stdin: bytes })
  let size = 0
  let sources = 0
  for await (const source of opened.sources) {
    sources += 1
    for await (const piece of source.chunks()) size += piece.length
  }
  return { size, sources, warnings: opened.outcome().warnings }
}

describe('members of a zip that share bytes', () => {
  const log = stored('a.log', 'Out of memory\n')

  test('the very same bytes are read once', async () => {
    const read = await piped(zipOf([log, { ...log, name: 'b.log', at: 0 }, { ...log, name: 'c.log', at: 0 }]))
    expect(read.sources.map(({ path }) => path)).toEqual(['a.log'])
    expect(codes(read)).toEqual(['archive-member-same', 'archive-member-same'])
  })

  test('so is a member that is laid down twice under its name; another text under it is read', async () => {
    const read = await piped(zipOf([log, log, stored('a.log', 'Other words.\n')]))
    expect(read.sources.map(({ text }) => text)).toEqual(['Out of memory\n', 'Other words.\n'])
    expect(codes(read)).toEqual(['archive-member-same', 'archive-member-duplicate'])
  })

  test('the same text under two names is two files: their places may be two machines', async () => {
    expect((await piped(zipOf([log, { ...log, name: 'b.log' }]))).sources).toHaveLength(2)
  })

  test('one within the other is refused, the rest is read', async () => {
    const inner = Buffer.concat([Buffer.from('\n'), zipOf([stored('kernel', 'x'.repeat(100))]).subarray(0, 136)])
    const outer = stored('outer', inner)
    const read = await piped(zipOf([outer, { ...stored('kernel', 'x'.repeat(100)), at: 36 }, stored('after', 'y')]))
    expect(read.sources.map(({ path }) => path)).toEqual(['outer', 'after'])
    expect(codes(read)).toEqual(['archive-member-overlap'])
  })
})

describe('members of a tar', () => {
  const tarOf = (...members: readonly [name: string, text: string][]) =>
    packTar(members.map(([name, body]) => ({ header: { name, size: body.length }, body })))
  const read = async (...members: readonly [name: string, text: string][]) => {
    const { sources, warnings } = await piped(await tarOf(...members))
    return [sources.map(({ text }) => text), codes({ warnings })]
  }
  const long = 'Out of memory\n'.repeat(20_000)

  test('that are the very same are read once', async () => {
    expect(await read(['a.log', long], ['b.log', 'b\n'], ['a.log', long])).toEqual([[long, 'b\n'], ['archive-member-same']])
  })

  test('that hold another text under the same name, or the same one under another, are read', async () => {
    const other = long.replace(/Out(?= of memory\n$)/, 'out')
    expect(await read(['a.log', long], ['a.log', other], ['a.log', long], ['c.log', long])).toEqual([
      [long, other, long],
      ['archive-member-duplicate', 'archive-member-same'],
    ])
  })
})

describe('bombs', () => {
  const zeros = deflated('zeros', Buffer.alloc(200 * MiB))

  test('a zip’s member stops where a gzip does, however large the rest of the zip is', async () => {
    const noise = stored('noise', Buffer.from(Array.from({ length: MiB }, (_, at) => (at * 7919) % 251)))
    const read = await given(Readable.from([zipOf([noise, zeros])]))
    expect(read.size).toBeLessThanOrEqual(65 * MiB)
    expect(read.warnings).toMatchObject([{ code: 'bound-ratio', source: '-!zeros' }])
  })

  test('members that are small each count together, at any depth, and end their input only', async () => {
    const small = gzipSync(Buffer.alloc(MiB))
    const inner = zipOf(Array.from({ length: 30 }, (_, at) => deflated(`${at}.gz`, small)))
    const read = await piped(zipOf([deflated('a.zip', inner), deflated('b.zip', inner), deflated('c.zip', inner)]), {
      ratio: 500,
      ratioFloorBytes: 4 * MiB,
    })
    expect(read.sources.length).toBeLessThan(40)
    expect(codes(read)).toEqual(['bound-ratio'])
  })

  test('a zip in a zip in a zip, sixteen each: bounded by the members of all together', async () => {
    let bytes: Buffer = Buffer.from('a line\n')
    for (let level = 0; level < 4; level += 1) {
      const members = Array.from({ length: 16 }, (_, at) => deflated(`${at}`, bytes))
      bytes = zipOf(members)
    }
    const read = await given(Readable.from([bytes]), { members: 500 })
    expect(read.sources).toBeLessThan(500)
    expect(codes(read)).toEqual(['bound-members'])
  })

  test('archives that never end inside end at the depth', async () => {
    let bytes: Buffer = Buffer.from('a line\n')
    for (let level = 0; level < 12; level += 1) bytes = zipOf([stored('r.zip', bytes)])
    expect(codes(await piped(bytes))).toEqual(['bound-depth'])
  })

  test('a zip that holds itself ends at the depth, though no byte of it is out of order', async () => {
    const quine = quineZip()
    const [from, length] = [30 + quine.readUInt16LE(26), quine.readUInt32LE(18)]
    expect(inflateRawSync(quine.subarray(from, from + length)).equals(quine)).toBe(true)
    const read = await piped(quine)
    expect(read.sources).toEqual([])
    expect(codes(read)).toEqual(['bound-depth'])
    expect(read.warnings[0]?.source?.split('!')).toHaveLength(1 + defaultLimits.depth)
  })

  test('a bomb costs its own input, not the next one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bombs-'))
    const [bomb, log] = [join(folder, 'a.zip'), join(folder, 'b.log.gz')]
    writeFileSync(bomb, zipOf(Array.from({ length: 40 }, (_, at) => stored(`${at}`, 'a line\n'))))
    writeFileSync(log, gzipSync('Out of memory\n'))
    try {
      for (const paths of [[bomb, log], [folder]]) {
        const read = await readAll(paths, { limits: { ...defaultLimits, members: 20 }, stdin: null })
        expect(codes(read)).toEqual(['bound-members'])
        expect(read.sources.at(-1)).toMatchObject({ text: 'Out of memory\n' })
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('time is bounded', async () => {
    const packed = gzipSync('a line\n')
    const read = await piped(packed, { seconds: -1 })
    expect(read.warnings).toMatchObject([{ code: 'bound-time', args: { limit: -1 } }])
  })
})

describe('members without end', () => {
  /** A v7 header of an empty file; its checksum is the sum of all bytes, with blanks for its own. */
  const header = (type: string): Buffer => {
    const block = Buffer.alloc(512)
    block.write('f'.repeat(20), 0)
    for (const [at, text] of [
      [100, '0000644\0'],
      [124, '00000000000\0'],
      [136, '00000000000\0'],
      [148, '        '],
      [156, type],
    ] as const)
      block.write(text, at, 'latin1')
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    return block
  }
  const many = function* (type: string, thousands: number): Generator<Buffer> {
    const piece = Buffer.concat(Array.from({ length: 1000 }, () => header(type)))
    for (let n = 0; n < thousands; n += 1) yield piece
  }

  test('of a tar: reading stops at the bound, in words', async () => {
    const read = await given(Readable.from(many('0', 1000)), { members: 20_000 })
    expect(codes(read).filter((code) => code !== 'archive-member-same' && code !== 'more-of-the-same')).toEqual(['bound-members'])
  }, 60_000)

  test('of a tar, folders all of them: they are passed over', async () => {
    expect(await given(Readable.from(many('5', 100)))).toMatchObject({ size: 0, sources: 0 })
  }, 60_000)

  /** One byte for all of them, but for the names. */
  const nested = (count: number) => {
    const one = stored('a', 'x')
    return Array.from({ length: count }, (_, at) => (at === 0 ? one : { ...one, name: `${at}`, at: 0 }))
  }

  test('of a zip, each at another’s place', async () => {
    const read = await given(Readable.from([zipOf(nested(65_000))]), { members: 50_000 })
    expect(read).toMatchObject({ size: 1, sources: 1 })
    expect(codes(read)).toContain('bound-members')
  }, 60_000)

  const many64 = process.env['OOM_REPORT_FULL'] === undefined ? 80_000 : 1_000_000
  test(`of a zip64, ${many64} of them`, async () => {
    const read = await given(Readable.from([zipOf(nested(many64), { zip64: true })]), { members: many64 - 10 })
    expect(read).toMatchObject({ size: 1, sources: 1 })
    expect(codes(read)).toContain('bound-members')
  }, 120_000)
})

describe('zip64', () => {
  test('is read as any other', async () => {
    const read = await piped(zipOf([stored('a.log', 'x\n'), deflated('b.log', Buffer.from('y\n'.repeat(50)))], { zip64: true }))
    expect(read.sources.map(({ text }) => text)).toEqual(['x\n', 'y\n'.repeat(50)])
    expect(read.warnings).toEqual([])
  })

  test('that claims more members, bytes or places than can be is told in words', async () => {
    const whole = zipOf([stored('a.log', 'x\n')], { zip64: true })
    const record = whole.indexOf('PK\x06\x06', 0, 'latin1')
    const places = [...[24, 32, 40, 48].map((at) => record + at), record + 64, whole.indexOf('PK\x01\x02', 0, 'latin1') + 46 + 5 + 4]
    for (const at of places)
      for (const value of [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 32n, 0n]) {
        const hurt = Buffer.from(whole)
        hurt.writeBigUInt64LE(value, at)
        const read = await piped(hurt)
        expect(read.sources.length).toBeLessThan(2)
        for (const { args } of read.warnings)
          expect(String(args['reason'] ?? '')).not.toMatch(/typed array|out of range|undefined|NaN|\bERR_|is not a function|Cannot read/)
      }
  })
})

test('whatever the numbers of a zip say, the warning is in words', async () => {
  const whole = zipOf([stored('a.log', 'x'.repeat(50)), deflated('b.log', Buffer.from('y'.repeat(500)))])
  const places = fc.integer({ min: whole.indexOf('PK\x01\x02', 0, 'latin1'), max: whole.length - 4 })
  await fc.assert(
    fc.asyncProperty(places, fc.constantFrom(0, 0xffffffff, 0x7fffffff, 0x80000000, 0xffff, 1), async (at, value) => {
      const hurt = Buffer.from(whole)
      hurt.writeUInt32LE(value, at)
      for (const { args } of (await piped(hurt)).warnings)
        expect(String(args['reason'] ?? '')).not.toMatch(/typed array|out of range|undefined|NaN|\bERR_|is not a function|Cannot read/)
    }),
    { numRuns: 150, seed: 1 },
  )
})
