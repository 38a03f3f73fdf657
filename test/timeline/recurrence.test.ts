import { describe, expect, test } from 'vitest'
import type { ContainerEvent, RuntimeEvent } from '../../src/model/event.ts'
import type { Incident, Kill, Workload } from '../../src/model/incident.ts'
import { evenly, recurrenceOf, recurrenceSaid } from '../../src/rules/pattern/recurrence.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { withRecurrence } from '../../src/timeline/recurrence.ts'
import {
  globalDump,
  ID,
  instantAt,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from '../rules/make-incident.ts'

const GiB = 2 ** 30
const HOUR = 3600
let run = 0
const incident = (seconds: number, w: Partial<Workload> | null, more: Partial<Kill> = {}, about: Partial<Incident> = {}): Incident => {
  const workload = w === null ? null : { ...podWorkload, ...w }
  const kill = makeDeath(memcgDump(), { at: instantAt(seconds), eventKey: `r${++run}`, workload, ...more })
  return { ...makeIncident({ kills: [kill], ...about }) }
}
const bare = { namespace: null, pod: null, podUid: null, container: null, containerId: null, owner: null }
const times = (...all: Incident[]): (number | undefined)[] => withRecurrence(all).map((i) => i.deaths?.length)
const said = (...all: Incident[]): string => plainPhrase(recurrenceSaid(recurrenceOf({ incident: withRecurrence(all)[0] as Incident })))

describe('the same workload again', () => {
  test.each<[string, Partial<Workload> | null, Partial<Workload> | null]>([
    ['the same pod', {}, { containerId: 'e'.repeat(64) }],
    ['successive pods of a Deployment', { pod: 'api-7c9d4', podUid: 'u1' }, { pod: 'api-x', podUid: 'u2' }],
    ['Jobs of a CronJob', { owner: 'CronJob/report', podUid: 'u1', pod: 'a' }, { owner: 'CronJob/report', podUid: 'u2', pod: 'b' }],
    [
      'a Deployment by the pods’ names',
      { owner: null, podUid: 'u1', pod: 'web-5d8f7c9b6d-x2x7k' },
      { owner: null, podUid: 'u2', pod: 'web-5d8f7c9b6d-b4c5d' },
    ],
    ['a unit', { ...bare, unit: 'a.service' }, { ...bare, unit: 'a.service' }],
    ['a container without a pod', { ...bare, containerId: ID }, { ...bare, containerId: ID }],
    ['a program in one cgroup', null, null],
  ])('%s', (_, a, b) => {
    expect(times(incident(0, a), incident(31 * HOUR, b))).toEqual([2, 2])
  })
  test.each<[string, Incident, Incident]>([
    ['another container of the pod', incident(0, {}), incident(31 * HOUR, { container: 'proxy' })],
    ['another namespace', incident(0, { podUid: 'u1', pod: 'a' }), incident(HOUR, { podUid: 'u2', pod: 'b', namespace: 'bi' })],
    ['another unit', incident(0, { ...bare, unit: 'a.service' }), incident(HOUR, { ...bare, unit: 'b.service' })],
    [
      'a slice is no workload',
      incident(0, { ...bare, unit: 'a.slice' }, { comm: 'a' }),
      incident(HOUR, { ...bare, unit: 'a.slice' }, { comm: 'b' }),
    ],
    ['another program', incident(0, null, { comm: 'nginx' }), incident(HOUR, null, { comm: 'redis' })],
    ['another user’s program', incident(0, null, { uid: 1 }), incident(HOUR, null, { uid: 2 })],
    ['a kill and an eviction', incident(0, {}), incident(HOUR, {}, { killer: 'kubelet' })],
    ['replicas that die within ten minutes', incident(0, { podUid: 'u1', pod: 'a' }), incident(599, { podUid: 'u2', pod: 'b' })],
  ])('not: %s', (_, a, b) => {
    expect(times(a, b)).toEqual([undefined, undefined])
  })
  test('replicas ten minutes apart are told of each other', () => {
    expect(times(incident(0, { podUid: 'u1', pod: 'a' }), incident(600, { podUid: 'u2', pod: 'b' }))).toEqual([2, 2])
  })
  test('a group kill is one death; other victims of a cascade are none', () => {
    const kill = (s: number, key: string, comm: string): Kill => makeDeath(globalDump(), { at: instantAt(s), eventKey: key, comm })
    const cascade = makeIncident({ kills: [kill(0, 'a', 'x'), kill(0, 'a', 'x'), kill(1, 'b', 'y'), kill(2, 'c', 'x')] })
    expect(cascade.deaths?.map((d) => d.at.order)).toEqual([0, 2])
  })
  test('whoever stands in the table of the death before lived beside it already', () => {
    const table = (pid: number, comm: string) =>
      memcgDump({}, {}, [
        { pid: 100, rss: 500 },
        { pid, comm, rss: 400 },
      ] as never)
    const beside = (before: ReturnType<typeof memcgDump>, more: Partial<Kill>) => {
      const [a, b] = [
        makeDeath(before, { at: instantAt(0), eventKey: 'a', workload: podWorkload }),
        makeDeath(memcgDump(), { at: instantAt(5), eventKey: 'b', workload: { ...podWorkload, containerId: 'f'.repeat(64) }, ...more }),
      ]
      return withRecurrence([makeIncident({ kills: [a, b] })])[0]?.deaths?.map((d) => d.beside === true)
    }
    expect(beside(table(7, 'java'), { pid: 7, comm: 'java' })).toEqual([false, true])
    expect(beside(table(7, 'java'), { pid: 7, comm: null })).toEqual([false, true])
    expect(beside(table(7, 'java'), { pid: 7, comm: 'sh' })).toEqual([false, false])
    expect(beside(table(7, 'java'), { pid: 8, comm: 'java' })).toEqual([false, false])
    expect(beside(table(7, 'java'), { pid: null, comm: 'java' })).toEqual([false, false])
  })
  test('a runtime’s failures: another process, or a minute later', () => {
    const fail = (s: number, pid: number | null) =>
      placed<RuntimeEvent>(s, {
        kind: 'runtime',
        runtime: 'node',
        what: 'heap-exhausted',
        detail: null,
        heapUsedBytes: null,
        heapLimitBytes: null,
        program: null,
        pid,
        target: null,
      })
    const of = (...events: ReturnType<typeof fail>[]) => makeIncident({ nature: 'runtime-heap', context: events }).deaths?.length
    expect(of(fail(0, null), fail(5, null), fail(59, null))).toBeUndefined()
    expect(of(fail(0, null), fail(60, null))).toBe(2)
    expect(of(fail(0, 7), fail(1, 8))).toBe(2)
    expect(of(fail(0, 7), fail(1, 7))).toBeUndefined()
  })
})

describe('what is held against what', () => {
  const pod = (uid: string, more: Partial<Workload> = {}): Partial<Workload> => ({ podUid: uid, pod: uid, ...more })
  const siblings = (...all: Incident[]) => withRecurrence(all).map((i) => i.siblings?.map((d) => d.at.order))
  test('replicas that died up to ten minutes before are siblings, each by its first death', () => {
    expect(siblings(incident(0, pod('u1')), incident(599, pod('u2')))).toEqual([undefined, [0]])
    expect(siblings(incident(0, pod('u1')), incident(600, pod('u2')))).toEqual([undefined, undefined])
    expect(siblings(incident(0, pod('u1')), incident(0, pod('u2')))).toEqual([undefined, undefined])
    expect(siblings(incident(0, pod('u1')), incident(5, pod('u1')))).toEqual([undefined, undefined])
    expect(siblings(incident(0, pod('u1', { owner: null })), incident(5, pod('u2', { owner: null })))).toEqual([undefined, undefined])
    const twice = makeIncident({
      kills: [0, 30].map((s) =>
        makeDeath(memcgDump(), { at: instantAt(s), eventKey: `t${s}`, workload: { ...podWorkload, ...pod('u1') } }),
      ),
    })
    expect(siblings(twice, incident(60, pod('u2')))[1]).toEqual([0])
  })
  test('pods without UIDs are one by name', () => {
    const named = (name: string) => ({ podUid: null, pod: name, owner: null })
    expect(times(incident(0, named('a')), incident(5, named('a')))).toEqual([2, 2])
    expect(times(incident(0, named('a')), incident(HOUR, named('b')))).toEqual([undefined, undefined])
  })
  test('a container without a pod by its id; by another it is another', () => {
    expect(
      times(incident(0, { ...bare, containerId: 'a' }, { comm: 'x' }), incident(HOUR, { ...bare, containerId: 'a' }, { comm: 'y' })),
    ).toEqual([2, 2])
    expect(times(incident(0, { ...bare, containerId: 'a' }), incident(HOUR, { ...bare, containerId: 'b' }))).toEqual([undefined, undefined])
  })
  test('a unit on its host only', () => {
    const unit = { ...bare, unit: 'a.service' }
    const on = (host: string, s: number) => ({ ...incident(s, unit, { host }), host })
    expect(times(on('a', 0), on('b', HOUR))).toEqual([undefined, undefined])
    expect(times(on('a', 0), on('a', HOUR))).toEqual([2, 2])
  })
  test('a process without a name is nobody’s repetition', () => {
    expect(times(incident(0, null, { comm: null }), incident(HOUR, null, { comm: null }))).toEqual([undefined, undefined])
  })
  test('what it held: resident and swapped', () => {
    const [one] = withRecurrence([
      incident(0, {}, { anonRssBytes: 3 * GiB, swapBytes: GiB }),
      incident(HOUR, {}, { anonRssBytes: null, swapBytes: GiB }),
    ])
    expect(one?.deaths?.map((d) => d.bytes)).toEqual([4 * GiB, null])
  })
  test('heaps that filled, in one log', () => {
    const said = (source: string, s: number): Incident => ({
      ...makeIncident({ nature: 'runtime-heap', first: instantAt(s), last: instantAt(s) }),
      workload: null,
      context: [
        {
          ...placed<RuntimeEvent>(s, {
            kind: 'runtime',
            runtime: 'jvm',
            what: 'heap-exhausted',
            detail: null,
            heapUsedBytes: null,
            heapLimitBytes: null,
            program: null,
            pid: null,
            target: null,
          }),
        },
        placed<RuntimeEvent>(s + 300, {
          kind: 'runtime',
          runtime: 'jvm',
          what: 'sized',
          detail: null,
          heapUsedBytes: null,
          heapLimitBytes: null,
          program: null,
          pid: null,
          target: null,
        }),
      ].map((p) => ({
        ...p,
        event: { ...p.event, quotes: [{ source, line: 1, offset: null, cursor: null, text: '' }] },
      })) as Incident['context'],
    })
    expect(times(said('a.log', 0), said('a.log', 25 * HOUR))).toEqual([2, 2])
    expect(times(said('a.log', 0), said('b.log', 25 * HOUR))).toEqual([undefined, undefined])
  })
})

describe('when the run had started', () => {
  const ended = (from: number, to: number, id: string | null = ID) =>
    makeState({ kind: 'terminated', startedUs: NOON + from * 1e6, finishedUs: NOON + to * 1e6, containerId: id })
  const started = (state: ReturnType<typeof ended>): number | null | undefined => {
    const own = incident(0, {}, {}, { pods: [makePod([makeContainer({ lastState: state })])] })
    return withRecurrence([own, incident(31 * HOUR, {})])[0]?.deaths?.[0]?.startedUs
  }
  test.each<[string, ReturnType<typeof ended>, number | null]>([
    ['the run that ended with it', ended(-130, 1), NOON - 130e6],
    ['without an id', ended(-130, 1, null), NOON - 130e6],
    ['another run', ended(-130, 1, 'f'.repeat(64)), null],
    ['a run that ended before', ended(-130, -2), null],
    ['a run that ended long after', ended(-130, 61), null],
    ['a run that began later', ended(1, 2), null],
  ])('%s', (_, state, at) => {
    expect(started(state)).toBe(at)
  })
  test.each<[string, Parameters<typeof makePod>[1], Partial<Workload>, boolean]>([
    ['of another pod', { uid: 'other' }, {}, false],
    ['of a pod without a UID', { uid: null }, {}, true],
    ['of a workload without a UID', { uid: 'other' }, { podUid: null }, true],
  ])('the status %s', (_, pod, w, is) => {
    const own = incident(0, w, {}, { pods: [makePod([makeContainer({ lastState: ended(-130, 1) })], pod)] })
    expect(withRecurrence([own, incident(31 * HOUR, w)])[0]?.deaths?.[0]?.startedUs).toBe(is ? NOON - 130e6 : null)
  })
  test('of the container that died; of any, where nobody knows which', () => {
    const of = (container: string | null) => {
      const own = incident(
        0,
        { container },
        {},
        { pods: [makePod([makeContainer({ name: 'b', lastState: ended(-9, 1) }), makeContainer({ lastState: ended(-130, 1) })])] },
      )
      return withRecurrence([own, incident(31 * HOUR, { container })])[0]?.deaths?.[0]?.startedUs
    }
    expect([of('api'), of('b'), of('c'), of(null)]).toEqual([NOON - 130e6, NOON - 9e6, null, NOON - 9e6])
  })
  test('not of a kill that has no time', () => {
    const own = incident(
      0,
      {},
      { at: { ...instantAt(0), epochUs: null } },
      { pods: [makePod([makeContainer({ lastState: ended(-130, 1) })])] },
    )
    expect(withRecurrence([own, incident(31 * HOUR, {})])[0]?.deaths?.find((d) => d.at.epochUs === null)?.startedUs).toBeNull()
  })
  test('a unit by systemd’s last word before', () => {
    const unit = { ...bare, unit: 'a.service' }
    const said = (seconds: number, more: object = {}) =>
      placed(seconds, { kind: 'unit', what: 'started', unit: 'a.service', ...more } as never)
    const of = (...context: ReturnType<typeof said>[]) =>
      withRecurrence([incident(0, unit, {}, { context }), incident(HOUR, unit)])[0]?.deaths?.[0]?.startedUs
    expect(of(said(-90), said(-30), said(2))).toBe(NOON - 30e6)
    expect(of(said(0))).toBe(NOON)
    // stamped before the kernel's line: the start after this death
    expect(of(said(-5000), said(-0.002, { what: 'oom-killed' }), said(-0.001))).toBe(NOON - 5000e6)
    expect(of(said(-0.002, { what: 'failed' }), said(-0.001))).toBeNull()
    // the death before, and the start after it
    expect(of(said(-2.5, { what: 'failed' }), said(-0.7))).toBe(NOON - 0.7e6)
    expect(of(said(-30, { unit: 'b.service' }), said(-30, { what: 'failed' }))).toBeNull()
    expect(of({ ...said(-30), at: { ...instantAt(-30), epochUs: null } })).toBeNull()
  })
  test('up to a second before the kill, which whole seconds allow, and a minute after', () => {
    expect([ended(-130, -1), ended(-130, -1.000001), ended(-130, 60), ended(0, 1)].map(started)).toEqual([
      NOON - 130e6,
      null,
      NOON - 130e6,
      NOON,
    ])
  })
  test('by the runtime’s line about its id', () => {
    const line = placed<ContainerEvent>(-30, {
      ...{ kind: 'container' as const, what: 'started' as const, by: 'containerd' as const, exitCode: null, reason: null, cause: null },
      ...{ gracePeriodSeconds: null, pid: null, target: { namespace: null, pod: null, podUid: null, container: null, containerId: ID } },
    })
    const own = incident(0, {}, {}, { context: [line] })
    expect(withRecurrence([own, incident(31 * HOUR, {})])[0]?.deaths?.[0]?.startedUs).toBe(NOON - 30e6)
  })
})

describe('in words', () => {
  const unit = { ...bare, unit: 'a.service' }
  const of = (seconds: number, gib: number | null) => incident(seconds, unit, { anonRssBytes: gib === null ? null : gib * GiB })
  test.each<[string, Incident[], string]>([
    [
      'an even rhythm and growth',
      [of(0, 11.2), of(11 * HOUR, 12.1), of(22 * HOUR, 13.2)],
      ' It recurs: 3 times, every 11 h; it held 11.2 GiB, 12.1 GiB and 13.2 GiB, more each time.',
    ],
    ['once again', [of(0, 1), of(HOUR, 1)], ' It recurs: 2 times, 1 h apart; it held about 1 GiB each time.'],
    ['no rhythm, no figures', [of(0, null), of(HOUR, 1), of(6 * HOUR, 1)], ' It recurs: 3 times, 1 h to 5 h apart.'],
    ['down and up', [of(0, 2), of(HOUR, 1), of(2 * HOUR, 3)], ' It recurs: 3 times, every 1 h; it held 2 GiB at first and 3 GiB at last.'],
    [
      'many',
      [0, 1, 2, 3, 4].map((n) => of(n * HOUR, n + 1)),
      ' It recurs: 5 times, every 1 h; it held 1 GiB at first and 5 GiB at last, more each time.',
    ],
  ])('%s', (_, all, text) => {
    expect(said(...all)).toBe(text)
  })
  test('nothing where it is the only one', () => {
    expect(said(of(0, 1))).toBe('')
  })
  test('even means within 15 % of the mean', () => {
    expect(evenly([100, 100, 100])).toBe(100)
    expect(evenly([85, 115])).toBe(100)
    expect(evenly([84, 116])).toBeNull()
    expect(evenly([])).toBeNull()
  })
})
