import { describe, expect, it } from 'vitest'
import type { Kill, PlacedEvent } from '../../src/model/incident.ts'
import { unitOf, userspaceKills } from '../../src/timeline/userspace-kills.ts'
import { quote } from '../kernel/make-dump.ts'
import { CONTAINER_PATH, ID, instantAt, makeDeath, memcgDump } from '../rules/make-incident.ts'
import { at, sceneOf, withoutTime } from './scene.ts'

let line = 0
/** A killer's own line; each its own, in one log unless named otherwise. */
const said = (seconds: number, more: object = {}, placed: Partial<PlacedEvent> = {}, source = 'daemon.log') =>
  at(
    seconds,
    {
      ...{ kind: 'userspace-kill', killer: 'earlyoom', pid: 42, comm: 'chrome', uid: 1000, oomScoreAdj: 300 },
      ...{ cgroup: null, monitored: null, dryRun: false, writer: 'userspace', quotes: [{ ...quote('x', ++line), source }], ...more },
    },
    placed,
  )
const oomd = (seconds: number, unit = 'report.service', more: object = {}) =>
  at(seconds, { kind: 'unit', what: 'oomd-killed', unit, result: null, quotes: [{ ...quote('y', ++line), source: 'journal' }], ...more })
const kills = (events: readonly PlacedEvent[], kernel: readonly Kill[] = []) => userspaceKills(sceneOf({ events }), kernel)

describe('what a userspace killer did', () => {
  it('is a kill by it, with what its line tells', () => {
    expect(kills([said(3)])).toMatchObject([
      {
        ...{ killer: 'earlyoom', pid: 42, comm: 'chrome', uid: 1000, oomScoreAdj: 300, host: 'node-1', memcg: null, target: null },
        ...{ vouched: true, constraint: null, workload: { kind: 'process' }, at: instantAt(3), evidence: { length: 1 } },
      },
    ])
  })
  it('not what it only would have done, nor other lines', () => {
    expect(kills([said(0, { dryRun: true })])).toEqual([])
    expect(kills([oomd(0, 'a.service', { what: 'failed' }), at(0, { kind: 'loss', what: 'oomd-killed' })])).toEqual([])
  })
  it('of a cgroup is its workload’s', () => {
    expect(kills([said(0, { killer: 'systemd-oomd', cgroup: '/system.slice/report.service' })])).toMatchObject([
      { memcg: '/system.slice/report.service', workload: { kind: 'systemd-unit', unit: 'report.service' }, target: null },
    ])
    expect(kills([said(0, { cgroup: CONTAINER_PATH })])).toMatchObject([{ target: { containerId: ID }, workload: { kind: 'pod' } }])
  })
  it('is vouched for where one of its tellers is no shipper', () => {
    const shipped = said(0, { writer: 'shipper' })
    expect(kills([shipped])[0]?.vouched).toBe(false)
    expect(kills([shipped, said(1)])[0]?.vouched).toBe(true)
  })
})

describe('systemd’s word on systemd-oomd', () => {
  it('is a kill of its unit', () =>
    expect(kills([oomd(0)])).toMatchObject([
      { killer: 'systemd-oomd', pid: null, comm: null, memcg: null, workload: { unit: 'report.service' } },
    ]))
  it('and oomd’s own are one, told by oomd', () => {
    const own = said(2, { killer: 'systemd-oomd', cgroup: '/system.slice/report.service', pid: null })
    const [one, ...others] = kills([oomd(0), own])
    expect([others.length, one?.at.order, one?.memcg, one?.evidence.length]).toEqual([0, 2, '/system.slice/report.service', 2])
    expect(kills([oomd(0), said(2, { cgroup: '/system.slice/other.service' })])).toHaveLength(2)
  })
})

