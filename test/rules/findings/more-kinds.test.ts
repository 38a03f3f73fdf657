import { describe, expect, test } from 'vitest'
import type { ContainerEvent, NodeEvent, ObjectEvent, RuntimeEvent } from '../../../src/model/event.ts'
import type { Finding } from '../../../src/model/finding.ts'
import type { Kill, PlacedEvent } from '../../../src/model/incident.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { countedKills } from '../../../src/rules/findings/counted-kills.ts'
import { doubtfulReport } from '../../../src/rules/findings/doubtful-report.ts'
import { falseSystemOom } from '../../../src/rules/findings/false-system-oom.ts'
import { logDoesNotCover } from '../../../src/rules/findings/log-does-not-cover.ts'
import { ownLimits } from '../../../src/rules/findings/own-limits.ts'
import { runtimeOomEvent } from '../../../src/rules/findings/runtime-oom-event.ts'
import { sceneOf } from '../../../src/rules/findings/scene.ts'
import { shippedLines } from '../../../src/rules/findings/shipped-lines.ts'
import { throttledByMemoryHigh } from '../../../src/rules/findings/throttled-by-memory-high.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { globalDump, ID, instantAt, makeDeath, makeIncident, memcgDump, NOON, placed, podWorkload } from '../make-incident.ts'

const scene = (parts: Partial<Timeline>) =>
  sceneOf({ incidents: [], events: [], snapshots: [], sources: [], told: new Set(), spans: new Map(), warnings: [], ...parts })
const said = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ id, statement, evidence }) => `${id}: ${plainPhrase(statement)} [${evidence.map(({ text }) => text).join('|')}]`)
const of = (...kills: Kill[]) => ({ incidents: [makeIncident({ kills })] })

