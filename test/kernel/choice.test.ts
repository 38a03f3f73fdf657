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

  it('a thread’s group, whatever the thread is called', () => {
    const kills = [makeKill({ pid: 44, comm: 'worker' })]
    expect(
      scored(
        [
          { pid: 30, tgid: 44, comm: 'main', rss: 5 },
          { pid: 31, tgid: 31, comm: 'worker', rss: 5 },
        ],
        { kills },
      ).victim?.row.pid,
    ).toBe(30)
  })
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
  it('three equals, the victim in the middle: it, then the later, before 5.1 the earlier', () => {
    const rows = [100, 101, 102, 103].map((pid) => ({ pid, rss: 500 }))
    const of = (era: 4 | 5) => ranks(rows, { era }, 102).map(([rank, bare]) => `${rank} ${bare}`)
    expect([of(5), of(4)]).toEqual([
      ['4 4', '3 3', '1 1', '2 2'],
      ['2 2', '3 3', '1 1', '4 4'],
    ])
  })
  it('the unit is that of the era; without one there is none', () => {
    const of = (more: Partial<OomDump>) => scored([{ pid: 100, rss: 5 }], more)
    expect([of({ era: 1 }).unit, of({ era: 2 }).unit, of({ era: 5 }).unit]).toEqual(['permille', 'pages', 'pages'])
    const nothing = {
      unit: null,
      totalPages: null,
      totalFrom: null,
      totalAssumed: false,
      totalRange: null,
      rootBonus: false,
      matchesPrinted: null,
    }
    expect(of({ era: 0 })).toMatchObject({ ...nothing, era: 0 })
    expect(of({ era: 5, tasks: [] })).toMatchObject({ ...nothing, era: 5 })
    const tasks = [{ ...makeRow({ pid: 100, rss: 9 }), oomScoreAdj: null }]
    expect(of({ era: null, tasks })).toMatchObject({ ...nothing, era: null })
    expect(of({ era: null, tasks }).tasks[0]).toMatchObject({ badness: null, unadjusted: null })
  })
  it('without a total only an unadjusted task has a score, and only where the era needs none for it', () => {
    const bare = { scope: 'memcg', memory: counter(4000, null) } as const
    const of = (era: 1 | 2 | 3 | 5, row: RowFigures, more: Partial<OomDump> = bare) =>
      scored([{ pid: 100, ...row }], { era, ...more }).victim?.badness
    expect([of(5, { rss: 500 }), of(5, { rss: 500, adj: 1 }), of(5, { rss: 500, adj: -1 })]).toEqual([500, null, null])
    expect([of(1, { rss: 500 }), of(2, { rss: 500 }), of(3, { rss: 500 })]).toEqual([null, 500, 500])
    const host = { scope: 'global', memInfo: makeInfo() } as const
    expect([of(2, { uid: 0, rss: 500 }, host), of(2, { uid: 7, rss: 500 }, host), of(3, { uid: 0, rss: 500 }, host)]).toEqual([
      null,
      500,
      485,
    ])
    expect(scored([{ pid: 100, rss: 500 }], bare)).toMatchObject({ totalPages: null, totalFrom: null, totalAssumed: false })
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

  it.each([
    // The eras of one form differ in root’s bonus alone: the report’s own is named, of none the likeliest.
    [4, { uid: 1000 }, 100, 4],
    [3, { uid: 1000 }, 100, 3],
    [2, { uid: 1000 }, 100, 2],
    [1, { uid: 1000 }, 100, 1],
    [null, { uid: 1000 }, 100, 3],
    [5, { uid: 1000 }, 100, 3],
    [4, { uid: 0 }, 97, 3],
  ] as const)('of era %s, %j, score %i: era %i', (era, row, score, expected) =>
    expect(printed(score, { rss: 10_000, ...row }, { era })).toMatchObject({ era: expected, matchesPrinted: true }),
  )
  it('nobody but root has a bonus; of whom the table does not tell may have had one', () => {
    expect(printed(97, { rss: 10_000, uid: 1000 }).matchesPrinted).toBe(false)
    const tasks = [{ ...makeRow({ pid: 100, rss: 10_000 }), uid: null }]
    expect(printed(97, { rss: 1 }, { tasks })).toMatchObject({ matchesPrinted: true, rootBonus: true, era: 3 })
    expect(printed(100, { rss: 10_000, uid: 1000 }, { era: 4 }).rootBonus).toBe(false)
  })
  it('vouches for a total that was assumed until then', () => {
    const group = { scope: 'memcg', memory: counter(400_000, 400_000), swap: counter(0, 80_000), memInfo: null } as const
    expect(printed(100, { rss: 10_000, uid: 1000 }, group)).toMatchObject({ totalFrom: 'limit', totalAssumed: false, matchesPrinted: true })
    expect(scored([{ pid: 100, rss: 10_000 }], { ...group, era: 3 })).toMatchObject({ totalFrom: 'limit', totalAssumed: true })
  })
  it('says nothing where the row, its figures or the total are lost', () => {
    const kills = [makeKill({ pid: 99, comm: 'gone', score: 100 })]
    expect(scored([{ pid: 100, rss: 10_000 }], { era: 3, kills })).toMatchObject({
      matchesPrinted: null,
      totalPages: 100_000,
      victim: null,
    })
    const tasks = [{ ...makeRow({ pid: 100, rss: 1 }), rssBytes: null }]
    expect(printed(100, { rss: 1 }, { tasks })).toMatchObject({ matchesPrinted: null, totalPages: 100_000, totalFrom: 'ram-and-swap' })
    expect(printed(100, { rss: 1 }, { memInfo: null }).matchesPrinted).toBeNull()
  })
  it('a row without an adjustment is taken as unadjusted where that prints the score', () => {
    const tasks = [{ ...makeRow({ pid: 100, rss: 10_000 }), oomScoreAdj: null }]
    expect(printed(100, { rss: 1 }, { tasks })).toMatchObject({ matchesPrinted: true })
  })
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
    const mixed = [
      { pid: 100, rss: 9, anon: 5 },
      { pid: 101, rss: 9 },
    ]
    const score = (value: number | null, pid = 7) => makeKill({ pid, comm: 'gone', score: value })
    expect(scored(mixed, { era: null, kills: [score(5)] }).era).toBe(5)
    // A printed score that no row explains: 5.0 at the latest.
    expect(scored([{ pid: 100, rss: 9 }], { era: null, kills: [score(5)] }).era).toBe(4)
    expect(scored([{ pid: 100, rss: 9 }], { era: null, kills: [score(null), score(5, 8)] }).era).toBe(4)
    const partly = [makeRow({ pid: 100, rss: 9 }), { ...makeRow({ pid: 101, rss: 9 }), oomScoreAdj: null }]
    expect(scored([], { era: null, kills, tasks: partly }).era).toBe(5)
    const old = [{ ...makeRow({ pid: 100, rss: 9 }), oomScoreAdj: null }]
    expect(scored([], { era: null, kills, tasks: old }).era).toBeNull()
  })
})

