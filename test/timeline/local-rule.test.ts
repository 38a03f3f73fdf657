import { describe, expect, it } from 'vitest'
import type { ClockSnapshot } from '../../src/model/snapshot.ts'
import type { TimelineOptions } from '../../src/model/timeline.ts'
import type { Boot } from '../../src/timeline/boots.ts'
import { readingOf } from '../../src/timeline/clocks.ts'
import { localRule } from '../../src/timeline/local-rule.ts'
import type { BundleClock } from '../../src/timeline/readings.ts'
import { anchor, bootMark, notice, report, type SourceParts, source } from './sources.ts'
import { bootOf, containerEvent, HOUR, instant, local, MINUTE, momentOf, noOptions, SECOND, us, yearless } from './stamps.ts'

const NOW = us('2026-11-24T08:00:00Z')
const nothing: BundleClock = {
  clocks: [],
  captures: { readings: [], refused: [] },
  newestUs: null,
  newestIsOwn: false,
  near: [],
  echoes: [],
  slept: false,
}
const told = <T>(value: T) => ({ value, quote: null as never })
const clock = (more: object): ClockSnapshot => ({ kind: 'clock', source: 'c', zone: null, offsetMinutes: null, ...more }) as ClockSnapshot

interface Case {
  readonly boot?: Boot
  readonly bundle?: Partial<BundleClock>
  readonly options?: Partial<TimelineOptions>
  readonly source?: SourceParts
  /** Uptimes (s) whose instant is known: NOW + uptime. */
  readonly sure?: readonly number[]
}
const sureAt = (seconds: number) => readingOf(anchor(seconds, 0, { via: 'journal' }), NOW + seconds * SECOND, 1)
const ruleOf = ({ boot = bootOf(), bundle = {}, options = {}, source: parts = {}, sure = [] }: Case) =>
  localRule(source('messages', parts), boot, { ...nothing, ...bundle }, sure.map(sureAt), { ...noOptions, ...options })
const zoneOf = (one: Case) => {
  const { zone, offsetMinutes, how } = ruleOf(one)
  return [zone ?? offsetMinutes, how]
}

/** A line that the logger stamped with local fields at a known uptime. */
const localAt = (uptime: number, fields: string) => anchor(uptime, { local: us(`${fields}Z`) / SECOND })

describe('the zone of stamps without one', () => {
  it('nobody tells', () => expect(zoneOf({})).toEqual([null, null]))

  it.each<[string, string, [string | number, string]]>([
    ['a zone', 'Asia/Kolkata', ['Asia/Kolkata', 'option']],
    ['UTC', 'utc', [0, 'option']],
    ['hours and minutes', '+05:30', [330, 'option']],
    ['without a colon', '-0330', [-210, 'option']],
    ['hours alone', '+2', [120, 'option']],
    ['behind UTC', 'UTC-5', [-300, 'option']],
    ['behind GMT', 'GMT+10', [600, 'option']],
    ['not at the start', 'x+5', ['x+5', 'option']],
  ])('the caller: %s', (_, timezone, want) => expect(zoneOf({ options: { timezone } })).toEqual(want))

  it('the bundle’s zone goes before all; its offset only before the caller’s', () => {
    const options = { timezone: '+01:00' }
    const zone = clock({ zone: told('Europe/Berlin') })
    const offset = clock({ offsetMinutes: told(330) })
    expect(zoneOf({ options, bundle: { clocks: [offset, zone] } })).toEqual(['Europe/Berlin', 'bundle'])
    expect(zoneOf({ options, bundle: { clocks: [clock({ zone: told('UTC') })] } })).toEqual([0, 'bundle'])
    expect(zoneOf({ options, bundle: { clocks: [clock({}), offset] } })).toEqual([330, 'bundle'])
    expect(zoneOf({ bundle: { clocks: [offset] }, boot: bootOf({ anchors: [localAt(100, '2026-11-24T09:01:40')] }), sure: [100] })).toEqual(
      [60, 'derived'],
    )
  })
})