describe('two lines about one kill', () => {
  it.each<[string, PlacedEvent, PlacedEvent, number]>([
    ['ten seconds apart', said(0), said(10), 1],
    ['later', said(0), said(10.001), 2],
    ['by what a clock allows', said(0), said(11, {}, { at: { ...instantAt(11), uncertaintyMs: 1000 } }), 1],
    ['another process', said(0), said(1, { pid: 43 }), 2],
    ['another killer', said(0), said(1, { killer: 'nohang' }), 2],
    ['another cgroup', said(0), said(1, { cgroup: '/a' }), 2],
    [
      'another cgroup of one name',
      said(0, { killer: 'systemd-oomd', pid: null, cgroup: '/a/x.service' }),
      said(1, { killer: 'systemd-oomd', pid: null, cgroup: '/b/x.service' }),
      2,
    ],
    ['another process of one unit', said(0, { cgroup: '/x.service' }), said(1, { pid: 43, cgroup: '/x.service' }), 2],
    ['another killer in one unit', said(0, { cgroup: '/x.service' }), said(1, { killer: 'nohang', cgroup: '/x.service' }), 2],
    ['ten minutes apart by what the first clock allows', said(0, {}, { at: { ...instantAt(0), uncertaintyMs: 600_000 } }), said(605), 1],
    ['another host', said(0), said(1, {}, { host: 'node-2' }), 2],
    ['no common clock, in two logs', said(0), said(1, {}, { at: { ...instantAt(1), ...withoutTime } }, 'other.log'), 1],
    ['no common clock, in one log', said(0), said(1, {}, { at: { ...instantAt(1), ...withoutTime } }), 2],
    ['one unit twice', oomd(0), oomd(5), 1],
    ['two units', oomd(0), oomd(5, 'b.service'), 2],
  ])('%s', (_, a, b, count) => expect(kills([a, b])).toHaveLength(count))
  it('without a time it is the first that it may be, however many there are', () => {
    const timeless = said(1, {}, { at: { ...instantAt(1), ...withoutTime } }, 'other.log')
    expect(kills([said(0), said(1000), said(5000), timeless]).map((k) => k.evidence.length)).toEqual([2, 1, 1])
    expect(kills([timeless, said(0), said(1000)]).map((k) => k.evidence.length)).toEqual([2, 1])
  })
  it('the same line in two copies is one piece of evidence; of many the first twelve', () => {
    const one = said(0)
    expect(kills([one, one])[0]?.evidence).toHaveLength(1)
    expect(kills(Array.from({ length: 15 }, () => said(0)))[0]?.evidence).toHaveLength(12)
    const cursor = (c: string) => said(0, { quotes: [{ ...quote('x'), line: null, cursor: c }] })
    expect(kills([cursor('a'), cursor('b'), cursor('b')])[0]?.evidence).toHaveLength(2)
    const offset = (o: number) => said(0, { quotes: [{ ...quote('x'), line: null, cursor: null, offset: o }] })
    expect(kills([offset(1), offset(2), offset(2)])[0]?.evidence).toHaveLength(2)
  })
})

describe('a count of what the kernel did', () => {
  const echo = (seconds: number, more: object = {}, placed: Partial<PlacedEvent> = {}) =>
    said(seconds, { killer: 'slurm', echo: true, pid: null, comm: null, ...more }, placed)
  const kernel = (more: Partial<Kill> = {}) => makeDeath(memcgDump(), more)
  it('alone is one kill by the kernel in the job’s cgroup', () =>
    expect(kills([echo(0)])).toMatchObject([{ killer: 'kernel', constraint: 'memcg', workload: { kind: 'slurm-job' }, pid: null }]))
  it.each<[string, PlacedEvent, Partial<Kill>, number]>([
    ['beside its kill is nothing more', echo(59.999), {}, 0],
    ['before it', echo(-59.999), {}, 0],
    ['a minute off is another', echo(60), {}, 1],
    ['of another host', echo(1), { host: 'node-2' }, 1],
    ['without a common clock', echo(1), { at: { ...instantAt(0), ...withoutTime } }, 0],
  ])('%s', (_, event, more, count) => expect(kills([event], [kernel(more)])).toHaveLength(count))
  it('what Slurm killed by itself stands beside a kernel’s kill', () =>
    expect(kills([said(1, { killer: 'slurm' })], [kernel()])).toMatchObject([{ killer: 'slurm', constraint: null }]))
  it('of a job by its number, whoever killed it', () => {
    const owner = (event: PlacedEvent) => kills([event])[0]?.workload
    expect(owner(said(1, { killer: 'slurm', job: '77' }))).toMatchObject({ kind: 'slurm-job', owner: 'SlurmJob/77' })
    expect(owner(said(1, { killer: 'slurm' }))).toMatchObject({ kind: 'slurm-job', owner: null })
    expect(owner(echo(1, { job: '77' }))).toMatchObject({ kind: 'slurm-job', owner: 'SlurmJob/77' })
    expect(owner(said(1, { killer: 'yarn', echo: true, job: '77' }))).toMatchObject({ kind: 'slurm-job' })
    expect(owner(said(1))).toMatchObject({ kind: 'process', owner: null })
  })
})

it('the unit that an event speaks of', () => {
  expect(unitOf(oomd(0).event)).toBe('report.service')
  expect(unitOf(said(0, { cgroup: '/a.slice/b.service' }).event)).toBe('b.service')
  expect(unitOf(said(0).event)).toBeNull()
  expect(unitOf(at(0, { kind: 'loss', unit: 'x.service' }).event)).toBeNull()
})
