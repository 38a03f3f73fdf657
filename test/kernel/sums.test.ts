import { expect, it } from 'vitest'
import { sumOf, sumOfKeys, sumOfLines, wholeOf } from '../../src/kernel/sums.ts'

it.each([
  // sizes → sum of those that are there, sum where all are
  [[3, 4], 7, 7],
  [[0], 0, 0],
  [[3, null, 4], 7, null],
  [[undefined, 5], 5, null],
  [[null], 0, null],
  [[], 0, null],
])('%j: %i, as a whole %s', (sizes, sum, whole) => expect([sumOf(sizes), wholeOf(sizes)]).toEqual([sum, whole]))

it('adds keys of one set and of several, what is not printed adds nothing', () => {
  expect(sumOfKeys({ free: 5, free_pcp: 2, min: 9 }, 'free', 'free_pcp', 'free_cma')).toBe(7)
  expect(sumOfLines([{ values: { free: 5 } }, { values: { free: 1, free_pcp: 2 } }, { values: {} }], 'free', 'free_pcp')).toBe(8)
  expect(sumOfLines([], 'free')).toBe(0)
})
