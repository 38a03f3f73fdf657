import fc from 'fast-check'
import { expect, test } from 'vitest'
import { badnessOf, printedScore, solveTotal } from '../../src/kernel/badness.ts'
import { scoreTasks } from '../../src/kernel/scores.ts'
import type { OomDump } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeInfo, makeKill, makeRow, type RowFigures } from './make-dump.ts'

const PAGE = 4096
const global = (ram: number, reserved: number, swapKb: number): Partial<OomDump> => ({
  scope: 'global',
  constraint: 'none',
  memInfo: makeInfo({ ramBytes: ram * PAGE, reservedBytes: reserved * PAGE, totalSwapBytes: swapKb * 1024 }),
})
const memcg = (limitKb: number, extra: Partial<OomDump> = {}): Partial<OomDump> => ({
  scope: 'memcg',
  constraint: 'memcg',
  memory: counter(limitKb, limitKb),
  ...extra,
})
const died = (row: RowFigures, score: number | null, extra: Partial<OomDump>): OomDump =>
  makeDump({ tasks: [makeRow({ pid: 100, ...row })], kills: [makeKill({ pid: 100, score })], ...extra })

// kernel-oom-formats §10.3: real logs, each to the digit.
test.each([
  {
    name: 'RHEL7 3.10.0-862 global, root',
    dump: died({ uid: 0, rss: 10068578, tables: 27987, swap: 8552 }, 237, global(33456799, 603108, 33554428)),
    era: 3,
    total: 41242298,
    badness: 9801964,
    root: true,
  },
  {
    name: 'early RHEL7, 8 GB, no swap',
    dump: died({ rss: 1537770, tables: 66407 }, 800, global(2097151, 94167, 0)),
    era: 3,
    total: 2002984,
    badness: 1604177,
    root: true,
  },
  {
    name: 'Ubuntu 4.15, pod limit 125952 kB, adj 939',
    dump: died({ rss: 24953, tables: 62, adj: 939 }, 1718, memcg(125952, { era: 3 })),
    era: 3,
    total: 31488,
    badness: 54124,
    root: false,
  },
  {
    name: '4.15 docker, 524288 kB',
    dump: died({ uid: 0, rss: 134371, tables: 358 }, 1027, memcg(524288, { era: 3 })),
    era: 3,
    total: 131072,
    badness: 134729,
    root: false,
  },
  {
    name: '4.4 vagrant, 102400 kB, root',
    dump: died({ uid: 0, rss: 25609, tables: 62 }, 972, memcg(102400, { era: 3 })),
    era: 3,
    total: 25600,
    badness: 24901,
    root: true,
  },
  {
    name: '3.10 Alibaba, 204800 kB, root',
    dump: died({ uid: 0, rss: 51497, tables: 115 }, 977, memcg(204800, { era: 3 })),
    era: 3,
    total: 51200,
    badness: 50064,
    root: true,
  },
  {
    name: '3.6 memcg, memory+swap limit 563200 kB, root, era 2',
    dump: died(
      { uid: 0, rss: 90231, tables: 208, swap: 12260 },
      699,
      memcg(512000, { era: 2, memorySwap: counter(563200, 563200), memInfo: makeInfo({ totalSwapBytes: 8 * 2 ** 30 }) }),
    ),
    era: 2,
    total: 140800,
    badness: 98499,
    root: true,
  },
  {
    name: 'RHEL7 -1160 LTP, limit 0',
    dump: died({ uid: 0, rss: 105, tables: 8 }, 110000, memcg(0, { era: 3 })),
    era: 3,
    total: 1,
    badness: 110,
    root: true,
  },
])('$name', ({ dump, era, total, badness, root }) => {
  const scores = scoreTasks(dump)
  expect(scores).toMatchObject({ era, totalPages: total, matchesPrinted: true, rootBonus: root, difference: null })
  expect(scores.victim).toMatchObject({ badness, rank: 1 })
})

test('machine swap not printed: the total is solved from the score', () => {
  const swap = { memorySwap: counter(524288, null) }
  const scores = scoreTasks(died({ rss: 130523, tables: 268, adj: 600 }, 710, memcg(524288, { era: 3, ...swap })))
  expect(scores.totalFrom).toBe('solved-from-score')
  expect(scores.totalRange).toEqual({ min: 1172984, max: 1189001 })
  // The middle of them stands for it; nothing of it is assumed, and no bonus was tried.
  expect(scores).toMatchObject({ era: 3, totalPages: 1180992, totalAssumed: false, rootBonus: false, matchesPrinted: true })
  const swapMib = [1172984, 1189001].map((total) => Math.trunc(((total - 131072) * PAGE) / 2 ** 20))
  expect(swapMib).toEqual([4069, 4132])
})

