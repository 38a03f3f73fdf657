import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { charsetOf, decodeCharset, defaultLimits, type InputLimits } from '../../src/input/index.ts'
import { type ReadSource, readAll } from './read-all.ts'
import { zipOf } from './zip-of.ts'

const samples = fileURLToPath(new URL('../../samples/compressed/', import.meta.url))
const sample = (name: string): Buffer => readFileSync(join(samples, name))
const text = sample('kern.log').toString('latin1')
const piped = (bytes: Uint8Array, limits: Partial<InputLimits> = {}) =>
  readAll(['-'], { limits: { ...defaultLimits, ...limits }, stdin: Readable.from([bytes]) })
const codes = (read: { warnings: readonly { code: string }[] }): string[] => read.warnings.map((each) => each.code)
const whole = (source: ReadSource | undefined): string => source?.text ?? ''

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'input-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('cut anywhere, what came is given and the cut is told', () => {
  test.each(['kern.log.gz', 'kern.log.xz', 'kern.log.zst', 'kern.log.bz2', 'two-members.gz'])('%s', async (name) => {
    const packed = sample(name)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 12, max: packed.length - 1 }), async (length) => {
        const read = await piped(packed.subarray(0, length))
        expect(text.startsWith(whole(read.sources[0]))).toBe(true)
        // Between two members, nothing shows that more was to come; zero bytes may stand at the end.
        if (name !== 'two-members.gz') expect(codes(read)).toContain('packing-cut')
      }),
      { numRuns: 40 },
    )
  })

  test('a cut in the middle of a gzip gives out at least all but the last block', async () => {
    const read = await piped(sample('kern.log.gz').subarray(0, 3000))
    expect(whole(read.sources[0]).length).toBeGreaterThan(text.length / 2)
  })

  test('a cut tar.gz names the member that it cut', async () => {
    const read = await piped(sample('bundle.tar.gz').subarray(0, 5000))
    expect(codes(read)).toEqual(['packing-cut', 'archive-member-cut'])
    expect(read.warnings[1]?.source).toBe('-!var/log/kern.log')
    expect(read.sources).toHaveLength(2)
  })

  test('a tar that is cut between the members is said to be, too', async () => {
    const packed = sample('bundle.tar')
    const whole = await piped(packed)
    // Behind the first member's bytes, within what fills up its last block.
    const size = (whole.sources[0]?.text.length ?? 0) + packed.indexOf(Buffer.from((whole.sources[0]?.text ?? '').slice(0, 40), 'latin1'))
    expect(size % 512).toBeGreaterThan(0)
    expect(codes(await piped(packed.subarray(0, size + 1)))).toEqual(['archive-broken'])
  })

  test('any damage to a tar is survived', async () => {
    const packed = sample('bundle.tar')
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), async (at, byte) => {
        const hurt = Buffer.from(packed)
        hurt[at] = byte
        const read = await piped(hurt)
        expect(read.sources.length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })
})

describe('bounds', () => {
  const zeros = gzipSync(Buffer.alloc(8 * 1024 * 1024))

  test('ratio: a gzip bomb stops at the floor', async () => {
    const read = await piped(zeros, { ratio: 100, ratioFloorBytes: 1024 * 1024 })
    expect(codes(read)).toEqual(['bound-ratio'])
    expect(whole(read.sources[0]).length).toBeLessThanOrEqual(2 * 1024 * 1024)
  })

  test('total', async () => {
    const read = await readAll([join(samples, 'kern.log.gz'), join(samples, 'kern.log.xz')], {
      limits: { ...defaultLimits, totalBytes: 60_000 },
      stdin: null,
    })
    expect(codes(read)).toEqual(['bound-total'])
    expect(whole(read.sources[0])).toBe(text)
  })

  test('members', async () => {
    const read = await piped(sample('bundle.tar'), { members: 2 })
    expect(codes(read)).toEqual(['bound-members'])
    expect(read.sources).toHaveLength(1)
  })

  test('depth of archives and of compression', async () => {
    expect(codes(await piped(sample('nested.zip'), { depth: 2 }))).toEqual(['bound-depth'])
    let packed: Uint8Array = Buffer.from('x')
    for (let i = 0; i < 7; i++) packed = gzipSync(packed)
    expect(codes(await piped(packed))).toEqual(['bound-depth'])
  })

  test('the temporary file', async () => {
    const read = await piped(sample('bundle.zip'), { spoolBytes: 1000 })
    expect(codes(read)).toEqual(['bound-spool'])
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('oom-report-spool-'))).toEqual([])
  })
})

