import { describe, expect, it } from 'vitest'
import { sameId } from '../../src/kube/ids.ts'
import type { ContainerRef } from '../../src/model/event.ts'
import type { Workload } from '../../src/model/incident.ts'
import { directoryOf, merge, sameContainer, samePod, workloadFor, workloadIn } from '../../src/timeline/directory.ts'
import { distinctWorkloads, lastOf, namedAlike, withAllIds } from '../../src/timeline/incident-workloads.ts'
import { CONTAINER_PATH, ID, makeContainer, makeDeath, makePod, makeState, memcgDump, podWorkload } from '../rules/make-incident.ts'
import { refOf } from './scene.ts'
import { notice, source } from './sources.ts'

const OTHER = 'c'.repeat(64)
const UID = podWorkload.podUid as string
const directory = (snapshots: readonly object[], events: ReturnType<typeof notice>[] = []) =>
  directoryOf([source('x', { snapshots, events })])
const full = { namespace: 'shop', pod: 'api-7c9d4', podUid: UID, container: 'api', containerId: ID }

describe('the same', () => {
  it.each([
    [ID, ID, true],
    [ID, ID.slice(0, 12), true],
    [ID.slice(0, 20), ID, true],
    [ID, ID.slice(0, 11), false],
    ['abc', 'abc', true],
    [ID, ID.slice(52), false],
    [null, null, false],
    [ID, null, false],
  ])('id %s, %s: %s', (a, b, same) => expect([sameId(a, b), sameId(b, a)]).toEqual([same, same]))
  it.each<[Partial<ContainerRef>, Partial<ContainerRef>, boolean]>([
    [{ podUid: 'u' }, { podUid: 'u' }, true],
    [{ podUid: 'u', pod: 'p' }, { podUid: 'v', pod: 'p' }, false],
    [{ podUid: 'u', pod: 'p' }, { pod: 'p' }, true],
    [{ pod: 'p', namespace: 'a' }, { pod: 'p', namespace: 'b' }, false],
    [{ pod: 'p', namespace: 'a' }, { pod: 'p' }, true],
    [{ podUid: 'u' }, { pod: 'p' }, false],
    [{}, {}, false],
  ])('pod %j, %j: %s', (a, b, same) => expect([samePod(refOf(a), refOf(b)), samePod(refOf(b), refOf(a))]).toEqual([same, same]))
  it.each<[Partial<ContainerRef>, Partial<ContainerRef>, boolean]>([
    [{ containerId: ID }, { containerId: ID.slice(0, 12) }, true],
    [{ containerId: ID, pod: 'p' }, { containerId: OTHER, pod: 'p' }, false],
    [{ pod: 'p', container: 'a' }, { pod: 'p', container: 'a', containerId: ID }, true],
    [{ pod: 'p', container: 'a' }, { pod: 'p', container: 'b' }, false],
    [{ pod: 'p' }, { pod: 'p', container: 'b' }, true],
    [{ container: 'a' }, { container: 'a' }, false],
  ])('container %j, %j: %s', (a, b, same) =>
    expect([sameContainer(refOf(a), refOf(b)), sameContainer(refOf(b), refOf(a))]).toEqual([same, same]),
  )
  it('of two ids the longer, of names the first', () => {
    expect(merge(refOf({ containerId: ID.slice(0, 12), pod: 'a' }), refOf({ containerId: ID, pod: 'b', container: 'c' }))).toEqual(
      refOf({ containerId: ID, pod: 'a', container: 'c' }),
    )
    expect(merge(refOf({ containerId: ID }), refOf({ containerId: ID.slice(0, 12) })).containerId).toBe(ID)
    expect(merge(refOf({ containerId: ID }), refOf({})).containerId).toBe(ID)
    expect(merge(refOf({}), refOf({ containerId: ID })).containerId).toBe(ID)
  })
})

