import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { scanSource } from '../../src/scan/index.ts'
import { sourceOf, toolsOf } from './tools.ts'

const sample = (name: string) => new Uint8Array(gunzipSync(readFileSync(`samples/journal/${name}.gz`)))
const literals = ['Killed process', 'invoked oom-killer', 'dump 3']

test.each(['xz-compact', 'regular-zstd', 'compact-keyed-two-boots', 'lz4-regular', 'cut', 'damaged'])('%s: fast as slow', async (name) => {
  const bytes = sample(`${name}.journal`)
  const [fast] = await scanSource(sourceOf(bytes, [70_000], 'system.journal'), toolsOf([], literals))
  const [slow] = await scanSource(sourceOf(bytes, [70_000], 'system.journal'), toolsOf([], literals, { slow: true }))
  expect(fast).toEqual(slow)
  expect(fast?.source.format).toBe('journal')
  expect(fast?.source.hasKernel).toBe(true)
  expect(fast?.snapshots.length).toBeGreaterThan(10)
  expect(fast?.anchors.length).toBeGreaterThan(1)
})

test('an entry is quoted by its cursor and dated by both clocks', async () => {
  const [evidence] = await scanSource(sourceOf(sample('regular-zstd.journal'), [70_000], 'system.journal'), toolsOf([], literals))
  expect(evidence?.source.lines).toBe(38)
  expect(evidence?.source.first?.wall?.epochUs).toBeGreaterThan(1.7e15)
  expect(evidence?.source.bootId).toMatch(/^[0-9a-f]{32}$/)
  expect(evidence?.anchors[0]?.via).toBe('journal')
  const snapshot = evidence?.snapshots[0]
  const quote = snapshot?.kind === 'setting' ? snapshot.values['message']?.quote : null
  expect(quote?.line).toBeNull()
  expect(quote?.cursor).toMatch(/^s=[0-9a-f]{32};i=[0-9a-f]+;b=/)
})
