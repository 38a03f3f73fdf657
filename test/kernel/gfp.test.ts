import { describe, expect, it } from 'vitest'
import { decodeGfp, gfpGeneration } from '../../src/kernel/gfp.ts'

describe('decodeGfp', () => {
  // The fact sheet's grid (2.1); names where a kernel printed them beside the number.
  it.each([
    [0x201da, '3.10.0-862.el7.x86_64', 'GFP_HIGHUSER_MOVABLE|__GFP_COLD'],
    [0x280da, '3.13.0-27-generic', 'GFP_HIGHUSER_MOVABLE|__GFP_ZERO'],
    [0xd0, '2.6.32-642.el6.x86_64', 'GFP_KERNEL'],
    [0x80d0, '3.10.0-1160.el7.x86_64', 'GFP_KERNEL|__GFP_ZERO'],
    [0x20, '2.6.32', 'GFP_ATOMIC'],
    // 2.6.18 to 2.6.30: the bit that says movable stood elsewhere.
    [0xd1, '2.6.18', 'GFP_KERNEL|GFP_DMA'],
    [0x1200d2, '2.6.24-16-server', 'GFP_HIGHUSER_MOVABLE'],
    [0x1280d2, '2.6.27.7', 'GFP_HIGHUSER_MOVABLE|__GFP_ZERO'],
    [0x1201d2, '2.6.24', 'GFP_HIGHUSER_MOVABLE|__GFP_COLD'],
    [0x84d0, '2.6.26', 'GFP_KERNEL|__GFP_REPEAT|__GFP_ZERO'],
    [0x44d0, '2.6.31-19-generic', 'GFP_KERNEL|__GFP_REPEAT|__GFP_COMP'],
    [0x200da, '2.6.31', 'GFP_HIGHUSER_MOVABLE'],
    [0x24000c0, '4.8.0-gentoo', 'GFP_KERNEL'],
    [0x24280ca, '4.4.0-210-generic', 'GFP_HIGHUSER_MOVABLE|__GFP_ZERO'],
    [0x24201ca, '4.7.0-rc3', 'GFP_HIGHUSER_MOVABLE|__GFP_COLD'],
    [0x27000c0, '4.7.0-rc3', 'GFP_KERNEL_ACCOUNT|__GFP_NOTRACK'],
    [0x2080020, '4.9.0', 'GFP_ATOMIC'],
    [0x14200ca, '4.14.0', 'GFP_HIGHUSER_MOVABLE'],
    [0x16040c0, '4.14.0', 'GFP_KERNEL|__GFP_COMP|__GFP_NOTRACK'],
    [0x6000c0, '4.19.0-27-amd64', 'GFP_KERNEL'],
    [0x6280ca, '4.18.0-477.el8.x86_64', 'GFP_HIGHUSER_MOVABLE|__GFP_ZERO'],
    [0x480020, '5.0.21', 'GFP_ATOMIC'],
    [0xcc0, '7.2.13+deb14-cloud-amd64', 'GFP_KERNEL'],
    [0x101cca, '6.1.0', 'GFP_HIGHUSER_MOVABLE|__GFP_WRITE'],
    [0x140dca, '6.1.0-50-cloud-amd64', 'GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP'],
    [0x400dc0, '6.1.0', 'GFP_KERNEL_ACCOUNT|__GFP_ZERO'],
  ])('%i of %s', (value, release, names) => {
    expect(decodeGfp(value, gfpGeneration(value, release)).join('|')).toBe(names)
  })

  it('tells the generation by the number where no release is printed', () => {
    const values = [0xd0, 0x1280d2, 0x201da, 0x24280ca, 0x14200ca, 0x6200ca, 0x480020, 0xcc0, 0x140dca]
    expect(values.map((v) => gfpGeneration(v, null))).toEqual(['legacy', '2.6', 'legacy', '4.4', '4.10', '4.19', '4.19', '5.1', '5.1'])
  })

  it('keeps unknown bits as a hex rest, and reads no flags as none', () => {
    expect(decodeGfp(0x1100cca, '5.1')).toEqual(['GFP_HIGHUSER_MOVABLE', '0x1000000'])
    expect(decodeGfp(0, 'legacy')).toEqual([])
  })
})
