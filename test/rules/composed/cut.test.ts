import { describe, expect, it } from 'vitest'
import type { ReportIncident } from '../../../src/model/report.ts'
import { reportOfFiles } from '../report-of-lines.ts'
import { group1, group2 } from './group.ts'
import { daemons, machine } from './machine.ts'
import { containerScope, GB, idOf, podSlice, stamped, type Task, uidOf } from './parts.ts'

/** Reports that a pager, `cut -c` or a filter went over before they were kept: what is left may not be taken for the whole. */
async function answersOf(lines: readonly string[]) {
  const { incidents } = await reportOfFiles({ 'kern.log': stamped(lines) })
  expect(incidents).toHaveLength(1)
  return (incidents[0] as ReportIncident).diagnosis
}
const app: Task = { pid: 70, comm: 'app', anon: 900_000, adj: 950 }
const helper: Task = { pid: 71, comm: 'helper', anon: 20_000, adj: 950 }
const group = (more: object = {}) =>
  group2({ path: containerScope('p'), trigger: 'app', limit: GB, stats: { anon: 950_000 }, tasks: [app, helper], victim: app, ...more })
const cutAt = (lines: readonly string[], width: number) => lines.map((line) => line.slice(0, width))
const without = (lines: readonly string[], pattern: RegExp) => lines.filter((line) => !pattern.test(line))

describe('lines cut at a width', () => {
  it.each([90, 106, 120, 146, 170])('a path that ends with the line is no name of a group: %i columns', async (width) => {
    const { limit } = await answersOf(cutAt(group(), width))
    expect(limit.id === 'cgroup-limit' ? limit.confidence : 'high').not.toBe(limit.id === 'cgroup-limit' ? 'high' : 'low')
    expect(limit.statement).not.toContain('/kubepods.slice/kub ')
  })
  it('one whose last part is whole is, wherever the line ends', async () => {
    const summary = group().find((line) => line.startsWith('oom-kill:')) as string
    const width = summary.indexOf(',task_memcg=')
    expect((await answersOf(cutAt(group(), width))).limit).toMatchObject({ id: 'container-limit', confidence: 'high' })
  })
  it('a victim’s path of cgroup v1 tells that the group’s is cut', async () => {
    const path = `/kubepods/burstable/pod${uidOf('q')}/${idOf('q')}`
    const lines = group1({ path, trigger: 'app', limit: GB, cache: 9000, rss: 950_000, tasks: [app, helper], victim: app })
    const cut = lines.map((line) =>
      line.startsWith('Task in') ? line.slice(0, -70) : line.startsWith('Memory cgroup stats') ? line.slice(0, 40) : line,
    )
    const { limit } = await answersOf(cut)
    expect([limit.id, limit.confidence]).not.toEqual(['cgroup-limit', 'high'])
    expect([limit.id, limit.confidence]).not.toEqual(['pod-limit', 'high'])
  })
})

describe('the size of a zone cut off', () => {
  const zones = [
    { node: 0, name: 'DMA', managed: 15_360, free: 60, min: 64, slab: 15_000 },
    { node: 0, name: 'Normal', managed: 16 * GB, free: 6 * GB, min: 66_000, anon: 8 * GB },
  ]
  const lines = machine({
    ...{ trigger: 'app', mask: '0xcc1(GFP_KERNEL|GFP_DMA)', ram: 16 * GB, anon: 8 * GB, free: 6 * GB, zones },
    ...{ tasks: [...daemons, app], victim: app },
  })
  it.each([75, 110, 150])('a machine with much free is not out of memory: %i columns', async (width) => {
    const { limit } = await answersOf(cutAt(lines, width))
    expect(limit.id).not.toBe('node-memory')
  })
  it('a zone that it may not use had memory, whatever its size', async () =>
    expect((await answersOf(cutAt(lines, 110))).limit).toMatchObject({ id: 'memory-zone' }))
})

