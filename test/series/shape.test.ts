import { describe, expect, test } from 'vitest'
import { pointsOf } from '../../src/series/points.ts'
import { type CurveShape, shapeOf } from '../../src/series/shape.ts'
import { ThinnedSeries } from '../../src/series/thin.ts'
import { type Curve, curveOf, kinds, randomOf } from './curves.ts'
import { fourthCurve, fourthKinds } from './fourth-curves.ts'
import { otherCurve, otherKinds } from './other-curves.ts'
import { thirdCurve, thirdKinds } from './third-curves.ts'

const seeds = process.env['OOM_REPORT_FULL'] === '1' ? 200 : 50
const judged = kinds.flatMap((kind) =>
  Array.from({ length: seeds }, (_, seed) => {
    const curve = curveOf(kind, seed + 1)
    return { curve, found: shapeOf(curve.points, { limitBytes: curve.limitBytes, endUs: null, restartsUs: [] }) }
  }),
)
const wrong = ({ curve, found }: { curve: Curve; found: CurveShape }): boolean => curve.shape !== found.shape

describe('shapes of made-up curves with truth', () => {
  test('at least 97 % are named rightly', () => {
    expect(judged.filter(wrong).length / judged.length).toBeLessThanOrEqual(0.03)
  })
  test('none is wrong with high confidence', () => {
    expect(judged.filter((one) => wrong(one) && one.found.confidence === 'high').map(({ curve }) => curve.name)).toEqual([])
  })
  test('most of the right ones are high', () => {
    expect(judged.filter((one) => !wrong(one) && one.found.confidence === 'high').length / judged.length).toBeGreaterThan(0.75)
  })
  test('slopes of growth are within a tenth', () => {
    const off = judged.filter(({ curve, found }) => {
      if (curve.slope === null || found.shape !== 'growth') return false
      return Math.abs((found.slopeBytesPerHour ?? 0) - curve.slope) > 0.1 * curve.slope
    })
    expect(off.map(({ curve }) => curve.name)).toEqual([])
  })
})

describe('a second family of curves, by other generators', () => {
  const others = otherKinds.flatMap((kind) =>
    Array.from({ length: process.env['OOM_REPORT_FULL'] === '1' ? 80 : 12 }, (_, seed) => {
      const curve = otherCurve(kind, seed + 1)
      return { curve, found: shapeOf(curve.points, { limitBytes: curve.limitBytes, endUs: null, restartsUs: curve.restartsUs }) }
    }),
  )
  const isWrong = ({ curve, found }: (typeof others)[number]): boolean => !curve.right.includes(found.shape)
  test('at least 97 % are named rightly, none wrong with high', () => {
    const off = others.filter(isWrong)
    expect(off.filter(({ found }) => found.confidence === 'high').map(({ curve }) => curve.name)).toEqual([])
    expect(off.length / others.length, off.map(({ curve }) => curve.name).join(', ')).toBeLessThanOrEqual(0.03)
  })
  test('slopes are within a tenth', () => {
    const known = others.filter(({ curve, found }) => curve.slope !== null && found.shape === 'growth' && curve.points.us.length > 20)
    expect(known.length).toBeGreaterThan(50)
    const off = known.filter(({ curve, found }) => Math.abs((found.slopeBytesPerHour ?? 0) / (curve.slope ?? 1) - 1) > 0.1)
    expect(off.map(({ curve }) => curve.name)).toEqual([])
  })
})

describe('a third family: uneven scrapes, holes, loud noise, stairs, deployments, crash loops, few and very many samples', () => {
  const thirds = thirdKinds.flatMap((kind) =>
    Array.from({ length: process.env['OOM_REPORT_FULL'] === '1' ? 100 : 10 }, (_, seed) => {
      const curve = thirdCurve(kind, seed + 1001)
      const { limitBytes, endUs, restartsUs } = curve
      return { curve, found: shapeOf(curve.points, { limitBytes, endUs, restartsUs }) }
    }),
  )
  test('at least 97 % are named rightly, none wrong with high', () => {
    const off = thirds.filter(({ curve, found }) => !curve.right.includes(found.shape))
    expect(off.filter(({ found }) => found.confidence === 'high').map(({ curve }) => curve.name)).toEqual([])
    expect(off.length / thirds.length, off.map(({ curve, found }) => `${curve.name}: ${found.shape}`).join(', ')).toBeLessThanOrEqual(0.03)
  })
  test.each([
    ['import that stays', 19],
    ['deployments that nobody tells of', 3],
    ['office hours', 22],
    ['leak of a day in thousands of samples', 6],
    ['a peak of one sample', 2],
  ])('%s %i was named wrongly once', (kind, seed) => {
    const { points, limitBytes, endUs, restartsUs, right } = thirdCurve(kind, seed)
    expect(right).toContain(shapeOf(points, { limitBytes, endUs, restartsUs }).shape)
  })
  test('slopes are within a tenth', () => {
    const known = thirds.filter(({ curve, found }) => curve.slope !== null && found.shape === 'growth' && curve.points.us.length > 8)
    expect(known.length).toBeGreaterThan(80)
    const off = known.filter(({ curve, found }) => Math.abs((found.slopeBytesPerHour ?? 0) / (curve.slope ?? 1) - 1) > 0.1)
    // of a thousand one may be off where noise is a seventh of all
    expect(off.length / known.length, off.map(({ curve }) => curve.name).join(', ')).toBeLessThanOrEqual(0.005)
  })
  test('thinned to what is kept of a long series, they keep their names', () => {
    const long = thirds.filter(({ curve }) => curve.points.us.length > 1024)
    expect(long.length).toBeGreaterThan(9)
    for (const { curve } of long) {
      const thinned = new ThinnedSeries(1024)
      curve.points.us.forEach((us, at) => {
        thinned.add(us, curve.points.bytes[at] ?? 0)
      })
      const { limitBytes, restartsUs } = curve
      expect(curve.right, curve.name).toContain(shapeOf(thinned.points(), { limitBytes, endUs: null, restartsUs }).shape)
    }
  })
})

