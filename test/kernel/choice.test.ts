import { describe, expect, it } from 'vitest'
import { scoreTasks } from '../../src/kernel/scores.ts'
import type { OomDump } from '../../src/model/oom-dump.ts'
import { counter, makeDump, makeInfo, makeKill, makeRow, type RowFigures } from './make-dump.ts'

const PAGE = 4096
const machine = (total: number): Partial<OomDump> => ({
  scope: 'global',
  memInfo: makeInfo({ ramBytes: total * PAGE, reservedBytes: 0, totalSwapBytes: 0, freeSwapBytes: 0 }),
})
const scored = (rows: readonly RowFigures[], more: Partial<OomDump> = {}, pid = 100) =>
  scoreTasks(makeDump({ era: 5, ...machine(100_000), tasks: rows.map((row) => makeRow(row)), kills: [makeKill({ pid })], ...more }))

describe('whose row the victim’s is', () => {
  const rows = [
    { pid: 10, tgid: 10, comm: 'a', rss: 5 },
    { pid: 20, tgid: 20, comm: 'b', rss: 6 },
    { pid: 21, tgid: 20, comm: 'b', rss: 6 },
  ]
  it.each([
    ['its pid', { pid: 20, comm: 'a' }, 20],
    ['the pid of the parent that was chosen', { pid: 99, comm: 'x', sacrificedFor: { pid: 20, comm: 'b', score: 1 } }, 20],
    ['its own row before the parent’s', { pid: 21, comm: 'b', sacrificedFor: { pid: 10, comm: 'a', score: 1 } }, 21],
    ['a name that only one has', { pid: 99, comm: 'a' }, 10],
    ['a name that two have: none', { pid: 99, comm: 'b' }, null],
    ['a name that nobody has: none', { pid: 99, comm: 'z' }, null],
    ['no name: none', { pid: 99, comm: null }, null],
  ])('%s', (_, kill, pid) => expect(scored(rows, { kills: [makeKill(kill)] }).victim?.row.pid ?? null).toBe(pid))

  it('a thread’s group', () => expect(scored([{ pid: 30, tgid: 44, rss: 5 }], {}, 44).victim?.row.pid).toBe(30))
  it('no kill, no victim', () => expect(scored(rows, { kills: [] })).toMatchObject({ victim: null, difference: null, shieldedGiant: null }))
})

describe('ranks', () => {
  const ranks = (rows: readonly RowFigures[], more: Partial<OomDump> = {}, pid = 100) =>
    scored(rows, more, pid).tasks.map(({ rank, unadjustedRank }) => [rank, unadjustedRank])
  it('by badness, and by size alone; −1000 has the second only', () => {
    const rows = [
      { pid: 100, rss: 500, adj: 900 },
      { pid: 101, rss: 9000, adj: 0 },
      { pid: 102, rss: 20_000, adj: -1000 },
    ]
    expect(ranks(rows)).toEqual([
      [1, 3],
      [2, 2],
      [null, 1],
    ])
  })
  it('of equals the later since 5.1, the earlier before, the victim before all', () => {
    const rows = [
      { pid: 100, rss: 500 },
      { pid: 101, rss: 500 },
      { pid: 102, rss: 500 },
    ]
    const first = (era: 4 | 5, pid: number) => ranks(rows, { era }, pid).map(([rank]) => rank)
    expect([first(5, 7), first(4, 7), first(5, 100)]).toEqual([
      [3, 2, 1],
      [1, 2, 3],
      [1, 3, 2],
    ])
  })
  it('without a total: by size where all have one adjustment, by nothing else', () => {
    const none = { scope: 'memcg', memory: counter(4000, null) } as const
    const rows = (adj: number) => [
      { pid: 100, rss: 500, adj: 100 },
      { pid: 101, rss: 700, adj },
    ]
    expect(ranks(rows(100), none)).toEqual([
      [2, 2],
      [1, 1],
    ])
    expect(ranks(rows(50), none)).toEqual([
      [null, 2],
      [null, 1],
    ])
  })
  it('a row without figures has none, and nobody is ranked by size then', () => {
    const tasks = [makeRow({ pid: 100, rss: 500 }), { ...makeRow({ pid: 101, rss: 0 }), rssBytes: null }]
    expect(scored([], { tasks }).tasks.map(({ rank, unadjustedRank, unadjusted }) => [rank, unadjustedRank, unadjusted])).toEqual([
      [null, null, 500],
      [null, null, null],
    ])
  })
  it('permille of era 1, with and without adjustment', () => {
    const [one] = scored([{ pid: 100, uid: 1000, rss: 25_000, adj: 100 }], { era: 1 }).tasks
    expect(one).toMatchObject({ badness: 350, unadjusted: 250 })
  })
  it('root has its bonus on the host, and only in eras that give one', () => {
    const of = (era: 2 | 3 | 4, more: Partial<OomDump> = {}) => scored([{ pid: 100, uid: 0, rss: 10_000 }], { era, ...more })
    expect([of(2).victim?.badness, of(3).victim?.badness, of(4).victim?.badness]).toEqual([7000, 9700, 10_000])
    expect([of(3).rootBonus, of(4).rootBonus]).toEqual([true, false])
    const group = { scope: 'memcg', memory: counter(400_000, 400_000), swap: counter(0, 0) } as const
    expect(of(3, group)).toMatchObject({ rootBonus: false, victim: { badness: 10_000 } })
  })
})

