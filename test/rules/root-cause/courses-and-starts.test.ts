import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import type { Kill } from '../../../src/model/incident.ts'
import { courseOfNode, riseOnNode, swapByCurve } from '../../../src/rules/root-cause/node-curve.ts'
import { startByCurve } from '../../../src/rules/root-cause/start-curve.ts'
import { nextRunFits, startupPeak } from '../../../src/rules/root-cause/startup-peak.ts'
import { swapExhausted } from '../../../src/rules/root-cause/swap-exhausted.ts'
import { tooManyWorkers } from '../../../src/rules/root-cause/too-many-workers.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, heldBy, MIB, runOf, saidIn } from '../facts-with.ts'
import { globalDump, inPod, killed, makeContainer, makeState, memcgDump, NOON, podWorkload } from '../make-incident.ts'

const host = factsWith(killed(globalDump()))

describe('a machine’s own curves', () => {
  const curve = (metric: 'swap-free' | 'available', mib: readonly number[], more: Partial<Curve> = {}) =>
    curveOf(
      mib.map((one, n) => [(mib.length - 1 - n) * 60, one] as const),
      { of: 'node', metric, ...more },
    )
  const swap = (mib: readonly number[], more: Partial<Curve> = {}) => swapByCurve({ ...host, curves: [curve('swap-free', mib, more)] })
  test('swap that went: to a twentieth, over six samples, from where it last was nine tenths', () => {
    expect(saidIn(swap([100, 95, 90, 50, 20, 5]))).toBe('Its free swap went from 100 MiB to 5 MiB within 3 min')
    expect(saidIn(swap([100, 95, 89, 50, 20, 5]))).toContain('within 4 min')
    expect(swap([100, 95, 90, 50, 20, 5.1])).toBeNull()
    expect(swap([100, 90, 50, 20, 5])).toBeNull()
    expect(swap([0, 0, 0, 0, 0, 0])).toBeNull()
    expect(swap([100, 95, 90, 50, 20, 5], { intervalUs: null })).toBeNull()
    expect(swap([100, 95, 90, 50, 20, 5], { unseenUs: 600e6 })).not.toBeNull()
    expect(swap([100, 95, 90, 50, 20, 5], { unseenUs: 601e6 })).toBeNull()
    expect(swap([100, 95, 90, 50, 20, 5], { unseenUs: 900e6, intervalUs: 300e6 })).not.toBeNull()
    expect(swap([100, 95, 90, 50, 20, 5], { of: 'container' })).toBeNull()
    expect(swap([100, 95, 90, 50, 20, 5])?.quotes.map(({ text }) => text)).toEqual(['first sample', 'second sample'])
  })
  test('makes it sure that swap ran full, where processes held two fifths', () => {
    const of = (anon: number) =>
      swapExhausted.evaluate({
        ...host,
        ...heldBy(host, { anon, slab: 100 - anon }),
        swap: { totalBytes: 512 * MIB, freeBytes: 0 },
        curves: [curve('swap-free', [100, 95, 90, 50, 20, 5])],
      } as never)
    expect([of(40)?.confidence, of(39.9)?.confidence]).toEqual(['high', 'medium'])
  })
  test('what was left went below seven tenths', () => {
    const said = (mib: readonly number[]) => plainPhrase(courseOfNode({ ...host, curves: [curve('available', mib)] }))
    expect(said([100, 80, 69.9])).toContain('had left went from 100 MiB to 69.9 MiB within 2 min')
    expect(said([100, 80, 70])).toBe('')
    expect(said([0, 0, 0])).toBe('')
    expect(plainPhrase(courseOfNode({ ...host, curves: [] }))).toBe('')
  })
  test('who rose: six tenths alone; together where none took more than 45 % and they hold six tenths of it', () => {
    const total = 1000
    const rise = (of: readonly number[], last = 200, machine: number | null = total) =>
      riseOnNode({
        ...host,
        machineAccounting:
          machine === null
            ? null
            : { ...(host.machineAccounting as NonNullable<IncidentFacts['machineAccounting']>), totalBytes: machine * MIB },
        meminfo: null,
        node: null,
        rises: {
          pod: [],
          node: of.map((size, n) => ({
            name: `c${n}`,
            container: 'c',
            riseBytes: size * MIB,
            lastBytes: last * MIB,
            quote: n === 1 ? null : quote(`rise ${n}`),
          })),
        },
      } as never)
    expect(rise([60, 30, 10])).toMatchObject({ alone: true, name: 'c0' })
    expect(rise([59.9, 30, 10.1])).toBeNull()
    expect(rise([45, 30, 25])).toMatchObject({ alone: false })
    expect(rise([45.1, 30, 24.9])).toBeNull()
    expect(rise([40, 35, 25])).toMatchObject({ alone: false })
    expect(rise([40, 35, 25], 199)).toBeNull()
    expect(rise([40, 60])).toBeNull()
    expect(rise([45, 55, 0])).toBeNull()
    expect(rise([30, 10, 10])).toMatchObject({ alone: true })
    expect(rise([29, 10, 10])).toBeNull()
    expect(rise([0, 0, 0])).toBeNull()
    expect(rise([60, 30, 10], 200, null)).toMatchObject({ alone: true })
    expect(rise([40, 35, 25], 200, null)).toBeNull()
    expect(rise([60, 20, 10, 5])?.quotes.map(({ text }) => text)).toEqual(['rise 0', 'rise 2'])
    expect(plainPhrase(rise([45, 30, 25])?.statement ?? [])).toContain('by 100 MiB, 3 containers at once')
  })
})

