import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../src/input/index.ts'
import { openInputs } from '../../src/node/open.ts'
import { readAll } from './read-all.ts'

const folder = fileURLToPath(new URL('../../samples/compressed/', import.meta.url))
const sample = (name: string): string => join(folder, name)
const text = readFileSync(sample('kern.log'), 'utf8')
const long = `var/log/${'d'.repeat(150)}.log`

describe('one text in every compression', () => {
  test.each([
    ['kern.log', null],
    ['kern.log.gz', 'gzip'],
    ['kern.log.xz', 'xz'],
    ['kern.log.zst', 'zstd'],
    ['kern.log.bz2', 'bzip2'],
    ['two-members.gz', 'gzip'],
    ['two-members.xz', 'xz'],
    ['two-members.zst', 'zstd'],
    ['two-members.bz2', 'bzip2'],
    ['gzip-named.txt', 'gzip'],
    ['double.log.gz.gz', 'gzip+gzip'],
  ])('%s', async (name, codec) => {
    const read = await readAll([sample(name)])
    expect(read.warnings).toEqual([])
    expect(read.sources.map((source) => [source.path, source.codec])).toEqual([[name, codec]])
    expect(read.sources[0]?.text).toBe(text)
    expect(read.sources[0]?.file?.path).toBe(codec === null ? sample(name) : undefined)
  })

  test('a text that calls itself .gz is a text', async () => {
    const read = await readAll([sample('text.gz')])
    expect(read.sources[0]?.text).toBe(text.slice(0, read.sources[0]?.text.length))
    expect(read.sources[0]?.codec).toBeNull()
  })
})

describe('archives', () => {
  test.each(['bundle.tar', 'pax.tar', 'bundle.tar.gz', 'bundle.tar.xz', 'bundle.tar.zst', 'bundle.tar.bz2'])('%s', async (name) => {
    const read = await readAll([sample(name)])
    expect(read.warnings).toEqual([])
    expect(read.sources.map((source) => source.path)).toEqual([long, 'var/log/kern.log'])
    expect(read.sources.map((source) => source.text)).toEqual([text, text])
    expect(read.sources[1]).toMatchObject({
      name: `${sample(name)}!var/log/kern.log`,
      bundle: sample(name),
      modifiedMs: Date.UTC(2024, 0, 31, 12, 10),
    })
  })

  test('zip, deflated and stored', async () => {
    const read = await readAll([sample('bundle.zip')])
    expect(read.warnings).toEqual([])
    expect(read.sources.map((source) => source.path).sort()).toEqual(['stored.log', long, 'var/log/kern.log', 'var/log/zz-hard'])
    expect(new Set(read.sources.map((source) => source.text))).toEqual(new Set([text]))
  })

  test('a zip of a tar.gz of a zip, from a file and from standard input', async () => {
    const read = await readAll([sample('nested.zip')])
    const piped = await readAll(['-'], { limits: defaultLimits, stdin: Readable.from([readFileSync(sample('nested.zip'))]) })
    expect(read.warnings).toEqual([])
    expect(read.sources.map((source) => source.name)).toEqual([`${sample('nested.zip')}!must-gather.tar.gz!node-1.zip!inner/kern.log`])
    expect(piped.sources.map((source) => source.name)).toEqual(['-!must-gather.tar.gz!node-1.zip!inner/kern.log'])
    expect(read.sources[0]?.text).toBe(text)
    expect(piped.sources[0]?.text).toBe(text)
  })

  test('a sparse member is told of and does not disturb the next one', async () => {
    const read = await readAll([sample('sparse.tar')])
    expect(read.warnings).toMatchObject([{ code: 'archive-member-sparse', source: `${sample('sparse.tar')}!holes.journal` }])
    expect(read.sources.map((source) => [source.path, source.text])).toEqual([['kern.log', text]])
  })
})

describe('what is only named', () => {
  test('a zip with a password', async () => {
    const read = await readAll([sample('locked.zip')])
    expect(read.warnings).toMatchObject([{ code: 'encrypted', source: `${sample('locked.zip')}!kern.log` }])
    expect(read).toMatchObject({ sources: [], unreadable: 1 })
  })

  test('lz4', async () => {
    const read = await readAll([sample('kern.log.lz4')])
    expect(read.warnings).toMatchObject([{ code: 'codec-unknown', args: { codec: 'LZ4', command: 'lz4 -d FILE' } }])
  })
})

test('sources may be left unread or half read', async () => {
  const names: string[] = []
  for await (const source of openInputs([sample('bundle.tar.gz'), sample('bundle.zip')], { limits: defaultLimits, stdin: null }).sources) {
    names.push(source.path)
    if (names.length % 2 === 0) continue
    for await (const chunk of source.chunks()) if (chunk.length > 0) break
  }
  expect(names).toHaveLength(6)
})
