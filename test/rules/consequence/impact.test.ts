import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { ContainerEvent, EvictionEvent, RuntimeEvent, UnitEvent } from '../../../src/model/event.ts'
import type { Incident, Kill, PlacedEvent } from '../../../src/model/incident.ts'
import type { ContainerSnapshot, ContainerState } from '../../../src/model/snapshot.ts'
import { impactOf } from '../../../src/rules/consequence/impact.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith } from '../facts-with.ts'
import {
  globalDump,
  ID,
  inPod,
  killed,
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
const quotes = (name: string) => [1, 2, 3].map((n) => quote(`${name}${n}`, n))
const of = (incident: Incident, more: Partial<IncidentFacts> = {}): readonly string[] =>
  impactOf(factsWith(incident, more)).map(({ said, quotes }) => `${plainPhrase(said).trim()} [${quotes.map(({ text }) => text).join('|')}]`)
const ran = (from: number, to: number | null, more: Partial<ContainerState> = {}) =>
  makeState({
    kind: 'terminated',
    reason: 'OOMKilled',
    exitCode: 137,
    startedUs: at(from),
    finishedUs: to === null ? null : at(to),
    containerId: ID,
    ...more,
  })
const running = (from: number | null, more: Partial<ContainerState> = {}) =>
  makeState({ startedUs: from === null ? null : at(from), containerId: 'b2'.repeat(32), quotes: quotes('run'), ...more })
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: null, container: null, containerId: null }
const line = (seconds: number, what: ContainerEvent['what']) =>
  placed<ContainerEvent>(seconds, {
    kind: 'container',
    what,
    by: 'kubelet',
    target,
    exitCode: null,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
    quotes: quotes(what),
  } as never)

describe('how long a container was away', () => {
  const away = (container: Partial<ContainerSnapshot>, context: readonly PlacedEvent[] = [], more: Partial<IncidentFacts> = {}) =>
    of(inPod(memcgDump(), { context }), { container: makeContainer(container), ...more })
  test('by its status: from its end to its next start, of two seconds and more', () => {
    expect(away({ lastState: ran(-99, 1), state: running(4) })).toEqual(['It was down for 3 s until its next start. [run1|run2]'])
    expect(away({ lastState: ran(-99, 1), state: running(3) })).toHaveLength(1)
    expect(away({ lastState: ran(-99, 1), state: running(2.4) })).toEqual([])
    expect(away({ lastState: ran(-99, 1), state: running(0) })).toEqual([])
    expect(away({ lastState: ran(-99, 1), state: running(null) })).toEqual([])
    expect(away({ lastState: ran(-99, null), state: running(9) })).toEqual([])
    expect(away({ lastState: ran(-99, 1), state: makeState({ kind: 'waiting', startedUs: at(9) }) })).toEqual([])
    expect(away({ lastState: null, state: ran(-99, 1) })).toEqual([])
  })
  const restart = [line(1, 'exit'), line(6, 'started'), line(9, 'started')]
  test('by lines: from the kill to the first start after it', () => {
    expect(away({}, restart)).toEqual(['It was down for 6 s until it was started again. [started1]'])
    expect(away({}, [line(1, 'died'), line(6, 'started')])).toHaveLength(1)
    expect(away({}, [line(6, 'started')])).toEqual([])
    expect(away({}, [line(1, 'exit')])).toEqual([])
    expect(away({}, [line(1, 'exit'), line(2, 'started')])).toHaveLength(1)
    expect(away({}, [line(0, 'exit'), line(1, 'started')])).toEqual([])
  })
  test('not while it waits for its next start, nor where it lives on', () => {
    expect(away({ state: makeState({ kind: 'waiting' }) }, restart)).toEqual([])
    expect(away({}, restart, { pod: makePod([], { reason: 'CrashLoopBackOff' }) })).toEqual([])
    expect(away({ state: running(-99, { containerId: ID }) }, restart)).toEqual([])
  })
})

test('how long a machine was away that booted again', () => {
  const boot = (seconds: number) => placed(seconds, { kind: 'boot', quotes: quotes('boot') } as never)
  const after = (context: readonly PlacedEvent[], incident: Partial<Incident> = {}, more: Partial<IncidentFacts> = {}) =>
    of(killed(globalDump(), { context, ...incident }), more)
  expect(after([boot(-9), boot(90), boot(900)])).toEqual([
    'node-1 was up again 1 min 30 s later: all that ran on it was gone meanwhile. [boot1]',
  ])
  expect(after([boot(1)])).toHaveLength(1)
  expect(after([boot(0)])).toEqual([])
  expect(after([line(90, 'created')])).toEqual([])
  const timeless = { ...boot(90), at: { ...boot(90).at, epochUs: null } }
  expect(after([timeless])).toEqual([])
  expect(after([boot(90)], { last: { ...boot(0).at, epochUs: null } })).toEqual([])
  expect(after([boot(90)], {}, { node: { name: 'worker-7' } as never })[0]).toContain('worker-7 was up again')
  expect(after([boot(90)], { host: null }, { node: null })[0]).toContain('the machine was up again')
})

