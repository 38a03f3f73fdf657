import { describe, expect, it } from 'vitest'
import type { ClockSnapshot } from '../../src/model/snapshot.ts'
import { capturesOf } from '../../src/timeline/capture.ts'
import { convert, type Reading, readingOf } from '../../src/timeline/clocks.ts'
import { anchor } from './sources.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const reading = (kind: Reading['kind'], uptime: number, offset: number, error = 0.02, more: Partial<Reading> = {}): Reading => ({
  uptimeUs: uptime * SECOND,
  offsetUs: Math.round(offset * SECOND),
  kind,
  errorUs: error * SECOND,
  ...more,
})
const exact = (uptime: number, offset: number, error?: number) => reading('exact', uptime, offset, error)
const late = (uptime: number, offset: number, error = 0.001) => reading('late', uptime, offset, error)
const coarse = (uptime: number, offset: number, error = 1, more: Partial<Reading> = {}) => reading('coarse', uptime, offset, error, more)
/** Wall minus uptime, and the uncertainty, in seconds. */
const at = (readings: readonly Reading[], uptime: number) => {
  const found = convert(readings, uptime * SECOND)
  return found === null ? null : [(found.epochUs - uptime * SECOND) / SECOND, found.uncertaintyUs / SECOND, found.kind]
}

describe('what an anchor is worth', () => {
  it.each([
    ['journal', 1, ['exact', 0.02, 500]],
    ['audit', 1, ['exact', 0.05, 500]],
    ['syslog', 1, ['late', 0.001, 500]],
    ['syslog', SECOND, ['late', 1, 500]],
    ['rtc', 1, ['coarse', 1, 500]],
    ['boot-derived', SECOND, ['coarse', 1, 500.5]],
  ] as const)('%s, printed to %i µs', (via, precision, [kind, error, offset]) =>
    expect(readingOf(anchor(100, 600, { via }), 600 * SECOND, precision)).toEqual(reading(kind, 100, offset, error)),
  )
})

describe('between exact readings', () => {
  it('nothing without any', () => expect(at([], 5)).toBeNull())
  it('one: its error grows by 30 ppm with the distance', () => {
    expect(at([exact(100, 50)], 100)).toEqual([50, 0.02, 'exact'])
    expect(at([exact(100, 50)], 1100)).toEqual([50, 0.05, 'exact'])
    expect(at([exact(1100, 50)], 100)).toEqual([50, 0.05, 'exact'])
  })
  it('two: on the line between them', () => {
    const two = [exact(100, 50), exact(200, 51)]
    expect([at(two, 100), at(two, 150), at(two, 175)]).toEqual([
      [50, 1, 'exact'],
      [50.5, 1, 'exact'],
      [50.75, 1, 'exact'],
    ])
    expect(at([exact(100, 50, 0.3), exact(200, 50)], 150)).toEqual([50, 0.3, 'exact'])
    expect(at([exact(100, 50), exact(200, 50, 0.4)], 150)).toEqual([50, 0.4, 'exact'])
  })
  it('a reading that is far from one neighbour only is no outlier', () => {
    expect(at([exact(100, 50), exact(200, 49.5), exact(300, 52)], 200)?.[0]).toBe(49.5)
    expect(at([exact(100, 52), exact(200, 49.5), exact(300, 50)], 200)?.[0]).toBe(49.5)
    expect(at([exact(100, 50), exact(200, 47.9), exact(300, 50)], 200)?.[0]).toBe(50)
    expect(at([exact(100, 50), exact(200, 53), exact(300, 56)], 200)?.[0]).toBe(53)
  })
  it('the nearest of many, on both sides', () => {
    const many = [exact(0, 40), exact(90, 41), exact(100, 42), exact(200, 43), exact(300, 44)]
    expect(at(many, 150)?.[0]).toBe(42.5)
    expect(at(many.toReversed(), 150)?.[0]).toBe(42.5)
    expect(at(many, 200)?.[0]).toBe(43)
    expect(at(many, 400)?.[0]).toBe(44)
  })
  it('across a step of more than two seconds: the nearer side, of equals the earlier', () => {
    expect(at([exact(100, 50), exact(200, 52)], 150)).toEqual([51, 2, 'exact'])
    const step = [exact(100, 50), exact(200, 53)]
    expect([at(step, 149), at(step, 150), at(step, 151)]).toEqual([
      [50, 3, 'exact'],
      [50, 3, 'exact'],
      [53, 3, 'exact'],
    ])
  })
  it('without one that both neighbours contradict', () => {
    expect(at([exact(100, 50), exact(150, 90), exact(200, 50)], 149)?.[0]).toBe(50)
    expect(at([exact(100, 50), exact(150, 52), exact(200, 50)], 150)?.[0]).toBe(52)
    // Two seconds from one of them is no contradiction.
    expect(at([exact(100, 50), exact(150, 54), exact(200, 52)], 150)?.[0]).toBe(54)
    expect(at([exact(100, 52), exact(150, 54), exact(200, 50)], 150)?.[0]).toBe(54)
    expect(at([exact(100, 50), exact(150, 90), exact(200, 53)], 150)?.[0]).toBe(90)
    expect(at([exact(100, 90), exact(150, 50), exact(200, 50)], 100)?.[0]).toBe(90)
  })
  it('a long uptime drifts: the lowest stamp of the kernel’s own lines around bounds it', () => {
    const month = 3_000_000
    expect(at([exact(month, 50), late(month + 10, 40), late(month + 20, 60)], month)).toEqual([40, 1, 'exact'])
    expect(at([exact(month, 50), late(month, -300)], month)?.[0]).toBe(50 - 90)
    expect(at([exact(month, 50), late(month, 300)], month)?.[0]).toBe(50 + 90)
    expect(at([exact(month, 50), late(month + 600, 40)], month)?.[0]).toBe(40)
    expect(at([exact(month, 50), late(month + 601, 40)], month)?.[0]).toBe(50)
    expect(at([exact(month, 50), late(month, 40, 1)], month)?.[0]).toBe(50)
    expect(at([exact(3000, 50), late(3000, 49.95)], 3000)?.[0]).toBe(50)
    expect(at([exact(3400, 50), late(3400, 49.95)], 3400)?.[0]).toBe(49.95)
  })
})

