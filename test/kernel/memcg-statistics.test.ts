import { describe, expect, it } from 'vitest'
import { accountMemcg } from '../../src/kernel/accounting.ts'
import { hitLimit } from '../../src/kernel/memcg-limit.ts'
import { settleRest } from '../../src/kernel/unprinted.ts'
import type { Accounting } from '../../src/model/figures.ts'
import type { MemcgStats, OomDump } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeKill, makeRow, trigger } from './make-dump.ts'

const kb = 1024
const list = (accounting: Accounting | null) =>
  (accounting?.classes ?? []).map(({ id, kernelName, bytes }) => `${id} ${bytes / kb} ${kernelName}`)
const stats = (values: Record<string, number>): MemcgStats => ({
  path: '/a',
  hierarchical: true,
  values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value * kb])),
  quotes: [],
})
const group = (values: Record<string, number>, more: Partial<OomDump> = {}) =>
  accountMemcg(makeDump({ scope: 'memcg', oomMemcg: '/a', memory: counter(1000, 1000), stats: [stats(values)], ...more }))

describe('statistics of a group, key by key', () => {
  const user = { anon: 100, file: 0, shmem: 0 }
  it.each([
    ['slab from its halves (5.3 to 5.7 print no sum)', { slab_reclaimable: 30, slab_unreclaimable: 40 }, 'slab 70 slab'],
    ['slab from one half', { slab_unreclaimable: 40 }, 'slab 40 slab'],
    ['slab by its own line, not its halves', { slab: 90, slab_reclaimable: 30, slab_unreclaimable: 40 }, 'slab 90 slab'],
    ['page tables with those of devices', { pagetables: 20, sec_pagetables: 5 }, 'pagetables 25 pagetables'],
    ['page tables alone', { pagetables: 20 }, 'pagetables 20 pagetables'],
    ['kernel without slab and tables', { kernel: 100, slab: 30, pagetables: 20 }, 'kernel 50 kernel − slab − pagetables'],
    ['kernel in parts (up to 5.17)', { kernel_stack: 5, percpu: 6, vmalloc: 7 }, 'kernel 18 kernel_stack + percpu + vmalloc'],
    ['one part', { percpu: 6 }, 'kernel 6 kernel_stack + percpu + vmalloc'],
    ['sockets', { sock: 8 }, 'sock 8 sock'],
    ['huge pages', { hugetlb: 9 }, 'hugepages 9 hugetlb'],
  ])('%s', (_, values, line) => expect(list(group({ ...user, ...values }))).toContain(line))

  it.each([
    ['no slab line, no slab', {}, 'slab'],
    ['a kernel that slab and tables fill', { kernel: 50, slab: 30, pagetables: 20 }, 'kernel'],
    ['no part of the kernel’s', {}, 'kernel'],
    ['only the devices’ page tables', { sec_pagetables: 5 }, 'pagetables'],
  ])('%s', (_, values, id) => expect(group({ ...user, ...values })?.classes.some((part) => part.id === id)).toBe(false))

  it.each([
    // of `kernel`: what is left belongs to nobody where a finer line was left out
    [{ slab: 30, pagetables: 20 }, 'kernel 50 kernel − slab − pagetables'],
    [{ slab_reclaimable: 10, slab_unreclaimable: 20, pagetables: 20 }, 'kernel 50 kernel − slab − pagetables'],
    [{ slab: 30 }, 'other 70 not in the log'],
    [{ pagetables: 20 }, 'other 80 not in the log'],
    [{ slab_unreclaimable: 20, pagetables: 20 }, 'other 60 not in the log'],
    [{ slab_reclaimable: 20, pagetables: 20 }, 'other 60 not in the log'],
    [{}, 'other 100 not in the log'],
  ])('kernel of 100 with %j: %s', (values, line) => expect(list(group({ ...user, kernel: 100, ...values }))).toContain(line))

  it('tells shared memory apart from the file pages, never below zero', () => {
    expect(list(group({ anon: 1, file: 50, shmem: 20 }))).toEqual(expect.arrayContaining(['shmem 20 shmem', 'file 30 file − shmem']))
    expect(list(group({ anon: 1, file: 10, shmem: 20 }))).toContain('file 0 file − shmem')
  })

  it('takes the lists for anonymous memory whose line is gone, less what is shared', () => {
    expect(list(group({ inactive_anon: 300, active_anon: 50, shmem: 30, file: 30 }))).toContain('anon 320 inactive_anon + active_anon')
    expect(list(group({ inactive_anon: 20, shmem: 30, file: 30 }))).toContain('anon 0 inactive_anon')
    expect(list(group({ inactive_anon: 300, active_anon: 50, file: 30 }))).toContain('anon 350 inactive_anon + active_anon')
    expect(list(group({ anon_thp: 400, inactive_anon: 20, shmem: 0, file: 0 }))).toContain('anon 400 anon_thp')
  })

  it('v1: shared memory by its line, else by the lists, never more than the cache', () => {
    const v1 = (values: Record<string, number>, more: Partial<OomDump> = {}) => list(group(values, more))
    expect(v1({ cache: 100, rss: 50, shmem: 70 })).toEqual(
      ['anon 50 rss', 'shmem 70 shmem', 'file 30 cache − shmem', expect.anything()].slice(0, 3),
    )
    expect(v1({ cache: 100, rss: 50, inactive_anon: 60, active_anon: 30 })).toContain('shmem 40 inactive_anon + active_anon − rss')
    expect(v1({ cache: 10, rss: 50, inactive_anon: 60, active_anon: 30 })).toContain('shmem 10 inactive_anon + active_anon − rss')
    expect(v1({ cache: 100, rss: 90, inactive_anon: 60, active_anon: 30 }).some((line) => line.startsWith('shmem'))).toBe(false)
    expect(v1({ cache: 100, rss: 90, shmem: 0 })).toContain('shmem 0 shmem')
    expect(v1({ rss: 90 }, { kmem: counter(33, null) })).toContain('kernel 33 kmem')
    expect(v1({ rss: 90, shmem: 7 })).toEqual(expect.arrayContaining(['anon 90 rss', 'shmem 7 shmem']))
    // Absent is not zero: without `rss` the anonymous lists do not tell what of them is shared, and one list is the least of it.
    expect(v1({ cache: 100, inactive_anon: 60, active_anon: 30 }).some((line) => line.startsWith('shmem'))).toBe(false)
    expect(v1({ cache: 100, rss: 20, inactive_anon: 60 })).toContain('shmem 40 inactive_anon + active_anon − rss')
    expect(v1({ mapped_file: 5, rss: 20, inactive_anon: 60 })).toContain('shmem 40 inactive_anon + active_anon − rss')
  })

  it('without statistics the kernel’s own counter still tells (v1)', () => {
    const of = (blocks: MemcgStats[]) => list(group({}, { stats: blocks, kmem: counter(33, null) }))
    expect([of([]), of([stats({})])]).toEqual([
      ['kernel 33 kmem', 'other 967 not in the log'],
      ['kernel 33 kmem', 'other 967 not in the log'],
    ])
  })

  it('what the group left free is a class, a limit below the usage gives way', () => {
    expect(list(group({ anon: 100, file: 0, shmem: 0 }, { memory: counter(900, 1000) }))).toContain('free 100 limit − usage')
    expect(list(group({ anon: 100, file: 0, shmem: 0 })).some((line) => line.startsWith('free'))).toBe(false)
    expect(group({}, { memory: counter(0, null) })).toMatchObject({ totalBytes: 0, totalName: 'memory.current' })
    expect(group(user, { memory: counter(900, null) })).toMatchObject({ totalBytes: 900 * kb, totalName: 'memory.current' })
    expect(group(user, { memory: counter(900, null), cgroupVersion: 1 })?.totalName).toBe('memory.usage_in_bytes')
    expect(group(user, { memory: counter(900, 800), cgroupVersion: 1 })?.totalName).toBe('memory.usage_in_bytes')
    expect(group(user, { memory: counter(900, 900), cgroupVersion: 1 })?.totalName).toBe('memory.limit_in_bytes')
    expect(group(user, { memory: counter(900, 900) })?.totalName).toBe('memory.max')
  })

  it('swap cache is taken out of the file pages as far as the sum passes the usage', () => {
    const file = (values: Record<string, number>) => group(values)?.classes.find(({ id }) => id === 'file')?.bytes ?? 0
    expect(file({ anon: 900, file: 200, shmem: 0, swapcached: 150 }) / kb).toBe(100)
    expect(file({ anon: 900, file: 200, shmem: 0, swapcached: 60 }) / kb).toBe(140)
    expect(file({ anon: 900, file: 200, shmem: 0 }) / kb).toBe(200)
    expect(file({ anon: 700, file: 200, shmem: 0, swapcached: 60 }) / kb).toBe(200)
    expect(file({ anon: 1100, file: 50, shmem: 0, swapcached: 600 }) / kb).toBe(0)
  })

  it('keeps what explains a class, by the names of v2', () => {
    const told = group({ anon: 1, file: 9, shmem: 0, file_dirty: 4, percpu: 3, zswap: 2, odd: 7 })?.details
    expect(told).toEqual({ file_dirty: 4 * kb, percpu: 3 * kb, zswap: 2 * kb })
    expect(group({ rss: 1, cache: 2, dirty: 4, writeback: 3, mapped_file: 2, rss_huge: 1 })?.details).toEqual({
      file_dirty: 4 * kb,
      file_writeback: 3 * kb,
      file_mapped: 2 * kb,
      anon_thp: kb,
    })
  })

  it('the group whose limit was hit, of several blocks; lines that are not hierarchical are summed', () => {
    const [own, other] = [{ ...stats({ anon: 500, file: 0, shmem: 0 }) }, { ...stats({ anon: 1, file: 0, shmem: 0 }), path: '/b' }]
    const of = (blocks: MemcgStats[]) =>
      list(accountMemcg(makeDump({ scope: 'memcg', oomMemcg: '/a', memory: counter(1000, 1000), stats: blocks })))
    expect(of([other, own])).toContain('anon 500 anon')
    expect(of([{ ...other, path: '/c' }])).toContain('anon 1 anon')
    const flat = [own, other].map((one) => ({ ...one, hierarchical: false }))
    expect(of(flat)).toContain('anon 501 anon')
    expect(of([{ ...own, values: {} }])).toEqual(['other 1000 not in the log'])
  })
})