describe('whether a kill is one that a container’s counter counts', () => {
  const subject = { cluster: null, host: 'node-1', namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api' }
  const shown = (series: object, death: Partial<Kill>) => {
    const one = {
      ...{ kind: 'series', of: 'container', metric: 'oom-kills', clock: 'utc', name: 'n', source: 's', us: [NOON - 60e6, NOON] },
      ...{ bytes: [0, 1], quotes: [quote('s', 1)], subject: { ...subject, containerId: null, ...series } },
    }
    return (
      countedKills(scene({ snapshots: [one as never], ...of(makeDeath(memcgDump(), { workload: podWorkload, ...death })) })).length === 0
    )
  }
  const workload = (more: object) => ({ workload: { ...podWorkload, containerId: null, ...more } })
  test.each([
    ['by its id, whatever its names', { containerId: ID, pod: 'x' }, {}, true],
    ['by its id, short', { containerId: ID.slice(0, 12), pod: 'x' }, {}, true],
    ['by its names', {}, workload({}), true],
    ['another pod', {}, workload({ pod: 'web' }), false],
    ['another container', {}, workload({ container: 'proxy' }), false],
    ['its container is not known', {}, workload({ container: null }), true],
    ['the counter names none', { container: null }, workload({ container: 'proxy' }), true],
    ['the same names in another namespace', {}, workload({ namespace: 'bank' }), false],
    ['its namespace is not known', {}, workload({ namespace: null }), true],
    ['the counter names no namespace', { namespace: null }, workload({ namespace: 'bank' }), true],
    ['by its uid, where it has no names', {}, workload({ pod: null, namespace: null }), true],
    ['another uid', {}, workload({ pod: null, podUid: 'other' }), false],
    ['neither', { podUid: null }, workload({ pod: null, podUid: null }), false],
    ['no workload', {}, { workload: null }, false],
  ] as const)('%s', (_, series, death, is) => expect(shown(series, death)).toBe(is))
})

test('two series of one container are one count, from the first sample to the last', () => {
  const subject = { cluster: null, host: 'node-1', namespace: 'shop', pod: 'a', podUid: null, container: 'b', containerId: null }
  const one = (us: readonly number[], id: string) =>
    ({
      kind: 'series',
      of: 'container',
      metric: 'oom-kills',
      clock: 'utc',
      name: 'n',
      source: 's',
      us,
      bytes: [0, 1],
      quotes: [],
      subject: { ...subject, containerId: id },
    }) as never
  const all = [one([NOON, NOON + 60e6], 'x'), one([NOON - 60e6, NOON + 30e6], 'y')]
  expect(said(countedKills(scene({ snapshots: all })))[0]).toMatch(/counted 2 kills between 2026-11-24 07:59:00.* and 2026-11-24 08:01:00/)
})

describe('a report that may be of two', () => {
  const told = (doubts: readonly string[], quotes: object) =>
    said(doubtfulReport(scene(of(makeDeath(memcgDump({ doubts, quotes } as never))))))
  const two = (name: string) => [quote(`${name}1`, 1), quote(`${name}2`, 2)]
  test('what of it is quoted', () => {
    expect(told(['gap'], { memory: two('m'), counters: two('c'), summary: two('s'), kill: two('k') })[0]).toMatch(
      /may be of two.*\[m1\|m2\|s1\|s2\|k1\]$/,
    )
    expect(told(['gap'], { counters: two('c'), kill: two('k') })[0]).toMatch(/\[c1\|k1\]$/)
    expect(told(['gap'], {})[0]).toMatch(/\[\]$/)
    expect(told(['torn'], {})[0]).toMatch(/is not whole/)
    expect(told(['torn', 'gap'], {})).toHaveLength(2)
    expect(told([], {})).toEqual([])
  })
  test('once for a report, though it killed two', () => {
    const dump = memcgDump({ doubts: ['gap'] } as never)
    expect(doubtfulReport(scene(of(makeDeath(dump), makeDeath(dump, { pid: 7 }))))).toHaveLength(1)
    expect(doubtfulReport(scene(of(makeDeath(null))))).toEqual([])
  })
})

describe('SystemOOM', () => {
  const message = (n = 0) =>
    placed<NodeEvent>(n, { kind: 'node', what: 'system-oom', node: 'n', comm: null, pid: null, message: '' } as never)
  const event = (reason: string) => placed<ObjectEvent>(9, { kind: 'object-event', reason } as never)
  const node = (kubeletVersion: string | null) => ({ kind: 'node', source: 's', name: 'n', kubeletVersion }) as never
  const contained = (quotes: object) => makeDeath(memcgDump({ quotes } as never))
  test('is false where the kernel names a cgroup, with its lines', () => {
    const two = [quote('s1', 1), quote('s2', 2)]
    const one = (parts: Partial<Timeline>) => said(falseSystemOom(scene({ events: [message()], ...parts })))
    expect(one(of(contained({ summary: two })))).toEqual([
      'false-system-oom: 1 SystemOOM message is false: the kernel names a cgroup as the limit each time, so the node was not out of memory. [line of node|s1]',
    ])
    const evidence = [quote('e1', 11), quote('e2', 12)]
    expect(one(of({ ...contained({}), evidence }))[0]).toMatch(/\[line of node\|e1\]$/)
    const three = [1, 2, 3].map((n) => contained({ summary: [quote(`k${n}`, n)] }))
    expect(one(of(...three))[0]).toMatch(/\[line of node\|k1\|k2\]$/)
    expect(one({ ...of(contained({})), events: [message(), message(1), message(2), message(3)] })[0]).toMatch(
      /^\S+ 4 SystemOOM messages are false/,
    )
    expect(one({ ...of(contained({})), events: [event('SystemOOM')] })).toHaveLength(1)
    expect(one({ ...of(contained({})), events: [event('OOMKilling')] })).toEqual([])
    expect(one(of(makeDeath(globalDump())))).toEqual([])
    const beside = (event: object) => {
      const incident = makeIncident({ kills: [contained({})] })
      return one({ incidents: [{ ...incident, dumps: [placed(0, event as never)] }] }).length
    }
    expect(beside({ kind: 'kernel-oom', dump: globalDump() })).toBe(0)
    expect(beside({ kind: 'kernel-oom', dump: memcgDump() })).toBe(1)
    expect(beside({ kind: 'kernel-notice' })).toBe(1)
    const four = { events: [0, 1, 2, 3].map((n) => message(n)) }
    const lines = (parts: Partial<Timeline>) => falseSystemOom(scene({ ...four, ...parts }))[0]?.evidence.map(({ line }) => line)
    expect(lines(of(contained({ summary: two })))).toEqual([500, 501, 502, 1])
    expect(lines({ snapshots: [{ kind: 'pod-usage', source: 's', rows: [] }, node('v1.19.0')] as never })).toEqual([500, 501, 502])
  })
  test('of a kubelet up to 1.20 alone is no proof', () => {
    const by = (version: string | null, more: Partial<Timeline> = {}) =>
      said(falseSystemOom(scene({ events: [message()], snapshots: [node(version)], ...more })))
    expect(by('v1.20.15')[0]).toMatch(/^system-oom-unproven: SystemOOM of kubelet v1\.20\.15 does not prove/)
    expect(by('v1.21.0')).toEqual([])
    expect(by(null)).toEqual([])
    expect(by('v1.20.15', { events: [] })).toEqual([])
    expect(by('v1.20.15', of(contained({})))[0]).toContain('kubelet v1.20.15 reports every container')
    expect(by(null, { snapshots: [node('v1.25.0'), node('v1.19.0')] })[0]).toContain('v1.19.0')
  })
})

describe('a kill of which no kernel line tells', () => {
  const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: null, container: 'api', containerId: null }
  const evidence = ['a', 'b', 'c', 'd'].map((text, n) => quote(text, n))
  const told = (death: Partial<Kill>, coverage: object = {}) => {
    const incident = makeIncident({ kills: [makeDeath(null, { evidence, comm: 'java', ...death })] })
    return said(logDoesNotCover(scene({ incidents: [{ ...incident, coverage: { ...incident.coverage, ...coverage } }] })))
  }
  test('whose it is and who reports it', () => {
    expect(told({ workload: podWorkload, target })[0]).toMatch(
      /^log-does-not-cover: No kernel line tells of the out-of-memory kill that the status of api-7c9d4 reports: .*\[a\|b\|c\]$/,
    )
    expect(told({ workload: podWorkload })[0]).toContain('kill of api-7c9d4 that the input reports')
    expect(told({ workload: { ...podWorkload, pod: null } })[0]).toContain('kill of api that the input')
    expect(told({ workload: { ...podWorkload, pod: null, container: null, unit: 'a.service' } })[0]).toContain('kill of a.service that')
    expect(told({})[0]).toContain('kill of java that')
    expect(told({ comm: null })[0]).toContain('kill of node-1 that')
    expect(told({ killer: 'kubelet' })).toEqual([])
    expect(told({ dump: memcgDump() })).toEqual([])
  })
  test('why it is not in the kernel’s log', () => {
    expect(told({}, { kernel: false })[0]).toContain('there is no kernel log of that node')
    const span = (kernelFromUs: number | null, kernelToUs: number | null, death: Partial<Kill> = {}) =>
      told(death, { kernelFromUs, kernelToUs })[0]?.match(/begins only|ends at|has no such/)?.[0]
    expect(span(NOON + 1, null)).toBe('begins only')
    expect(span(NOON, NOON)).toBe('has no such')
    expect(span(null, NOON - 1)).toBe('ends at')
    expect(span(null, null)).toBe('has no such')
    expect(span(NOON + 1, NOON - 1, { at: { ...instantAt(0), epochUs: null } })).toBe('has no such')
  })
})