test.each([
  // A group of 260,000 pages that only swap beyond its own limit explains: up to 1 TiB of it is sought.
  ['as much swap as fits in 1 TiB', 260_000, 1, 3, { totalFrom: 'solved-from-score', totalRange: { min: 130_000_501, max: 260_001_000 } }],
  ['more than that', 1_000_000, 1, 3, { totalFrom: null, totalRange: null, matchesPrinted: null }],
  ['a range that ends at it', 400_000, 1, 3, { totalFrom: null, totalRange: null }],
  ['permille of era 1 hold no pages', 260_000, 400, 1, { totalFrom: null, totalRange: null }],
] as const)('a total solved from the score: %s', (_, rss, score, era, expected) => {
  const dump = died({ rss, swap: 1 }, score, memcg(260_000 * 4, { era, memorySwap: counter(260_000 * 4, null) }))
  expect(scoreTasks(dump)).toMatchObject(expected)
})

test.each([
  // 300 pages where the limit is 100: what is printed is permille (era 1), which no division by pages gives.
  ['pages of era 2', 2, 400, 20, { totalFrom: 'solved-from-score', totalRange: { min: 14_286, max: 15_000 } }],
  ['permille of era 1 in a group so small that pages would fit', 1, 400, 100, { totalFrom: null, totalRange: null }],
] as const)('a small total solved from the score: %s', (_, era, limitKb, score, expected) => {
  const dump = died({ rss: 250, swap: 50 }, score, memcg(limitKb, { era, memorySwap: counter(limitKb, null) }))
  expect(scoreTasks(dump)).toMatchObject(expected)
})

// A score says by which rule it was worked out, also where neither the release nor the columns do.
test.each([
  ['950 ‰ and 300 more, which era 1 stops at 1000', { rss: 95_000, adj: 300 }, 1000, 1, 'permille'],
  ['950 ‰ and 300 more in pages', { rss: 95_000, adj: 300 }, 1250, 3, 'pages'],
  ['a root process, 30 ‰ of the whole taken off', { uid: 0, rss: 50_000 }, 470, 2, 'pages'],
  ['a root process, 3 % of its own taken off', { uid: 0, rss: 50_000 }, 485, 3, 'pages'],
] as const)('%s', (_, row, score, era, unit) => {
  const dump = died(row, score, { ...global(100_000, 0, 0), era: null })
  expect(scoreTasks(dump)).toMatchObject({ era, unit, totalPages: 100_000, matchesPrinted: true })
})

test('a row without sizes has no score that could match: nothing is compared', () => {
  const dump = died({ rss: 0, adj: 300 }, 300, { ...global(100_000, 0, 0), era: 3 })
  expect(scoreTasks(dump)).toMatchObject({ matchesPrinted: true })
  const sizeless = { ...dump, tasks: dump.tasks.map((row) => ({ ...row, rssBytes: null })) }
  expect(scoreTasks(sizeless)).toMatchObject({ matchesPrinted: null, victim: { badness: null } })
})

test.each([
  ['no limit', { memory: counter(400, null) }],
  ['no counter', { memory: null }],
] as const)('%s: nothing to solve from', (_, more) =>
  expect(scoreTasks(died({ rss: 100 }, 500, { scope: 'memcg', era: 3, ...more }))).toMatchObject({
    totalPages: null,
    matchesPrinted: null,
  }),
)

test('without a printed score nothing is solved, however much swap there may be', () => {
  const dump = died({ rss: 130523, tables: 268 }, null, memcg(524288, { era: 3, memorySwap: counter(524288, null), swap: null }))
  expect(scoreTasks(dump)).toMatchObject({ totalFrom: 'limit', totalAssumed: true, matchesPrinted: null })
})

test('the other rows of the 4.15 pod: the victim is the maximum', () => {
  const dump = makeDump({
    ...memcg(125952, { era: 3 }),
    tasks: [
      makeRow({ pid: 1, comm: 'pause', uid: 0, rss: 1, tables: 4, adj: -998 }),
      makeRow({ pid: 100, rss: 24953, tables: 62, adj: 939 }),
      makeRow({ pid: 101, rss: 5830, tables: 40, adj: 939 }),
    ].map((row) => (row.pid === 1 ? { ...row, pid: 90, tgid: 90 } : row)),
    kills: [makeKill({ pid: 100, score: 1718 })],
  })
  const scores = scoreTasks(dump)
  expect(scores.tasks.map((task) => task.rank)).toEqual([3, 1, 2])
  expect(scores.tasks[0]?.badness).toBe(1)
})

