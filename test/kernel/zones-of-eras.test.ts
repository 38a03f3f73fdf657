import { describe, expect, it } from 'vitest'
import { zoneStates } from '../../src/kernel/zones.ts'
import type { OomDump } from '../../src/model/oom-dump.ts'
import { makeDump, makeInfo, makeZone, trigger } from './make-dump.ts'

const states = (dump: Partial<OomDump>, zones: readonly ReturnType<typeof makeZone>[]) =>
  Object.fromEntries((zoneStates(makeDump({ memInfo: makeInfo({ zones }), ...dump })) ?? []).map((state) => [state.name, state]))

// A 32-bit machine of 4 GiB: Normal is at its mark, HighMem is not.
const i386 = (entries: 3 | 4) => {
  const pad = (...pages: number[]) => (entries === 3 ? pages : [...pages, pages.at(-1) ?? 0])
  return [
    makeZone('DMA', { free: 3600, min: 68, low: 84, high: 100, present: 16256 }, pad(0, 870, 3950)),
    makeZone('Normal', { free: 3000, min: 3740, low: 4680, high: 5620, present: 890000 }, pad(0, 0, 24600)),
    makeZone('HighMem', { free: 400000, min: 512, low: 3900, high: 7300, present: 3150000 }, pad(0, 0, 0)),
  ]
}

describe('zones of kernels without managed: (up to 3.7)', () => {
  it.each([3, 4] as const)('takes the reserve of the class from %i entries', (entries) => {
    const zones = states({ trigger: trigger(['GFP_KERNEL']), release: '2.6.26' }, i386(entries))
    expect(zones['DMA']).toMatchObject({ usable: true, headroomBytes: (3600 - 68 - 870 * 4) * 1024, exhausted: true })
    expect(zones['Normal']).toMatchObject({ usable: true, exhausted: true, sizeBytes: 890000 * 1024, managedBytes: null })
    expect(zones['HighMem']).toMatchObject({ usable: false, allowed: true, exhausted: false, sizeBytes: 3150000 * 1024 })
  })

  it('lets a page for user space use all of them', () => {
    const zones = states({ trigger: trigger(['GFP_HIGHUSER_MOVABLE']) }, i386(4))
    expect(zones['DMA']?.headroomBytes).toBe((3600 - 68 - 3950 * 4) * 1024)
    expect(zones['HighMem']).toMatchObject({ usable: true, exhausted: false })
  })

  it('takes a zone whose size ran below zero for one without a size, and its marks as printed', () => {
    const dma = makeZone('DMA', { free: 1600, min: Number.MAX_SAFE_INTEGER / 1024 }, [0, 2000, 2000])
    const zones = states({ trigger: trigger(['GFP_DMA']) }, [
      dma,
      makeZone('DMA32', { free: 2000000, min: 5700, present: 2070000 }, [0, 0, 0]),
    ])
    expect(zones['DMA']).toMatchObject({ usable: true, sizeBytes: null, exhausted: true })
    expect(zones['DMA32']?.usable).toBe(false)
  })
})

describe('a request of more than one page', () => {
  const normal = (buddy: Parameters<typeof makeZone>[3]) => [
    makeZone('Normal', { free: 42000, min: 3700, low: 4700, high: 5600, present: 886000 }, null, buddy),
  ]
  // 10,400 single pages and nine blocks of 16 kB and more.
  const crumbs = normal([
    [0, 10400, null],
    [1, 40, null],
    [2, 8, null],
    [4, 1, null],
  ])

  it.each([
    ['2.6.31-19-generic', false],
    ['3.16.0-4-686-pae', false],
    ['4.3.5', false],
    ['4.4.0', true],
    ['6.8.0', true],
  ])('%s: per-order watermarks up to 4.3, one block is enough after', (release, hasBlock) => {
    const zones = states({ trigger: trigger(['GFP_KERNEL'], 2), release }, crumbs)
    expect(zones['Normal']).toMatchObject({ exhausted: false, hasBlock, blockBytes: (8 * 16 + 64) * 1024 })
  })

  it.each([
    [0xd0, true],
    [0x1200d2, true],
    [0x24000c0, false],
  ])('tells the rule by the bare mask %i where no release is printed', (gfpValue, perOrder) => {
    const t = { ...trigger(['GFP_KERNEL'], 2), gfpValue, gfpDecoded: true }
    expect(states({ trigger: t }, crumbs)['Normal']?.hasBlock).toBe(!perOrder)
  })

  it('tells it by the letters where the head is lost: none up to 3.7, R up to 4.3', () => {
    const t = { ...trigger([], 2), gfpMask: null }
    const withLetters = (types: string) =>
      normal([
        [0, 10400, types],
        [2, 8, 'U'],
      ])
    expect(states({ trigger: t }, crumbs)['Normal']?.hasBlock).toBe(false)
    expect(states({ trigger: t }, withLetters('UR'))['Normal']?.hasBlock).toBe(false)
    expect(states({ trigger: t }, withLetters('UME'))['Normal']?.hasBlock).toBe(true)
  })

  it('halves the mark with each order', () => {
    // Of order 1 and above 2,700 kB, more than half of 3,700; of order 2 and above 1,500, more than a quarter.
    const enough = normal([
      [0, 9700, null],
      [1, 150, null],
      [2, 94, null],
    ])
    expect(states({ trigger: trigger(['GFP_KERNEL'], 2), release: '3.2.0' }, enough)['Normal']?.hasBlock).toBe(true)
  })

  it('lets a request through that leaves half the mark at each order', () => {
    const plenty = normal([
      [0, 500, null],
      [1, 500, null],
      [2, 2300, null],
    ])
    expect(states({ trigger: trigger(['GFP_KERNEL'], 2), release: '3.2.0' }, plenty)['Normal']?.hasBlock).toBe(true)
  })
})

describe('which zones a request may use', () => {
  const zones = ['DMA', 'DMA32', 'Normal', 'Movable'].map((name) => makeZone(name, { free: 100000, min: 1000, managed: 1000000 }))
  it.each([
    [['GFP_KERNEL'], ['DMA', 'DMA32', 'Normal']],
    [
      ['GFP_HIGHUSER', '__GFP_ACCOUNT'],
      ['DMA', 'DMA32', 'Normal'],
    ],
    [['GFP_HIGHUSER_MOVABLE'], ['DMA', 'DMA32', 'Normal', 'Movable']],
    [
      ['GFP_USER', '__GFP_MOVABLE'],
      ['DMA', 'DMA32', 'Normal'],
    ],
    [
      ['GFP_NOFS', '__GFP_HIGHMEM', '__GFP_MOVABLE'],
      ['DMA', 'DMA32', 'Normal', 'Movable'],
    ],
    [['GFP_DMA32'], ['DMA', 'DMA32']],
    [['GFP_KERNEL', 'GFP_DMA'], ['DMA']],
  ])('%j: %j', (flags, usable) => {
    expect(
      (zoneStates(makeDump({ trigger: trigger(flags), memInfo: makeInfo({ zones }) })) ?? []).filter((z) => z.usable).map((z) => z.name),
    ).toEqual(usable)
  })

  it('may be any where no mask is in the log', () => {
    expect((zoneStates(makeDump({ memInfo: makeInfo({ zones }) })) ?? []).every((z) => z.usable)).toBe(true)
  })
})
