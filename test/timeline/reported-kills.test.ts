import { describe, expect, it } from 'vitest'
import type { ToldDeath } from '../../src/model/event.ts'
import type { Kill } from '../../src/model/incident.ts'
import type { RuntimeContainerSnapshot } from '../../src/model/snapshot.ts'
import { killIndex } from '../../src/timeline/kill-index.ts'
import { reportedKills } from '../../src/timeline/reported-kills.ts'
import { quote } from '../kernel/make-dump.ts'
import { ID, instantAt, makeContainer, makeDeath, makePod, makeState, memcgDump, NOON, podWorkload } from '../rules/make-incident.ts'
import { at, type Parts, refOf, sceneOf, withoutTime } from './scene.ts'

const MINUTE = 60
const OTHER = 'c'.repeat(64)
const target = refOf({ namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID })
const of = (parts: Parts, known: readonly Kill[] = []) => reportedKills(sceneOf(parts), known)
const oomKilled = (finished: number | null, more: object = {}) =>
  makeState({
    kind: 'terminated',
    reason: 'OOMKilled',
    exitCode: 137,
    finishedUs: finished === null ? null : NOON + finished * 1e6,
    containerId: ID,
    ...more,
  })
const podWith = (finished: number | null, more: object = {}, pod: object = {}) =>
  makePod([makeContainer({ lastState: oomKilled(finished, more) })], pod)
const death = (more: Partial<ToldDeath> = {}): ToldDeath => ({
  ...{ pid: 100, comm: 'java', uid: null, oomScoreAdj: null, constraint: null, totalVmBytes: null, anonRssBytes: null },
  ...{ fileRssBytes: null, shmemRssBytes: null, pgtablesBytes: null, pod: null, isInit: false },
  ...more,
})
const object = (seconds: number, more: object = {}) =>
  at(seconds, {
    kind: 'object-event',
    objectKind: 'Node',
    namespace: null,
    name: 'node-1',
    uid: null,
    container: null,
    reason: 'OOMKilling',
    message: '',
    death: death(),
    ...more,
  })
const node = (seconds: number, more: object = {}) =>
  at(seconds, { kind: 'node', what: 'system-oom', node: null, comm: 'java', pid: 100, message: null, ...more })
const unit = (seconds: number, more: object = {}) =>
  at(seconds, { kind: 'unit', what: 'oom-killed', unit: 'a.service', result: null, ...more })
const kernel = (seconds: number, more: Partial<Kill> = {}): Kill => makeDeath(memcgDump(), { at: instantAt(seconds), target, ...more })
const undatedPod = (): Kill => kernel(0, { at: { ...instantAt(0), ...withoutTime } })

describe('a status that says OOMKilled', () => {
  it.each<[string, Parts, number]>([
    ['last state', { pods: [podWith(0)] }, 1],
    ['state', { pods: [makePod([makeContainer({ state: oomKilled(0) })])] }, 1],
    ['both, of one run', { pods: [makePod([makeContainer({ state: oomKilled(0), lastState: oomKilled(0) })])] }, 1],
    [
      'both, of two runs',
      { pods: [makePod([makeContainer({ state: oomKilled(0), lastState: oomKilled(-900, { containerId: OTHER }) })])] },
      2,
    ],
    ['another reason', { pods: [podWith(0, { reason: 'Error' })] }, 0],
    ['runc’s word of its init', { pods: [podWith(0, { reason: 'StartError', message: 'container init was OOM-killed' })] }, 1],
    ['a waiting one', { pods: [podWith(0, { kind: 'waiting' })] }, 0],
    ['two captures of one pod', { pods: [podWith(0), podWith(0)] }, 1],
  ])('%s', (_, parts, count) => expect(of(parts)).toHaveLength(count))

  it('is dated by its end, of its node, vouched for, with its pod', () => {
    const [kill] = of({ pods: [podWith(30)] })
    expect(kill).toMatchObject({
      at: { epochUs: NOON + 30e6, uncertaintyMs: 1000 },
      host: 'node-1',
      pid: null,
      vouched: true,
      told: { container: { name: 'api' } },
    })
    expect(of({ pods: [podWith(null)] })[0]?.at.epochUs).toBeNull()
  })

  it('the id of a state that has none is the container’s only for the state that it is in', () => {
    const idOf = (container: object) => of({ pods: [makePod([makeContainer(container)])] })[0]?.target?.containerId ?? null
    expect(idOf({ containerId: OTHER, state: oomKilled(0, { containerId: null }) })).toBe(OTHER)
    expect(idOf({ containerId: OTHER, lastState: oomKilled(0, { containerId: null }) })).toBeNull()
  })
})