describe('a fourth family: processes walked through scrape by scrape', () => {
  const fourths = fourthKinds.flatMap((kind) =>
    Array.from({ length: process.env['OOM_REPORT_FULL'] === '1' ? 100 : 8 }, (_, seed) => {
      const curve = fourthCurve(kind, seed + 1)
      const { limitBytes, restartsUs } = curve
      return { curve, found: shapeOf(curve.points, { limitBytes, endUs: null, restartsUs }) }
    }),
  )
  test('at least 97 % are named rightly, none wrong with high', () => {
    const off = fourths.filter(({ curve, found }) => !curve.right.includes(found.shape))
    expect(off.filter(({ found }) => found.confidence === 'high').map(({ curve }) => curve.name)).toEqual([])
    expect(off.length / fourths.length, off.map(({ curve, found }) => `${curve.name}: ${found.shape}`).join(', ')).toBeLessThanOrEqual(0.03)
  })
  test.each([
    // a job in a timetable is a habit, and not the spike that its peaks are
    ['a job each night', 1],
    // too few floors to judge by: the whole tells
    ['a job each night keeps something', 20],
    ['a job each night keeps something', 2],
    // what comes after a start counts
    ['warm-up, then collections', 3],
    ['warm-up, then up at the end', 5],
    ['leak beneath a job that came once', 33],
    // up and down by the MiB to which it is rounded
    ['a level in whole MiB', 84],
  ])('%s %i was named wrongly once', (kind, seed) => {
    const { points, limitBytes, restartsUs, right } = fourthCurve(kind, seed)
    expect(right).toContain(shapeOf(points, { limitBytes, endUs: null, restartsUs }).shape)
  })
  test('one line through it overrules a peak that came and went', () => {
    const { points, limitBytes, slope } = fourthCurve('leak beneath a job that came once', 33)
    const found = shapeOf(points, { limitBytes, endUs: null, restartsUs: [] })
    expect(Math.abs((found.slopeBytesPerHour ?? 0) / (slope ?? 1) - 1)).toBeLessThan(0.1)
  })
  test('slopes are within a tenth', () => {
    const known = fourths.filter(({ curve, found }) => curve.slope !== null && found.shape === 'growth')
    expect(known.length).toBeGreaterThan(60)
    const off = known.filter(({ curve, found }) => Math.abs((found.slopeBytesPerHour ?? 0) / (curve.slope ?? 1) - 1) > 0.1)
    expect(off.map(({ curve }) => curve.name)).toEqual([])
  })
})

describe('what cannot be seen is unknown', () => {
  const growing = curveOf('leak', 3).points
  const span = (growing.us.at(-1) ?? 0) - (growing.us[0] ?? 0)
  test('the scrape stopped long before the kill', () => {
    const found = shapeOf(growing, { limitBytes: null, endUs: (growing.us.at(-1) ?? 0) + span, restartsUs: [] })
    expect(found).toMatchObject({ shape: 'unknown', confidence: 'low' })
    expect(found.unseenUs).toBe(span)
  })
  test('three samples', () => {
    const few = pointsOf([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
    expect(shapeOf(few, { limitBytes: null, endUs: null, restartsUs: [] }).shape).toBe('unknown')
  })
  test('only what came before the kill counts', () => {
    const samples = Array.from({ length: 60 }, (_, i) => [i * 60e6, i < 30 ? 100e6 + i * 10e6 : 5e6] as const)
    const found = shapeOf(pointsOf(samples), { limitBytes: null, endUs: 29.5 * 60e6, restartsUs: [] })
    expect(found).toMatchObject({ shape: 'growth', confidence: 'high' })
    expect(found.lives.parts).toHaveLength(1)
  })
})

describe('thinning', () => {
  test('keeps first, last, smallest and largest within its room, and says how coarse it is', () => {
    const random = randomOf(7)
    const thinned = new ThinnedSeries(256)
    let low = Infinity
    let high = -Infinity
    for (let i = 0; i < 50_000; i += 1) {
      const value = 1e8 + random() * 1e6 + (i === 31_234 ? 5e8 : 0)
      low = Math.min(low, value)
      high = Math.max(high, value)
      thinned.add(i * 1e6, value)
    }
    const { us, bytes } = thinned.points()
    expect(us.length).toBeLessThanOrEqual(256)
    expect([us[0], us.at(-1), Math.min(...bytes), Math.max(...bytes)]).toEqual([0, 49_999e6, low, high])
    expect(thinned.bucketUs).toBeGreaterThan(0)
    expect(thinned.bucketUs).toBeLessThan((50_000e6 / 256) * 8)
    expect(thinned.count).toBe(50_000)
  })
  test('a thinned curve has the shape of the whole one', () => {
    for (const kind of ['leak', 'flat', 'diurnal'] as const) {
      const curve = curveOf(kind, 11)
      const thinned = new ThinnedSeries(128)
      curve.points.us.forEach((us, at) => {
        thinned.add(us, curve.points.bytes[at] ?? 0)
      })
      expect(shapeOf(thinned.points(), { limitBytes: curve.limitBytes, endUs: null, restartsUs: [] }).shape).toBe(curve.shape)
    }
  })
})
