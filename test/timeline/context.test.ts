import { describe, expect, it } from 'vitest'
import type { ContainerRef, Event, NodeEvent, ObjectEvent } from '../../src/model/event.ts'
import type { Kill, PlacedEvent } from '../../src/model/incident.ts'
import { contextOf, type Story } from '../../src/timeline/context.ts'
import { contextIndex } from '../../src/timeline/context-index.ts'
import { directoryOf, noRef } from '../../src/timeline/directory.ts'
import { ID, instantAt, makeDeath, placed, podWorkload } from '../rules/make-incident.ts'

const MINUTE = 60
const HOUR = 3600
const own: ContainerRef = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const kill = makeDeath(null, { target: own })
const storyOf = (more: Partial<Story> = {}): Story => ({
  host: 'node-1',
  kills: [kill],
  fromUs: instantAt(0).epochUs,
  toUs: instantAt(0).epochUs,
  instants: [instantAt(0)],
  refs: [own],
  units: new Set(['report.service']),
  pids: new Set([100]),
  nodeWide: false,
  events: new Set(),
  ...more,
})
/** Whether an event at these seconds from the kill is part of its story. */
const isIn = (event: PlacedEvent, story = storyOf()): boolean => contextOf(story, contextIndex([event], directoryOf([]))).length === 1
const at = (seconds: number, event: object, more: Partial<PlacedEvent> = {}): PlacedEvent => ({
  ...placed<Event>(seconds, event as Event),
  ...more,
})

const container = {
  kind: 'container',
  what: 'exit',
  by: 'kubelet',
  target: own,
  exitCode: 1,
  reason: null,
  cause: null,
  gracePeriodSeconds: null,
  pid: null,
}
const eviction = { kind: 'eviction', stage: 'evicted', target: null, ranking: [], signal: 'memory', usages: [], message: null }
const object: Partial<ObjectEvent> = {
  ...{ kind: 'object-event', objectKind: 'Pod', namespace: 'shop', name: 'api-7c9d4', uid: null, container: null, type: 'Warning' },
  ...{ reason: 'BackOff', message: '', death: null },
}
const node: Partial<NodeEvent> = { kind: 'node', what: 'not-ready', node: null, comm: null, pid: null, message: null }
const runtime = { kind: 'runtime', runtime: 'jvm', what: 'heap-exhausted', target: null }
const unit = { kind: 'unit', what: 'failed', unit: 'report.service', result: null }
const userspace = { kind: 'userspace-kill', killer: 'earlyoom', pid: 7, cgroup: null }
const notice = { kind: 'kernel-notice', notice: 'hung-task' }
const loss = { kind: 'loss', what: 'printk-dropped' }
const boot = { kind: 'boot', release: null }
const nodeWide = storyOf({ nodeWide: true })

describe('how far from the kill an event still belongs to it', () => {
  // what, the last second before and after at which it does
  it.each<[string, object, number, number, Story?]>([
    ['the container’s own', container, -60 * MINUTE, 24 * HOUR],
    ['its pod’s eviction', { ...eviction, target: { ...own, container: null, containerId: null } }, -30 * MINUTE, 60 * MINUTE],
    ['the manager’s word, of a shortage of the node', eviction, -10 * MINUTE, 10 * MINUTE, nodeWide],
    ['an event about its pod', object, -60 * MINUTE, 24 * HOUR],
    ['an event about the node', { ...object, objectKind: 'Node', name: 'node-1', reason: 'NodeNotReady' }, -10 * MINUTE, 15 * MINUTE],
    ['a program’s own words, of the container', { ...runtime, target: own }, -10 * MINUTE, 10 * MINUTE],
    ['a program’s own words, of nobody known', runtime, -MINUTE, MINUTE],
    ['its unit', unit, -MINUTE, 30 * MINUTE],
    ['a userspace killer', userspace, -MINUTE, MINUTE],
    ['the node, in a shortage of it', node, -10 * MINUTE, 15 * MINUTE, nodeWide],
    ['a kernel notice', notice, -5 * MINUTE, 2 * MINUTE],
    ['lines lost', loss, -2 * MINUTE, 2 * MINUTE],
  ])('%s', (_, event, first, last, story) => {
    expect([first - 1, first, last, last + 1].map((seconds) => isIn(at(seconds, event), story))).toEqual([false, true, true, false])
  })

  it('a boot, only after it', () =>
    expect([-1, 0, 1, 10 * MINUTE, 10 * MINUTE + 1].map((seconds) => isIn(at(seconds, boot)))).toEqual([false, false, true, true, false]))

  it('a rollout, only before it', () => {
    const scaled = {
      ...object,
      objectKind: 'Deployment',
      name: 'api',
      reason: 'ScalingReplicaSet',
      message: 'Scaled up replica set api-7c9d4 to 2 from 0',
    }
    expect([-60 * MINUTE - 1, -60 * MINUTE, 0, 1].map((seconds) => isIn(at(seconds, scaled)))).toEqual([false, true, true, false])
  })

  it('counts from the first of several to the last', () => {
    const story = storyOf({ instants: [instantAt(0), instantAt(1000)], toUs: instantAt(1000).epochUs })
    expect([-121, -120, 500, 1120, 1121].map((seconds) => isIn(at(seconds, loss), story))).toEqual([false, true, true, true, false])
  })

  it('allows for a coarse clock', () => {
    const coarse = (seconds: number) => at(seconds, loss, { at: { ...instantAt(seconds), uncertaintyMs: 3000 } })
    expect([-124, -123, 123, 124].map((seconds) => isIn(coarse(seconds)))).toEqual([false, true, true, false])
  })
})

