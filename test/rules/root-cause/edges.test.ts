import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { RuntimeEvent } from '../../../src/model/event.ts'
import type { Kill } from '../../../src/model/incident.ts'
import { leakByCurve, lowLimitByCurve } from '../../../src/rules/root-cause/curve.ts'
import { hostProcessGrowth } from '../../../src/rules/root-cause/host-process-growth.ts'
import { hugepageReservation } from '../../../src/rules/root-cause/hugepage-reservation.ts'
import { nodeOvercommitted } from '../../../src/rules/root-cause/node-overcommitted.ts'
import { noisySidecar } from '../../../src/rules/root-cause/noisy-sidecar.ts'
import { overcommitRefusal } from '../../../src/rules/root-cause/overcommit-refusal.ts'
import { pageCachePressure } from '../../../src/rules/root-cause/page-cache-pressure.ts'
import { runtimeHeapFillsLimit } from '../../../src/rules/root-cause/runtime-heap-fills-limit.ts'
import { unknownCause } from '../../../src/rules/root-cause/unknown.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeRow, quote } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, HOUR, heldBy, MIB, runOf, saidIn, textsOf } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  inPod,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  placed,
  podWorkload,
} from '../make-incident.ts'

const host = factsWith(killed(globalDump()))
const group = factsWith(inPod(memcgDump()))

describe('huge pages, at the boundaries themselves', () => {
  const accounting = host.machineAccounting as NonNullable<IncidentFacts['machineAccounting']>
  const told = (pool: number, idle: number) =>
    hugepageReservation.evaluate({
      ...host,
      machineAccounting: {
        ...accounting,
        totalBytes: 100 * MIB,
        classes: [{ id: 'hugepages', kernelName: 'hugepages', bytes: pool * MIB }],
        details: { hugepages_free: idle * MIB },
      },
    } as never)
  test.each([
    [25, 10, 'medium'],
    [24.9, 10, undefined],
    [25, 9.9, undefined],
    [50, 9.9, 'medium'],
    [49.9, 9.9, undefined],
    [25, 20, 'high'],
    [25, 19.9, 'medium'],
  ])('a pool of %d with %d idle', (pool, idle, confidence) => {
    expect(told(pool, idle)?.confidence).toBe(confidence)
  })
  test('a tenth that is idle is much', () => {
    expect(saidIn(told(25, 10))).toContain('and 10 MiB of that is unused')
    expect(saidIn(told(60, 9.9))).toContain('nearly all in use')
    expect(saidIn(told(120, 9.9))).toContain(
      '120 MiB (100 %) of the memory is reserved as huge pages, nearly all in use: ordinary processes share the 0 B',
    )
  })
})

describe('a process of the host, at the boundaries themselves', () => {
  const service = factsWith(killed(globalDump({ taskMemcg: '/system.slice/a.service' })))
  const told = (mib: number, more: Parameters<typeof heldBy>[2] = {}, swap = 0) => {
    const row = service.composition?.largest?.row ?? makeRow({ rss: 1 })
    return hostProcessGrowth.evaluate({
      ...service,
      ...heldBy(
        service,
        { anon: mib },
        {
          scope: 'machine',
          totalBytes: 100 * MIB,
          largest: { row, bytes: mib * MIB, swapBytes: swap * MIB, exact: true },
          second: null,
          ...more,
        },
      ),
    } as never)
  }
  test('beside as much in no counter it may be the cause', () => {
    expect(told(30, { unaccountedBytes: 30 * MIB })).not.toBeNull()
    expect(told(30, { unaccountedBytes: 30 * MIB + 1 })).toBeNull()
    expect(told(30, { unaccountedBytes: 31 * MIB }, 1)).not.toBeNull()
    expect(told(30, { scope: 'part' })).toBeNull()
    expect(told(30, { largest: null })).toBeNull()
    expect(saidIn(told(30))).not.toContain('in swap')
    expect(saidIn(told(30, {}, 1))).toContain('and 1 MiB in swap')
    expect(saidIn(told(120))).toContain('100 % of what the machine can use')
  })
})