describe('counters left out', () => {
  const slabs = group({
    path: podSlice('p'),
    stats: { anon: 100_000, slab_unreclaimable: 850_000 },
    tasks: [{ ...app, anon: 90_000 }, helper],
  })
  it('kernel memory is in no finer counter only where those were printed', async () => {
    expect((await answersOf(slabs)).consumer).toMatchObject({ id: 'kernel-slab', confidence: 'high' })
    expect((await answersOf(without(slabs, /^slab/))).consumer.id).not.toBe('kernel-memory')
    expect((await answersOf(without(slabs, /^slab|^pagetables/))).consumer.id).not.toBe('kernel-memory')
    expect((await answersOf(without(slabs, /^slab_(?:un)?reclaimable/))).consumer.id).toBe('kernel-slab')
  })
  const machineOf = machine({
    ...{ trigger: 'app', ram: 16 * GB, anon: GB, slab: 13.5 * GB, free: 60_000 },
    ...{ tasks: [...daemons, app], victim: app },
  })
  it('pages that were counted are not the machine where one kind was not counted and nothing tells its size', async () => {
    const cut = without(machineOf, /slab_|pages RAM|reserved$|managed:|lowmem_reserve/)
    expect((await answersOf(cut)).consumer).toMatchObject({ id: 'unknown' })
  })
})

describe('rows left out without a trace', () => {
  it('a table with most of its memory missing proves no only candidate', async () => {
    const [one, two] = [
      { ...app, anon: 480_000 },
      { ...helper, anon: 440_000 },
    ]
    const lines = group({ tasks: [one, two], victim: one })
    expect((await answersOf(lines)).selection).toMatchObject({ id: 'largest', confidence: 'high' })
    expect((await answersOf(without(lines, /helper$/))).selection.confidence).not.toBe('high')
  })
  it('nor does the end of a table; what is left of it is said', async () => {
    const lines = machine({ trigger: 'app', ram: 16 * GB, anon: 15 * GB, free: 60_000, tasks: [...daemons, app], victim: app })
    const { selection } = await answersOf(lines.slice(-3))
    expect(selection).toMatchObject({ id: 'unknown', confidence: 'low' })
    expect(selection.statement).toContain('only its row is left')
    expect((await answersOf(lines.slice(-4))).selection.confidence).not.toBe('high')
  })
})

describe('a kill line alone', () => {
  it('rules out a group’s limit, and nothing else', async () => {
    const { limit } = await answersOf([
      'Out of memory: Killed process 70 (app) total-vm:1200000kB, anon-rss:900000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1800kB oom_score_adj:0',
    ])
    expect(limit).toMatchObject({ id: 'node-memory', confidence: 'medium' })
    expect(limit.statement).toContain('whether a cpuset, a memory policy or a single zone was is not in the log')
  })
})

describe('one node dry, another with memory left', () => {
  const zones = [
    { node: 0, name: 'Normal', managed: 8 * GB, free: 7 * GB, min: 33_000, anon: 3000 },
    { node: 1, name: 'Normal', managed: 8 * GB, free: 30_000, min: 33_000, anon: 7 * GB },
  ]
  const lines = (kernel: number) =>
    machine({
      ...{ trigger: 'app', kernel, ram: 16 * GB, anon: 8 * GB, free: 7 * GB + 30_000, zones },
      ...{ tasks: [...daemons, app], victim: app, constraint: 'NONE', mems: '0-1' },
    })
  it('is sure where the line that would tell of a cpuset is there', async () =>
    expect((await answersOf(lines(6.1))).limit).toMatchObject({ id: 'memory-zone', confidence: 'high' }))
  it('may be a cpuset’s or a policy’s where it is not', async () =>
    expect((await answersOf(without(lines(6.1), /oom-kill:/))).limit).toMatchObject({ id: 'memory-zone', confidence: 'medium' }))
  it('old kernels tell it in their header', async () =>
    expect((await answersOf(lines(4.15))).limit).toMatchObject({ id: 'memory-zone', confidence: 'high' }))
  it('the line of the wealthy node lost: not the machine', async () =>
    expect((await answersOf(without(lines(6.1), /^Node 0 Normal free/))).limit).toMatchObject({ id: 'unknown' }))
})
