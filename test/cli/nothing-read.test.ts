import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { gather } from '../../src/gather.ts'
import { nodeHost } from '../../src/node/host.ts'
import { isBroken } from '../../src/warnings.ts'

const root = mkdtempSync(join(tmpdir(), 'nothing-read-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const random = Uint8Array.from({ length: 5000 }, (_, i) => (i * 2_654_435_761) >>> 13)
const kill = '[   41.511000] Out of memory: Killed process 12 (java) total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:0kB\n'
const log = kill.repeat(2000)

function at(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(join(root, name), { recursive: true })
  for (const [file, content] of Object.entries(files)) writeFileSync(join(root, name, file), content)
  return join(root, name)
}

async function codeOf(...paths: string[]): Promise<number> {
  const { outcome } = await gather(paths, { host: nodeHost(), stdin: null, inputFormat: null })
  if (outcome.unreadable > 0) expect(outcome.warnings.length).toBeGreaterThan(0)
  return exitCodeOf({ ...outcome, incidents: 0, partly: outcome.warnings.some(isBroken), tell: false })
}

it.each<[string, Readonly<Record<string, string | Uint8Array>>, number]>([
  ['empty', {}, 3],
  ['empty files', { a: '', b: '' }, 3],
  ['an empty tar', { 'x.tar': new Uint8Array(10_240) }, 3],
  ['an empty zip', { 'x.zip': Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)]) }, 3],
  ['binary junk', { 'x.bin': random }, 3],
  ['a picture', { 'x.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0]) }, 3],
  ['junk and a log', { 'x.bin': random, 'dmesg.txt': kill }, 0],
  ['text in which nothing happened', { 'notes.txt': 'hello\n' }, 0],
  ['a log that a crash filled with NULs', { 'dmesg.txt': `${'\0'.repeat(3000)}${kill}` }, 0],
  ['a cut gzip', { 'dmesg.txt.gz': gzipSync(log).subarray(0, 200) }, 4],
])('a folder: %s', async (name, files, code) => {
  expect(await codeOf(at(name, files))).toBe(code)
})

it('one argument of two', async () => {
  expect(await codeOf(at('one', { 'dmesg.txt': kill }), at('none', {}))).toBe(4)
})