describe('who is who', () => {
  const pod = makePod([makeContainer({ containerId: ID }), makeContainer({ name: 'proxy', containerId: OTHER })])
  it.each<[string, Partial<ContainerRef>, Partial<ContainerRef>]>([
    ['by the container’s id', { containerId: ID }, full],
    ['by a short id', { containerId: ID.slice(0, 12) }, full],
    ['by the UID', { podUid: UID }, { namespace: 'shop', pod: 'api-7c9d4' }],
    ['by the name', { namespace: 'shop', pod: 'api-7c9d4' }, { podUid: UID }],
    ['not in another namespace', { namespace: 'web', pod: 'api-7c9d4' }, { podUid: null }],
    ['not by a part of an id', { containerId: ID.slice(0, 11) }, { pod: null }],
    ['one of two containers is not guessed', { podUid: UID, containerId: 'd'.repeat(64) }, { container: null }],
  ])('%s', (_, asked, expected) => expect(directory([pod]).complete(refOf(asked))).toMatchObject(expected))

  it('by ids of earlier states, of inspected containers, of events', () => {
    const ended = makePod([makeContainer({ lastState: makeState({ containerId: ID }), state: makeState({ containerId: OTHER }) })])
    expect(directory([ended]).complete(refOf({ containerId: ID })).container).toBe('api')
    expect(directory([ended]).complete(refOf({ containerId: OTHER })).container).toBe('api')
    const inspected = { kind: 'runtime-container', containerId: ID, name: 'web', namespace: 'n', podName: 'p', podUid: 'u' }
    expect(directory([inspected]).complete(refOf({ containerId: ID }))).toEqual(
      refOf({ namespace: 'n', pod: 'p', podUid: 'u', container: 'web', containerId: ID }),
    )
    expect(directory([inspected]).runtimeOf(ID.slice(0, 12))).toMatchObject({ name: 'web' })
    expect([directory([inspected]).runtimeOf(null), directory([inspected]).runtimeOf(OTHER)]).toEqual([null, null])
    const told = (kind: string) =>
      directory([], [notice(1, null, { kind, target: refOf({ pod: 'p', container: 'c', containerId: ID }) })]).complete(
        refOf({ containerId: ID }),
      ).pod
    expect([told('container'), told('eviction'), told('runtime')]).toEqual(['p', 'p', null])
  })
  it('an id known by twelve digits, not by fewer', () => {
    const known = (digits: number) =>
      directory([makePod([makeContainer({ containerId: ID.slice(0, digits) }), makeContainer({ name: 'b' })])])
    expect([known(12).complete(refOf({ containerId: ID })).container, known(11).complete(refOf({ containerId: ID })).container]).toEqual([
      'api',
      null,
    ])
    const runtime = (digits: number) => directory([{ kind: 'runtime-container', containerId: ID.slice(0, digits), name: 'web' }])
    expect([runtime(12).runtimeOf(ID)?.name, runtime(11).runtimeOf(ID)?.name]).toEqual(['web', undefined])
  })
  it('a UID that is printed is not overruled by what others say of the name', () => {
    const event = notice(1, null, { kind: 'object-event', objectKind: 'pod', namespace: 'shop', name: 'web-1', uid: 'u-2' })
    expect(directory([], [event]).complete(refOf({ namespace: 'shop', pod: 'web-1', podUid: 'u-1' })).podUid).toBe('u-1')
    expect(directory([], [event]).complete(refOf({ namespace: 'shop', pod: 'web-1' })).podUid).toBe('u-2')
  })
  it('of two captures that differ in one thing the one that tells it', () => {
    const figure = (value: number) => ({ value, quote: null as never })
    const bare = makePod([makeContainer({ limitBytes: null })], { node: 'bare', owner: null, source: 'a' })
    const node = (...pods: object[]) => directory(pods).podOf(refOf({ podUid: UID }))?.node
    for (const more of [
      makePod([makeContainer({ limitBytes: figure(5) })], { node: 'more', owner: null }),
      makePod([makeContainer({ limitBytes: null, restartCount: figure(3) })], { node: 'more', owner: null }),
      makePod([makeContainer({ limitBytes: null, lastState: makeState({}) })], { node: 'more', owner: null }),
      makePod([makeContainer({ limitBytes: null, command: ['java'] })], { node: 'more', owner: null }),
      makePod([makeContainer({ limitBytes: null })], { node: 'more', owner: 'Deployment/api' }),
    ])
      expect([node(bare, more), node(more, bare)]).toEqual(['more', 'more'])
  })
  it('the only container of a pod is meant by an id that nobody knows', () => {
    const one = directory([makePod([makeContainer()])])
    expect(one.complete(refOf({ podUid: UID, containerId: OTHER })).container).toBe('api')
    expect(one.complete(refOf({ podUid: UID })).container).toBeNull()
  })
  it('a static pod by its hash, under its own UID', () => {
    const hashed = directory([makePod([], { configHash: 'f'.repeat(32) })])
    expect(hashed.complete(refOf({ podUid: 'f'.repeat(32) }))).toMatchObject({ podUid: UID, pod: 'api-7c9d4' })
    expect(directory([makePod([], { configHash: 'f'.repeat(32), uid: null })]).complete(refOf({ podUid: 'f'.repeat(32) })).podUid).toBe(
      'f'.repeat(32),
    )
  })
  it('the fuller of two captures; the fuller of two statuses', () => {
    const bare = makePod([makeContainer({ limitBytes: null })], { node: 'bare' })
    const more = makePod([makeContainer({ state: makeState({}), restartCount: { value: 3, quote: null } })], { node: 'more' })
    expect([
      directory([bare, more]).podOf(refOf({ podUid: UID }))?.node,
      directory([more, bare]).podOf(refOf({ podUid: UID }))?.node,
    ]).toEqual(['more', 'more'])
    expect(directory([bare, more]).containerOf(refOf({ podUid: UID, container: 'api' }))?.restartCount?.value).toBe(3)
    expect(directory([bare]).containerOf(refOf({ podUid: UID, container: 'x' }))).toBeNull()
  })
  it('a state is more than a command, a command more than none', () => {
    const [state, command, none] = [
      makePod([makeContainer({ limitBytes: null, state: makeState({}) })], { node: 'state' }),
      makePod([makeContainer({ limitBytes: null, command: ['java', '-jar', 'api.jar'] })], { node: 'command' }),
      makePod([makeContainer({ limitBytes: null })], { node: 'none' }),
    ]
    const fuller = (...pods: object[]) => directory(pods).podOf(refOf({ podUid: UID }))?.node
    expect([fuller(state, command), fuller(command, state), fuller(none, state)]).toEqual(['state', 'state', 'state'])
    expect([fuller(none, command), fuller(command, none)]).toEqual(['command', 'command'])
  })
  it('a name and a UID that any line says together', () => {
    const event = notice(1, null, { kind: 'object-event', objectKind: 'pod', namespace: 'shop', name: 'web-1', uid: 'u-1' })
    const learnt = directory([], [event])
    expect(learnt.complete(refOf({ podUid: 'u-1' }))).toMatchObject({ namespace: 'shop', pod: 'web-1' })
    expect(learnt.complete(refOf({ namespace: 'shop', pod: 'web-1' })).podUid).toBe('u-1')
    expect(learnt.complete(refOf({ namespace: 'x', pod: 'web-1' })).podUid).toBeNull()
    const twice = directory(
      [],
      [event, notice(1, null, { kind: 'object-event', objectKind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'u-2' })],
    )
    expect(twice.complete(refOf({ namespace: 'shop', pod: 'web-1' })).podUid).toBeNull()
    const node = directory(
      [],
      [notice(1, null, { kind: 'object-event', objectKind: 'Node', namespace: 'shop', name: 'web-1', uid: 'u-1' })],
    )
    expect(node.complete(refOf({ podUid: 'u-1' })).pod).toBeNull()
  })
  it('what lived in a cgroup', () => {
    expect(workloadIn(CONTAINER_PATH, directory([pod])).workload).toMatchObject({
      ...full,
      kind: 'pod',
      owner: 'Deployment/api',
      runtime: 'containerd',
      containerIds: [ID],
    })
    expect(workloadIn('/system.slice/a.service', directory([pod]))).toMatchObject({
      workload: { kind: 'systemd-unit', unit: 'a.service' },
      ref: null,
    })
    expect(workloadFor(refOf({ containerId: ID }), directory([]), null)).toMatchObject({
      kind: 'container',
      runtime: null,
      containerIds: [ID],
    })
    expect(workloadFor(refOf({ pod: 'x' }), directory([]), null)).toMatchObject({ kind: 'pod', containerIds: [] })
  })
})

