import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { gather } from '../../src/gather.ts'
import { nodeHost } from '../../src/node/host.ts'

const folder = mkdtempSync(join(tmpdir(), 'followed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lines = (count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, at) => `Nov 24 07:34:54 n1 app[7]: request ${at} took ${(at * 7919) % 997} ms\n`).join(''))

test.each([
  ['a small file', 'a.log', () => lines(300)],
  ['a large one, by regions', 'b.log', () => lines(400_000)],
  ['a packed one', 'c.log.gz', () => gzipSync(lines(20_000))],
])('%s is followed to its end, and never beyond', async (_, name, bytes) => {
  const path = join(folder, name)
  const written = bytes()
  writeFileSync(path, written)
  const told: [number, number][] = []
  const host = nodeHost(null, (done, size) => told.push([done, size]))
  await gather([path], { host, stdin: null, inputFormat: null })
  const far = Math.max(...told.map(([done]) => done))
  expect(far).toBeLessThanOrEqual(written.length)
  // Regions are told of by their begin.
  expect(far).toBeGreaterThan(written.length - 4 * 2 ** 20 - 1)
  expect(far).toBeGreaterThan(0)
  expect(new Set(told.map(([, size]) => size))).toEqual(new Set([written.length]))
})