describe('by a local stamp beside a known uptime', () => {
  const derived = (sure: readonly number[], ...anchors: ReturnType<typeof anchor>[]) => zoneOf({ boot: bootOf({ anchors }), sure })
  it.each([
    ['UTC', '2026-11-24T08:01:40', 0],
    ['an hour east', '2026-11-24T09:01:40', 60],
    ['India', '2026-11-24T13:31:40', 330],
    ['Nepal: a quarter', '2026-11-24T13:46:40', 345],
    ['west', '2026-11-24T03:01:40', -300],
    ['two minutes late', '2026-11-24T09:03:40', 60],
    ['two minutes early', '2026-11-24T08:59:40', 60],
  ])('%s', (_, fields, want) => expect(derived([100], localAt(100, fields))).toEqual([want, 'derived']))
  it('more than two minutes off is no zone', () => expect(derived([100], localAt(100, '2026-11-24T09:03:41'))).toEqual([null, null]))
  it('not without a known instant', () => expect(derived([], localAt(100, '2026-11-24T09:01:40'))).toEqual([null, null]))
  it('stamps that are instants, or hold no fields, tell nothing', () => {
    const bare = localAt(100, '2026-11-24T09:01:40')
    const wall = (more: object) => ({ ...bare, wall: { stamp: { ...local('2026-11-24T09:01:40'), ...more } } })
    expect(derived([100], wall({ epochUs: NOW }))).toEqual([null, null])
    expect(derived([100], wall({ localUs: null }))).toEqual([null, null])
    expect(derived([100], anchor(100, NOW / SECOND + 3600))).toEqual([null, null])
  })
  it('a year is not needed', () =>
    expect(derived([100], { ...anchor(100, 0), wall: { stamp: yearless('11-24T09:01:40') } })).toEqual([60, 'derived']))
  it('where lines differ, more than twice as many must agree', () => {
    const east = (n: number) => Array.from({ length: n }, (_, i) => localAt(100 + i, '2026-11-24T09:01:40'))
    const india = localAt(100, '2026-11-24T13:31:40')
    expect(derived([100], ...east(2), india)).toEqual([null, null])
    expect(derived([100], ...east(3), india)).toEqual([60, 'derived'])
    expect(derived([100], india, ...east(3))).toEqual([60, 'derived'])
  })
})

describe('by a line that a program and its logger both stamped', () => {
  const twice = (inner: ReturnType<typeof instant> | null, outer: ReturnType<typeof local> | null) => ({
    ...containerEvent('oom', 'x', null),
    moment: momentOf(inner, outer),
  })
  const zone = (...events: ReturnType<typeof twice>[]) => zoneOf({ bundle: { near: [source('messages', { events })] } })
  const inner = instant('2026-11-24T08:00:00Z')
  it.each([
    ['India', '2026-11-24T13:30:00', 330],
    ['a minute late', '2026-11-24T13:31:00', 330],
    ['more than a minute late', '2026-11-24T13:31:01', null],
    ['the day before, in the Americas', '2026-11-24T00:00:00', -480],
  ])('%s', (_, fields, want) => expect(zone(twice(inner, local(fields)))[0]).toBe(want))
  it('both are needed, the outer one without a zone of its own', () => {
    expect(zone(twice(null, local('2026-11-24T13:30:00')))).toEqual([null, null])
    expect(zone(twice(inner, null))).toEqual([null, null])
    expect(zone(twice(inner, local('2026-11-24T13:30:00', { epochUs: NOW })))).toEqual([null, null])
    expect(zone(twice(inner, local('2026-11-24T13:30:00', { localUs: null })))).toEqual([null, null])
  })
  it('where lines differ, more than twice as many must agree', () => {
    const india = twice(inner, local('2026-11-24T13:30:00'))
    const utc = twice(inner, local('2026-11-24T08:00:00'))
    expect(zone(india, india, utc)).toEqual([null, null])
    expect(zone(india, utc, india, india)).toEqual([330, 'derived'])
  })
  it('goes before what other logs print, after what the boot’s own clock says', () => {
    const near = [source('m', { events: [twice(inner, local('2026-11-24T13:30:00'))] })]
    const boot = bootOf({ anchors: [localAt(100, '2026-11-24T09:01:40')] })
    expect(zoneOf({ bundle: { near }, boot, sure: [100] })).toEqual([60, 'derived'])
    const printing = bootOf({ last: momentOf(local('2026-11-24T09:00:00', { offsetMinutes: 60 })) })
    expect([zoneOf({ bundle: { near }, boot: printing }), zoneOf({ boot: printing })]).toEqual([
      [330, 'derived'],
      [60, 'bundle'],
    ])
  })
})

