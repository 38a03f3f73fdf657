import { describe, expect, it } from 'vitest'
import type { EvictionEvent } from '../../src/model/event.ts'
import type { Kill } from '../../src/model/incident.ts'
import type { PodSnapshot } from '../../src/model/snapshot.ts'
import { evictions } from '../../src/timeline/evictions.ts'
import { quote } from '../kernel/make-dump.ts'
import { ID, instantAt, makeContainer, makeDeath, makePod, makeState, NOON, podWorkload } from '../rules/make-incident.ts'
import { at, type Parts, refOf, sceneOf, withoutTime } from './scene.ts'

const OTHER = 'c'.repeat(64)
const pod = refOf({ namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid })
const memory =
  'The node was low on resource: memory. Threshold quantity: 100Mi, available: 61Mi. Container api was using 3Gi, request is 0, has larger consumption of memory. '
const disk = 'The node was low on resource: ephemeral-storage. Container api was using 3Gi, request is 0. '
const told = (seconds: number, more: Partial<EvictionEvent> = {}) =>
  at(seconds, {
    kind: 'eviction',
    stage: 'evicted',
    target: pod,
    ranking: [],
    signal: 'memory.available',
    usages: [],
    message: null,
    ...more,
  })
const event = (seconds: number, message = memory, more: object = {}) =>
  at(seconds, {
    kind: 'object-event',
    objectKind: 'Pod',
    reason: 'Evicted',
    namespace: 'shop',
    name: 'api-7c9d4',
    uid: podWorkload.podUid,
    message,
    death: null,
    ...more,
  })
const failed = (more: Partial<PodSnapshot> = {}) =>
  makePod([makeContainer()], { phase: 'Failed', reason: 'Evicted', message: memory, ...more })
const of = (parts: Parts, kernel: readonly Kill[] = []) => evictions(sceneOf(parts), kernel)

describe('an eviction of which two tell', () => {
  it.each<[string, Parts]>([
    ['an event', { events: [told(0), event(1)] }],
    ['a status', { events: [told(0)], pods: [failed()] }],
  ])('has the time and stage of the kubelet’s line and the figures of %s', (_, parts) => {
    const [kill, ...more] = of(parts)
    expect(more).toEqual([])
    expect(kill?.event).toMatchObject({
      stage: 'evicted',
      signal: 'memory.available',
      thresholdBytes: 100 * 2 ** 20,
      availableBytes: 61 * 2 ** 20,
      usages: [{ container: 'api', usageBytes: 3 * 2 ** 30, requestBytes: 0 }],
    })
  })
  it('keeps the figures that the kubelet’s line has', () => {
    const own = [{ container: 'api', usageBytes: 7, requestBytes: null }]
    expect(of({ events: [told(0, { usages: own, availableBytes: 5 }), event(1)] })[0]?.event).toMatchObject({
      usages: own,
      availableBytes: 5,
    })
  })
})

describe('who tells of an eviction for want of memory', () => {
  it.each<[string, Parts, number]>([
    ['the manager, evicted', { events: [told(0)] }, 1],
    ['the manager, evicting', { events: [told(0, { stage: 'evicting' })] }, 1],
    [
      'other stages are none',
      { events: (['attempting', 'must-evict', 'ranked', 'failed', 'refused'] as const).map((stage) => told(0, { stage })) },
      0,
    ],
    ['a pod that nobody names', { events: [told(0, { target: null })] }, 0],
    ['another signal', { events: [told(0, { signal: 'nodefs.available' })] }, 0],
    ['its message before its signal', { events: [told(0, { signal: 'nodefs.available', message: memory })] }, 1],
    ['a message of something else', { events: [told(0, { message: disk })] }, 0],
    ['an event', { events: [event(0)] }, 1],
    ['an event of something else', { events: [event(0, disk)] }, 0],
    ['an event of another reason', { events: [event(0, memory, { reason: 'Killing' })] }, 0],
    ['a refusal', { events: [event(0, 'The node had condition: [MemoryPressure]. ')] }, 0],
    ['a status', { pods: [failed()] }, 1],
    ['a status of something else', { pods: [failed({ message: disk })] }, 0],
    ['a status without a message', { pods: [failed({ message: null })] }, 0],
    ['a pod that failed otherwise', { pods: [failed({ reason: 'NodeLost' })] }, 0],
    ['a pod turned away', { pods: [failed({ message: 'Pod The node had condition: [MemoryPressure]. ' })] }, 0],
  ])('%s', (_, parts, count) => expect(of(parts)).toHaveLength(count))
})

