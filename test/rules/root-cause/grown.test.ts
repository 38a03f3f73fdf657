import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Answer } from '../../../src/model/diagnosis.ts'
import type { Incident } from '../../../src/model/incident.ts'
import { byShare } from '../../../src/rules/consumer/held.ts'
import { isOneOfTwo, largestShare } from '../../../src/rules/consumer/process-share.ts'
import { nodeOvercommitted } from '../../../src/rules/root-cause/node-overcommitted.ts'
import { processOutgrewLimit } from '../../../src/rules/root-cause/process-outgrew-limit.ts'
import { unboundedWorkload } from '../../../src/rules/root-cause/unbounded-workload.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter, quote, type RowFigures } from '../../kernel/make-dump.ts'
import { factsWith, HOUR, MIB, saidIn } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  NOON,
} from '../make-incident.ts'
import { evicted } from '../root-cause-cases.ts'

type Told = Omit<Answer, 'id'> | null
const outgrew = (incident: Incident, more: Partial<IncidentFacts> = {}): Told =>
  processOutgrewLimit.evaluate(factsWith(incident, more) as never)
const promised = (incident: Incident, more: Partial<IncidentFacts> = {}): Told =>
  nodeOvercommitted.evaluate(factsWith(incident, more) as never)
const unbound = (incident: Incident, more: Partial<IncidentFacts> = {}): Told =>
  unboundedWorkload.evaluate(factsWith(incident, more) as never)
const at = (bytes: number) => ({ anonRssBytes: bytes })