describe('a printed score decides the formula', () => {
  const printed = (score: number, row: RowFigures, more: Partial<OomDump> = {}) =>
    scored([{ pid: 100, ...row }], { era: 3, kills: [makeKill({ pid: 100, score })], ...more })
  it.each([
    ['the era’s own', 100, { rss: 10_000, uid: 1000 }, { era: 3, matchesPrinted: true }],
    ['root’s bonus of 3 %', 97, { rss: 10_000, uid: 0 }, { era: 3, rootBonus: true, matchesPrinted: true }],
    ['no bonus in a user namespace', 100, { rss: 10_000, uid: 0 }, { era: 3, rootBonus: false, matchesPrinted: true }],
    ['another era’s: 30 permille', 70, { rss: 10_000, uid: 0 }, { era: 2, rootBonus: true, matchesPrinted: true }],
    ['none', 555, { rss: 10_000, uid: 1000 }, { era: 3, matchesPrinted: false }],
  ] as const)('%s', (_, score, row, expected) => expect(printed(score, row)).toMatchObject(expected))

  it('is no score where the allocating task was taken', () =>
    expect(printed(0, { rss: 10_000, uid: 1000 }, { allocatingTask: true }).matchesPrinted).toBeNull())
  it('without one nothing is compared', () => expect(scored([{ pid: 100, rss: 5 }], { era: 3 }).matchesPrinted).toBeNull())
  it('is the parent’s where a child died for it', () => {
    const rows = [
      { pid: 100, uid: 1000, rss: 10_000 },
      { pid: 200, uid: 1000, rss: 40_000 },
    ]
    const kills = [makeKill({ pid: 100, sacrificedFor: { pid: 200, comm: 'p', score: 400 } })]
    expect(scored(rows, { era: 3, kills }).matchesPrinted).toBe(true)
  })
  it('5.1 and later print none: the columns date the table', () => {
    const kills = [makeKill({ pid: 100 })]
    expect(scored([{ pid: 100, rss: 9, anon: 5 }], { era: null, kills }).era).toBe(5)
    expect(scored([{ pid: 100, rss: 9 }], { era: null, kills }).era).toBe(5)
    const old = [{ ...makeRow({ pid: 100, rss: 9 }), oomScoreAdj: null }]
    expect(scored([], { era: null, kills, tasks: old }).era).toBeNull()
  })
})

