import { describe, expect, test } from 'vitest'
import type { ContainerEvent, ObjectEvent, UnitEvent } from '../../src/model/event.ts'
import type { Incident, Instant, PlacedEvent } from '../../src/model/incident.ts'
import { timelineRows } from '../../src/report/timeline-rows.ts'
import { processWorkload } from '../../src/timeline/workloads.ts'
import {
  ID,
  instantAt,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from '../rules/make-incident.ts'

const unit = (seconds: number, what: UnitEvent['what'], at: Partial<Instant> = {}): PlacedEvent => {
  const made = placed<UnitEvent>(seconds, {
    kind: 'unit',
    what,
    unit: 'report.service',
    result: null,
    memoryPeakBytes: null,
    restartCounter: null,
    pid: null,
  })
  return { ...made, at: { ...made.at, ...at } }
}
const container = (
  seconds: number,
  by: ContainerEvent['by'],
  what: ContainerEvent['what'] = 'exit',
  more: Partial<ContainerEvent> = {},
): PlacedEvent => {
  const target = { namespace: 'shop', pod: by === 'containerd' ? null : 'api', podUid: null, container: null, containerId: ID }
  return placed<ContainerEvent>(seconds, {
    kind: 'container',
    what,
    by,
    target,
    exitCode: 137,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
    ...more,
  })
}
const from = (p: PlacedEvent, source: string, line: number | null = 1): PlacedEvent =>
  ({ ...p, event: { ...p.event, quotes: [{ source, line, offset: null, cursor: null, text: 'x' }] } }) as PlacedEvent
const rows = (context: PlacedEvent[], more: Partial<Incident> = {}) =>
  timelineRows(makeIncident({ kills: [makeDeath(memcgDump(), { at: instantAt(0) })], context, ...more }), 'id').rows
const kinds = (context: PlacedEvent[], more: Partial<Incident> = {}): string[] => rows(context, more).map((r) => r.kind)

describe('a cause stands before its effects', () => {
  test.each<[string, PlacedEvent[], string[]]>([
    [
      'effects that other clocks date before it',
      [unit(-0.04, 'oom-killed'), unit(-0.03, 'failed')],
      ['kill', 'unit-oom-killed', 'unit-failed'],
    ],
    ['two seconds', [unit(-2, 'oom-killed')], ['kill', 'unit-oom-killed']],
    ['more than two seconds', [unit(-2.001, 'oom-killed')], ['unit-oom-killed', 'kill']],
    ['more, by what the clock allows', [unit(-9, 'main-exited', { uncertaintyMs: 9000 })], ['kill', 'unit-main-exited']],
    ['what is no effect stays before it', [unit(-1, 'started'), unit(-1, 'failed')], ['unit-started', 'kill', 'unit-failed']],
    ['a runtime’s word', [container(-1, 'containerd', 'oom')], ['kill', 'container-oom']],
    ['effects after it', [unit(1, 'failed')], ['kill', 'unit-failed']],
    ['a clock that is not shared', [unit(-1, 'failed', { epochUs: null, uptimeSeconds: null })], ['unit-failed', 'kill']],
  ])('%s', (_, context, order) => {
    expect(kinds(context)).toEqual(order)
  })
  test('the first kill is the cause of what came before the second', () => {
    const kills = [makeDeath(memcgDump(), { at: instantAt(0) }), makeDeath(memcgDump(), { at: instantAt(10), pid: 7 })]
    expect(kinds([unit(9, 'failed')], { kills })).toEqual(['kill', 'unit-failed', 'kill'])
  })
})

describe('one fact is one row', () => {
  test('told by two programs, of one container by its id: the fuller text, the earlier time, both places', () => {
    const both = rows([from(container(1, 'containerd'), 'containerd.log', 4), from(container(2.5, 'kubelet'), 'kubelet.log', 9)])
    expect(both).toHaveLength(2)
    expect(both[1]?.time).toBe('2026-11-24T08:00:01.000000Z')
    const places = [both[1], ...(both[1]?.alsoIn ?? [])].map((p) => `${p?.source}:${p?.line}`)
    expect(places.sort()).toEqual(['containerd.log:4', 'kubelet.log:9'])
  })
  test.each<[string, PlacedEvent[], number]>([
    ['two seconds apart', [container(1, 'containerd'), from(container(3, 'kubelet'), 'b')], 1],
    ['further apart', [container(1, 'containerd'), from(container(3.001, 'kubelet'), 'b')], 2],
    [
      'another container',
      [
        container(1, 'containerd'),
        container(1, 'kubelet', 'exit', {
          target: { namespace: null, pod: 'p', podUid: null, container: null, containerId: 'f'.repeat(64) },
        }),
      ],
      2,
    ],
    ['another thing', [container(1, 'containerd'), container(1, 'kubelet', 'oom')], 2],
    [
      'one source, two lines, no clock',
      [
        from(unit(1, 'failed', { epochUs: null, uptimeSeconds: null }), 'a', 1),
        from(unit(2, 'failed', { epochUs: null, uptimeSeconds: null }), 'a', 2),
      ],
      2,
    ],
    [
      'two sources, no clock',
      [
        from(unit(1, 'failed', { epochUs: null, uptimeSeconds: null }), 'a', 1),
        from(unit(2, 'failed', { epochUs: null, uptimeSeconds: null }), 'b', 2),
      ],
      1,
    ],
    [
      'one line twice',
      [
        from(unit(1, 'failed', { epochUs: null, uptimeSeconds: null }), 'a', 1),
        from(unit(2, 'failed', { epochUs: null, uptimeSeconds: null }), 'a', 1),
      ],
      1,
    ],
  ])('%s', (_, context, count) => {
    expect(rows(context)).toHaveLength(1 + count)
  })
  test('three places', () => {
    const three = rows(['a', 'b', 'c'].map((source, i) => from(unit(1 + i / 10, 'failed'), source)))
    expect(three[1]?.alsoIn).toHaveLength(2)
  })
})

describe('a death is one row, whoever tells of it', () => {
  const target = { namespace: null, pod: null, podUid: null, container: null, containerId: ID }
  const death = (seconds: number, pid: number) => makeDeath(memcgDump(), { at: instantAt(seconds), target, pid })
  const told = (kills: ReturnType<typeof death>[], context: PlacedEvent[]) => rows(context, { kills })

  test('the runtime’s word on it', () => {
    const [row, ...more] = told([death(0, 7)], [from(container(0.5, 'containerd', 'oom'), 'containerd.log', 9)])
    expect(more).toEqual([])
    expect(row).toMatchObject({ kind: 'kill', alsoIn: [{ source: 'containerd.log', line: 9 }] })
  })
  test('systemd’s word on a process of its unit, and of another unit', () => {
    const workload = { ...processWorkload, kind: 'systemd-unit', unit: 'report.service' } as const
    const inUnit = makeDeath(memcgDump(), { at: instantAt(0), target: null, pid: 7, workload })
    const word = from(unit(0.2, 'oom-killed'), 'journal', 9)
    expect(told([inUnit], [word]).map(({ kind }) => kind)).toEqual(['kill'])
    expect(told([{ ...inUnit, workload: { ...workload, unit: 'other.service' } }], [word]).map(({ kind }) => kind)).toEqual([
      'kill',
      'unit-oom-killed',
    ])
  })
  test('two deaths within the same second stay two', () => {
    const two = told([death(0, 7), death(0.5, 8)], [from(container(0.6, 'containerd', 'oom'), 'containerd.log', 9)])
    expect(two.map(({ kind }) => kind)).toEqual(['kill', 'kill'])
  })
  test('what became of another container is another row', () => {
    const other = container(0.5, 'containerd', 'oom', { target: { ...target, containerId: 'f'.repeat(64) } })
    expect(told([death(0, 7)], [from(other, 'containerd.log', 9)]).map(({ kind }) => kind)).toEqual(['kill', 'container-oom'])
  })
  test.each([
    ['the line that it rests on', 'oom-killed', ['kill']],
    ['what else that line tells', 'failed', ['kill', 'unit-failed']],
  ] as const)('%s', (_, what, expected) => {
    const kill = death(0, 7)
    const { source, line } = kill.evidence[0] ?? { source: '', line: null }
    expect(told([kill], [from(unit(0.1, what), source, line)]).map(({ kind }) => kind)).toEqual(expected)
  })
})

test('what no zone puts on UTC keeps its uptime and its printed time', () => {
  const at = { ...instantAt(0), epochUs: null, localTime: 'Mar 10 04:02:34' }
  expect(rows([], { kills: [makeDeath(memcgDump(), { at })] })[0]).toMatchObject({
    time: null,
    uptimeSeconds: 100,
    localTime: 'Mar 10 04:02:34',
  })
})

test('the middle of a long story is left out, and counted', () => {
  const many = makeIncident({ context: Array.from({ length: 250 }, (_, i) => unit(i * 5, 'failed')) })
  const { rows: kept, omitted } = timelineRows(many, 'id')
  expect([kept.length, omitted]).toEqual([200, 50])
  expect([kept[99]?.time, kept[100]?.time]).toEqual(['2026-11-24T08:08:15.000000Z', '2026-11-24T08:12:30.000000Z'])
})

describe('plain words', () => {
  const startOf = (seconds: number, id: string, line: number, container: string | null = null): PlacedEvent =>
    from(containerOf(seconds, { namespace: 'shop', pod: 'api', podUid: null, container, containerId: id }), 'kubelet.log', line)
  const containerOf = (seconds: number, target: ContainerEvent['target']): PlacedEvent =>
    container(seconds, 'kubelet', 'started', { target, exitCode: null })

  test('a container that one source names is named in every row', () => {
    const told = rows([container(1, 'containerd', 'oom', { exitCode: null }), startOf(-5, ID, 2, 'app')])
    expect(told.map(({ text }) => text)).toEqual([
      'kubelet: container app of pod shop/api started',
      expect.stringMatching(/^the kernel killed /),
      'containerd: container app of pod shop/api ran out of memory',
    ])
    expect(told[2]?.by).toBe('containerd')
  })
  test('its death and its exit are one', () => {
    const told = rows([container(1, 'kubelet', 'exit'), container(1.2, 'kubelet', 'died', { exitCode: null })])
    expect(told.map(({ text }) => text).slice(1)).toEqual([expect.stringMatching(/ exited \(exit code 137\)$/)])
  })
  test('what repeats is one row with its count, span and places; three times are three', () => {
    const starts = (count: number): PlacedEvent[] =>
      Array.from({ length: count }, (_, i) => startOf(60 * (i + 1), String(i).padStart(64, 'a'), i + 1, 'app'))
    const [, fold, ...others] = rows(starts(12))
    expect(others).toEqual([])
    expect(fold?.text).toBe('kubelet: container app of pod shop/api started again (12 times in 11 min)')
    expect(fold?.alsoIn).toHaveLength(11)
    expect(rows(starts(3))).toHaveLength(4)
  })
  test('deaths are never folded', () => {
    const kills = Array.from({ length: 6 }, (_, i) => makeDeath(memcgDump(), { at: instantAt(60 * i), pid: 100 + i }))
    expect(kinds([], { kills }).filter((kind) => kind === 'kill')).toHaveLength(6)
  })
})

describe('a container that is started', () => {
  const APP = { namespace: 'shop', pod: 'api', podUid: null, container: 'app', containerId: ID }
  const SANDBOX = '5'.repeat(64)
  const runtime = (seconds: number, what: ContainerEvent['what'], id = ID, more: Partial<ContainerEvent> = {}): PlacedEvent =>
    from(
      container(seconds, 'containerd', what, { target: { ...APP, containerId: id }, exitCode: null, ...more }),
      'containerd.log',
      100 + seconds,
    )
  const api = (seconds: number, reason: string, count: number | null, uncertaintyMs = 60_000): PlacedEvent => {
    const made = placed<ObjectEvent>(seconds, {
      ...{ kind: 'object-event', objectKind: 'Pod', namespace: 'shop', name: 'api', uid: null, container: 'app', type: 'Normal' },
      ...{ reason, message: `${reason} container app`, ofMemory: false, death: null, component: null, count, firstUs: null },
      ...{ ageSeconds: 1, ageResolutionSeconds: 60, firstAgeSeconds: null },
    } as Omit<ObjectEvent, never>)
    return from({ ...made, at: { ...made.at, uncertaintyMs } }, 'events.txt', 7)
  }
  const shown = (context: PlacedEvent[], more: Partial<Incident> = {}): string[] => rows(context, more).map(({ kind }) => kind)

  test('its making and its start, told by runtime and API, are one row with the better time', () => {
    const told = rows([runtime(-3, 'created'), runtime(-2.8, 'started'), api(-20, 'Created', 1), api(-20, 'Started', 1)])
    expect(told.map(({ text }) => text)).toEqual([
      'containerd: container app of pod shop/api started',
      expect.stringMatching(/^the kernel killed/),
    ])
    expect(told[0]).toMatchObject({ time: '2026-11-24T07:59:57.000000Z', timeUncertaintyMs: 0 })
    expect(told[0]?.alsoIn).toHaveLength(2)
  })
  test('the sandbox of its pod is none', () => {
    const sandbox = container(-5, 'kubelet', 'started', { target: { ...APP, container: null, containerId: SANDBOX }, exitCode: null })
    expect(shown([sandbox, runtime(-3, 'created', ID, { sandboxId: SANDBOX }), runtime(-2.8, 'started')])).toEqual([
      'container-started',
      'kill',
    ])
    expect(shown([sandbox, runtime(-2.8, 'started')])).toHaveLength(3)
  })
  test('what the API counts is told where it counts more than runtime and kubelet tell', () => {
    const two = [runtime(-3, 'started'), runtime(30, 'started', 'b'.repeat(64))]
    expect(shown([...two, api(45, 'Started', 2, 2000)])).toEqual(['container-started', 'kill', 'container-started'])
    expect(shown([...two, api(45, 'Started', 5, 2000)])).toContain('kubernetes-event')
  })
  test('a start before the first kill is not counted with those after it', () => {
    const again = [20, 40, 60, 80].map((seconds) => runtime(seconds, 'started', String(seconds).padStart(64, 'c')))
    const texts = rows([runtime(-3, 'started'), ...again]).map(({ text }) => text)
    expect(texts).toEqual([
      'containerd: container app of pod shop/api started',
      expect.stringMatching(/^the kernel killed/),
      'containerd: container app of pod shop/api started again (4 times in 60 s)',
    ])
  })
  test('two runs within two seconds are two starts', () => {
    expect(shown([runtime(0.5, 'started'), runtime(1.8, 'started', 'd'.repeat(64))])).toEqual([
      'kill',
      'container-started',
      'container-started',
    ])
  })
  test('the scope of a container that failed is the container that exited', () => {
    const failed = placed<UnitEvent>(0.2, {
      ...{ kind: 'unit', what: 'failed', unit: `cri-containerd-${ID}.scope`, result: 'oom-kill', memoryPeakBytes: null },
      ...{ restartCounter: null, pid: null },
    } as Omit<UnitEvent, never>)
    expect(shown([failed, container(0.4, 'kubelet', 'exit')])).toEqual(['kill', 'container-exit'])
    expect(shown([failed])).toEqual(['kill', 'unit-failed'])
  })
  test('a node that was rebooted before it is noise, after it is news', () => {
    const reboot = (seconds: number): PlacedEvent => {
      const made = api(seconds, 'Rebooted', null, 1000)
      return { ...made, event: { ...made.event, objectKind: 'Node', name: 'node-1', container: null } as ObjectEvent }
    }
    expect(shown([reboot(-60)])).toEqual(['kill'])
    expect(shown([reboot(60)])).toEqual(['kill', 'kubernetes-event'])
  })
  test('a start that only the status tells of', () => {
    const state = (startedUs: number, kind: 'running' | 'terminated') => makeState({ kind, startedUs, finishedUs: null, containerId: null })
    const pod = makePod([
      makeContainer({ name: 'api', state: state(NOON + 3_000_000, 'running'), lastState: state(NOON - 60_000_000, 'terminated') }),
    ])
    const kills = [makeDeath(memcgDump(), { at: instantAt(0), workload: podWorkload })]
    const told = rows([], { kills, pods: [pod] })
    expect(told.map(({ kind, by }) => `${kind} ${by ?? ''}`.trim())).toEqual([
      'container-started status',
      'kill',
      'container-started status',
    ])
    const days = makePod([makeContainer({ name: 'api', state: state(NOON - 9e10, 'running') })])
    expect(rows([], { kills, pods: [days] })).toHaveLength(1)
  })
})

describe('the start of an id that nothing else tells of', () => {
  const start = (seconds: number, id: string): PlacedEvent =>
    container(seconds, 'kubelet', 'started', {
      exitCode: null,
      target: { namespace: 'shop', pod: 'api', podUid: null, container: null, containerId: id },
    })
  const sandbox = 'c3'.repeat(32)
  test.each<[string, PlacedEvent[], string]>([
    ['before the kill may be the sandbox', [start(-60, sandbox)], 'kubelet: sandbox or container c3c3c3c3c3c3'],
    ['after it is a container again', [start(5, sandbox)], 'kubelet: container c3c3c3c3c3c3'],
    ['the one that was killed is none', [start(-60, ID)], `kubelet: container ${ID.slice(0, 12)}`],
    [
      'one that ended is none',
      [
        start(-60, sandbox),
        container(9, 'kubelet', 'died', { target: { namespace: 'shop', pod: 'api', podUid: null, container: null, containerId: sandbox } }),
      ],
      'kubelet: container c3c3c3c3c3c3',
    ],
  ])('%s', (_, context, words) => {
    const texts = rows(context, { workloads: [podWorkload] }).map(({ text }) => text)
    expect(texts.some((text) => text.startsWith(words))).toBe(true)
  })
})
