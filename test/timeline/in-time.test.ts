import { expect, test } from 'vitest'
import type { Instant } from '../../src/model/incident.ts'
import { inTime } from '../../src/timeline/in-time.ts'

const at = (order: number, epochUs: number | null): Instant => ({
  epochUs,
  uncertaintyMs: 0,
  basis: epochUs === null ? null : 'absolute',
  digits: 6,
  uptimeSeconds: null,
  localTime: null,
  order,
})
const ordersOf = (instants: readonly Instant[]): number[] => inTime(instants, (instant) => instant).map(({ order }) => order)

test('by the clock, whatever the order of reading', () => {
  expect(ordersOf([at(1, 30), at(2, 10), at(3, 20)])).toEqual([2, 3, 1])
})

test('by reading where no clock is shared', () => {
  expect(ordersOf([at(3, null), at(1, null), at(2, 5)])).toEqual([1, 2, 3])
})

test('equal times stay in the order of reading', () => {
  expect(ordersOf([at(2, 7), at(1, 7), at(3, 7)])).toEqual([1, 2, 3])
})

test('what is no total order has one outcome: the halves are merged from their fronts', () => {
  // 1 is after 3 by the clock; 2 has none, stands after 1 by reading, and before 3.
  expect(ordersOf([at(1, 30), at(2, null), at(3, 10)])).toEqual([1, 2, 3])
})

test('a hundred thousand in order are read once more, not sorted anew', () => {
  const many = Array.from({ length: 100_000 }, (_, order) => at(order, order))
  expect(ordersOf(many)).toEqual(many.map(({ order }) => order))
})
