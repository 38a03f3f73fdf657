import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eachShare, sharesOf } from '../../src/batch/shares.ts'

const mib = 1 << 20

it('shares hold every bundle once, in order, and a large one alone', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: mib }), fc.integer({ min: 0, max: 64 * mib })), { maxLength: 300 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 64 }), (list, workers) => {
      const shares = [...sharesOf(list, workers, (bytes) => bytes)]
      expect(shares.flat()).toEqual(list)
      for (const share of shares) {
        expect(share.length).toBeGreaterThan(0)
        if (share.length > 1) expect(share.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(4 * mib)
      }
    }),
  )
})

it('towards the end a share is one bundle, so that no worker waits for several', () => {
  const shares = [...sharesOf(new Array<number>(100).fill(1), 2, (bytes) => bytes)]
  expect(shares[0]?.length).toBeGreaterThan(1)
  expect(shares.slice(-8).every((share) => share.length === 1)).toBe(true)
})

it('a signal ends the work at once, whatever is under way', async () => {
  const stop = new AbortController()
  const begun: number[] = []
  const work = eachShare([[1], [2], [3]], 1, stop.signal, ([n]) => {
    begun.push(n as number)
    return new Promise(() => {})
  })
  stop.abort(new Error('enough'))
  await expect(work).rejects.toThrow('enough')
  expect(begun).toEqual([1])
})
