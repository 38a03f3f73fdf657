import { expect, test } from 'vitest'
import type { EvictionEvent } from '../../../src/model/event.ts'
import type { Finding } from '../../../src/model/finding.ts'
import type { Timeline } from '../../../src/model/timeline.ts'
import { countedKills } from '../../../src/rules/findings/counted-kills.ts'
import { evictedNotMemory } from '../../../src/rules/findings/evicted-not-memory.ts'
import { exit137OfRuntime } from '../../../src/rules/findings/exit-137-of-runtime.ts'
import { sceneOf } from '../../../src/rules/findings/scene.ts'
import { seenNotUnderstood } from '../../../src/rules/findings/seen-not-understood.ts'
import { plainPhrase } from '../../../src/text/plain-phrase.ts'
import { quote } from '../../kernel/make-dump.ts'
import { ID, makeDeath, makeIncident, makePod, memcgDump, NOON, placed, podWorkload } from '../make-incident.ts'

const scene = (parts: Partial<Timeline>) =>
  sceneOf({ incidents: [], events: [], snapshots: [], sources: [], told: new Set(), spans: new Map(), warnings: [], ...parts })
const said = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ id, statement, evidence }) => `${id}: ${plainPhrase(statement)} [${evidence.map(({ line }) => line).join(',')}]`)
const incidents = [makeIncident({ kills: [makeDeath(memcgDump())] })]
/** The victim's PID is 100, and lines 1 to 3 are its own. */
const at = (line: number | null, more: object = {}) => ({ ...quote(`line ${line}`, line ?? 0), line, cursor: null, ...more })

test('words of a kill that nobody read are told, with each place once', () => {
  const of = (sightings: readonly object[], parts: Partial<Timeline> = {}) =>
    said(seenNotUnderstood(scene({ sightings: sightings as never, ...parts }))).map((one) =>
      one.replace(/ have the words.*\)/, '').replace(/ has the words.*\)/, ''),
    )
  const seen = (line: number | null, pid: number | null = 7, word = 'killed-process', more: object = {}) => ({
    word,
    pid,
    quote: at(line, more),
  })
  expect(of([])).toEqual([])
  expect(of([seen(4)])).toHaveLength(1)
  expect(of([seen(4)])[0]).toMatch(/1 line.*\[4\]$/)
  expect(of([seen(4), seen(5)])[0]).toMatch(/2 lines.*\[4,5\]$/)
  expect(of([seen(4, 100)], { incidents })).toEqual([])
  expect(of([seen(4, 101)], { incidents })).toHaveLength(1)
  expect(of([seen(4, null)], { incidents })).toHaveLength(1)
  // A kill quotes one line of each kind: beside it, the same words about another process are another's.
  const quoting = [makeIncident({ kills: [{ ...makeDeath(memcgDump()), evidence: [at(1), at(2)] }] })]
  expect(of([seen(1, 100), seen(2, 7)], { incidents: quoting })[0]).toMatch(/1 line.*\[2\]$/)
  expect(of([seen(1, 100), seen(2, 7, 'oom-kill')], { incidents: quoting })).toEqual([])
  expect(of([seen(1, 100), seen(2, 10)], { incidents: quoting })).toEqual([])
  expect(of([seen(1, 100), seen(2, null)], { incidents: quoting })).toEqual([])
  const many = of(
    Array.from({ length: 25 }, (_, n) => seen(10 + n, n + 200, 'killed-process', { text: `${'abcdefghijklmnopqrstuvwxyz'[n]} killed` })),
  )
  expect(many[0]).toMatch(/^seen-not-understood: 25 lines.*\[10,11,12,13,14,15\]$/)
  // What an event quotes was read: of the kernel's own words not where they name a process that no kill has.
  const event = (kind: string, quotes: readonly object[], more: object = {}) => [placed(0, { kind, quotes, ...more } as never)]
  expect(of([seen(4)], { events: event('container', [at(4)]) })).toEqual([])
  expect(of([seen(4)], { events: event('container', [at(5)]) })).toHaveLength(1)
  expect(of([seen(5)], { events: event('container', [at(4, { text: 'two\nlines' })]) })).toEqual([])
  expect(of([seen(6)], { events: event('container', [at(4, { text: 'two\nlines' })]) })).toHaveLength(1)
  expect(of([seen(4)], { events: event('runtime', [at(4)]) })).toHaveLength(1)
  expect(of([seen(4)], { events: event('object-event', [at(4)]) })).toHaveLength(1)
  expect(of([seen(4, null)], { events: event('object-event', [at(4)]) })).toEqual([])
  expect(of([seen(4, 7, 'oomkilled')], { events: event('object-event', [at(4)]) })).toEqual([])
  expect(of([seen(4)], { events: event('kernel-notice', [at(4)], { notice: 'forged-oom-line' }) })).toEqual([])
  expect(of([seen(4)], { events: event('container', [at(4, { source: 'other' })]) })).toHaveLength(1)
  expect(of([seen(null)], { events: event('container', [at(null)]) })).toEqual([])
  expect(of([seen(null)], { events: event('container', [at(4)]) })).toHaveLength(1)
  expect(of([seen(null, 7, 'oomkilled', { cursor: 's=1' })], { events: event('container', [at(null, { cursor: 's=1' })]) })).toEqual([])
  expect(of([seen(null, 7, 'oomkilled', { cursor: 's=1' })], { events: event('container', [at(null, { cursor: 's=2' })]) })).toHaveLength(1)
  // The kernel's own lines are read, whichever report they belong to, but for a death that no kill is.
  expect(of([seen(4, null)], { events: event('kernel-oom', [at(4)]) })).toEqual([])
  expect(of([seen(4, 7, 'reaped')], { events: event('kernel-oom', [at(4)]) })).toHaveLength(1)
  expect(of([seen(4, 7, 'victim-process')], { events: event('kernel-oom', [at(4)]) })).toEqual([])
  // A document on one line is read where a field of it begins, up to a stretch before the words.
  const field = (offset: number) => ({ events: event('object-event', [at(null, { offset })]) })
  const far = seen(1, null, 'oomkilled', { offset: 5000 })
  expect([5000, 4500, 3900].flatMap((offset) => of([far], field(offset)))).toEqual([])
  expect([5200, 2000].flatMap((offset) => of([far], field(offset)))).toHaveLength(2)
  expect(of([far], { events: event('object-event', [at(null, { offset: 5000, source: 'other' })]) })).toHaveLength(1)
  expect(of([far], { events: event('container', [at(2, { offset: 5000 })]) })).toHaveLength(1)
  // Words without a place are one where they are the same.
  expect(of([seen(null, 7, 'oomkilled', { text: 'a' }), seen(null, 7, 'oomkilled', { text: 'a' })])[0]).toMatch(/: 1 line/)
  expect(of([seen(null, 7, 'oomkilled', { text: 'a' }), seen(null, 7, 'oomkilled', { text: 'b' })])[0]).toMatch(/: 2 lines/)
  expect(of([seen(4, 7), seen(4, 8, 'reaped')])[0]).toMatch(/: 1 line/)
  expect(of([seen(null, 7, 'oomkilled', { cursor: 'a' }), seen(null, 7, 'oomkilled', { cursor: 'b' })])[0]).toMatch(/: 2 lines/)
  expect(of([seen(4)], { snapshots: [makePod([], { quotes: [at(4)] as never, source: quote('').source })] })).toEqual([])
})