describe('by a logger’s stamps, which are only ever late', () => {
  it('the lowest within ten minutes', () => {
    expect(at([late(100, 53), late(110, 50), late(120, 51)], 100)).toEqual([50, 3, 'late'])
    expect(at([late(100, 53), late(700, 50)], 100)?.[0]).toBe(50)
    expect(at([late(100, 53), late(701, 50)], 100)?.[0]).toBe(53)
  })
  it('none within ten minutes: the nearest, the first of two', () => {
    expect(at([late(1000, 53), late(2000, 50)], 100)?.[0]).toBe(53)
    expect(at([late(1000, 53), late(2400, 50)], 1700)?.[0]).toBe(53)
    expect(at([late(1000, 53), late(3000, 50)], 1700)?.[0]).toBe(53)
    expect(at([late(1000, 53), late(2000, 50)], 5000)?.[0]).toBe(50)
  })
  it('stamps cut to seconds bound it a second higher', () => {
    expect(at([late(100, 50, 1), late(101, 50.5, 0.001)], 100)?.[0]).toBe(50.5)
    expect(at([late(100, 50, 1)], 100)?.[0]).toBe(51)
    expect(at([late(100, 50, 0.999999)], 100)?.[0]).toBe(50)
  })
  it('are as sure as they are many and agree, ten seconds at most', () => {
    const many = (count: number, spread = 0) => Array.from({ length: count }, (_, i) => late(100 + i, 50 + (i === 1 ? spread : 0)))
    expect([at(many(8), 100)?.[1], at(many(9), 100)?.[1], at(many(9, 4), 100)?.[1], at(many(2, 11), 100)?.[1]]).toEqual([2, 0.3, 4, 10])
  })
  it('a jump of more than twelve seconds is a step: the run in question counts', () => {
    const stepped = [late(100, 50), late(110, 50.5), late(200, 63), late(210, 62.5)]
    expect([
      at(stepped, 105)?.[0],
      at(stepped, 205)?.[0],
      at(stepped, 90)?.[0],
      at(stepped, 300)?.[0],
      at(stepped, 150)?.[0],
      at(stepped, 160)?.[0],
    ]).toEqual([50, 62.5, 50, 62.5, 50, 62.5])
    // Two logs, one after the other in the input, are one course of the clock.
    expect([105, 205].map((uptime) => at(stepped.toReversed(), uptime)?.[0])).toEqual([50, 62.5])
    expect(at([late(100, 50), late(110, 62)], 105)?.[0]).toBe(50)
    expect(at([late(100, 50), late(110, 62.1)], 109)?.[0]).toBe(62.1)
  })
  it('of two runs as near the longer', () => {
    expect(at([late(100, 50), late(200, 80), late(210, 80)], 150)?.[0]).toBe(80)
    expect(at([late(90, 50), late(100, 50), late(200, 80)], 150)?.[0]).toBe(50)
  })
  it('a coarse clock that says much earlier goes before, up to a minute', () => {
    expect(at([late(100, 53), coarse(100, 50)], 100)).toEqual([50, 1, 'coarse'])
    expect(at([late(100, 51), coarse(100, 50)], 100)?.[2]).toBe('late')
    expect(at([late(100, 110), coarse(100, 50)], 100)?.[2]).toBe('late')
    expect(at([late(100, 109.9), coarse(100, 50)], 100)?.[2]).toBe('coarse')
    expect(at([late(100, 40), coarse(100, 50)], 100)?.[2]).toBe('late')
  })
})

