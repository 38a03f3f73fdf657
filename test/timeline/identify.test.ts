import { describe, expect, it } from 'vitest'
import type { KernelOomEvent } from '../../src/model/event.ts'
import type { Instant, PlacedEvent } from '../../src/model/incident.ts'
import type { ContainerState, PodSnapshot } from '../../src/model/snapshot.ts'
import { identifyPods } from '../../src/timeline/identify.ts'
import { counter } from '../kernel/make-dump.ts'
import {
  CONTAINER_PATH,
  globalDump,
  ID,
  instantAt,
  makeContainer,
  makePod,
  makeState,
  memcgDump,
  NOON,
  podWorkload,
} from '../rules/make-incident.ts'
import { at, withoutTime } from './scene.ts'
import { source } from './sources.ts'

const UID = podWorkload.podUid
const dump = (more: object = {}, instant: Instant = instantAt(0), host: string | null = 'node-1') => ({
  ...(at(0, { kind: 'kernel-oom', dump: memcgDump(more) }, { at: instant, host }) as PlacedEvent<KernelOomEvent>),
  instants: [instant],
})
const ended = (seconds: number, more: Partial<ContainerState> = {}) =>
  makeState({ kind: 'terminated', reason: 'OOMKilled', exitCode: 137, startedUs: NOON - 900e6, finishedUs: NOON + seconds * 1e6, ...more })
const described = (state: ContainerState, pod: Partial<PodSnapshot> = {}) =>
  makePod([makeContainer({ lastState: state })], { uid: null, ...pod })
const named = (pods: readonly PodSnapshot[], dumps = [dump()]) =>
  identifyPods([source('describe', { snapshots: pods })], dumps)[0]?.snapshots.map((s) => (s.kind === 'pod' ? s.uid : null))
const isNamed = (pod: PodSnapshot, ...dumps: ReturnType<typeof dump>[]) => named([pod], dumps.length > 0 ? dumps : [dump()])?.[0] === UID