describe('a line that names no signal', () => {
  const silent = (seconds: number) => told(seconds, { signal: null })
  const attempting = (seconds: number, signal: string, more = {}) =>
    at(seconds, { kind: 'eviction', stage: 'attempting', target: null, signal, message: null, usages: [] }, more)
  const round = 15 * 60
  it.each<[string, Parts, number]>([
    ['alone is unknown', { events: [silent(0)] }, 0],
    ['is of the round’s signal', { events: [attempting(-round, 'memory'), silent(0)] }, 1],
    ['after the round', { events: [attempting(-round - 1, 'memory'), silent(0)] }, 0],
    ['before a later round', { events: [silent(0), attempting(round + 1, 'memory')] }, 0],
    ['of a round of two signals', { events: [attempting(-9, 'memory'), attempting(-8, 'nodefs.available'), silent(0)] }, 0],
    ['of another host’s round', { events: [attempting(-9, 'memory', { host: 'node-2' }), silent(0)] }, 0],
    ['of a condition that was set', { events: [at(-9, { kind: 'node', what: 'memory-pressure' }), silent(0)] }, 1],
    ['of a condition of another kind', { events: [at(-9, { kind: 'node', what: 'not-ready' }), silent(0)] }, 0],
    ['whose event says otherwise', { events: [attempting(-9, 'memory'), silent(0), event(1, disk)] }, 0],
    ['whose event says nothing', { events: [attempting(-9, 'memory'), silent(0), event(1, '')] }, 1],
    ['whose status says otherwise', { events: [attempting(-9, 'memory'), silent(0)], pods: [failed({ message: disk })] }, 0],
    [
      'whose pod ended otherwise, with words of that',
      { events: [attempting(-9, 'memory'), silent(0)], pods: [failed({ reason: 'Error', message: disk })] },
      1,
    ],
    ['whose status has no words', { events: [attempting(-9, 'memory'), silent(0)], pods: [failed({ message: null })] }, 1],
    [
      'of another pod than that status',
      { events: [attempting(-9, 'memory'), silent(0)], pods: [failed({ message: disk, name: 'x', uid: 'x' })] },
      1,
    ],
  ])('%s', (_, parts, count) => expect(of(parts)).toHaveLength(count))
})

