import { describe, expect, it } from 'vitest'
import { accountMachine } from '../../src/kernel/accounting.ts'
import { counterOf } from '../../src/kernel/machine-counters.ts'
import type { Accounting } from '../../src/model/figures.ts'
import type { MemInfo } from '../../src/model/oom-dump.ts'
import { makeDump, makeInfo, makeZone } from './make-dump.ts'

const kb = 1024
const list = (accounting: Accounting | null) =>
  (accounting?.classes ?? []).map(({ id, kernelName, bytes }) => `${id} ${bytes / kb} ${kernelName}`)
describe('the machine, line by line', () => {
  const base = {
    active_anon: 100,
    inactive_anon: 200,
    active_file: 30,
    inactive_file: 40,
    slab_unreclaimable: 50,
    pagetables: 10,
    free: 70,
  }
  const machine = (counters: Record<string, number>, info: Partial<MemInfo> = {}) =>
    accountMachine(
      makeDump({
        scope: 'global',
        memInfo: makeInfo({
          counters: Object.fromEntries(Object.entries(counters).map(([key, value]) => [key, value * kb])),
          ramBytes: 1000 * kb,
          reservedBytes: 0,
          ...info,
        }),
      }),
    )
  it.each([
    ['the lists', {}, 'anon 300 active_anon + inactive_anon + isolated_anon − shmem'],
    ['isolated pages with them', { isolated_anon: 5, isolated_file: 6 }, 'anon 305 active_anon + inactive_anon + isolated_anon − shmem'],
    ['isolated file pages', { isolated_file: 6 }, 'file 76 active_file + inactive_file + isolated_file'],
    ['shared memory out of the anonymous lists', { shmem: 120 }, 'anon 180 active_anon + inactive_anon + isolated_anon − shmem'],
    ['shared memory itself', { shmem: 120 }, 'shmem 120 shmem'],
    ['what of it is locked', { shmem: 350, unevictable: 80 }, 'shmem 350 shmem'],
    ['locked pages beside it', { shmem: 350, unevictable: 80 }, 'other 30 unevictable'],
    ['locked pages', { unevictable: 80 }, 'other 80 unevictable'],
    ['both slabs', { slab_reclaimable: 7 }, 'slab 57 slab_reclaimable + slab_unreclaimable'],
    ['one slab of old kernels', { slab: 9 }, 'slab 9 slab_reclaimable + slab_unreclaimable'],
    ['page tables of devices', { sec_pagetables: 3 }, 'pagetables 13 pagetables + sec_pagetables'],
    ['bounce buffers and misc', { bounce: 3, kernel_misc_reclaimable: 4 }, 'kernel 7 kernel_stack + kernel_misc_reclaimable + bounce'],
    ['lists of CPUs', { free_pcp: 5 }, 'free 75 free + free_pcp'],
  ])('%s', (_, counters, line) => expect(list(machine({ ...base, ...counters }))).toContain(line))

  it('no locked pages, no class for them', () => expect(list(machine(base)).some((line) => line.includes('unevictable'))).toBe(false))

  it('is told with any of its lists, or with what is free of a known total', () => {
    expect(machine({ active_file: 30, inactive_file: 40 })).not.toBeNull()
    expect(machine({ active_anon: 30, inactive_anon: 40 })).not.toBeNull()
    expect(machine({ active: 30, inactive: 40 })).not.toBeNull()
    expect(machine({ slab_unreclaimable: 30 })).toBeNull()
    const few = { active_file: 1, inactive_file: 2 }
    expect(machine(few, { ramBytes: 4096 })).not.toBeNull()
    expect(machine(few, { ramBytes: 4095 })).toBeNull()
  })

  it.each([
    ['all three', {}, true],
    ['no slab', { slab_unreclaimable: null }, false],
    ['no anonymous lists', { inactive_anon: null, active_anon: null }, false],
    ['no file lists', { inactive_file: null, active_file: null }, false],
    ['locked pages beside them', { unevictable: 5 }, true],
    ['locked pages are no old lists: file alone is not all', { unevictable: 5, inactive_anon: null }, false],
    ['no page tables, which are few', { pagetables: null }, true],
  ])('without a total the counted pages are the whole only with %s', (_, more, whole) => {
    const counters = Object.entries({ ...base, ...more }).filter((entry): entry is [string, number] => entry[1] !== null)
    expect(machine(Object.fromEntries(counters), { ramBytes: null }) !== null).toBe(whole)
  })

  it('of old kernels without a total: lists, slab and free pages', () => {
    const old = { active: 300, inactive: 100, slab: 50, free: 70 }
    expect(machine(old, { ramBytes: null })).toMatchObject({ totalBytes: 520 * kb, unaccountedBytes: 0 })
    expect(machine({ active: 300, inactive: 100, free: 70 }, { ramBytes: null })).toBeNull()
  })

  it('huge pages are of a known total', () => {
    const hugepages = [{ node: 0, total: 3, free: 2, surplus: 0, pageBytes: kb }] as unknown as MemInfo['hugepages']
    const of = (info: Partial<MemInfo>) => list(machine(base, info)).some((line) => line.startsWith('hugepages'))
    expect([of({ hugepages }), of({ hugepages, ramBytes: null }), of({})]).toEqual([true, false, false])
    const none = [{ node: 0, total: 0, free: 0, surplus: 0, pageBytes: kb }] as unknown as MemInfo['hugepages']
    expect(list(machine(base, { hugepages: none, ramBytes: null })).some((line) => line.startsWith('hugepages'))).toBe(false)
  })

  it('shared memory and locked pages: what is larger than the lists is on the locked ones', () => {
    const of = (more: Record<string, number>, lost: readonly string[] = []) =>
      list(machine(Object.fromEntries(Object.entries({ ...base, ...more }).filter(([key]) => !lost.includes(key))))).filter((line) =>
        /anon|shmem|unevict/.test(line),
      )
    expect(of({ shmem: 350, unevictable: 80 })).toEqual([
      'anon 0 active_anon + inactive_anon + isolated_anon − shmem',
      'shmem 350 shmem',
      'other 30 unevictable',
    ])
    expect(of({ shmem: 500, unevictable: 80 })).toEqual(['anon 0 active_anon + inactive_anon + isolated_anon − shmem', 'shmem 380 shmem'])
    expect(of({ shmem: 100, unevictable: 80 })).toContain('other 80 unevictable')
    // The anonymous lists are not printed: nothing is known of them, and the shared memory is what its own line says.
    expect(of({ shmem: 120 }, ['inactive_anon'])).toEqual(['shmem 120 shmem'])
  })

  it('what boot kept for itself is told, what is zero is not', () => {
    expect(machine(base, { reservedBytes: 100 * kb })?.details).toMatchObject({ reserved: 100 * kb, ram: 1000 * kb })
    const details = machine({ ...base, dirty: 0 })?.details ?? {}
    for (const key of ['reserved', 'dirty', 'balloon', 'gpu', 'zspages', 'hugepages_free', 'min_watermarks', 'kernel_stack'])
      expect(Object.keys(details)).not.toContain(key)
  })

  it('up to 2.6.27: one pair of lists, told apart by mapped-anon in RHEL5 only', () => {
    const old = { active: 300, inactive: 100, slab: 50, free: 70, pagetables: 5 }
    expect(list(machine(old))).toContain('other 400 Active + inactive')
    expect(list(machine({ ...old, 'mapped-anon': 250 }))).toEqual(
      expect.arrayContaining(['anon 250 mapped-anon', 'file 150 Active + inactive − mapped-anon']),
    )
    expect(list(machine({ ...old, 'mapped-anon': 900 }))).toEqual(
      expect.arrayContaining(['anon 400 mapped-anon', 'file 0 Active + inactive − mapped-anon']),
    )
    expect(machine(old)?.unaccountedBytes).toBe((1000 - 400 - 50 - 70 - 5) * kb)
  })

  it('stacks by node (5.9 and later), else by zone; pools, zswap’s pages, watermarks', () => {
    const node = {
      node: 0,
      values: { kernel_stack: 8 * kb, shadow_call_stack: 2 * kb, Balloon: 5 * kb, gpu_active: kb, gpu_reclaim: kb },
      quotes: [],
    }
    const zones = [makeZone('Normal', { kernel_stack: 3, zspages: 4, min: 6 }), makeZone('DMA32', { kernel_stack: 1, zspages: 1, min: 2 })]
    const pool = { node: 0, total: 3, free: 2, surplus: 0, pageBytes: 20 * kb }
    const by = (info: Partial<MemInfo>) => machine(base, { ...info, hugepages: [pool, pool] } as unknown as Partial<MemInfo>)
    const whole = by({ nodes: [node, node] as unknown as MemInfo['nodes'], zones })
    expect(list(whole)).toEqual(
      expect.arrayContaining([
        'kernel 20 kernel_stack + kernel_misc_reclaimable + bounce',
        'hugepages 120 hugepages_total × hugepages_size',
        'other 5 zspages',
      ]),
    )
    expect(whole?.details).toMatchObject({
      kernel_stack: 20 * kb,
      balloon: 10 * kb,
      gpu: 4 * kb,
      zspages: 5 * kb,
      hugepages_free: 80 * kb,
      min_watermarks: 8 * kb,
      ram: 1000 * kb,
      slab_unreclaimable: 50 * kb,
      free: 70 * kb,
    })
    expect(Object.keys(whole?.details ?? {})).not.toContain('reserved')
    expect(Object.keys(whole?.details ?? {})).not.toContain('dirty')
    expect(list(by({ zones }))).toContain('kernel 4 kernel_stack + kernel_misc_reclaimable + bounce')
  })

  it('a pool as large as the machine is a damaged line', () => {
    const pool = (total: number) => [{ node: 0, total, free: 0, surplus: 0, pageBytes: kb }] as unknown as MemInfo['hugepages']
    expect(list(machine(base, { hugepages: pool(999) }))).toContain('hugepages 999 hugepages_total × hugepages_size')
    expect(list(machine(base, { hugepages: pool(1000) })).some((line) => line.startsWith('hugepages'))).toBe(false)
  })

  it('is nothing without lists and a total, or with a total that is none', () => {
    expect(machine({ free: 70 }, { ramBytes: null })).toBeNull()
    expect(machine({ free: 70 })).not.toBeNull()
    expect(machine({ slab: 1 })).toBeNull()
    expect(machine({ active_file: 0, inactive_file: 0 }, { ramBytes: 0 })).toBeNull()
    // Nor is one that the counters pass.
    for (const ramBytes of [null, 0, 4096, 450 * kb])
      expect(machine({ ...base }, { ramBytes })).toMatchObject({ totalName: 'counted pages', totalBytes: 500 * kb, unaccountedBytes: 0 })
    expect(accountMachine(makeDump())).toBeNull()
  })

  it('a counter by node lines, else by zone lines that are all of the machine', () => {
    const node = (values: Record<string, number>) => ({ node: 0, values, quotes: [] })
    const info = (nodes: readonly object[], zones: MemInfo['zones'], more: Partial<MemInfo> = {}) =>
      makeInfo({ nodes: nodes as MemInfo['nodes'], zones, ...more })
    const zone = (extra: Record<string, number>) => makeZone('Normal', { managed: 850, ...extra })
    expect(counterOf(info([node({ 'isolated(anon)': 3 }), node({ 'isolated(anon)': 4 })], []), 'isolated_anon', false)).toBe(7)
    expect(counterOf(info([node({ mapped: 3 }), node({})], [zone({ mapped: 9 })]), 'mapped', false)).toBe(9 * kb)
    expect(counterOf(info([], [zone({ free: 9 }), zone({})]), 'free', false)).toBeUndefined()
    expect(counterOf(info([], [zone({ free: 9 })], { ramBytes: 1100 * kb, reservedBytes: 100 * kb }), 'free', false)).toBe(9 * kb)
    expect(counterOf(info([], [zone({ free: 9 })], { ramBytes: 1101 * kb, reservedBytes: 100 * kb }), 'free', false)).toBeUndefined()
    expect(counterOf(info([], [makeZone('Normal', { free: 9 })]), 'free', false)).toBeUndefined()
    expect(counterOf(info([], [zone({ free: 9 }), makeZone('DMA', { free: 9 })]), 'free', false)).toBeUndefined()
    expect(counterOf(info([], [zone({ free: 9 })], { ramBytes: 1000 * kb }), 'free', false)).toBe(9 * kb)
    expect(counterOf(info([], [zone({ free: 9 })], { ramBytes: 1001 * kb }), 'free', false)).toBeUndefined()
    expect(counterOf(info([node({ mapped: 3 })], [zone({ mapped: 9 })]), 'mapped', false)).toBe(3)
    expect(counterOf(info([], []), 'mapped', false)).toBeUndefined()
    expect(counterOf(info([node({ mapped: 3 })], []), 'mapped', true)).toBeUndefined()
    expect(counterOf(info([], [], { counters: { mapped: 5 } }), 'mapped', true)).toBe(5)
  })
})
