import { describe, expect, it } from 'vitest'
import { decodeGfp, type GfpGeneration, gfpGeneration } from '../../src/kernel/gfp.ts'

/** Bit by bit from bit 0 on, as include/linux/gfp.h of each era has them; `-` where no flag of that era stands. */
const flags: Readonly<Record<GfpGeneration, string>> = {
  '2.6':
    'DMA HIGHMEM DMA32 - WAIT HIGH IO FS COLD NOWARN REPEAT NOFAIL NORETRY - COMP ZERO NOMEMALLOC HARDWALL THISNODE RECLAIMABLE MOVABLE',
  legacy:
    'DMA HIGHMEM DMA32 MOVABLE WAIT HIGH IO FS COLD NOWARN REPEAT NOFAIL NORETRY MEMALLOC COMP ZERO NOMEMALLOC HARDWALL THISNODE RECLAIMABLE KMEMCG NOTRACK NO_KSWAPD OTHER_NODE WRITE',
  '4.4':
    'DMA HIGHMEM DMA32 MOVABLE RECLAIMABLE HIGH IO FS COLD NOWARN REPEAT NOFAIL NORETRY MEMALLOC COMP ZERO NOMEMALLOC HARDWALL THISNODE ATOMIC ACCOUNT NOTRACK DIRECT_RECLAIM OTHER_NODE WRITE KSWAPD_RECLAIM',
  '4.10':
    'DMA HIGHMEM DMA32 MOVABLE RECLAIMABLE HIGH IO FS COLD NOWARN RETRY_MAYFAIL NOFAIL NORETRY MEMALLOC COMP ZERO NOMEMALLOC HARDWALL THISNODE ATOMIC ACCOUNT NOTRACK DIRECT_RECLAIM WRITE KSWAPD_RECLAIM',
  '4.19':
    'DMA HIGHMEM DMA32 MOVABLE RECLAIMABLE HIGH IO FS WRITE NOWARN RETRY_MAYFAIL NOFAIL NORETRY MEMALLOC COMP ZERO NOMEMALLOC HARDWALL THISNODE ATOMIC ACCOUNT DIRECT_RECLAIM KSWAPD_RECLAIM NOLOCKDEP',
  '5.1':
    'DMA HIGHMEM DMA32 MOVABLE RECLAIMABLE HIGH IO FS ZERO ATOMIC DIRECT_RECLAIM KSWAPD_RECLAIM WRITE NOWARN RETRY_MAYFAIL NOFAIL NORETRY MEMALLOC COMP NOMEMALLOC HARDWALL THISNODE ACCOUNT',
}
/** Flags whose single bit has a name of its own in the kernel's printer. */
const alone: Readonly<Record<string, string>> = { DMA: 'GFP_DMA', DMA32: 'GFP_DMA32', KSWAPD_RECLAIM: 'GFP_NOWAIT', WAIT: 'GFP_NOIO' }

describe.each(Object.entries(flags) as [GfpGeneration, string][])('bits of %s', (generation, names) => {
  it.each(names.split(' ').map((name, bit) => [bit, name] as const))('bit %i is %s', (bit, name) => {
    const old = generation === '2.6' || generation === 'legacy'
    // Before 4.4 an atomic request is __GFP_HIGH alone.
    const single = old && name === 'HIGH' ? 'GFP_ATOMIC' : (alone[name] ?? `__GFP_${name}`)
    expect(decodeGfp(2 ** bit, generation)).toEqual([name === '-' ? `0x${(2 ** bit).toString(16)}` : single])
  })

  it('the bit above the last is unknown, and stands beside the known ones', () => {
    const above = 2 ** names.split(' ').length
    expect(decodeGfp(above + 0x40, generation)).toEqual(['__GFP_IO', `0x${above.toString(16)}`])
  })
})