describe('what processes tell of classes that were not printed', () => {
  const rest = (dump: Partial<OomDump>, total = 1000) =>
    settleRest(makeDump(dump), [{ id: 'file', kernelName: 'file', bytes: 100 }], total, ['anon', 'shmem', 'file'])
  const told = (dump: Partial<OomDump>) =>
    rest(dump)
      .classes.slice(1)
      .map(({ id, bytes, kernelName }) => `${id} ${bytes} ${kernelName}`)
  const row = (pid: number, rss: number, more = {}) => ({ ...makeRow({ pid, rss: 0 }), rssBytes: rss, ...more })

  it.each([
    ['nothing', {}, ['other 900 not in the log']],
    [
      'the kill line',
      { kills: [makeKill({ pid: 1, anonRssBytes: 300, shmemRssBytes: 200 })] },
      ['shmem 200 shmem-rss', 'anon 300 anon-rss', 'other 400 not in the log'],
    ],
    [
      'no more than there is',
      { kills: [makeKill({ pid: 1, anonRssBytes: 3000, shmemRssBytes: 200 })] },
      ['shmem 200 shmem-rss', 'anon 700 anon-rss'],
    ],
    ['shared memory that fills it', { kills: [makeKill({ pid: 1, anonRssBytes: 3, shmemRssBytes: 2000 })] }, ['shmem 900 shmem-rss']],
    [
      'the largest mapping once',
      { kills: [makeKill({ pid: 1, shmemRssBytes: 20 }), makeKill({ pid: 2, shmemRssBytes: 30 })] },
      ['shmem 30 shmem-rss', 'other 870 not in the log'],
    ],
    [
      'the table’s mapping beside a kill line without one',
      { kills: [makeKill({ pid: 9, anonRssBytes: 5 })], tasks: [row(1, 500, { rssShmemBytes: 60, rssAnonBytes: 10 })] },
      ['shmem 60 rss_shmem of the table', 'anon 15 rss_anon of the table', 'other 825 not in the log'],
    ],
    [
      'the kill line where both tell the same',
      { kills: [makeKill({ pid: 9, shmemRssBytes: 60 })], tasks: [row(1, 500, { rssShmemBytes: 60, rssAnonBytes: 10 })] },
      ['shmem 60 shmem-rss', 'anon 10 rss_anon of the table', 'other 830 not in the log'],
    ],
    ['rss that fills it to the byte is summed', { tasks: [row(1, 500), row(2, 400)] }, ['anon 900 rss of the table']],
    ['one exact row makes the table exact', { tasks: [row(1, 1, { rssAnonBytes: 600 }), row(2, 500)] }, ['anon 900 rss_anon of the table']],
    ['a byte', { kills: [makeKill({ pid: 1, anonRssBytes: 1 })] }, ['anon 1 anon-rss', 'other 899 not in the log']],
    ['all but a byte', { kills: [makeKill({ pid: 1, anonRssBytes: 899 })] }, ['anon 899 anon-rss', 'other 1 not in the log']],
    [
      'the table’s mapping where it is larger',
      {
        kills: [makeKill({ pid: 9, shmemRssBytes: 20 })],
        tasks: [row(1, 500, { rssShmemBytes: 60, rssAnonBytes: 10 }), row(2, 500, { rssShmemBytes: 50, rssAnonBytes: 5 })],
      },
      ['shmem 60 rss_shmem of the table', 'anon 15 rss_anon of the table', 'other 825 not in the log'],
    ],
    ['rss that fits is summed', { tasks: [row(1, 300), row(2, 400)] }, ['anon 700 rss of the table', 'other 200 not in the log']],
    [
      'rss that does not fit: the largest',
      { tasks: [row(1, 500), row(2, 401)] },
      ['anon 500 rss of the table', 'other 400 not in the log'],
    ],
    [
      'exact rows are summed whatever there is',
      { tasks: [row(1, 1, { rssAnonBytes: 600 }), row(2, 1, { rssAnonBytes: 500 })] },
      ['anon 900 rss_anon of the table'],
    ],
    [
      'the killed by its kill line',
      { kills: [makeKill({ pid: 1, anonRssBytes: 111 })], tasks: [row(1, 500), row(2, 300)] },
      ['anon 411 rss of the table', 'other 489 not in the log'],
    ],
    [
      'a victim that is not in the table adds',
      { kills: [makeKill({ pid: 7, anonRssBytes: 111 })], tasks: [row(2, 300)] },
      ['anon 411 rss of the table', 'other 489 not in the log'],
    ],
  ] as const)('%s', (_, dump, lines) => expect(told(dump as unknown as Partial<OomDump>)).toEqual(lines))

  it('names a remainder only where nothing was left out; keeps one below zero', () => {
    const all = ['anon', 'file'] as const
    const classes = all.map((id) => ({ id, kernelName: id, bytes: 100 }))
    expect(settleRest(makeDump(), classes, 500, all)).toEqual({ classes, unaccountedBytes: 300 })
    expect(settleRest(makeDump(), classes, 150, all).unaccountedBytes).toBe(-50)
    expect(rest({}, 60)).toMatchObject({ unaccountedBytes: -40 })
    // A class that was printed is its own line's, whatever processes tell.
    const kills = [makeKill({ pid: 1, anonRssBytes: 40, shmemRssBytes: 30 })]
    const printed = [{ id: 'anon' as const, kernelName: 'anon', bytes: 100 }]
    expect(settleRest(makeDump({ kills }), printed, 500, ['anon', 'file']).classes.map(({ id, bytes }) => `${id} ${bytes}`)).toEqual([
      'anon 100',
      'other 400',
    ])
    expect(rest({}, 60).classes).toHaveLength(1)
    expect(rest({ kills: [makeKill({ pid: 1, anonRssBytes: 5 })] }, 60).classes).toHaveLength(1)
  })
})

