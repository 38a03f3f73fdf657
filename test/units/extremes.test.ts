import { expect, test } from 'vitest'
import { largestFirst, leastOf, mostOf } from '../../src/units/extremes.ts'

test('the largest first, those of one size as they stood, and last of all those whose size is not known', () => {
  const sized = (...sizes: (number | null)[]) =>
    largestFirst(
      sizes.map((size, at) => ({ size, at })),
      ({ size }) => size,
    ).map(({ at }) => at)
  expect(sized(5, 9, 7)).toEqual([1, 2, 0])
  expect(sized(5, 9, 5, 9)).toEqual([1, 3, 0, 2])
  expect(sized(null, 0, null, 3)).toEqual([3, 1, 0, 2])
  expect(sized()).toEqual([])
})

test('the least and the most, of none beyond all', () => {
  expect([leastOf([3, 1, 2]), mostOf([3, 1, 2])]).toEqual([1, 3])
  expect([leastOf([]), mostOf([])]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
})