describe('workloads of an incident', () => {
  const kill = (workload: Partial<Workload> | null, comm = 'java') =>
    makeDeath(memcgDump(), { comm, workload: workload === null ? null : { ...podWorkload, ...workload } })
  it('each once, a restarted container with all its ids', () => {
    const again = { containerId: OTHER, containerIds: [OTHER] }
    expect(distinctWorkloads([kill({}), kill(again)])).toMatchObject([{ containerId: OTHER, containerIds: [ID, OTHER] }])
    expect(distinctWorkloads([kill({}), kill({ container: 'b' })])).toHaveLength(2)
    expect(distinctWorkloads([kill({}), kill({ podUid: 'x' }), kill(null)])).toHaveLength(2)
    const unit = (name: string) => kill({ kind: 'systemd-unit', pod: null, podUid: null, containerId: null, unit: name })
    expect(distinctWorkloads([unit('a.service'), unit('b.service'), unit('a.service')])).toHaveLength(2)
  })
  it('processes alone are one, beside others each by name', () => {
    const process = { kind: 'process' as const, pod: null, podUid: null, container: null, containerId: null, containerIds: [] }
    expect(distinctWorkloads([kill(process, 'a'), kill(process, 'b')])).toHaveLength(1)
    expect(distinctWorkloads([kill(process, 'a'), kill(process, 'b'), kill(process, 'a'), kill({})])).toHaveLength(3)
  })
  it('the last id that was killed, all ids', () => {
    const kills = [kill({}), kill({ containerId: OTHER }), kill({ podUid: 'x', containerId: 'e'.repeat(64) })]
    expect(lastOf(kills, podWorkload).containerId).toBe(OTHER)
    expect(withAllIds(podWorkload, kills).containerIds).toEqual([ID, OTHER])
    expect(lastOf([], podWorkload).containerId).toBe(ID)
    const bareUnit = { ...podWorkload, pod: null, podUid: null, container: null, containerId: null, unit: 'a.service' }
    const own = (more: object, of = bareUnit) => withAllIds(of, [kill({ ...bareUnit, containerIds: [], ...more })]).containerIds
    expect([own({ unit: 'b.service' }), own({ containerId: OTHER }), own({ podUid: UID, containerId: OTHER })]).toEqual([[], [], []])
    expect(own({ containerId: OTHER }, { ...bareUnit, containerId: OTHER as never })).toEqual([OTHER])
    expect(own({ containerId: OTHER, unit: 'b.service' }, { ...bareUnit, containerId: OTHER as never })).toEqual([])
    expect(
      withAllIds(podWorkload, [kill({ container: null, containerId: OTHER }), kill({ container: 'b', containerId: 'e'.repeat(64) })])
        .containerIds,
    ).toEqual([OTHER])
    const unit = { podUid: null, containerId: null, unit: 'a.service' }
    expect(withAllIds({ ...podWorkload, ...unit }, [kill({ ...unit, unit: 'b.service', containerId: OTHER })]).containerIds).toEqual([])
  })
  it('an earlier run bears the name of the one container in which the same program died at the same limit', () => {
    const nameless = { container: null, containerId: OTHER }
    const names = (...kills: ReturnType<typeof kill>[]) => namedAlike(kills).map((k) => k.workload?.container ?? null)
    expect(names(kill(nameless), kill({}))).toEqual(['api', 'api'])
    expect(names(kill(nameless), kill({}), kill({ container: 'b' }))).toEqual([null, 'api', 'b'])
    expect(names(kill(nameless, 'node'), kill({}))).toEqual([null, 'api'])
    expect(names(kill({ ...nameless, podUid: 'x' }), kill({}))).toEqual([null, 'api'])
    expect(names(kill(null), kill({}))).toEqual([null, 'api'])
    const other = makeDeath(memcgDump({ memory: { usageBytes: 1, limitBytes: 1, unlimited: false, failcnt: 1 } }), {
      workload: { ...podWorkload, ...nameless },
    })
    expect(names(other, kill({}))).toEqual([null, 'api'])
    const none = makeDeath(memcgDump({ memory: null }), { workload: { ...podWorkload, ...nameless } })
    expect(names(none, kill({}))).toEqual([null, 'api'])
  })
})

it('of pods without UIDs, as `describe` prints them, each has its own container, also where another of that name says more', () => {
  const small = makePod([makeContainer({ limitBytes: null })], { name: 'a', uid: null })
  const rich = makePod([makeContainer({ restartCount: { value: 9, quote: null }, command: ['/bin/b'] })], { name: 'b', uid: null })
  const { containerOf } = directory([rich, small])
  expect(containerOf(refOf({ namespace: 'shop', pod: 'a', container: 'api' }))).toBe(small.containers[0])
  expect(containerOf(refOf({ namespace: 'shop', pod: 'b', container: 'api' }))).toBe(rich.containers[0])
})
