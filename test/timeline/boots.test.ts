import { describe, expect, it } from 'vitest'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import { bootsOf } from '../../src/timeline/boots.ts'
import { deathsOf, isBare, receptionClock, releasesOf, shareDeath } from '../../src/timeline/deaths.ts'
import { resolveHosts } from '../../src/timeline/hosts.ts'
import { anchor, bootMark, notice, report, source } from './sources.ts'

const boots = (...all: SourceEvidence[]) => bootsOf(all, resolveHosts(all))
/** Events of each boot, as many as there are. */
const sizes = (...all: SourceEvidence[]) => boots(...all).map(({ segments }) => segments.reduce((sum, s) => sum + s.events.length, 0))
const named = { first: { wall: { epochUs: 1 }, outerWall: null, uptimeUs: null } as never }

describe('one source is cut where a boot begins', () => {
  it.each<[string, (number | null)[], number[]]>([
    ['rising uptimes', [10, 20, 30], [3]],
    ['lines of two CPUs, five seconds back', [100, 95, 101], [3]],
    ['a little more than five seconds back', [100, 94.999999, 101], [1, 2]],
    ['reports pasted in another order, after months', [20_000_000, 19_980_000, 20_000_001], [3]],
    ['a little more than a thousandth back', [20_000_000, 19_979_999, 20_000_001], [1, 2]],
    ['back to zero', [50_000, 3, 9], [1, 2]],
    ['twice', [500, 3, 900, 2], [1, 2, 1]],
    ['a line without an uptime changes nothing', [500, null, 3], [2, 1]],
    ['nor does one between', [500, null, 499], [3]],
  ])('%s', (_, uptimes, expected) => expect(sizes(source('kern.log', { events: uptimes.map((u) => notice(u)) }))).toEqual(expected))

  it.each<[string, (number | null)[], number | null, number[]]>([
    ['a banner at zero', [500], 0, [1, 2]],
    ['a banner without an uptime', [500], null, [1, 2]],
    ['a banner a second late: journald’s clock, no boot', [0.5], 1, [3]],
    ['a banner just before', [0.5], 0.999999, [1, 2]],
    ['a banner at the very beginning', [], 0, [2]],
  ])('%s', (_, before, banner, expected) => {
    const events = [...before.map((u) => notice(u)), bootMark(banner), notice((banner ?? 0) + 2)]
    expect(sizes(source('kern.log', { events }))).toEqual(expected)
  })

  it('each host of it by itself', () => {
    const events = [notice(500, 'a'), notice(3, 'b'), notice(501, 'a'), notice(4, 'b')]
    expect(boots(source('all.log', { events })).map((boot) => [boot.host, boot.segments[0]?.events.length])).toEqual([
      ['a', 2],
      ['b', 2],
    ])
  })

  it('by boot ids where there are any', () => {
    const of = (bootId: string, uptime: number) => ({ ...notice(uptime), bootId })
    const found = boots(source('journal', { events: [of('x', 50), of('y', 60), of('x', 3)] }))
    expect(found.map((boot) => [boot.key, boot.segments[0]?.events.length])).toEqual([
      ['x', 2],
      ['y', 1],
    ])
  })

  it('a clock line counts as any other', () => {
    const found = boots(source('kern.log', { events: [notice(500)], anchors: [anchor(3, 1_700_000_000)] }))
    expect(found).toHaveLength(2)
  })

  it('a bare log of which nothing is kept is a boot', () => {
    expect(boots(source('dmesg'))).toHaveLength(1)
    expect(boots(source('app.log', { hasKernel: false }))).toHaveLength(0)
  })

  it('clock lines of a log that shows when it was read are worth nothing', () => {
    const anchors = [anchor(3, 1_700_000_000, { via: 'rtc' }), anchor(4, 1, { via: 'audit' }), anchor(5, 1, { via: 'syslog' })]
    const kept = (events: Parameters<typeof receptionClock>[0]) =>
      boots(source('j', { events, anchors }))[0]?.segments[0]?.anchors.map((a) => a.via)
    expect(kept([bootMark(2.000001)])).toEqual(['syslog'])
    expect(kept([bootMark(0)])).toEqual(['rtc', 'audit', 'syslog'])
    expect([receptionClock([bootMark(2)]), receptionClock([bootMark(2.000001)]), receptionClock([bootMark(null)])]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('two sources of one boot', () => {
  const kern = (more: Parameters<typeof source>[1] = {}) => source('kern.log', { host: 'a', ...named, ...more })
  const day = 1_700_000_000
  const clocked = (name: string, boot: number, more: Parameters<typeof source>[1] = {}) =>
    source(name, { host: 'a', ...named, events: [notice(1)], anchors: [anchor(0, boot)], ...more })
  it.each<[string, SourceEvidence[], number]>([
    ['the same death at the same uptime', [kern({ events: [report(500)] }), kern({ events: [report(500)] })], 1],
    ['half a minute apart', [kern({ events: [report(500)] }), kern({ events: [report(529.9)] })], 1],
    ['more', [kern({ events: [report(500)] }), kern({ events: [report(531)] })], 2],
    ['another death', [kern({ events: [report(500)] }), kern({ events: [report(501, { pid: 101, totalVmBytes: 1 })] })], 2],
    ['the same boot instant', [clocked('a.log', day), clocked('b.log', day)], 1],
    ['within fifteen seconds', [clocked('a.log', day), clocked('b.log', day + 14.9)], 1],
    ['fifteen seconds', [clocked('a.log', day), clocked('b.log', day + 15)], 2],
    ['on two hosts', [clocked('a.log', day), clocked('b.log', day, { host: 'b' })], 2],
    [
      'of two kernels',
      [clocked('a.log', day, { events: [bootMark(0, '6.1')] }), clocked('b.log', day, { events: [bootMark(0, '6.2')] })],
      2,
    ],
    [
      'of one kernel',
      [clocked('a.log', day, { events: [bootMark(0, '6.1')] }), clocked('b.log', day, { events: [bootMark(0, '6.1')] })],
      1,
    ],
    ['of one kernel, one does not say', [clocked('a.log', day, { events: [bootMark(0, '6.1')] }), clocked('b.log', day)], 1],
    [
      'printed times alone prove nothing',
      [
        source('a', { host: 'a', ...named, events: [notice(1)], anchors: [anchor(0, { local: day })] }),
        source('b', { host: 'a', ...named, events: [notice(1)], anchors: [anchor(0, { local: day })] }),
      ],
      2,
    ],
  ])('%s', (_, all, count) => expect(boots(...all)).toHaveLength(count))

  it('the same boot id, whatever the clocks say', () => {
    const of = (name: string, bootId: string, wall: number) =>
      source(name, { host: 'a', ...named, events: [{ ...notice(1), bootId }], anchors: [{ ...anchor(0, wall), bootId }] })
    expect(boots(of('a', 'x', day), of('b', 'x', day + 999))).toHaveLength(1)
    expect(boots(of('a', 'x', day), of('b', 'y', day))).toHaveLength(2)
  })

  it('a bare log is of the only boot beside it, of the last of several', () => {
    const bare = source('dmesg', { events: [notice(7)] })
    const with7 = (...all: SourceEvidence[]) =>
      boots(...all)
        .find((boot) => boot.segments.some((s) => s.evidence.source.name === 'dmesg'))
        ?.segments.map((s) => s.evidence.source.name)
    expect(with7(clocked('a.log', day), bare)).toEqual(['a.log', 'dmesg'])
    expect(with7(clocked('a.log', day), clocked('b.log', day + 9000), bare)).toEqual(['b.log', 'dmesg'])
    expect(with7(clocked('b.log', day + 9000), clocked('a.log', day), bare)).toEqual(['b.log', 'dmesg'])
    expect(with7(clocked('a.log', day, { place: { bundle: 'other' } }), bare)).toEqual(['dmesg'])
    expect(
      with7(
        clocked('a.log', day, { events: [bootMark(0, '6.1')] }),
        source('dmesg', { events: [report(7, {}, null, { release: '5.4' })] }),
      ),
    ).toEqual(['dmesg'])
  })
})

describe('what speaks against one boot', () => {
  const day = 1_700_000_000
  const clocked = (name: string, more: Parameters<typeof source>[1] = {}, wall = day) =>
    source(name, { host: 'a', ...named, events: [notice(1)], anchors: [anchor(0, wall)], ...more })
  const withId = (name: string, bootId: string | null, wall = day) =>
    clocked(name, { events: [{ ...notice(1), bootId }], anchors: [{ ...anchor(0, wall), bootId }] })
  it.each<[string, SourceEvidence[], number]>([
    ['a boot id, where the other has none: nothing', [withId('a', 'x'), withId('b', null)], 1],
    [
      'two kernels of which one is the same',
      [
        clocked('a', { events: [bootMark(0, '6.1'), report(1, {}, null, { release: '6.2' })] }),
        clocked('b', { events: [bootMark(0, '6.2')] }),
      ],
      1,
    ],
    ['another bundle, where both name their host: nothing', [clocked('a'), clocked('b', { place: { bundle: 'other' } })], 1],
    ['another bundle, where one names none', [clocked('a'), clocked('b', { host: null, place: { bundle: 'other' } })], 2],
    ['three of one boot', [clocked('a'), clocked('b'), clocked('c')], 1],
    ['three, the first and the last of one', [clocked('a'), clocked('b', {}, day + 99), clocked('c')], 2],
    ['an instant in one of them only', [clocked('a'), clocked('b', { anchors: [] }), clocked('c', {}, day + 99)], 2],
    ['a log without uptimes is of the last boot', [clocked('a', { events: [notice(null)], anchors: [] }), clocked('b')], 1],
  ])('%s', (_, all, count) => expect(boots(...all)).toHaveLength(count))

  it('a shared death joins logs that name no host, of one bundle only', () => {
    const log = (name: string, bundle: string) => source(name, { ...named, events: [report(500)], place: { bundle } })
    expect([boots(log('a', 'x'), log('b', 'x')).length, boots(log('a', 'x'), log('b', 'y')).length]).toEqual([1, 2])
  })
  it('a printed time proves no boot: such a log is of the last of several', () => {
    const printed = source('p', { host: 'a', ...named, events: [notice(1)], anchors: [anchor(0, { local: day })] })
    const beside = (...all: SourceEvidence[]) =>
      boots(...all)
        .find((boot) => boot.segments.some((s) => s.evidence.source.name === 'p'))
        ?.segments.map((s) => s.evidence.source.name)
    expect(beside(clocked('a'), clocked('b', {}, day + 9000), printed)).toEqual(['b', 'p'])
    expect(beside(printed, clocked('a'), clocked('b', {}, day + 9000))).toEqual(['p', 'b'])
  })

  it('an instant is surer than a printed time, whichever comes first', () => {
    const both = (...anchors: ReturnType<typeof anchor>[]) => clocked('a', { anchors })
    const printed = anchor(0, { local: day + 3600 })
    expect(boots(both(printed, anchor(0, day)), clocked('b'))).toHaveLength(1)
    expect(boots(both(anchor(0, day), printed), clocked('b'))).toHaveLength(1)
    expect(boots(both(anchor(0, day), anchor(0, day + 99)), clocked('b'))).toHaveLength(1)
  })

  it('lines are read in the order of the file, whatever kind they are; bytes count where there are no lines', () => {
    const placed = (event: ReturnType<typeof notice>, line: number | null, offset: number | null = null) =>
      ({ ...event, quotes: [{ ...event.quotes[0], line, offset }] }) as typeof event
    const clockBetween = { ...anchor(100, 1), line: 5 }
    expect(sizes(source('k', { events: [placed(notice(500), 9), placed(notice(105), 1)], anchors: [clockBetween] }))).toEqual([2])
    expect(boots(source('k', { events: [placed(notice(500), null, 1), placed(notice(3), null, 9)] }))).toHaveLength(2)
    expect(boots(source('k', { events: [placed(notice(3), null, 1), placed(notice(500), null, 9)] }))).toHaveLength(1)
    expect(boots(source('k', { events: [placed(notice(500), null, 9), placed(notice(3), null, 1)] }))).toHaveLength(1)
  })
})

describe('deaths that two logs may share', () => {
  it('by pid and figures, by the report’s begin', () => {
    const of = (...events: Parameters<typeof deathsOf>[0]) => [...deathsOf(events)]
    expect(of(report(5))).toEqual([
      ['100 9000 5000', 5e6],
      ['dump 5000000 100', 5e6],
    ])
    expect(of(report(null))).toEqual([])
    expect(of(notice(5))).toEqual([])
    expect(of(bootMark(9), report(5))).toEqual([['100 9000 5000', 5e6]])
  })
  it.each([
    ['100 1 2', 30e6 - 1, true],
    ['100 1 2', 30e6, false],
    ['dump 1 2', 1999, true],
    ['dump 1 2', 2000, false],
  ])('%s, %i µs apart: %s', (key, apart, shared) => {
    const [a, b] = [
      new Map([[key, 50e6]]),
      new Map([
        ['x', 1],
        [key, 50e6 + apart],
        ['y', 2],
      ]),
    ]
    expect([shareDeath(a, b), shareDeath(b, a)]).toEqual([shared, shared])
  })
  it('releases, by banner and by report', () =>
    expect([...releasesOf([bootMark(0, '6.1'), report(1, {}, null, { release: '6.2' }), bootMark(0)])]).toEqual(['6.1', '6.2']))
  it('bare is what names neither machine nor day', () => {
    expect([
      isBare(source('d')),
      isBare(source('d', { hasKernel: false })),
      isBare(source('d', { host: 'a' })),
      isBare(source('d', { place: { host: 'a' } })),
      isBare(source('d', named)),
    ]).toEqual([true, false, false, false, false])
  })
})
