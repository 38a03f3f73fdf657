import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { writeNodeLog } from '../../bench/generate.mjs'
import type { Piece } from '../../src/pieces.ts'
import { binary, root } from '../cli/binary.ts'

const folder = mkdtempSync(join(tmpdir(), 'pieces-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pieces: Readonly<Record<Piece, true>> = {
  lives: true,
  threads: true,
  ring: true,
  flags: true,
  needle: true,
  grams: true,
  sampling: true,
  yaml: true,
}

test('no report says anything else without the pieces that are there for speed', async () => {
  const [log, packed] = [join(folder, 'node.log'), join(folder, 'node.log.gz')]
  // Large enough for threads and for the ring.
  writeNodeLog(log, { bytes: 24 * 2 ** 20, seed: 5, density: 0.01 })
  writeFileSync(packed, gzipSync(readFileSync(log), { level: 1 }))
  const inputs = [log, packed, join(root, 'samples/manifests/pods-list.yaml')]
  const cli = await binary()
  const told = (without: string): string =>
    spawnSync(process.execPath, [cli, 'analyze', ...inputs, '--format', 'json'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], OOM_REPORT_WITHOUT: without },
      maxBuffer: 2 ** 28,
    }).stdout
  const whole = told('')
  expect(JSON.parse(whole).incidents.length).toBeGreaterThan(0)
  expect(told(Object.keys(pieces).join(','))).toBe(whole)
}, 60_000)