describe('an event of a runtime that nothing confirms', () => {
  const oom = (n: number, containerId: string | null, more: Partial<ContainerEvent> = {}) =>
    placed<ContainerEvent>(n, {
      kind: 'container',
      what: 'oom',
      by: 'containerd',
      target: { namespace: null, pod: null, podUid: null, container: null, containerId },
      ...more,
    } as never)
  const told = (events: readonly PlacedEvent[], parts: Partial<Timeline> = {}) => said(runtimeOomEvent(scene({ events, ...parts })))
  test('is told once for a container, with its lines', () => {
    expect(told([oom(0, ID), oom(1, ID), oom(2, 'b2'.repeat(32))])).toHaveLength(2)
    expect(told([oom(0, ID)])[0]).toContain(`containerd reports an out-of-memory event of container ${ID.slice(0, 12)}, but`)
    expect(told([oom(0, ID, { what: 'exit' })])).toEqual([])
    const { evidence } = runtimeOomEvent(scene({ events: [oom(0, ID), oom(1, ID), oom(2, 'b2'.repeat(32))] }))[0] as Finding
    expect(evidence.map(({ line }) => line)).toEqual([500, 501])
  })
  test('unless a kill of that container is known', () => {
    const ref = { namespace: null, pod: null, podUid: null, container: null, containerId: ID }
    expect(told([oom(0, ID)], of(makeDeath(null, { workload: podWorkload })))).toEqual([])
    expect(told([oom(0, ID)], of(makeDeath(null, { target: ref })))).toEqual([])
    expect(told([oom(0, ID)], of(makeDeath(null)))).toHaveLength(1)
    expect(
      told([oom(0, ID)], of(makeDeath(null, { target: { ...ref, containerId: 'b2'.repeat(32) }, workload: podWorkload }))),
    ).toHaveLength(1)
  })
  test('without an id only where nobody is known to be killed', () => {
    expect(told([oom(0, null), oom(1, null)])[0]).toMatch(/^runtime-oom-event: A container is said to be killed/)
    expect(told([oom(0, null), oom(1, ID)])).toHaveLength(2)
    expect(told([oom(0, null)], of(makeDeath(null)))).toEqual([])
  })
})

