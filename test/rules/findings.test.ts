import { describe, expect, test } from 'vitest'
import type { ContainerEvent, KernelNotice, LossMark, NodeEvent, ObjectEvent, RuntimeEvent } from '../../src/model/event.ts'
import type { Timeline } from '../../src/model/timeline.ts'
import { findFindings } from '../../src/rules/findings/index.ts'
import { quote } from '../kernel/make-dump.ts'
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
} from './make-incident.ts'

const timeline = (parts: Partial<Timeline>): Timeline => ({
  incidents: [],
  events: [],
  snapshots: [],
  sources: [],
  told: new Set(),
  spans: new Map(),
  warnings: [],
  ...parts,
})
const idsOf = (parts: Partial<Timeline>): readonly string[] => findFindings(timeline(parts)).findings.map((finding) => finding.id)
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const ended = (reason: string, exitCode: number) =>
  makePod([
    makeContainer({
      state: makeState({ kind: 'terminated', reason, exitCode, startedUs: NOON - 600e6, finishedUs: NOON + 1e6, containerId: ID }),
    }),
  ])
const stop = placed<ContainerEvent>(-30, {
  kind: 'container',
  what: 'killing',
  by: 'kubelet',
  target,
  exitCode: null,
  reason: null,
  cause: 'failed liveness probe, will be restarted',
  gracePeriodSeconds: 30,
  pid: null,
})
const systemOom = placed<NodeEvent>(2, {
  kind: 'node',
  what: 'system-oom',
  node: 'node-1',
  comm: 'java',
  pid: 100,
  message: 'System OOM encountered',
})
const loss = placed<LossMark>(1, {
  kind: 'loss',
  what: 'callbacks-suppressed',
  count: 189,
  subject: 'oom_kill_process',
  of: 'kill-reports',
})
const failure = placed<KernelNotice>(1, {
  kind: 'kernel-notice',
  notice: 'page-allocation-failure',
  comm: 'nginx',
  pid: 1,
  order: 4,
  bytes: null,
  subject: null,
})
const maxmemory = placed<RuntimeEvent>(1, {
  kind: 'runtime',
  runtime: 'redis',
  what: 'own-limit',
  detail: 'maxmemory',
  heapUsedBytes: null,
  heapLimitBytes: null,
  program: null,
  pid: null,
  target: null,
})

describe('exit code 137', () => {
  test('is explained by the lines that tell who stopped it', () => {
    expect(idsOf({ snapshots: [ended('Error', 137)], events: [stop] })).toEqual(['exit-137-not-oom'])
  })
  test('alone is nobody’s proof', () => {
    expect(idsOf({ snapshots: [ended('Error', 137)] })).toEqual(['exit-137-unexplained'])
  })

  test.each<[string, string, number, string]>([
    ['the container’s own, before its end', 'api', -60, 'exit-137-not-oom'],
    ['of another container', 'agent', -60, 'exit-137-unexplained'],
    ['the container’s own, hours later', 'api', 9000, 'exit-137-unexplained'],
  ])('137 and probe failures %s', (_, container, seconds, id) => {
    const probe = placed<ObjectEvent>(seconds, {
      ...{
        kind: 'object-event',
        objectKind: 'Pod',
        namespace: 'shop',
        name: 'api-7c9d4',
        uid: podWorkload.podUid,
        container,
        type: 'Warning',
      },
      ...{
        reason: 'Unhealthy',
        message: 'Liveness probe failed: timeout',
        ofMemory: false,
        stop: 'liveness',
        death: null,
        component: 'kubelet',
        count: 1,
        firstUs: null,
      },
      ...{ ageSeconds: null, ageResolutionSeconds: null, firstAgeSeconds: null },
    })
    expect(idsOf({ snapshots: [ended('Error', 137)], events: [probe] })).toEqual([id])
  })
  test('of a container in which the kernel killed is a missed OOMKilled', () => {
    expect(idsOf({ snapshots: [ended('Error', 137)], events: [stop], incidents: [inPod(memcgDump())] })).toEqual(['oomkilled-missing'])
  })
  test('invented by the kubelet', () => {
    expect(idsOf({ snapshots: [ended('ContainerStatusUnknown', 137)] })).toEqual(['container-status-unknown'])
  })
  test('with OOMKilled is what it should be', () => {
    expect(idsOf({ snapshots: [ended('OOMKilled', 137)], incidents: [inPod(memcgDump())] })).toEqual([])
  })
})

test.each([
  ['oomkilled-exit-code-zero', 0],
  ['oomkilled-other-exit-code', 1],
])('%s', (id, exitCode) => {
  expect(idsOf({ snapshots: [ended('OOMKilled', exitCode)], incidents: [inPod(memcgDump())] })).toEqual([id])
})

describe('SystemOOM', () => {
  test('is false where the kernel names a cgroup each time', () => {
    expect(idsOf({ events: [systemOom], incidents: [inPod(memcgDump())] })).toEqual(['false-system-oom'])
  })
  test('is believed where there was a global shortage, or no kernel log', () => {
    const dump = globalDump()
    const incident = {
      ...killed(dump),
      dumps: [{ ...systemOom, event: { ...systemOom.event, kind: 'kernel-oom' as const, dump } }],
    } as Timeline['incidents'][number]
    expect(idsOf({ events: [systemOom], incidents: [incident] })).toEqual([])
    expect(idsOf({ events: [systemOom] })).toEqual([])
  })
})

test('a death that only a status shows', () => {
  const incident = makeIncident({ kills: [makeDeath(null, { workload: podWorkload, target, pid: null, comm: null })] })
  expect(idsOf({ incidents: [incident] })).toEqual(['log-does-not-cover'])
})

test.each([
  ['events-lost', loss],
  ['page-allocation-failure', failure],
  ['application-own-limit', maxmemory],
])('%s', (id, event) => {
  expect(idsOf({ events: [event] })).toEqual([id])
})

test('throttled by memory.high, not killed', () => {
  const cgroup = (events: string) => ({
    kind: 'cgroup' as const,
    source: 'c',
    host: null,
    path: '/a',
    files: Object.fromEntries(
      events
        .split('\n')
        .map((line) => [`memory.events.${line.split(' ')[0]}`, { value: line.split(' ')[1] as string, quote: quote(line) }]),
    ),
  })
  expect(idsOf({ snapshots: [cgroup('low 0\nhigh 4711\nmax 0\noom 0\noom_kill 0')] })).toEqual(['memory-high-throttling'])
  expect(idsOf({ snapshots: [cgroup('low 0\nhigh 4711\nmax 9\noom 1\noom_kill 1')] })).toEqual([])
})

test('each finding quotes a line', () => {
  const { findings: all } = findFindings(
    timeline({ snapshots: [ended('Error', 137)], events: [stop, systemOom, loss, failure, maxmemory], incidents: [inPod(memcgDump())] }),
  )
  expect(all.length).toBeGreaterThan(3)
  expect(all.every((finding) => finding.evidence.length > 0 && finding.statement.length > 0)).toBe(true)
})