describe('by the offset that another log of the boot prints', () => {
  const printed = (offsetMinutes: number | null, more: object = {}) => local('2026-11-24T09:00:00', { offsetMinutes, ...more })
  const zone = (parts: SourceParts) => zoneOf({ boot: bootOf(parts) })[0]
  const said = (event: ReturnType<typeof notice>, wall: ReturnType<typeof local>, outer: ReturnType<typeof local> | null = null) => ({
    ...event,
    moment: momentOf(wall, outer, 5),
  })
  it('on kernel reports, units and boots', () => {
    expect(zone({ events: [said(report(5), printed(60))] })).toBe(60)
    expect(zone({ events: [said(bootMark(5), printed(60))] })).toBe(60)
    expect(zone({ events: [said({ ...notice(5), kind: 'unit' } as never, printed(60))] })).toBe(60)
    expect(zone({ events: [said(notice(5), printed(60))] })).toBeNull()
  })
  it('by the logger’s stamp before the program’s', () => {
    expect(zone({ events: [said(report(5), printed(0), printed(60))] })).toBe(60)
    expect(zone({ last: momentOf(printed(0), printed(60)) })).toBe(60)
  })
  it('on anchors and the last line', () => {
    expect(zone({ anchors: [{ ...anchor(5, 0), wall: { stamp: printed(60) } }] })).toBe(60)
    expect(zone({ last: momentOf(printed(-90)) })).toBe(-90)
  })
  it('not of an epoch, not where two differ', () => {
    expect(zone({ last: momentOf(printed(60, { localUs: null })) })).toBeNull()
    expect(zone({ last: momentOf(printed(60)), events: [said(report(5), printed(0))] })).toBeNull()
    expect(zone({ last: momentOf(printed(0)), events: [said(report(5), printed(0))] })).toBe(0)
  })
  it('goes before the offset of a clock file', () =>
    expect(zoneOf({ boot: bootOf({ last: momentOf(printed(60)) }), bundle: { clocks: [clock({ offsetMinutes: told(330) })] } })).toEqual([
      60,
      'bundle',
    ]))
})

describe('what several lines say', () => {
  const quarter = (uptime: number, hour: number) =>
    localAt(
      uptime,
      `2026-11-24T${String(8 + hour).padStart(2, '0')}:${String(Math.floor(uptime / 60)).padStart(2, '0')}:${String(uptime % 60).padStart(2, '0')}`,
    )
  const of = (...hours: number[]) => zoneOf({ boot: bootOf({ anchors: hours.map((h, i) => quarter(10 + i, h)) }), sure: [10, 20] })[0]
  it('holds where more than twice as many say it as anything else, whatever comes first', () => {
    expect([of(1), of(1, 1), of(1, 2, 1, 1), of(2, 1, 1, 1)]).toEqual([60, 60, 60, 60])
    expect([of(1, 1, 2), of(2, 1, 1), of(1, 2), of(1, 1, 1, 2, 2)]).toEqual([null, null, null, null])
  })
  it('no boot is before the least of its readings', () => {
    const { notBeforeUs } = localRule(
      source('m'),
      bootOf(),
      nothing,
      [sureAt(10), { ...sureAt(90), offsetUs: NOW - 5 * SECOND }, sureAt(50)],
      noOptions,
    )
    expect(notBeforeUs).toBe(NOW - 5 * SECOND)
    expect(ruleOf({ sure: [10] }).notBeforeUs).toBe(NOW)
    expect(ruleOf({}).notBeforeUs).toBeNull()
  })
})

describe('uptime’s time of day beside a date on UTC', () => {
  const shown = (minutes: number, date = NOW) =>
    zoneOf({ bundle: { clocks: [clock({ capturedUs: null, uptimeAtSecondOfDay: minutes * 60 }), clock({ capturedUs: told(date) })] } })[0]
  const eight = 8 * 60
  it.each([
    ['the same', eight, 0],
    ['two minutes later', eight + 2, 0],
    ['three: no zone', eight + 3, null],
    ['two minutes before', eight - 2, 0],
    ['three before', eight - 3, null],
    ['five hours and a half ahead', eight + 330, 330],
    ['ten hours ahead', eight + 600, 600],
    ['ten and a quarter: as well behind', eight + 615, null],
    ['eight hours behind, in the night', 0, -480],
  ])('%s', (_, minutes, offset) => expect(shown(minutes)).toBe(offset))
  it('over midnight', () => expect([shown(60, NOW + 15 * HOUR), shown(23 * 60, NOW - 7 * HOUR)]).toEqual([120, -120]))
})

