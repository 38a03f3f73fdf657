import { describe, expect, it } from 'vitest'
import type { KernelOomEvent } from '../../src/model/event.ts'
import type { Incident, Kill, PlacedEvent } from '../../src/model/incident.ts'
import { contextIndex } from '../../src/timeline/context-index.ts'
import { directoryOf } from '../../src/timeline/directory.ts'
import type { Material } from '../../src/timeline/incident.ts'
import { makeIncidents } from '../../src/timeline/incidents.ts'
import { killIndex } from '../../src/timeline/kill-index.ts'
import { snapshotIndex } from '../../src/timeline/snapshot-index.ts'
import {
  CONTAINER_PATH,
  globalDump,
  ID,
  instantAt,
  makeContainer,
  makeDeath,
  makePod,
  memcgDump,
  podWorkload,
} from '../rules/make-incident.ts'
import { at, refOf, withoutTime } from './scene.ts'

const MINUTE = 60
const target = refOf({ namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID })
interface Parts {
  readonly kills?: readonly Kill[]
  readonly without?: readonly PlacedEvent<KernelOomEvent>[]
  readonly events?: readonly PlacedEvent[]
  readonly snapshots?: readonly object[]
  readonly sightings?: readonly object[]
}
function incidents({ kills = [], without = [], events = [], snapshots = [], sightings = [] }: Parts): Incident[] {
  const evidence = [{ events: events.map((p) => p.event), snapshots, sightings, source: { name: 'x' } }] as unknown as Material['evidence']
  const directory = directoryOf(evidence)
  return makeIncidents({
    ...{ kills, dumpsWithoutKill: without, dumps: without, events, evidence, directory },
    snapshots: snapshotIndex(snapshots as Parameters<typeof snapshotIndex>[0]),
    index: contextIndex(events, directory),
    killIndex: killIndex(kills),
    coverage: () => ({}) as ReturnType<Material['coverage']>,
  })
}
const dump = (seconds: number, made: object = globalDump({ kills: [] }), more: Partial<PlacedEvent> = {}) =>
  at(seconds, { kind: 'kernel-oom', dump: made }, more) as PlacedEvent<KernelOomEvent>
const natures = (parts: Parts) => incidents(parts).map((i) => i.nature)
const group = (path: string | null) => memcgDump({ oomMemcg: path, kills: [] })

describe('reports without a kill', () => {
  it.each<[string, PlacedEvent<KernelOomEvent>[], number]>([
    ['less than ten minutes apart', [dump(0), dump(10 * MINUTE - 1)], 1],
    ['ten minutes apart', [dump(0), dump(10 * MINUTE)], 2],
    ['on two hosts', [dump(0), dump(1, undefined, { host: 'node-2' })], 2],
    ['of the machine and of a group', [dump(0), dump(1, group('/a'))], 2],
    ['of two groups', [dump(0, group('/a')), dump(1, group('/b'))], 2],
    ['of one group', [dump(0, group('/a')), dump(9 * MINUTE, group('/a'))], 1],
    ['a group without a name in the same ten seconds', [dump(0, group('/a')), dump(10, group(null))], 1],
    ['a group without a name later', [dump(0, group('/a')), dump(11, group(null))], 2],
    ['two groups without names in one burst', [dump(0, group(null)), dump(10, group(null))], 1],
    ['two groups without names, later', [dump(0, group(null)), dump(11, group(null))], 2],
    ['of unknown scope', [dump(0), dump(1, globalDump({ kills: [], scope: null }))], 1],
  ])('%s', (_, without, count) => expect(natures({ without })).toHaveLength(count))

  it('tell whether the kernel gave up', () => {
    expect(natures({ without: [dump(0)] })).toEqual(['dump-without-kill'])
    expect(natures({ without: [dump(0), dump(1, globalDump({ kills: [], noKillable: true }))] })).toEqual(['no-kill'])
    expect(natures({ without: [dump(0, globalDump({ kills: [], panic: { text: 'x', cause: 'memory' } }))] })).toEqual(['no-kill'])
  })
  it('name the workload of their group, the host of any', () => {
    const found = incidents({ without: [dump(0, group(CONTAINER_PATH), { host: null }), dump(1, group(CONTAINER_PATH))] })
    expect(found).toMatchObject([{ host: 'node-1', workload: { containerId: ID }, kills: [] }])
    expect(found[0]?.dumps).toHaveLength(2)
    expect(incidents({ without: [dump(0)] })[0]?.workload).toBeNull()
  })
})