describe('a status and a kernel kill are one death', () => {
  const lone = (kill: Kill, finished: number | null, more: object = {}) => of({ pods: [podWith(finished, more)] }, [kill]).length === 0
  it.each<[string, Kill, number | null, object, boolean]>([
    ['same id, whenever', kernel(-3600), 0, {}, true],
    ['same id, before that run began by ten seconds', kernel(-3600), 0, { startedUs: NOON - 3590e6 }, true],
    ['same id, earlier', kernel(-3600), 0, { startedUs: NOON - 3589e6 }, false],
    ['another id', kernel(0, { target: { ...target, containerId: OTHER } }), 0, {}, false],
    ['no id, fifteen seconds apart', kernel(-15), 0, { containerId: null }, true],
    ['no id, seventeen seconds apart', kernel(-17), 0, { containerId: null }, false],
    ['no id, but in its lifetime', kernel(-900), 0, { containerId: null, startedUs: NOON - 1000e6 }, true],
    ['no id, before its lifetime', kernel(-1001), 0, { containerId: null, startedUs: NOON - 1000e6 }, false],
    ['no id, ten seconds after its end', kernel(10), 0, { containerId: null, startedUs: NOON - 1000e6 }, true],
    [
      'no id, fifteen seconds after its end, by what whole seconds allow',
      kernel(16),
      0,
      { containerId: null, startedUs: NOON - 1000e6 },
      true,
    ],
    ['no id, later', kernel(17), 0, { containerId: null, startedUs: NOON - 1000e6 }, false],
    ['no id, in the moment of its start', kernel(-1000), 0, { containerId: null, startedUs: NOON - 1000e6 }, true],
    ['no id, no time', kernel(-900), null, { containerId: null }, true],
    ['another container', kernel(0, { target: { ...target, container: 'b', containerId: null } }), 0, { containerId: null }, false],
    ['another pod', kernel(0, { target: refOf({ namespace: 'shop', pod: 'x', podUid: 'x' }) }), 0, {}, false],
  ])('%s', (_, kill, finished, more, one) => expect(lone(kill, finished, more)).toBe(one))

  it('one kill whose pod only has a UID is no more than one of the reports without a UID', () => {
    const nameless = kernel(0, { target: refOf({ podUid: 'u-1' }) })
    const pods = ['a', 'b', 'c'].map((name) => podWith(0, { containerId: null }, { uid: null, name }))
    expect(of({ pods }, [nameless])).toHaveLength(2)
    expect(of({ pods }, [nameless, kernel(1, { target: refOf({ podUid: 'u-2' }) })])).toHaveLength(1)
    expect(of({ pods: [...pods.slice(0, 1), ...pods.slice(0, 1)] }, [nameless])).toHaveLength(0)
  })

  it('a kill whose pod only has a UID may be that of a pod without one', () => {
    const nameless = (seconds: number, more: Partial<Kill> = {}) => kernel(seconds, { target: refOf({ podUid: 'u-1' }), ...more })
    const reported = (kill: Kill) => of({ pods: [podWith(0, { containerId: null }, { uid: null })] }, [kill]).length
    expect([
      reported(nameless(-11)),
      reported(nameless(-13)),
      reported(nameless(0, { host: 'node-2' })),
      reported(nameless(0, { dump: null })),
    ]).toEqual([0, 1, 1, 1])
    expect(reported(nameless(0, { target: refOf({ podUid: 'u-1', pod: 'x' }) }))).toBe(1)
    expect(reported(nameless(0, { target: null }))).toBe(1)
    expect(reported(nameless(0, { target: refOf({ containerId: OTHER }) }))).toBe(1)
    // A status that has the container's own id is not held against a kill without one.
    expect(of({ pods: [podWith(0, { containerId: OTHER }, { uid: null })] }, [nameless(0)])).toHaveLength(1)
    const timeless = { ...podWith(null, { containerId: null }, { uid: null }) }
    expect(of({ pods: [timeless] }, [nameless(0)])).toHaveLength(0)
    expect(of({ pods: [podWith(0, { containerId: null })] }, [nameless(0)])).toHaveLength(1)
  })
})

