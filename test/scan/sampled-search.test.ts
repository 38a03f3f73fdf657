import fc from 'fast-check'
import { expect, test } from 'vitest'
import { literalsOf, SAMPLE_BYTES, sampleBlock } from '../../src/scan/line-choice.ts'
import { openJudge } from '../../src/scan/search/judge.ts'
import { noHits } from '../../src/scan/search/needle.ts'
import { openSimdNeedle } from '../../src/scan/search/needle-simd.ts'
import { openSampledSearch } from '../../src/scan/search/sampled-search.ts'

const own = 'Killed process'
const literals = literalsOf([{ id: 'own', literals: [own], open: () => ({ wantsNext: false, push() {}, end() {} }) }])

/** Lines that a judge counts, told of all literals, or of those that the search finds. */
function counted(text: string, base: number, cuts: readonly number[], sampled: boolean): number[] {
  const bytes = new TextEncoder().encode(text)
  const needle = openSimdNeedle(literals.all, literals.sampledFrom)
  if (needle === null) throw new Error('no SIMD here')
  const memory = needle.memory(bytes.length)
  memory.set(bytes)
  const search = openSampledSearch(needle, literals)
  const judge = openJudge(literals, null)
  const hits = noHits()
  const ends = [...cuts.map((cut) => memory.subarray(0, bytes.length).lastIndexOf(10, cut) + 1), bytes.length].sort((a, b) => a - b)
  let from = 0
  for (const to of ends) {
    if (sampled) search.search({ bytes: memory, base, from, to, limit: to, whole: true }, hits)
    else needle.search(from, to, hits)
    from = to
  }
  const lines: number[] = []
  let start = 0
  for (const line of text.split('\n')) {
    const end = start + line.length
    const found = hits.literal.filter((_, index) => (hits.at[index] ?? 0) >= start && (hits.at[index] ?? 0) < end)
    if (judge.holdsLiteral(found, () => line, base + start)) lines.push(start)
    start = end + 1
  }
  return lines
}

test('what is not searched for would not have counted, wherever blocks and searches end', () => {
  const line = fc.oneof(
    fc.constantFrom('quiet', 'x kernel: y', 'type audit(1.2:3)', `a ${own} 3`, `${own} kernel: audit(`, 'z'.repeat(3000)),
    fc.integer({ min: 1, max: 200_000 }).map((length) => `${'q'.repeat(length)} kernel: audit(`),
  )
  const text = fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\n'))
  let kept = 0
  fc.assert(
    fc.property(
      text,
      fc.nat(SAMPLE_BYTES),
      fc.constantFrom(0, 63, 64, 79),
      fc.array(fc.nat(2_000_000), { maxLength: 4 }),
      (all, at, block, cuts) => {
        const base = block * SAMPLE_BYTES + at
        const expected = counted(all, base, cuts, false)
        kept += expected.length
        expect(counted(all, base, cuts, true)).toEqual(expected)
      },
    ),
    { numRuns: 200 },
  )
  expect(kept).toBeGreaterThan(100)
}, 60_000)

test('blocks are whole, touch each other, and grow with the source', () => {
  for (const offset of [0, 1, SAMPLE_BYTES - 1, SAMPLE_BYTES, 64 * SAMPLE_BYTES - 1, 64 * SAMPLE_BYTES, 71 * SAMPLE_BYTES, 2 ** 40 + 3]) {
    const { begin, end } = sampleBlock(offset)
    expect(begin <= offset && offset < end).toBe(true)
    expect(sampleBlock(begin)).toEqual({ begin, end })
    expect(sampleBlock(end).begin).toBe(end)
  }
  expect(sampleBlock(0).end).toBeLessThan(sampleBlock(2 ** 30).end - 2 ** 30)
})