describe('whose it is', () => {
  const elsewhere = { host: 'node-2' }
  it.each([
    ['a unit', unit],
    ['a userspace killer', userspace],
    ['the node', node],
    ['a kernel notice', notice],
    ['lines lost', loss],
    ['words of nobody known', runtime],
    ['the manager’s word', eviction],
  ])('%s of another host does not belong', (_, event) => {
    expect([isIn(at(1, event), nodeWide), isIn(at(1, event, elsewhere), nodeWide)]).toEqual([true, false])
  })
  it('a boot of another host does not', () => expect(isIn(at(1, boot, elsewhere))).toBe(false))
  it('a host that nobody names may be this one', () => expect(isIn(at(1, loss, { host: null }))).toBe(true))

  it.each<[string, object, boolean]>([
    ['another unit', { ...unit, unit: 'other.service' }, false],
    ['another container of the pod', { ...container, target: { ...own, container: 'proxy', containerId: 'b'.repeat(64) } }, false],
    ['the next run of it', { ...container, target: { ...own, containerId: 'b'.repeat(64) } }, true],
    ['the pod, no container named', { ...container, target: { ...own, container: null, containerId: null } }, true],
    ['another pod', { ...container, target: { ...own, pod: 'x', podUid: 'x', containerId: 'b'.repeat(64) } }, false],
    ['an eviction of another pod', { ...eviction, target: { ...noRef, namespace: 'shop', pod: 'x' } }, false],
    ['a runtime’s words of another pod', { ...runtime, target: { ...noRef, namespace: 'shop', pod: 'x' } }, false],
    ['an event of another container', { ...object, container: 'proxy' }, false],
    ['an event of its container', { ...object, container: 'api' }, true],
    ['an event of another pod', { ...object, name: 'x' }, false],
    ['the same name in another namespace', { ...object, namespace: 'web' }, false],
    ['an image that was there', { ...object, reason: 'Pulled', message: 'Container image "x" already present on machine' }, false],
    ['an image that was fetched', { ...object, reason: 'Pulled', message: 'Successfully pulled image "x"' }, true],
    ['dull', { ...object, reason: 'Scheduled' }, false],
    ['the node, a dull reason', { ...object, objectKind: 'Node', name: 'node-1', reason: 'RegisteredNode' }, false],
    ['the node, a reason that tells nothing here', { ...object, objectKind: 'Node', name: 'node-1', reason: 'Starting' }, false],
    ['another node', { ...object, objectKind: 'Node', name: 'node-2', reason: 'NodeNotReady' }, false],
    ['a word of the node, where no node was short', eviction, false],
    ['the node, where it was not short', node, false],
    ['a word about the victim', { ...node, what: 'preempted', pid: 100 }, true],
    ['a word about somebody else', { ...node, what: 'preempted', pid: 101 }, false],
    ['SystemOOM', { ...node, what: 'system-oom', pid: 9 }, true],
    ['a problem detector', { ...node, what: 'npd-oom-killing' }, true],
    ['memory pressure', { ...node, what: 'memory-pressure' }, true],
    ['foreign words', { kind: 'foreign-words', of: 'kernel', by: null }, false],
  ])('%s: %s', (_, event, belongs) => expect(isIn(at(1, event))).toBe(belongs))

  it('a rollout is of the pod’s Deployment or ReplicaSet, in its namespace', () => {
    const scaled = (more: Partial<ObjectEvent>) =>
      isIn(at(-1, { ...object, objectKind: 'Deployment', reason: 'ScalingReplicaSet', ...more }))
    const told = { message: 'Scaled up replica set api-7c9d4 to 2 from 0' }
    expect(scaled({ name: 'web', ...told })).toBe(false)
    expect(
      isIn(
        at(-1, {
          ...object,
          objectKind: 'Deployment',
          reason: 'ScalingReplicaSet',
          name: 'web',
          message: 'Scaled up replica set api to 2 from 0',
        }),
      ),
    ).toBe(true)
    expect(scaled({ name: 'api', message: '' })).toBe(true)
    expect(scaled({ name: 'api', namespace: 'web', message: '' })).toBe(false)
    expect(scaled({ name: 'api', namespace: null, message: '' })).toBe(true)
    expect(scaled({ name: 'ap', message: '' })).toBe(false)
    const ago = (seconds: number) => isIn(at(-seconds, { ...object, objectKind: 'Deployment', reason: 'ScalingReplicaSet', name: 'api' }))
    expect([ago(3601), ago(3600), ago(0), ago(-1)]).toEqual([false, true, true, false])
    expect(isIn(at(-1, { ...object, objectKind: 'HorizontalPodAutoscaler', reason: 'SuccessfulRescale', name: 'api', message: '' }))).toBe(
      true,
    )
  })

  it('what a userspace killer did itself is the incident, not its context', () => {
    const did = (more: Partial<Kill>) => storyOf({ kills: [makeDeath(null, { killer: 'earlyoom', pid: 7, memcg: '/a', ...more })] })
    expect(isIn(at(1, userspace), did({}))).toBe(false)
    expect(isIn(at(1, userspace), did({ pid: 8 }))).toBe(true)
    expect(isIn(at(1, userspace), did({ killer: 'nohang' }))).toBe(true)
    expect(isIn(at(1, { ...userspace, cgroup: '/a' }), did({}))).toBe(false)
    expect(isIn(at(1, { ...userspace, cgroup: '/b' }), did({}))).toBe(true)
  })

  it('what the incident is made of is not around it', () => {
    const event = at(1, loss)
    expect(isIn(event, storyOf({ events: new Set([event.event]) }))).toBe(false)
  })
})

