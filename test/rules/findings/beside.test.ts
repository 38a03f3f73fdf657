import { describe, expect, test } from 'vitest'
import type { ContainerEvent, EvictionEvent, ObjectEvent } from '../../../src/model/event.ts'
import type { Finding } from '../../../src/model/finding.ts'
import type { CgroupSnapshot, PodSnapshot, RuntimeContainerSnapshot } from '../../../src/model/snapshot.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { admissionRefused } from '../../../src/rules/findings/admission-refused.ts'
import { evictedNotMemory } from '../../../src/rules/findings/evicted-not-memory.ts'
import { exit137OfRuntime } from '../../../src/rules/findings/exit-137-of-runtime.ts'
import { sceneOf } from '../../../src/rules/findings/scene.ts'
import { throttledByMemoryHigh } from '../../../src/rules/findings/throttled-by-memory-high.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { CONTAINER_PATH, ID, makeContainer, makeDeath, makeIncident, makePod, placed, podWorkload } from '../make-incident.ts'

const scene = (parts: Partial<Timeline>) =>
  sceneOf({ incidents: [], events: [], snapshots: [], sources: [], told: new Set(), spans: new Map(), warnings: [], ...parts })
const said = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ id, statement, evidence }) => `${id}: ${plainPhrase(statement)} [${evidence.map(({ text }) => text).join('|')}]`)
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const killedBy = (killer: 'kernel' | 'kubelet', more = {}) => [makeIncident({ kills: [makeDeath(null, { killer, target, ...more })] })]

describe('exit code 137 of a runtime outside Kubernetes', () => {
  const ended = (more: Partial<RuntimeContainerSnapshot> = {}): RuntimeContainerSnapshot => ({
    kind: 'runtime-container',
    source: 'inspect.json',
    containerId: ID,
    name: 'web',
    podUid: null,
    podName: null,
    namespace: null,
    runtime: 'docker',
    oomKilled: false,
    exitCode: 137,
    finishedUs: null,
    running: false,
    pid: null,
    cgroupPath: null,
    limitBytes: null,
    quotes: [1, 2, 3, 4, 5].map((n) => quote(`q${n}`, n)),
    ...more,
  })
  const stop = (what: ContainerEvent['what'], id = ID) =>
    placed<ContainerEvent>(1, { kind: 'container', what, target: { ...target, containerId: id } } as never)
  const of = (more: Partial<RuntimeContainerSnapshot>, parts: Partial<Timeline> = {}) =>
    said(exit137OfRuntime(scene({ snapshots: [ended(more)], ...parts })))
  test('means SIGKILL by anybody', () => {
    expect(of({})).toEqual([
      'exit-137-unexplained: Exit code 137 of container web means SIGKILL, whoever sent it; OOMKilled is false, and nothing in the input says that memory was short. [q1|q2|q3|q4]',
    ])
    expect(of({ name: null, runtime: 'podman' })[0]).toContain(
      `container ${ID.slice(0, 12)} means SIGKILL, whoever sent it; OOMKilled is false`,
    )
    expect(of({ runtime: 'containerd' })[0]).toContain('SIGKILL, whoever sent it, and')
  })
  test.each<Partial<RuntimeContainerSnapshot>>([
    { exitCode: 143 },
    { oomKilled: true },
    { oomKilled: null },
    { podUid: 'uid' },
    { containerId: null },
  ])('but not with %j', (more) => expect(of(more)).toEqual([]))
  test('is no mystery where the kernel killed it or somebody stopped it', () => {
    expect(of({}, { incidents: killedBy('kernel') })).toEqual([])
    for (const what of ['killing', 'stop-requested'] as const)
      expect(of({}, { events: [stop(what)] })).toEqual([
        'exit-137-not-oom: Exit code 137 of container web is no out-of-memory kill: somebody stopped it with a signal; OOMKilled is false. [q1|q2|q3|q4|line of container]',
      ])
    expect(of({}, { events: [stop('killing', 'b2'.repeat(32)), stop('started')] })[0]).toContain('unexplained')
  })
})