describe('a report whose kill line is lost, near a kill', () => {
  const of = (kill: Kill, without: PlacedEvent<KernelOomEvent>) =>
    incidents({ kills: [kill], without: [without] }).map((i) => i.dumps.length)
  it.each<[string, Kill, PlacedEvent<KernelOomEvent>, boolean]>([
    ['of the machine, less than ten minutes off', makeDeath(globalDump()), dump(10 * MINUTE - 1), true],
    ['ten minutes off', makeDeath(globalDump()), dump(10 * MINUTE), false],
    ['before it', makeDeath(globalDump()), dump(-10 * MINUTE + 1), true],
    ['of another scope', makeDeath(globalDump()), dump(1, group('/a')), false],
    ['of the same group', makeDeath(memcgDump()), dump(1, group(CONTAINER_PATH)), true],
    ['of another group', makeDeath(memcgDump()), dump(1, group('/b')), false],
    ['of groups without names', makeDeath(memcgDump({ oomMemcg: null })), dump(1, group(null)), false],
    ['on another host', makeDeath(globalDump()), dump(1, undefined, { host: 'node-2' }), false],
    ['a kill without a report', makeDeath(null), dump(1), false],
    ['without a common clock', makeDeath(globalDump()), dump(1, undefined, { at: { ...instantAt(1), ...withoutTime } }), false],
  ])('%s', (_, kill, without, joined) => expect(of(kill, without)).toEqual(joined ? [1] : expect.arrayContaining([0, 1])))
})