test('how long a unit was away', () => {
  const unit = (seconds: number, what: UnitEvent['what']) =>
    placed<UnitEvent>(seconds, { kind: 'unit', unit: 'analytics.service', what, result: null, pid: null, quotes: quotes(what) } as never)
  const away = (...context: PlacedEvent[]) => of(killed(globalDump(), { context }))
  expect(away(unit(-99, 'started'), unit(1, 'failed'), unit(4, 'started'))).toEqual([
    'It was down for 3 s until it was started again. [started1]',
  ])
  expect(away(unit(1, 'main-exited'), unit(4, 'started'))).toHaveLength(1)
  expect(away(unit(1, 'failed'), unit(3, 'started'))).toHaveLength(1)
  expect(away(unit(1, 'failed'), unit(2, 'started'))).toEqual([])
  expect(away(unit(1, 'failed'), unit(9, 'oom-killed'))).toEqual([])
  expect(away(unit(4, 'started'))).toEqual([])
  // started again in the same moment: it was away for no time
  expect(away(unit(1, 'failed'), unit(1, 'started'), unit(9, 'started'))).toEqual([])
  const timeless = { ...unit(1, 'failed'), at: { ...unit(1, 'failed').at, epochUs: null } }
  expect(away(timeless, unit(9, 'started'))).toEqual([])
})

describe('how many of its owner were ready', () => {
  const listed = (value: string, key = 'ready.shop/Deployment/api', quoted = true) =>
    of(inPod(memcgDump()), { pod: makePod([]), settings: { [key]: { value, quote: quoted ? quote('api 1/3', 9) : null } } } as never)
  test('by a table of replicas', () => {
    expect(listed('2/3')).toEqual(['When that was listed, 2 of the 3 replicas of Deployment/api were ready. [api 1/3]'])
    expect(listed('1/3')[0]).toContain('1 of the 3 replicas of Deployment/api was ready')
    expect(listed('2/3', 'ready.Deployment/api', false)).toEqual([
      'When that was listed, 2 of the 3 replicas of Deployment/api were ready. []',
    ])
    expect([listed('3/3'), listed('3'), listed('2/3', 'ready.bank/Deployment/api')]).toEqual([[], [], []])
  })
  const pods = (...ready: readonly (boolean | null)[]) =>
    ready.map((is, n) => makePod([makeContainer({ ready: is })], { name: `api-${n}`, uid: `u${n}` }))
  const told = (all: Incident['pods'], more: Partial<IncidentFacts> = {}, workload: Kill['workload'] = podWorkload) =>
    of(inPod(memcgDump(), { pods: all }, { workload }), { pod: makePod([]), container: null, settings: {}, ...more })
  test('by their own statuses, each pod once', () => {
    expect(told(pods(true, false, true))).toEqual([
      'When the status was read, 2 of the 3 pods of Deployment/api in the input were ready. []',
    ])
    expect(told(pods(true, false))[0]).toContain('1 of the 2 pods of Deployment/api in the input was ready')
    expect(told(pods(true, true))).toEqual([])
    expect(told(pods(false))).toEqual([])
    expect(told([...pods(false), ...pods(false)])).toEqual([])
  })
  test('what is not known is not counted, nor are another owner’s', () => {
    expect(told(pods(false, null))).toEqual([])
    expect(told([...pods(false), makePod([], { name: 'b' })])).toEqual([])
    expect(told([...pods(false), makePod([makeContainer()], { name: 'b', owner: 'Deployment/web' })])).toEqual([])
    expect(told([...pods(false), makePod([makeContainer()], { name: 'b', namespace: 'bank' })])).toEqual([])
    expect(told(pods(true, false), { pod: null })).toEqual([])
    const ownerless = { ...podWorkload, owner: null }
    expect(told(pods(true, false), {}, ownerless)).toHaveLength(1)
    expect(told(pods(true, false), { pod: makePod([], { owner: null }) }, ownerless)).toEqual([])
    const alone = pods(true, false).map((pod) => ({ ...pod, owner: null }))
    expect(told(alone, { pod: makePod([], { owner: null }) }, ownerless)).toEqual([])
    const half = makePod([makeContainer({ ready: false }), makeContainer({ name: 'x', ready: null })], { name: 'b' })
    expect(told([...pods(false), half])).toEqual([])
  })
  test('by the containers that serve: init containers are over by then, sidecars are not', () => {
    const with_ = (type: ContainerSnapshot['type']) =>
      makePod([makeContainer({ ready: true }), makeContainer({ name: 'x', type, ready: false })], { name: 'b' })
    expect(told([...pods(true), with_('init')])).toEqual([])
    expect(told([...pods(true), with_('sidecar')])).toHaveLength(1)
    expect(told([...pods(true), with_('regular')])).toHaveLength(1)
  })
})