describe('heaps and sizes', () => {
  test('a parent that forked held its ceiling where it held 95 % of it', () => {
    const told = (mib: number) => {
      const rows = [mib, mib * 0.9].map((one, n) => ({ pid: 100 + n, rss: one * 256, anon: one * 256, comm: 'redis-server' }))
      const container = makeContainer({ command: ['redis-server', '--maxmemory', '70mb'] })
      return runtimeHeapFillsLimit.evaluate(
        factsWith(inPod(memcgDump({}, {}, rows), { pods: [makePod([container])] }, { comm: 'redis-server' })) as never,
      )
    }
    expect(told(66.5)).not.toBeNull()
    expect(told(66.4)).toBeNull()
  })
  test('where its ceiling is lowered, its program is not bounded a second time', () => {
    const advice = (flag: string) => {
      const container = makeContainer({ env: { JAVA_OPTS: flag } })
      return textsOf(runtimeHeapFillsLimit.recommend?.(factsWith(inPod(memcgDump(), { pods: [makePod([container])] })) as never) ?? [])
    }
    expect(advice('-Xmx80m').some((one) => one.startsWith('Lower the maximum of the heap'))).toBe(true)
    expect(advice('-Xmx80m').some((one) => one.includes('Or, if the program needs that much,'))).toBe(true)
    expect(advice('-Xmx80m').some((one) => one.startsWith('Bound'))).toBe(false)
    expect(advice('-server').some((one) => one.startsWith('Lower the maximum'))).toBe(false)
    expect(advice('-server').some((one) => one.includes('Or, if the program'))).toBe(false)
    expect(advice('-server').some((one) => one.startsWith('Bound'))).toBe(true)
  })
})

describe('refusals of old kernels, and of some of several', () => {
  const refused = (runtime: RuntimeEvent['runtime']) =>
    placed<RuntimeEvent>(0, {
      kind: 'runtime',
      runtime,
      what: 'allocation-refused',
      detail: null,
      heapUsedBytes: null,
      heapLimitBytes: null,
      pid: null,
      program: null,
      target: null,
    })
  const facts = (context: ReturnType<typeof refused>[], release: string | null = null): IncidentFacts => ({
    ...factsWith(makeIncident({ nature: 'refused-allocation', context })),
    meminfo: null,
    sysctl: { 'vm.overcommit_memory': { value: '0', quote: quote('mode') } },
    dump: release === null ? null : { ...(host.dump as NonNullable<IncidentFacts['dump']>), release },
  })
  const first = (of: IncidentFacts) => textsOf(overcommitRefusal.recommend?.(of as never) ?? [])[0]
  test('one of Redis among others is Redis’', () => {
    expect(first(facts([refused('jvm'), refused('redis')]))).toContain('that runs Redis')
    expect(first(facts([refused('jvm')]))).not.toContain('Redis')
  })
  test('from 5.2 on mode 0 refuses what is more than all memory and swap', () => {
    expect(first(facts([refused('jvm')], '5.2.0'))).toContain('larger than all memory and swap together')
    expect(first(facts([refused('jvm')], '5.1.0'))).toContain('larger than all that was free or could be reclaimed')
    expect(first(facts([refused('jvm')]))).toContain('larger than all memory and swap together')
  })
})

