import { describe, expect, test } from 'vitest'
import type { Instant } from '../../src/model/incident.ts'
import { before, bestInstant, gapUs, within } from '../../src/timeline/instants.ts'

const none: Instant = { epochUs: null, uncertaintyMs: null, basis: null, digits: 0, uptimeSeconds: null, localTime: null, order: 0 }
const utc = (us: number, order = 0, uncertaintyMs: number | null = 0): Instant => ({ ...none, epochUs: us, uncertaintyMs, order })
const up = (seconds: number, boot: string, order = 0): Instant => ({ ...none, uptimeSeconds: seconds, boot, order })
const local = (stamp: string, hasYear = true, clock = 'n7', order = 0): Instant => ({
  ...none,
  local: { us: Date.parse(`${stamp}Z`) * 1000, hasYear, clock },
  order,
})
const minute = 60_000_000

describe('the time between two instants', () => {
  test.each<[string, Instant, Instant, number | null]>([
    ['on UTC', utc(5), utc(12), 7],
    ['backwards', utc(12), utc(5), -7],
    ['on the uptime of one boot', up(100, 'a'), up(160.5, 'a'), 60_500_000],
    ['not over two boots', up(100, 'a'), up(160, 'b'), null],
    ['on one printed clock', local('2026-03-10T04:02:34'), local('2026-03-10T22:02:34'), 18 * 60 * minute],
    ['not over two printed clocks', local('2026-03-10T04:02:34'), local('2026-03-10T22:02:34', true, 'n8'), null],
    ['over New Year where no year is printed', local('1972-12-31T23:59:00', false), local('1972-01-01T00:01:00', false), 2 * minute],
    ['back over New Year', local('1972-01-01T00:01:00', false), local('1972-12-31T23:59:00', false), -2 * minute],
    [
      '170 days on, where no year is printed',
      local('1972-01-01T00:00:00', false),
      local('1972-06-19T00:00:00', false),
      170 * 24 * 60 * minute,
    ],
    [
      '200 days on is as well 166 days back',
      local('1972-01-01T00:00:00', false),
      local('1972-07-19T00:00:00', false),
      -166 * 24 * 60 * minute,
    ],
    ['a year on one side only', local('2026-03-10T04:00:00'), local('1972-03-10T05:00:00', false), 60 * minute],
    ['years that differ, both printed', local('2025-03-10T04:00:00'), local('2026-03-10T04:00:00'), 365 * 24 * 60 * minute],
    ['not between UTC and an uptime', utc(5), up(1, 'a'), null],
    ['UTC before uptime, where both have both', { ...up(1, 'a'), epochUs: 10 }, { ...up(9, 'a'), epochUs: 30 }, 20],
  ])('%s', (_, a, b, gap) => {
    expect(gapUs(a, b)).toBe(gap)
  })
})

test('order: by the clock that both share, else as read', () => {
  const sorted = (all: Instant[]): number[] => [...all].sort(before).map((i) => i.order)
  expect(sorted([utc(9, 1), utc(3, 2)])).toEqual([2, 1])
  expect(sorted([utc(3, 2), utc(3, 1)])).toEqual([1, 2])
  expect(sorted([up(50, 'b', 2), up(500, 'a', 1)])).toEqual([1, 2])
  expect(sorted([local('2026-03-10T05:00:00', true, 'n7', 1), local('2026-03-10T04:00:00', true, 'n7', 2)])).toEqual([2, 1])
})

test('within: the clocks’ uncertainty counts, and nothing is near what shares no clock', () => {
  expect(within(utc(0), utc(10), 10)).toBe(true)
  expect(within(utc(0), utc(11), 10)).toBe(false)
  expect(within(utc(11), utc(0), 10)).toBe(false)
  expect(within(utc(0, 0, 1), utc(2010, 0, 1), 10)).toBe(true)
  expect(within(utc(0, 0, 1), utc(2011, 0, 1), 10)).toBe(false)
  expect(within(utc(0), up(0, 'a'), 1e12)).toBe(false)
})

describe('the best of several readings', () => {
  test('the surest instant, with the uptime and the printed time of the others, at the first place of reading', () => {
    const best = bestInstant([
      { ...utc(100, 5, 900), localTime: 'Mar 10 04:02:34' },
      { ...utc(103, 7, 20) },
      { ...up(41.5, 'a', 3), local: { us: 1, hasYear: true, clock: 'n7' } },
    ])
    expect(best).toMatchObject({ epochUs: 103, uncertaintyMs: 20, uptimeSeconds: 41.5, boot: 'a', localTime: 'Mar 10 04:02:34', order: 3 })
    expect(best.local?.clock).toBe('n7')
  })
  test('of equally sure ones the first read; an unknown uncertainty is the worst', () => {
    expect(bestInstant([utc(2, 9, 5), utc(1, 4, 5)]).epochUs).toBe(1)
    expect(bestInstant([utc(2, 1, null), utc(1, 4, 5)]).epochUs).toBe(1)
    expect(bestInstant([utc(2, 1, null), utc(1, 4, 5e12)]).epochUs).toBe(1)
    expect(bestInstant([utc(2, 9, null), utc(1, 4, null)]).epochUs).toBe(1)
  })
  test('its own uptime stays with its own boot', () => {
    expect(bestInstant([{ ...up(7, 'b', 2), epochUs: 5, uncertaintyMs: 1 }, up(9, 'a', 1)])).toMatchObject({ uptimeSeconds: 7, boot: 'b' })
  })
})