describe('a row of kubectl get pods', () => {
  const row = (reason: string, more: object = {}) => makePod([], { reason, ...more })
  it.each<[string, Parts, number]>([
    ['OOMKilled', { pods: [row('OOMKilled')] }, 1],
    ['its init container', { pods: [row('Init:OOMKilled')] }, 1],
    ['another status', { pods: [row('CrashLoopBackOff')] }, 0],
    ['a described pod', { pods: [row('OOMKilled'), makePod([makeContainer()])] }, 0],
  ])('%s', (_, parts, count) => expect(of(parts)).toHaveLength(count))
  it('tells of no time, and which kind of container', () => {
    const type = (reason: string) => of({ pods: [row(reason)] })[0]?.told?.container.type
    expect([type('OOMKilled'), type('Init:OOMKilled')]).toEqual(['regular', 'init'])
    expect(of({ pods: [row('OOMKilled')] })[0]?.at.epochUs).toBeNull()
  })
  it('a later row of a watch tells what came of it', () => {
    const restarts = (value: number) => ({ value, quote: quote('') })
    const at = (line: number, reason: string | null, value: number | null, more: object = {}) =>
      makePod([], { reason, phase: 'Running', quotes: [quote('row', line)], restarts: value === null ? null : restarts(value), ...more })
    const died = at(3, 'OOMKilled', 4)
    const then = (...rows: ReturnType<typeof at>[]) => {
      const container = of({ pods: rows })[0]?.told?.container
      return [container?.state?.kind, container?.restartCount?.value ?? null]
    }
    expect(then(died, at(4, null, 5))).toEqual(['running', 5])
    expect(then(died, at(4, 'CrashLoopBackOff', 5, { phase: 'CrashLoopBackOff' }))).toEqual(['waiting', 5])
    const alone = ['terminated', 4]
    expect(then(died)).toEqual(alone)
    expect(then(died, at(4, null, 4))).toEqual(alone)
    expect(then(died, at(2, null, 5))).toEqual(alone)
    expect(then(died, at(4, null, null))).toEqual(alone)
    expect(then(died, at(4, null, 5, { name: 'api-x', uid: 'x' }))).toEqual(alone)
    expect(then(died, at(4, null, 5, { namespace: 'bi', uid: 'x' }))).toEqual(alone)
    expect(then(died, at(4, null, 5, { source: 'other.txt' }))).toEqual(alone)
    // without a count nobody can tell whether it was started again
    expect(then(at(3, 'OOMKilled', null), at(4, null, 5))).toEqual(['terminated', null])
  })
  it('is known where a kernel kill of that pod is', () => expect(of({ pods: [row('OOMKilled')] }, [kernel(0)])).toHaveLength(0))
})

describe('an inspected container', () => {
  const inspected = (more: Partial<RuntimeContainerSnapshot> = {}): RuntimeContainerSnapshot => ({
    ...{ kind: 'runtime-container', source: 'inspect.json', containerId: ID, name: 'web', podUid: null, podName: null, namespace: null },
    ...{
      runtime: 'docker',
      oomKilled: true,
      exitCode: 137,
      finishedUs: NOON,
      running: false,
      pid: null,
      cgroupPath: '/docker/x',
      limitBytes: null,
    },
    quotes: [],
    ...more,
  })
  const found = (more: Partial<RuntimeContainerSnapshot> = {}) => of({ runtimes: [inspected(more)] })
  it('killed, not killed, not said', () =>
    expect([found().length, found({ oomKilled: false }).length, found({ oomKilled: null }).length]).toEqual([1, 0, 0]))
  it('that runs on lost a child, nobody knows when', () =>
    expect([found()[0]?.at.epochUs, found({ running: true })[0]?.at.epochUs, found({ finishedUs: null })[0]?.at.epochUs]).toEqual([
      NOON,
      null,
      null,
    ]))
  it('is a pod’s or its own', () =>
    expect([found()[0]?.workload?.kind, found({ podName: 'a' })[0]?.workload?.kind, found({ podUid: 'u' })[0]?.workload?.kind]).toEqual([
      'container',
      'pod',
      'pod',
    ]))
  it('is known by a kernel kill of its id', () => expect(of({ runtimes: [inspected()] }, [kernel(0)])).toHaveLength(0))
})