describe('one eviction is one death', () => {
  it('told within five minutes, by whomever', () => {
    expect(of({ events: [told(0), event(300)] })).toHaveLength(1)
    expect(of({ events: [told(0), event(301)] })).toHaveLength(2)
    expect(of({ events: [told(0), event(1, memory, { name: 'x', uid: 'x' })] })).toHaveLength(2)
    expect(of({ events: [told(0), { ...event(9999), at: { ...instantAt(9999), ...withoutTime } }] })).toHaveLength(1)
  })
  it('takes time and event from the manager, host and quotes from all', () => {
    const [kill] = of({ events: [event(2), told(5)] })
    expect(kill?.at.order).toBe(5)
    expect(kill).toMatchObject({ killer: 'kubelet', host: 'node-1', event: { kind: 'eviction' }, pid: null })
    expect(kill?.evidence).toHaveLength(2)
  })
  it('the status’ first end dates it, where nothing else does', () => {
    const state = (us: number) => makeState({ kind: 'terminated', finishedUs: us })
    const containers = [
      makeContainer({ state: state(NOON + 9e6) }),
      makeContainer({ name: 'b', state: state(NOON + 4e6) }),
      makeContainer({ name: 'c', state: makeState({ finishedUs: NOON }) }),
    ]
    expect(of({ pods: [failed({ containers })] })[0]?.at.epochUs).toBe(NOON + 4e6)
    expect(of({ pods: [failed({ containers: containers.slice(0, 1) })] })[0]?.at.epochUs).toBe(NOON + 9e6)
    expect(of({ pods: [failed()] })[0]?.at.epochUs).toBeNull()
  })
  it('the status is quoted from its first line, which names the pod', () => {
    const quotes = ['Name: api-7c9d4', 'Status: Failed', 'Reason: Evicted'].map((text, i) => ({
      ...quote(text, i + 1),
      source: 'describe.txt',
    }))
    expect(of({ pods: [failed({ quotes })] })[0]?.evidence.map((q) => q.text)).toEqual([
      'Name: api-7c9d4',
      'Status: Failed',
      'Reason: Evicted',
    ])
  })
  it('what only a shipper tells is not vouched for', () => {
    const [kill] = of({ events: [{ ...told(0), event: { ...told(0).event, writer: 'shipper' } as EvictionEvent }] })
    expect([kill?.vouched, of({ events: [told(0)] })[0]?.vouched]).toEqual([false, true])
    const shipped = { ...told(0), event: { ...told(0).event, writer: 'shipper' } as EvictionEvent }
    expect([of({ events: [shipped, event(1)] })[0]?.vouched, of({ events: [event(1), shipped] })[0]?.vouched]).toEqual([true, true])
    expect(of({ events: [shipped], pods: [failed()] })[0]?.vouched).toBe(true)
  })
  it('a status that names no pod is the one that says the same, whoever else is evicted', () => {
    const nameless = (more: Partial<PodSnapshot> = {}) => failed({ name: '', uid: null, ...more })
    const other = memory.replace('61Mi', '7Mi')
    expect(of({ pods: [failed(), nameless()] })).toHaveLength(1)
    expect(of({ pods: [nameless({ message: `${memory} ` }), failed()] })).toHaveLength(1)
    expect(of({ pods: [failed(), nameless({ message: other })] })).toHaveLength(2)
    expect(of({ pods: [failed(), failed({ name: 'x', uid: 'x' })] })).toHaveLength(2)
    expect(of({ events: [told(0)], pods: [nameless()] })).toHaveLength(2)
  })
  it('a status that names no pod is nobody’s to vouch for', () => {
    expect(of({ pods: [failed({ name: '', uid: null })] })[0]?.vouched).toBe(false)
    expect(of({ pods: [failed()] })[0]?.vouched).toBe(true)
  })
})