describe('why it is not the first', () => {
  const top = { pid: 200, comm: 'top', rss: 20_000 }
  it.each([
    ['within 512 pages of it', { rss: 20_000 - 512 }, {}, 'close-figures'],
    ['within a twentieth', { rss: 19_000 }, {}, 'close-figures'],
    ['further', { rss: 18_999 }, {}, 'unexplained'],
    ['a group that died together', { rss: 500 }, { groupMemcg: '/a' }, 'group-kill'],
    ['by hand', { rss: 500 }, { manual: true, allocatingTask: true }, 'manual'],
    ['who asked', { rss: 500 }, { allocatingTask: true, groupMemcg: '/a' }, 'allocating-task'],
  ] as const)('%s', (_, row, more, difference) =>
    expect(scored([{ pid: 100, ...row }, top], more as Partial<OomDump>).difference).toBe(difference),
  )
  it('small figures: 512 pages are close however small the first is', () => {
    expect(
      scored([
        { pid: 100, rss: 100 },
        { pid: 200, rss: 612 },
      ]).difference,
    ).toBe('close-figures')
    expect(
      scored([
        { pid: 100, rss: 100 },
        { pid: 200, rss: 613 },
      ]).difference,
    ).toBe('unexplained')
  })
  it('a thread', () => expect(scored([{ pid: 101, tgid: 100, rss: 500 }, top]).difference).toBe('thread'))
  it('those above have nothing left to give', () => {
    const rows = [
      { pid: 100, rss: 500, adj: 0 },
      { pid: 200, rss: 0, adj: 800 },
    ]
    expect(scored(rows).difference).toBe('unkillable-larger')
  })
  it('it is not in the table', () => {
    expect(scored([top]).difference).toBe('victim-not-in-table')
    expect(scored([top], { allocatingTask: true }).difference).toBe('allocating-task')
    expect(scored([]).difference).toBeNull()
  })
  it('it is the first', () => expect(scored([{ pid: 100, rss: 20_001 }, top]).difference).toBeNull())
})

describe('a giant that was spared', () => {
  const giant = (rss: number, more: Partial<OomDump> = {}, victim: RowFigures = { rss: 500, adj: 0 }, adj = -900) =>
    scored(
      [
        { pid: 100, ...victim },
        { pid: 200, comm: 'giant', rss, adj },
      ],
      more,
    ).shieldedGiant?.row.comm ?? null
  it.each([
    ['a tenth of all', 10_000, {}, 'giant'],
    ['less', 9_999, {}, null],
    ['by hand', 60_000, { manual: true }, null],
    ['who asked', 60_000, { allocatingTask: true }, null],
    ['it died too', 60_000, { kills: [makeKill({ pid: 100 }), makeKill({ pid: 200 })] }, null],
  ] as const)('%s', (_, rss, more, comm) => expect(giant(rss, more as Partial<OomDump>)).toBe(comm))
  it('is twice as large, and has the lower adjustment', () => {
    expect(giant(40_000, {}, { rss: 20_000 })).toBe('giant')
    expect(giant(39_999, {}, { rss: 20_000 })).toBeNull()
    expect(giant(60_000, {}, { rss: 500, adj: 0 }, 0)).toBeNull()
    expect(giant(60_000, {}, { rss: 500, adj: 100 }, 99)).toBe('giant')
    expect(giant(60_000, {}, { rss: 500, adj: -1000 }, -1000)).toBe('giant')
  })
  it('without a total the table’s sum stands for it', () => {
    const none = { scope: 'memcg', memory: counter(4000, null) } as const
    expect(giant(60_000, none)).toBe('giant')
  })
})

it('long tables are scored once for each size of swap', () => {
  const tasks = Array.from({ length: 1000 }, (_, i) => makeRow({ pid: i + 2, rss: i }))
  const dump = makeDump({
    era: 5,
    scope: 'global',
    memInfo: makeInfo({ ramBytes: 5e9, reservedBytes: 0 }),
    tasks,
    kills: [makeKill({ pid: 9 })],
  })
  expect(scoreTasks(dump)).toBe(scoreTasks(dump))
  const swapped = scoreTasks(dump, { swapTotalBytes: 4096 * 1000 })
  expect(swapped.totalPages).toBe((scoreTasks(dump).totalPages ?? 0) + 1000)
})
