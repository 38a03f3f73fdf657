import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assembleNeedle } from '../../scripts/build-needle.mjs'
import { type Needle, noHits } from '../../src/scan/search/needle.ts'
import { openJsNeedle } from '../../src/scan/search/needle-js.ts'
import { openSimdNeedle } from '../../src/scan/search/needle-simd.ts'

function found(needle: Needle | null, text: Uint8Array, from: number, to: number, ownOnly = false) {
  if (needle === null) throw new Error('no SIMD here')
  needle.memory(text.length).set(text)
  const hits = noHits()
  const lineFeeds = needle.search(from, to, hits, ownOnly)
  const rows = hits.at.map((at, index) => [at, hits.literal[index], hits.lineFeeds[index]])
  return { lineFeeds, rows: rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) }
}

test('the committed module is what the source assembles to', async () => {
  const { needleWasm } = await import('../../src/scan/search/needle.wasm.ts')
  expect(needleWasm).toBe(await assembleNeedle())
  expect(readFileSync('src/scan/search/needle.wat', 'utf8')).toContain('(module')
})

describe('both needles find the same', () => {
  // No literal is the begin of another: the one in JavaScript tells one a place.
  const literals = ['Killed process', 'audit(', 'oomoo', 'abcdab', 'bcdabc', ' kernel: ', 'zzzzz', 'aabaab', 'xyxyxyxz', 'abcdefg']
  const simd = openSimdNeedle(literals)
  const js = openJsNeedle(literals)
  const text = fc.array(
    fc.oneof(
      fc.constantFrom(...literals, '\n', '\n', 'xyxy', 'aab', 'abc', 'abcd', 'Killed', 'oom', 'oo', 'zz'),
      fc.string({ maxLength: 9 }),
    ),
    { maxLength: 60 },
  )

  test('in any text and any part of it', () => {
    fc.assert(
      fc.property(text, fc.nat(80), fc.nat(80), (parts, skipped, kept) => {
        const bytes = new TextEncoder().encode(parts.join(''))
        const from = Math.min(skipped, bytes.length)
        const to = Math.max(from, bytes.length - kept)
        expect(found(simd, bytes, from, to)).toEqual(found(js, bytes, from, to))
      }),
      { numRuns: 2000 },
    )
  })

  test('more hits than the module holds at once', () => {
    const bytes = new TextEncoder().encode('oomoo oomoo\nzzzzzz '.repeat(20_000))
    const { rows, lineFeeds } = found(simd, bytes, 3, bytes.length - 1)
    expect(lineFeeds).toBe(20_000)
    expect(rows).toHaveLength(79_999)
    expect(found(js, bytes, 3, bytes.length - 1).rows).toEqual(rows)
  })

  test('many literals, of five bytes too', () => {
    const many = Array.from({ length: 700 }, (_, k) => (k < 26 ? `${String.fromCharCode(97 + k)}q!?.` : `literal-${k}#`))
    const bytes = new TextEncoder().encode(many.map((literal, k) => `${'.'.repeat(k % 19)}${literal}${k % 3 ? '' : '\n'}`).join(''))
    const all = found(openSimdNeedle(many), bytes, 0, bytes.length)
    expect(all.rows.map((row) => row[1])).toEqual(many.map((_, k) => k))
    expect(all).toEqual(found(openJsNeedle(many), bytes, 0, bytes.length))
    // The next ones take over what the first has laid down, if it is for the same sampled literals.
    expect(found(openSimdNeedle(many), bytes, 0, bytes.length)).toEqual(all)
    expect(found(openSimdNeedle(many, 600), bytes, 0, bytes.length, true).rows.filter(([, k = 0]) => k < 600)).toEqual(
      all.rows.slice(0, 600),
    )
  })

  test('those that are not sampled, where only they are wanted', () => {
    const own = openSimdNeedle(literals, 5)
    fc.assert(
      fc.property(text, (parts) => {
        const bytes = new TextEncoder().encode(parts.join(''))
        const [all, some] = [found(own, bytes, 0, bytes.length), found(own, bytes, 0, bytes.length, true)]
        const ofOwn = (rows: typeof all.rows) => rows.filter(([, literal = 0]) => literal < 5)
        expect(some.lineFeeds).toBe(all.lineFeeds)
        expect(ofOwn(some.rows)).toEqual(ofOwn(all.rows))
      }),
    )
  })

  test('none that is too short, too long, or holds a line feed: they are left to the other needle', () => {
    for (const literal of ['abcd', 'a'.repeat(256), 'abc\ndef', 'caf\u00e9s']) expect(openSimdNeedle(['fine too', literal])).toBeNull()
  })
})
