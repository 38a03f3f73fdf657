import { expect, test } from 'vitest'
import { accountMachine, accountMemcg } from '../../src/kernel/accounting.ts'
import type { Accounting } from '../../src/model/figures.ts'
import type { MemcgStats } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeInfo, makeZone } from './make-dump.ts'

const bytesOf = (accounting: Accounting | null): Record<string, number> =>
  Object.fromEntries((accounting?.classes ?? []).map((part) => [part.id, part.bytes]))
const closes = (accounting: Accounting | null): boolean =>
  accounting !== null &&
  accounting.classes.reduce((sum, part) => sum + part.bytes, 0) + accounting.unaccountedBytes === accounting.totalBytes
const kb = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value * 1024]))
const stats = (path: string, values: Record<string, number>, hierarchical: boolean): MemcgStats => ({
  path,
  hierarchical,
  values,
  quotes: [],
})

test('v2 with `kernel`: classes do not overlap and close on the limit', () => {
  const values = {
    anon: 60e6,
    file: 12e6,
    shmem: 10e6,
    kernel: 8e6,
    slab: 3e6,
    pagetables: 1e6,
    sec_pagetables: 0,
    sock: 5e5,
    kernel_stack: 2e5,
  }
  const accounting = accountMemcg(
    makeDump({
      scope: 'memcg',
      oomMemcg: '/a',
      cgroupVersion: 2,
      memory: { usageBytes: 82e6, limitBytes: 83e6, unlimited: false, failcnt: 1 },
      stats: [stats('/a', values, true)],
    }),
  )
  expect(accounting?.totalName).toBe('memory.max')
  expect(bytesOf(accounting)).toEqual({ anon: 60e6, shmem: 10e6, file: 2e6, slab: 3e6, pagetables: 1e6, sock: 5e5, kernel: 4e6, free: 1e6 })
  expect(accounting?.unaccountedBytes).toBe(1.5e6)
  expect(closes(accounting)).toBe(true)
})

test('v1 lines of a subtree (3.9–5.2) are summed; shmem comes out of the cache', () => {
  const pod = stats('/pod', kb({ cache: 0, rss: 0, shmem: 0 }), false)
  const pause = stats('/pod/pause', kb({ cache: 0, rss: 40, shmem: 0 }), false)
  const app = stats('/pod/app', kb({ cache: 30000, rss: 70000, shmem: 28000 }), false)
  const accounting = accountMemcg(
    makeDump({
      scope: 'memcg',
      oomMemcg: '/pod',
      cgroupVersion: 1,
      memory: counter(102400, 102400),
      kmem: counter(2000, null),
      stats: [pod, pause, app],
    }),
  )
  expect(bytesOf(accounting)).toEqual(kb({ anon: 70040, shmem: 28000, file: 2000, kernel: 2000 }))
  expect(accounting?.totalName).toBe('memory.limit_in_bytes')
  expect(accounting?.unaccountedBytes).toBe(360 * 1024)
})

test('v1 of 3.10 prints no shmem: it is what the anonymous LRU holds beyond rss', () => {
  const values = kb({ cache: 60000, rss: 20000, inactive_anon: 50000, active_anon: 28000 })
  const dump = makeDump({ scope: 'memcg', oomMemcg: '/c', memory: counter(81920, 81920), stats: [stats('/c', values, false)] })
  expect(bytesOf(accountMemcg(dump))).toEqual(kb({ anon: 20000, shmem: 58000, file: 2000 }))
})

test('v1 names of 6.5+: the total_ keys count, not the group’s own', () => {
  const values = { cache: 0, rss: 4096, total_cache: 8e6, total_rss: 50e6, total_shmem: 7e6 }
  const dump = makeDump({ scope: 'memcg', oomMemcg: '/c', memory: counter(65536, 65536), stats: [stats('/c', values, true)] })
  expect(bytesOf(accountMemcg(dump))).toEqual({ anon: 50e6, shmem: 7e6, file: 1e6 })
})

