import { describe, expect, it } from 'vitest'
import { accountingInForce } from '../../src/kernel/accounting.ts'
import { accountPart } from '../../src/kernel/part-accounting.ts'
import { blockFit } from '../../src/kernel/zone-blocks.ts'
import { reserveOf, zoneClassOf } from '../../src/kernel/zone-types.ts'
import { weighty, zoneStates } from '../../src/kernel/zones.ts'
import type { Accounting } from '../../src/model/figures.ts'
import type { MemInfo, OomDump } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeInfo, makeZone, trigger } from './make-dump.ts'

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
    return accountPart(dump, zoneStates(dump) ?? [])
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
  it('of two zones both must tell their lists; slab is that of whichever tells it', () => {
    const of = (...usable: Record<string, number>[]) => {
      const zones = [
        ...usable.map((values, at) => makeZone(at === 0 ? 'DMA' : 'DMA32', values)),
        makeZone('Normal', { ...low, managed: 9000 }),
      ]
      const dump = makeDump({ scope: 'global', trigger: trigger(['GFP_DMA32']), memInfo: makeInfo({ zones }) })
      return accountPart(dump, zoneStates(dump) ?? [])
    }
    const { active_anon: _, ...bare } = low
    const pair = { free: 40, managed: 1000, active: 300, inactive: 100 }
    expect([of(low, bare), of(bare, low), of(pair, bare), of(pair, low)?.classes[0]?.id ?? null]).toEqual([null, null, null, null])
    expect(list(of(pair, pair))[0]).toBe('other 800 active + inactive')
    expect(of(low, low)?.totalBytes).toBe(2000 * kb)
    const slabs = { slab_reclaimable: 3, slab_unreclaimable: 4 }
    for (const both of [
      [low, { ...low, ...slabs }],
      [{ ...low, ...slabs }, low],
    ] as const)
      expect(list(of(...both))).toContain('slab 7 slab_reclaimable + slab_unreclaimable')
  })
  it('a byte that no class holds is not printed; one that is not there is none', () => {
    expect(list(part({ ...low, managed: 492 + 1 / 1024 })).at(-1)).toBe(`other ${1 / 1024} not in the log`)
    expect(list(part(low)).some((line) => line.startsWith('shmem'))).toBe(false)
    expect(list(part({ ...low, shmem: 1 / 1024 }))).toContain(`shmem ${1 / 1024} shmem`)
  })
  it('slab of the machine is that of low memory only where the part lies below high memory', () => {
    const counters = { active_anon: 0, inactive_anon: 0, slab: 60 * kb }
    const zones = [makeZone('Normal', low), makeZone('HighMem', low), makeZone('Movable', { ...low, managed: 9000 })]
    const of = (flags: readonly string[]) => {
      const dump = makeDump({ scope: 'global', trigger: trigger(flags), memInfo: makeInfo({ zones, counters }) })
      return list(accountPart(dump, zoneStates(dump) ?? [])).some((line) => line.startsWith('slab'))
    }
    expect([of(['GFP_KERNEL']), of(['GFP_HIGHUSER'])]).toEqual([true, false])
  })
  it('its own zone lines are enough: the machine’s counters may be lost', () => {
    const zones = [makeZone('Normal', low, null, null, 0)]
    const dump = makeDump({
      scope: 'global',
      constraint: 'cpuset',
      memsAllowed: '0',
      trigger: trigger(['GFP_KERNEL']),
      memInfo: makeInfo({ zones }),
    })
    expect(accountingInForce(dump, 'global')).toMatchObject({ scope: 'part', totalBytes: 1000 * kb })
  })
  it('only a part was short where what could be used was, all of it, and what could not be was not', () => {
    const scope = (full: readonly boolean[], high: Record<string, number>) => {
      const zones = [
        ...full.map((is, at) => makeZone(at === 0 ? 'DMA' : 'DMA32', { ...low, free: is ? 0 : 700, managed: 2000 })),
        makeZone('Normal', { ...low, managed: 9000, ...high }),
      ]
      const memInfo = makeInfo({ zones, ramBytes: (9000 + 2000 * full.length) * kb, reservedBytes: 0 })
      return accountingInForce(makeDump({ scope: 'global', trigger: trigger(['GFP_DMA32']), memInfo }), 'global')?.scope
    }
    expect(scope([true, true], { free: 8000 })).toBe('part')
    expect(scope([true, false], { free: 8000 })).toBe('machine')
    expect(scope([false, false], { free: 8000 })).toBe('machine')
    expect(scope([true, true], { free: 9 })).toBe('machine')
  })
  it('nine tenths to the byte; a zone whose size is lost adds nothing', () => {
    const force = (managed: number, more: Record<string, number>) => {
      const zones = [
        makeZone('DMA', more),
        makeZone('DMA32', { ...low, managed }),
        makeZone('Normal', { ...low, free: 600, managed: 1000 - managed }),
      ]
      const memInfo = makeInfo({ zones, ramBytes: 1000 * kb, reservedBytes: 0, counters: { free: 600 * kb } })
      return accountingInForce(makeDump({ scope: 'global', trigger: trigger(['GFP_DMA32']), memInfo }), 'global')?.scope ?? null
    }
    const { managed: _, ...sizeless } = low
    expect(force(900, sizeless)).toBe('machine')
    expect(force(900 - 1 / 1024, sizeless)).toBe('part')
  })
  it('the group’s figures where its limit was hit', () => {
    const dump = makeDump({
      scope: 'memcg',
      memory: counter(100, 100),
      memInfo: makeInfo({ ramBytes: 1000 * kb, reservedBytes: 0, counters: { free: kb } }),
    })
    expect(accountingInForce(dump, 'memcg')).toMatchObject({ scope: 'memcg', totalBytes: 100 * kb })
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

  it('an empty zone above takes no step: its entry repeats the one below', () => {
    const zones = ['DMA', 'DMA32', 'Normal', 'Movable'].map((name) =>
      makeZone(name, { free: 1, managed: name === 'Movable' ? 0 : 10 }, name === 'DMA' ? [0, 100, 500, 500] : [0, 0, 400, 400]),
    )
    const [dma, dma32] = zones as [(typeof zones)[number], (typeof zones)[number]]
    expect([reserveOf(dma, 'Normal', zones), reserveOf(dma, 'DMA32', zones), reserveOf(dma32, 'Movable', zones)]).toEqual([
      500 * 4096,
      100 * 4096,
      400 * 4096,
    ])
    expect(reserveOf({ ...dma, lowmemReserveBytes: null }, 'Normal', zones)).toBe(0)
  })

  it('a thirty-second of what is usable decides something, less does not', () => {
    const state = (sizeBytes: number | null) => ({ sizeBytes }) as Parameters<typeof weighty>[0][number]
    expect(weighty([state(31), state(1)])).toHaveLength(2)
    expect(weighty([state(32), state(1)])).toHaveLength(1)
    expect(weighty([state(32), state(null)])).toHaveLength(2)
    expect(weighty([state(31), state(1), state(null)])).toHaveLength(3)
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
  it('names that the kernel printed (4.6 and later) go before letters that were lost', () => {
    const zones = [
      makeZone('Normal', { free: 1, min: 60 }, null, [
        [0, 100, null],
        [2, 2, null],
      ]),
    ]
    const fits = (flags: readonly string[]) =>
      blockFit(zones[0] as (typeof zones)[number], 2, false, makeDump({ trigger: trigger(flags), memInfo: makeInfo({ zones }) }))?.fits
    expect([fits(['GFP_KERNEL']), fits([])]).toEqual([true, false])
  })
  it('the letters of all zones tell: one with R is enough, one without is not old', () => {
    const of = (first: string | null, second: string | null) => {
      const zones = [
        makeZone('Normal', { free: 1, min: 60 }, null, [
          [0, 100, 'U'],
          [2, 2, first],
        ]),
        makeZone('DMA32', { free: 1, min: 1 }, null, [[0, 1, second]]),
      ]
      return blockFit(zones[0] as (typeof zones)[number], 2, false, makeDump({ memInfo: makeInfo({ zones }) }))?.fits
    }
    expect([of('U', 'R'), of('U', 'U'), of(null, 'U')]).toEqual([false, true, true])
  })
  it('a mask of one bit is an old one: every mask of 4.4 and later asks for reclaim', () => {
    const bare = { ...trigger(['GFP_DMA'], 2), gfpDecoded: true, gfpValue: 1 }
    expect(
      found(
        [
          [0, 100, 'U'],
          [2, 2, 'U'],
        ],
        2,
        false,
        { release: null, trigger: bare },
        60,
      )?.fits,
    ).toBe(false)
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