describe('evictions for something else', () => {
  const evicted = (signal: string | null, more: Partial<EvictionEvent> = {}, seconds = 0) =>
    placed<EvictionEvent>(seconds, {
      kind: 'eviction',
      stage: 'evicted',
      target,
      ranking: [],
      signal,
      thresholdBytes: null,
      availableBytes: null,
      capacityBytes: null,
      message: null,
      usages: [],
      ...more,
    })
  const of = (events: Timeline['events'], parts: Partial<Timeline> = {}) => said(evictedNotMemory(scene({ events, ...parts })))
  test('name the signal and the pods', () => {
    expect(of([evicted('nodefs.available')])).toEqual([
      'evicted-not-for-memory: The kubelet evicted pod shop/api-7c9d4 because the node was low on nodefs.available, not on memory. [line of eviction]',
    ])
    expect(of([evicted('nodefs.available', { target: { ...target, namespace: null } })])[0]).toContain('evicted pod api-7c9d4 because')
    expect(of([evicted('nodefs.available', { target: { ...target, pod: null } })])[0]).toContain(
      `evicted pod ${podWorkload.podUid} because`,
    )
    expect(
      of([evicted('pid.available', { stage: 'evicting' }), evicted('pid.available', { target: { ...target, pod: 'b' } }, 9)])[0],
    ).toContain('evicted 2 pods, first shop/api-7c9d4 because the node was low on pid.available')
    expect(of([evicted('pid.available', { target: null }), evicted('pid.available', {}, 9)])[0]).toContain(
      'evicted 2 pods, first shop/api-7c9d4 because',
    )
  })
  test('that name none prove nothing; memory is another matter', () => {
    expect(of([evicted(null)])[0]).toContain('which signal it was short of is not in the log')
    expect(of([evicted('memory.available')])).toEqual([])
    expect(of([evicted(null), evicted('memory.available', { stage: 'threshold-met', target: null }, 2)])).toEqual([])
    expect(of([evicted(null), evicted('nodefs.available', { stage: 'threshold-met', target: null }, 2)])[0]).toContain(
      'low on nodefs.available',
    )
  })
  test('are told only where a pod was evicted, once', () => {
    expect(of([evicted('nodefs.available', { stage: 'threshold-met' })])).toEqual([])
    expect(of([evicted('nodefs.available', { target: null })])[0]).toContain('The kubelet evicted a pod because')
    expect(of([evicted('nodefs.available')], { snapshots: [makePod([], { reason: 'Evicted' })] })).toEqual([])
    expect(of([evicted('nodefs.available')], { snapshots: [makePod([])] })).toHaveLength(1)
    expect(of([evicted('nodefs.available')], { incidents: killedBy('kubelet') })).toEqual([])
    expect(of([evicted('nodefs.available')], { incidents: killedBy('kernel') })).toHaveLength(1)
    expect(of([evicted('nodefs.available')], { incidents: killedBy('kubelet', { target: { ...target, pod: 'b' } }) })).toHaveLength(1)
    expect(of([evicted('nodefs.available')], { incidents: killedBy('kubelet', { target: { ...target, namespace: 'b' } }) })).toHaveLength(1)
  })
})