test('pages of the swap cache are not counted twice', () => {
  const values = { anon: 40e6, file: 4e6, shmem: 0, swapcached: 3e6, kernel: 1e6, slab: 1e6, sock: 0 }
  const memory = { usageBytes: 42e6, limitBytes: 42e6, unlimited: false, failcnt: 0 }
  const accounting = accountMemcg(makeDump({ scope: 'memcg', oomMemcg: '/s', memory, stats: [stats('/s', values, true)] }))
  expect(bytesOf(accounting)).toMatchObject({ anon: 40e6, file: 1e6 })
  expect(accounting?.unaccountedBytes).toBe(0)
})

test('without a counter line, or in a global OOM, there is no memcg accounting', () => {
  expect(accountMemcg(makeDump({ scope: 'memcg' }))).toBeNull()
  expect(accountMemcg(makeDump({ scope: 'global', memory: counter(1, 1) }))).toBeNull()
})

// The sum of §12.0 on figures built like the RHEL7 -862 report: managed 32853691 pages, 375568 of them in no counter.
test('machine: the remainder is what no counter holds', () => {
  const page = (n: number): number => n * 4096
  const counters = {
    active_anon: page(25_000_000),
    inactive_anon: page(3_000_000),
    isolated_anon: 0,
    active_file: page(500),
    inactive_file: page(600),
    isolated_file: 0,
    unevictable: page(1000),
    slab_reclaimable: page(50_000),
    slab_unreclaimable: page(150_000),
    pagetables: page(90_000),
    bounce: 0,
    free: page(100_000),
    free_pcp: page(500),
    free_cma: page(7),
    shmem: page(400_000),
    mapped: page(390_000),
    dirty: page(10),
  }
  const known = 25_000_000 + 3_000_000 + 500 + 600 + 1000 + 50_000 + 150_000 + 90_000 + 100_000 + 500
  const huge = 32853691 - known - 375568 - 1024
  const info = makeInfo({
    counters,
    ramBytes: page(33456799),
    reservedBytes: page(603108),
    zones: [makeZone('Normal', { kernel_stack: 4096 })],
    hugepages: [
      { node: 0, total: huge, free: 0, surplus: 0, pageBytes: 4096, quote: { source: 'k', line: 1, offset: null, cursor: null, text: '' } },
    ],
  })
  const accounting = accountMachine(makeDump({ scope: 'global', memInfo: info }))
  expect(accounting?.totalBytes).toBe(page(32853691))
  expect(accounting?.unaccountedBytes).toBe(page(375568))
  expect(((accounting?.unaccountedBytes ?? 0) / (accounting?.totalBytes ?? 1)) * 100).toBeCloseTo(1.14, 2)
  expect(bytesOf(accounting)).toMatchObject({ anon: page(27_600_000), shmem: page(400_000), kernel: 4096 * 1024, other: page(1000) })
  expect(closes(accounting)).toBe(true)
})

test('machine: CMA pages that 4.x leaves out of "reserved" do not swell what is managed', () => {
  const zones = [makeZone('Normal', { managed: 3_600_000 })]
  const info = makeInfo({
    counters: { free: 0 },
    ramBytes: 4_000_000 * 1024,
    reservedBytes: 300_000 * 1024,
    cmaReservedBytes: 100_000 * 1024,
    zones,
  })
  expect(accountMachine(makeDump({ memInfo: info }))?.totalBytes).toBe(3_600_000 * 1024)
})

test('usage above a limit that was lowered under it: the classes close on the usage', () => {
  const values = { anon: 67952640, file: 0, shmem: 0, kernel: 204800, slab: 5808, pagetables: 163840, sec_pagetables: 0, sock: 0 }
  const dump = makeDump({
    scope: 'memcg',
    oomMemcg: '/user.slice',
    memory: counter(66560, 40960),
    stats: [stats('/user.slice', values, true)],
  })
  const accounting = accountMemcg(dump)
  expect(accounting).toMatchObject({
    totalBytes: 66560 * 1024,
    totalName: 'memory.current',
    unaccountedBytes: 66560 * 1024 - 67952640 - 204800,
  })
  expect(closes(accounting)).toBe(true)
})
