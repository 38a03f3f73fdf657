import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import { lastsFor, leakByCurve, lowLimitByCurve, spikeByCurve } from '../../../src/rules/root-cause/curve.ts'
import { startByCurve } from '../../../src/rules/root-cause/start-curve.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { curveOf, factsWith, HOUR, MIB, runOf, saidIn } from '../facts-with.ts'
import { globalDump, inPod, makeContainer, makeDeath, makeIncident, makePod, memcgDump, NOON, podWorkload } from '../make-incident.ts'

const pod = inPod(memcgDump(), { pods: [makePod([makeContainer()])] })
const machine = inPod(globalDump())
const facts = (curve: Curve, more: Partial<IncidentFacts> = {}, incident = pod): IncidentFacts =>
  factsWith(incident, { curves: [curve], ...more })
/** Growth from 20 MiB to `last`, over `hours`. */
const grown = (hours: number, last = 78, more: Partial<Curve> = {}): Curve =>
  curveOf(
    [
      [hours * HOUR, 20],
      [(hours * HOUR) / 2, (20 + last) / 2],
      [0, last],
    ],
    more,
  )

describe('growth that goes on', () => {
  const short = 15 / 60
  test.each([
    ['a run of a quarter of an hour', grown(short), 'medium'],
    ['less than that is a start', grown(short - 0.001), undefined],
    ['sixteen hours are longer than a day rises', grown(16), 'high'],
    ['less may be a day’s rise', grown(15.99), 'medium'],
    ['what lived after collections needs six hours only', grown(6, 78, { metric: 'heap-after-gc', of: 'runtime-heap' }), 'high'],
    ['and not less', grown(5.99, 78, { metric: 'heap-after-gc', of: 'runtime-heap' }), 'medium'],
    ['a curve that is not sure of its shape', grown(16, 78, { confidence: 'medium' }), 'medium'],
    ['no slope', grown(16, 78, { slopeBytesPerHour: null }), undefined],
    ['another shape', grown(16, 78, { shape: 'plateau' }), undefined],
    ['a whole pod of one container is its own', grown(16, 78, { of: 'pod' }), 'high'],
    ['usage counts page cache, but nearly all was processes’ own', grown(16, 78, { metric: 'usage' }), 'high'],
    ['the last sample at seven tenths of the limit', grown(16, 56), 'high'],
    ['below that nobody saw the rise', grown(16, 55.9), 'medium'],
    ['samples that ended three intervals before say nothing of it', grown(16, 50, { unseenUs: 181e6 }), 'high'],
    ['three intervals are near', grown(16, 50, { unseenUs: 180e6 }), 'medium'],
    ['another clock', grown(16, 50, { clock: 'local' }), 'high'],
    ['one sample has no interval', grown(16, 50, { intervalUs: null }), 'high'],
  ] as const)('%s', (_, curve, confidence) => {
    expect(leakByCurve(facts(curve))?.confidence).toBe(confidence)
  })

  test('page cache makes it medium where processes held less than seven tenths', () => {
    const usage = grown(16, 78, { metric: 'usage' })
    const held = (anon: number) => inPod(memcgDump({}, { anon: anon * MIB, file: (74 - anon) * MIB + MIB }))
    expect(leakByCurve(facts(usage, {}, held(56)))?.confidence).toBe('high')
    const cached = leakByCurve(facts(usage, {}, held(50)))
    expect(cached?.confidence).toBe('medium')
    expect(plainPhrase(cached?.against ?? [])).toContain('counts page cache')
  })

  test('a pod of two containers that run, not of an init container: which one grew is not told', () => {
    const curve = grown(16, 78, { of: 'pod' })
    const of = (...types: ('regular' | 'init' | 'sidecar')[]) =>
      leakByCurve(facts(curve, { pod: makePod(types.map((type, n) => makeContainer({ type, name: `c${n}` }))) }))
    expect(of('regular', 'init')?.against).toBeNull()
    expect(plainPhrase(of('regular', 'sidecar')?.against ?? [])).toContain('which of its containers grew')
    expect(of('regular', 'sidecar')?.confidence).toBe('medium')
  })

  test('what lines of unknown writers tell is never high', () => {
    expect(leakByCurve(facts(grown(16), { trust: 'medium' }))?.confidence).toBe('medium')
  })

  test('by the hour after an hour, else by what it rose; in how many of its runs', () => {
    expect(saidIn(leakByCurve(facts(grown(1))))).toContain('grew by 2 MiB an hour over 1 h')
    expect(saidIn(leakByCurve(facts(grown(0.5))))).toContain('grew by 1 MiB within 30 min')
    const runs = (...shapes: ('growth' | 'flat')[]) =>
      grown(16, 78, {
        falls: 'restarts',
        livesUs: shapes.map((_, n) => NOON - (shapes.length - n) * 2 * HOUR * 1e6),
        runs: shapes.map((shape, n) => runOf((shapes.length - n) * 2 * HOUR, (shapes.length - n) * 2 * HOUR - HOUR, { shape })),
      })
    expect(saidIn(leakByCurve(facts(runs('growth', 'growth', 'growth'))))).toContain('in each of 3 runs')
    expect(saidIn(leakByCurve(facts(runs('growth', 'flat', 'growth'))))).toContain('in 2 of 3 runs')
    expect(leakByCurve(facts(runs('growth', 'growth')))?.confidence).toBe('high')
  })

  test('runs of several lengths last as long as the middle one of those that grew', () => {
    const lasted = (...minutes: number[]) => {
      const runs = minutes.map((m, n) => runOf((n + 1) * 2 * HOUR, (n + 1) * 2 * HOUR - m * 60))
      return saidIn(leakByCurve(facts(grown(60, 78, { falls: 'restarts', runs: [...runs, runOf(90_000, 85_000, { shape: 'flat' })] }))))
    }
    expect(lasted(1, 50, 1, 20, 30)).toContain('within 20 min')
    expect(lasted(50, 1, 16)).toContain('within 16 min')
    expect(lasted(45, 1)).toContain('within 45 min')
    expect(lasted(1, 50, 1, 14, 30)).toBe('')
  })

  test('two runs of an hour each are past their start; of less they are not', () => {
    const two = (seconds: number, falls: Curve['falls'] = 'restarts') =>
      leakByCurve(
        facts(
          grown(3, 78, {
            falls,
            livesUs: [NOON - 10_000e6, NOON - 5000e6],
            runs: [runOf(10_000, 10_000 - seconds), runOf(5000, 5000 - seconds)],
          }),
        ),
      )?.confidence
    expect(two(HOUR)).toBe('high')
    expect(two(HOUR - 1)).toBe('medium')
    // Collections are no new runs.
    expect(two(HOUR, 'collections')).toBe('medium')
    expect(two(15 * 60)).toBe('medium')
    expect(two(15 * 60 - 1)).toBeUndefined()
  })

  test('on a machine it must hold a fifth of it, and the rise must have been its own', () => {
    const ofMachine = (last: number, more: Partial<IncidentFacts> = {}) => leakByCurve(facts(grown(16, last), more, machine))
    const total = (factsWith(machine).machineAccounting?.totalBytes ?? 0) / MIB
    expect(ofMachine(total * 0.21)?.confidence).toBe('high')
    expect(ofMachine(total * 0.19)).toBeNull()
    expect(ofMachine(total * 0.2)).not.toBeNull()
    const rises = (name: string, others: number) => ({
      pod: [],
      node: [
        { name, container: 'api', riseBytes: 600 * MIB, lastBytes: 600 * MIB, quote: null },
        { name: 'b', container: 'b', riseBytes: others * MIB, lastBytes: others * MIB, quote: null },
        { name: 'c', container: 'c', riseBytes: others * MIB, lastBytes: others * MIB, quote: null },
      ],
    })
    expect(ofMachine(total * 0.5, { rises: rises('shop/api-7c9d4/api', 50) })).not.toBeNull()
    expect(ofMachine(total * 0.5, { rises: rises('shop/other', 50) })).toBeNull()
    expect(ofMachine(total * 0.5, { rises: rises('shop/api-7c9d4/api', 590) })).toBeNull()
  })

  test('quotes two samples and the kill', () => {
    const { evidence } = leakByCurve(facts(grown(16))) as NonNullable<ReturnType<typeof leakByCurve>>
    expect(evidence.map(({ text }) => text)).toEqual(['first sample', 'second sample', expect.stringContaining('Killed process 100')])
  })
})

