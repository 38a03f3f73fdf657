import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { ContainerEvent, ContainerRef, UnitEvent } from '../../../src/model/event.ts'
import type { Instant, PlacedEvent } from '../../../src/model/incident.ts'
import type { ContainerState } from '../../../src/model/snapshot.ts'
import { endedRuns, isAboutWorkload, killsIn, laterLines, ownEnd, survivingRun } from '../../../src/rules/consequence/aftermath.ts'
import { containerRestarted } from '../../../src/rules/consequence/container-restarted.ts'
import { containerTerminated } from '../../../src/rules/consequence/container-terminated.ts'
import { impactOf } from '../../../src/rules/consequence/impact.ts'
import { noKill } from '../../../src/rules/consequence/no-kill.ts'
import { unitFailed } from '../../../src/rules/consequence/unit-failed.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { factsWith, saidIn } from '../facts-with.ts'
import {
  globalDump,
  ID,
  inPod,
  instantAt,
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
const OTHER = 'b2'.repeat(32)
/** A workload whose container's id is not known: times decide. */
const nameless = inPod(memcgDump(), {}, { workload: { ...podWorkload, containerId: null, containerIds: [] } })
const ran = (from: number | null, to: number | null, more: Partial<ContainerState> = {}) =>
  makeState({
    kind: 'terminated',
    reason: 'OOMKilled',
    exitCode: 137,
    startedUs: from === null ? null : at(from),
    finishedUs: to === null ? null : at(to),
    ...more,
  })
const running = (from: number | null, more: Partial<ContainerState> = {}) =>
  makeState({ startedUs: from === null ? null : at(from), ...more })

describe('the run in which a kill fell', () => {
  const fell = (state: ContainerState, incident = nameless) => killsIn(factsWith(incident, { container: null }), state).length === 1
  test.each([
    ['around the kill', ran(-100, 1), true],
    ['began a second after it, as whole seconds may tell', ran(1, 5), true],
    ['began later', ran(1.1, 5), false],
    ['ended two seconds before, as whole seconds may tell', ran(-100, -2), true],
    ['ended earlier', ran(-100, -2.1), false],
    ['its end is not known', ran(-100, null), false],
    ['its start is not known', ran(null, 1), false],
    ['still runs', running(-3), true],
    ['still runs, from the second of the kill on', running(-2), false],
  ])('by time: %s', (_, state, is) => {
    expect(fell(state)).toBe(is)
  })
  test('an id decides before any time, short or long', () => {
    const pod = inPod(memcgDump())
    expect(fell(ran(-100, 1, { containerId: ID }), pod)).toBe(true)
    expect(fell(ran(500, 900, { containerId: ID.slice(0, 12) }), pod)).toBe(true)
    expect(fell(ran(-100, 1, { containerId: OTHER }), pod)).toBe(false)
    expect(fell(ran(-100, 1, { containerId: null }), pod)).toBe(true)
    const short = inPod(memcgDump(), {}, { workload: { ...podWorkload, containerId: ID.slice(0, 12) } })
    expect(fell(ran(500, 900, { containerId: ID }), short)).toBe(true)
  })
  test('of a death that only a row of a table tells, the state of that row', () => {
    const [own, last, other] = [ran(null, null), ran(null, null), ran(null, null)]
    const row = (state: ContainerState | null, lastState: ContainerState | null, epochUs: number | null = null) => {
      const told = { pod: makePod([]), container: makeContainer({ state, lastState }) }
      return inPod(memcgDump(), {}, { at: { ...instantAt(0), epochUs }, told, workload: null })
    }
    expect([fell(own, row(own, last)), fell(last, row(own, last)), fell(other, row(own, last))]).toEqual([true, true, false])
    for (const more of [{ reason: 'Error' }, { kind: 'running' as const }]) {
      const state = ran(null, null, more)
      expect(fell(state, row(state, null))).toBe(false)
    }
    // one with a time is asked by it
    expect(fell(own, row(own, last, NOON))).toBe(false)
  })
  test('the runs that ended, how long after the kill, and whether a newer one is known', () => {
    const of = (state: ContainerState | null, lastState: ContainerState | null) =>
      endedRuns(factsWith(nameless, { container: makeContainer({ state, lastState }) })).map(({ delaySeconds, succeeded }) => [
        delaySeconds,
        succeeded,
      ])
    expect(of(running(5), ran(-100, 3))).toEqual([[3, true]])
    expect(of(ran(-100, 3), null)).toEqual([[3, false]])
    expect(of(running(5), running(-100))).toEqual([])
    expect(of(running(5), ran(-100, -50))).toEqual([])
    expect(endedRuns(factsWith(nameless, { container: null }))).toEqual([])
  })
  test('a run that goes on', () => {
    const of = (state: ContainerState | null) => survivingRun(factsWith(nameless, { container: makeContainer({ state }) }))
    expect(of(running(-100))).not.toBeNull()
    expect(of(running(5))).toBeNull()
    expect(of(ran(-100, 1))).toBeNull()
    expect(of(null)).toBeNull()
  })
})

describe('a program that ended by itself', () => {
  const heap = makeIncident({ nature: 'runtime-heap' })
  const end = (to: number | null, more: Partial<IncidentFacts> = {}) =>
    ownEnd(factsWith(heap, { container: makeContainer({ lastState: ran(-100, to), state: running(20) }), ...more }))
  test('a second before its last words to ten after them', () => {
    expect(end(-1)).toMatchObject({ delaySeconds: 0, succeeded: true })
    expect(end(-1.1)).toBeNull()
    expect(end(10)).toMatchObject({ delaySeconds: 10 })
    expect(end(10.1)).toBeNull()
    expect(end(null)).toBeNull()
    const untimed = { ...heap, last: { ...heap.last, epochUs: null } }
    expect(ownEnd(factsWith(untimed, { container: makeContainer({ lastState: ran(-100, 1) }) }))).toBeNull()
    expect(ownEnd(factsWith(heap, { container: makeContainer({ lastState: running(-100, { finishedUs: at(1) }) }) }))).toBeNull()
    expect(end(1, { container: makeContainer({ state: ran(-100, 1) }) })?.succeeded).toBe(false)
    expect(end(1, { kill: makeDeath(null) })).toBeNull()
    expect(end(1, { container: null })).toBeNull()
    expect(ownEnd(factsWith({ ...heap, nature: 'no-kill' }, { container: makeContainer({ lastState: ran(-100, 1) }) }))).toBeNull()
  })
  test('is told as such, restarted or not', () => {
    const facts = (container: ReturnType<typeof makeContainer>) => factsWith(heap, { container }) as never
    const again = makeContainer({ lastState: ran(-100, 1, { exitCode: 3 }), state: running(20), restartCount: { value: 4, quote: null } })
    const over = makeContainer({ state: ran(-100, 1, { exitCode: 3 }) })
    expect(saidIn(containerRestarted.evaluate(facts(again)))).toMatch(
      /ended by itself, .* with exit code 3, and was restarted; its restart count is 4/,
    )
    expect(containerTerminated.evaluate(facts(again))).toBeNull()
    expect(containerRestarted.evaluate(facts(over))).toBeNull()
    expect(saidIn(containerTerminated.evaluate(facts(over)))).toContain('when the status was read it had not been restarted')
    expect(noKill.evaluate(facts(over))).toBeNull()
    const [words, more] = [1, 2].map((n) => placed(n, { kind: 'runtime', runtime: 'jvm', what: 'heap-exhausted', target: null } as never))
    const said = { ...heap, context: [words, more] as PlacedEvent[] }
    for (const [rule, container] of [
      [containerRestarted, again],
      [containerTerminated, over],
    ] as const) {
      const answer = rule.evaluate(factsWith(said, { container, trust: 'high' }) as never)
      expect(answer).toMatchObject({ confidence: 'high' })
      expect(answer?.evidence.filter(({ text }) => text === 'line of runtime')).toHaveLength(1)
      const untimed = { ...said, last: { ...said.last, epochUs: null } }
      expect(rule.evaluate(factsWith(untimed, { container, trust: 'high' }) as never)).toMatchObject({ confidence: 'medium' })
    }
    expect(saidIn(noKill.evaluate(factsWith(heap) as never))).toContain('the program ended by itself')
  })
})

const ref = (more: Partial<ContainerRef> = {}): ContainerRef => ({
  namespace: null,
  pod: null,
  podUid: null,
  container: null,
  containerId: null,
  ...more,
})
const line = (seconds: number, what: ContainerEvent['what'], target: ContainerRef, more: Partial<ContainerEvent> = {}) =>
  placed<ContainerEvent>(seconds, {
    kind: 'container',
    what,
    by: 'containerd',
    target,
    exitCode: null,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
    ...more,
  })

describe('lines about the workload', () => {
  const facts = factsWith(inPod(memcgDump()))
  test.each([
    ['its id', ref({ containerId: ID }), true],
    ['its id, short', ref({ containerId: ID.slice(0, 12) }), true],
    ['the end of its id', ref({ containerId: ID.slice(12) }), false],
    ['its id, longer', ref({ containerId: `${ID}-cri` }), true],
    ['another id', ref({ containerId: OTHER }), false],
    ['another id of its pod', ref({ containerId: OTHER, podUid: podWorkload.podUid }), true],
    ['its pod by uid', ref({ podUid: podWorkload.podUid }), true],
    ['another uid', ref({ podUid: 'other' }), false],
    ['its pod by name', ref({ pod: 'api-7c9d4', namespace: 'shop' }), true],
    ['its pod by name alone', ref({ pod: 'api-7c9d4' }), true],
    ['a namesake elsewhere', ref({ pod: 'api-7c9d4', namespace: 'bank' }), false],
    ['another pod', ref({ pod: 'web-1', namespace: 'shop' }), false],
    ['another container of its pod', ref({ podUid: podWorkload.podUid, container: 'proxy' }), false],
    ['its container by name', ref({ podUid: podWorkload.podUid, container: 'api' }), true],
    ['nobody', ref(), false],
  ])('%s', (_, target, is) => {
    expect(isAboutWorkload(facts, line(0, 'exit', target) as PlacedEvent<ContainerEvent>)).toBe(is)
  })
  test('any of the ids that it had', () => {
    const facts = factsWith(inPod(memcgDump(), {}, { workload: { ...podWorkload, containerIds: [ID, OTHER] } }))
    expect(
      [ID, OTHER, 'c3'.repeat(32)].map((containerId) => isAboutWorkload(facts, line(0, 'exit', ref({ containerId })) as never)),
    ).toEqual([true, true, false])
  })
  test('from two seconds before the kill on, of the kinds asked for', () => {
    const target = ref({ containerId: ID })
    const context = [line(-3, 'exit', target), line(-2, 'exit', target), line(0, 'started', target), line(9, 'exit', target)]
    const found = laterLines(factsWith(inPod(memcgDump(), { context })), ['exit', 'died'])
    expect(found.map((one) => (one.at.epochUs as number) - NOON)).toEqual([-2e6, 9e6])
  })
  test('without a time the order of the lines decides', () => {
    const late = (order: number) => ({ ...line(0, 'exit', ref({ containerId: ID })), at: { ...instantAt(0), epochUs: null, order } })
    const found = laterLines(factsWith(inPod(memcgDump(), { context: [late(-1), late(0), late(5)] })), ['exit'])
    expect(found.map((one) => one.at.order)).toEqual([0, 5])
  })
  test('ended and started again: medium; ended only: whether it came back is not told', () => {
    const target = ref({ containerId: ID })
    const of = (...context: ReturnType<typeof line>[]) => factsWith(inPod(memcgDump(), { context })) as never
    const both = of(line(1, 'exit', target, { exitCode: 137 }), line(4, 'started', target))
    expect(containerRestarted.evaluate(both)).toMatchObject({ confidence: 'medium' })
    expect(saidIn(containerTerminated.evaluate(of(line(1, 'exit', target, { exitCode: 137 }))))).toContain(
      'ended with exit code 137; whether it was started again is not in the log',
    )
    expect(containerRestarted.evaluate(of(line(1, 'exit', target)))).toBeNull()
    expect(containerTerminated.evaluate(of())).toBeNull()
  })
  test('how long it was away, from two seconds on', () => {
    const target = ref({ containerId: ID })
    const impact = (start: number) =>
      impactOf(factsWith(inPod(memcgDump(), { context: [line(1, 'exit', target), line(start, 'started', target)] })))
        .map(({ said }) => plainPhrase(said))
        .join('')
    expect(impact(2)).toContain('It was down for 2 s until it was started again')
    expect(impact(1)).toBe('')
  })
})

describe('a status after the kill', () => {
  const restarted = (container: Parameters<typeof makeContainer>[0], incident = nameless) =>
    containerRestarted.evaluate(factsWith(incident, { container: makeContainer(container) }) as never)
  const last = ran(-100, 1)
  test('the count, or a state beside the last one, tells of a restart', () => {
    const count = (value: number) => ({ value, quote: null })
    expect(restarted({ lastState: last, state: running(5), restartCount: count(1) })).toMatchObject({ confidence: 'high', against: null })
    expect(restarted({ lastState: last, state: running(5), restartCount: count(0) })).toBeNull()
    expect(restarted({ lastState: last, state: running(5), restartCount: null })?.confidence).toBe('high')
    expect(restarted({ lastState: last, state: null, restartCount: null })).toBeNull()
    expect(restarted({ lastState: ran(500, 900), state: running(950), restartCount: count(7) })).toMatchObject({ confidence: 'medium' })
    expect(restarted({ lastState: ran(500, 900, { reason: 'Error' }), state: running(950), restartCount: count(7) })).toBeNull()
    expect(
      saidIn(restarted({ lastState: last, state: makeState({ kind: 'waiting', reason: 'CrashLoopBackOff' }), restartCount: count(3) })),
    ).toMatch(/ended with exit code 137, reason OOMKilled and was restarted; its restart count is 3; it now waits \(CrashLoopBackOff\)/)
  })
  test('of a status alone another exit code than 137 is not the victim’s', () => {
    const alone = makeIncident({ kills: [makeDeath(null, { workload: { ...podWorkload, containerId: null, containerIds: [] } })] })
    expect(restarted({ lastState: last, state: running(5) }, alone)?.confidence).toBe('high')
    expect(restarted({ lastState: ran(-100, 1, { exitCode: 1 }), state: running(5) }, alone)?.confidence).toBe('medium')
    const over = (exitCode: number) =>
      containerTerminated.evaluate(factsWith(alone, { container: makeContainer({ state: ran(-100, 1, { exitCode }) }) }) as never)
    expect([over(137)?.confidence, over(1)?.confidence]).toEqual(['high', 'medium'])
  })
})

describe('a unit', () => {
  const service = killed(globalDump())
  const unit = (seconds: number, what: UnitEvent['what'], more: Partial<UnitEvent> = {}) =>
    placed<UnitEvent>(seconds, { kind: 'unit', unit: 'analytics.service', what, result: null, pid: null, ...more } as never)
  const failed = (...context: ReturnType<typeof unit>[]) => unitFailed.evaluate(factsWith({ ...service, context }) as never)
  test('its result by oom-kill or signal is sure', () => {
    expect(failed(unit(1, 'failed', { result: 'oom-kill' }))?.confidence).toBe('high')
    expect(failed(unit(1, 'failed', { result: 'signal' }))?.confidence).toBe('high')
    expect(failed(unit(1, 'failed', { result: 'exit-code' }))?.confidence).toBe('medium')
    expect(saidIn(failed(unit(1, 'failed', { result: 'signal' })))).toBe('systemd marked unit analytics.service as failed (signal).')
    expect(saidIn(failed(unit(1, 'failed'), unit(2, 'restart-scheduled')))).toBe(
      'systemd marked unit analytics.service as failed and scheduled a restart.',
    )
    expect(failed(unit(1, 'failed', { unit: 'other.service' }))).toBeNull()
    expect(failed(unit(2, 'started'))).toBeNull()
  })
  test('a start is another only behind the failure, by time, else in order', () => {
    const again = (start: Partial<Instant>, end: Partial<Instant> = {}) => {
      const [failure, begun] = [unit(1, 'failed'), unit(1, 'started')]
      return saidIn(failed({ ...failure, at: { ...failure.at, ...end } }, { ...begun, at: { ...begun.at, ...start } })).includes('restart')
    }
    expect([again({ epochUs: at(2) }), again({ epochUs: at(1) }), again({ epochUs: at(0) })]).toEqual([true, false, false])
    expect([again({ epochUs: at(2), order: 0 }), again({ epochUs: at(0), order: 9 })]).toEqual([true, false])
    for (const untimed of [{}, { epochUs: null }]) {
      expect(again({ epochUs: null, order: 2 }, untimed)).toBe(true)
      expect(again({ epochUs: null, order: 1 }, untimed)).toBe(false)
    }
    expect([again({ order: 2 }, { epochUs: null }), again({ order: 0 }, { epochUs: null })]).toEqual([true, false])
    expect(saidIn(failed(unit(1, 'failed'), unit(9, 'oom-killed')))).not.toContain('restart')
  })
  test('two lines of its end are quoted, and one of its restart', () => {
    const quoted = (what: UnitEvent['what'], n: number) => unit(n, what, { quotes: [quote(`${what}${n}`, n)] } as never)
    const lines = failed(...[1, 2, 3].map((n) => quoted('failed', n)), ...[4, 5].map((n) => quoted('restart-scheduled', n)))?.evidence
    expect(lines?.map(({ text }) => text)).toEqual(['failed1', 'failed2', 'restart-scheduled4'])
  })
  test('a main process that exited is the killed one by its PID', () => {
    expect(failed(unit(1, 'main-exited', { pid: 100 }))?.confidence).toBe('medium')
    expect(failed(unit(1, 'main-exited'))).not.toBeNull()
    expect(failed(unit(1, 'main-exited', { pid: 101 }))).toBeNull()
  })
  test('the time until it was started again', () => {
    const away = (again: number) =>
      impactOf(factsWith({ ...service, context: [unit(1, 'failed'), unit(again, 'started')] }))
        .map(({ said }) => plainPhrase(said))
        .join('')
    expect(away(3)).toContain('It was down for 2 s')
    expect(away(2)).toBe('')
    expect(away(0)).toBe('')
  })
})