describe('events that name a process', () => {
  it.each<[string, Parts, Kill[], number]>([
    ['SystemOOM of the kubelet', { events: [node(0)] }, [], 1],
    ['without a pid: of no process', { events: [node(0, { pid: null })] }, [], 0],
    ['another event of the node', { events: [node(0, { what: 'memory-pressure' })] }, [], 0],
    ['a problem detector', { events: [node(0, { what: 'npd-oom-killing' })] }, [], 1],
    ['an event of the node', { events: [object(0)] }, [], 1],
    ['an event of another reason', { events: [object(0, { reason: 'Killing' })] }, [], 0],
    ['PodOOMKilling', { events: [object(0, { reason: 'PodOOMKilling' })] }, [], 1],
    ['the same process twice', { events: [object(0), node(5 * MINUTE)] }, [], 1],
    ['the same pid later', { events: [object(0), node(5 * MINUTE + 1)] }, [], 2],
    [
      'the same pid, no clock in common',
      { events: [object(0), node(1, {}), { ...object(0), at: { ...instantAt(0), ...withoutTime } }] },
      [],
      1,
    ],
    [
      'the same pid by an age of unknown worth',
      { events: [{ ...object(0), at: { ...instantAt(9999), basis: 'assumed', uncertaintyMs: null } }] },
      [kernel(0, { target: null })],
      0,
    ],
    [
      'the same pid as a kill of unknown time',
      { events: [object(9999)] },
      [kernel(0, { target: null, at: { ...instantAt(0), ...withoutTime } })],
      0,
    ],
    [
      'the same pid as a death by an age',
      { events: [{ ...object(0), at: { ...instantAt(0), basis: 'assumed', uncertaintyMs: null } }, node(250)] },
      [],
      1,
    ],
    ['two processes', { events: [object(0), node(1, { pid: 101 })] }, [], 2],
    ['a known kernel kill', { events: [object(0)] }, [kernel(5 * MINUTE, { target: null })], 0],
    ['a kernel kill of another pid', { events: [object(0)] }, [kernel(0, { pid: 101, target: null })], 1],
    ['a kernel kill without a pid', { events: [object(0)] }, [kernel(2 * MINUTE, { pid: null, target: null })], 0],
    ['one further off', { events: [object(0)] }, [kernel(2 * MINUTE + 1, { pid: null, target: null })], 1],
    ['on another host', { events: [node(0)] }, [kernel(0, { host: 'node-2', target: null })], 1],
    ['a kernel log covers that time and has none', { events: [object(0), node(0)], covered: [-1, 1] }, [], 0],
    ['the kernel log ended before', { events: [object(0)], covered: [-9, -1] }, [], 1],
  ])('%s', (_, parts, known, count) => expect(of(parts, known)).toHaveLength(count))

  it('carry the figures of the line that they repeat, and the pod that they name', () => {
    const told = death({ constraint: 'memcg', anonRssBytes: 77, oomScoreAdj: 3, uid: 4 })
    expect(of({ events: [object(0, { death: told })] })[0]).toMatchObject({
      pid: 100,
      comm: 'java',
      constraint: 'memcg',
      anonRssBytes: 77,
      oomScoreAdj: 3,
      uid: 4,
      vouched: false,
    })
    expect(of({ events: [node(0, { death: told })] })[0]).toMatchObject({ pid: 100, comm: 'java', anonRssBytes: 77 })
    const [named] = of({ events: [object(0, { death: death({ pid: null, pod: refOf({ namespace: 'shop', pod: 'web-1' }) }) })] })
    expect(named).toMatchObject({ pid: null, workload: { kind: 'pod', pod: 'web-1' } })
    expect(of({ events: [object(0)] })[0]?.workload).toBeNull()
    expect(of({ events: [object(0, { death: null })] })).toHaveLength(0)
  })

  it('whose pod had its kill already', () => {
    const about = object(0, { death: death({ pid: null, pod: refOf({ namespace: 'shop', pod: 'api-7c9d4' }) }) })
    expect(of({ events: [about] }, [kernel(5 * MINUTE)])).toHaveLength(0)
    expect(of({ events: [about] }, [kernel(5 * MINUTE + 1)])).toHaveLength(1)
    expect(of({ events: [about] }, [kernel(999, { at: { ...instantAt(999), ...withoutTime } })])).toHaveLength(0)
  })

  it('a status and one event in ten seconds are one death, with the process', () => {
    const status = podWith(0)
    const pair = (...events: Parts['events'] & object) => of({ pods: [status], events })
    expect(pair(object(-10))).toMatchObject([{ pid: 100, workload: { pod: 'api-7c9d4' } }])
    expect(pair(object(-12)).map((k) => k.pid)).toEqual([null])
    expect(pair(object(-3), object(-2, { death: death({ pid: 7 }) }))[0]?.pid).toBeNull()
    expect(of({ pods: [podWith(0, {}, { node: 'node-2' })], events: [object(-2)] })).toHaveLength(2)
  })
})

