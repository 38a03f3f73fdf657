import { describe, expect, test } from 'vitest'
import type { ContainerEvent, ContainerRef, ObjectEvent } from '../../../src/model/event.ts'
import type { Kill } from '../../../src/model/incident.ts'
import type { ContainerState, PodSnapshot } from '../../../src/model/snapshot.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { endedContainers, killOf, podLabel, sameId, sceneOf, stopLines, workloadOfPod } from '../../../src/rules/findings/scene.ts'
import {
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
} from '../make-incident.ts'

const at = (seconds: number): number => NOON + seconds * 1e6
const scene = (parts: Partial<Timeline>) =>
  sceneOf({ incidents: [], events: [], snapshots: [], sources: [], told: new Set(), spans: new Map(), warnings: [], ...parts })
const ran = (from: number | null, to: number | null, more: Partial<ContainerState> = {}) =>
  makeState({
    kind: 'terminated',
    exitCode: 137,
    startedUs: from === null ? null : at(from),
    finishedUs: to === null ? null : at(to),
    ...more,
  })
const ended = (state: ContainerState, pod: Partial<PodSnapshot> = {}, name = 'api') => {
  const container = makeContainer({ name, state })
  return { pod: makePod([container], pod), container, state }
}

describe('whether a kill fell into a run', () => {
  const nameless = { ...podWorkload, containerId: null, containerIds: [] }
  const fell = (one: ReturnType<typeof ended>, death: Partial<Kill> = {}) =>
    killOf(scene({ incidents: [makeIncident({ kills: [makeDeath(memcgDump(), { workload: nameless, ...death })] })] }), one) !== null
  test.each([
    ['around it', ran(-100, 1), true],
    ['two seconds after its end, as whole seconds may tell', ran(-100, -2), true],
    ['later', ran(-100, -2.1), false],
    ['a second before its start', ran(1, 5), true],
    ['earlier', ran(1.1, 5), false],
    ['its end is not known', ran(500, null), true],
    ['its start is not known', ran(null, 1), true],
  ])('%s', (_, state, is) => expect(fell(ended(state))).toBe(is))
  test('by id before any time, by uid before any name', () => {
    const own = { workload: podWorkload }
    expect(fell(ended(ran(500, 900, { containerId: ID })), own)).toBe(true)
    expect(fell(ended(ran(-100, 1, { containerId: 'b2'.repeat(32) })), own)).toBe(false)
    expect(fell(ended(ran(-100, 1, { containerId: ID })))).toBe(true)
    expect(fell(ended(ran(-100, 1)), own)).toBe(true)
    expect(fell(ended(ran(-100, 1), { uid: 'other' }))).toBe(false)
    expect(fell(ended(ran(-100, 1), { name: 'other' }))).toBe(true)
    expect(fell(ended(ran(-100, 1), { uid: null, name: 'other' }))).toBe(false)
    expect(fell(ended(ran(-100, 1), { uid: null }))).toBe(true)
    expect(fell(ended(ran(-100, 1), { uid: 'mirror', configHash: podWorkload.podUid }))).toBe(true)
    expect(fell(ended(ran(-100, 1), {}, 'proxy'))).toBe(false)
    expect(fell(ended(ran(-100, 1), {}, 'proxy'), { workload: { ...nameless, container: null } })).toBe(true)
    expect(fell(ended(ran(-100, 1)), { at: { ...instantAt(0), epochUs: null } })).toBe(true)
  })
})