describe('a steady need just below the limit', () => {
  const level = (peak: number, more: Partial<Curve> = {}, seconds = 2 * HOUR): Curve =>
    curveOf(
      [
        [seconds, peak],
        [0, peak],
      ],
      { shape: 'plateau', slopeBytesPerHour: 0, ...more },
    )
  test.each([
    ['at 85 % of it', level(68), 'high'],
    ['below', level(67.9), undefined],
    ['flat', level(70, { shape: 'flat' }), 'high'],
    ['up and down', level(70, { shape: 'periodic' }), 'high'],
    ['growth is none', level(70, { shape: 'growth' }), undefined],
    ['a quarter of an hour', level(70, {}, 900), 'high'],
    ['less', level(70, {}, 899), undefined],
    ['a heap has another limit', level(70, { of: 'runtime-heap' }), undefined],
    ['page cache would be dropped first', level(70, { metric: 'usage' }), 'medium'],
    ['a low confidence stays low', level(70, { metric: 'usage', confidence: 'low' }), 'low'],
    ['the curve’s own', level(70, { confidence: 'medium' }), 'medium'],
    ['far below at the end', level(70, { lastBytes: 40 * MIB }), 'medium'],
    ['a limit of its own, which the kernel’s line need not tell', level(70, { limitBytes: 90 * MIB }), undefined],
  ] as const)('%s', (_, curve, confidence) => {
    expect(lowLimitByCurve(facts(curve))?.confidence).toBe(confidence)
  })
  test('says what it reached, of what', () => {
    expect(saidIn(lowLimitByCurve(facts(level(72))))).toContain('held its level for 2 h and reached 72 MiB, 90 % of its limit of 80 MiB')
    expect(saidIn(lowLimitByCurve(facts(level(84))))).toContain('reached 84 MiB, 100 % of its limit')
    expect(saidIn(lowLimitByCurve(facts(level(72, { shape: 'periodic' }))))).toContain('went up and down for')
    expect(lowLimitByCurve(facts(level(72), { trust: 'medium' }))?.confidence).toBe('medium')
    expect(lowLimitByCurve(facts(level(72, { limitBytes: null })))?.confidence).toBe('high')
    expect(lowLimitByCurve(facts(level(72), {}, machine))).toBeNull()
  })
})

