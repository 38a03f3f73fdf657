import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openFileBytes } from '../../src/node/file-bytes.ts'
import { literalsOf } from '../../src/scan/line-choice.ts'
import type { Literals } from '../../src/scan/search/literals.ts'
import { openJsNeedle } from '../../src/scan/search/needle-js.ts'
import { openSimdNeedle } from '../../src/scan/search/needle-simd.ts'
import { openPresearch } from '../../src/scan/search/presearch.ts'
import { openRegions, openSearcher, planOf, searchRegions } from '../../src/scan/search/regions.ts'
import { bytesOfChunks, openSourceBytes } from '../../src/scan/source-bytes.ts'
import { openFastText } from '../../src/scan/text/fast-text.ts'
import { readSlowText } from '../../src/scan/text/slow-text.ts'
import type { ScanTools } from '../../src/scan/tools.ts'
import { prefixFormat, sourceOf, toolsOf } from './tools.ts'

const needles = {
  js: ({ all }: Literals) => openJsNeedle(all),
  simd: ({ all, sampledFrom }: Literals) => openSimdNeedle(all, sampledFrom) ?? openJsNeedle([]),
}
const tools = toolsOf(
  [prefixFormat('a', 'A: '), prefixFormat('b', 'B '), prefixFormat('c', 'C> ', 'all')],
  ['Killed process', 'dump 3', 'kernel: X', 'Killed process 1 ('],
)

async function fast(bytes: Uint8Array, sizes: readonly number[], t: ScanTools, needle: keyof typeof needles, blockBytes: number) {
  const source = sourceOf(bytes, sizes)
  const feed = bytesOfChunks(source.chunks())
  const text = openFastText(source, t, needles[needle](literalsOf(t.extractors)), blockBytes, null)
  for (let read = await feed.read(text.room()); read > 0; read = await feed.read(text.room())) text.filled(read)
  return text.evidence()
}

const words = [
  'Killed process 1 (x)',
  'dump 3',
  'room',
  'audit(1.2:3)',
  'a kernel: b',
  'kernel: X',
  ' kernel: X',
  'é',
  '\r',
  '\0',
  '"MESSAGE":[1]',
]
const line = fc
  .tuple(
    fc.constantFrom('A: ', 'B ', 'C> ', '  ', '\t', '', '\0\0A: '),
    fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom('lobby', 'x'.repeat(40), 'bloom') }, fc.constantFrom(...words)), {
      maxLength: 5,
    }),
    fc.constantFrom('\n', '\n', '\n', '\r\n'),
  )
  .map(([prefix, parts, end]) => prefix + parts.join(' ') + end)
/** Quiet stretches, so that more is skipped than taken. */
const quiet = fc.integer({ min: 1, max: 900 }).map((count) => 'A: nothing of note in this line of the lobby and the room\n'.repeat(count))
const log = fc
  .array(fc.oneof({ weight: 3, arbitrary: line }, { weight: 1, arbitrary: quiet }), { maxLength: 60 })
  .map((parts) => parts.join(''))

describe('the fast path yields what the slow path yields', () => {
  test.each(Object.keys(needles) as (keyof typeof needles)[])(
    '%s needle, any text, any chunks',
    async (needle) => {
      await fc.assert(
        fc.asyncProperty(log, fc.array(fc.constantFrom(1, 7, 100, 4096, 70_000), { minLength: 1, maxLength: 3 }), async (text, sizes) => {
          const bytes = new TextEncoder().encode(text)
          if (sizes.every((size) => size < 100) && bytes.length > 20_000) return
          expect(await fast(bytes, sizes, tools, needle, 256)).toEqual(readSlowText(sourceOf(bytes), tools, bytes))
        }),
        { numRuns: 150 },
      )
    },
    120_000,
  )

  test('lines longer than the limit, in blocks and in one piece', async () => {
    const long = `A: ${'y'.repeat(1_200_000)} Killed process 9`
    const kept = `A: ${'y'.repeat(1_000_000)} Killed process 8`
    const many = 'A: quiet\n'.repeat(20_000)
    const text = `${many}${long}\n${many} indented\n  dump 3\n${many}${kept}\n${many}${long}`
    const bytes = new TextEncoder().encode(text)
    const slow = readSlowText(sourceOf(bytes), tools, bytes)
    expect(slow.source.lines).toBe(text.split('\n').length)
    for (const [size, block] of [
      [9_999, 4096],
      [70_000, 65_536],
      [8_000_000, 1_000_000],
    ] as const) {
      expect(await fast(bytes, [size], tools, 'js', block)).toEqual(slow)
    }
  })
})

