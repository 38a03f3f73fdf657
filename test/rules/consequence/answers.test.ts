import { describe, expect, test } from 'vitest'
import type { IncidentFacts } from '../../../src/facts/incident-facts.ts'
import type { UnitEvent } from '../../../src/model/event.ts'
import type { Kill, PlacedEvent } from '../../../src/model/incident.ts'
import type { ContainerSnapshot, ContainerState, RuntimeContainerSnapshot } from '../../../src/model/snapshot.ts'
import { containerRestarted } from '../../../src/rules/consequence/container-restarted.ts'
import { containerTerminated } from '../../../src/rules/consequence/container-terminated.ts'
import { reportedLate } from '../../../src/rules/consequence/reported-late.ts'
import { unseenByKubernetes } from '../../../src/rules/consequence/unseen-by-kubernetes.ts'
import { factsWith } from '../facts-with.ts'
import {
  globalDump,
  ID,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeState,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from '../make-incident.ts'
import { asked, at, count, crowd, line, quotes, ran, running, target } from './asked.ts'

describe('Kubernetes saw nothing', () => {
  const told = (state: Partial<ContainerSnapshot>, incident = inPod(crowd), more: Partial<IncidentFacts> = {}) =>
    asked(unseenByKubernetes as never, incident, { container: makeContainer({ state: running(-99), ...state }), ...more })
  test('of a container that runs since before the kill', () => {
    expect(told({ restartCount: count(0) })).toEqual({
      confidence: 'high',
      said: 'Kubernetes saw nothing: container api of pod shop/api-7c9d4 has been running since before the kill, with restart count 0; a process inside it died, not its first one.',
      lines: expect.stringMatching(/^state1\|state2\|state3\|Restart Count\|[^|]+$/),
    })
    expect(told({})?.said).not.toContain('restart count')
    expect(told({ state: running(5, { containerId: null }) })).toBeNull()
    const two = inPod(crowd)
    expect(told({}, { ...two, kills: [...two.kills, { ...(two.kills[0] as Kill), pid: 101, at: instantAt(30) }] })?.said).toContain(
      'the first of 2 kills',
    )
  })
  test('how sure, by what ties the status to the kill', () => {
    expect(told({ state: running(null) })?.confidence).toBe('high')
    expect(told({ state: running(-99, { containerId: null }) })?.confidence).toBe('high')
    // neither an id in the status nor a start: the runtime's inspection of the run ties it, and is no proof
    expect(told({ containerId: ID, state: running(null, { containerId: null }) })?.confidence).toBe('medium')
  })
  test('only where the status was read after the kill', () => {
    const read = (podsReadUs: number | null, dump = memcgDump(), more: Partial<IncidentFacts> = {}) =>
      told({}, inPod(dump, { podsReadUs }), more) !== null
    expect(read(NOON + 1)).toBe(true)
    expect(read(NOON)).toBe(false)
    expect(read(null)).toBe(false)
    // others of the container stand beside the victim in the report: it may well have lived on
    expect(read(null, crowd)).toBe(true)
    expect(read(null, crowd, { limitCgroup: { level: 'pod' } as never })).toBe(true)
    expect(read(null, crowd, { limitCgroup: { level: 'qos' } as never })).toBe(false)
    expect(read(null, crowd, { limitCgroup: null })).toBe(false)
    // nothing that could tell: it is believed
    expect(read(null, memcgDump(), { dump: null })).toBe(true)
    const clockless = inPod(memcgDump(), {}, { at: { ...instantAt(0), epochUs: null } })
    expect(told({}, clockless)).not.toBeNull()
  })
  const reports = (later: Partial<Kill>, seconds = 30, dump: Kill['dump'] = crowd) => {
    const one = inPod(crowd)
    const next = makeDeath(dump, { workload: podWorkload, eventKey: 'run-2', pid: 102, at: instantAt(seconds), ...later })
    return asked(unseenByKubernetes as never, { ...one, kills: [...one.kills, next] }, { container: null })
  }
  test('by the kernel’s reports of the same container, ten seconds apart and more', () => {
    expect(reports({}, 10)?.said).toMatch(/in the last of 2 reports, 10 s later, and sh \(PID 101\) is in the tables before and after/)
    expect(reports({}, 9.9)).toBeNull()
    expect(reports({ eventKey: 'run-1' })).toBeNull()
    expect(reports({ workload: { ...podWorkload, containerId: 'b2'.repeat(32) } })).toBeNull()
    expect(reports({ pid: 101 })).toBeNull()
    expect(reports({}, 30, memcgDump())).toBeNull()
    expect(reports({}, 30, { ...crowd, oomMemcg: '/other' })).toBeNull()
    expect(reports({}, 30, null)).toBeNull()
    expect(reports({ at: { ...instantAt(30), epochUs: null, uptimeSeconds: null } })).toBeNull()
    expect(reports({})?.lines.split('|')).toHaveLength(2)
  })
  test('not where its id is not known, or the limit is not its own', () => {
    const other = (more: Partial<IncidentFacts>, workload = podWorkload) => {
      const one = inPod(crowd, {}, { workload })
      const next = makeDeath(crowd, { workload, eventKey: 'run-2', pid: 102, at: instantAt(30) })
      return asked(unseenByKubernetes as never, { ...one, kills: [...one.kills, next] }, { container: null, ...more })
    }
    expect(other({})).not.toBeNull()
    expect(other({ limitCgroup: { level: 'pod' } as never })).toBeNull()
    expect(other({ limitCgroup: null })).toBeNull()
    expect(other({}, { ...podWorkload, containerId: null })).toBeNull()
  })
  test('not of what is no pod', () => {
    const plain = { ...podWorkload, kind: 'container' as never }
    const one = inPod(crowd, {}, { workload: plain })
    const next = makeDeath(crowd, { workload: plain, eventKey: 'run-2', pid: 102, at: instantAt(30) })
    expect(asked(unseenByKubernetes as never, { ...one, kills: [...one.kills, next] }, { container: null })).toBeNull()
  })
  const inspected = (more: Partial<RuntimeContainerSnapshot>, death: Partial<Kill> = {}) => {
    const snapshot = {
      kind: 'runtime-container',
      source: 'i',
      containerId: ID,
      running: true,
      oomKilled: true,
      finishedUs: null,
      quotes: quotes('i'),
      ...more,
    }
    return asked(unseenByKubernetes as never, inPod(memcgDump(), { snapshots: [snapshot as never] }, death), { container: null })
  }
  test('by the runtime, asked afterwards', () => {
    expect(inspected({})).toMatchObject({ confidence: 'medium', lines: expect.stringMatching(/^i1\|i2\|i3\|[^|]+$/) })
    for (const more of [{ running: false }, { running: null }, { oomKilled: false }, { oomKilled: null }, { containerId: 'b2' }])
      expect(inspected(more)).toBeNull()
    expect(inspected({ containerId: null }, { workload: { ...podWorkload, containerId: null } })).toBeNull()
  })
})

describe('a container whose end is told late', () => {
  const late = (state: Partial<ContainerState>, to: number | null = 11, incident = inPod(memcgDump())) =>
    asked(reportedLate as never, incident, { container: makeContainer({ lastState: ran(-99, to, state), state: running(50) }) })
  test('more than ten seconds after the kernel’s kill', () => {
    expect(late({}, 10)).toBeNull()
    expect(late({})).toMatchObject({
      confidence: 'high',
      said: 'The kill went unseen at first: container api of pod shop/api-7c9d4 ended 11 s later with exit code 137, and only then was it reported as OOMKilled. The reported time is not that of the kill.',
      lines: expect.stringMatching(/^state1\|state2\|state3\|[^|]+$/),
    })
    expect(late({ exitCode: null })?.said).toContain('ended 11 s later, and only')
    expect(late({ reason: 'Error' })).toBeNull()
  })
  test('or, without its time, with another code than 137', () => {
    expect(late({ exitCode: 1 }, null)).toMatchObject({
      confidence: 'medium',
      said: expect.stringContaining('ended later with exit code 1'),
    })
    expect(late({}, null)).toBeNull()
  })
  test('by the status alone', () => {
    const alone = inPod(memcgDump(), {}, { dump: null })
    expect(late({ exitCode: 1 }, 99, alone)).toMatchObject({
      confidence: 'medium',
      said: expect.stringMatching(/^Container api .* ended with exit code 1 and was reported/),
    })
    expect(late({ exitCode: 137 }, 99, alone)).toBeNull()
    expect(late({ exitCode: null }, 99, alone)).toBeNull()
  })
})

describe('a container that ended', () => {
  const terminated = (container: Partial<ContainerSnapshot> | null, incident = inPod(memcgDump()), more: Partial<IncidentFacts> = {}) =>
    asked(containerTerminated as never, incident, { container: container === null ? null : makeContainer(container), ...more })
  test('by its status', () => {
    expect(terminated({ state: ran(-99, 1), restartCount: count(0) })).toEqual({
      confidence: 'high',
      said: 'Container api of pod shop/api-7c9d4 ended with exit code 137, reason OOMKilled; when the status was read it had not been restarted.',
      lines: 'state1|state2|state3|Restart Count',
    })
    expect(terminated({ state: ran(-99, 1, { exitCode: null, reason: null }) })?.said).toContain('ended; when the status')
    expect(terminated({ state: ran(-99, 1, { exitCode: 1 }) })?.confidence).toBe('high')
    expect(terminated({ state: ran(-99, 1), type: 'init' })?.said).toContain('Until this init container succeeds')
    expect(terminated({ state: running(-99) })).toBeNull()
    expect(terminated({ state: ran(-99, 1) }, inPod(memcgDump(), {}, { killer: 'kubelet' }))).toBeNull()
  })
  test('by lines, with the first code that one of them tells', () => {
    const by = (...context: PlacedEvent[]) => terminated(null, inPod(memcgDump(), { context }))
    const exited = [line(1, 'exit'), line(2, 'died', { exitCode: 137 }), line(3, 'exit', { exitCode: 9 })]
    expect(by(...exited)).toEqual({
      confidence: 'medium',
      said: `The container ${ID.slice(0, 12)} ended with exit code 137; whether it was started again is not in the log.`,
      lines: 'exit1|died1',
    })
    expect(by(line(1, 'exit'))?.said).toContain(' ended; whether')
    expect(by(line(1, 'started'))).toBeNull()
  })
  test('by systemd, for the scope of its own id', () => {
    const scope = (id: string, what: UnitEvent['what'] = 'failed') =>
      placed<UnitEvent>(1, {
        kind: 'unit',
        unit: `cri-containerd-${id}.scope`,
        what,
        result: 'oom-kill',
        pid: null,
        quotes: quotes('scope'),
      } as never)
    const by = (...context: PlacedEvent[]) => terminated(null, inPod(memcgDump(), { context }))
    const second = { ...scope(ID), event: { ...scope(ID).event, quotes: quotes('other') } }
    expect(by(scope(ID), second)?.lines).toBe('scope1')
    expect(by(scope('b2'.repeat(32)))).toBeNull()
    expect(by(scope(ID, 'oom-killed'))).toBeNull()
    const idless = killed(globalDump(), { context: [scope(ID)] })
    expect(terminated(null, idless, { victimCgroup: null })).toBeNull()
  })
  test('by its runtime, asked after the kill', () => {
    const inspect = (more: Partial<RuntimeContainerSnapshot>, death: Partial<Kill> = {}) => {
      const snapshot = {
        kind: 'runtime-container',
        source: 'i',
        containerId: ID,
        running: false,
        oomKilled: true,
        exitCode: 137,
        finishedUs: at(5),
        quotes: quotes('i'),
        ...more,
      }
      return terminated(null, inPod(memcgDump(), { snapshots: [snapshot as never] }, death))
    }
    expect(inspect({})).toMatchObject({ confidence: 'high', said: expect.stringContaining('with exit code 137'), lines: 'i1|i2|i3' })
    expect(inspect({ oomKilled: false })?.confidence).toBe('medium')
    expect(inspect({ oomKilled: null, exitCode: null })?.said).toContain(' ended; whether')
    expect(inspect({ running: true })).toBeNull()
    expect(inspect({ running: null })).toBeNull()
    expect(inspect({ containerId: 'b2'.repeat(32) })).toBeNull()
    // clocks of two machines: a minute, and what the kill's own time is unsure by
    expect(inspect({ finishedUs: at(-60) })).not.toBeNull()
    expect(inspect({ finishedUs: at(-60.1) })).toBeNull()
    expect(inspect({ finishedUs: at(-62) }, { at: { ...instantAt(0), uncertaintyMs: 2000 } })).not.toBeNull()
    expect(inspect({ finishedUs: at(-62.1) }, { at: { ...instantAt(0), uncertaintyMs: 2000 } })).toBeNull()
    expect(inspect({ finishedUs: at(-60) }, { at: { ...instantAt(0), uncertaintyMs: null } })).not.toBeNull()
    expect(inspect({ finishedUs: at(-60) - 1 }, { at: { ...instantAt(0), uncertaintyMs: null } })).toBeNull()
    expect(inspect({ finishedUs: null })).not.toBeNull()
    expect(inspect({ finishedUs: at(-9999) }, { at: { ...instantAt(0), epochUs: null } })).not.toBeNull()
  })
  test('what would tell more: the status, where it is not there', () => {
    const settled = (pods: boolean, workload: Kill['workload']) => {
      const incident = inPod(memcgDump(), {}, { workload })
      return containerTerminated.settledBy?.(factsWith({ ...incident, coverage: { ...incident.coverage, pods } })).length
    }
    expect([settled(false, podWorkload), settled(true, podWorkload), settled(false, null)]).toEqual([1, 0, 0])
  })
})

describe('a container that was restarted', () => {
  const restarted = (container: Partial<ContainerSnapshot> | null, incident = inPod(memcgDump())) =>
    asked(containerRestarted as never, incident, { container: container === null ? null : makeContainer(container) })
  test('by its status, with the lines of it', () => {
    const context = [line(3, 'started'), line(4, 'created')]
    expect(
      restarted(
        { lastState: ran(-99, 1), state: running(5, { containerId: 'b2' }), restartCount: count(1) },
        inPod(memcgDump(), { context }),
      ),
    ).toEqual({
      confidence: 'high',
      said: 'Container api of pod shop/api-7c9d4 ended with exit code 137, reason OOMKilled and was restarted; its restart count is 1.',
      lines: 'state1|state2|state3|Restart Count|started1',
    })
    const bare = ran(-99, 1, { exitCode: null, reason: null })
    expect(restarted({ lastState: bare, state: running(5, { containerId: 'b2' }), restartCount: null })?.said).toBe(
      'Container api of pod shop/api-7c9d4 ended and was restarted.',
    )
    expect(restarted({ lastState: ran(-99, 1), state: makeState({ kind: 'waiting' }) })?.said).toContain('it now waits (waiting)')
    expect(restarted({ lastState: ran(-99, 1), state: running(-200) })).toBeNull()
    expect(
      restarted({ lastState: ran(-99, 1), state: running(5, { containerId: 'b2' }) }, inPod(memcgDump(), {}, { killer: 'kubelet' })),
    ).toBeNull()
  })
  test('another code than 137, at a time that is not known, may be hours later', () => {
    const sure = (to: number | null, exitCode: number, death: Partial<Kill> = {}) =>
      restarted({ lastState: ran(-99, to, { exitCode }), state: running(50, { containerId: 'b2' }) }, inPod(memcgDump(), {}, death))
        ?.confidence
    expect([sure(1, 137), sure(1, 1), sure(null, 137), sure(null, 1), sure(1, 1, { dump: null }), sure(1, 137, { dump: null })]).toEqual([
      'high',
      'high',
      'high',
      'medium',
      'medium',
      'high',
    ])
  })
  test('by lines: an end and a start, or a start where the kill itself is of this container', () => {
    const by = (context: readonly PlacedEvent[], death: Partial<Kill> = {}) => restarted(null, inPod(memcgDump(), { context }, death))
    const exits = [line(1, 'exit'), line(2, 'died'), line(2, 'oom')]
    const starts = [line(3, 'started'), line(4, 'created'), line(5, 'back-off')]
    expect(by([...exits, ...starts])).toEqual({
      confidence: 'medium',
      said: 'The container ended and was started again in pod shop/api-7c9d4.',
      lines: 'exit1|died1|started1|created1',
    })
    expect(by([line(1, 'oom'), line(3, 'back-off')])).not.toBeNull()
    expect(by(starts)).toBeNull()
    expect(by(starts, { target })).not.toBeNull()
    expect(by(exits, { target })).toBeNull()
  })
})