describe('what dates a stamp without a year', () => {
  const dates = (one: Case) => {
    const { referenceUs, referenceIsSure } = ruleOf(one)
    return [referenceUs, referenceIsSure]
  }
  const nameDateUs = NOW - HOUR
  it('the boot’s newest reading, else the bundle’s newest, else the file’s name, else when it was changed', () => {
    const all: Case = {
      sure: [10, 90, 50],
      bundle: { newestUs: NOW - MINUTE, newestIsOwn: true },
      source: { place: { nameDateUs }, modifiedMs: 5 },
    }
    expect(dates(all)).toEqual([NOW + 90 * SECOND, true])
    expect(dates({ ...all, sure: [] })).toEqual([NOW - MINUTE, true])
    expect(dates({ ...all, sure: [], bundle: {} })).toEqual([nameDateUs, true])
    // what only other hosts of the bundle vouch for
    expect(dates({ bundle: { newestUs: NOW - MINUTE } })).toEqual([NOW - MINUTE, false])
    expect(dates({ source: { modifiedMs: 5 } })).toEqual([5000, false])
    expect(dates({ bundle: { newestUs: NOW, newestIsOwn: true } })).toEqual([NOW, true])
    expect(dates({ bundle: { newestUs: NOW }, source: { place: { nameDateUs } } })).toEqual([NOW, true])
    expect(dates({ sure: [10] })).toEqual([NOW + 10 * SECOND, true])
    expect(dates({})).toEqual([null, false])
  })
})

describe('a status that ends in the second of the kill gives the zone away', () => {
  const UID = '5f1a9c44-0000-4000-8000-000000000001'
  const CGROUP = `/kubepods/burstable/pod${UID}/${'c'.repeat(64)}`
  const killAt = (fields: string) => report(100, { taskMemcg: CGROUP, moment: momentOf(yearless(fields), null, 100) })
  const pod = (finished: string, more: object = {}, uid = UID) => ({
    kind: 'pod',
    uid,
    containers: [{ state: null, lastState: { reason: 'OOMKilled', finishedUs: us(finished), ...more } }],
  })
  const matched = (fields: readonly string[], pods: readonly object[], options: Partial<TimelineOptions> = {}) =>
    zoneOf({ boot: bootOf({ events: fields.map(killAt) }), bundle: { near: [source('pods', { snapshots: pods })] }, options })

  it.each<[string, string, number | null]>([
    ['11-24T14:37:10', '2026-11-24T09:07:10Z', 330],
    ['11-24T14:37:10', '2026-11-24T09:07:12Z', 330],
    ['11-24T09:07:10', '2026-11-24T09:07:10Z', 0],
    ['11-23T23:59:59', '2026-11-24T05:00:00Z', -300],
    ['01-01T01:00:00', '2025-12-31T23:00:01Z', 120],
    ['11-24T14:37:10', '2026-11-24T09:07:15Z', null],
    ['11-24T14:37:10', '2026-11-24T09:07:07Z', null],
    ['11-24T14:37:10', '2026-11-26T09:07:10Z', null],
  ])('%s and %s: %s', (fields, finished, offset) =>
    expect(matched([fields], [pod(finished)])).toEqual([offset, offset === null ? null : 'matched']),
  )

  it('not another pod’s, nor another end', () => {
    const [fields, finished] = ['11-24T14:37:10', '2026-11-24T09:07:10Z']
    expect(matched([fields], [pod(finished, {}, UID.replace('5f', '6f'))])).toEqual([null, null])
    expect(matched([fields], [pod(finished, { reason: 'Error' })])).toEqual([null, null])
  })
  it('not where two offsets fit', () => {
    expect(matched(['11-24T14:37:10', '11-24T15:37:10'], [pod('2026-11-24T09:07:10Z')])).toEqual([null, null])
  })
  it('the caller knows better', () => {
    expect(matched(['11-24T14:37:10'], [pod('2026-11-24T09:07:10Z')], { timezone: 'UTC' })).toEqual([0, 'option'])
  })
})