describe('others', () => {
  test('page cache of whom', () => {
    const said = (facts: IncidentFacts) =>
      saidIn(
        pageCachePressure.evaluate({
          ...facts,
          ...heldBy(facts, { file: 60, anon: 9 }, { scope: facts.composition?.scope ?? 'memcg' }),
        } as never),
      )
    expect(said(group)).toContain('of what container api of pod shop/api-7c9d4 held')
    expect(said(host)).toContain('of what node-1 held')
  })
  test('a request of exactly five sixths of what was held is told', () => {
    const told = (count: number, mib: number, comm = 'svc') => {
      const facts = {
        ...group,
        limitCgroup: { ...(group.limitCgroup as object), level: 'kubepods' } as never,
        kill: { ...(group.kill as Kill), comm: 'svc' },
      }
      return saidIn(
        nodeOvercommitted.evaluate({
          ...facts,
          ...heldBy(group, { anon: 100 }, { groups: [{ comm, count, bytes: mib * MIB }] }),
          container: makeContainer({ requestBytes: { value: 10 * MIB, quote: quote('r') } }),
        } as never),
      )
    }
    expect(told(1, 12)).toContain('api requests 10 MiB and held 12 MiB.')
    expect(told(2, 24)).toContain('and held 12 MiB, 2 of them here')
    expect(told(2, 23.9)).not.toContain('requests 10')
    expect(told(2, 24, 'other')).not.toContain('requests 10')
  })
  test('a sidecar whose pod’s containers did not grow', () => {
    const path = CONTAINER_PATH.replace(/\/[^/]+$/, '')
    const facts = factsWith(inPod(memcgDump({ oomMemcg: path }), {}, { workload: { ...podWorkload, container: 'envoy' } }), {
      pod: makePod([makeContainer({ name: 'envoy' }), makeContainer()]),
      container: null,
    })
    const told = (...mib: number[]) =>
      noisySidecar.evaluate({
        ...facts,
        rises: {
          node: [],
          pod: mib.map((one, n) => ({ name: 'x', container: n === 0 ? 'api' : 'envoy', riseBytes: one * MIB, lastBytes: 0, quote: null })),
        },
      } as never)
    expect(told(0, 0)?.confidence).toBe('medium')
    expect(told(-5, 0)?.confidence).toBe('medium')
    expect(told(50)?.confidence).toBe('medium')
    expect(told(50, 10)).toBeNull()
  })
  test('a heap that stood still is quoted by one sample beside what grew; a level by two', () => {
    const still = curveOf(
      [
        [20 * HOUR, 20],
        [0, 20],
      ],
      {
        of: 'runtime-heap',
        metric: 'heap-after-gc',
        shape: 'flat',
        slopeBytesPerHour: 0,
        quotes: [quote('heap 0', 170), quote('heap 1', 171)],
      },
    )
    const grown = curveOf([
      [20 * HOUR, 20],
      [0, 78],
    ])
    const told = leakByCurve({ ...group, curves: [grown, still] })
    expect(told?.evidence.map(({ text }) => text)).toEqual(['first sample', 'second sample', 'heap 0', 'Killed process 100 (java)'])
    const level = curveOf(
      [
        [2 * HOUR, 72],
        [0, 72],
      ],
      { shape: 'plateau', slopeBytesPerHour: 0 },
    )
    expect(lowLimitByCurve({ ...group, curves: [level] })?.evidence.map(({ text }) => text)).toEqual([
      'first sample',
      'second sample',
      'Killed process 100 (java)',
    ])
    expect(plainPhrase(lowLimitByCurve({ ...group, curves: [{ ...level, metric: 'usage' }] })?.against ?? [])).toContain(
      'would have dropped first',
    )
    expect(lowLimitByCurve({ ...group, curves: [level] })?.against).toBeNull()
    expect(saidIn(lowLimitByCurve({ ...group, curves: [level] }))).toContain('held its level for')
  })
  test('what needs the most at its start only neither leaks nor has too low a limit', () => {
    const runs = [runOf(5000, 4000), runOf(60, 0)]
    const start = (shape: 'growth' | 'plateau') =>
      curveOf([[5000, 70], ...[200, 400, 600, 800].map((at) => [5000 - at, 30] as const), [60, 40], [0, 79]], {
        shape,
        falls: 'restarts',
        runs,
        slopeBytesPerHour: 2 * MIB,
      })
    expect(leakByCurve({ ...group, curves: [start('growth')] })).toBeNull()
    expect(lowLimitByCurve({ ...group, curves: [start('plateau')] })).toBeNull()
  })
  test('where no cause is known: what is in there, or the log', () => {
    const advice = (facts: IncidentFacts) => textsOf(unknownCause.recommend?.(facts as never) ?? [])
    expect(advice(group)[0]).toContain('See what is in container api of pod shop/api-7c9d4 when it is near its limit of 80 MiB')
    expect(advice(host).join(' ')).not.toContain('See what is in')
    expect(advice({ ...group, limitCgroup: { ...(group.limitCgroup as object), level: 'kubepods' } as never }).join(' ')).not.toContain(
      'See what is in',
    )
    expect(advice(factsWith(makeIncident({ kills: [makeDeath(null)] }))).join(' ')).not.toContain('See what is in')
    const unit = factsWith(killed(memcgDump({ oomMemcg: '/system.slice/a.service', taskMemcg: '/system.slice/a.service' })))
    expect(unknownCause.recommend?.(unit as never)[0]?.command).toBe(
      'systemd-cgls -u a.service; systemctl show a.service -p MemoryCurrent -p MemoryMax',
    )
    expect(unknownCause.recommend?.(group as never)[0]?.command).toBeNull()
    expect(saidIn(unknownCause.evaluate({ ...host, hadRoom: true } as never))).toContain('much of the memory was free')
  })
})
