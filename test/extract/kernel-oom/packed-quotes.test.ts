import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReportLines } from '../../../src/extract/kernel-oom/packed-quotes.ts'
import type { Quote } from '../../../src/model/origin.ts'

test('packed lines come out as they went in, and so do lists of them', () => {
  const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('', ' ', 'a\nb', 'ünï', '\r'))
  const place = fc.oneof(fc.nat(1000), fc.constant(null))
  const loose: fc.Arbitrary<Quote> = fc.record({
    source: fc.constantFrom('a', 'b'),
    line: place,
    offset: place,
    cursor: fc.constant(null),
    text,
  })
  /** As nearly all are: each behind the one before it. */
  const inOrder = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 30 }), { maxLength: 80 }).map((texts) => {
    let offset = 7
    return texts.map((line, at): Quote => {
      const quote = { source: 'a', line: 3 + at, offset, cursor: null, text: line }
      offset += line.length + 1
      return quote
    })
  })
  fc.assert(
    fc.property(
      fc.oneof(inOrder, fc.array(loose, { maxLength: 12 })),
      fc.array(fc.nat(), { maxLength: 12 }),
      loose,
      (quotes, picks, other) => {
        const some = quotes.length === 0 ? [] : picks.map((n) => quotes[n % quotes.length] as Quote)
        const lists = [
          ['some', some],
          ['foreign', [...some, other]],
          ['none', []],
        ] as const
        const lines = new ReportLines(quotes, lists)
        expect(lines.all()).toEqual(quotes)
        for (const [name, list] of lists) expect(lines.lists().get(name)).toEqual(list)
      },
    ),
  )
})