describe('zip', () => {
  test('what cannot be unpacked is named, the rest is read', async () => {
    const read = await piped(
      zipOf([
        { name: 'windows.log', data: Buffer.from('?'), method: 9, size: 1 },
        { name: 'secret.log', data: Buffer.from('?'), method: 0, size: 1, flags: 1 },
        { name: '../../etc/evil', data: Buffer.from('hello'), method: 0, size: 5 },
      ]),
    )
    expect(read.warnings.slice(0, 2)).toMatchObject([{ code: 'codec-unknown', args: { codec: 'Deflate64' } }, { code: 'encrypted' }])
    expect(read.sources).toMatchObject([{ path: 'etc/evil', name: '-!etc/evil', text: 'hello' }])
  })

  test('cut off before its directory, all that was written before the cut is given, and the cut is told', async () => {
    const read = await piped(sample('bundle.zip').subarray(0, 4000))
    expect(codes(read)).toEqual(['packing-cut', 'archive-broken'])
    expect(read.sources.map((each) => each.text.length > 0)).toEqual([true])
  })
})

describe('tar', () => {
  test('absolute and climbing names are labels; links, devices and folders are passed over; doubles are read and told', async () => {
    const file = (name: string, body: string) => ({ header: { name, size: body.length, type: 'file' as const, mtime: new Date(0) }, body })
    const bytes = await packTar([
      file('/etc/a', 'A'),
      { header: { name: 'dir/', type: 'directory', size: 0 } },
      { header: { name: 'link', type: 'symlink', size: 0, linkname: '/etc/shadow' } },
      { header: { name: 'tty', type: 'character-device', size: 0 } },
      { header: { name: 'pipe', type: 'fifo', size: 0 } },
      file('../../b', 'B'),
      file('b', 'C'),
    ])
    const read = await piped(bytes)
    expect(read.sources.map((source) => [source.path, source.text])).toEqual([
      ['etc/a', 'A'],
      ['b', 'B'],
      ['b', 'C'],
    ])
    expect(codes(read)).toEqual(['archive-member-duplicate'])
  })

  test('one archive appended to another', async () => {
    const one = await packTar([{ header: { name: 'a', size: 1, type: 'file' }, body: 'A' }])
    const two = await packTar([{ header: { name: 'b', size: 1, type: 'file' }, body: 'B' }])
    expect((await piped(Buffer.concat([one, two]))).sources.map((source) => source.path)).toEqual(['a', 'b'])
  })
})

