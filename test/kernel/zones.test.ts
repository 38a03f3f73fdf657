import { expect, test } from 'vitest'
import { nodeList } from '../../src/kernel/total-pages.ts'
import { zoneClassOf, zoneStates } from '../../src/kernel/zones.ts'
import { makeDump, makeInfo, makeZone, trigger } from './make-dump.ts'

const kernel = ['GFP_KERNEL']
const movable = ['GFP_HIGHUSER_MOVABLE']

// §12.6: a real 8 GB report, all three zones exhausted although 95 MB were free.
test('8 GB machine: lowmem_reserve protects DMA and DMA32', () => {
  const zones = [
    makeZone('DMA', { free: 15900, min: 132, low: 165, high: 198 }, [0, 2802, 7792, 7792]),
    makeZone('DMA32', { free: 43500, min: 24252, low: 30312, high: 36372 }, [0, 0, 4990, 4990]),
    makeZone('Normal', { free: 36200, min: 43192, low: 53988, high: 64788 }, [0, 0, 0, 0]),
  ]
  const states = zoneStates(makeDump({ trigger: trigger(movable), memInfo: makeInfo({ zones }) }))
  expect(states?.map((zone) => [zone.name, zone.usable, zone.exhausted])).toEqual([
    ['DMA', true, true],
    ['DMA32', true, true],
    ['Normal', true, true],
  ])
  expect(states?.map((zone) => (zone.headroomBytes ?? 0) / 1024)).toEqual([15900 - 132 - 7792 * 4, 43500 - 44212, 36200 - 43192])
})

test('highatomic trap: the reserve is taken off, free_highatomic overrules it', () => {
  const zone = { free: 1482936, min: 410416, reserved_highatomic: 1073152 }
  const state = (extra: Record<string, number>) =>
    zoneStates(makeDump({ trigger: trigger(kernel), memInfo: makeInfo({ zones: [makeZone('Normal', { ...zone, ...extra })] }) }))?.[0]
  expect(state({})).toMatchObject({ headroomBytes: (409784 - 410416) * 1024, exhausted: true })
  expect(state({ free_highatomic: 0 })).toMatchObject({ exhausted: false })
})

test('boost trap: an order-5 failure that is a watermark failure', () => {
  const dma32 = makeZone('DMA32', { free: 63608, min: 9884 }, [0, 0, 13439, 13439])
  const normal = makeZone('Normal', { free: 149776, min: 147740, boost: 90112, reserved_highatomic: 2048 }, null, [[5, 197, 'UM']])
  const states = zoneStates(makeDump({ trigger: trigger(kernel, 5), memInfo: makeInfo({ zones: [dma32, normal] }) }))
  expect(states?.[0]?.headroomBytes).toBe(-32 * 1024)
  expect(states?.[1]).toMatchObject({ headroomBytes: -12 * 1024, exhausted: true, hasBlock: true })
})

test.each([
  ['free above all', 40_000, false],
  ['small positive headroom, as real OOMs show', 43840 + 468, true],
])('tolerance: %s', (_, free, exhausted) => {
  const min = exhausted ? 43840 : 10_000
  const zones = [makeZone('Normal', { free, min })]
  expect(zoneStates(makeDump({ trigger: trigger(kernel), memInfo: makeInfo({ zones }) }))?.[0]?.exhausted).toBe(exhausted)
})

test('blocks of high-atomic, isolated or CMA pages are no blocks for kernel requests', () => {
  const block = (types: string | null, flags: readonly string[]): boolean | null | undefined =>
    zoneStates(
      makeDump({
        trigger: trigger(flags, 2),
        memInfo: makeInfo({
          zones: [
            makeZone('Normal', { free: 1, min: 1 }, null, [
              [0, 9, 'U'],
              [3, 4, types],
            ]),
          ],
        }),
      }),
    )?.[0]?.hasBlock
  expect(block('H', kernel)).toBe(false)
  expect(block('C', kernel)).toBe(false)
  expect(block('C', movable)).toBe(true)
  expect(block('UM', kernel)).toBe(true)
  expect(block(null, kernel)).toBe(true)
})

