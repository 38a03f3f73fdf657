import { kernelVersion } from './release.ts'
import { wholeOf } from './sums.ts'

/**
 * Bits of `gfp_mask` change between kernels: the same number means different things. `2.6`: up to 2.6.30 (RHEL5), where `__GFP_MOVABLE`, from 2.6.23 on,
 * is 0x100000; `legacy`: 2.6.31 to 4.3 (RHEL6, RHEL7); `4.4`: 4.4 to 4.9; `4.10`: 4.10 to 4.18; `4.19`: 4.19, RHEL8, 5.0; `5.1`: 5.1 and later.
 */
export type GfpGeneration = '2.6' | 'legacy' | '4.4' | '4.10' | '4.19' | '5.1'

type Bits = readonly (readonly [name: string, bit: number])[]

const zoneBits: Bits = [
  ['__GFP_DMA', 0x1],
  ['__GFP_HIGHMEM', 0x2],
  ['__GFP_DMA32', 0x4],
  ['__GFP_MOVABLE', 0x8],
]
const ioBits: Bits = [
  ['__GFP_HIGH', 0x20],
  ['__GFP_IO', 0x40],
  ['__GFP_FS', 0x80],
]
/** Common to all generations up to 5.0. */
const middleBits: Bits = [
  ['__GFP_NOWARN', 0x200],
  ['__GFP_REPEAT', 0x400],
  ['__GFP_NOFAIL', 0x800],
  ['__GFP_NORETRY', 0x1000],
  ['__GFP_MEMALLOC', 0x2000],
  ['__GFP_COMP', 0x4000],
  ['__GFP_ZERO', 0x8000],
  ['__GFP_NOMEMALLOC', 0x10000],
  ['__GFP_HARDWALL', 0x20000],
  ['__GFP_THISNODE', 0x40000],
]
const renamed = (bits: Bits, from: string, to: string): Bits => bits.map(([name, bit]) => [name === from ? to : name, bit] as const)

/** include/linux/gfp.h (gfp_types.h) of the generation's kernels; the worked masks of kernel-oom-formats decode by them. */
const bitsOf: Readonly<Record<GfpGeneration, Bits>> = {
  // 2.6.18 to 2.6.30: three zone bits; 0x2000 was __GFP_NO_GROW (2.6.18) and then free; THISNODE 2.6.19, RECLAIMABLE and MOVABLE 2.6.23.
  '2.6': [
    ...zoneBits.filter(([name]) => name !== '__GFP_MOVABLE'),
    ['__GFP_WAIT', 0x10],
    ...ioBits,
    ['__GFP_COLD', 0x100],
    ...middleBits.filter(([name]) => name !== '__GFP_MEMALLOC'),
    ['__GFP_RECLAIMABLE', 0x80000],
    ['__GFP_MOVABLE', 0x100000],
  ],
  legacy: [
    ...zoneBits,
    ['__GFP_WAIT', 0x10],
    ...ioBits,
    ['__GFP_COLD', 0x100],
    ...middleBits,
    ['__GFP_RECLAIMABLE', 0x80000],
    ['__GFP_KMEMCG', 0x100000],
    ['__GFP_NOTRACK', 0x200000],
    ['__GFP_NO_KSWAPD', 0x400000],
    ['__GFP_OTHER_NODE', 0x800000],
    ['__GFP_WRITE', 0x1000000],
  ],
  '4.4': [
    ...zoneBits,
    ['__GFP_RECLAIMABLE', 0x10],
    ...ioBits,
    ['__GFP_COLD', 0x100],
    ...middleBits,
    ['__GFP_ATOMIC', 0x80000],
    ['__GFP_ACCOUNT', 0x100000],
    ['__GFP_NOTRACK', 0x200000],
    ['__GFP_DIRECT_RECLAIM', 0x400000],
    ['__GFP_OTHER_NODE', 0x800000],
    ['__GFP_WRITE', 0x1000000],
    ['__GFP_KSWAPD_RECLAIM', 0x2000000],
  ],
  '4.10': [
    ...zoneBits,
    ['__GFP_RECLAIMABLE', 0x10],
    ...ioBits,
    ['__GFP_COLD', 0x100],
    ...renamed(middleBits, '__GFP_REPEAT', '__GFP_RETRY_MAYFAIL'),
    ['__GFP_ATOMIC', 0x80000],
    ['__GFP_ACCOUNT', 0x100000],
    ['__GFP_NOTRACK', 0x200000],
    ['__GFP_DIRECT_RECLAIM', 0x400000],
    ['__GFP_WRITE', 0x800000],
    ['__GFP_KSWAPD_RECLAIM', 0x1000000],
  ],
  '4.19': [
    ...zoneBits,
    ['__GFP_RECLAIMABLE', 0x10],
    ...ioBits,
    ['__GFP_WRITE', 0x100],
    ...renamed(middleBits, '__GFP_REPEAT', '__GFP_RETRY_MAYFAIL'),
    ['__GFP_ATOMIC', 0x80000],
    ['__GFP_ACCOUNT', 0x100000],
    ['__GFP_DIRECT_RECLAIM', 0x200000],
    ['__GFP_KSWAPD_RECLAIM', 0x400000],
    ['__GFP_NOLOCKDEP', 0x800000],
  ],
  '5.1': [
    ...zoneBits,
    ['__GFP_RECLAIMABLE', 0x10],
    ...ioBits,
    ['__GFP_ZERO', 0x100],
    ['__GFP_ATOMIC', 0x200],
    ['__GFP_DIRECT_RECLAIM', 0x400],
    ['__GFP_KSWAPD_RECLAIM', 0x800],
    ['__GFP_WRITE', 0x1000],
    ['__GFP_NOWARN', 0x2000],
    ['__GFP_RETRY_MAYFAIL', 0x4000],
    ['__GFP_NOFAIL', 0x8000],
    ['__GFP_NORETRY', 0x10000],
    ['__GFP_MEMALLOC', 0x20000],
    ['__GFP_COMP', 0x40000],
    ['__GFP_NOMEMALLOC', 0x80000],
    ['__GFP_HARDWALL', 0x100000],
    ['__GFP_THISNODE', 0x200000],
    ['__GFP_ACCOUNT', 0x400000],
  ],
}