it('of several containers, what belongs to any of them', () => {
  const other: ContainerRef = { namespace: 'shop', pod: 'web-1', podUid: 'u-2', container: 'web', containerId: 'd'.repeat(64) }
  const both = storyOf({ refs: [own, other] })
  expect([isIn(at(1, container), both), isIn(at(1, { ...container, target: other }), both)]).toEqual([true, true])
  expect(isIn(at(1, { ...eviction, target: { ...other, container: null, containerId: null } }), both)).toBe(true)
})

describe('without a common clock', () => {
  const bare = (seconds: number, boot: string, uptime: number | null) =>
    at(seconds, loss, { at: { ...instantAt(seconds), epochUs: null, uptimeSeconds: uptime, boot }, boot })
  const timeless = (kills: readonly Kill[]) => storyOf({ kills, fromUs: null, toUs: null, instants: kills.map((k) => k.at) })
  const told = makeDeath(null, { at: { ...instantAt(0), epochUs: null, boot: 'b' }, boot: 'b' })
  it('what cannot be compared belongs, unless it is of another boot of the same log', () => {
    expect(isIn(bare(1, 'b', 101), timeless([told]))).toBe(true)
    expect(isIn(bare(1, 'b', 100 + 121), timeless([told]))).toBe(false)
    expect(isIn(bare(1, 'c', 101), timeless([told]))).toBe(false)
    expect(isIn(bare(1, 'c', null), timeless([told]))).toBe(true)
    const other = makeDeath(null, { ...told, evidence: [{ source: 'other.log', line: 1, offset: null, cursor: null, text: '' }] })
    expect(isIn(bare(1, 'c', 101), timeless([other]))).toBe(true)
  })
})