describe('a jump', () => {
  /** 20 MiB, then a jump to `peak` at `ago` seconds before the kill, and `last` at its end. */
  const jump = (ago: number, peak: number, last = peak, more: Partial<Curve> = {}): Curve =>
    curveOf(
      [
        [3 * HOUR, 10],
        [ago + 60, 20],
        [ago, peak],
        [0, last],
      ],
      { shape: 'spike', spikeUs: NOON - ago * 1e6, ...more },
    )
  const said = (curve: Curve, more: Partial<IncidentFacts> = {}, incident = pod): string =>
    plainPhrase(spikeByCurve(facts(curve, more, incident)) ?? [])
  test('is told by what was held before it, when, and how far it rose', () => {
    expect(said(jump(120, 78))).toContain('It held 20 MiB until 2 min before the kill and then rose to 78 MiB')
    expect(said(jump(120, 80, 50, { unseenUs: 600e6 }))).toContain('It held 20 MiB')
    expect(said(jump(120, 80, 49.9, { unseenUs: 600e6 }))).toBe('')
    expect(said(jump(120, 78, 78, { spikeUs: null }))).toBe('')
    expect(said(jump(120, 78, 78, { shape: 'flat' }))).toBe('')
  })
  test('of several kills the one that ended it counts', () => {
    const kills = [-500, 0].map((at) =>
      makeDeath(memcgDump(), { at: { ...(pod.first as typeof pod.first), epochUs: NOON + at * 1e6 }, workload: podWorkload }),
    )
    expect(said(jump(120, 78), {}, makeIncident({ kills }))).toContain('until 2 min before the kill')
  })
  test('between two samples: the curve and the kernel disagree', () => {
    const flat = (more: Partial<Curve> = {}): Curve =>
      curveOf(
        [
          [2 * HOUR, 30],
          [0, 30],
        ],
        { shape: 'flat', ...more },
      )
    expect(said(flat())).toContain('The last sample, 30 s before the kill, shows 30 MiB, 38 % of the limit of 80 MiB')
    expect(said(flat())).toContain('within less than the 1 min between two samples')
    expect(said(flat({ unseenUs: 90e6 }))).toContain('it rose within those 1 min 30 s, or')
    expect(said(flat())).not.toContain('high-water')
    expect(said(flat({ highWaterBytes: 33 * MIB }))).not.toContain('high-water')
    expect(said(flat({ highWaterBytes: 34 * MIB }))).toContain('high-water mark shows 34 MiB')
    expect(said(flat({ of: 'unit' }))).not.toBe('')
    expect(said(flat({ of: 'pod' }))).not.toBe('')
    expect(said(flat({ of: 'runtime-heap' }))).toBe('')
    expect(said(flat({ shape: 'plateau' }))).toBe('')
    expect(said(flat({ shape: 'periodic' }))).not.toBe('')
    expect(said(flat(), {}, machine)).toBe('')
    expect(said(flat(), {}, inPod(memcgDump(), {}, { killer: 'unknown' }))).toBe('')
  })
})

