import { describe, expect, it } from 'vitest'
import { accountingInForce, accountMachine } from '../../src/kernel/accounting.ts'
import { accountPart } from '../../src/kernel/part-accounting.ts'
import { blockFit } from '../../src/kernel/zone-blocks.ts'
import { reserveOf, zoneClassOf } from '../../src/kernel/zone-types.ts'
import { weighty, zoneStates } from '../../src/kernel/zones.ts'
import type { Accounting } from '../../src/model/figures.ts'
import type { MemInfo, OomDump } from '../../src/model/oom-dump.ts'
import { makeDump, makeInfo, makeZone, trigger } from './make-dump.ts'

const kb = 1024
const list = (accounting: Accounting | null) =>
  (accounting?.classes ?? []).map(({ id, kernelName, bytes }) => `${id} ${bytes / kb} ${kernelName}`)
describe('a part of the machine', () => {
  const low = { free: 40, free_pcp: 2, managed: 1000, active_anon: 300, inactive_anon: 100, active_file: 20, inactive_file: 30, min: 9 }
  const part = (values: Record<string, number>, more: Partial<MemInfo> = {}, name = 'DMA32') => {
    const zones = [makeZone(name, values), makeZone(name === 'Normal' ? 'HighMem' : 'Normal', { ...low, free: 9000, managed: 9000 })]
    const dump = makeDump({
      scope: 'global',
      trigger: trigger([name === 'Normal' ? 'GFP_KERNEL' : 'GFP_DMA32']),
      memInfo: makeInfo({ zones, ...more }),
    })
    return accountPart(dump, zoneStates(dump) ?? [], accountMachine(dump))
  }
  it('adds what its zone lines tell', () => {
    const values = {
      ...low,
      'isolated(anon)': 4,
      'isolated(file)': 5,
      shmem: 50,
      slab_reclaimable: 6,
      slab_unreclaimable: 7,
      pagetables: 8,
      kernel_stack: 9,
      bounce: 1,
    }
    expect(list(part(values))).toEqual([
      'anon 354 active_anon + inactive_anon − shmem',
      'shmem 50 shmem',
      'file 55 active_file + inactive_file',
      'slab 13 slab_reclaimable + slab_unreclaimable',
      'pagetables 8 pagetables',
      'kernel 10 kernel_stack + bounce',
      'free 42 free + free_pcp',
      'other 468 not in the log',
    ])
    expect(part(values)).toMatchObject({ scope: 'part', totalBytes: 1000 * kb, unaccountedBytes: 0, details: { min_watermarks: 9 * kb } })
  })
  it('shared memory is no more than the lists; a full part has no rest', () => {
    expect(list(part({ ...low, shmem: 900 }))).toEqual(
      expect.arrayContaining(['anon 0 active_anon + inactive_anon − shmem', 'shmem 400 shmem']),
    )
    expect(list(part({ ...low, managed: 492 })).at(-1)).toBe('free 42 free + free_pcp')
  })
  it('slab of 4.13 and later stands on no zone line; with high memory all of it is below', () => {
    const counters = { active_anon: 0, inactive_anon: 0, slab_reclaimable: 60 * kb, slab_unreclaimable: 40 * kb }
    expect(list(part(low, { counters })).some((line) => line.startsWith('slab'))).toBe(false)
    expect(list(part(low, { counters }, 'Normal'))).toContain('slab 100 slab_reclaimable + slab_unreclaimable')
  })
  it('is nothing without the lists of its zones, or their sizes', () => {
    const { active_anon: _, ...bare } = low
    expect(part(bare)).toBeNull()
    expect(part({ ...low, managed: 0 })).toBeNull()
  })
  it('nine tenths of a machine are the machine', () => {
    const force = (managed: number) => {
      const zones = [makeZone('DMA32', { ...low, managed }), makeZone('Normal', { ...low, free: 600, managed: 1000 - managed })]
      const memInfo = makeInfo({ zones, ramBytes: 1000 * kb, reservedBytes: 0 })
      return accountingInForce(makeDump({ scope: 'global', trigger: trigger(['GFP_DMA32']), memInfo }), 'global')?.scope
    }
    expect([force(900), force(899)]).toEqual(['machine', 'part'])
  })
  it('a kill by hand was held to no part', () => {
    const zones = [makeZone('DMA32', low), makeZone('Normal', { ...low, free: 9000, managed: 9000 })]
    const dump = makeDump({ scope: 'global', trigger: trigger(['GFP_DMA32']), memInfo: makeInfo({ zones }) })
    expect(accountingInForce({ ...dump, manual: true }, 'global')?.scope).toBe('machine')
    expect(accountingInForce(dump, 'global')?.scope).toBe('part')
    expect(accountingInForce(dump, null)).toBeNull()
  })
})

