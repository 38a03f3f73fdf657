import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Curve } from '../../../src/model/curve.ts'
import type { Incident, Kill } from '../../../src/model/incident.ts'
import { groupNeed, presentLimit, processNeed, raisedAlready } from '../../../src/rules/advice/need.ts'
import { requestOfEvicted, requestOfVictim } from '../../../src/rules/advice/requests.ts'
import { machineBytes, requestsToo, roomOf } from '../../../src/rules/advice/room.ts'
import { sizesByCurve } from '../../../src/rules/advice/sizes-by-curve.ts'
import { requestWithin } from '../../../src/rules/advice/suggest.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { counter } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, MIB } from '../facts-with.ts'
import {
  globalDump,
  inPod,
  instantAt,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from '../make-incident.ts'

const told = (mib: number) => ({ value: mib * MIB, quote: null })
const limited = (kib: number | null, more: object = {}) => memcgDump({ memory: kib === null ? null : counter(kib, kib), ...more })
const runs = (...dumps: readonly Kill['dump'][]): Incident =>
  makeIncident({ kills: dumps.map((dump, n) => makeDeath(dump, { eventKey: `run-${n}`, at: instantAt(n), workload: podWorkload })) })

describe('the limit in force', () => {
  const of = (incident: Incident, more: Partial<IncidentFacts> = {}) =>
    presentLimit(factsWith(incident, { memcgLimit: null, container: null, ...more }))
  test('of the last kill that shows one, else of the first, else of the container', () => {
    expect(of(runs(limited(100), limited(200)))).toBe(200 * 1024)
    expect(of(runs(limited(100), globalDump()))).toBe(100 * 1024)
    expect(of(runs(limited(100), limited(0)))).toBe(100 * 1024)
    const rest = { memcgLimit: { limitBytes: 7 } as never, container: makeContainer() }
    expect(of(runs(limited(null)), rest)).toBe(7)
    expect([of(runs(limited(null)), { container: makeContainer() }), of(runs(null))]).toEqual([80 * MIB, null])
  })
  const raised = (...kib: readonly number[]) => raisedAlready(factsWith(runs(...kib.map((size) => limited(size)))))
  test('raised twice and more, and by a quarter in all', () => {
    expect(raised(100, 110, 125)).toEqual({ from: 100 * 1024, times: 2 })
    expect(raised(100, 110, 124)).toBeNull()
    expect(raised(100, 130)).toBeNull()
    expect(raised(100, 120, 120, 130)).toEqual({ from: 100 * 1024, times: 2 })
    expect(raised(100, 120, 119, 130)).toBeNull()
    expect(raised(100)).toBeNull()
    expect(raisedAlready(factsWith(runs(limited(100), globalDump(), limited(110), limited(125))))?.times).toBe(2)
  })
})

describe('what was needed', () => {
  const group = (...dumps: readonly Kill['dump'][]) => groupNeed(factsWith(runs(...dumps), { memcgLimit: null, container: null }))
  test('by a group: the most of all kills, with its swap', () => {
    expect(group(limited(100), limited(300), limited(200))?.bytes).toBe(300 * 1024)
    const own = { memory: counter(300, 100), swap: null }
    expect(group(memcgDump(own))?.bytes).toBe(300 * 1024)
    expect(group(memcgDump({ ...own, memory: counter(100, 300) }))?.bytes).toBe(300 * 1024)
    expect(group(memcgDump({ swap: counter(50, 90) }))).toEqual({ bytes: (81920 + 50) * 1024, swapBytes: 50 * 1024, floor: true })
    expect(group(limited(100, { swap: null, memorySwap: counter(150, 999) }))?.swapBytes).toBe(50 * 1024)
    expect(group(limited(100, { swap: null, memorySwap: counter(90, 999) }))?.swapBytes).toBe(0)
    expect(group(limited(null, { swap: null, memorySwap: counter(90, 999) }))).toBeNull()
    const rows = memcgDump({ swap: null }, {}, [
      { rss: 1, swap: 2 },
      { rss: 1, pid: 7, swap: 3 },
    ])
    expect(group(rows)?.swapBytes).toBe(5 * 4096)
  })
  test('else the limit itself; without one nothing is known', () => {
    const container = makeContainer()
    expect(groupNeed(factsWith(runs(null), { memcgLimit: null, container }))).toEqual({ bytes: 80 * MIB, swapBytes: 0, floor: true })
    expect(group(null)).toBeNull()
    expect(group(globalDump())).toBeNull()
  })
  test('by a process: its own, shared, tables and swap', () => {
    const death = { anonRssBytes: 5, shmemRssBytes: 6, pgtablesBytes: 7, swapBytes: 8 }
    const of = (more: Partial<Kill>, facts: Partial<IncidentFacts> = {}) =>
      processNeed(
        factsWith(makeIncident({ kills: [makeDeath(null, { ...death, ...more })] }), { composition: null, scores: null, ...facts }),
      )
    expect(of({})).toEqual({ bytes: 26, swapBytes: 8, floor: false })
    expect(of({ shmemRssBytes: null, pgtablesBytes: null, swapBytes: null })).toEqual({ bytes: 5, swapBytes: 0, floor: false })
    const scores = { victim: { row: { swapBytes: 9 } } } as never
    expect(of({ swapBytes: null }, { scores })?.swapBytes).toBe(9)
    expect(of({}, { scores })?.swapBytes).toBe(8)
    expect(of({ anonRssBytes: null })).toBeNull()
    expect(of({ anonRssBytes: null }, { composition: { largest: { bytes: 50 } } as never })?.bytes).toBe(71)
    expect(
      processNeed(factsWith(makeIncident(), { kill: null, composition: { largest: { bytes: 50 } } as never, scores: null }))?.bytes,
    ).toBe(50)
  })
})

describe('what a node can give', () => {
  const room = (node: object | null, more: Partial<IncidentFacts> = {}) =>
    roomOf(factsWith(inPod(memcgDump()), { node: node as never, container: null, machineAccounting: null, meminfo: null, ...more }))
  const pods = (...mib: readonly (number | null)[]) =>
    mib.map((size, n) => ({ name: `p${n}`, requestBytes: size === null ? null : size * MIB }))
  test('what it allocates, else nine tenths of the machine', () => {
    expect(room({ allocatableBytes: told(700), capacityBytes: told(1000) })).toEqual({
      limitBytes: 700 * MIB,
      from: 'allocatable',
      requestBytes: null,
    })
    expect(room({ allocatableBytes: null, capacityBytes: told(1000) })).toEqual({
      limitBytes: 900 * MIB,
      from: 'machine',
      requestBytes: null,
    })
    expect(room({ allocatableBytes: null, capacityBytes: told(1000), allocated: { requestsBytes: 5 } })?.requestBytes).toBeNull()
    expect(room({ allocatableBytes: null, capacityBytes: null })).toBeNull()
    expect(room(null)).toBeNull()
  })
  test('less what the other pods request', () => {
    const of = (node: object, container: IncidentFacts['container'] = null) =>
      (room({ allocatableBytes: told(700), capacityBytes: null, ...node }, { container })?.requestBytes ?? -MIB) / MIB
    expect(of({ allocated: { requestsBytes: 600 * MIB } })).toBe(100)
    expect(of({ allocated: { requestsBytes: 800 * MIB } })).toBe(0)
    expect(of({ allocated: { requestsBytes: 600 * MIB } }, makeContainer({ requestBytes: told(50) }))).toBe(150)
    expect(of({ allocated: null, pods: pods(200, null, 300) })).toBe(200)
    expect(of({ allocated: { requestsBytes: null }, pods: pods(200) })).toBe(500)
    expect(of({ allocated: null, pods: [] })).toBe(-1)
  })
  test('a machine by its zones, its meminfo or its node', () => {
    const all = { machineAccounting: { totalBytes: 1 }, meminfo: { MemTotal: { value: 2 } }, node: { capacityBytes: { value: 3 } } }
    const of = (more: object) => machineBytes(factsWith(inPod(memcgDump()), { ...all, ...more } as never))
    expect([of({}), of({ machineAccounting: null }), of({ machineAccounting: null, meminfo: null })]).toEqual([1, 2, 3])
    expect(of({ machineAccounting: null, meminfo: {}, node: null })).toBeNull()
  })
  test('whether the request is to be set with the limit', () => {
    const of = (more: object, qosClass: string | null = 'Burstable') =>
      requestsToo(factsWith(inPod(memcgDump()), { container: makeContainer(more), pod: makePod([], { qosClass } as never) }))
    expect([of({}), of({ requestBytes: told(80) }), of({ requestBytes: told(79) }), of({}, 'Guaranteed')]).toEqual([
      false,
      true,
      false,
      true,
    ])
    expect(of({ limitBytes: null, requestBytes: null })).toBe(false)
    const bare = (qosClass: string) =>
      requestsToo(factsWith(inPod(memcgDump()), { container: null, pod: null, victimCgroup: { qosClass } as never }))
    expect([bare('Guaranteed'), bare('Burstable')]).toEqual([true, false])
  })
  test('a request within it', () => {
    const of = (requestedMib: number | null) =>
      requestWithin(
        factsWith(inPod(memcgDump()), {
          container: null,
          node: (requestedMib === null
            ? null
            : { allocatableBytes: told(700), capacityBytes: null, allocated: { requestsBytes: requestedMib * MIB } }) as never,
        }),
        128 * MIB,
      ) / MIB
    expect([of(null), of(500), of(572), of(573), of(695)]).toEqual([128, 128, 128, 96, 0])
  })
})

describe('sizes by what was seen while all was well', () => {
  /** Every two minutes for an hour up to the kill: 27 of 20 MiB, one each of 30, 36 and 48, in no order, and a larger one at the kill itself. */
  const seen = (n: number): number => (n < 27 ? 20 : ([30, 36, 48][n - 27] ?? 20))
  const samples = Array.from({ length: 31 }, (_, n) => [3600 - n * 120, seen((n * 7) % 30) + (n === 30 ? 31 : 0)] as const)
  const flat = (more: Partial<Curve> = {}, all: readonly (readonly [number, number])[] = samples) =>
    curveOf(all, { shape: 'flat', limitBytes: null, ...more })
  const of = (curve: Curve, more: Partial<IncidentFacts> = {}, incident = inPod(memcgDump())) =>
    sizesByCurve(factsWith(incident, { curves: [curve], node: null, container: null, ...more })).map(({ text, command, why }) => ({
      said: plainPhrase(text),
      command,
      why: plainPhrase(why),
    }))
  test('the p95 is the request, the peak with a quarter on top the limit', () => {
    const [found] = of(flat())
    expect(found?.said).toBe(
      'Size container api of pod shop/api-7c9d4 by what it was seen to need: a request of 32 MiB, and no limit below 64 MiB.',
    )
    expect(found?.command).toBe('kubectl set resources -n shop deployment/api -c api --requests=memory=32Mi')
    expect(found?.why).toContain(
      'no more than 30 MiB for 95 % of the time and 48 MiB at most (30 samples over 1 h); the limit has a quarter above that.',
    )
    const under = (kib: number) => of(flat(), {}, inPod(memcgDump({ memory: counter(kib, kib) })))[0]
    expect(under(65_536)?.command).not.toContain('--limits')
    expect(under(65_535)?.command).toMatch(/--requests=memory=32Mi --limits=memory=64Mi$/)
    expect(under(65_535)?.said).toContain('a limit of 64 MiB.')
  })
  test('of thirty samples in an hour and more', () => {
    expect(of(flat({}, samples.slice(1)))).toEqual([])
    const denser = samples.map(([ago, mib], n) => [ago - (n === 0 ? 1 : 0), mib] as const)
    expect(of(flat({}, denser))).toEqual([])
    expect(of(flat({}, [[3600, 20], ...samples.slice(2)]))).toEqual([])
  })
  test('not of a leak, a plateau or what was cut off at the limit', () => {
    for (const shape of ['growth', 'plateau', 'unknown'] as const) expect([shape, of(flat({ shape }))]).toEqual([shape, []])
    expect(of(flat({ limitBytes: 100 * MIB, peakBytes: 95 * MIB }))).toEqual([])
    expect(of(flat({ limitBytes: 100 * MIB, peakBytes: 94 * MIB }))).toHaveLength(1)
    const timeless = inPod(memcgDump(), { first: { ...instantAt(0), epochUs: null } })
    expect(of(flat(), {}, timeless)).toEqual([])
  })
  test('of a jump what was before it', () => {
    const spike = flat({ shape: 'spike', spikeUs: NOON }, samples)
    expect(of(spike)).toHaveLength(1)
    expect(of(flat({ shape: 'spike', spikeUs: NOON - 1 }, samples))).toHaveLength(1)
    expect(of(flat({ shape: 'spike', spikeUs: NOON - 120e6 }, samples))).toEqual([])
    const long = Array.from({ length: 60 }, (_, n) => [7200 - n * 120, n < 50 ? 20 : 70] as const)
    expect(of(flat({ shape: 'spike', spikeUs: NOON - 1200e6 }, long))[0]?.why).toContain('20 MiB at most (50 samples')
    expect(of(flat({ shape: 'spike', spikeUs: null, limitBytes: null }, long))[0]?.why).toContain('70 MiB at most')
  })
  test('of the container itself, on the clock of the kill', () => {
    expect(of(flat({ of: 'pod' as never }))).toEqual([])
    expect(of(flat({ clock: 'local' }))).toEqual([])
    expect(sizesByCurve(factsWith(inPod(memcgDump()), { curves: [] }))).toEqual([])
    expect(of(flat(), {}, inPod(memcgDump(), {}, { workload: null }))).toEqual([])
    expect(of(flat(), {}, inPod(memcgDump(), {}, { workload: { ...podWorkload, container: null } }))).toEqual([])
    expect(of(flat(), {}, inPod(memcgDump(), {}, { workload: { ...podWorkload, owner: 'Job/api' } }))[0]?.command).toBeNull()
  })
  test('within what the node can give, and never below what was needed', () => {
    const node = (allocatable: number, requested: number) => ({
      node: { allocatableBytes: told(allocatable), capacityBytes: null, allocated: { requestsBytes: requested * MIB } } as never,
    })
    expect(of(flat(), node(700, 0))[0]?.why).toContain('within the 700 MiB that the node can give')
    expect(of(flat(), node(700, 668))).toHaveLength(1)
    expect(of(flat(), node(700, 669))).toEqual([])
    expect(of(flat(), node(48, 0))[0]?.said).toContain('no limit below 48 MiB')
    expect(of(flat(), node(47, 0))).toEqual([])
    expect(
      of(
        flat(
          {},
          samples.map(([ago]) => [ago, 0] as const),
        ),
      ),
    ).toEqual([])
  })
})

describe('a request that keeps a pod', () => {
  const usage = (bytes: number | null) => ({ container: 'app', usageBytes: bytes, requestBytes: null })
  const event = (signal: string | null, ...usages: object[]) =>
    placed(1, { kind: 'eviction', stage: 'evicted', target: null, usages, signal } as never)
  const evicted = (own: ReturnType<typeof event> | null, context: ReturnType<typeof event>[] = [], more: Partial<IncidentFacts> = {}) =>
    requestOfEvicted(
      factsWith(
        makeIncident({
          kills: [makeDeath(null, { killer: 'kubelet', workload: podWorkload, event: (own?.event ?? null) as never })],
          context,
        }),
        { container: makeContainer(), pod: makePod([]), ...more },
      ),
    ).map(({ text, command }) => `${plainPhrase(text)} ${command}`)
  test('from eviction: its use, where it is told', () => {
    expect(evicted(event('memory.available', usage(MIB), usage(2 * MIB)))[0]).toMatch(
      /^If pod shop\/api-7c9d4 is not to be the first to be killed, set its memory request to what it uses \(3 MiB at the eviction\), or give it a priority class\. kubectl get pod -n shop api-7c9d4 /,
    )
    expect(evicted(event('memory.available', usage(null)))[0]).toContain('what it uses, or give')
    expect(evicted(event('memory.available'), [event(null, usage(null)), event(null, usage(5 * MIB))])[0]).toContain(
      '5 MiB at the eviction',
    )
    expect(evicted(event('memory.available', usage(MIB), usage(null)))[0]).toContain('1 MiB at the eviction')
  })
  test('only for memory, by whichever line says so', () => {
    expect(evicted(event('nodefs.available', usage(1)))).toEqual([])
    expect(evicted(event(null))).toEqual([])
    expect(evicted(null)).toEqual([])
    expect(evicted(null, [event(null), event('memory.available')])).toHaveLength(1)
    expect(evicted(event('nodefs.available'), [event('memory.available')])).toEqual([])
    const nobody = makeIncident({ kills: [makeDeath(null, { killer: 'kubelet', event: event('memory.available').event as never })] })
    expect(requestOfEvicted(factsWith(nobody, { pod: null }))).toEqual([])
  })
  test('a priority class where the request comes with a limit', () => {
    const bare = (more: Partial<IncidentFacts>) => evicted(event('memory.available'), [], more)[0]?.includes('a priority class above')
    expect(bare({})).toBe(false)
    expect(bare({ pod: makePod([], { qosClass: 'BestEffort' }) })).toBe(true)
    expect(bare({ container: makeContainer({ limitBytes: null }) })).toBe(true)
    expect(bare({ container: makeContainer({ limitBytes: null }), pod: makePod([], { limitBytes: told(5) as never }) })).toBe(false)
    expect(bare({ container: null })).toBe(false)
    expect(bare({ pod: null, victimCgroup: { qosClass: 'BestEffort' } as never })).toBe(true)
  })
  const victim = (oomScoreAdj: number, more: Partial<IncidentFacts> = {}, killer: Kill['killer'] = 'kernel') =>
    requestOfVictim(
      factsWith(inPod(memcgDump(), {}, { killer }), {
        scores: { victim: { row: { comm: 'java', rssBytes: 7 * MIB, oomScoreAdj, oomAdj: null } } } as never,
        ...more,
      }),
    ).map(({ text }) => plainPhrase(text))
  test('from the kernel: an adjustment of 900 and more', () => {
    expect(victim(900)).toEqual([
      'If shop/api-7c9d4 is not to be the first to be killed, give it a memory request near its use (its process held 7 MiB): its oom_score_adj then falls from 900.',
    ])
    expect(victim(899)).toEqual([])
    expect(victim(1000, { scores: null })).toEqual([])
    expect(victim(1000, {}, 'systemd-oomd')).toEqual([])
    expect(victim(1000, { kill: null })).toHaveLength(1)
    const nameless = inPod(memcgDump(), {}, { workload: null })
    const scores = { victim: { row: { comm: 'java', rssBytes: null, oomScoreAdj: 1000, oomAdj: null } } } as never
    expect(requestOfVictim(factsWith(nameless, { scores, pod: null })).map(({ text }) => plainPhrase(text))[0]).toContain('If java is not')
    expect(requestOfVictim(factsWith(nameless, { scores, pod: null, victimCgroup: null }))).toEqual([])
  })
})
