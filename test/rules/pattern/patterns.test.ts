import { describe, expect, test } from 'vitest'
import type { CgroupIdentity } from '../../../src/model/figures.ts'
import type { Death, Incident, Kill, Workload } from '../../../src/model/incident.ts'
import { patternOf } from '../../../src/rules/pattern/index.ts'
import { leak } from '../../../src/rules/pattern/leak.ts'
import { timesKilled, victimKey } from '../../../src/rules/pattern/runs.ts'
import { counter } from '../../kernel/make-dump.ts'
import { factsWith } from '../facts-with.ts'
import { globalDump, instantAt, makeDeath, makeIncident, memcgDump, podWorkload } from '../make-incident.ts'

const limited = (kib: number) => memcgDump({ memory: counter(kib, kib, 9) })
const death = (seconds: number, bytes: number | null): Death => ({ at: instantAt(seconds), startedUs: null, bytes, evidence: [] })
const hourly = (kib: readonly (number | null)[]) => kib.map((size, n) => death(3600 * n, size === null ? null : size * 1024))

describe('a leak by its deaths', () => {
  const is = (kib: readonly (number | null)[], kills: readonly Kill[] = [makeDeath(limited(500))], more = {}) =>
    leak.holds(factsWith({ ...makeIncident({ kills }), deaths: hourly(kib) }, more))
  test.each([
    ['a quarter larger than the first, and a quarter of the limit', [100, 110, 125], true],
    ['not quite', [100, 110, 124], false],
    ['two deaths', [100, 130], false],
    ['one size is not known', [100, null, 120, 130], false],
    ['one was no larger', [100, 100, 130], false],
    ['the first held nothing', [0, 100, 200], false],
  ])('%s', (_, kib, leaks) => expect(is(kib)).toBe(leaks))
  test('a quarter larger, also where it is more than the limit’s quarter', () => {
    const small = [makeDeath(limited(100))]
    expect([is([100, 110, 125], small), is([100, 110, 124], small), is([100, 110, 81], small)]).toEqual([true, false, false])
  })
  test('beside a limit of more than four times its size it is none', () => {
    expect(is([100, 110, 125], [makeDeath(limited(501))])).toBe(false)
    // the limit of the last kill counts
    const two = (first: number, last: number) => [
      makeDeath(limited(first)),
      makeDeath(limited(last), { eventKey: 'run-2', at: instantAt(7200) }),
    ]
    expect(is([100, 110, 125], two(500, 501))).toBe(false)
    expect(is([100, 110, 125], two(501, 500))).toBe(true)
  })
  test('where no limit is known, or the machine was full, the growth alone says it', () => {
    expect(is([100, 110, 125], [makeDeath(globalDump())])).toBe(true)
    const sizeless = memcgDump({ memory: null })
    expect(is([100, 110, 125], [makeDeath(sizeless)], { memcgLimit: null })).toBe(true)
    const limit = (limitBytes: number | null) => ({ memcgLimit: { limitBytes } as never })
    expect(is([100, 110, 125], [makeDeath(sizeless)], limit(null))).toBe(true)
    expect(is([100, 110, 125], [makeDeath(sizeless)], limit(501 * 1024))).toBe(false)
    expect(is([100, 110, 125], [makeDeath(null)], { dump: limited(501) })).toBe(false)
  })
})

describe('who died', () => {
  const key = (workload: Partial<Workload> | null, more: Partial<Kill> = {}) =>
    victimKey(makeDeath(null, { comm: 'java', memcg: '/a', workload: workload === null ? null : { ...podWorkload, ...workload }, ...more }))
  const podless = { pod: null, podUid: null }
  test.each([
    ['a container of a pod, by its uid', {}, `pod ${podWorkload.podUid} api`],
    ['by its names', { podUid: null }, 'pod shop/api-7c9d4 api'],
    ['by its uid alone', { pod: null, container: null }, `pod ${podWorkload.podUid} `],
    ['a unit', { ...podless, unit: 'web.service' }, 'unit web.service'],
    ['a slice is no unit of its own', { ...podless, unit: 'user.slice' }, 'comm java /a'],
    ['nothing but a name', podless, 'comm java /a'],
  ] as const)('%s', (_, workload, words) => expect(key(workload)).toBe(words))
  test('no workload', () => {
    expect(key(null)).toBe('comm java /a')
    expect(key(null, { comm: null, memcg: null })).toBe('comm  ')
  })
})

describe('several victims', () => {
  const kill = (n: number, comm: string) => makeDeath(memcgDump(), { eventKey: `run-${n}`, comm, memcg: null, at: instantAt(n) })
  const two = { ...makeIncident({ kills: [kill(1, 'a'), kill(2, 'b')] }), deaths: [] }
  const of = (level: CgroupIdentity['level'] | null, victim = '/g', incident: Incident = two) =>
    patternOf(
      factsWith(incident, {
        scope: level === null ? 'global' : 'memcg',
        limitCgroup: { level, path: '/g' } as never,
        victimCgroup: { level: 'container', path: victim } as never,
      }),
    )
  test('of one shared shortage are a cascade', () => {
    expect(of(null)).toBe('cascade')
    for (const level of ['kubepods', 'qos', 'slice', 'pod'] as const) expect([level, of(level)]).toEqual([level, 'cascade'])
    expect(of('container', '/g/child')).toBe('cascade')
  })
  test('of their own limit are none, nor is one victim twice, nor several of one run', () => {
    expect(of('container')).toBe('repeating')
    expect(of('unit')).toBe('repeating')
    const same = { ...makeIncident({ kills: [kill(1, 'a'), kill(2, 'a')] }), deaths: [] }
    expect(of(null, '/g', same)).toBe('repeating')
    const oneRun = { ...makeIncident({ kills: [kill(1, 'a'), kill(1, 'b')] }), deaths: [] }
    expect(of(null, '/g', oneRun)).toBe('single')
  })
  test('where either group is not known, no cascade of a limit', () => {
    const of = (more: object) => patternOf(factsWith(two, { scope: 'memcg', ...more }))
    expect(of({ limitCgroup: null, victimCgroup: { path: '/g' } })).toBe('repeating')
    expect(of({ limitCgroup: { level: 'unit', path: '/g' }, victimCgroup: null })).toBe('repeating')
  })
  test('one death and others of the same workload elsewhere repeat', () => {
    const one = { ...makeIncident({ kills: [kill(1, 'a')] }), deaths: hourly([5, 5]) }
    expect(of('container', '/g', one)).toBe('repeating')
    expect(of('container', '/g', { ...one, deaths: hourly([5]) })).toBe('single')
  })
})

test('how often the kernel killed in it: in this incident, or in all', () => {
  const times = (killers: readonly Kill['killer'][], deaths = 0, key = (n: number) => `run-${n}`) =>
    timesKilled(
      factsWith({
        ...makeIncident({ kills: killers.map((killer, n) => makeDeath(null, { killer, eventKey: key(n) })) }),
        deaths: hourly(Array.from({ length: deaths }, () => 5)),
      }),
    )
  expect(times(['kernel'])).toBe(1)
  expect(times(['kernel', 'kernel'])).toBe(2)
  expect(times(['kernel', 'kernel'], 0, () => 'one')).toBe(1)
  expect(times(['kernel', 'kubelet'])).toBe(1)
  expect(times(['kernel'], 5)).toBe(5)
  expect(times(['kubelet'], 5)).toBe(0)
})