describe('a process outgrew its limit', () => {
  const one = (mib: number, more: Partial<RowFigures> = {}, others: RowFigures[] = []) =>
    inPod(memcgDump({}, {}, [{ rss: mib * 256, anon: mib * 256, adj: 936, ...more }, ...others]), {}, at(mib * MIB))
  test('it held a fifth of the limit at least', () => {
    expect(outgrew(one(16))?.confidence).toBe('medium')
    expect(outgrew(one(15.9))).toBeNull()
    expect(saidIn(outgrew(one(40)))).toContain('it alone held 40 MiB, 50 % of 80 MiB')
    expect(saidIn(outgrew(one(90)))).toContain('100 % of 80 MiB')
  })
  test('memory and swap together count against their common limit', () => {
    const both = (swap: number) =>
      inPod(
        memcgDump({ cgroupVersion: 1, swap: null, memory: counter(20_000, 60_000), memorySwap: counter(81_920, 81_920, 9) }, {}, [
          { rss: 2560, anon: 2560, swap, adj: 936 },
        ]),
        {},
        { ...at(10 * MIB), swapBytes: null },
      )
    expect(factsWith(both(0)).memcgLimit?.of).toBe('memory+swap')
    expect(outgrew(both(6 * 256))).not.toBeNull()
    expect(outgrew(both(5 * 256))).toBeNull()
    expect(saidIn(outgrew(both(30 * 256)))).toContain('it alone held 10 MiB and 30 MiB in swap, 50 % of 80 MiB')
  })
  test('swap is called full at 98 % of it', () => {
    const swapped = (used: number) =>
      inPod(memcgDump({ swap: counter(used, 10_000) }, {}, [{ rss: 10_240, anon: 10_240, swap: 2560, adj: 936 }]), {}, at(40 * MIB))
    expect(saidIn(outgrew(swapped(9_800)))).toContain('10 MiB in swap (which was full too)')
    expect(saidIn(outgrew(swapped(9_799)))).toContain('10 MiB in swap, 50 %')
  })
  test('a machine’s swap is full at 98 %, too, and three tenths of a machine must be held', () => {
    const on = (share: number, freeShare: number) => {
      const dump = globalDump({}, {}, [{ rss: 10, anon: 10 }])
      const info = {
        ...(dump.memInfo as NonNullable<typeof dump.memInfo>),
        totalSwapBytes: 1000 * MIB,
        freeSwapBytes: freeShare * 1000 * MIB,
      }
      const total = factsWith(killed(dump)).machineAccounting?.totalBytes ?? 0
      const pages = Math.ceil((share * total) / 4096)
      return outgrew(killed(globalDump({ memInfo: info }, {}, [{ rss: pages, anon: pages, swap: 256 }]), {}, at(pages * 4096)))
    }
    expect(saidIn(on(0.4, 0.02))).toContain('(which was full too)')
    expect(saidIn(on(0.4, 0.021))).not.toContain('full')
    expect(on(0.3, 0)?.confidence).toBe('low')
    expect(on(0.299, 0)).toBeNull()
  })
  test('most of it in files in memory or kernel memory is no process that grew', () => {
    const held = (stats: Record<string, number>) => outgrew(inPod(memcgDump({}, stats)))
    expect(held({ anon: 38 * MIB, file: 40 * MIB, shmem: 39 * MIB, kernel: MIB, slab: 0 })).not.toBeNull()
    expect(held({ anon: 36 * MIB, file: 43 * MIB, shmem: 42 * MIB, kernel: MIB, slab: 0 })).toBeNull()
    expect(held({ anon: 36 * MIB, file: 0, kernel: 43 * MIB, slab: 42 * MIB })).toBeNull()
  })

  const small: RowFigures = { pid: 50, rss: 256, anon: 256, comm: 'sh', adj: 936 }
  const dying = (own: number, largest: number) =>
    inPod(
      memcgDump({}, {}, [
        { ...small, pid: 100, rss: own, anon: own },
        { pid: 7, rss: largest, anon: largest, comm: 'java', adj: 936 },
      ]),
      {},
      {
        comm: 'sh',
        anonRssBytes: own * 4096,
      },
    )
  test('the largest by a fifth grew, whoever died', () => {
    expect(saidIn(outgrew(dying(8_000, 9_601)))).toMatch(/^java \(PID 7\).* outgrew .*; sh.* was killed\./)
    expect(saidIn(outgrew(dying(8_000, 9_600)))).toMatch(/^sh outgrew/)
    expect(outgrew(dying(8_000, 9_601))?.evidence.map(({ text }) => text)).toContain('[ 7] java')
    expect(outgrew(dying(8_000, 9_600))?.evidence.map(({ text }) => text)).not.toContain('[ 7] java')
  })
  test('one of many of a name: the others held half of it at most', () => {
    const many = (...sizes: number[]) =>
      saidIn(
        outgrew(
          one(
            60,
            {},
            sizes.map((rss, n) => ({ pid: 200 + n, rss, anon: rss, adj: 936 })),
          ),
        ),
      )
    expect(many(100, 7_680)).toContain('It is one of 3 (PID 100); the others held 30 MiB at most')
    expect(many(100, 7_681)).not.toContain('It is one of')
    expect(many(100)).not.toContain('It is one of')
    expect(many(100, 0)).not.toContain('It is one of')
  })
  test('its fellows together are told where they held half as much again', () => {
    const with2 = (others: number) =>
      saidIn(
        outgrew(
          one(
            30,
            {},
            [1, 2].map((n) => ({ pid: 200 + n, rss: others, anon: others, adj: 936 })),
          ),
        ),
      )
    expect(with2(30 * 64 + 1)).toContain('the 3 processes of that name held 45')
    expect(with2(30 * 64)).not.toContain('of that name')
    const beside = (pages: number) => saidIn(outgrew(one(40, {}, [{ pid: 8, rss: pages, anon: pages, comm: 'python3', adj: 936 }])))
    expect(beside(40 * 256 * 0.68)).toMatch(/; python3 \(PID 8\).* held 27/)
    expect(beside(40 * 256 * 0.66)).toContain('; beside it python3 held 26')
    expect(beside(40 * 256 * 0.4)).toContain('; beside it python3 held 16 MiB')
    expect(beside(40 * 256 * 0.4 - 1)).not.toContain('python3')
  })
  test('a limit that fitted for hours: a leak or a peak; else nothing is ruled out', () => {
    const lived = (seconds: number) => outgrew(one(70), { started: { value: NOON - seconds * 1e6, quote: null } })
    expect(saidIn(lived(6 * HOUR))).toContain('It had run for 6 h under that limit')
    expect(saidIn(lived(6 * HOUR - 1))).toContain('One report does not tell whether the limit is too low')
    const twice = makeIncident({
      kills: [0, 60].map((s) => makeDeath(memcgDump(), { at: instantAt(s), eventKey: `r${s}`, memcg: CONTAINER_PATH })),
    })
    expect(saidIn(outgrew(twice))).toContain('These reports alone do not tell')
    expect(saidIn(outgrew(killed(globalDump())))).toContain('or needs a larger machine')
  })
  test('without figures a sandbox, or what is below 1 MiB, outgrew nothing', () => {
    const bare = (bytes: number, comm = 'java') =>
      outgrew(killed(memcgDump({ memory: null, stats: [], tasks: [] }), {}, { comm, anonRssBytes: bytes, memcg: CONTAINER_PATH }))
    expect(bare(MIB)).not.toBeNull()
    expect(bare(MIB - 1)).toBeNull()
    expect(bare(50 * MIB, 'pause')).toBeNull()
    expect(saidIn(bare(50 * MIB))).toContain('it held 50 MiB')
  })
  test('on a machine without figures only the second death tells: ten times the first, and 256 MiB', () => {
    const two = (first: number, second: number) => {
      const dump = globalDump({ memInfo: null, tasks: [] })
      const bare = { ...dump, memInfo: null }
      return outgrew(
        makeIncident({
          kills: [
            makeDeath(bare, { anonRssBytes: first * MIB, comm: 'sh', pid: 5 }),
            makeDeath(bare, { anonRssBytes: second * MIB, comm: 'java', pid: 6, at: instantAt(3), eventKey: 'b' }),
          ],
        }),
        { composition: null, machineAccounting: null },
      )
    }
    expect(saidIn(two(25, 256))).toMatch(/^java \(PID 6\).* outgrew the memory of .*it held 256 MiB; sh \(PID 5\) was killed first\./)
    expect(two(25, 255)).toBeNull()
    expect(two(26, 259)).toBeNull()
    expect(two(26, 260)).not.toBeNull()
  })
  test('the next run shows that its start fits, where it died within 90 s of it', () => {
    const next = (age: number, ready: boolean | null = true) =>
      saidIn(
        outgrew(
          inPod(memcgDump(), {
            pods: [
              makePod([makeContainer({ state: makeState({ startedUs: NOON + 3e6 }), ready, restartCount: { value: 1, quote: null } })]),
            ],
          }),
          { started: { value: NOON - age * 1e6, quote: null } },
        ),
      )
    expect(next(90)).toContain('the next run, under the same limit, is Ready')
    expect(next(91)).not.toContain('next run')
    expect(next(90, false)).not.toContain('next run')
  })
  test('a heap that may grow, and what lies outside of it', () => {
    const heap = (flag: string) => saidIn(outgrew(inPod(memcgDump(), { pods: [makePod([makeContainer({ env: { JAVA_OPTS: flag } })])] })))
    expect(heap('-Xmx80m')).toContain('Its heap may grow to 80 MiB (-Xmx80m)')
    expect(heap('-Xmx74m')).toContain('Its heap may grow to 74 MiB')
    expect(heap('-Xmx44m')).toContain('Its heap is at most 44 MiB (-Xmx44m), so at least 30 MiB lie outside')
  })
  test('a status alone: low, and only of a container with a limit', () => {
    const status = (limit: boolean) =>
      outgrew(
        makeIncident({
          kills: [makeDeath(null, { workload: inPod(memcgDump()).kills[0]?.workload ?? null, comm: null, pid: null })],
          pods: [makePod([makeContainer(limit ? {} : { limitBytes: null })])],
        }),
      )
    expect(status(true)).toMatchObject({ confidence: 'low' })
    expect(saidIn(status(true))).toContain('outgrew the limit of 80 MiB: its status says OOMKilled.')
    expect(status(false)).toBeNull()
  })
})