test('an eviction for a disk is none for memory', () => {
  const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: null, containerId: null }
  const gone = (more: object = {}, seconds = 0) =>
    placed<EvictionEvent>(seconds, {
      kind: 'eviction',
      stage: 'evicted',
      target,
      ranking: [],
      signal: 'nodefs.available',
      thresholdBytes: null,
      availableBytes: null,
      capacityBytes: null,
      message: null,
      usages: [],
      ...more,
    } as never)
  const of = (events: readonly ReturnType<typeof gone>[], parts: Partial<Timeline> = {}) =>
    said(evictedNotMemory(scene({ events, ...parts })))
  expect(of([gone()])).toEqual([
    'evicted-not-for-memory: The kubelet evicted pod shop/api-7c9d4 because the node was low on nodefs.available, not on memory. [500]',
  ])
  expect(of([gone({ signal: null })])[0]).toContain('which signal it was short of is not in the log')
  expect(of([gone({ signal: 'memory.available' })])).toEqual([])
  expect(of([gone({ signal: null }), gone({ signal: 'memory.available', stage: 'threshold' })])).toEqual([])
  expect(of([gone({ stage: 'threshold' })])).toEqual([])
  // a line that lost the pod's name in a paste still tells of an eviction
  expect(of([gone({ target: null })])[0]).toContain('The kubelet evicted a pod because the node was low on nodefs.available')
  expect(of([gone({ stage: 'evicting' })])).toHaveLength(1)
  expect(of([gone({ target: { ...target, pod: null } })])[0]).toContain(`pod ${podWorkload.podUid}`)
  expect(of([gone({ target: { ...target, namespace: null } })])[0]).toContain('pod api-7c9d4 because')
  const many = [1, 2, 3, 4].map((n) => gone({ target: { ...target, pod: `web-${n}` } }, n))
  expect(of(many)[0]).toMatch(/4 pods, first shop\/web-1 .*\[501,502,503\]$/)
  expect(
    of([...many.map(({ event, ...one }) => ({ ...one, event: { ...event, signal: null } })), gone({ stage: 'threshold' }, 9)] as never)[0],
  ).toMatch(/\[501,502,503,509\]$/)
  expect(of([gone()], { snapshots: [makePod([], { reason: 'Evicted' })] })).toEqual([])
  expect(of([gone()], { snapshots: [makePod([], { reason: 'Evicted', name: 'web' })] })).toHaveLength(1)
  const death = (more: object) => [makeIncident({ kills: [makeDeath(null, { killer: 'kubelet', target: target as never, ...more })] })]
  expect(of([gone()], { incidents: death({}) })).toEqual([])
  expect(of([gone()], { incidents: death({ killer: 'kernel' }) })).toHaveLength(1)
  expect(of([gone()], { incidents: death({ target: { ...target, namespace: 'dev' } }) })).toHaveLength(1)
  const one = gone({ target: { ...target, pod: 'other' } })
  expect(of([one], { incidents: death({ event: one.event, target: null }) })).toEqual([])
})

