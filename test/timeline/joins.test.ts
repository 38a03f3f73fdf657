import { describe, expect, test } from 'vitest'
import type { RuntimeEvent, UnitEvent } from '../../src/model/event.ts'
import type { Kill, PlacedEvent } from '../../src/model/incident.ts'
import type { PodSnapshot } from '../../src/model/snapshot.ts'
import { unitThatEnded, withSpeakers } from '../../src/timeline/own-ends.ts'
import { readTimes } from '../../src/timeline/read-times.ts'
import { withUnits } from '../../src/timeline/unit-of-kill.ts'
import { processWorkload } from '../../src/timeline/workloads.ts'
import { instantAt, makeContainer, makeDeath, makePod, makeState, NOON, placed, podWorkload } from '../rules/make-incident.ts'

const unit = (seconds: number, what: UnitEvent['what'] = 'oom-killed', more: Partial<UnitEvent> = {}): PlacedEvent =>
  placed<UnitEvent>(seconds, {
    kind: 'unit',
    what,
    unit: 'report.service',
    result: null,
    memoryPeakBytes: null,
    restartCounter: null,
    pid: null,
    ...more,
  })
let run = 0
const bare = (more: Partial<Kill> = {}): Kill => makeDeath(null, { workload: processWorkload, eventKey: `e${++run}`, ...more })
const unitOf = (kills: Kill[], ...events: PlacedEvent[]): string | null | undefined => withUnits(kills, events)[0]?.workload?.unit

describe('a kill without a cgroup and the unit that systemd names', () => {
  test.each<[string, Kill[], PlacedEvent[], string | null]>([
    ['a process of it was killed', [bare()], [unit(1)], 'report.service'],
    ['stamped before the kernel’s line', [bare()], [unit(-1)], 'report.service'],
    ['five seconds off', [bare()], [unit(5)], 'report.service'],
    ['more', [bare()], [unit(5.001)], null],
    ['more, by what the clocks allow', [bare({ at: { ...instantAt(0), uncertaintyMs: 1000 } })], [unit(6)], 'report.service'],
    ['result oom-kill', [bare()], [unit(1, 'failed', { result: 'oom-kill' })], 'report.service'],
    ['another result', [bare()], [unit(1, 'failed', { result: 'exit-code' })], null],
    ['its main process, killed', [bare()], [unit(1, 'main-exited', { result: 'killed/9', pid: 100 })], 'report.service'],
    ['another main process', [bare()], [unit(1, 'main-exited', { result: 'killed/9', pid: 7 })], null],
    ['a main process without a pid', [bare()], [unit(1, 'main-exited', { result: 'killed/9' })], 'report.service'],
    ['a main process that ended', [bare()], [unit(1, 'main-exited', { result: 'exited/1' })], null],
    ['a start', [bare()], [unit(1, 'started')], null],
    ['two units', [bare()], [unit(1), unit(1, 'oom-killed', { unit: 'other.service' })], null],
    ['a slice says it too', [bare()], [unit(1), unit(1, 'oom-killed', { unit: 'system.slice' })], 'report.service'],
    ['another kill near', [bare(), bare({ at: instantAt(3) })], [unit(1)], null],
    ['another kill near one of its two words', [bare(), bare({ at: instantAt(8) })], [unit(-4), unit(4)], null],
    ['another kill far away', [bare(), bare({ at: instantAt(30) })], [unit(1)], 'report.service'],
    ['one event, two kills', [bare({ eventKey: 'g' }), bare({ eventKey: 'g' })], [unit(1)], 'report.service'],
    ['a known cgroup', [bare({ memcg: '/x' })], [unit(1)], null],
    ['a known workload', [bare({ workload: podWorkload })], [unit(1)], null],
    ['another host', [bare({ host: 'node-2' })], [unit(1)], null],
    ['a container’s scope', [bare()], [unit(1, 'oom-killed', { unit: `docker-${'a'.repeat(64)}.scope` })], null],
    ['no clock in common', [bare({ at: { ...instantAt(0), epochUs: null, boot: 'x' } })], [unit(1)], null],
  ])('%s', (_, kills, events, name) => {
    expect(unitOf(kills, ...events) ?? null).toBe(name)
  })
})

const words = (seconds: number, more: Partial<RuntimeEvent> = {}): PlacedEvent =>
  placed<RuntimeEvent>(seconds, {
    kind: 'runtime',
    runtime: 'node',
    what: 'heap-exhausted',
    detail: null,
    heapUsedBytes: null,
    heapLimitBytes: null,
    program: null,
    pid: 7,
    target: null,
    ...more,
  })
const ended = (seconds: number, exitCode: number | null = 134, name = 'api', more: Partial<PodSnapshot> = {}): PodSnapshot =>
  makePod([makeContainer({ name, lastState: makeState({ kind: 'terminated', exitCode, finishedUs: NOON + seconds * 1e6 }) })], more)