describe('who held the most', () => {
  const facts = factsWith(inPod(memcgDump()))
  test.each([
    [0.349, 'low'],
    [0.35, 'medium'],
    [0.499, 'medium'],
    [0.5, 'high'],
  ] as const)('a share of %d is %s', (share, confidence) => {
    expect(byShare(facts, share)).toBe(confidence)
    expect(byShare({ ...facts, trust: 'medium' }, share)).toBe(confidence === 'high' ? 'medium' : confidence)
  })
  test('two of about one size: two thirds', () => {
    const two = (second: number) =>
      isOneOfTwo(
        factsWith(
          inPod(
            memcgDump({}, {}, [
              { rss: 10_000, anon: 10_000 },
              { pid: 9, rss: second, anon: second, comm: 'b' },
            ]),
          ),
        ).composition as never,
      )
    expect([two(6_700), two(6_699)]).toEqual([true, false])
  })
  test('its swap is counted on both sides', () => {
    const f = factsWith(
      inPod(
        memcgDump({}, { anon: 40 * MIB }, [
          { rss: 5_120, anon: 5_120, swap: 2_560 },
          { pid: 9, rss: 256, anon: 256, swap: 2_560, comm: 'b' },
        ]),
      ),
    )
    const share = largestShare(f, f.composition as never)
    expect(share).toMatchObject({ comm: 'java', pid: 100, bytes: 20 * MIB, swapBytes: 10 * MIB, ofAnon: 0.5 })
    expect(share?.ofUsed).toBeCloseTo(0.25, 5)
  })
})