describe('folders', () => {
  test('byte order, nothing followed, nothing opened that is no file', async () => {
    const root = join(folder, 'tree')
    mkdirSync(join(root, 'b'), { recursive: true })
    for (const name of ['b/z.log', 'B.log', 'a.log', 'é.log', 'empty']) writeFileSync(join(root, name), name === 'empty' ? '' : name)
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff])]), 'odd')
    writeFileSync(join(root, 'bundle.txt'), sample('bundle.tar.gz'))
    symlinkSync('/etc/passwd', join(root, 'link'))
    const server = createServer().listen(join(root, 'socket'))
    const read = await readAll([root])
    server.close()
    expect(read.warnings).toEqual([])
    expect(read.sources.map((source) => source.path).filter((path) => !path.includes('ddd'))).toEqual([
      'B.log',
      'a.log',
      'b/z.log',
      'var/log/kern.log',
      'fÿ',
      'é.log',
    ])
    expect(read.sources[0]).toMatchObject({ name: `${root}/B.log`, bundle: root, file: { path: `${root}/B.log` }, size: 5 })
    expect(read.sources.find((source) => source.path === 'fÿ')).toMatchObject({ file: { path: null }, text: 'odd' })
  })

  test('an archive beside its own extraction is not read again, and that is told', async () => {
    const root = join(folder, 'extracted')
    for (const name of ['case', 'other']) mkdirSync(join(root, name), { recursive: true })
    writeFileSync(join(root, 'case', 'kern.log'), 'x')
    for (const name of ['case.tar.gz', 'other.tar.gz', 'loose.tar.gz']) writeFileSync(join(root, name), sample('bundle.tar.gz'))
    const read = await readAll([root])
    expect(read.warnings.map(({ code, source }) => [code, source])).toEqual([['extracted-beside', `${root}/case.tar.gz`]])
    expect(read.sources.filter(({ name }) => name.includes('!')).map(({ name }) => name.slice(root.length + 1).split('!')[0])).toContain(
      'other.tar.gz',
    )
  })

  test('only links', async () => {
    const root = join(folder, 'links')
    mkdirSync(root)
    symlinkSync('/etc/passwd', join(root, 'app.log'))
    expect(codes(await readAll([root]))).toEqual(['links-skipped'])
  })

  // root may read everything: there is nothing to test then
  if (process.getuid?.() !== 0)
    test('what may not be read is told', async () => {
      const root = join(folder, 'locked')
      mkdirSync(root)
      chmodSync(root, 0)
      expect(await readAll([root])).toMatchObject({ unreadable: 1, warnings: [{ code: 'input-unreadable' }] })
    })

  test('missing and empty arguments', async () => {
    const nothing = join(folder, 'nothing')
    expect(await readAll([nothing])).toMatchObject({ unreadable: 1, warnings: [{ code: 'input-unreadable', source: nothing }] })
    const empty = join(folder, 'empty.log')
    writeFileSync(empty, '')
    expect(await readAll([empty])).toMatchObject({
      unreadable: 0,
      warnings: [{ code: 'input-empty' }],
      sources: [{ size: null, text: '' }],
    })
  })
})

test.each([
  ['377abcaf271c0004', 'codec-unknown'],
  ['8c0d0409', 'encrypted'],
  [Buffer.from('KDUMP   ').toString('hex'), 'memory-dump-skipped'],
  [Buffer.from('Rar!\x1a\x07\x01\0').toString('hex'), 'codec-unknown'],
  ['7f454c4602010100000000000000000004003e00', 'memory-dump-skipped'],
])('magic %s: %s', async (hex, code) => {
  expect(codes(await piped(Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(600, 7)])))).toEqual([code])
})

describe('charsets', () => {
  const decoded = async (bytes: Buffer, size: number): Promise<string> => {
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
    const out: Uint8Array[] = []
    for await (const piece of decodeCharset(Readable.from(pieces))) out.push(piece)
    return Buffer.concat(out).toString()
  }
  const line = 'Jan 31 12:00:00 node kernel: Größe 你好 😀\r\n'
  const little = Buffer.from(line.repeat(40), 'utf16le')
  const mark = Buffer.from('﻿', 'utf16le')

  test('UTF-16 of either order, with and without a mark, in pieces of any size', async () => {
    const big = Buffer.from(little).swap16()
    const all = [Buffer.concat([mark, little]), Buffer.concat([Buffer.from([0xfe, 0xff]), big])]
    for (const bytes of all) for (const size of [1, 7, 100, 65536]) expect(await decoded(bytes, size)).toBe(line.repeat(40))
    const ascii = Buffer.from('Killed process 1 (a)\n'.repeat(9), 'utf16le')
    expect(charsetOf(ascii)).toBe('utf-16le')
    expect(charsetOf(Buffer.from(ascii).swap16())).toBe('utf-16be')
  })

  test('UTF-8 loses its mark; latin1 and NULs pass untouched', async () => {
    expect(await decoded(Buffer.from(`﻿${line}`), 5)).toBe(line)
    const odd = Buffer.concat([Buffer.alloc(600), Buffer.from([0xe9, 0x0a])])
    const out: Uint8Array[] = []
    for await (const piece of decodeCharset(Readable.from([odd]))) out.push(piece)
    expect(Buffer.concat(out).equals(odd)).toBe(true)
  })
})