describe('starts, as a curve shows them', () => {
  /** A run that got past its start, then the one that was killed `age` seconds old. */
  const lived = (peak: number, after: readonly number[], age: number, lasted: number, more: Partial<Curve> = {}): Curve => {
    const early = 5000
    const step = (lasted - 1.5 * age) / after.length
    return curveOf(
      [
        [early, peak],
        ...after.map((mib, n) => [early - 1.5 * age - (n + 1) * step + (n === after.length - 1 ? 0 : 1), mib] as const),
        [age, 30],
        [0, 79],
      ],
      { falls: 'restarts', runs: [runOf(early, early - lasted), runOf(age, 0)], ...more },
    )
  }
  const told = (curve: Curve, more: Partial<IncidentFacts> = {}) =>
    startByCurve(factsWith(inPod(memcgDump()), { curves: [curve], ...more }))
  const four = [40, 41, 42, 43]
  test('the middle of what came after, of four samples at least', () => {
    expect(saidIn(told(lived(70, four, 60, 400)))).toContain('held 42 MiB after that')
    expect(told(lived(70, [40, 41, 42], 60, 400))).toBeNull()
    expect(told(lived(70, four, 60, 270))?.what).toBe('peak')
    expect(told(lived(70, four, 60, 269))).toBeNull()
  })
  test('a quarter of an hour old at most, and not before its start', () => {
    expect(told(lived(70, four, 900, 4050))?.what).toBe('peak')
    expect(told(lived(70, four, 901, 4060))).toBeNull()
    const started = (ago: number) => ({ started: { value: NOON - ago * 1e6, quote: null } })
    expect(told(lived(70, four, 60, 400), started(0))).not.toBeUndefined()
    expect(told(lived(70, four, 60, 400), started(-1))).toBeNull()
    expect(told(lived(70, four, 60, 400, { runs: [runOf(60, 0)] }))).toBeNull()
    expect(told(lived(70, four, 60, 400), { kill: null })).toBeNull()
    expect(told(lived(70, four, 60, 400), { memcgLimit: null })?.what).toBe('peak')
    expect(told(lived(70, four, 60, 400, { limitBytes: null }), { memcgLimit: null })).toBeNull()
  })
  test('of several that fit the most is told, and it is never sure', () => {
    const runs = [runOf(5000, 4000), runOf(3000, 2000), runOf(60, 0)]
    const samples = [5000, 3000].flatMap(
      (from, n) => [[from, 30 + 10 * n], ...[200, 400, 600, 800].map((at) => [from - at, 20])] as [number, number][],
    )
    const fits = told(curveOf([...samples, [60, 30], [0, 79]], { falls: 'restarts', runs }))
    expect(fits).toMatchObject({ what: 'fits', sure: false })
    expect(saidIn(fits)).toContain('held 40 MiB at most at their start')
    const peaks = samples.map(([at, mib]) => [at, mib >= 30 ? mib + 36 : mib] as const)
    const peak = told(curveOf([...peaks, [60, 30], [0, 79]], { falls: 'restarts', runs }))
    expect(saidIn(peak)).toContain('2 runs that got past it reached 76 MiB')
    expect(peak?.sure).toBe(true)
    expect(
      startupPeak.evaluate(
        factsWith(inPod(memcgDump()), { curves: [curveOf([...peaks, [60, 30], [0, 79]], { falls: 'restarts', runs })] }) as never,
      ),
    ).toMatchObject({ confidence: 'high' })
  })
})

