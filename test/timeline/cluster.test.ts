import { describe, expect, test } from 'vitest'
import type { Kill } from '../../src/model/incident.ts'
import type { OomDump } from '../../src/model/oom-dump.ts'
import { clusters } from '../../src/timeline/cluster.ts'
import { CONTAINER_PATH, globalDump, ID, instantAt, makeDeath, memcgDump, POD_PATH, podWorkload } from '../rules/make-incident.ts'

let run = 0
const kill = (seconds: number, dump: OomDump | null, more: Partial<Kill> = {}): Kill =>
  makeDeath(dump, { at: instantAt(seconds), eventKey: `run-${++run}`, pid: 100 + run, ...more })
const memcg = (path: string, lived = path): OomDump => memcgDump({ oomMemcg: path, taskMemcg: lived })
const sizes = (...kills: Kill[]): number[] => clusters(kills).map((group) => group.length)
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const [MINUTE, HOUR] = [60, 3600]
const other = (digit: string): string => `${POD_PATH}/cri-containerd-${digit.repeat(64)}.scope`

describe('one shared shortage: less than ten minutes between two kills', () => {
  const shared: [string, () => OomDump][] = [
    ['the machine', () => globalDump()],
    ['all pods', () => memcg('/kubepods.slice', CONTAINER_PATH)],
    ['a class of pods', () => memcg('/kubepods/burstable', CONTAINER_PATH)],
    ['the root group', () => memcg('/', CONTAINER_PATH)],
    ['a slice of several units', () => memcg('/system.slice', '/system.slice/a.service')],
  ]
  test.each(shared)('%s', (_, dump) => {
    expect(sizes(kill(0, dump()), kill(9 * MINUTE + 59, dump()))).toEqual([2])
    expect(sizes(kill(0, dump()), kill(10 * MINUTE, dump()))).toEqual([1, 1])
    expect(sizes(kill(0, dump()), kill(10 * MINUTE + 1, dump()))).toEqual([1, 1])
  })
  test('each counts from the one before, not from the first', () => {
    expect(sizes(...[0, 9, 18, 27].map((m) => kill(m * MINUTE, globalDump())))).toEqual([4])
    expect(sizes(...[0, 9, 20, 27].map((m) => kill(m * MINUTE, globalDump())))).toEqual([2, 2])
  })
  test('a pod whose containers nobody can tell apart', () => {
    expect(sizes(kill(0, memcg(POD_PATH)), kill(9 * MINUTE, memcg(POD_PATH)))).toEqual([2])
    expect(sizes(kill(0, memcg(POD_PATH)), kill(11 * MINUTE, memcg(POD_PATH)))).toEqual([1, 1])
  })
  test('evictions and kernel kills of the same shortage are one', () => {
    expect(sizes(kill(0, null, { killer: 'kubelet', target }), kill(5 * MINUTE, globalDump()))).toEqual([2])
  })
  test('a userspace killer’s own', () => {
    const own = (s: number, killer: Kill['killer'] = 'earlyoom'): Kill => kill(s, null, { killer, target: null })
    expect(sizes(own(0), own(599))).toEqual([2])
    expect(sizes(own(0), own(601))).toEqual([1, 1])
    expect(sizes(own(0), own(5, 'systemd-oomd'))).toEqual([1, 1])
  })
  test('two hosts are two incidents', () => {
    expect(sizes(kill(0, globalDump()), kill(1, globalDump(), { host: 'node-2' }))).toEqual([1, 1])
  })
})

describe('one workload under its own limit: less than a day between two kills', () => {
  const own: [string, () => Kill, (s: number) => Kill][] = [
    ['a unit', () => kill(0, memcg('/system.slice/report.service')), (s) => kill(s, memcg('/system.slice/report.service'))],
    ['a container by its id', () => kill(0, memcg('/docker/abc123')), (s) => kill(s, memcg('/docker/abc123'))],
    ['a container by its name', () => kill(0, memcg(other('a')), { target }), (s) => kill(s, memcg(other('b')), { target })],
    ['a pod’s limit, one container named', () => kill(0, memcg(POD_PATH), { target }), (s) => kill(s, memcg(POD_PATH), { target })],
    ['a slice’s own process', () => kill(0, memcg('/jobs.slice')), (s) => kill(s, memcg('/jobs.slice'))],
    ['a status without kernel lines', () => kill(0, null, { target }), (s) => kill(s, null, { target })],
    [
      'a unit that only systemd names',
      () => kill(0, null, { workload: { ...podWorkload, unit: 'a.service' } }),
      (s) => kill(s, null, { workload: { ...podWorkload, unit: 'a.service' } }),
    ],
    ['a job', () => kill(0, null, { killer: 'slurm', memcg: '/job_1' }), (s) => kill(s, null, { killer: 'slurm', memcg: '/job_1' })],
    [
      'a group without a path',
      () => kill(0, memcgDump({ oomMemcg: null }), { memcg: '/x' }),
      (s) => kill(s, memcgDump({ oomMemcg: null }), { memcg: '/x' }),
    ],
  ]
  test.each(own)('%s', (_, first, second) => {
    expect(sizes(first(), second(23 * HOUR + 59 * MINUTE))).toEqual([2])
    expect(sizes(first(), second(24 * HOUR))).toEqual([1, 1])
    expect(sizes(first(), second(24 * HOUR + MINUTE))).toEqual([1, 1])
  })
  test('two containers of one pod are two workloads', () => {
    const sidecar = { ...target, container: 'proxy', containerId: 'c'.repeat(64) }
    expect(sizes(kill(0, memcg(other('a')), { target }), kill(5, memcg(other('c')), { target: sidecar }))).toEqual([1, 1])
  })
  test('a container whose name is lost is the one of its pod that runs the same program', () => {
    const nameless = { ...target, container: null, containerId: null }
    expect(sizes(kill(0, memcg(other('a')), { target }), kill(50, memcg(other('b')), { target: nameless }))).toEqual([2])
    const sidecar = { ...target, container: 'proxy', containerId: 'c'.repeat(64) }
    const both = [kill(0, memcg(other('a')), { target }), kill(5, memcg(other('c')), { target: sidecar })]
    expect(sizes(...both, kill(50, memcg(other('b')), { target: nameless }))).toEqual([1, 1, 1])
    expect(sizes(kill(0, memcg(other('a')), { target }), kill(50, memcg(other('b')), { target: nameless, comm: 'sh' }))).toEqual([1, 1])
  })
  test('a group kill is one incident whatever its victims are called', () => {
    const [a, b] = [kill(0, memcg(other('a')), { target, eventKey: 'g' }), kill(0.01, memcg(other('a')), { comm: 'sh', eventKey: 'g' })]
    expect(sizes(a, b)).toEqual([2])
  })
  test('steps of two Slurm jobs that only slurmstepd tells of are two', () => {
    const step = (monitored: string, s: number): Kill =>
      kill(s, null, { target: null, event: { kind: 'userspace-kill', monitored } as unknown as Kill['event'] })
    expect(sizes(step('StepId=1.batch', 0), step('StepId=2.batch', 1))).toEqual([1, 1])
    expect(sizes(step('StepId=1.batch', 0), step('StepId=1.batch', 7200))).toEqual([2])
  })
})

