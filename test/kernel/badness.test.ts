import { describe, expect, it } from 'vitest'
import { adjustmentOf, badnessOf, footprint, isEligible, pagesOf, printedScore, solveTotal } from '../../src/kernel/badness.ts'
import { makeRow } from './make-dump.ts'

describe('badnessOf', () => {
  // era, size, adj, total, root → points, worked by hand from oom_badness() of the era
  it.each([
    [1, 250, 0, 1000, false, 250],
    [1, 250, 0, 1000, true, 220],
    [1, 20, 0, 1000, true, 1],
    [1, 900, 300, 1000, false, 1000],
    [1, 7, 0, 3000, false, 2],
    [1, 500, -200, 1000, false, 300],
    [2, 5000, 0, 100_999, false, 5000],
    [2, 5000, 10, 100_999, false, 6000],
    [2, 5000, 10, 100_999, true, 3000],
    [2, 5000, 0, 100_999, true, 2000],
    [2, 500, -10, 100_999, false, 1],
    [3, 5055, 0, 100_000, true, 4904],
    [3, 5055, 10, 100_000, true, 5904],
    [3, 5055, 0, 100_000, false, 5055],
    [4, 5055, 0, 100_000, true, 5055],
    [4, 50, -999, 100_000, false, 1],
    [4, 0, 0, 100_000, false, 1],
    [5, 50, -999, 100_999, false, 50 - 99_900],
    [5, 50, 999, 999, false, 50],
    [5, 50, 1, 1000, false, 51],
  ] as const)('era %i, %i pages, adj %i of %i, root %s: %i', (era, size, adj, total, root, points) =>
    expect(badnessOf(era, size, adj, total, root)).toBe(points),
  )

  it.each([
    [1, 437, 1_000_000, 437],
    [3, 437, 1000, 437],
    [3, 1999, 2000, 999],
    [4, 3000, 1000, 3000],
  ] as const)('era %i prints %i points of %i pages as %i', (era, points, total, score) =>
    expect(printedScore(era, points, total)).toBe(score),
  )
})

describe('a row', () => {
  it('counts whole pages of rss, swap and page tables', () => {
    const row = { ...makeRow({ rss: 10, swap: 3 }), pgtablesBytes: 4096 * 2 + 4095 }
    expect(pagesOf(row, 4096)).toEqual({ rss: 10, swap: 3, tables: 2 })
    expect(footprint({ rss: 10, swap: 3, tables: 2 })).toBe(15)
    expect(pagesOf({ ...row, swapBytes: null, pgtablesBytes: null }, 4096)).toEqual({ rss: 10, swap: 0, tables: 0 })
    expect(pagesOf({ ...row, rssBytes: null }, 4096)).toBeNull()
  })

  it.each([
    [{ oomScoreAdj: -1000 }, false],
    [{ oomScoreAdj: -999 }, true],
    [{ oomScoreAdj: null, oomAdj: -17 }, false],
    [{ oomScoreAdj: null, oomAdj: -16 }, true],
    [{ pid: 1 }, false],
    [{ pid: 2 }, true],
  ])('%j may be killed: %s', (extra, eligible) => expect(isEligible({ ...makeRow({ rss: 1 }), ...extra })).toBe(eligible))

  it.each([
    [{ oomScoreAdj: 300, oomAdj: 5 }, 300],
    [{ oomScoreAdj: null, oomAdj: 15 }, 1000],
    [{ oomScoreAdj: null, oomAdj: 14 }, 823],
    [{ oomScoreAdj: null, oomAdj: -17 }, -1000],
    [{ oomScoreAdj: null, oomAdj: 0 }, 0],
    [{ oomScoreAdj: null, oomAdj: null }, null],
  ])('%j is an adjustment of %s', (extra, adj) => expect(adjustmentOf({ ...makeRow({ rss: 1 }), ...extra })).toBe(adj))
})

describe('solveTotal', () => {
  const plain = (size: number) => () => size

  it('gives all totals that print the score, and no other', () => {
    const size = 5000
    const range = solveTotal(400, plain(size), 1000, 100_000)
    const fitting = Array.from({ length: 99_001 }, (_, i) => i + 1000).filter((total) => printedScore(3, size, total) === 400)
    expect(range).toEqual({ min: fitting[0], max: fitting.at(-1) })
  })

  it.each([
    // score, size, adjustment, least, most; by trying each total. The points jump at each 1000 where the task is adjusted.
    [1, 5000, 0, 1000, 6_000_000],
    [710, 130_791, 600, 131_072, 2_000_000],
    [1718, 25_015, 939, 31_488, 60_000],
    [3, 50, 0, 1, 90_000],
    [820, 40_000, 350, 50_000, 85_400],
    [999, 10_000, 999, 9_000, 900_000],
    // A task held back: the points fall at each 1000, and with them the score, so that the last total is the last before one.
    [561, 75_782, -122, 2_000, 150_000],
    [577, 22_297, -145, 2_000, 150_000],
  ])('score %i of %i pages, adj %i: no total more and none less', (score, size, adj, least, most) => {
    const points = (total: number) => badnessOf(3, size, adj, total, false)
    const fits = (total: number) => printedScore(3, points(total), total) === score
    let [min, max] = [0, 0]
    for (let total = least; total <= most; total++)
      if (fits(total)) {
        if (min === 0) min = total
        max = total
      }
    expect(solveTotal(score, points, least, most)).toEqual(min === 0 || max === most ? null : { min, max })
  })

  it.each([
    ['no total prints it', 999, 1000, 2000],
    ['a score of 0 has no upper bound', 0, 1, 10_000],
    ['the range ends at the most there can be', 50, 1000, 99_000],
  ])('%s: nothing', (_, score, least, most) => expect(solveTotal(score, plain(5000), least, most)).toBeNull())

  it('never goes below what is known to be there', () =>
    expect(solveTotal(400, plain(5000), 12_480, 100_000)).toEqual({ min: 12_480, max: 12_500 }))
})