describe('the index finds what may belong', () => {
  const events = [-7201, -7200, 0, 7200, 7201].map((seconds) => at(seconds, loss))
  it('between two instants, both included, and what has no time', () => {
    const none = at(0, loss, { at: { ...instantAt(0), epochUs: null } })
    const index = contextIndex([...events, none], directoryOf([]))
    const us = (seconds: number) => instantAt(seconds).epochUs
    const found = (from: number | null, to: number | null) => index.between(from, to).map(({ placed: { at: when } }) => when.order)
    expect(found(us(-7200), us(7200))).toEqual([-7200, 0, 7200, 0])
    expect(found(us(1), us(2))).toEqual([0])
    expect(found(null, us(7200))).toHaveLength(6)
    expect(found(us(0), null)).toHaveLength(6)
  })
  it('by any name of a container, and by unit', () => {
    const index = contextIndex(
      [at(0, container), at(1, unit), at(2, { ...container, target: { ...noRef, containerId: ID.slice(0, 20) } })],
      directoryOf([]),
    )
    const about = (ref: Partial<ContainerRef>, units: string[] = []) => index.about([{ ...noRef, ...ref }], new Set(units)).length
    expect(about({ containerId: ID })).toBe(2)
    expect(about({ containerId: ID.slice(0, 12) })).toBe(2)
    expect(about({ containerId: ID.slice(0, 11) })).toBe(0)
    expect(about({ podUid: own.podUid })).toBe(1)
    expect(about({ pod: 'api-7c9d4' })).toBe(1)
    expect(about({ pod: 'x' }, ['report.service'])).toBe(1)
    expect(about({ namespace: 'shop' })).toBe(0)
    expect(index.between(null, null)).toHaveLength(0)
  })
  it('a Deployment’s name is no pod’s', () => {
    const scaled = at(0, { ...object, objectKind: 'Deployment' })
    const index = contextIndex([scaled], directoryOf([]))
    expect(index.about([own], new Set())).toHaveLength(0)
    expect(index.between(null, null)).toHaveLength(1)
  })
})