describe('a unit of which systemd says it', () => {
  it.each<[string, Parts, Kill[], number]>([
    ['a process of it was killed', { events: [unit(0)] }, [], 1],
    ['failed with that result', { events: [unit(0, { what: 'failed', result: 'oom-kill' })] }, [], 1],
    ['failed otherwise', { events: [unit(0, { what: 'failed', result: 'exit-code' })] }, [], 0],
    ['a slice repeats it', { events: [unit(0, { unit: 'system.slice' })] }, [], 0],
    ['twice in two minutes', { events: [unit(0), unit(2 * MINUTE)] }, [], 1],
    ['again later', { events: [unit(0), unit(2 * MINUTE + 1)] }, [], 2],
    ['started between them', { events: [unit(0), unit(1, { what: 'started' }), unit(2)] }, [], 2],
    ['to be started between them', { events: [unit(0), unit(1, { what: 'restart-scheduled' }), unit(2)] }, [], 2],
    ['stopped between them', { events: [unit(0), unit(1, { what: 'stopped' }), unit(2)] }, [], 1],
    ['another unit started between them', { events: [unit(0), unit(1, { what: 'started', unit: 'b.service' }), unit(2)] }, [], 1],
    ['started before both', { events: [unit(-1, { what: 'started' }), unit(0), unit(2)] }, [], 1],
    ['started after both', { events: [unit(0), unit(2), unit(3, { what: 'started' })] }, [], 1],
    ['another unit at once', { events: [unit(0), unit(5, { unit: 'b.service' })] }, [], 1],
    ['another unit later', { events: [unit(0), unit(6, { unit: 'b.service' })] }, [], 2],
    ['a user’s manager later', { events: [unit(0), unit(6, { unit: 'user@1000.service' })] }, [], 1],
    ['a unit after its user’s manager', { events: [unit(0, { unit: 'user@1000.service' }), unit(6)] }, [], 1],
    ['a kernel kill near it', { events: [unit(0)] }, [kernel(2 * MINUTE, { target: null })], 0],
    ['one further off', { events: [unit(0)] }, [kernel(2 * MINUTE + 1, { target: null })], 1],
    ['systemd-oomd’s unit', { events: [unit(0), at(30, { kind: 'unit', what: 'oomd-killed', unit: 'a.service' })] }, [], 0],
    ['systemd-oomd later', { events: [unit(0), at(31, { kind: 'unit', what: 'oomd-killed', unit: 'a.service' })] }, [], 1],
    ['systemd-oomd’s other unit', { events: [unit(0), at(1, { kind: 'unit', what: 'oomd-killed', unit: 'b.service' })] }, [], 1],
    [
      'a killer of its group',
      { events: [unit(0), at(1, { kind: 'userspace-kill', killer: 'systemd-oomd', cgroup: '/system.slice/a.service' })] },
      [],
      0,
    ],
    ['a kernel log without it', { events: [unit(0)], covered: [-1, 1] }, [], 0],
    ['a pod’s death without a time is none of the machine’s service', { events: [unit(0)] }, [undatedPod()], 1],
    ['it may be one below a runtime', { events: [unit(0, { unit: 'containerd.service' })] }, [undatedPod()], 0],
    ['or below a user’s manager', { events: [unit(0, { unit: 'user@1000.service' })] }, [undatedPod()], 0],
    ['or a scope’s', { events: [unit(0, { unit: 'run-u9.scope' })] }, [undatedPod()], 0],
    ['a pod’s death at that time', { events: [unit(0)] }, [kernel(1)], 0],
    [
      'a death without a time of whom nobody knows',
      { events: [unit(0)] },
      [kernel(0, { target: null, at: { ...instantAt(0), ...withoutTime } })],
      0,
    ],
    [
      'an eviction without a time is none of the machine’s service',
      { events: [unit(0)] },
      [kernel(0, { target: null, killer: 'kubelet', at: { ...instantAt(0), ...withoutTime } })],
      1,
    ],
  ])('%s', (_, parts, known, count) => expect(of(parts, known)).toHaveLength(count))
  it('names the unit, or the container of its scope', () => {
    expect(of({ events: [unit(0)] })[0]?.workload).toMatchObject({ kind: 'systemd-unit', unit: 'a.service' })
    expect(of({ events: [unit(0, { unit: `docker-${ID}.scope` })] })[0]?.workload).toMatchObject({ kind: 'container', containerId: ID })
  })
})