describe('hitLimit: how near is at it', () => {
  const reached = (usage: number, limit: number, order = 0) =>
    hitLimit(makeDump({ trigger: trigger(['GFP_KERNEL'], order), memory: counter(usage, limit) }))?.reached
  it.each([
    ['the batches of eight CPUs: 2 MiB', 100_000 - 2048, 100_000, 0, true],
    ['a page more', 100_000 - 2052, 100_000, 0, false],
    ['one in a hundred of a large one', 990_000, 1_000_000, 0, true],
    ['less than that', 989_900, 1_000_000, 0, false],
    ['a request of 4 MiB', 100_000 - 4096, 100_000, 10, true],
    ['more than it', 100_000 - 4100, 100_000, 10, false],
    ['above it', 100_500, 100_000, 0, true],
  ])('%s', (_, usage, limit, order, is) => expect(reached(usage, limit, order)).toBe(is))
  it.each([
    // failures of memory, of memory+swap; both at their limits, the combined one larger
    [0, 1, 'memory+swap'],
    [0, 0, 'memory'],
    [0, null, 'memory'],
    [1, 1, 'memory'],
    [null, 1, 'memory'],
  ] as const)('failures %s and %s: %s', (plain, both, of) => {
    const memory = { ...counter(1000, 1000), failcnt: plain }
    const memorySwap = { ...counter(2000, 2000), failcnt: both }
    expect(hitLimit(makeDump({ memory, memorySwap }))?.of).toBe(of)
  })
  it('no limit is never reached', () => expect(hitLimit(makeDump({ memory: counter(5, null) }))?.reached).toBe(false))
  it('an order of −1 is a page', () => expect(reached(100_000 - 2048, 100_000, -1)).toBe(true))
})