test('−1000 is never chosen and stands as the shielded giant', () => {
  const dump = makeDump({
    ...memcg(98304, { era: 5 }),
    tasks: [makeRow({ pid: 50, comm: 'postgres', rss: 20000, adj: -1000 }), makeRow({ pid: 100, rss: 2500, adj: 936 })],
    kills: [makeKill({ pid: 100 })],
  })
  const scores = scoreTasks(dump)
  expect(scores.tasks[0]).toMatchObject({ eligible: false, rank: null, badness: null, unadjustedRank: 1 })
  expect(scores.victim).toMatchObject({ rank: 1, unadjustedRank: 2 })
  expect(scores.shieldedGiant?.row.comm).toBe('postgres')
})

test('era 5 lets badness be negative, era 4 does not', () => {
  const rows = { tasks: [makeRow({ pid: 100, rss: 100, adj: -999 })], kills: [makeKill({ pid: 100 })] }
  expect(scoreTasks(makeDump({ ...memcg(98304, { era: 5 }), ...rows })).victim?.badness).toBe(100 - 999 * 24)
  expect(scoreTasks(makeDump({ ...memcg(98304, { era: 4 }), ...rows })).victim?.badness).toBe(1)
})

test('swap that the group used up is part of the total', () => {
  const dump = died({ rss: 12000, swap: 6144, adj: 100 }, null, memcg(49152, { era: 5, swap: counter(24576, 24576) }))
  expect(scoreTasks(dump)).toMatchObject({ totalPages: 12288 + 6144, totalFrom: 'limit-and-swap', totalAssumed: false })
})

test.each([
  ['allocating task', { allocatingTask: true }, 'allocating-task'],
  ['SysRq-f', { manual: true }, 'manual'],
  ['nothing', {}, 'unexplained'],
] as const)('a choice below the top is explained by: %s', (_, extra, difference) => {
  const tasks = [makeRow({ pid: 100, rss: 100 }), makeRow({ pid: 101, comm: 'mysqld', rss: 20000 })]
  expect(scoreTasks(makeDump({ ...memcg(98304, { era: 5 }), tasks, kills: [makeKill({ pid: 100 })], ...extra })).difference).toBe(
    difference,
  )
})

test('a sacrificed child is named as such', () => {
  const tasks = [makeRow({ pid: 100, rss: 20000 }), makeRow({ pid: 101, rss: 100 })]
  const kills = [makeKill({ pid: 101, sacrificedFor: { pid: 100, comm: 'java', score: 813 } })]
  expect(scoreTasks(makeDump({ ...memcg(98304, { era: 3 }), tasks, kills })).difference).toBe('child-sacrifice')
})

test('without a table, an era or figures nothing is invented', () => {
  expect(scoreTasks(makeDump())).toMatchObject({ totalPages: null, victim: null, difference: null, shieldedGiant: null, unit: null })
  const bare = makeRow({ rss: 1 })
  const scores = scoreTasks(makeDump({ era: 0, tasks: [{ ...bare, rssBytes: null }], kills: [makeKill({ pid: 100 })] }))
  expect(scores.victim).toMatchObject({ badness: null, rank: null })
})

test('property: a total solved from a score always holds the true one', () => {
  const cases = fc.record({
    limit: fc.integer({ min: 1000, max: 1_000_000 }),
    swap: fc.integer({ min: 0, max: 1_000_000 }),
    size: fc.integer({ min: 1, max: 1_000_000 }),
    adj: fc.integer({ min: 0, max: 1000 }),
  })
  fc.assert(
    fc.property(cases, ({ limit, swap, size, adj }) => {
      const total = limit + swap
      const badness = (t: number): number => badnessOf(3, size, adj, t, false)
      const range = solveTotal(printedScore(3, badness(total), total), badness, limit, 2 ** 26)
      if (range !== null) expect(total >= range.min && total <= range.max).toBe(true)
    }),
  )
})

test('a group that swaps without a bound of its own has a total that only the machine’s swap would tell', () => {
  const dump = died({ rss: 10_000, swap: 30_000, adj: 100 }, null, memcg(40960, { era: 5, swap: counter(120_000, null) }))
  expect(scoreTasks(dump)).toMatchObject({ totalPages: null, victim: { badness: null, rank: 1 } })
  expect(scoreTasks(dump, { swapTotalBytes: 32767 * PAGE })).toMatchObject({ totalPages: 10240 + 32767, totalFrom: 'limit-and-swap' })
})

test.each([
  [500, false],
  [9_000, false],
  [30_000, true],
])('a shielded task of %i of 100,000 pages is a giant: %s', (rss, giant) => {
  const tasks = [makeRow({ pid: 1000, rss: 200 }), makeRow({ pid: 1001, rss, adj: -1000, comm: 'daemon' })]
  const memInfo = makeInfo({ ramBytes: 100_000 * 4096, reservedBytes: 0, totalSwapBytes: 0, freeSwapBytes: 0 })
  const scores = scoreTasks(makeDump({ scope: 'global', era: 5, tasks, kills: [makeKill({ pid: 1000 })], memInfo }))
  expect(scores.shieldedGiant !== null).toBe(giant)
})