describe('a pod that was turned away', () => {
  const sums = { requestedBytes: 2 ** 30, usedBytes: 3 * 2 ** 30, capacityBytes: 4 * 2 ** 30 }
  const of = (end: object, reason: string) =>
    said(
      admissionRefused(
        scene({ snapshots: [makePod([], { reason, end: { what: 'refused', conditions: [], sums: null, ...end } as never })] }),
      ),
    )
  test('by its status', () => {
    expect(of({ sums }, 'OutOfmemory')[0]).toContain('OutOfmemory (requested 1 GiB, already reserved 3 GiB of 4 GiB): the requests')
    expect(of({}, 'OutOfmemory')[0]).toContain('with OutOfmemory: the requests')
    const lines = [1, 2, 3, 4, 5].map((n) => quote(`q${n}`, n))
    const one = makePod([], { reason: 'OutOfmemory', quotes: lines, end: { what: 'refused', conditions: [], sums: null } as never })
    expect(said(admissionRefused(scene({ snapshots: [one] })))[0]).toContain('[q1|q2|q3|q4]')
    expect(of({ conditions: ['MemoryPressure'] }, 'Evicted')[0]).toContain('its node was in MemoryPressure')
    expect(of({ conditions: ['DiskPressure'] }, 'Evicted')).toEqual([])
    expect(of({ what: 'evicted' }, 'OutOfmemory')).toEqual([])
  })
  test('by an event, unless its status says so, too', () => {
    const event = (more: Partial<ObjectEvent>) => [
      placed<ObjectEvent>(0, { kind: 'object-event', reason: 'OutOfmemory', name: 'api-7c9d4', namespace: 'shop', ...more } as never),
    ]
    const told = (more: Partial<ObjectEvent>, pod: Partial<PodSnapshot> = { name: 'b' }) =>
      said(admissionRefused(scene({ events: event(more), snapshots: [makePod([], pod)] })))
    expect(told({})[0]).toContain('Pod shop/api-7c9d4 was turned away with OutOfmemory')
    expect(told({ namespace: null })[0]).toContain('Pod api-7c9d4 was')
    expect(told({ reason: 'Evicted', refusedFor: ['MemoryPressure'] } as never)[0]).toContain('in MemoryPressure')
    expect(told({ reason: 'Evicted', refusedFor: ['DiskPressure'] } as never)).toEqual([])
    expect(told({ reason: 'Evicted' })).toEqual([])
    const three = [1, 2, 3].map((n) => quote(`e${n}`, n))
    expect(told({ quotes: three } as never)[0]).toContain('[e1|e2]')
    const two = [makePod([], { name: 'b' }), makePod([], { message: 'Pod was rejected' })]
    expect(admissionRefused(scene({ events: event({}), snapshots: two }))).toEqual([])
    expect(told({}, { message: 'Pod was rejected' })).toEqual([])
    expect(told({}, { message: null })).toHaveLength(1)
    const pressure = { reason: 'Evicted', refusedFor: ['MemoryPressure'] } as never
    expect(told(pressure, { message: 'The node had condition', reason: 'Evicted' })).toEqual([])
    expect(told(pressure, { message: 'The node had condition', reason: 'Other' })).toHaveLength(1)
  })
})

describe('memory.high', () => {
  const cgroup = (files: Readonly<Record<string, string>>, path = CONTAINER_PATH): CgroupSnapshot => ({
    kind: 'cgroup',
    source: 'memory.events',
    host: null,
    path,
    files: Object.fromEntries(Object.entries(files).map(([name, value]) => [name, { value, quote: quote(`${name} ${value}`) }])),
  })
  const of = (files: Readonly<Record<string, string>>, more: Timeline['snapshots'] = [], path?: string) =>
    throttledByMemoryHigh(scene({ snapshots: [cgroup(files, path), ...more] }))
  test('is told of whoever is known to live there', () => {
    const high = { 'memory.events.high': '7', 'memory.high': String(64 * 2 ** 20) }
    expect(said(of(high))[0]).toContain(`${CONTAINER_PATH} was throttled 7 times at its memory.high of 64 MiB; that slows it down`)
    const pod = makePod([makeContainer({ containerId: ID })])
    expect(said(of(high, [pod]))[0]).toContain('shop/api-7c9d4/api was throttled')
    expect(of(high, [pod])[0]?.workload).toMatchObject({ pod: 'api-7c9d4', container: 'api' })
    expect(said(of(high, [makePod([makeContainer({ containerId: 'b2'.repeat(32) })])]))[0]).toContain('shop/api-7c9d4 was throttled')
    expect(said(of(high, [makePod([makeContainer({ containerId: ID })], { uid: 'mirror', configHash: podWorkload.podUid })]))[0]).toContain(
      'shop/api-7c9d4/api',
    )
    expect(said(of(high, [makePod([makeContainer({ containerId: ID })], { uid: 'other' })]))[0]).toContain(`${CONTAINER_PATH} was`)
  })
  test('of a counter of its own, and of no kill', () => {
    expect(said(of({ 'memory.events.local.high': '1' }))[0]).toContain('throttled 1 times at its memory.high; that')
    expect(of({ 'memory.events.high': '0' })).toEqual([])
    expect(of({ 'memory.events.high': '7', 'memory.events.oom_kill': '1' })).toEqual([])
    expect(of({ 'memory.events.high': '7', 'memory.events.local.oom_kill': '1' })).toEqual([])
    expect(of({ 'memory.events.high': '7', 'memory.events.oom_kill': '0' })).toHaveLength(1)
    expect(of({ 'memory.events.high': '7' }, [], '/kubepods.slice')).toEqual([])
    expect(of({ 'memory.events.high': '7' }, [], '/system.slice/web.service')).toHaveLength(1)
  })
})