describe('more promised than the node has', () => {
  const hosts = (...sizes: number[]) =>
    killed(
      globalDump(
        {},
        { active_anon: 220_000 },
        sizes.map((rss, n) => ({ pid: 100 + n, rss, anon: rss, comm: ['mysqld', 'clamd', 'java'][n] ?? 'x' })),
      ),
    )
  test('several programs, none of which holds six tenths, the second a tenth at least', () => {
    expect(promised(hosts(60_000, 30_000, 10_000))?.confidence).toBe('medium')
    expect(promised(hosts(60_001, 30_000, 9_990))).toBeNull()
    expect(promised(hosts(60_000, 40_000))).not.toBeNull()
    expect(saidIn(promised(hosts(60_000, 40_000)))).not.toContain('java')
    expect(saidIn(promised(hosts(60_000, 30_000, 10_000)))).toMatch(/mysqld held 234 MiB, clamd 117 MiB, java 39/)
    expect(
      promised(
        killed(
          globalDump(
            {},
            { active_anon: 220_000 },
            Array.from({ length: 12 }, (_, n) => ({
              pid: 100 + n,
              rss: n === 0 ? 10_000 : 9_000,
              anon: n === 0 ? 10_000 : 9_000,
              comm: `prog-${'abcdefghijkl'[n]}`,
            })),
          ),
        ),
      ),
    ).toBeNull()
    expect(promised(hosts(60_000))).toBeNull()
  })
  const node = (limits: number | null, size: number | null = 1800 * MIB) =>
    ({
      name: 'node-1',
      allocated: { requestsBytes: 900 * MIB, limitsBytes: size, requestsPercent: 95, limitsPercent: limits, quote: quote('memory 900Mi') },
    }) as never
  const shared = inPod(
    memcgDump(
      { oomMemcg: '/kubepods.slice' },
      {},
      [0, 1, 2].map((n) => ({ pid: 100 + n, rss: 6_000, anon: 6_000, comm: `svc${'abc'[n]}`, adj: 936 })),
    ),
  )
  test('limits beyond what is allocatable prove it of the pods’ own group', () => {
    expect(promised(shared, { node: node(101) })).toMatchObject({ confidence: 'high', against: null })
    expect(promised(shared, { node: node(100) })?.confidence).toBe('medium')
    expect(plainPhrase(promised(shared, { node: node(100) })?.against ?? [])).toContain('The sum of the limits is below')
    expect(plainPhrase(promised(shared, { node: null })?.against ?? [])).toContain('is not in the input')
    expect(saidIn(promised(shared, { node: node(190) }))).toContain(
      'requests add up to 900 MiB (95 %) of allocatable, their limits to 1.76 GiB (190 %)',
    )
    expect(saidIn(promised(shared, { node: node(190, null) }))).toContain('their limits to 190 %')
    expect(saidIn(promised(shared, { node: node(null) }))).toContain('their limits to 1.76 GiB.')
  })
  test('a sum that is not told is not 0', () => {
    const row = { requestsBytes: null, limitsBytes: null, requestsPercent: null, limitsPercent: null }
    const told = (more: object) =>
      saidIn(promised(shared, { node: { name: 'node-1', allocated: { ...row, quote: quote('m'), ...more } } as never }))
    expect(told({ requestsBytes: 900 * MIB, requestsPercent: 95 })).toContain(
      'may use: their requests add up to 900 MiB (95 %) of allocatable.',
    )
    expect(told({ limitsPercent: 190 })).toContain('may use: their limits add up to 190 % of allocatable.')
    expect(told({ requestsPercent: 0, limitsPercent: 0 })).toContain('their requests add up to 0 % of allocatable, their limits to 0 %.')
    expect(told({})).toMatch(/may use\.$/)
  })
  test('a container that held a fifth more than it requests is told', () => {
    const asks = (mib: number) =>
      saidIn(
        promised(shared, {
          node: node(190),
          kill: { ...(shared.kills[0] as never as object), comm: 'svca' } as never,
          container: makeContainer({ requestBytes: { value: mib * MIB, quote: quote('r') } }),
        }),
      )
    const each = 6_000 / 256
    expect(asks(each / 1.2 - 0.01)).toContain('api requests')
    expect(asks(each / 1.2 + 0.01)).not.toContain('requests 1')
  })
  test('how many such there were', () => {
    const many = (count: number) => {
      const rows = Array.from({ length: 3 }, (_, n) => ({
        pid: 100 + n,
        rss: 6_000,
        anon: 6_000,
        comm: n < count ? 'svca' : 'svcb',
        adj: 936,
      }))
      const incident = inPod(memcgDump({ oomMemcg: '/kubepods.slice' }, {}, rows), {}, { comm: 'svca' })
      return saidIn(promised(incident, { container: makeContainer({ requestBytes: { value: MIB, quote: quote('r') } }) }))
    }
    expect(many(2)).toContain('api requests 1 MiB and held 23.4 MiB, 2 of them here')
    expect(many(1)).not.toContain('of them here')
  })
  test('an evicted pod that held less than a fifth of the node', () => {
    expect(promised(evicted(194))).toMatchObject({ confidence: 'medium', against: null })
    expect(promised(evicted(195))).toBeNull()
    expect(saidIn(promised(evicted(97)))).toContain('held 10.0 % of it')
    expect(promised(evicted(97), { node: null })?.confidence).toBe('low')
    expect(promised(evicted(97, 'pid.available'))).toBeNull()
  })
})