describe('what a program says of itself', () => {
  const heap = (seconds: number, more: object = {}) =>
    at(seconds, { kind: 'runtime', runtime: 'jvm', what: 'heap-exhausted', detail: null, target, pid: null, ...more })
  const refused = (seconds: number, more: object = {}) =>
    at(seconds, { kind: 'kernel-notice', notice: 'vm-enough-memory', comm: 'java', pid: 1, ...more })
  const bare = (seconds: number, runtime = 'jvm', source = 'a.log') => {
    const event = heap(seconds, { target: null, runtime })
    return {
      ...event,
      event: { ...event.event, quotes: [{ source, line: 1, offset: null, cursor: null, text: '' }] } as PlacedEvent['event'],
    }
  }
  it.each<[string, Parts, string[]]>([
    ['its heap', { events: [heap(0)] }, ['runtime-heap']],
    ['its heap again within a day', { events: [heap(0), heap(24 * 3600 - 1)] }, ['runtime-heap']],
    ['a day later', { events: [heap(0), heap(24 * 3600)] }, ['runtime-heap', 'runtime-heap']],
    [
      'two containers',
      { events: [heap(0), heap(1, { target: { ...target, container: 'b', containerId: null } })] },
      ['runtime-heap', 'runtime-heap'],
    ],
    ['two logs', { events: [bare(0), bare(1, 'jvm', 'b.log')] }, ['runtime-heap', 'runtime-heap']],
    ['two runtimes of one log', { events: [bare(0), bare(1, 'node')] }, ['runtime-heap', 'runtime-heap']],
    ['one runtime of one log', { events: [bare(0), bare(1)] }, ['runtime-heap']],
    ['an own limit is none', { events: [heap(0, { what: 'own-limit' })] }, []],
    ['a refused allocation, by the kernel', { events: [refused(0)] }, ['refused-allocation']],
    ['by itself', { events: [heap(0, { what: 'allocation-refused' })] }, ['refused-allocation']],
    ['both at once', { events: [refused(0), heap(5, { what: 'allocation-refused' })] }, ['refused-allocation']],
    ['ten minutes apart', { events: [refused(0), refused(10 * MINUTE)] }, ['refused-allocation', 'refused-allocation']],
    ['another notice', { events: [refused(0, { notice: 'hung-task' })] }, []],
    ['near its kill', { kills: [makeDeath(memcgDump(), { target })], events: [heap(119)] }, ['kill']],
    ['two minutes off', { kills: [makeDeath(memcgDump(), { target })], events: [heap(120)] }, ['kill', 'runtime-heap']],
    [
      'near the kill of another pod',
      { kills: [makeDeath(memcgDump(), { target: refOf({ pod: 'x', podUid: 'x' }) })], events: [heap(1)] },
      ['kill', 'runtime-heap'],
    ],
    ['near a kill of nobody known', { kills: [makeDeath(memcgDump())], events: [heap(1)] }, ['kill']],
    ['near a kill on another host', { kills: [makeDeath(memcgDump(), { host: 'node-2' })], events: [heap(1)] }, ['kill', 'runtime-heap']],
    [
      'a refusal, of which only a kill without a time may tell more',
      { kills: [makeDeath(globalDump(), { at: { ...instantAt(0), ...withoutTime } })], events: [refused(0)] },
      ['kill'],
    ],
    ['a refusal near a kill', { kills: [makeDeath(globalDump())], events: [refused(-119)] }, ['kill']],
  ])('%s', (_, parts, expected) => expect(natures(parts)).toEqual(expected))

  it('stands on the host of its lines, else on that of its pod', () => {
    const host = (...events: PlacedEvent[]) =>
      incidents({ events, snapshots: [makePod([makeContainer()], { node: 'node-9' })] }).map((i) => i.host)
    const nowhere = (event: PlacedEvent) => ({ ...event, host: null })
    expect(host(heap(0))).toEqual(['node-1'])
    expect(host(nowhere(heap(0)), heap(1))).toEqual(['node-1'])
    expect(host(nowhere(heap(0)))).toEqual(['node-9'])
    expect(host(refused(0))).toEqual(['node-1'])
    expect(host(nowhere(refused(0)))).toEqual([null])
  })

  it('words of a kill near its own that no kill answers for stand beside it', () => {
    const seen = (line: number | null, pid: number | null = null, source = 'a.log') => ({
      pid,
      quote: { source, line, offset: null, cursor: null, text: '' },
    })
    const own = {
      ...bare(0),
      event: { ...bare(0).event, quotes: [{ source: 'a.log', line: 100, offset: null, cursor: null, text: '' }] } as PlacedEvent['event'],
    }
    const beside = (sightings: readonly object[], kills: readonly Kill[] = []) =>
      incidents({ events: [own], sightings, kills })
        .find((i) => i.nature === 'runtime-heap')
        ?.proofsBeside?.map(({ line }) => line)
    expect(beside([seen(60), seen(59), seen(140), seen(141)])).toEqual([60, 140])
    expect(beside([seen(100, null, 'b.log'), seen(101)])).toEqual([101])
    expect(beside([seen(101), seen(102), seen(103), seen(104), seen(105)])).toEqual([101, 102, 103, 104])
    const far = makeDeath(globalDump(), {
      at: instantAt(9999),
      pid: 7,
      evidence: [{ source: 'a.log', line: 90, offset: null, cursor: null, text: '' }],
    })
    expect(beside([seen(90), seen(91), seen(92, 7), seen(93, 8)], [far])).toEqual([91, 93])
    const late = {
      ...bare(1),
      event: { ...bare(1).event, quotes: [{ source: 'a.log', line: 300, offset: null, cursor: null, text: '' }] } as PlacedEvent['event'],
    }
    expect(
      incidents({ events: [own, late], sightings: [seen(320), seen(120), seen(200)] })[0]?.proofsBeside?.map(({ line }) => line),
    ).toEqual([320, 120])
  })
  it('is the workload that its words or a unit name, and stands in its own story', () => {
    const [one] = incidents({ events: [heap(0)], snapshots: [makePod([makeContainer()])] })
    expect(one).toMatchObject({ workload: { pod: 'api-7c9d4', container: 'api' }, host: 'node-1', kills: [] })
    expect(one?.context).toHaveLength(1)
    expect(incidents({ events: [bare(0)] })[0]?.workload).toMatchObject({ kind: 'process' })
    expect(incidents({ events: [refused(0, { comm: null })] })[0]?.workload).toBeNull()
  })
})