describe('how long a limit would last', () => {
  const starts = (slope: number, shape: Curve['shape'] = 'growth') =>
    curveOf(
      [
        [2 * HOUR, 20],
        [HOUR, 30],
        [0, 78],
      ],
      { slopeBytesPerHour: slope * MIB, shape, livesUs: [NOON - 2 * HOUR * 1e6, NOON - HOUR * 1e6] },
    )
  test.each([
    ['from the lowest start', starts(20), 100, 4 * HOUR],
    ['no growth', starts(20, 'flat'), 100, null],
    ['no slope', starts(0), 100, null],
    ['no room', starts(20), 20, null],
    ['no start known', { ...starts(20), livesUs: [] }, 100, null],
  ] as const)('%s', (_, curve, limit, seconds) => {
    expect(lastsFor(facts(curve), limit * MIB)).toBe(seconds)
  })
})

describe('the start, as other runs show it', () => {
  /** A run that got past its start: `peak` in its first minutes, `after` later; then the run that was killed `age` seconds old. */
  const lived = (peak: number, after: number, age = 60, more: Partial<Curve> = {}, lasted = 1000): Curve => {
    const early = 2000
    const samples = [
      [early, peak],
      [early - 90, peak - 1],
      ...[200, 400, 600, 800].map((at) => [early - at, after] as const),
      [early - lasted, after],
      [age, 30],
      [0, 79],
    ] as const
    return curveOf(samples, { falls: 'restarts', runs: [runOf(early, early - lasted), runOf(age, 0)], ...more })
  }
  const what = (curve: Curve, more: Partial<IncidentFacts> = {}) => startByCurve(facts(curve, more))
  test.each([
    ['a peak at eight tenths of the limit', lived(64, 40), 'peak'],
    ['less is neither near nor far', lived(63.9, 40), undefined],
    ['below six tenths it fits', lived(47.9, 40), 'fits'],
    ['at six tenths it does not surely', lived(48, 40), undefined],
    ['what is held after it is a fifth less', lived(70, 56), 'peak'],
    ['more than that is no peak', lived(70, 56.1), undefined],
    ['a start of a quarter of an hour', lived(70, 40, 900), undefined],
    ['another clock', lived(70, 40, 60, { clock: 'local' }), undefined],
    ['a heap', lived(70, 40, 60, { of: 'runtime-heap' }), undefined],
    ['one run only', lived(70, 40, 60, { runs: [runOf(60, 0)] }), undefined],
    ['a run that lasted three times as long', lived(70, 40, 222), 'peak'],
    ['one that did not', lived(70, 40, 223), undefined],
  ] as const)('%s', (_, curve, told) => {
    expect(what(curve)?.what).toBe(told)
  })
  test('page cache makes it unsure, and it says what was reached when', () => {
    expect(what(lived(70, 40))?.sure).toBe(true)
    expect(what(lived(70, 40, 60, { metric: 'usage' }))?.sure).toBe(false)
    const said = saidIn(what(lived(70, 40)))
    expect(said).toContain('a run that got past it reached 70 MiB within 1 min 30 s and held 40 MiB after that')
    expect(said).toContain('was 1 min old')
    expect(saidIn(what(lived(40, 30)))).toContain('held 40 MiB at most at their start')
  })
  test('the start by a line counts before the curve’s; one after the kill is none', () => {
    const started = (ago: number) => ({ started: { value: NOON - ago * 1e6, quote: null } })
    expect(saidIn(what(lived(70, 40), started(50)))).toContain('was 50 s old')
    expect(what(lived(70, 40), started(-1))).toBeNull()
    expect(what(lived(70, 40), started(901))).toBeNull()
  })
})
