import { expect, test } from 'vitest'
import { extractors } from '../../src/extract/index.ts'
import { literalsOf } from '../../src/scan/line-choice.ts'
import { chooseGrams, LEAST_LENGTH } from '../../src/scan/search/grams.ts'
import { packGrams, unpackGrams } from '../../src/scan/search/ready-grams.ts'

const { all } = literalsOf(extractors)

test('extractors give no literal that the fast needle cannot look for', () => {
  expect(all.filter((literal) => literal.length < LEAST_LENGTH || /[\n\x80-\uffff]/.test(literal))).toEqual([])
})

test('wherever a literal begins, one of its grams begins at a place that is looked at', () => {
  for (const [index, { grams }] of chooseGrams(all).entries()) {
    const literal = all[index] ?? ''
    expect(grams.map(({ place }) => (place + 4) % 4).sort()).toEqual([0, 1, 2, 3])
    for (const { bytes, mask, place } of grams) {
      const kept = [0, 1, 2, 3].filter((k) => (mask >>> (8 * k)) & 255)
      expect(kept.length).toBeGreaterThan(2)
      for (const k of kept) expect((bytes >>> (8 * k)) & 255).toBe(literal.charCodeAt(place + k))
    }
  }
})

test('what the build keeps is what is chosen, and is for these literals only', () => {
  const packed = JSON.parse(JSON.stringify(packGrams(all)))
  expect(unpackGrams(packed, all)).toEqual(chooseGrams(all))
  expect(unpackGrams(packed, all.slice(1))).toBeNull()
})
