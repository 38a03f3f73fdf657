import { describe, expect, it } from 'vitest'
import { accountingInForce, accountMachine, accountMemcg } from '../../src/kernel/accounting.ts'
import { hitLimit } from '../../src/kernel/memcg-limit.ts'
import { managedBytes } from '../../src/kernel/total-pages.ts'
import { NOT_PRINTED } from '../../src/kernel/unprinted.ts'
import type { MemcgStats, OomDump } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeInfo, makeKill, makeRow, makeZone, quote, trigger } from './make-dump.ts'

const kb = 1024
const classes = (accounting: ReturnType<typeof accountMachine>) =>
  Object.fromEntries((accounting?.classes ?? []).map((c) => [c.kernelName === NOT_PRINTED ? 'lost' : c.id, c.bytes / kb]))

describe('hitLimit', () => {
  it.each([
    // memory usage, limit, failcnt; memory+swap the same; which one it was
    [[900000, 1000000, 0], [1100000, 1100000, 5], 'memory+swap', true],
    [[995000, 1000000, 0], [1100000, 1100000, 5], 'memory+swap', true],
    [[995000, 1000000, 3], [1100000, 1100000, 5], 'memory', true],
    [[1000000, 1000000, 0], [1000000, 1000000, 5], 'memory', true],
    [[1000000, 1000000, 3], [1005000, 1100000, 0], 'memory', true],
    [[500000, 1000000, 3], [600000, 1100000, 0], 'memory', false],
    [[1000000, 1000000, 3], [1000000, null, 0], 'memory', true],
  ] as const)('%j %j: %s, reached %s', (memory, both, of, reached) => {
    const hit = hitLimit(makeDump({ memory: counter(memory[0], memory[1], memory[2]), memorySwap: counter(both[0], both[1], both[2]) }))
    expect([hit?.of, hit?.reached]).toEqual([of, reached])
  })

  it('allows for a large request and for charges that sit in batches', () => {
    const at = (usage: number, order: number) =>
      hitLimit(makeDump({ trigger: trigger(['GFP_KERNEL'], order), memory: counter(usage, 100000) }))?.reached
    expect([at(98100, 0), at(97000, 0), at(97000, 10)]).toEqual([true, false, true])
  })

  it('is nothing without a counter', () => expect(hitLimit(makeDump())).toBeNull())
})

const stats = (values: Record<string, number>, hierarchical = true): MemcgStats => ({
  path: '/a',
  hierarchical,
  values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value * kb])),
  quotes: [quote('stats')],
})

describe('a group of which not every class was printed', () => {
  const dump = (more: Partial<OomDump>) => makeDump({ scope: 'memcg', memory: counter(1000, 1000), ...more })

  it('names a remainder only where all user pages were', () => {
    const whole = accountMemcg(dump({ stats: [stats({ anon: 300, file: 100, shmem: 0 })] }))
    expect(whole?.unaccountedBytes).toBe(600 * kb)
    const lost = accountMemcg(dump({ stats: [stats({ anon: 300 })] }))
    expect([classes(lost)['lost'], lost?.unaccountedBytes]).toEqual([700, 0])
  })

  it.each([
    ['the kill line', { kills: [makeKill({ pid: 1, anonRssBytes: 700 * kb, shmemRssBytes: 0 })] }, { anon: 700, lost: 300 }],
    ['shared memory first', { kills: [makeKill({ pid: 1, anonRssBytes: 900 * kb, shmemRssBytes: 400 * kb })] }, { shmem: 400, anon: 600 }],
    [
      'the table, exact',
      { tasks: [makeRow({ pid: 1, rss: 200, anon: 100 }), makeRow({ pid: 2, rss: 200, anon: 50 })] },
      { anon: 600, lost: 400 },
    ],
    ['the table, whole rss that fits', { tasks: [makeRow({ pid: 1, rss: 100 }), makeRow({ pid: 2, rss: 50 })] }, { anon: 600, lost: 400 }],
    [
      'the table, rss with shared pages in each row',
      { tasks: [makeRow({ pid: 1, rss: 200 }), makeRow({ pid: 2, rss: 200 })] },
      { anon: 800, lost: 200 },
    ],
  ] as const)('takes what processes tell: %s', (_, more, expected) => {
    expect(classes(accountMemcg(dump(more as Partial<OomDump>)))).toEqual(expected)
  })

  it('takes parts for a class whose own line was left out, the set that says most', () => {
    const found = classes(
      accountMemcg(
        dump({
          stats: [stats({ file_dirty: 200, file_writeback: 50, inactive_file: 300, active_file: 100, inactive_anon: 80, shmem: 30 })],
        }),
      ),
    )
    expect(found).toMatchObject({ file: 400, anon: 50, shmem: 30 })
  })

  it('does not take `file` for cache where the shared memory in it is not told', () => {
    expect(classes(accountMemcg(dump({ stats: [stats({ anon: 100, file: 800 })] })))).toEqual({ anon: 100, lost: 900 })
  })
})