describe('the story of kills', () => {
  it('its host, its span, its workloads', () => {
    const unit = (name: string) => ({
      ...podWorkload,
      kind: 'systemd-unit' as const,
      pod: null,
      podUid: null,
      containerId: null,
      unit: name,
    })
    const kills = [
      makeDeath(globalDump(), { workload: unit('a.service') }),
      makeDeath(globalDump(), { at: instantAt(30), eventKey: 'e2', workload: unit('b.service') }),
    ]
    const [one] = incidents({ kills })
    expect(one).toMatchObject({ host: 'node-1', workload: { unit: 'a.service' }, nature: 'kill' })
    expect([one?.first.order, one?.last.order, one?.workloads.length]).toEqual([0, 30, 2])
  })
  it('snapshots of other hosts are not its; a node is by name, or the only one of a nameless log', () => {
    const node = (name: string, allocated: object | null = null) => ({ kind: 'node', name, allocated, source: 's' })
    const found = (snapshots: object[], host: string | null = 'node-1') =>
      incidents({ kills: [makeDeath(globalDump(), { host })], snapshots })[0]
    expect(
      found([
        { kind: 'meminfo', host: 'node-2', values: {} },
        { kind: 'meminfo', host: 'node-1', values: {} },
        { kind: 'meminfo', host: null, values: {} },
      ])?.snapshots,
    ).toHaveLength(2)
    expect(found([node('node-2'), node('node-1')])?.node?.name).toBe('node-1')
    expect(found([node('node-1'), node('node-1', {})])?.node?.allocated).toEqual({})
    expect(found([node('node-2')])?.node).toBeNull()
    expect(found([node('node-2')], null)?.node?.name).toBe('node-2')
    expect(found([node('node-2'), node('node-3')], null)?.node).toBeNull()
  })
})