describe('who was asked to stop', () => {
  const ref = (more: Partial<ContainerRef> = {}): ContainerRef => ({
    namespace: 'shop',
    pod: 'api-7c9d4',
    podUid: null,
    container: null,
    containerId: null,
    ...more,
  })
  const line = (seconds: number, target: ContainerRef, what: ContainerEvent['what'] = 'killing') =>
    placed<ContainerEvent>(seconds, {
      kind: 'container',
      what,
      by: 'kubelet',
      target,
      exitCode: null,
      reason: null,
      cause: null,
      gracePeriodSeconds: 30,
      pid: null,
    })
  const stops = (event: ReturnType<typeof line>, state = ran(-100, 0)) => stopLines(scene({ events: [event] }), ended(state)).length
  test('from five minutes before the end to it, with five seconds of doubt', () => {
    expect([-305, -306, 5, 6].map((seconds) => stops(line(seconds, ref())))).toEqual([1, 0, 1, 0])
    expect(stops(line(900, ref()), ran(-100, null))).toBe(1)
    const unsure = line(-306, ref())
    expect(stops({ ...unsure, at: { ...unsure.at, uncertaintyMs: 1000 } })).toBe(1)
    const later = line(-306.05, ref())
    expect(stops({ ...later, at: { ...later.at, uncertaintyMs: 1000 } })).toBe(0)
  })
  test('by these words only', () => {
    expect(
      (['killing', 'stop-requested', 'probe-failed', 'kill-failed', 'exit', 'started'] as const).map((what) =>
        stops(line(-9, ref(), what)),
      ),
    ).toEqual([1, 1, 1, 1, 0, 0])
  })
  test('it itself', () => {
    expect(stops(line(-9, ref({ pod: 'web-1' })))).toBe(0)
    expect(stops(line(-9, ref({ container: 'proxy' })))).toBe(0)
    expect(stops(line(-9, ref({ container: 'api' })))).toBe(1)
    expect(stops(line(-9, ref({ pod: null, podUid: podWorkload.podUid })))).toBe(1)
    expect(stops(line(-9, ref({ podUid: 'other' })))).toBe(0)
    expect(stops(line(-9, ref({ pod: null, containerId: ID })), ran(-100, 0, { containerId: ID }))).toBe(1)
    expect(stops(line(-9, ref({ containerId: 'b2'.repeat(32) })), ran(-100, 0, { containerId: ID }))).toBe(0)
    expect(stops(line(-9, ref({ containerId: 'b2'.repeat(32) })))).toBe(1)
  })
  test('an event that was counted stands for all between its first and its last time', () => {
    const event = (seconds: number, more: Partial<ObjectEvent> = {}) =>
      placed<ObjectEvent>(seconds, {
        kind: 'object-event',
        objectKind: 'Pod',
        name: 'api-7c9d4',
        uid: null,
        container: null,
        reason: 'Killing',
        firstUs: null,
        stop: 'liveness',
        ...more,
      } as never)
    const of = (one: ReturnType<typeof event>) => stopLines(scene({ events: [one] }), ended(ran(-100, 0))).length
    expect(of(event(-9))).toBe(1)
    expect(of(event(600))).toBe(0)
    expect(of(event(600, { firstUs: at(-60) }))).toBe(1)
    expect(of(event(-9, { container: 'proxy' }))).toBe(0)
    expect(of(event(-9, { container: 'api' }))).toBe(1)
    expect(of(event(-9, { name: 'web-1' }))).toBe(0)
    expect(of(event(-9, { uid: 'other' }))).toBe(0)
    expect(of(event(-9, { uid: podWorkload.podUid, name: 'x' }))).toBe(1)
    expect(of(event(-9, { stop: undefined as never }))).toBe(0)
  })
})

test('the same pod from several files is one: the one that shows the most states', () => {
  const bare = makePod([makeContainer({ state: null })], { source: 'a' })
  const whole = makePod([makeContainer({ state: ran(-9, 0), lastState: ran(-99, -50) })], { source: 'b' })
  const other = makePod([makeContainer()], { source: 'c', namespace: 'bank' })
  const of = (...snapshots: PodSnapshot[]) => scene({ snapshots }).pods.map(({ source }) => source)
  expect(of(bare, whole)).toEqual(['b'])
  expect(of(whole, bare)).toEqual(['b'])
  expect(of(bare, other)).toEqual(['a', 'c'])
  expect(of(bare, { ...bare, source: 'd' })).toEqual(['a'])
  const with_ = (more: object, source: string) => makePod([makeContainer(more)], { source })
  const more = [with_({ state: ran(-9, 0) }, 'e'), with_({ lastState: ran(-9, 0) }, 'f'), with_({ containerId: ID }, 'g')]
  for (const one of more) expect(of(bare, one)).toEqual([one.source])
  expect(of(with_({ state: ran(-9, 0) }, 'e'), with_({ state: ran(-9, 0), containerId: ID }, 'h'))).toEqual(['h'])
  const [known, unknown] = [ID, null].map((id) => workloadOfPod(bare, makeContainer(), id).containerIds)
  expect([known, unknown]).toEqual([[ID], []])
  expect(endedContainers(scene({ snapshots: [whole] }))).toHaveLength(2)
  expect(podLabel(bare)).toBe('shop/api-7c9d4')
  expect(podLabel({ ...bare, namespace: null })).toBe('api-7c9d4')
  expect(podLabel({ ...bare, name: '' })).toBe('not named here')
})

test('ids are the same where one begins with the other', () => {
  expect([
    sameId(ID, ID.slice(0, 12)),
    sameId(ID.slice(0, 12), ID),
    sameId(ID, 'b2b2'),
    sameId('', ID),
    sameId(ID, ''),
    sameId(null, ID),
    sameId(ID, null),
  ]).toEqual([true, true, false, false, false, false, false])
})