describe('zones and their free blocks', () => {
  it.each([
    [['GFP_DMA'], 'DMA'],
    [['GFP_KERNEL', '__GFP_DMA'], 'DMA'],
    [['GFP_DMA32'], 'DMA32'],
    [['GFP_KERNEL', '__GFP_DMA32'], 'DMA32'],
    [['GFP_HIGHUSER_MOVABLE'], 'Movable'],
    [['GFP_TRANSHUGE'], 'Movable'],
    [['GFP_TRANSHUGE_LIGHT'], 'Movable'],
    [['GFP_HIGHUSER'], 'HighMem'],
    [['GFP_HIGHUSER', '__GFP_MOVABLE'], 'Movable'],
    [['__GFP_HIGHMEM', '__GFP_MOVABLE'], 'Movable'],
    [['GFP_KERNEL', '__GFP_MOVABLE'], 'Normal'],
    [[], 'Normal'],
  ] as const)('%j may use up to %s', (flags, zone) => expect(zoneClassOf(flags)).toBe(zone))

  it('takes the reserve of the class, counted from the top', () => {
    const node = ['DMA', 'DMA32', 'Normal', 'Movable'].map((name) =>
      makeZone(name, { free: 1, managed: 10 }, name === 'DMA' ? [0, 100, 500, 900] : [0, 0, 400, 800]),
    )
    const reserve = (at: number, zone: Parameters<typeof reserveOf>[1]) => reserveOf(node[at] as (typeof node)[number], zone, node) / 4096
    expect([reserve(0, 'DMA'), reserve(0, 'DMA32'), reserve(0, 'Normal'), reserve(0, 'Movable')]).toEqual([0, 100, 500, 900])
    expect([reserve(1, 'DMA32'), reserve(1, 'Normal'), reserve(1, 'Movable')]).toEqual([0, 400, 800])
    const empty = [node[0], makeZone('DMA32', { free: 1, managed: 0 }), node[2], node[3]] as typeof node
    expect(
      reserveOf({ ...(node[0] as (typeof node)[number]), lowmemReserveBytes: [0, 0, 500 * 4096, 900 * 4096] }, 'Normal', empty) / 4096,
    ).toBe(500)
  })

  it('a thirty-second of what is usable decides something, less does not', () => {
    const state = (sizeBytes: number | null) => ({ sizeBytes }) as Parameters<typeof weighty>[0][number]
    expect(weighty([state(31), state(1)])).toHaveLength(2)
    expect(weighty([state(32), state(1)])).toHaveLength(1)
    expect(weighty([state(32), state(null)])).toHaveLength(2)
  })

  it.each([
    // free kB, min kB → exhausted: a quarter of min, 64 pages at least
    [12_499, 10_000, true],
    [12_500, 10_000, false],
    [355, 100, true],
    [356, 100, false],
  ])('%i kB free over a mark of %i kB: exhausted %s', (free, min, exhausted) => {
    const memInfo = makeInfo({ zones: [makeZone('Normal', { free, min })] })
    expect(zoneStates(makeDump({ trigger: trigger(['GFP_KERNEL']), memInfo }))?.[0]?.exhausted).toBe(exhausted)
  })

  const found = (
    buddy: NonNullable<Parameters<typeof makeZone>[3]>,
    order: number,
    movable = false,
    more: Partial<OomDump> = {},
    min = 0,
  ) => blockFit(makeZone('Normal', { free: 1, min }, null, buddy), order, movable, makeDump({ release: '6.1.0', ...more }))
  it('wants a block of the order or larger, of a type that it may take', () => {
    expect(found([[2, 1, 'U']], 2)).toEqual({ bytes: 4 * 4096, fits: true })
    expect(found([[1, 9, 'U']], 2)).toEqual({ bytes: 0, fits: false })
    expect(
      found(
        [
          [3, 0, null],
          [2, 0, null],
        ],
        2,
      ),
    ).toEqual({ bytes: 0, fits: false })
    expect([found([[2, 1, 'C']], 2)?.fits, found([[2, 1, 'C']], 2, true)?.fits, found([[2, 1, 'H']], 2, true)?.fits]).toEqual([
      false,
      true,
      false,
    ])
    expect(found([], 2)).toBeNull()
  })
  it('up to 4.3 the mark holds order by order', () => {
    const old = { release: '3.10.0' }
    // 400 kB in order 0, two blocks of 16 kB: above order 0 stay 32 kB less what the request takes, against half and a quarter of the mark.
    const buddy = [
      [0, 100, 'U'],
      [2, 2, 'U'],
    ] as NonNullable<Parameters<typeof makeZone>[3]>
    expect([found(buddy, 2, false, old, 60)?.fits, found(buddy, 2, false, old, 40)?.fits, found(buddy, 2, false, old, 39)?.fits]).toEqual([
      false,
      false,
      true,
    ])
    expect(found(buddy, 2, false, { release: '4.4.0' }, 60)?.fits).toBe(true)
    expect(found(buddy, 2, false, { release: '4.3.0' }, 60)?.fits).toBe(false)
  })
  it.each([
    ['the bits of an old mask', { trigger: { ...trigger(['GFP_KERNEL'], 2), gfpDecoded: true, gfpValue: 0xd0 } }, false],
    ['the bits of a new one', { trigger: { ...trigger(['GFP_KERNEL'], 2), gfpDecoded: true, gfpValue: 0xcc0 } }, true],
    ['names that the kernel printed (4.6 and later)', { trigger: trigger(['GFP_KERNEL'], 2) }, true],
  ])('without a release: %s', (_, more, fits) => {
    expect(
      found(
        [
          [0, 100, 'U'],
          [2, 2, 'U'],
        ],
        2,
        false,
        { release: null, ...more },
        60,
      )?.fits,
    ).toBe(fits)
  })
  it.each([
    ['no letters (up to 3.7)', null, false],
    ['a reserve block (up to 4.3)', 'UR', false],
    ['letters without one', 'UM', true],
  ])('without a mask: %s', (_, types, fits) => {
    const zones = [
      makeZone('Normal', { free: 1, min: 60 }, null, [
        [0, 100, types],
        [2, 2, types],
        [3, 0, null],
      ]),
    ]
    const dump = makeDump({ release: null, memInfo: makeInfo({ zones }) })
    expect(blockFit(zones[0] as (typeof zones)[number], 2, false, dump)?.fits).toBe(fits)
  })
})
