import { describe, expect, test } from 'vitest'
import type { Composition, IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { Answer } from '../../../src/model/diagnosis.ts'
import type { ChangeEvent } from '../../../src/model/event.ts'
import type { Kill } from '../../../src/model/incident.ts'
import type { NodeSnapshot } from '../../../src/model/snapshot.ts'
import { limitTooLow } from '../../../src/rules/root-cause/limit-too-low.ts'
import { nodeOvercommitted } from '../../../src/rules/root-cause/node-overcommitted.ts'
import { runawayParallelism } from '../../../src/rules/root-cause/runaway-parallelism.ts'
import { unboundedWorkload } from '../../../src/rules/root-cause/unbounded-workload.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { makeRow, quote } from '../../kernel/make-dump.ts'
import { curveOf, factsWith, HOUR, heldBy, MIB, saidIn, textsOf } from '../facts-with.ts'
import {
  CONTAINER_PATH,
  globalDump,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makePod,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from '../make-incident.ts'
import { evicted } from '../root-cause-cases.ts'

type Told = Omit<Answer, 'id'> | null
const ask =
  (rule: { readonly evaluate: (facts: never) => unknown }) =>
  (facts: IncidentFacts): Told =>
    rule.evaluate(facts as never) as Told
const group = factsWith(inPod(memcgDump()))
const machine = factsWith(inPod(globalDump({ taskMemcg: CONTAINER_PATH }, {}, [{ rss: 90_000, anon: 90_000, adj: 900 }])))
const host = factsWith(killed(globalDump()))
const byOther = (facts: IncidentFacts, killer: Kill['killer'] = 'earlyoom') => ({ ...facts, kill: { ...(facts.kill as Kill), killer } })
const groups = (...mib: readonly (readonly [string, number, number?])[]): Partial<Composition> => ({
  groups: mib.map(([comm, size, count = 1]) => ({ comm, bytes: size * MIB, count })),
})

describe('pods of a machine that were promised too much', () => {
  const told = ask(nodeOvercommitted)
  const node = (limitsPercent: number | null): NodeSnapshot =>
    ({
      name: 'node-1',
      allocated: { requestsBytes: null, requestsPercent: null, limitsBytes: null, limitsPercent, quote: quote('limits', 70) },
    }) as never
  test('by their processes’ memory, or by the sum of their limits', () => {
    const held = (anon: number, more: Partial<IncidentFacts> = {}) =>
      told({ ...machine, ...heldBy(machine, { anon, slab: 100 - anon }), ...more })
    expect(held(50)?.confidence).toBe('low')
    expect(held(49.9)).toBeNull()
    expect(held(49.9, { node: node(101) })?.confidence).toBe('medium')
    expect(held(49.9, { node: node(100) })).toBeNull()
    expect(held(50, { node: node(101) })?.against).toBeNull()
    expect(held(50, { node: node(null) })?.confidence).toBe('low')
    expect(told(byOther({ ...machine, ...heldBy(machine, { anon: 90, slab: 10 }) }))).toBeNull()
    expect(
      told({
        ...machine,
        ...heldBy(machine, { anon: 90, slab: 10 }),
        kill: { ...(machine.kill as Kill), workload: null },
        victimCgroup: null,
      }),
    ).toBeNull()
  })
  test('what asked for nothing makes it less of a guess', () => {
    const tasks = [
      makeRow({ rss: 60_000, anon: 60_000, adj: 1000, comm: 'spark' }),
      makeRow({ pid: 7, rss: 60_000, anon: 60_000, adj: 1000, comm: 'etl' }),
    ]
    const of = (rows: typeof tasks) =>
      told({
        ...machine,
        ...heldBy(machine, { anon: 600, slab: 100 }),
        dump: { ...(machine.dump as NonNullable<IncidentFacts['dump']>), tasks: rows },
      })
    expect(of(tasks)?.confidence).toBe('medium')
    expect(saidIn(of(tasks))).toContain('; spark and others held 469 MiB without a memory request (BestEffort)')
    expect(saidIn(of(tasks.slice(0, 1)))).toContain('; spark held 234 MiB without')
  })
  test('their own group: kubepods or a class of it, by the kernel, at its limit', () => {
    const shared = (level: string) => ({ ...group, limitCgroup: { ...(group.limitCgroup as object), level } as never })
    expect(told(shared('kubepods'))).not.toBeNull()
    expect(told(shared('qos'))).not.toBeNull()
    expect(told(shared('slice'))).toBeNull()
    expect(told(byOther(shared('qos')))).toBeNull()
  })
  test('who rose before it', () => {
    const rises = (...mib: number[]): Partial<IncidentFacts> => ({
      rises: {
        pod: [],
        node: mib.map((size, n) => ({
          name: `web-${n}`,
          container: 'web',
          riseBytes: size * MIB,
          lastBytes: 400 * MIB,
          quote: quote(`rise ${n}`, 80 + n),
        })),
      },
    })
    const of = (...mib: number[]) => told({ ...machine, ...heldBy(machine, { anon: 90, slab: 10 }), ...rises(...mib) })
    expect(of(300, 20, 10)).toMatchObject({ confidence: 'low', against: expect.anything() })
    expect(plainPhrase(of(300, 20, 10)?.against ?? [])).toContain('web-0 alone took')
    expect(saidIn(of(300, 20, 10))).not.toContain('alone took')
    expect(of(90, 80, 70, 60)).toMatchObject({ confidence: 'high', against: null })
    expect(saidIn(of(90, 80, 70, 60))).toContain('They grew together')
    expect(of(90, 80, 70, 60)?.evidence.map(({ text }) => text)).toEqual(expect.arrayContaining(['rise 0', 'rise 1', 'rise 2']))
    expect(of(90, 80, 70, 60)?.evidence.map(({ text }) => text)).not.toContain('rise 3')
    expect(told({ ...machine, ...heldBy(machine, { anon: 90, slab: 10 }), ...rises(90, 80, 70, 60), trust: 'medium' })?.confidence).toBe(
      'medium',
    )
  })
  test('programs of a host that has no pods', () => {
    const of = (more: Partial<Composition>, facts = host) =>
      told({ ...facts, ...heldBy(facts, { anon: 90, slab: 10 }, { scope: 'machine', ...more }) })
    const two = groups(['mysqld', 50], ['clamd', 40])
    expect(of(two)).not.toBeNull()
    expect(of(groups(['mysqld', 60], ['clamd', 40]))).not.toBeNull()
    expect(of(groups(['mysqld', 60.1], ['clamd', 39.9]))).toBeNull()
    expect(of(groups(['a', 30], ['b', 10], ['c', 10], ['d', 10], ['e', 10], ['f', 10], ['g', 10], ['h', 10]))).not.toBeNull()
    expect(of(groups(['a', 31], ['b', 9.9], ['c', 9.9], ['d', 9.9], ['e', 9.9], ['f', 9.9], ['g', 9.9], ['h', 9.6]))).toBeNull()
    expect(of(groups(['mysqld', 50]))).toBeNull()
    expect(of(groups())).toBeNull()
    expect(of({ ...two, scope: 'part' })).toBeNull()
    expect(of({ ...two, main: { id: 'slab', bytes: 1, share: 1 } })).toBeNull()
    expect(of(two, byOther(host) as IncidentFacts)).toBeNull()
    expect(told({ ...host, composition: null })).toBeNull()
  })
})

describe('a workload without a limit', () => {
  const told = ask(unboundedWorkload)
  const best = factsWith(
    inPod(
      globalDump({ taskMemcg: CONTAINER_PATH.replaceAll('burstable', 'besteffort') }, { active_anon: 208_000 }, [
        { rss: 90_000, anon: 90_000, comm: 'python3', adj: 1000 },
      ]),
      {},
      {
        comm: 'python3',
        oomScoreAdj: 1000,
        workload: { ...podWorkload, qosClass: 'BestEffort' },
      },
    ),
  )
  test('where the shortage was the node’s, or that of all its pods', () => {
    expect(told(best)).not.toBeNull()
    const level = (of: string, killer: Kill['killer'] = 'kernel') =>
      told({ ...byOther(best, killer), scope: 'memcg', limitCgroup: { level: of } as never })
    expect(level('kubepods')).not.toBeNull()
    expect(level('qos')).not.toBeNull()
    expect(level('container')).toBeNull()
    expect(level('kubepods', 'earlyoom')).toBeNull()
    expect(told(byOther(best))).toBeNull()
  })
  test('an eviction whose size nobody tells: the kernel’s own table does', () => {
    const of = (pages: number | null, signal: string | null = 'memory.available') => {
      const base = evicted(0, signal ?? 'x')
      const [death] = base.kills
      const event = { ...death?.event, usages: [], signal } as never
      const facts = factsWith({
        ...base,
        context: [],
        kills: [{ ...(death as Kill), event, oomScoreAdj: 1000, workload: { ...podWorkload, qosClass: 'BestEffort' } }],
      })
      const composition =
        pages === null
          ? null
          : heldBy(best, { anon: 100 }, { largest: { row: makeRow({ pid: 7, rss: 1 }), bytes: pages * MIB, swapBytes: 0, exact: true } })
              .composition
      return told({ ...facts, composition })
    }
    expect(of(19.9)).not.toBeNull()
    expect(of(20)).toBeNull()
    expect(of(null)).not.toBeNull()
    expect(of(null, 'nodefs.available')).toBeNull()
    expect(of(null, 'allocatableMemory.available')).not.toBeNull()
    expect(of(null, null)).not.toBeNull()
  })
  test('the victim and the object are quoted', () => {
    const facts = {
      ...best,
      pod: makePod([makeContainer({ limitBytes: null })], { qosClass: 'BestEffort', quotes: [quote('Name: api', 1), quote('second', 2)] }),
    }
    expect(told(facts)?.evidence.map(({ text }) => text)).toEqual([
      'Killed process 100 (java)',
      'a line of role kill',
      'Name: api',
      '[ 100] python3',
    ])
  })
})

describe('a limit below the steady need', () => {
  const told = ask(limitTooLow)
  const held = (anon: number) => ({ ...group, ...heldBy(group, { anon, file: 100 - anon }) })
  test('anonymous memory makes up half of it, under a limit of its own', () => {
    expect(told(held(50))).toMatchObject({ confidence: 'low' })
    expect(told(held(49.9))).toBeNull()
    expect(told(byOther(held(90)))).toBeNull()
    expect(told({ ...held(90), scope: 'global' })).toBeNull()
    for (const level of ['kubepods', 'qos'])
      expect(told({ ...held(90), limitCgroup: { ...(group.limitCgroup as object), level } as never })).toBeNull()
    const unlimited = { ...held(90), memcgLimit: null, container: null, incident: { ...group.incident, kills: [] } }
    expect(told(unlimited)).toBeNull()
    const giant = {
      ...(group.scores as NonNullable<IncidentFacts['scores']>),
      shieldedGiant: { row: makeRow({ pid: 7, rss: 15_000, anon: 15_000, adj: -900, comm: 'x' }) } as never,
    }
    expect(told({ ...held(90), scores: giant })).toBeNull()
  })
  test('what it reached, how often, and what it requests', () => {
    const runs = (count: number) => ({
      ...held(90),
      incident: {
        ...group.incident,
        kills: Array.from({ length: count }, (_, n) =>
          makeDeath(memcgDump(), { eventKey: `r${n}`, at: instantAt(n), workload: podWorkload }),
        ),
      },
    })
    expect(saidIn(told(runs(1)))).toMatch(/may simply need more than 80 MiB\.$/)
    expect(saidIn(told(runs(2)))).toContain('more than 80 MiB: it reached its limit 2 times.')
    const requests = (mib: number | null) =>
      saidIn(
        told({ ...held(90), container: makeContainer({ requestBytes: mib === null ? null : { value: mib * MIB, quote: quote('r') } }) }),
      )
    expect(requests(79)).toContain('; it requests only 79 MiB.')
    expect(requests(80)).not.toContain('requests')
    expect(requests(null)).not.toContain('requests')
  })
  test('how long it had lived under it speaks against it', () => {
    const lived = (seconds: number | null) =>
      plainPhrase(told({ ...held(90), started: seconds === null ? null : { value: NOON - seconds * 1e6, quote: null } })?.against ?? [])
    expect(lived(89)).toContain('right after its start')
    expect(lived(90)).toContain('Nothing shows its steady need')
    expect(lived(6 * HOUR)).toContain('It had run for 6 h under it')
    expect(lived(null)).toContain('Nothing shows')
  })
  test('a curve tells it first; a limit that was set within the hour is the reason', () => {
    const level = curveOf(
      [
        [2 * HOUR, 72],
        [0, 72],
      ],
      { shape: 'plateau', slopeBytesPerHour: 0 },
    )
    expect(saidIn(told({ ...held(90), curves: [level] }))).toContain('held its level')
    const set = placed<ChangeEvent>(-600, {
      kind: 'change',
      what: 'limit',
      by: 'sudo',
      subject: 'api-7c9d4',
      limitBytes: 80 * MIB,
      detail: '',
      target: { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: null },
    } as never)
    const changed = told(factsWith(inPod(memcgDump(), { context: [set] })))
    expect(changed?.confidence).toBe('medium')
    expect(saidIn(changed)).toContain('80 MiB, was set 10 min before the first kill, and usage then reached it')
  })
})

describe('hundreds of one name', () => {
  const told = ask(runawayParallelism)
  const of = (comm: string, count: number, share: number, more: Partial<Composition> = {}) => ({
    ...group,
    ...heldBy(group, { anon: 100 }, { ...groups([comm, share, count]), ...more }),
  })
  test('by their share of what was in use', () => {
    expect(told(of('make', 100, 70))?.confidence).toBe('high')
    expect(told(of('make', 100, 69.9))?.confidence).toBe('medium')
    expect(told(of('make', 100, 30))?.confidence).toBe('medium')
    expect(told(of('make', 100, 29.9))).toBeNull()
    expect(told(of('make', 99, 90))).toBeNull()
    expect(told(of('make', 100, 90, { main: { id: 'slab', bytes: 1, share: 1 } }))?.confidence).toBe('medium')
    expect(told(of('make', 100, 90, groups()))).toBeNull()
    expect(told(byOther(of('make', 100, 90)))).toBeNull()
    expect(saidIn(told(of('make', 100, 130)))).toContain('100 %')
  })
  test('who starts them, and a cap where their program has none of its own', () => {
    const advice = (comm: string) => textsOf(runawayParallelism.recommend?.(of(comm, 100, 90) as never) ?? [])
    const capped = (comm: string) => advice(comm).some((one) => one.startsWith('Cap how many'))
    expect(advice('make')[0]).toContain('Find out who starts so many make processes')
    expect(capped('job')).toBe(true)
    expect(capped('php-fpm')).toBe(false)
    expect(runawayParallelism.recommend?.(of('job', 100, 90) as never)[1]).toMatchObject({ lookFirst: true })
    expect(runawayParallelism.recommend?.({ ...group, composition: null } as never)).toEqual([])
  })
})
