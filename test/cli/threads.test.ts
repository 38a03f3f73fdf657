import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import { plainEntry, writeJournalFile } from '../input/journal/journal-writer.ts'
import { tarOf } from '../packed/pack.ts'
import { binary, root, run } from './binary.ts'

// Threads are at work in the built program only: what is read from source, by one thread, tells what must come out.
const folder = mkdtempSync(join(tmpdir(), 'threads-'))
beforeAll(() => binary(), 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const report = readFileSync(join(root, 'samples/syslog-rfc3339/container-limit.log'))
/** Lines that nobody wants and that cannot be packed well. */
function noise(bytes: number, seed: number): Buffer {
  let state = seed
  const lines: string[] = []
  for (let size = 0; size < bytes; size += 97) {
    let text = ''
    while (text.length < 56) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      text += state.toString(16)
    }
    lines.push(`2026-11-17T03:14:07.000000+00:00 node-1 app[7]: ${text.slice(0, 48)}`)
  }
  return Buffer.from(`${lines.join('\n')}\n`)
}
const some = noise(6_000_000, 7)
const log = Buffer.concat([some, report, some, report.subarray(0, 700)])

/** 4: made, but a part could not be read. */
const cut = /^(?:cut|with-a-wrong-checksum)/

async function bothRead(name: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const { stdout, stderr, code } = await run(['analyze', path, '--format', 'json'])
  expect([code, stderr]).toEqual([cut.test(name) ? 4 : 0, ''])
  const { report: expected } = await analyze([path])
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected)))
  rmSync(path)
}

describe('a packed file is unpacked by another thread as by the same', () => {
  const packed = gzipSync(log, { level: 1 })
  const member = gzipSync(report)

  test.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['whole', () => packed],
    ['of several members', () => Buffer.concat([packed, member, member, Buffer.alloc(512)])],
    ['cut', () => packed.subarray(0, packed.length - 100_000)],
    ['cut in its trailer', () => packed.subarray(0, packed.length - 5)],
    ['broken in the middle', () => Buffer.concat([packed.subarray(0, 5_000_000), Buffer.alloc(64, 0xff), packed.subarray(5_000_064)])],
    ['with a wrong checksum', () => Buffer.concat([packed.subarray(0, -8), Buffer.alloc(4), packed.subarray(-4)])],
    ['followed by something else', () => Buffer.concat([packed, report])],
    ['packed twice', () => gzipSync(packed, { level: 1 })],
    [
      'an archive',
      async () =>
        gzipSync(
          await tarOf([
            { name: 'var/log/messages', bytes: log, modified: new Date(0) },
            { name: 'var/log/kern.log', bytes: report, modified: new Date(0) },
          ]),
          { level: 1 },
        ),
    ],
  ])('%s', async (name, bytes) => bothRead(`${name.replaceAll(' ', '-')}.log.gz`, await bytes()), 120_000)
})

test('a large file is searched by several threads as by one', async () => {
  const parts = Array.from({ length: 12 }, (_, k) => [noise(6_000_000, k + 1), k % 3 === 0 ? report : Buffer.alloc(0)]).flat()
  const dense = Buffer.concat(Array.from({ length: 90 }, () => report))
  await bothRead('messages', Buffer.concat([...parts, dense, some, report]))
}, 120_000)

test('a large journal is searched by several threads as by one', async () => {
  const kernel = readFileSync(join(root, 'samples/dmesg/container-limit.txt'), 'utf8').trimEnd().split('\n')
  const lines: [message: string, transport: string][] = []
  for (let k = 0; k < 60_000; k += 1) lines.push([`${k} ${'bloom filter consulted in the lobby '.repeat(34)}`, 'stdout'])
  for (const at of [20_000, 45_000])
    lines.splice(at, 0, ...kernel.map((line) => [line.replace(/^\[[^\]]*\] /, ''), 'kernel'] as [string, string]))
  const bytes = writeJournalFile(lines.map(([message, transport], k) => plainEntry(message, transport, k)))
  expect(bytes.length).toBeGreaterThan(64 << 20)
  await bothRead('system.journal', bytes)
}, 120_000)