describe('a workload without a limit', () => {
  const BEST = CONTAINER_PATH.replaceAll('burstable', 'besteffort')
  const best = (pages: number, others: RowFigures[] = []) =>
    inPod(
      globalDump({ taskMemcg: BEST }, { active_anon: 208_000 }, [{ rss: pages, anon: pages, comm: 'python3', adj: 1000 }, ...others]),
      {},
      {
        memcg: BEST,
        comm: 'python3',
        anonRssBytes: pages * 4096,
        oomScoreAdj: 1000,
        workload: { ...(inPod(memcgDump()).kills[0]?.workload as never as object), qosClass: 'BestEffort' } as never,
      },
    )
  const used = (factsWith(best(1)).composition?.usedBytes ?? 0) / 4096
  test('it held two fifths: sure; a fifth: medium; less: others did', () => {
    expect(unbound(best(Math.ceil(used * 0.4)))?.confidence).toBe('high')
    expect(unbound(best(Math.floor(used * 0.4) - 1))?.confidence).toBe('medium')
    expect(saidIn(unbound(best(Math.ceil(used * 0.2))))).toContain('neither memory request nor limit (BestEffort)')
    expect(unbound(best(Math.floor(used * 0.2) - 1))).toBeNull()
  })
  test('of a crowd: two fifths are medium, less is low', () => {
    const crowd = (pages: number) => unbound(best(1_000, [{ pid: 7, rss: pages, anon: pages, comm: 'spark', adj: 1000 }]))
    expect(crowd(Math.ceil(used * 0.4) - 900)?.confidence).toBe('medium')
    expect(crowd(Math.floor(used * 0.4) - 1100)?.confidence).toBe('low')
    expect(saidIn(crowd(60_000))).toContain('2 processes of BestEffort pods')
  })
  test('a container without a limit, beside one that has a limit by its pod', () => {
    const burst = inPod(
      globalDump({ taskMemcg: CONTAINER_PATH }, { active_anon: 208_000 }, [{ rss: 150_000, anon: 150_000, adj: 900 }]),
      {},
      { memcg: CONTAINER_PATH },
    )
    const none = makeContainer({ limitBytes: null })
    const limited = { value: 900 * MIB, quote: quote('limit') }
    expect(saidIn(unbound(burst, { container: none, pod: makePod([none]) }))).toContain('has no memory limit')
    expect(unbound(burst, { container: none, pod: makePod([none], { limitBytes: limited }) })).toBeNull()
    expect(unbound(burst, { container: makeContainer({ limitBytes: limited }) })).toBeNull()
    expect(unbound(burst, { container: null })).toBeNull()
  })
  test('a container of docker alone: only the one that held two fifths', () => {
    const docker = `/system.slice/docker-${'a1'.repeat(32)}.scope`
    const plain = (pages: number) =>
      unbound(killed(globalDump({ taskMemcg: docker }, { active_anon: 208_000 }, [{ rss: pages, anon: pages }]), {}, { memcg: docker }))
    expect(plain(Math.ceil(used * 0.4))?.confidence).toBe('medium')
    expect(plain(Math.floor(used * 0.4) - 1)).toBeNull()
  })
  test('an evicted one must have held a fifth of the node', () => {
    const of = (mib: number) =>
      unbound(evicted(mib), {
        kill: { ...evicted(mib).kills[0], oomScoreAdj: 1000, workload: null } as never,
        victimCgroup: factsWith(best(9)).victimCgroup,
      })
    expect(of(195)).not.toBeNull()
    expect(of(194)).toBeNull()
    expect(unbound(evicted(300, 'imagefs.available'))).toBeNull()
  })
  test('an adjustment of 1000 tells BestEffort where nothing names the class', () => {
    const of = (adj: number, qosClass: 'Burstable' | null) =>
      unbound(evicted(300), {
        kill: { ...evicted(300).kills[0], oomScoreAdj: adj, workload: { ...evicted(300).kills[0]?.workload, qosClass } } as never,
        pod: null,
        container: null,
      })
    expect([of(1000, null), of(999, null), of(1000, 'Burstable')].map((one) => one !== null)).toEqual([true, false, false])
  })
})