describe('a described pod without a UID, by the kernel’s kill', () => {
  it.each<[string, ContainerState, boolean]>([
    ['ended with it', ended(0), true],
    ['a second before, which whole seconds allow', ended(-1), true],
    ['two seconds before', ended(-2.000001), false],
    ['ten seconds after', ended(10), true],
    ['later', ended(10.000001), false],
    ['137 without a reason, three seconds after', ended(3, { reason: 'Error' }), true],
    ['137 without a reason, later', ended(3.000001, { reason: 'Error' }), false],
    ['OOMKilled with another code, in the moment of its start', ended(800, { exitCode: 1, startedUs: NOON }), true],
    ['another end', ended(0, { reason: 'Error', exitCode: 1 }), false],
    ['a status that the kubelet made up', ended(0, { reason: 'ContainerStatusUnknown' }), false],
    ['OOMKilled with another code: a child’s death in that run', ended(800, { exitCode: 1 }), true],
    ['before that run', ended(800, { exitCode: 1, startedUs: NOON + 1e6 }), false],
    ['a run without a start', ended(800, { exitCode: 1, startedUs: null }), false],
    ['it runs', makeState({}), false],
    ['an end without a time', ended(0, { finishedUs: null }), false],
  ])('%s: %s', (_, state, is) => expect(isNamed(described(state))).toBe(is))

  it('as far as the kernel’s clock allows', () => {
    const coarse = (ms: number | null) => dump({}, { ...instantAt(0), uncertaintyMs: ms })
    const pod = (seconds: number, more: Partial<ContainerState> = {}) => described(ended(seconds, more))
    expect([isNamed(pod(-4), coarse(2000)), isNamed(pod(-4.000001), coarse(2000)), isNamed(pod(-2), coarse(null))]).toEqual([
      true,
      false,
      true,
    ])
    expect([isNamed(pod(12), coarse(2000)), isNamed(pod(12.000001), coarse(2000)), isNamed(pod(10), coarse(null))]).toEqual([
      true,
      false,
      true,
    ])
    const late = (start: number) => pod(800, { exitCode: 1, startedUs: NOON + start * 1e6 })
    expect([isNamed(late(2), coarse(2000)), isNamed(late(2.000001), coarse(2000)), isNamed(late(0), coarse(null))]).toEqual([
      true,
      false,
      true,
    ])
  })
  it('by a limit: the container’s, the pod’s, or what all containers have together', () => {
    const limit = memcgDump().memory?.limitBytes ?? 0
    const bytes = (value: number | null) => (value === null ? null : { value, quote: null as never })
    const of = (own: number | null, other: number | null, whole: number | null) =>
      isNamed(
        makePod(
          [
            makeContainer({ limitBytes: bytes(own), lastState: ended(0, { reason: 'Error' }) }),
            makeContainer({ name: 'b', limitBytes: bytes(other) }),
          ],
          { uid: null, limitBytes: bytes(whole) } as Partial<PodSnapshot>,
        ),
      )
    expect([of(limit, 5, null), of(limit, null, null), of(5, 5, limit), of(limit - 5, 5, null)]).toEqual([true, true, true, true])
    expect([of(5, 5, null), of(5, null, null), of(limit - 5, null, null), of(5, limit, 7)]).toEqual([false, false, false, false])
  })
  it('not by a report that knows of no kill', () => expect(isNamed(described(ended(0)), dump({ kills: [] }))).toBe(false))

  it('gives the state the container’s id, if it has none', () => {
    const of = (state: ContainerState) => {
      const [found] = identifyPods([source('d', { snapshots: [described(state)] })], [dump()])
      const [pod] = (found?.snapshots ?? []) as PodSnapshot[]
      return pod?.containers[0]?.lastState?.containerId
    }
    expect([of(ended(0)), of(ended(0, { containerId: 'x' }))]).toEqual([ID, 'x'])
  })

  it('allows for what the clock does', () => {
    const coarse = dump({}, { ...instantAt(0), uncertaintyMs: 5000 })
    expect([isNamed(described(ended(15)), coarse), isNamed(described(ended(15.000001)), coarse)]).toEqual([true, false])
  })

  it('on its node, of its class, at its limit', () => {
    expect(isNamed(described(ended(0), { node: 'node-2' }))).toBe(false)
    expect(isNamed(described(ended(0), { node: null }))).toBe(true)
    expect(isNamed(described(ended(0), { qosClass: 'Guaranteed' }))).toBe(false)
    expect(isNamed(described(ended(0), { qosClass: null }))).toBe(true)
    expect(isNamed(described(ended(0, { exitCode: 1 })), dump({ oomMemcg: '/kubepods' }))).toBe(false)
  })

  it('by the limit where two fit', () => {
    const other = (limit: number) =>
      dump({
        taskMemcg: CONTAINER_PATH.replaceAll('68614f59', '11111111'),
        oomMemcg: CONTAINER_PATH.replaceAll('68614f59', '11111111'),
        memory: counter(limit, limit),
      })
    expect(isNamed(described(ended(0)), dump(), other(4096))).toBe(true)
    expect(named([described(ended(0))], [dump(), other(81_920)])).toEqual([null])
  })

  it('a log without a clock: by the limit alone, if only one pod of it has that', () => {
    const bare = (more: object = {}) => dump(more, { ...instantAt(0), ...withoutTime })
    expect(isNamed(described(ended(0)), bare())).toBe(true)
    expect(isNamed(described(ended(0)), bare({ memory: counter(4096, 4096) }))).toBe(false)
    expect(isNamed(described(ended(0, { reason: 'Error' })), bare())).toBe(false)
  })

  it('the sum of its containers’ limits is its limit too', () => {
    const two = (second: number | null) =>
      makePod(
        [
          makeContainer({ lastState: ended(800, { exitCode: 137 }) }),
          makeContainer({ name: 'b', limitBytes: second === null ? null : { value: second, quote: null as never } }),
        ],
        { uid: null },
      )
    const at160 = dump({ memory: counter(163_840, 163_840) }, { ...instantAt(0), ...withoutTime })
    expect([isNamed(two(80 * 2 ** 20), at160), isNamed(two(81 * 2 ** 20), at160), isNamed(two(null), at160)]).toEqual([true, false, false])
  })

  it('not one whose UID another pod has; not for a shortage of the machine', () => {
    expect(named([described(ended(0)), makePod([], { name: 'known' })])).toEqual([null, UID])
    expect(isNamed(described(ended(0)), { ...dump(), event: { ...dump().event, dump: globalDump() } })).toBe(false)
  })

  it('a kill without a time fits an end that has one, not a run that goes on', () => {
    const bare = dump({}, { ...instantAt(0), ...withoutTime })
    expect(isNamed(described(makeState({ kind: 'running', reason: 'OOMKilled', finishedUs: NOON })), bare)).toBe(false)
    expect(isNamed(described(ended(0, { finishedUs: null })), bare)).toBe(false)
  })
  it('a limit that nobody printed fits any; one that differs decides only against another that fits', () => {
    const wide = dump({ oomMemcg: '/kubepods.slice' })
    expect(isNamed(described(ended(0)), wide)).toBe(true)
    const resized = dump({ memory: counter(4096, 4096) })
    expect(isNamed(described(ended(0)), resized)).toBe(true)
    expect(isNamed(described(ended(3, { reason: 'Error' })), resized)).toBe(false)
    expect(isNamed(described(ended(0, { exitCode: 1 })), resized)).toBe(false)
  })
  it('the nearest of several deaths by whole seconds: a status has no finer times', () => {
    const other = CONTAINER_PATH.replaceAll('68614f59', '11111111')
    const at = (seconds: number, path = CONTAINER_PATH) => dump({ taskMemcg: path, oomMemcg: path }, instantAt(seconds))
    expect(named([described(ended(0))], [at(-5), at(-8, other)])).toEqual([UID])
    expect(named([described(ended(0))], [at(-8), at(-5, other)])?.[0]).toContain('11111111')
    expect(named([described(ended(0))], [at(-5.2), at(-5.9, other)])).toEqual([null])
  })
  it('an end that began in the second of the kill', () => {
    expect(isNamed(described(ended(800, { exitCode: 1, startedUs: NOON })))).toBe(true)
  })
  it('of two pods the nearer, of two as near neither', () => {
    const pods = (first: number, second: number) => named([described(ended(first)), described(ended(second), { name: 'other' })])
    expect([pods(1, 5), pods(5, 1), pods(3, 3)]).toEqual([
      [UID, null],
      [null, UID],
      [null, null],
    ])
  })
})