test('137 outside of Kubernetes: who stopped it, where that is told', () => {
  const run = (more: object = {}) => ({
    kind: 'runtime-container',
    source: 'inspect.json',
    runtime: 'docker',
    containerId: ID,
    name: 'web',
    exitCode: 137,
    oomKilled: false,
    podUid: null,
    quotes: [1, 2, 3, 4, 5].map((n) => quote(`q${n}`, n)),
    ...more,
  })
  const of = (more: object = {}, parts: Partial<Timeline> = {}) =>
    said(exit137OfRuntime(scene({ snapshots: [run(more)] as never, ...parts })))
  expect(of()).toEqual([
    'exit-137-unexplained: Exit code 137 of container web means SIGKILL, whoever sent it; OOMKilled is false, and nothing in the input says that memory was short. [1,2,3,4]',
  ])
  for (const other of [
    { exitCode: 143 },
    { exitCode: null },
    { oomKilled: true },
    { oomKilled: null },
    { podUid: 'u' },
    { containerId: null },
    { kind: 'setting' },
  ])
    expect(of(other)).toEqual([])
  expect(of({ runtime: 'podman' })[0]).toContain('OOMKilled is false')
  expect(of({ runtime: 'containerd' })[0]).not.toContain('OOMKilled')
  expect(of({ name: null })[0]).toContain(`container ${ID.slice(0, 12)} means`)
  const killedBy = (containerId: string | null) => [makeIncident({ kills: [makeDeath(null, { target: { containerId } as never })] })]
  expect(of({}, { incidents: killedBy(ID) })).toEqual([])
  expect(of({}, { incidents: killedBy(null) })).toHaveLength(1)
  const stop = (what: string, containerId: string | null = ID, seconds = 0) =>
    placed(seconds, { kind: 'container', what, target: { containerId } } as never)
  expect(of({}, { events: [stop('killing')] })).toEqual([
    'exit-137-not-oom: Exit code 137 of container web is no out-of-memory kill: somebody stopped it with a signal; OOMKilled is false. [1,2,3,4,500]',
  ])
  expect(of({ quotes: [] }, { events: [1, 2, 3, 4].map((n) => stop('stop-requested', ID, n)) })[0]).toMatch(
    /^exit-137-not-oom.*\[501,502,503\]$/,
  )
  expect(of({}, { events: [stop('exit')] })[0]).toContain('unexplained')
  expect(of({}, { events: [stop('killing', null), stop('stop-requested', 'ff'.repeat(32))] })[0]).toContain('unexplained')
  expect(of({}, { incidents: killedBy('ff'.repeat(32)) })).toHaveLength(1)
})