describe('by coarse clocks', () => {
  it('the surest at that uptime, its error growing from where both clocks agreed', () => {
    expect(at([coarse(0, 50, 1), coarse(0, 60, 2)], 0)).toEqual([50, 1, 'coarse'])
    expect(at([coarse(0, 60, 2), coarse(0, 50, 1)], 0)).toEqual([50, 1, 'coarse'])
    expect(at([coarse(100_000, 50, 1)], 0)).toEqual([50, 4, 'coarse'])
    expect(at([coarse(100_000, 50, 1, { agreedAtUs: 0 })], 0)).toEqual([50, 1, 'coarse'])
    expect(at([coarse(0, 50, 1), coarse(0, 60, 1)], 0)?.[0]).toBe(50)
  })
})

describe('clocks of a capture', () => {
  const NOW = 1_795_507_200 * SECOND
  const none = { bootId: null, capturedUs: null, uptimeSeconds: null, bootUs: null, zone: null, offsetMinutes: null }
  const told = <T>(value: T) => ({ value, quote: null as never })
  const clock = (source: string, more: object): ClockSnapshot => ({ kind: 'clock', source, host: null, ...none, ...more }) as ClockSnapshot
  const date = (source: string, offset = 0, more: object = {}) => clock(source, { capturedUs: told(NOW + offset), ...more })
  const up = (source: string, seconds = 1000, more: object = {}) => clock(source, { uptimeSeconds: told(seconds), ...more })
  const of = (clocks: ClockSnapshot[], newestUs: number | null = null, modifiedUs: number | null = null) =>
    capturesOf(clocks, { newestUs, modifiedUs: () => modifiedUs })
  const boots = (...args: Parameters<typeof of>) => of(...args).readings.map((r) => (r.bootUs - NOW) / SECOND + 1000)

  it('one file: the uptime’s hundredth and the run of its commands are the error', () => {
    const { readings } = of([clock('f', { capturedUs: told(NOW), uptimeSeconds: told(1000) })])
    expect(readings).toEqual([{ source: 'f', bootId: null, bootUs: NOW - 1000 * SECOND, errorUs: 605_000, uptimeUs: 1000 * SECOND }])
  })
  it('a date cut to seconds and an uptime cut to minutes lie in the middle', () => {
    const [one] = of([
      clock('f', { capturedUs: told(NOW), capturedUnitUs: SECOND, uptimeSeconds: told(960), uptimeUnitSeconds: 60 }),
    ]).readings
    expect([((one?.bootUs ?? 0) - NOW) / SECOND, (one?.errorUs ?? 0) / SECOND, (one?.uptimeUs ?? 0) / SECOND]).toEqual([
      -989.5,
      0.5 + 30 + 0.6,
      990,
    ])
  })
  it('two files: seconds apart', () => expect(of([date('d/date'), up('d/uptime')]).readings[0]?.errorUs).toBe(5000 + 30 * SECOND))
  it('uptime’s own time of day tells how far apart', () => {
    const day = (NOW / SECOND) % 86_400
    const shifted = (second: number, more: object = {}) =>
      of([date('date', 0, more), up('up', 1000, { uptimeAtSecondOfDay: second })]).readings[0]
    const seconds = (found: ReturnType<typeof shifted>) => ((found?.bootUs ?? 0) - NOW) / SECOND + 1000
    expect([
      seconds(shifted(day + 7)),
      seconds(shifted(day - 7)),
      seconds(shifted(day + 3600 + 5)),
      seconds(shifted(day + 460)),
      seconds(shifted(day + 450)),
    ]).toEqual([7, -7, 5, -440, 450])
    expect(shifted(day + 7)?.errorUs).toBe(SECOND + 5000)
    expect(seconds(shifted(day + 19_800 + 9, { offsetMinutes: told(330) }))).toBe(9)
  })
  it('btime alone, half a second in', () => {
    const [one] = of([clock('stat', { bootUs: told(NOW) })]).readings
    expect(one).toEqual({ source: 'stat', bootId: null, bootUs: NOW + 500_000, errorUs: 600_000, uptimeUs: null })
    expect(of([clock('stat', { bootUs: told(NOW), uptimeSeconds: told(7) })]).readings.at(-1)?.uptimeUs).toBe(7 * SECOND)
  })
  it('the date of the same folder before others', () => {
    expect(boots([date('a/date'), date('b/date', 20 * SECOND), up('b/uptime')])).toEqual([20])
    expect(boots([date('a/date'), up('b/uptime')])).toEqual([0])
  })
  it('the date of the same file before another of its folder', () =>
    expect(boots([date('d/date'), clock('d/both', { capturedUs: told(NOW + 20 * SECOND), uptimeSeconds: told(1000) })])).toEqual([20]))
  it('dates that lie apart, or uptimes of two moments, are no pair', () => {
    expect(boots([date('a/date'), date('a/date2', 30 * SECOND), up('b/uptime')])).toEqual([0])
    expect(boots([date('a/date'), date('a/date2', 30 * SECOND + 1), up('b/uptime')])).toEqual([])
    expect(boots([date('a/date'), up('b/uptime'), up('c/uptime', 1120)])).toHaveLength(2)
    expect(boots([date('a/date'), up('b/uptime'), up('c/uptime', 1121)])).toEqual([])
    expect(boots([date('a/date'), up('a/uptime'), up('c/uptime', 9999)])).toEqual([0])
  })
  it('a clock that the machine’s log outlives by a day is refused', () => {
    expect(of([date('date')], NOW + 86_400 * SECOND).refused).toEqual([])
    expect(of([date('date'), up('up')], NOW + 86_400 * SECOND + 1)).toEqual({
      readings: [],
      refused: [{ source: 'date', reason: 'the machine’s own log has later lines' }],
    })
  })
  it('a clock a year ahead of its file is refused', () => {
    expect(of([date('date')], null, NOW - 366 * 86_400 * SECOND).refused).toEqual([])
    expect(of([date('date')], null, NOW - 366 * 86_400 * SECOND - 1).refused[0]?.reason).toContain('later than the file')
  })
  it('of two runs that of the log, else that of the boot, else none', () => {
    const hour = 60 * MINUTE
    const two = [date('a', 0), date('b', hour + 1)]
    expect(of([date('a', 0), date('b', hour)]).refused).toEqual([])
    expect(of(two).refused.map((r) => r.source)).toEqual(['a', 'b'])
    expect(of(two.toReversed()).refused.map((r) => r.source)).toEqual(['b', 'a'])
    expect(of(two, NOW + 31 * MINUTE).refused.map((r) => r.source)).toEqual(['a'])
    expect(of(two, NOW + 30 * MINUTE).refused.map((r) => r.source)).toEqual(['b'])
    // A run that began before the log's last line and went on after it.
    expect(of([...two, date('c', hour + 50 * MINUTE)], NOW + hour + 40 * MINUTE).refused.map((r) => r.source)).toEqual(['a'])
    expect(of([...two, up('u'), clock('s', { bootUs: told(NOW + hour - 1000 * SECOND) })]).refused.map((r) => r.source)).toEqual(['a'])
    expect(of([...two, up('u'), clock('s', { bootUs: told(NOW + hour - 1000 * SECOND + 2 * MINUTE + 1) })]).refused).toHaveLength(2)
  })
})