describe('the container that it ended', () => {
  const exit = (seconds: number, more: object = {}) =>
    at(seconds, { kind: 'container', what: 'exit', target: { ...pod, container: 'api', containerId: ID }, ...more })
  const containerOf = (parts: Parts, kernel: readonly Kill[] = []) => {
    const target = of(parts, kernel)[0]?.target
    return [target?.container ?? null, target?.containerId ?? null]
  }
  it.each<[string, Parts, (string | null)[]]>([
    ['exited right after', { events: [told(0), exit(2)] }, ['api', ID]],
    ['was killed', { events: [told(0), exit(2, { what: 'killing' })] }, ['api', ID]],
    ['died', { events: [told(0), exit(2, { what: 'died' })] }, ['api', ID]],
    ['exited two minutes before', { events: [told(0), exit(-120)] }, ['api', ID]],
    ['exited later', { events: [told(0), exit(121)] }, [null, null]],
    ['only started', { events: [told(0), exit(2, { what: 'started' })] }, [null, null]],
    [
      'of another pod',
      { events: [told(0), exit(2, { target: refOf({ pod: 'x', podUid: 'x', container: 'api', containerId: ID }) })] },
      [null, null],
    ],
    ['was the sandbox', { events: [told(0), exit(2, { target: { ...pod, container: 'POD', containerId: ID } })] }, [null, null]],
    ['has no name', { events: [told(0), exit(2, { target: { ...pod, containerId: ID } })] }, [null, null]],
    ['the only one', { events: [told(0)], pods: [makePod([makeContainer({ containerId: OTHER })])] }, ['api', OTHER]],
    ['one of two: unknown', { events: [told(0)], pods: [makePod([makeContainer(), makeContainer({ name: 'b' })])] }, [null, null]],
    [
      'beside an init container',
      { events: [told(0)], pods: [makePod([makeContainer(), makeContainer({ name: 'b', type: 'init' })])] },
      ['api', null],
    ],
    ['blamed by the pod’s message', { pods: [failed({ containers: [makeContainer(), makeContainer({ name: 'b' })] })] }, ['api', null]],
    [
      'blamed by the manager',
      {
        events: [told(0, { usages: [{ container: 'b', usageBytes: 1, requestBytes: 0 }] })],
        pods: [makePod([makeContainer(), makeContainer({ name: 'b', containerId: OTHER })])],
      },
      ['b', OTHER],
    ],
    ['blamed, of an unknown pod', { events: [told(0, { usages: [{ container: 'b', usageBytes: 1, requestBytes: 0 }] })] }, ['b', null]],
  ])('%s', (_, parts, expected) => expect(containerOf(parts)).toEqual(expected))

  it('is not the run that the kernel had killed', () => {
    const dead = makeDeath(null, { target: { ...pod, container: 'api', containerId: ID }, at: instantAt(-400) })
    expect(containerOf({ events: [told(0), exit(2)] }, [dead])).toEqual([null, null])
    expect(containerOf({ events: [told(0)], pods: [makePod([makeContainer({ containerId: ID })])] }, [dead])).toEqual(['api', null])
  })
})

describe('the kernel was faster', () => {
  const dead = (seconds: number, more: Partial<Kill> = {}) =>
    makeDeath(null, { target: { ...pod, container: 'api', containerId: ID }, at: instantAt(seconds), ...more })
  const started = (seconds: number, more: object = {}) =>
    at(seconds, { kind: 'container', what: 'started', target: { ...pod, container: 'api', containerId: OTHER }, ...more })
  it.each<[string, Parts, Kill, number]>([
    ['three minutes before', { events: [told(0)] }, dead(-180), 0],
    ['longer before', { events: [told(0)] }, dead(-181), 1],
    ['another pod', { events: [told(0)] }, dead(-5, { target: refOf({ pod: 'x', podUid: 'x' }) }), 1],
    ['nobody’s', { events: [told(0)] }, dead(-5, { target: null }), 1],
    ['it ran again', { events: [started(-2), told(0)] }, dead(-5), 1],
    ['it ran again only after', { events: [told(0), started(1)] }, dead(-5), 0],
    ['it had started in that very moment', { events: [started(-5), told(0)] }, dead(-5), 0],
    ['it ran again in the moment of the eviction', { events: [started(0), told(0)] }, dead(-5), 1],
    ['it had started before', { events: [started(-6), told(0)] }, dead(-5), 0],
    ['another pod started', { events: [started(-2, { target: refOf({ pod: 'x', podUid: 'x' }) }), told(0)] }, dead(-5), 0],
    [
      'another container exited then',
      { events: [told(0), at(1, { kind: 'container', what: 'exit', target: { ...pod, container: 'b', containerId: OTHER } })] },
      dead(-5),
      1,
    ],
  ])('%s', (_, parts, kill, count) => expect(of(parts, [kill])).toHaveLength(count))
})
