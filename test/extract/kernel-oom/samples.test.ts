import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { kernelOom } from '../../../src/extract/kernel-oom/index.ts'
import type { OomDump } from '../../../src/model/oom-dump.ts'
import { extractAll, plainRecords } from './plain-records.ts'

const read = (name: string): string => readFileSync(new URL(`../../../samples/kernel/${name}`, import.meta.url), 'utf8')

function dumpOf(name: string): OomDump {
  const { dumps } = extractAll(kernelOom, plainRecords(read(name)))
  expect(dumps).toHaveLength(1)
  return (dumps[0] as (typeof dumps)[0]).dump
}

const pod = '/kubepods/burstable/podf3412593-2388-4681-8426-15800ab207fd'
const container = `${pod}/17b7fac68358122ef34bd48d5a0cc9b7741bfee4b01d87e3049ee274e9305886`
const victim = { pid: 197, comm: 'analytics' }
const java = { pid: 208, comm: 'java' }

describe('reports of other eras', () => {
  const kib = 1024
  const cases: readonly [string, Partial<OomDump>, Partial<OomDump['kills'][0]>][] = [
    [
      '6.1-global.txt',
      { scope: 'global', constraint: 'none', era: 5, pageBytes: 4096 },
      { ...victim, uid: 33, pgtablesBytes: 1780 * kib, oomScoreAdj: 0 },
    ],
    [
      '6.1-memcg-v1.txt',
      { scope: 'memcg', constraint: 'memcg', oomMemcg: container, cgroupVersion: 1, era: 5 },
      { ...java, uid: 1000, taskMemcg: container },
    ],
    ['7.2-two-nodes.txt', { scope: 'global', memsAllowed: '0-1', era: 5 }, { pid: 234, comm: 'hpc-solver' }],
    [
      '2.6.18-global.txt',
      { scope: 'global', constraint: null, era: 0, pageBytes: 4096, pageBytesAssumed: false },
      { ...victim, uid: null },
    ],
    [
      '2.6.32-global.txt',
      { scope: 'global', constraint: null, era: 0, release: '2.6.32-5-amd64' },
      { ...victim, uid: 33, oomScoreAdj: null, score: 223016 },
    ],
    [
      'rhel6-memcg.txt',
      { scope: 'memcg', constraint: 'memcg', oomMemcg: container, era: 1, cgroupVersion: 1 },
      { ...java, uid: 1000, oomScoreAdj: 936 },
    ],
    ['rhel7-global.txt', { scope: 'global', constraint: null, era: 3 }, { ...victim, uid: 33, score: 896, shmemRssBytes: 0 }],
    [
      '4.4-memcg.txt',
      { scope: 'memcg', constraint: 'memcg', oomMemcg: container, taskMemcg: container, era: 3, cgroupVersion: 1 },
      { ...java, score: 1923 },
    ],
    [
      '4.15-pod.txt',
      { scope: 'memcg', constraint: 'memcg', oomMemcg: pod, taskMemcg: container, era: 3 },
      { ...java, taskMemcg: container, pgtablesBytes: null },
    ],
    ['4.19-global.txt', { scope: 'global', constraint: null, era: 4 }, { ...victim, score: 896 }],
    [
      '5.0-memcg-constraint-none.txt',
      { constraint: 'memcg', constraintPrinted: 'CONSTRAINT_NONE', scope: 'memcg', oomMemcg: container },
      java,
    ],
    ['5.4.0-pgtables-in-bytes.txt', { constraint: 'none', scope: 'global', era: 4 }, { ...victim, pgtablesBytes: 1822720 }],
    ['6.8-callers.txt', { constraint: 'none', era: 5 }, { ...victim, pgtablesBytes: 1822720 }],
    ['arm64-64k-global.txt', { pageBytes: 65536, pageBytesAssumed: false, era: 4 }, { ...victim, totalVmBytes: 223016 * 65536 }],
  ]
  it.each(cases)('%s', (name, dump, kill) => {
    const got = dumpOf(name)
    expect(got).toMatchObject(dump)
    expect(got.kills).toHaveLength(1)
    expect(got.kills[0]).toMatchObject(kill)
  })

  it('says which blocks are there and reads the whole table', () => {
    const dump = dumpOf('rhel7-global.txt')
    expect(dump.has).toEqual({
      header: true,
      stack: true,
      memcg: false,
      memInfo: true,
      tasks: true,
      summary: false,
      kill: true,
      reaper: false,
    })
    expect(dump.tasks).toHaveLength(8)
    expect(dump.tasksComplete).toBe(true)
    expect(dump.tasks[0]).toMatchObject({ pid: 129, tgid: 129, uid: 0, comm: 'systemd-journal', oomScoreAdj: -250, pgtablesBytes: 81920 })
    expect(dump.trigger).toMatchObject({ comm: 'python3', pid: 168, gfpMask: '0x201da', gfpDecoded: true, cpuset: '/', memsAllowed: '0' })
    expect(dump.trigger?.gfpFlags).toEqual(['GFP_HIGHUSER_MOVABLE', '__GFP_COLD'])
    expect(dump.trigger?.frames.slice(0, 3)).toEqual(['dump_header', 'oom_kill_process', 'out_of_memory'])
  })

  it('keeps bytes and page counts apart: the same machine reads the same in every era', () => {
    for (const name of ['2.6.18-global.txt', '2.6.32-global.txt', 'rhel7-global.txt', '4.19-global.txt', '6.1-global.txt']) {
      const { memInfo } = dumpOf(name)
      expect(memInfo?.ramBytes, name).toBe(262005 * 4096)
      expect(memInfo?.reservedBytes, name).toBe(13171 * 4096)
      expect(memInfo?.counters.free, name).toBe(12118 * 4096)
      expect(
        memInfo?.zones.map((z) => [z.name, z.values.free, z.buddyTotalBytes]),
        name,
      ).toEqual([
        ['DMA', 4472 * 1024, 4472 * 1024],
        ['DMA32', 44000 * 1024, 44000 * 1024],
      ])
      expect(memInfo?.zones[0]?.lowmemReserveBytes?.[1], name).toBe(947 * 4096)
      expect(memInfo?.totalSwapBytes, name).toBe(0)
    }
  })

  it('closes: buddy sums, managed memory, RSS columns and total-vm', () => {
    for (const name of [
      '4.19-global.txt',
      '6.1-global.txt',
      '6.8-callers.txt',
      '7.2-two-nodes.txt',
      'arm64-64k-global.txt',
      'rhel7-global.txt',
    ]) {
      const dump = dumpOf(name)
      for (const zone of dump.memInfo?.zones ?? []) {
        const sum = zone.buddy?.reduce((bytes, block) => bytes + block.count * block.blockBytes, 0)
        expect(sum, `${name} ${zone.name}`).toBe(zone.buddyTotalBytes)
        expect(zone.buddy?.map((b) => b.order)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      }
      for (const task of dump.tasks)
        if (task.rssAnonBytes !== null)
          expect((task.rssAnonBytes ?? 0) + (task.rssFileBytes ?? 0) + (task.rssShmemBytes ?? 0)).toBe(task.rssBytes)
      const row = dump.tasks.find((t) => t.pid === dump.kills[0]?.pid)
      expect(row?.totalVmBytes, name).toBe(dump.kills[0]?.totalVmBytes)
    }
  })

  it('corrects the known bugs of the kernel and says so', () => {
    expect(dumpOf('5.4.0-pgtables-in-bytes.txt').warnings.map((w) => w.code)).toEqual(['oom-pgtables-in-bytes'])
    expect(dumpOf('5.0-memcg-constraint-none.txt').warnings.map((w) => w.code)).toEqual(['oom-constraint-corrected'])
    const glued = `${read('6.1-memcg-v1.txt').replaceAll('6.1.0-50-cloud-amd64', '6.19.0-1-amd64')}`.replace(
      '[   18.106950] Tasks state',
      '[   18.106940] Memory cgroup min protection 67108864kB -- low protection 0kB\n[   18.106950] Tasks state',
    )
    const dump = extractAll(kernelOom, plainRecords(glued)).dumps[0]?.dump
    expect(dump?.memInfo?.protection).toMatchObject({ minBytes: 16384 * 1024, lowBytes: 0 })
    expect(dump?.warnings.map((w) => w.code)).toContain('oom-protection-scaled')
  })

  it('leaves out counters that ran below zero and says so', () => {
    const text = read('6.1-memcg-v1.txt').replace('pgfault 16368', 'pgfault 18446744073709551604')
    const dump = extractAll(kernelOom, plainRecords(text)).dumps[0]?.dump
    expect(dump?.stats[0]?.values).toHaveProperty('pgmajfault')
    expect(dump?.stats[0]?.values).not.toHaveProperty('pgfault')
    expect(dump?.warnings).toMatchObject([{ code: 'oom-figure-absurd', args: { key: 'pgfault' } }])
  })

  it('counts every member of a group kill once, though the first is printed twice', () => {
    const dump = dumpOf('6.1-memcg-group.txt')
    expect(dump.kills).toHaveLength(5)
    expect(new Set(dump.kills.map((k) => k.pid)).size).toBe(5)
    expect(new Set(dump.kills.map((k) => k.taskMemcg)).size).toBe(1)
    expect(dump.groupMemcg).toBe(dump.oomMemcg)
    expect(dump.kills[0]?.quotes.length).toBeGreaterThan(dump.kills[1]?.quotes.length ?? 0)
  })

  it('quotes lines as they stand, at their numbers', () => {
    const lines = read('6.1-memcg-v1.txt').split('\n')
    const dump = dumpOf('6.1-memcg-v1.txt')
    const quotes = [
      ...Object.values(dump.quotes).flat(),
      ...dump.excerpt,
      ...dump.tasks.map((t) => t.quote),
      ...dump.stats.flatMap((s) => s.quotes),
    ]
    expect(quotes.length).toBeGreaterThan(100)
    for (const quote of quotes) expect(lines[(quote?.line ?? 0) - 1]).toBe(quote?.text)
  })
})
