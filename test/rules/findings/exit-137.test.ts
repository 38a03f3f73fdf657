import { describe, expect, test } from 'vitest'
import type { ContainerEvent, ObjectEvent } from '../../../src/model/event.ts'
import type { Finding } from '../../../src/model/finding.ts'
import type { ContainerState, PodSnapshot } from '../../../src/model/snapshot.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { containerStatusUnknown } from '../../../src/rules/findings/container-status-unknown.ts'
import { exit137NotOom } from '../../../src/rules/findings/exit-137-not-oom.ts'
import { oomkilledExitCode } from '../../../src/rules/findings/oomkilled-exit-code.ts'
import { oomkilledMissing } from '../../../src/rules/findings/oomkilled-missing.ts'
import { sceneOf } from '../../../src/rules/findings/scene.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { ID, makeContainer, makeDeath, makeIncident, makePod, makeState, memcgDump, NOON, placed, podWorkload } from '../make-incident.ts'

const scene = (parts: Partial<Timeline>) =>
  sceneOf({ incidents: [], events: [], snapshots: [], sources: [], told: new Set(), spans: new Map(), warnings: [], ...parts })
const said = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ id, statement, evidence }) => `${id}: ${plainPhrase(statement)} [${evidence.map(({ text }) => text).join('|')}]`)
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const line = (seconds: number, more: Partial<ContainerEvent> = {}) =>
  placed<ContainerEvent>(seconds, {
    kind: 'container',
    what: 'exit',
    by: 'kubelet',
    target,
    exitCode: 137,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
    ...more,
  })
const quotes = ['q1', 'q2', 'q3', 'q4', 'q5'].map((text, n) => quote(text, n + 1))
const ended = (more: Partial<ContainerState> = {}) =>
  makeState({ kind: 'terminated', reason: 'Error', exitCode: 137, finishedUs: NOON, containerId: ID, quotes, ...more })
const podWith = (state: ContainerState, pod: Partial<PodSnapshot> = {}) => makePod([makeContainer({ state })], { quotes, ...pod })

describe('by the kubelet’s log alone', () => {
  const of = (event: Partial<ContainerEvent> = {}, parts: Partial<Timeline> = {}) =>
    exit137NotOom(scene({ events: [line(0, event)], ...parts }))
  test('an end with 137 that nothing explains', () => {
    expect(said(of())).toEqual([
      'exit-137-unexplained: Exit code 137 of container api of pod shop/api-7c9d4 means SIGKILL, whoever sent it; nothing in the input says that memory was short. [line of container]',
    ])
    expect(said(of({ what: 'died' }))).toHaveLength(1)
    expect(said(of({ target: { ...target, namespace: null } }))[0]).toContain('of pod api-7c9d4 means')
    expect(said(of({ target: { ...target, pod: null, container: null } }))[0]).toContain(`of container ${ID.slice(0, 12)} means`)
    expect(said(exit137NotOom(scene({ events: [line(0), line(5)] })))).toHaveLength(1)
  })
  test.each<readonly [string, Partial<ContainerEvent>]>([
    ['another code', { exitCode: 143 }],
    ['another line', { what: 'killing' }],
    ['another speaker', { by: 'containerd' }],
    ['a container without an id', { target: { ...target, containerId: null } }],
  ])('%s is none', (_, event) => expect(of(event)).toEqual([]))
  test('a status of the same container, or of its pod, says more', () => {
    const with_ = (state: Partial<ContainerState>, pod: Partial<PodSnapshot>, event: Partial<ContainerEvent> = {}) =>
      of(event, { snapshots: [podWith(ended({ exitCode: 0, reason: 'Completed', ...state }), pod)] }).length
    expect(with_({}, { uid: 'other' })).toBe(0)
    expect(with_({ containerId: ID.slice(0, 12) }, { uid: null })).toBe(0)
    expect(with_({ containerId: null }, {})).toBe(0)
    expect(with_({ containerId: 'b2'.repeat(32) }, { uid: 'other' })).toBe(1)
    expect(with_({ containerId: null }, { uid: 'other' })).toBe(1)
    // two that are not known are not the same
    expect(with_({ containerId: null }, { uid: null }, { target: { ...target, podUid: null } })).toBe(1)
    // a container that runs has not ended
    expect(with_({ kind: 'running' }, {})).toBe(1)
  })
  test('so does a kill in it, or in its pod', () => {
    const with_ = (killed: object | null, event: Partial<ContainerEvent> = {}) =>
      of(event, { incidents: [makeIncident({ kills: [makeDeath(null, { target: killed as never })] })] }).length
    expect(with_({ ...target, podUid: null })).toBe(0)
    expect(with_({ ...target, containerId: null })).toBe(0)
    expect(with_({ ...target, podUid: 'other', containerId: 'b2'.repeat(32) })).toBe(1)
    expect(with_(null)).toBe(1)
    // what is not known on either side is not the same
    expect(with_(null, { target: { ...target, podUid: null } })).toBe(1)
  })
})