describe('what was changed before it', () => {
  const change = { kind: 'change', what: 'exec', by: 'sudo', subject: null, detail: '', target: null }
  const DAY = 24 * HOUR
  it.each<[string, object, number]>([
    ['of its container', { ...change, what: 'limit', target: own }, 60 * MINUTE],
    ['on its host', change, 60 * MINUTE],
    ['a package', { ...change, what: 'package' }, DAY],
    ['a setting', { ...change, what: 'setting' }, 60 * MINUTE],
    ['what a runtime takes its ceiling to be', { ...runtime, what: 'sized', target: own }, DAY],
    ['what a runtime on its host does', { ...runtime, what: 'sized' }, DAY],
  ])('%s', (_, event, first) => expect([-first - 1, -first, 0, 1].map((s) => isIn(at(s, event)))).toEqual([false, true, true, false]))

  it.each<[string, object, boolean]>([
    ['of another container', { ...change, target: { ...own, container: 'b', containerId: 'b'.repeat(64) } }, false],
    ['a limit of its unit', { ...change, what: 'limit', subject: 'report.service' }, true],
    ['a limit of another unit', { ...change, what: 'limit', subject: 'other.service' }, false],
    ['a limit of nobody named', { ...change, what: 'limit' }, true],
    ['a limit of its container by name', { ...change, what: 'limit', subject: 'api' }, true],
    ['by the first digits of its id', { ...change, what: 'limit', subject: ID.slice(0, 8) }, true],
    ['by fewer: too short for an id', { ...change, what: 'limit', subject: ID.slice(0, 7) }, false],
    ['by the last digits', { ...change, what: 'limit', subject: ID.slice(-12) }, false],
    ['another’s setting', { ...change, what: 'setting', subject: 'other.service' }, true],
  ])('%s: %s', (_, event, is) => expect(isIn(at(-5, event))).toBe(is))
  it('on another host', () => expect(isIn(at(-5, change, { host: 'node-2' }))).toBe(false))
  it.each<[string, object, boolean, Story?]>([
    ['a job that starts its program', { ...change, what: 'job', by: 'cron', detail: '/usr/bin/java -jar report.jar' }, true],
    ['a job that starts another', { ...change, what: 'job', by: 'cron', detail: '/usr/bin/rsync -a /a /b' }, false],
    [
      'a job, beside a victim without a name',
      { ...change, what: 'job', by: 'cron', detail: '/usr/bin/java -jar a.jar' },
      false,
      storyOf({ kills: [makeDeath(null, { comm: null })] }),
    ],
    [
      'a job that starts the program of one of them',
      { ...change, what: 'job', by: 'cron', detail: '/usr/bin/java -jar a.jar' },
      true,
      storyOf({ kills: [makeDeath(null, { comm: 'sh' }), kill] }),
    ],
    ['a reload of its program', { ...change, what: 'reload', by: 'java' }, true],
    ['a reload of another', { ...change, what: 'reload', by: 'nginx' }, false],
    [
      'a reload of the program of one of them',
      { ...change, what: 'reload', by: 'java' },
      true,
      storyOf({ kills: [kill, makeDeath(null, { comm: 'sh' })] }),
    ],
    ['its own object', { ...change, owner: { name: 'api', namespace: 'shop' } }, true],
    ['of one of its pods', { ...change, owner: { name: 'api', namespace: 'shop' } }, true, storyOf({ refs: [{ ...own, pod: 'x' }, own] })],
    ['another’s object', { ...change, owner: { name: 'web', namespace: 'shop' } }, false],
    ['an object whose name its own only begins with', { ...change, owner: { name: 'ap', namespace: 'shop' } }, false],
    ['an object of that name elsewhere', { ...change, owner: { name: 'api', namespace: 'bi' } }, false],
    ['an object without a namespace', { ...change, owner: { name: 'api', namespace: null } }, true],
    [
      'an object, of a pod without a namespace',
      { ...change, owner: { name: 'api', namespace: 'bi' } },
      true,
      storyOf({ refs: [{ ...own, namespace: null }] }),
    ],
  ])('%s: %s', (_, event, is, story) => expect(isIn(at(-5, event), story)).toBe(is))
  it('its own object, wherever it was changed', () => {
    const owned = { ...change, owner: { name: 'api', namespace: 'shop' } }
    expect([isIn(at(-5, owned, { host: 'node-2' })), isIn(at(-60 * MINUTE - 1, owned, { host: 'node-2' }))]).toEqual([true, false])
  })
  it('a job a day before, a kernel a week, a reload an hour', () => {
    const job = { ...change, what: 'job', detail: 'java' }
    expect([-DAY - 1, -DAY, 1].map((s) => isIn(at(s, job)))).toEqual([false, true, false])
    expect([-7 * DAY - 1, -7 * DAY].map((s) => isIn(at(s, { ...change, what: 'kernel' })))).toEqual([false, true])
    expect([-60 * MINUTE - 1, -60 * MINUTE].map((s) => isIn(at(s, { ...change, what: 'reload', by: 'java' })))).toEqual([false, true])
  })

  it('a limit of a container that has no id', () => {
    const nameless = storyOf({
      refs: [
        { ...own, containerId: null },
        { ...own, container: 'b', containerId: ID },
      ],
    })
    expect(isIn(at(-5, { ...change, what: 'limit', subject: ID.slice(0, 12) }), nameless)).toBe(true)
  })
})

describe('a CronJob’s run', () => {
  const created = (job: string) => ({
    ...object,
    objectKind: 'CronJob',
    name: 'report',
    reason: 'SuccessfulCreate',
    message: `Created job ${job}`,
  })
  const ofJob = { ...own, pod: 'report-29384-x7x2k' }
  const story = storyOf({ refs: [ofJob] })
  it('up to a day before', () =>
    expect([-24 * HOUR - 1, -24 * HOUR, 0, 1].map((s) => isIn(at(s, created('report-29384')), story))).toEqual([false, true, true, false]))
  it.each<[string, object, boolean, Story]>([
    ['another run', created('report-29385'), false, story],
    ['a run whose name it only begins with', created('report-2938'), false, story],
    ['of one of its pods', created('report-29384'), true, storyOf({ refs: [own, ofJob] })],
    ['of a pod without a name', created('report-29384'), false, storyOf({ refs: [{ ...ofJob, pod: null }] })],
    ['its other words', { ...created('x'), message: 'Saw completed job: report-29384' }, false, story],
  ])('%s: %s', (_, event, is, of) => expect(isIn(at(-5, event), of)).toBe(is))
})