describe('clocks that nothing puts on UTC', () => {
  const bare = (seconds: number, boot: string): Kill =>
    kill(seconds, globalDump(), { at: { ...instantAt(seconds), epochUs: null, boot }, boot })
  test('the uptime of one boot decides', () => {
    expect(sizes(bare(0, 'a'), bare(500, 'a'))).toEqual([2])
    expect(sizes(bare(0, 'a'), bare(700, 'a'))).toEqual([1, 1])
  })
  test('the printed time of one host decides', () => {
    const at = (seconds: number): Kill['at'] => ({
      ...instantAt(seconds),
      epochUs: null,
      uptimeSeconds: null,
      local: { us: 1e15 + seconds * 1e6, hasYear: true, clock: 'n' },
    })
    expect(sizes(kill(0, globalDump(), { at: at(0) }), kill(1, globalDump(), { at: at(599) }))).toEqual([2])
    expect(sizes(kill(0, globalDump(), { at: at(0) }), kill(1, globalDump(), { at: at(27 * MINUTE) }))).toEqual([1, 1])
  })
  test('without any stamp all is one story', () => {
    const at = { ...instantAt(0), epochUs: null, uptimeSeconds: null }
    expect(sizes(kill(0, globalDump(), { at }), kill(1, globalDump(), { at: { ...at, order: 1 } }))).toEqual([2])
  })
})

test('the incidents come in order of time, and each one’s kills too', () => {
  const [late, early] = [kill(9000, globalDump()), kill(0, globalDump())]
  const [second, first] = [kill(4000, memcg('/docker/abc')), kill(3900, memcg('/docker/abc'))]
  expect(clusters([late, second, first, early]).map((g) => g.map((k) => k.at.order))).toEqual([[0], [3900, 4000], [9000]])
})

describe('a boot between two kills of the machine', () => {
  const quoted = (source: string) => [{ source, line: 1, offset: null, cursor: null, text: '' }]
  const pair = (first: Partial<Kill>, second: Partial<Kill>) =>
    sizes(
      kill(0, globalDump(), { evidence: quoted('kern.log'), ...first }),
      kill(60, globalDump(), { evidence: quoted('kern.log'), ...second }),
    )
  const bare = (seconds: number, uptimeSeconds: number | null) => ({ ...instantAt(seconds), uptimeSeconds })
  test.each<[string, Partial<Kill>, Partial<Kill>, number[]]>([
    ['by one source’s own uptimes ends the shortage', { boot: 'a' }, { boot: 'b' }, [1, 1]],
    ['the same boot', { boot: 'a' }, { boot: 'a' }, [2]],
    ['two sources may count differently', { boot: 'a' }, { boot: 'b', evidence: quoted('other.log') }, [2]],
    ['told by one of several sources', { boot: 'a', evidence: [...quoted('x'), ...quoted('kern.log')] }, { boot: 'b' }, [1, 1]],
    ['no uptime in the first', { boot: 'a', at: bare(0, null) }, { boot: 'b' }, [2]],
    ['no uptime in the second', { boot: 'a' }, { boot: 'b', at: bare(60, null) }, [2]],
  ])('%s', (_, first, second, want) => expect(pair(first, second)).toEqual(want))
  test('a container’s own limit outlives a boot', () => {
    const own = (s: number, boot: string) => kill(s, memcg('/docker/abc123'), { boot, evidence: quoted('kern.log') })
    expect(sizes(own(0, 'a'), own(60, 'b'))).toEqual([2])
  })
})