const speaker = (event: PlacedEvent, ...pods: PodSnapshot[]): string | null => {
  const [made] = withSpeakers([event], pods)
  return made?.event.kind === 'runtime' ? (made.event.target?.container ?? null) : null
}

describe('whose last words', () => {
  test.each<[string, PlacedEvent, PodSnapshot[], string | null]>([
    ['of the container that ended right after', words(0), [ended(1)], 'api'],
    ['in the same second, which the status cuts', words(0.9), [ended(0)], 'api'],
    ['a second before', words(1), [ended(0)], null],
    ['ten seconds', words(0), [ended(10)], 'api'],
    ['more', words(0), [ended(10.001)], null],
    ['two containers', words(0), [ended(1), ended(1, 134, 'web', { name: 'other' })], null],
    ['the same container told twice', words(0), [ended(1), ended(1)], 'api'],
    ['a success', words(0), [ended(1, 0)], null],
    ['killed by somebody', words(0), [ended(1, 137)], null],
    ['stopped by somebody', words(0), [ended(1, 143)], null],
    ['no code', words(0), [ended(1, null)], null],
    ['another node', words(0), [ended(1, 134, 'api', { node: 'node-2' })], null],
    ['a refused allocation', words(0, { what: 'allocation-refused' }), [ended(1)], 'api'],
    ['a child’s death', words(0, { what: 'child-killed' }), [ended(1)], null],
    [
      'a speaker that is known',
      words(0, { target: { namespace: null, pod: null, podUid: null, container: 'x', containerId: null } }),
      [ended(1)],
      'x',
    ],
    ['without a time, beside its own code', { ...words(0), at: { ...instantAt(0), epochUs: null } }, [ended(1)], 'api'],
    ['without a time, beside anybody’s code', { ...words(0), at: { ...instantAt(0), epochUs: null } }, [ended(1, 1)], null],
  ])('%s', (_, event, pods, name) => {
    expect(speaker(event, ...pods)).toBe(name)
  })
  test('the running state counts too, once it has ended', () => {
    const now = makePod([makeContainer({ state: makeState({ kind: 'terminated', exitCode: 3, finishedUs: NOON + 1e6 }) })])
    expect(speaker(words(0), now)).toBe('api')
  })
  test.each<[string, PlacedEvent[], string | null]>([
    ['the unit whose main process ended', [unit(1, 'main-exited', { pid: 7 })], 'report.service'],
    ['without a pid', [unit(10, 'failed')], 'report.service'],
    ['another process', [unit(1, 'main-exited', { pid: 8 })], null],
    ['too late', [unit(10.001, 'failed')], null],
    ['just before, by another clock', [unit(-1, 'failed')], 'report.service'],
    ['before', [unit(-1.001, 'failed')], null],
    ['a start', [unit(1, 'started')], null],
    ['two units', [unit(1, 'failed'), unit(1, 'failed', { unit: 'other.service' })], null],
    ['another host', [{ ...unit(1, 'failed'), host: 'node-2' }], null],
  ])('%s', (_, events, name) => {
    expect(unitThatEnded([words(0)], events)).toBe(name)
  })
})

describe('when a document was read', () => {
  const of = (pod: PodSnapshot, more: object[] = [], events: PlacedEvent[] = []): number | undefined =>
    readTimes({ snapshots: { all: [{ ...pod, bundle: 'x' }, ...more] as never }, events }).get(pod.source)
  const clock = (us: number, bundle = 'x') => ({ kind: 'clock', bundle, capturedUs: { value: us, quote: null } })
  const state = (startedUs: number | null, finishedUs: number | null = null) => makeState({ startedUs, finishedUs })
  test.each<[string, number | undefined, number | undefined]>([
    ['by a start', of(makePod([makeContainer({ state: state(5) })])), 5],
    ['by an end', of(makePod([makeContainer({ lastState: state(5, 9), state: state(7) })])), 9],
    ['by the pod’s own times', of(makePod([], { startUs: 3, deletionUs: 8 })), 8],
    ['by an event in the same file', of(makePod([], { startUs: 3, source: 'kern.log' }), [], [unit(0)]), NOON],
    ['not by an event in another', of(makePod([], { startUs: 3 }), [], [unit(0)]), 3],
    ['by the bundle’s clock', of(makePod([], { startUs: 3 }), [clock(50), clock(40)]), 50],
    ['not by another bundle’s', of(makePod([], { startUs: 3 }), [clock(50, 'y')]), 3],
    ['not at all', of(makePod([])), undefined],
  ])('%s', (_, us, expected) => {
    expect(us).toBe(expected)
  })
})
