import { expect, test } from 'vitest'
import { extractors } from '../../src/extract/index.ts'
import { foundOwners } from '../../src/scan/dispatch.ts'
import { formsOf, literalsOf } from '../../src/scan/line-choice.ts'
import { literalsText, readyFor } from '../../src/scan/search/ready-literals.ts'

const packed = JSON.parse(
  JSON.stringify({ extractors: literalsText(extractors), literals: literalsOf(extractors), owners: foundOwners(extractors) }),
)

test('what the build keeps is what is found out, and is for these extractors only', () => {
  const ready = readyFor(extractors, packed)
  expect(ready?.literals).toEqual(literalsOf(extractors))
  expect(ready?.owners).toEqual(foundOwners(extractors))
  expect(readyFor(extractors.slice(1), packed)).toBeNull()
  expect(readyFor([...extractors].reverse(), packed)).toBeNull()
  expect(readyFor(extractors)).toBeNull()
})

test('a literal that is found is meant for every extractor with one that holds it', () => {
  const { all, sampledFrom } = literalsOf(extractors)
  const { owners, unfound } = foundOwners(extractors)
  for (const [index, { literals, readsAll }] of extractors.entries()) {
    if (readsAll === true) continue
    for (const literal of literals) {
      const within = all.flatMap((other, at) => (at < sampledFrom && formsOf(literal).some((form) => form.includes(other)) ? [at] : []))
      for (const at of within) expect(owners[at]).toContain(index)
      expect(unfound.some((own) => own.literal === literal && own.index === index)).toBe(within.length === 0)
    }
  }
})