describe('words that name no process', () => {
  const init = (more: object = {}) =>
    object(0, {
      reason: 'Failed',
      objectKind: 'Pod',
      namespace: 'shop',
      name: 'api-7c9d4',
      uid: podWorkload.podUid,
      container: 'api',
      death: death({ pid: null, comm: null, isInit: true }),
      ...more,
    })
  const runc = (more: object = {}) => at(0, { kind: 'container', by: 'runc', what: 'oom', target, ...more })
  it.each<[string, Parts, Kill[], number]>([
    ['SystemOOM of old kubelets', { events: [object(0, { reason: 'SystemOOM', death: null })] }, [], 1],
    ['near a kernel kill', { events: [object(0, { reason: 'SystemOOM', death: null })] }, [kernel(300, { target: null })], 0],
    ['in a kernel log without one', { events: [object(0, { reason: 'SystemOOM', death: null })], covered: [-1, 1] }, [], 0],
    ['an init that was killed', { events: [init()] }, [], 1],
    ['the init of a node: nobody’s', { events: [init({ objectKind: 'Node' })] }, [], 0],
    ['whose container had its kill', { events: [init()] }, [kernel(9999)], 0],
    ['of another container', { events: [init()] }, [kernel(0, { target: { ...target, container: 'b' } })], 1],
    ['any other event', { events: [object(0, { reason: 'BackOff', death: null })] }, [], 0],
    ['runc’s error', { events: [runc()] }, [], 1],
    ['another runtime’s', { events: [runc({ by: 'containerd' })] }, [], 0],
    ['runc’s error within a minute of its kill', { events: [runc()] }, [kernel(60)], 0],
    ['later', { events: [runc()] }, [kernel(61)], 1],
    ['runc’s error in a kernel log without a kill', { events: [runc()], covered: [-1, 1] }, [], 0],
    ['twice', { events: [runc(), runc()] }, [], 1],
  ])('%s', (_, parts, known, count) => expect(of(parts, known)).toHaveLength(count))
  it('vouched for by runc, not by an event', () =>
    expect([of({ events: [runc()] })[0]?.vouched, of({ events: [init()] })[0]?.vouched]).toEqual([true, false]))
})

describe('the index of kills', () => {
  const kills = [
    kernel(0),
    kernel(120, { host: 'node-2', target: null }),
    kernel(600, { target: refOf({ pod: 'x' }) }),
    makeDeath(null, { at: { ...instantAt(0), ...withoutTime } }),
  ]
  const near = (seconds: number, us: number, host: string | null = 'node-1', more = {}) =>
    killIndex(kills)
      .near(host, { ...instantAt(seconds), ...more }, us)
      .map((k) => k.at.order + (k.at.epochUs === null ? 0.5 : 0))
  it('finds a superset of what is near, on the host, and all without a time', () => {
    expect(near(0, 1e6)).toEqual([0.5, 0])
    expect(near(0, 1e6, 'node-2')).toEqual([])
    expect(near(130, 1e6, 'node-2')).toEqual([120])
    expect(near(300, 1e6)).toEqual([0.5])
    expect(near(300, 300e6)).toEqual(expect.arrayContaining([0.5, 0, 600]))
    expect(near(300, 1e6, 'node-1', { uncertaintyMs: 300_000 })).toEqual(expect.arrayContaining([0, 600]))
    expect(near(9999, 1e6, null, { epochUs: null })).toHaveLength(4)
    expect(near(9999, 1e6, 'node-1', { basis: 'assumed', uncertaintyMs: null })).toHaveLength(3)
  })
  it('by id, UID and name', () => {
    const count = (ref: object) => killIndex(kills).ofContainer(refOf(ref)).length
    expect([
      count({ containerId: ID.slice(0, 12) }),
      count({ containerId: ID.slice(0, 11) }),
      count({ podUid: target.podUid }),
      count({ pod: 'x' }),
      count({ pod: 'y' }),
    ]).toEqual([1, 0, 1, 1, 0])
  })
})