test('a counter that rose by more than the input shows', () => {
  const series = (bytes: readonly number[], more: object = {}) => ({
    kind: 'series',
    of: 'container',
    metric: 'oom-kills',
    clock: 'utc',
    name: 'container_oom_events_total',
    source: 'range.json',
    subject: { cluster: null, host: 'node-1', namespace: 'shop', pod: 'api-7c9d4', podUid: null, container: 'api', containerId: null },
    us: bytes.map((_, n) => NOON + (n - bytes.length + 1) * 60e6),
    bytes,
    quotes: [quote('s', 70), quote('t', 71)],
    ...more,
  })
  const of = (all: readonly object[], parts: Partial<Timeline> = {}) => said(countedKills(scene({ snapshots: all as never, ...parts })))
  expect(of([series([0, 1])])[0]).toMatch(/counted one kill between .*; of these the input shows none\. \[71\]$/)
  expect(of([series([3, 5, 5, 6])])[0]).toContain('counted 3 kills')
  expect(of([series([5, 0, 2])])[0]).toContain('counted 2 kills')
  for (const quiet of [series([4, 4]), series([4]), series([]), series([0, 1], { metric: 'restarts' }), series([0, 1], { clock: 'local' })])
    expect(of([quiet])).toEqual([])
  const death = (more: object = {}) => [makeIncident({ kills: [makeDeath(memcgDump(), { workload: podWorkload, ...more })] })]
  expect(of([series([0, 1])], { incidents: death() })).toEqual([])
  expect(of([series([0, 2])], { incidents: death() })[0]).toContain('the input shows 1')
  expect(of([series([0, 1])], { incidents: death({ killer: 'kubelet' }) })).toHaveLength(1)
  expect(of([series([0, 1])], { incidents: death({ workload: { ...podWorkload, pod: 'web' } }) })).toHaveLength(1)
  const late = (seconds: number, more: object = {}) =>
    of([series([0, 1])], { incidents: death({ at: { epochUs: NOON + seconds * 1e6, uptimeSeconds: null, order: 0, ...more } }) }).length
  expect([late(300), late(301), late(-360), late(-361), late(0, { epochUs: null })]).toEqual([0, 1, 0, 1, 0])
  // Two replicas of one Prometheus tell of one kill; two runs of two.
  expect(of([series([0, 1]), series([0, 1])])[0]).toContain('counted one kill')
  const id = (containerId: string) => ({ subject: { ...series([]).subject, containerId } })
  expect(of([series([0, 1], id('a')), series([0, 1], id('b'))]).join()).toContain('kill')
  const node = (host: string | null) => ({
    of: 'node',
    subject: { ...series([]).subject, host, pod: null, namespace: null, container: null },
  })
  for (const [host, found] of [
    ['node-1', 0],
    ['node-1.example.com', 0],
    [null, 0],
    ['node-2', 1],
  ] as const)
    expect(of([series([0, 1], node(host))], { incidents: death() })).toHaveLength(found)
})

test('a cgroup that counts more kills than the input shows', () => {
  const path = '/system.slice/report.service'
  const group = (value: string | null, more: object = {}, file = 'memory.events.oom_kill') => ({
    kind: 'cgroup',
    source: 'cgroup.txt',
    host: 'node-1',
    path,
    files: value === null ? {} : { [file]: { value, quote: quote(`oom_kill ${value}`, 9) } },
    ...more,
  })
  const of = (all: readonly object[], parts: Partial<Timeline> = {}) => said(countedKills(scene({ snapshots: all as never, ...parts })))
  expect(of([group('2')])).toEqual([
    'kills-counted-not-shown: memory.events of /system.slice/report.service counts 2 kills since this cgroup was made; of these the input shows none. [9]',
  ])
  expect(of([group('1'), group('1')])).toHaveLength(1)
  expect(of([group('1'), group('1', { host: 'node-2' })])).toHaveLength(2)
  for (const quiet of ['0', null, 'max']) expect(of([group(quiet)])).toEqual([])
  expect(of([group('3', { path: '/system.slice' })])).toEqual([])
  const both = group('5', { files: { ...group('5').files, ...group('1', {}, 'memory.events.local.oom_kill').files } })
  expect(of([both])[0]).toContain('counts one kill')
  const death = (memcg: string | null, more: object = {}) => [
    makeIncident({ kills: [makeDeath(null, { memcg, workload: podWorkload, ...more })] }),
  ]
  expect(of([group('1')], { incidents: death(path) })).toEqual([])
  expect(of([group('1')], { incidents: death(`${path}/child`) })).toEqual([])
  expect(of([group('1')], { incidents: death(`${path}s`) })).toHaveLength(1)
  expect(of([group('1')], { incidents: death(path, { killer: 'systemd-oomd' }) })).toHaveLength(1)
  expect(of([group('2')], { incidents: death(path) })[0]).toContain('the input shows 1')
  const own = { path: `/kubepods/burstable/pod${podWorkload.podUid}/${ID}` }
  expect(of([group('1', own)], { incidents: death(null) })).toEqual([])
  expect(of([group('1', own)], { incidents: death(null, { workload: null }) })).toHaveLength(1)
})