describe('what of the log is its story', () => {
  const unit = (seconds: number, name: string) => at(seconds, { kind: 'unit', what: 'failed', unit: name, result: null })
  const about = (kill: Partial<Kill>, dumpOf: object, ...events: PlacedEvent[]) =>
    incidents({ kills: [makeDeath(dumpOf as never, kill)], events })[0]?.context.length
  it('units by the workload, by where it lived and by whose limit was hit; not the slices that hold all of them', () => {
    const at0 = memcgDump({ oomMemcg: '/jobs.slice', taskMemcg: '/jobs.slice/run.scope' })
    const lived = { memcg: '/jobs.slice/run.scope' }
    expect(about(lived, at0, unit(1, 'run.scope'), unit(1, 'jobs.slice'), unit(1, 'other.scope'))).toBe(2)
    const machine = { memcg: '/system.slice/system.slice' }
    expect(about(machine, globalDump(), unit(1, 'system.slice'))).toBe(0)
    expect(about({ memcg: '/user.slice' }, globalDump(), unit(1, 'user.slice'))).toBe(0)
    const named = { ...podWorkload, kind: 'systemd-unit' as const, pod: null, podUid: null, containerId: null, unit: 'a.service' }
    expect(about({ workload: named }, globalDump(), unit(1, 'a.service'))).toBe(1)
    expect(about({ memcg: '/lxc/web' }, globalDump(), unit(1, 'web'))).toBe(0)
  })
  it('signs of the node where it was the node that was short', () => {
    const sign = at(1, { kind: 'node', what: 'not-ready', node: null, comm: null, pid: null, message: null })
    expect(about({}, globalDump(), sign)).toBe(1)
    expect(about({}, memcgDump(), sign)).toBe(0)
    for (const path of ['/kubepods', '/kubepods.slice', 'kubepods', '/kubelet/kubepods.slice'])
      expect(about({}, memcgDump({ oomMemcg: path }), sign)).toBe(1)
    expect(about({}, memcgDump({ oomMemcg: '/kubepods/burstable' }), sign)).toBe(0)
    expect(about({ killer: 'kubelet' }, memcgDump(), sign)).toBe(1)
    const two = [makeDeath(memcgDump()), makeDeath(globalDump(), { eventKey: 'k2' })]
    expect(
      incidents({ kills: [makeDeath(null, { killer: 'kubelet', target: null }), ...two.slice(1)], events: [sign] })[0]?.context,
    ).toHaveLength(1)
  })
  it('signs of the node where one of several kills shows it', () => {
    const sign = at(1, { kind: 'node', what: 'not-ready', node: null, comm: null, pid: null, message: null })
    const ofClass = makeDeath(memcgDump({ oomMemcg: '/kubepods/burstable' }), { eventKey: 'q', pid: 7 })
    const lengths = (...kills: Kill[]) => incidents({ kills, events: [sign] }).map((i) => i.context.length)
    expect([lengths(ofClass), lengths(ofClass, makeDeath(globalDump()))]).toEqual([[0], [1]])
  })
  it('from the first to the last of ten thousand', () => {
    const loss = (seconds: number) => at(seconds, { kind: 'loss', what: 'printk-dropped' })
    const many = Array.from({ length: 40 }, (_, n) => makeDeath(globalDump(), { at: instantAt(n * 500), eventKey: `k${n}` }))
    const [one] = incidents({ kills: many, events: [loss(-121), loss(-120), loss(39 * 500 + 120), loss(39 * 500 + 121)] })
    expect([one?.kills.length, one?.context.map((c) => c.at.order)]).toEqual([40, [-120, 39 * 500 + 120]])
  })
  it('the node’s words about a victim, not about somebody else', () => {
    const word = (pid: number) => at(1, { kind: 'node', what: 'preempted', node: null, comm: null, pid, message: null })
    expect(about({ pid: 100 }, memcgDump(), word(100), word(7))).toBe(1)
    expect(about({ pid: null }, memcgDump(), word(100))).toBe(0)
  })
  it('of a host that only its pod tells', () => {
    const other = { ...target, pod: 'web-1', podUid: 'u-2', containerId: null }
    const kills = [
      makeDeath(globalDump(), { host: null, target }),
      makeDeath(globalDump(), { host: null, target: other, eventKey: 'k2', pid: 7, at: instantAt(1) }),
    ]
    const snapshots = [
      makePod([makeContainer()], { node: 'node-7' }),
      makePod([makeContainer()], { node: 'node-8', name: 'web-1', uid: 'u-2' }),
    ]
    expect(incidents({ kills, snapshots })[0]?.host).toBe('node-7')
    expect(incidents({ kills: kills.slice(0, 1) })[0]?.host).toBeNull()
  })
  it('and by uptimes where some of its kills have no instant', () => {
    const bare = (n: number, uptime: number) => ({ ...instantAt(n), epochUs: null, uptimeSeconds: uptime, boot: 'b' })
    const kills = [0, 1, 2].map((n) => makeDeath(globalDump(), { at: bare(n, 100 + n), eventKey: `u${n}` }))
    const loss = (uptime: number) => at(9, { kind: 'loss', what: 'printk-dropped' }, { at: bare(9, uptime) })
    expect(incidents({ kills, events: [loss(222), loss(223)] })[0]?.context).toHaveLength(1)
  })
  it('its pods: by every name, each once, with all that was captured of them', () => {
    const kill = makeDeath(memcgDump(), { target })
    const pod = makePod([makeContainer()])
    const later = makePod([makeContainer({ restartCount: { value: 3, quote: null as never } })], { source: 'later' })
    const evidence = [{ events: [], snapshots: [pod, later], source: { name: 'x' } }] as unknown as Material['evidence']
    const made = makeIncidents({
      ...{
        kills: [kill, makeDeath(memcgDump(), { target, eventKey: 'k2', at: instantAt(5) })],
        dumpsWithoutKill: [],
        dumps: [],
        events: [],
        evidence,
      },
      directory: directoryOf(evidence),
      snapshots: snapshotIndex([pod, later].map((p) => ({ ...p, bundle: 'a' }))),
      index: contextIndex([], directoryOf(evidence)),
      killIndex: killIndex([kill]),
      coverage: () => ({}) as ReturnType<Material['coverage']>,
    })
    expect(made[0]?.pods.map((p) => p.source).sort()).toEqual(expect.arrayContaining(['describe-pod.txt', 'later']))
    expect(made[0]?.host).toBe('node-1')
  })
})