describe('by a status', () => {
  const of = (state: Partial<ContainerState>, pod: Partial<PodSnapshot> = {}, parts: Partial<Timeline> = {}) =>
    said(exit137NotOom(scene({ snapshots: [podWith(ended(state), pod)], ...parts })))
  const who = 'Exit code 137 of container api of pod shop/api-7c9d4'
  test('which reasons leave it open', () => {
    expect(of({})).toEqual([
      `exit-137-unexplained: ${who} means SIGKILL, whoever sent it; nothing in the input says that memory was short. [q1|q2|q3]`,
    ])
    for (const state of [{ exitCode: 143 }, { reason: 'OOMKilled' }, { reason: 'ContainerStatusUnknown' }]) expect(of(state)).toEqual([])
    expect(of({}, {}, { incidents: [makeIncident({ kills: [makeDeath(memcgDump(), { workload: podWorkload })] })] })).toEqual([])
  })
  test('how the pod ended is the answer; one evicted for a reason that is not told is no open one', () => {
    const end = { what: 'preempted' } as never
    expect(of({}, { end })).toEqual([
      `exit-137-not-oom: ${who} is no out-of-memory kill: the kubelet preempted the pod to make room for a critical one. [q1|q2|q3|q4]`,
    ])
    expect(of({}, { reason: 'Evicted' })).toEqual([])
    expect(of({}, { reason: 'Evicted', end: { what: 'evicted', shortOf: 'nodefs', overLimitOf: null } as never })).toHaveLength(1)
  })
  test('who asked it to stop, and how long it had', () => {
    const stop = (more: Partial<ContainerEvent>) => line(-30, { what: 'killing', exitCode: null, ...more })
    const by = (...events: Timeline['events']) => of({}, {}, { events })[0]
    const asked = `exit-137-not-oom: ${who} is no out-of-memory kill: `
    expect(by(stop({}))).toBe(`${asked}it was asked to stop, and did not end within its grace period. [q1|q2|q3|line of container]`)
    expect(by(stop({ gracePeriodSeconds: 30 }))).toContain('did not end within its grace period of 30 s.')
    expect(by(stop({}), stop({ gracePeriodSeconds: 0 }))).toContain('did not end within its grace period of 0 s.')
    expect(by(stop({ stop: 'liveness' }), stop({ stop: 'probe' }))).toContain(': its liveness probe failed, and it did not end within')
    expect(by(stop({ stop: 'startup' }), stop({ stop: 'probe' }))).toContain(': its startup probe failed, and it did not end within')
    expect(by(stop({ stop: 'preemption' }))).toContain(': the pod was preempted, and it did not end within')
    expect(by(stop({ stop: 'probe' }))).toContain(': a probe failed, and it did not end within')
    const event = placed<ObjectEvent>(-30, {
      kind: 'object-event',
      reason: 'Killing',
      name: 'api-7c9d4',
      uid: null,
      container: null,
      firstUs: null,
      stop: 'other',
    } as never)
    expect(by(event)).toContain('it was asked to stop, and did not end within its grace period.')
    const many = [1, 2, 3, 4, 5].map((n) => ({ ...stop({}), event: { ...stop({}).event, quotes: [quote(`s${n}`, 50 + n)] } }))
    expect(by(...many)).toContain('[q1|q2|q3|s1|s2|s3]')
  })
})

describe('a status that says OOMKilled, or should', () => {
  const kills = [quote('Killed process 100', 90), quote('another line', 91)]
  const kill = (more: object = {}) => ({
    incidents: [makeIncident({ kills: [makeDeath(memcgDump(), { workload: podWorkload, comm: 'java', evidence: kills, ...more })] })],
  })
  const missing = (state: Partial<ContainerState>, parts: Partial<Timeline> = kill()) =>
    said(oomkilledMissing(scene({ snapshots: [podWith(ended(state))], ...parts })))
  test('Error although the kernel killed in it', () => {
    expect(missing({})[0]).toMatch(
      /says Error, not OOMKilled, although the kernel killed java in it for memory.*\[q1\|q2\|q3\|Killed process 100\]$/,
    )
    expect(missing({}, kill({ comm: null }))[0]).toContain('killed a process in it')
    expect(missing({ reason: 'Completed' })).toEqual([])
    expect(missing({ exitCode: 1 })).toEqual([])
    expect(missing({}, {})).toEqual([])
    expect(missing({}, kill({ dump: null }))).toEqual([])
    expect(missing({}, kill({ killer: 'systemd-oomd' }))).toEqual([])
  })
  const other = (state: Partial<ContainerState>, parts: Partial<Timeline> = kill()) =>
    said(oomkilledExitCode(scene({ snapshots: [podWith(ended({ reason: 'OOMKilled', ...state }))], ...parts })))
  test('OOMKilled with another code than 137', () => {
    expect(other({ exitCode: 0 })[0]).toMatch(
      /^oomkilled-exit-code-zero: .* exit code 0: the kernel had killed java inside it.*\[q1\|q2\|q3\|Killed process 100\]$/,
    )
    expect(other({ exitCode: 1 })[0]).toMatch(/^oomkilled-other-exit-code: /)
    expect(other({ exitCode: 1 }, {})[0]).toMatch(/the kernel had killed some process inside it.*\[q1\|q2\|q3\]/)
    expect(other({ exitCode: 1 }, kill({ comm: null }))[0]).toContain('the kernel had killed some process inside it')
    expect([other({ exitCode: 137 }), other({ exitCode: null }), other({ exitCode: 1, reason: 'Error' })]).toEqual([[], [], []])
  })
  test('a code that the kubelet made up', () => {
    const of = (state: Partial<ContainerState>) => said(containerStatusUnknown(scene({ snapshots: [podWith(ended(state))] })))
    expect(of({ reason: 'ContainerStatusUnknown' })[0]).toMatch(
      /The exit code 137 of container api .* was made up by the kubelet.*\[q1\|q2\|q3\]/,
    )
    expect(of({ reason: 'ContainerStatusUnknown', exitCode: null })[0]).toContain('The exit code of container api')
    expect(of({})).toEqual([])
  })
})