test('what a server lost with its child', () => {
  const child = (runtime: string, what: string) =>
    placed<RuntimeEvent>(1, { kind: 'runtime', runtime, what, target: null, quotes: quotes(runtime) } as never)
  const lost = (...context: PlacedEvent[]) => of(killed(globalDump(), { context }))
  expect(lost(child('uwsgi', 'child-killed'))[0]).toMatch(/^uWSGI lost a worker: .*\[uwsgi1\]$/)
  expect(lost(child('uwsgi', 'terminated'))).toEqual([])
  expect(lost(child('shell', 'child-killed'))).toEqual([])
  expect(lost(child('shell', 'child-killed'), child('php', 'child-killed'))[0]).toContain('PHP-FPM lost a child')
})

describe('what an eviction takes along', () => {
  const evicted = (pod: string | null, stage: EvictionEvent['stage'] = 'evicted') =>
    placed<EvictionEvent>(1, {
      kind: 'eviction',
      stage,
      target: { ...target, pod },
      usages: [],
      signal: 'memory.available',
      quotes: quotes(pod ?? '?'),
    } as never)
  const death = (n: number, pod: string, killer: Kill['killer'] = 'kubelet') =>
    makeDeath(null, { killer, eventKey: `run-${n}`, workload: { ...podWorkload, pod, owner: null } })
  const node = (context: readonly PlacedEvent[], kills: readonly Kill[] = [death(0, 'api-7c9d4')], more: Partial<IncidentFacts> = {}) =>
    of(makeIncident({ kills, context }), { pod: null, container: null, ...more })
  const volume = (name: string) => ({ name, sizeLimitBytes: null, quotes: quotes(name) })
  test('its volumes', () => {
    const pod = (more: object) => node([], undefined, { pod: makePod([], { owner: null, ...more }) })
    expect(pod({ memoryVolumes: [volume('hot'), volume('b')] })).toEqual([
      'What it kept in its volume hot, which is in memory, is lost with it. [hot1]',
    ])
    expect(pod({ diskVolumes: [volume('spool'), volume('b')] })).toEqual([
      "What it kept in its volume spool (emptyDir, on the node's disk) is lost with it. [spool1]",
    ])
    expect(pod({})).toEqual([])
    expect(
      node([], [death(0, 'a', 'kernel')], { pod: makePod([], { owner: null, memoryVolumes: [volume('hot')] }), scope: 'memcg' }),
    ).toEqual([])
  })
  test('its neighbours', () => {
    expect(node([evicted('b')])).toEqual(['The kubelet also evicted pod b of node-1. [b1]'])
    expect(node([evicted('b', 'evicting'), evicted('c'), evicted('d')])).toEqual(['The kubelet also evicted 3 pods of node-1. [b1]'])
    expect(node([evicted('b'), evicted('b')])[0]).toContain('pod b of')
    expect(node([evicted('b', 'threshold-met'), evicted(null), evicted('api-7c9d4')])).toEqual([])
    expect(node([], [death(0, 'api-7c9d4'), death(1, 'b')])).toEqual(['The kubelet also evicted pod b of node-1. []'])
    expect(node([], [death(0, 'api-7c9d4'), death(1, 'b', 'kernel')])).toEqual([])
  })
  test('only in a shortage of the machine', () => {
    const kernel = [death(0, 'api-7c9d4', 'kernel')]
    expect(node([evicted('b')], kernel, { scope: 'global' })).toHaveLength(1)
    expect(node([evicted('b')], kernel, { scope: 'memcg' })).toEqual([])
  })
  test('three sentences at most', () => {
    const all = node(
      [
        placed(90, { kind: 'boot', quotes: quotes('boot') } as never),
        placed<RuntimeEvent>(1, { kind: 'runtime', runtime: 'php', what: 'child-killed', target: null } as never),
        evicted('b'),
      ],
      undefined,
      { pod: makePod([], { owner: null, memoryVolumes: [volume('hot')] }) },
    )
    expect(all.map((one) => one.split(' ')[0])).toEqual(['node-1', 'PHP-FPM', 'What'])
  })
})
