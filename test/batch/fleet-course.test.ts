import { describe, expect, it } from 'vitest'
import { courseChart } from '../../src/batch/fleet-charts.ts'
import { axisOf, courseOf, weekOf } from '../../src/batch/fleet-course.ts'
import { weekSentence } from '../../src/batch/fleet-words.ts'

const at = (time: string): number => Date.parse(`2026-11-${time}:00Z`)
const deaths = (workload: string, ...times: readonly string[]) => times.map((time) => ({ workload, ms: at(time) }))

describe('one time axis for the fleet and its workloads', () => {
  const times = ['01T10:10', '01T10:50', '01T12:00'].map(at)
  it('an hour a column where that is enough; nothing is lost', () => {
    const axis = axisOf(times)
    expect(courseOf(times, axis)).toEqual({ from: '2026-11-01T10:00:00.000Z', first: 0, hoursPerColumn: 1, counts: [2, 0, 1] })
    expect(courseOf([at('01T12:00')], axis)).toEqual({ from: '2026-11-01T12:00:00.000Z', first: 2, hoursPerColumn: 1, counts: [1] })
  })
  it('at most 48 columns over any time', () => {
    const long = Array.from({ length: 500 }, (_, n) => at('01T00:00') + n * 5 * 3_600_000)
    const course = courseOf(long, axisOf(long))
    expect(course?.counts.length).toBeLessThanOrEqual(48)
    expect(course?.counts.reduce((a, b) => a + b)).toBe(500)
  })
  it('no times, no axis', () => {
    expect(axisOf([])).toBeNull()
    expect(courseOf([], axisOf(times))).toBeNull()
  })
  it('labels stand in order, inside of the picture, and are few', () => {
    for (const hours of [3, 30, 300, 3000, 30_000]) {
      const spread = Array.from({ length: 40 }, (_, n) => at('01T03:00') + (n * hours * 3_600_000) / 40)
      const ticks = courseChart(courseOf(spread, axisOf(spread)))?.ticks ?? []
      expect(ticks.length).toBeGreaterThan(0)
      expect(ticks.length).toBeLessThanOrEqual(6)
      for (const { x } of ticks) expect(x >= 0 && x <= 100).toBe(true)
    }
  })
})

describe('what changed this week', () => {
  const two = [
    ...deaths('cart', '02T10:00', '14T10:00', '14T11:00', '14T12:00'),
    ...deaths('old', '03T10:00'),
    ...deaths('fresh', '13T10:00'),
  ]
  it('is told against the week before', () => {
    expect(weekSentence(weekOf(two, '2026-10-20T00:00:00Z'))).toBe(
      'Last 7 days of the data (2026-11-07 to 2026-11-14): 4 kills, 2 in the week before. Not before: fresh (1). More: cart (1 → 3). No longer: old.',
    )
  })
  it('a week that was read in part says so, and nothing is called gone by it', () => {
    expect(weekSentence(weekOf(two, null))).toBe(
      'Last 7 days of the data (2026-11-07 to 2026-11-14): 4 kills, 2 in the 5 days before that were read. Not before: fresh (1). More: cart (1 → 3).',
    )
  })
  it('without a week before there is nothing to compare with', () => {
    expect(weekSentence(weekOf(deaths('cart', '14T10:00'), '2026-11-14T00:00:00Z'))).toBe(
      'Last 7 days of the data (2026-11-07 to 2026-11-14): 1 kill. Nothing before that was read, so there is no week to compare with.',
    )
    expect(weekSentence(weekOf([], null))).toBeNull()
  })
  it('a quiet week before is a week of none', () => {
    expect(weekOf(deaths('cart', '14T10:00'), '2026-10-01T00:00:00Z')).toMatchObject({ before: 0, daysBefore: 7 })
  })
})