test('lines that a container ships are told where nobody vouches for them', () => {
  const shipped = (n: number, more: Partial<Kill> = {}, writer = 'shipper') =>
    makeDeath(null, {
      vouched: false,
      evidence: [quote(`k${n}`, n), quote('more', 90)],
      event: { kind: 'kernel-oom', writer } as never,
      ...more,
    })
  const told = (...kills: Kill[]) => said(shippedLines(scene(of(...kills))))
  expect(told(shipped(1))[0]).toMatch(/The lines about this kill stand in the output .* as those of the kernel.*\[k1\]$/)
  expect(told(...[1, 2, 3, 4, 5].map((n) => shipped(n)))[0]).toMatch(/about these kills .*\[k1\|k2\|k3\|k4\]$/)
  expect(told(shipped(1, { vouched: true }))).toEqual([])
  expect(told(shipped(1, {}, 'kernel'))).toEqual([])
  expect(told(shipped(1, { event: null }))).toEqual([])
})

test('limits of programs’ own are counted by program, area and source', () => {
  const own = (runtime: string, n: number, more: object = {}) =>
    placed<RuntimeEvent>(n, { kind: 'runtime', runtime, what: 'own-limit', ...more } as never)
  const told = (...events: PlacedEvent[]) => said(ownLimits(scene({ events })))
  expect(told(own('redis', 0))[0]).toMatch(/^application-own-limit: 1 line of redis speak of a memory limit of the program's own/)
  expect(told(own('redis', 0), own('redis', 1))[0]).toContain('2 lines of redis')
  expect(told(own('redis', 0), own('jvm', 1), own('redis', 2, { area: 'threads' }))).toHaveLength(3)
  expect(told(own('jvm', 0, { area: 'threads' }))[0]).toContain('a thread that could not be made')
  expect(told(own('redis', 0, { what: 'child-killed' }))).toEqual([])
  const { evidence } = ownLimits(scene({ events: [1, 2, 3, 4].map((n) => own('redis', n)) }))[0] as Finding
  expect(evidence.map(({ line }) => line)).toEqual([501, 502, 503])
})

test('who may take memory.high back is asked by what the cgroup is', () => {
  const told = (path: string) =>
    said(
      throttledByMemoryHigh(
        scene({
          snapshots: [
            { kind: 'cgroup', source: 'c', host: null, path, files: { 'memory.events.high': { value: '7', quote: quote('h') } } },
          ],
        }),
      ),
    ).join()
  expect(told('/system.slice/web.service')).toContain('systemctl set-property web.service MemoryHigh=infinity')
  expect(told('/web.slice')).toContain('systemctl set-property web.slice MemoryHigh=infinity')
  expect(told('/jobs/7')).toContain('echo max > /sys/fs/cgroup/jobs/7/memory.high')
  expect(told(`/system.slice/docker-${ID}.scope`)).toContain('echo max > ')
  expect(told('/kubepods.slice/kubepods-burstable.slice')).toBe('')
  expect(told('/')).toBe('')
})