test('CMA is no headroom for kernel requests', () => {
  const zones = [makeZone('Normal', { free: 50_000, min: 10_000, free_cma: 45_000 })]
  const state = (flags: readonly string[]) => zoneStates(makeDump({ trigger: trigger(flags), memInfo: makeInfo({ zones }) }))?.[0]
  expect(state(kernel)?.exhausted).toBe(true)
  expect(state(movable)?.exhausted).toBe(false)
})

test('zones of other nodes and above the request are not usable', () => {
  const zones = [
    makeZone('DMA32', { free: 1, min: 1 }, null, null, 0),
    makeZone('Normal', { free: 1, min: 1 }, null, null, 0),
    makeZone('Normal', { free: 1, min: 1 }, null, null, 1),
  ]
  const usable = (flags: readonly string[], nodemask: string | null) =>
    zoneStates(makeDump({ trigger: trigger(flags), nodemask, memInfo: makeInfo({ zones }) }))?.map((zone) => zone.usable)
  expect(usable(movable, '1')).toEqual([false, false, true])
  expect(usable(['GFP_DMA32'], null)).toEqual([true, false, false])
  expect(usable(kernel, '(null)')).toEqual([true, true, true])
})

test.each([
  [['GFP_HIGHUSER_MOVABLE', '__GFP_ZERO'], 'Movable'],
  [['GFP_KERNEL', '__GFP_ACCOUNT'], 'Normal'],
  [['GFP_HIGHUSER'], 'HighMem'],
  [['GFP_DMA32'], 'DMA32'],
  [['GFP_KERNEL', '__GFP_DMA'], 'DMA'],
  [[], 'Normal'],
] as const)('%j → %s', (flags, zone) => {
  expect(zoneClassOf(flags)).toBe(zone)
})

test('no Mem-Info, or one without zones: nothing', () => {
  expect(zoneStates(makeDump())).toBeNull()
  expect(zoneStates(makeDump({ memInfo: makeInfo() }))).toBeNull()
})

test.each([
  ['without its free pages', { min: 5 }],
  ['without its mark', { free: 5 }],
])('a zone line %s is neither exhausted nor not', (_, values) => {
  const zones = [makeZone('Normal', values as Record<string, number>)]
  expect(zoneStates(makeDump({ trigger: trigger(kernel), memInfo: makeInfo({ zones }) }))?.[0]).toMatchObject({
    headroomBytes: null,
    exhausted: null,
    usable: true,
  })
})

test('an empty zone is no place, one of a page is', () => {
  const zones = [makeZone('DMA', { free: 0, managed: 4 }), makeZone('Normal', { free: 0, managed: 0 })]
  const states = zoneStates(makeDump({ trigger: trigger(kernel), memInfo: makeInfo({ zones }) }))
  expect(states?.map((zone) => zone.usable)).toEqual([true, false])
})

test.each([
  ['no trigger at all', null, true],
  ['a trigger whose mask is lost', { ...trigger([]), gfpMask: null }, true],
  ['a bare mask that nobody decoded', { ...trigger([]), gfpMask: '0x0' }, false],
  ['flags whose number is lost', { ...trigger(kernel), gfpMask: null }, false],
])('%s: may be of the movable zone: %s', (_, asked, may) => {
  const zones = [makeZone('Normal', { free: 1, min: 1 }), makeZone('Movable', { free: 1, min: 1 })]
  expect(zoneStates(makeDump({ trigger: asked, memInfo: makeInfo({ zones }) }))?.[1]?.usable).toBe(may)
})

test.each([
  ['no trigger', null],
  ['SysRq, order −1', trigger(kernel, -1)],
])('%s: a single page will do', (_, asked) => {
  const zones = [makeZone('Normal', { free: 4, min: 1 }, null, [[0, 1, 'U']])]
  expect(zoneStates(makeDump({ trigger: asked, release: '6.1.0', memInfo: makeInfo({ zones }) }))?.[0]).toMatchObject({
    hasBlock: true,
    blockBytes: 4096,
  })
})

test('node lists', () => {
  expect([...(nodeList('0-1,3') ?? [])]).toEqual([0, 1, 3])
  expect(nodeList('(null)')).toBeNull()
})