describe('what is searched ahead, and what is not read for it, changes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oom-report-presearch-'))
  const path = join(folder, 'kern.log')
  afterAll(() => rmSync(folder, { recursive: true }))
  const literals = literalsOf(tools.extractors)
  let jumps = 0
  const long = fc
    .integer({ min: 2500, max: 9000 })
    .map((count) => 'A: nothing of note in this line of the lobby and the room\n'.repeat(count))
  const sparse = fc
    .array(fc.oneof({ weight: 2, arbitrary: line }, { weight: 1, arbitrary: long }), { maxLength: 20, size: 'max' })
    .map((parts) => parts.join(''))

  async function ahead(bytes: Uint8Array, states: readonly number[], windowBytes: number, byOther: boolean) {
    writeFileSync(path, bytes)
    const plan = planOf(path, bytes.length, literals, { blockBytes: 256, mostHits: 4 })
    // Regions that somebody else has taken and could not search, or has taken and never gives back.
    for (const region of states) if (region < plan.states.length - 1) plan.states[region] = region % 2 === 0 ? 3 : 1
    if (byOther) searchRegions(plan, openFileBytes(path), needles.simd(literals))
    const needle = needles.simd(literals)
    const source = { ...sourceOf(bytes), file: { path, open: () => openFileBytes(path) } }
    const feed = await openSourceBytes(source, 4096)
    const regions = openRegions(plan, openSearcher(plan, openFileBytes(path), needles.simd(literals)), 1)
    const presearch = openPresearch(regions, literals, needle, 'all')
    const reading = openFastText(source, tools, needle, windowBytes, presearch)
    for (;;) {
      const jump = reading.skipTo()
      if (jump !== null) feed.seek(jump)
      if (jump !== null) jumps += 1
      const read = await feed.read(reading.room())
      if (read === 0) break
      reading.filled(read)
    }
    regions.close()
    await feed.close()
    return reading.evidence()
  }

  test('any text, any regions done, none left or too full', async () => {
    await fc.assert(
      fc.asyncProperty(
        sparse,
        fc.array(fc.nat(3000), { maxLength: 2 }),
        fc.constantFrom(256, 3000, 70_000),
        fc.boolean(),
        async (text, states, size, byOther) => {
          const bytes = new TextEncoder().encode(text)
          expect(await ahead(bytes, states, size, byOther)).toEqual(readSlowText(sourceOf(bytes), tools, bytes))
        },
      ),
      { numRuns: 150 },
    )
    expect(jumps).toBeGreaterThan(100)
  }, 120_000)

  test('lines longer than what is read before a place, and longer than what is kept', async () => {
    const many = 'A: quiet\n'.repeat(30_000)
    const before = `A: ${'y'.repeat(150_000)} Killed process 8 ${'y'.repeat(150_000)}`
    const dropped = `A: ${'y'.repeat(1_200_000)} Killed process 9`
    const bytes = new TextEncoder().encode(`${many}${before}\n${many}${dropped}\n${many}A: Killed process 7\n${many}`)
    const slow = readSlowText(sourceOf(bytes), tools, bytes)
    jumps = 0
    for (const size of [3000, 70_000, 262_144]) expect(await ahead(bytes, [], size, false)).toEqual(slow)
    expect(jumps).toBeGreaterThan(5)
  })
})