describe('why it is not the first', () => {
  const top = { pid: 200, comm: 'top', rss: 20_000 }
  it.each([
    ['within 512 pages of it', { rss: 20_000 - 512 }, {}, 'close-figures'],
    ['within a twentieth', { rss: 19_000 }, {}, 'close-figures'],
    [
      'within a twentieth, third',
      { rss: 19_000 },
      { tasks: [100, 200, 300].map((pid) => makeRow({ pid, rss: 19_000 + pid })) },
      'close-figures',
    ],
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
  it('permille of era 1: the lag of 512 pages is a share of the total', () => {
    const rows = (rss: number) => [
      { pid: 100, uid: 7, rss },
      { pid: 200, uid: 7, rss: 40_000 },
    ]
    const of = (rss: number) => scored(rows(rss), { era: 1 }).difference
    expect([of(39_900), of(38_100), of(37_900), of(20_000)]).toEqual(['close-figures', 'close-figures', 'unexplained', 'unexplained'])
    // Of 8,000 pages 512 are 64 permille.
    const small = (rss: number) =>
      scored(
        [
          { pid: 100, uid: 7, rss },
          { pid: 200, uid: 7, rss: 1000 },
        ],
        { era: 1, ...machine(8000) },
      ).difference
    expect([small(488), small(479)]).toEqual(['close-figures', 'unexplained'])
  })
  it('without a total the sizes are compared that the order is of', () => {
    const none = { scope: 'memcg', memory: counter(4000, null) } as const
    const rows = (rss: number) => [
      { pid: 100, rss, adj: 100 },
      { pid: 200, rss: 20_000, adj: 100 },
    ]
    expect(scored(rows(500), none).difference).toBe('unexplained')
    expect(scored(rows(19_500), none).difference).toBe('close-figures')
  })
  it('a thread', () => expect(scored([{ pid: 101, tgid: 100, rss: 500 }, top]).difference).toBe('thread'))
  it('those above have nothing left to give', () => {
    const rows = [
      { pid: 100, rss: 500, adj: 0 },
      { pid: 200, rss: 0, adj: 800 },
    ]
    expect(scored(rows).difference).toBe('unkillable-larger')
    expect(scored([...rows, { pid: 300, rss: 30_000 }]).difference).toBe('unexplained')
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
    const lost = (adj: 'first' | 'second') =>
      [
        { pid: 100, rss: 500, adj: 5 },
        { pid: 200, rss: 60_000, adj: -900 },
      ].map((row, at) => (adj === (at === 0 ? 'first' : 'second') ? { ...makeRow(row), oomScoreAdj: null } : makeRow(row)))
    expect([lost('first'), lost('second')].map((tasks) => scored([], { tasks }).shieldedGiant)).toEqual([null, null])
  })
  it('without a total the table’s sum stands for it', () => {
    const none = { scope: 'memcg', memory: counter(4000, null) } as const
    expect(giant(60_000, none)).toBe('giant')
    // A tenth of all three together, to the page.
    const among = (rss: number) =>
      scored(
        [
          { pid: 100, rss: 2000, adj: 0 },
          { pid: 200, rss, adj: -900 },
          ...[1, 2, 3, 4, 5].map((n) => ({ pid: 300 + n, rss: 6800, adj: 0 })),
        ],
        none,
      )
    expect(among(6800).shieldedGiant).toBeNull()
    const many = (rss: number) =>
      scored(
        [
          { pid: 100, rss: 200, adj: 0 },
          { pid: 200, rss, adj: -900 },
          ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => ({ pid: 300 + n, rss: 880, adj: 0 })),
        ],
        none,
      )
    expect([many(1000).shieldedGiant?.row.pid, many(999).shieldedGiant]).toEqual([200, null])
  })
  it('a thread of a group that was killed died with it', () => {
    const tasks = [makeRow({ pid: 100, rss: 500, adj: 0 }), makeRow({ pid: 201, tgid: 200, comm: 'giant', rss: 60_000, adj: -900 })]
    const killed = (pid: number) =>
      scored([], { tasks, kills: [makeKill({ pid: 100 }), makeKill({ pid, comm: 'x' })] }).shieldedGiant?.row.pid
    expect([killed(200), killed(201), killed(202)]).toEqual([undefined, undefined, 201])
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
