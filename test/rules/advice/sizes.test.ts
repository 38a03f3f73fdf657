import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dockerSize, quantity, roundDown, roundUp, systemdSize } from '../../../src/rules/advice/sizes.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

describe('sizes as people write them', () => {
  test.each([
    [60 * MIB, 64 * MIB, '64Mi'],
    [65 * MIB, 96 * MIB, '96Mi'],
    [257 * MIB, 384 * MIB, '384Mi'],
    [1025 * MIB, 1280 * MIB, '1280Mi'],
    [4.1 * GIB, 4.5 * GIB, '4608Mi'],
    [16.1 * GIB, 17 * GIB, '17Gi'],
    [64.1 * GIB, 68 * GIB, '68Gi'],
    [81 * MIB, 96 * MIB, '96Mi'],
    [384 * MIB, 384 * MIB, '384Mi'],
    [763 * MIB, 768 * MIB, '768Mi'],
    [1.1 * GIB, 1.25 * GIB, '1280Mi'],
    [3 * GIB, 3 * GIB, '3Gi'],
    [5.34 * GIB, 5.5 * GIB, '5632Mi'],
    [17.2 * GIB, 18 * GIB, '18Gi'],
    [70 * GIB, 72 * GIB, '72Gi'],
  ])('%d → %d, %s', (bytes, size, text) => {
    expect(roundUp(bytes)).toBe(size)
    expect(quantity(size)).toBe(text)
    expect(systemdSize(size)).toBe(text.slice(0, -1))
    expect(dockerSize(size)).toBe(text.slice(0, -1).toLowerCase())
  })

  test('what is no whole MiB is told in Ki, the next one up', () => {
    expect([quantity(1.5 * MIB), quantity(1000), quantity(1025), quantity(MIB)]).toEqual(['1536Ki', '1Ki', '2Ki', '1Mi'])
  })

  test('up is never below, down never above, and by no more than an eighth of what is large', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64 * MIB, max: 4096 * GIB }), (bytes) => {
        const [up, down] = [roundUp(bytes), roundDown(bytes)]
        expect(up).toBeGreaterThanOrEqual(bytes)
        expect(down).toBeLessThanOrEqual(bytes)
        expect(up - bytes).toBeLessThanOrEqual(Math.max(32 * MIB, bytes / 2))
        expect(Number.isInteger(up / MIB)).toBe(true)
      }),
    )
  })
})