describe('a machine of which not every counter was printed', () => {
  const zone = (name: string, extra: Record<string, number> = {}) =>
    makeZone(name, {
      free: 100,
      min: 50,
      low: 60,
      high: 70,
      managed: 1000,
      active_anon: 500,
      inactive_anon: 100,
      active_file: 30,
      inactive_file: 20,
      ...extra,
    })
  const machine = (info: Parameters<typeof makeInfo>[0], more: Partial<OomDump> = {}) =>
    makeDump({ scope: 'global', memInfo: makeInfo(info), ...more })

  it('sums its zones where they are all of it', () => {
    const found = accountMachine(machine({ zones: [zone('DMA32'), zone('Normal')], ramBytes: 2100 * kb, reservedBytes: 100 * kb }))
    expect(classes(found)).toEqual({ anon: 1200, file: 100, kernel: 0, free: 200, lost: 500 })
    expect(found?.unaccountedBytes).toBe(0)
  })

  it('does not where some are missing', () => {
    expect(accountMachine(machine({ zones: [zone('DMA32')], ramBytes: 9100 * kb, reservedBytes: 100 * kb }))).toBeNull()
  })

  it('names a remainder where slab and page tables are in the zones', () => {
    const full = { slab_reclaimable: 10, slab_unreclaimable: 20, pagetables: 5 }
    expect(accountMachine(machine({ zones: [zone('Normal', full)] }))?.unaccountedBytes).toBe(
      (1000 - 500 - 100 - 30 - 20 - 30 - 5 - 100) * kb,
    )
  })

  it('takes the counted pages for a total that is not in the log', () => {
    const counters = {
      inactive_anon: 500 * kb,
      active_anon: 0,
      inactive_file: 10 * kb,
      active_file: 0,
      slab_unreclaimable: 5 * kb,
      pagetables: kb,
      free: 100 * kb,
    }
    const found = accountMachine(machine({ counters }))
    expect([found?.totalName, (found?.totalBytes ?? 0) / kb, found?.unaccountedBytes]).toEqual(['counted pages', 616, 0])
    expect(accountMachine(machine({ counters: { free: 100 * kb } }))).toBeNull()
  })

  it('is no stand-in for the nodes of a bound request whose lines are lost', () => {
    const counters = {
      inactive_anon: 500 * kb,
      active_anon: 0,
      inactive_file: 10 * kb,
      slab_unreclaimable: 5 * kb,
      pagetables: kb,
      free: 100 * kb,
    }
    const bound = machine({ counters, ramBytes: 1000 * kb, reservedBytes: 0 }, { constraint: 'memory_policy', nodemask: '2' })
    expect(accountMachine(bound)).not.toBeNull()
    expect(accountingInForce(bound, 'global')).toBeNull()
  })

  it('is not the sum of the allowed nodes, to which the lines of a bound request are filtered', () => {
    const zones = [zone('Normal', { slab_unreclaimable: 20, pagetables: 5 })]
    expect(accountMachine(machine({ zones }, { constraint: 'cpuset', memsAllowed: '0' }))).toBeNull()
    expect(accountMachine(machine({ zones }))).not.toBeNull()
  })

  it('believes the total where no counter can refute it', () => {
    const info = makeInfo({ zones: [zone('DMA32')], ramBytes: 9100 * kb, reservedBytes: 100 * kb })
    expect(managedBytes(info)).toBe(9000 * kb)
    expect(managedBytes({ ...info, counters: { free: 100 * kb, active_anon: 800 * kb } })).toBe(1000 * kb)
    expect(managedBytes({ ...info, counters: { free: 100 * kb, active_anon: 8000 * kb } })).toBe(9000 * kb)
  })

  it('is that of the low zones where only they were dry, of one pair of lists too (up to 2.6.27)', () => {
    const low = makeZone('Normal', { free: 40, min: 50, low: 60, high: 70, present: 1000, active: 300, inactive: 100 })
    const high = makeZone('HighMem', { free: 4000, min: 50, low: 60, high: 70, present: 9000, active: 3000, inactive: 1000 })
    const counters = { active: 3300 * kb, inactive: 1100 * kb, free: 4040 * kb, slab: 350 * kb, pagetables: kb }
    const dump = machine({ zones: [low, high], counters, ramBytes: 10000 * kb, reservedBytes: 0 }, { trigger: trigger(['GFP_KERNEL']) })
    const found = accountingInForce(dump, 'global')
    expect([found?.scope, (found?.totalBytes ?? 0) / kb]).toEqual(['part', 1000])
    expect(found?.classes.filter(({ bytes }) => bytes > 0).map(({ id, bytes }) => [id, bytes / kb])).toEqual([
      ['other', 400],
      ['slab', 350],
      ['free', 40],
      ['other', 210],
    ])
  })
})