/** Names of several bits, largest first as the kernel's own printer takes them (include/trace/events/mmflags.h). */
const composites: readonly (readonly [string, readonly string[]])[] = [
  ['GFP_HIGHUSER_MOVABLE', ['reclaim', '__GFP_IO', '__GFP_FS', '__GFP_HARDWALL', '__GFP_HIGHMEM', '__GFP_MOVABLE']],
  ['GFP_HIGHUSER', ['reclaim', '__GFP_IO', '__GFP_FS', '__GFP_HARDWALL', '__GFP_HIGHMEM']],
  ['GFP_USER', ['reclaim', '__GFP_IO', '__GFP_FS', '__GFP_HARDWALL']],
  ['GFP_KERNEL_ACCOUNT', ['reclaim', '__GFP_IO', '__GFP_FS', '__GFP_ACCOUNT']],
  ['GFP_KERNEL', ['reclaim', '__GFP_IO', '__GFP_FS']],
  ['GFP_NOFS', ['reclaim', '__GFP_IO']],
  ['GFP_ATOMIC', ['__GFP_HIGH', '__GFP_ATOMIC', '__GFP_KSWAPD_RECLAIM']],
  ['GFP_NOIO', ['reclaim']],
  ['GFP_NOWAIT', ['__GFP_KSWAPD_RECLAIM']],
  ['GFP_DMA32', ['__GFP_DMA32']],
  ['GFP_DMA', ['__GFP_DMA']],
]

function partsOf(names: readonly string[], generation: GfpGeneration): readonly string[] {
  if (generation === 'legacy' || generation === '2.6') {
    // GFP_ATOMIC was __GFP_HIGH alone; GFP_NOWAIT named no bit.
    if (names.includes('__GFP_ATOMIC')) return ['__GFP_HIGH']
    return names.map((name) => (name === 'reclaim' ? '__GFP_WAIT' : name))
  }
  return names.flatMap((name) => (name === 'reclaim' ? ['__GFP_DIRECT_RECLAIM', '__GFP_KSWAPD_RECLAIM'] : [name]))
}

/** Which kernels' bits a bare number was made of. `release` (`3.10.0-862.el7.x86_64`) decides; without it the number's own high bits do. */
export function gfpGeneration(value: number, release: string | null): GfpGeneration {
  const version = kernelVersion(release)
  if (version !== null) {
    const { major, minor, patch, el } = version
    if (major === 2) return patch < 31 ? '2.6' : 'legacy'
    if (major === 4 && minor === 18 && el === 8) return '4.19'
    const at = major * 1000 + minor
    return at < 4004 ? 'legacy' : at < 4010 ? '4.4' : at < 4019 ? '4.10' : at < 5001 ? '4.19' : '5.1'
  }
  // 0x1200d2: a page for user space that may move, without the later bit of it. In kernels that have 0x100000 for something else no such mask asks for high memory.
  if ((value & 0x10001a) === 0x100012) return '2.6'
  // Every mask of 4.4 and later has a kswapd bit; with names missing (≤ 4.5, filters) these are the ones seen.
  if ((value & 0x2000000) !== 0) return '4.4'
  if ((value & 0x1400000) === 0x1400000 || (value & 0x1080000) === 0x1080000) return '4.10'
  if ((value & 0x600000) === 0x600000 || (value & 0x480000) === 0x480000) return '4.19'
  return (value & 0xc00) === 0xc00 || (value & 0xa20) === 0xa20 ? '5.1' : 'legacy'
}

/** The flag names of a numeric mask, as `%pGg` would print them: composite names first, unknown bits as a hex rest. */
export function decodeGfp(value: number, generation: GfpGeneration): string[] {
  const bits = new Map(bitsOf[generation])
  const names: string[] = []
  let rest = value
  for (const [name, members] of composites) {
    const mask = wholeOf(partsOf(members, generation).map((part) => bits.get(part)))
    if (mask === null || (rest & mask) !== mask || (name === 'GFP_NOIO' && names.length > 0)) continue
    names.push(name)
    rest -= mask
  }
  for (const [name, bit] of bits)
    if ((rest & bit) === bit) {
      names.push(name)
      rest -= bit
    }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`)
  return names
}