describe('another node that gave up its pods', () => {
  const drained = (reason: string, more: object = {}) => ({ ...object, objectKind: 'Node', name: 'node-2', reason, ...more })
  it('up to half an hour before a shortage of this one', () =>
    expect(
      [-30 * MINUTE - 1, -30 * MINUTE, 0, 1].map((s) => isIn(at(s, drained('NodeNotSchedulable'), { host: 'node-2' }), nodeWide)),
    ).toEqual([false, true, true, false]))
  it.each<[string, object, boolean, Story]>([
    ['not ready', drained('NodeNotReady'), true, nodeWide],
    ['taken away', drained('RemovingNode'), true, nodeWide],
    ['ready again', drained('NodeReady'), false, nodeWide],
    ['where this one was not short', drained('NodeNotSchedulable'), false, storyOf()],
    ['a pod’s event of that reason', drained('ScaleDown', { objectKind: 'Pod', name: 'x' }), false, nodeWide],
    ['this one', drained('NodeNotSchedulable', { name: 'node-1' }), true, nodeWide],
  ])('%s: %s', (_, event, is, story) => expect(isIn(at(-5, event, { host: 'node-2' }), story)).toBe(is))
  it('a reason of nodes is the node’s whatever object has it', () => {
    expect(isIn(at(5, { ...object, objectKind: 'Lease', name: null, reason: 'NodeNotReady' }))).toBe(true)
    expect(isIn(at(5, { ...object, objectKind: 'Lease', name: 'node-2', reason: 'NodeNotReady' }))).toBe(false)
  })
})

describe('chaos on purpose', () => {
  const chaos = (more: object) => ({ ...object, objectKind: 'StressChaos', name: 'burn', namespace: 'chaos', reason: 'Applied', ...more })
  const applied = (pod: string, more: object = {}) => chaos({ message: `Successfully apply chaos for ${pod}`, ...more })
  it('of its pod, up to an hour before', () =>
    expect([-60 * MINUTE - 1, -60 * MINUTE, 0, 1].map((s) => isIn(at(s, applied('shop/api-7c9d4'))))).toEqual([false, true, true, false]))
  it.each<[string, object, boolean, Story?]>([
    ['of another pod', applied('shop/web-0'), false],
    ['of a pod of that name elsewhere', applied('test/api-7c9d4'), false],
    ['of a pod whose namespace nobody knows', applied('test/api-7c9d4'), true, storyOf({ refs: [{ ...own, namespace: null }] })],
    ['of one of its pods', applied('shop/api-7c9d4'), true, storyOf({ refs: [{ ...own, pod: 'x', podUid: 'x' }, own] })],
    [
      'of an engine in its namespace',
      chaos({ objectKind: 'ChaosEngine', reason: 'ChaosInject', namespace: 'shop', message: 'Injecting' }),
      true,
    ],
    [
      'of an engine in the namespace of one of its pods',
      chaos({ objectKind: 'ChaosEngine', reason: 'ChaosInject', namespace: 'shop', message: 'Injecting' }),
      true,
      storyOf({ refs: [{ ...own, namespace: 'bi', pod: 'x', podUid: 'x' }, own] }),
    ],
    ['in another namespace', chaos({ objectKind: 'ChaosEngine', reason: 'ChaosInject', namespace: 'bi', message: 'Injecting' }), false],
    ['in no namespace', chaos({ objectKind: 'ChaosEngine', reason: 'ChaosInject', namespace: null, message: 'Injecting' }), false],
    ['an engine’s other words', chaos({ objectKind: 'ChaosEngine', reason: 'Summary', namespace: 'shop', message: 'done' }), false],
  ])('%s', (_, event, is, story) => expect(isIn(at(-5, event), story)).toBe(is))
})

describe('an event about its pod', () => {
  it.each<[string, object, boolean, Story?]>([
    ['of its container', { ...object, container: 'api' }, true],
    ['of another container', { ...object, container: 'proxy' }, false],
    [
      'of a container, where nobody knows which died',
      { ...object, container: 'proxy' },
      true,
      storyOf({ refs: [{ ...own, container: null }] }),
    ],
    ['an image that was there already', { ...object, reason: 'Pulled', message: 'Container image "a" already present on machine' }, false],
    ['a new image', { ...object, reason: 'Pulled', message: 'Successfully pulled image "a" in 3s' }, true],
    ['of one of its pods', object, true, storyOf({ refs: [{ ...own, pod: 'x', podUid: 'x' }, own] })],
  ])('%s', (_, event, is, story) => expect(isIn(at(5, event), story)).toBe(is))
})