describe('composite names', () => {
  it.each([
    [0xd2, 'legacy', 'GFP_KERNEL|__GFP_HIGHMEM'],
    [0xd0, 'legacy', 'GFP_KERNEL'],
    [0xd0, '2.6', 'GFP_KERNEL'],
    [0x20, '2.6', 'GFP_ATOMIC'],
    [0x200d0, 'legacy', 'GFP_USER'],
    [0x200d2, 'legacy', 'GFP_HIGHUSER'],
    [0x50, 'legacy', 'GFP_NOFS'],
    [0x10, 'legacy', 'GFP_NOIO'],
    [0x30, 'legacy', 'GFP_ATOMIC|__GFP_WAIT'],
    [0xc00, '5.1', 'GFP_NOIO'],
    [0xc40, '5.1', 'GFP_NOFS'],
    [0x800, '5.1', 'GFP_NOWAIT'],
    [0xa20, '5.1', 'GFP_ATOMIC'],
    [0x100cc0, '5.1', 'GFP_USER'],
    [0x100cc2, '5.1', 'GFP_HIGHUSER'],
    [0x400cc0, '5.1', 'GFP_KERNEL_ACCOUNT'],
    [0xcc1, '5.1', 'GFP_KERNEL|GFP_DMA'],
    [0xcc4, '5.1', 'GFP_KERNEL|GFP_DMA32'],
    [0x142cca, '5.1', 'GFP_HIGHUSER_MOVABLE|__GFP_NOWARN|__GFP_COMP'],
  ] as const)('%i of %s', (value, generation, names) => expect(decodeGfp(value, generation).join('|')).toBe(names))
})

describe('whose bits they are', () => {
  it.each([
    ['2.6.18-8.el5', '2.6'],
    ['2.6.30', '2.6'],
    ['2.6.31', 'legacy'],
    ['2.6', '2.6'],
    ['3.10.0-957.el7.x86_64', 'legacy'],
    ['4.3.6', 'legacy'],
    ['4.4.0-31-generic', '4.4'],
    ['4.9.320', '4.4'],
    ['4.10.0', '4.10'],
    ['4.18.0', '4.10'],
    ['4.18.0-80.el8.x86_64', '4.19'],
    ['4.19.0', '4.19'],
    // Newer kernels for the same distribution: UEK, ELRepo.
    ['5.4.17-2136.300.7.el8uek.x86_64', '5.1'],
    ['5.18.3-1.el8.elrepo.x86_64', '5.1'],
    ['4.9.337-1.el8.elrepo.x86_64', '4.4'],
    ['4.18.20-100.el7.x86_64', '4.10'],
    ['5.0.21', '4.19'],
    ['5.1.0', '5.1'],
    ['5.10.0', '5.1'],
    ['6.1.0', '5.1'],
    ['10.0.1', '5.1'],
  ])('release %s', (release, generation) => expect(gfpGeneration(0xd0, release)).toBe(generation))

  it.each([
    [0x100012, '2.6'],
    [0x10001a, 'legacy'],
    [0x2000000, '4.4'],
    [0x1400000, '4.10'],
    [0x14200ca, '4.10'],
    [0x1600000, '4.10'],
    [0x16080c0, '4.10'],
    [0x118c0c0, '4.10'],
    [0x6200ca, '4.19'],
    [0x6100c0, '4.19'],
    [0x4c8020, '4.19'],
    [0x100cca, '5.1'],
    [0x1dc0, '5.1'],
    [0xb20, '5.1'],
    [0x2a20, '5.1'],
    [0x1000000, 'legacy'],
    [0x1080000, '4.10'],
    [0x600000, '4.19'],
    [0x200000, 'legacy'],
    [0x480000, '4.19'],
    [0x400, 'legacy'],
    [0xc00, '5.1'],
    [0x820, 'legacy'],
    [0xa20, '5.1'],
  ])('no release, mask %i', (value, generation) => expect(gfpGeneration(value, null)).toBe(generation))
})