describe('a peak at start', () => {
  const started = (ago: number) => ({ started: { value: NOON - ago * 1e6, quote: quote('started') } })
  const facts = factsWith(inPod(memcgDump()), started(20))
  const told = (more: Partial<IncidentFacts>) => startupPeak.evaluate({ ...facts, ...more } as never)
  test('not where half of it is files in memory', () => {
    expect(told(heldBy(facts, { anon: 50, shmem: 50 }))).not.toBeNull()
    expect(told(heldBy(facts, { anon: 49.9, shmem: 50.1 }))).toBeNull()
  })
  test('not where its container outlived the kill by more than ten seconds, or the next run fits', () => {
    const ended = (delay: number | null) =>
      told({
        container: makeContainer({
          lastState: makeState({
            kind: 'terminated',
            reason: 'OOMKilled',
            startedUs: NOON - 20e6,
            finishedUs: delay === null ? null : NOON + delay * 1e6,
          }),
        }),
      })
    expect(ended(10)).not.toBeNull()
    expect(ended(11)).toBeNull()
    expect(
      told({
        container: makeContainer({ state: makeState({ startedUs: NOON + 3e6 }), ready: true, restartCount: { value: 1, quote: null } }),
      }),
    ).toBeNull()
  })
  test('the next run: how often it was started need not be known', () => {
    const next = (more: Parameters<typeof makeContainer>[0], of = facts) =>
      nextRunFits({ ...of, container: makeContainer({ state: makeState({ startedUs: NOON + 3e6 }), ready: true, ...more }) })
    expect(next({ restartCount: null })).toBe(true)
    expect(next({ state: null })).toBe(false)
    expect(next({ state: makeState({ startedUs: null }) })).toBe(false)
    expect(next({ state: makeState({ startedUs: NOON - 2_000_000 }) })).toBe(true)
    expect(next({ state: makeState({ startedUs: NOON - 2_000_001 }) })).toBe(false)
    expect(next({}, { ...facts, kill: null })).toBe(false)
    expect(nextRunFits({ ...facts, container: null })).toBe(false)
    expect(next({ state: makeState({ kind: 'waiting', startedUs: NOON + 3e6 }) })).toBe(false)
  })
})

describe('workers', () => {
  const rows = (sizes: readonly number[], comm: (n: number) => string) =>
    sizes.map((mib, n) => ({ pid: 100 + n, rss: mib * 256, anon: mib * 256, comm: comm(n) }))
  const of = (facts: IncidentFacts) => tooManyWorkers.evaluate(facts as never)
  test('a name with numbers stands for all that begin so', () => {
    const numbered = factsWith(
      killed(
        memcgDump(
          {},
          { anon: 74 * MIB },
          rows([18, 18, 18, 18], (n) => `worker-${n}`),
        ),
      ),
    )
    expect(of(numbered)?.evidence.map(({ text }) => text)).toEqual(expect.arrayContaining(['[ 100] worker-0', '[ 101] worker-1']))
    expect(of(numbered)?.evidence.map(({ text }) => text)).not.toContain('[ 102] worker-2')
  })
  test('under the limit of all pods they may be many pods’', () => {
    const two = (level: string, podUid: string | null, comm = 'gunicorn') => {
      const facts = factsWith(
        inPod(
          memcgDump(
            {},
            { anon: 74 * MIB },
            rows([18, 18, 18, 18], () => 'gunicorn'),
          ),
          {},
          { comm: 'gunicorn' },
        ),
      )
      const [death] = facts.incident.kills
      const kills = [death, { ...(death as Kill), comm, workload: { ...podWorkload, podUid } }] as Kill[]
      return of({ ...facts, limitCgroup: { ...(facts.limitCgroup as object), level } as never, incident: { ...facts.incident, kills } })
    }
    expect(two('kubepods', 'another')).toBeNull()
    expect(two('qos', 'another')).toBeNull()
    expect(two('container', 'another')).not.toBeNull()
    expect(two('kubepods', null)).not.toBeNull()
    expect(two('kubepods', 'another', 'java')).not.toBeNull()
  })
  test('what fills: the limit, or the machine', () => {
    expect(
      saidIn(
        of(
          factsWith(
            killed(
              memcgDump(
                {},
                {},
                rows([18, 18, 18, 18], () => 'gunicorn'),
              ),
            ),
          ),
        ),
      ),
    ).toContain('fills the limit.')
    expect(
      saidIn(
        of(
          factsWith(
            killed(
              globalDump(
                {},
                {},
                rows([180, 180, 180, 180], () => 'gunicorn'),
              ),
            ),
          ),
        ),
      ),
    ).toContain('fills the machine.')
  })
})
