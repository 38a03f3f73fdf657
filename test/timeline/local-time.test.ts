import { describe, expect, it } from 'vitest'
import type { WallStamp } from '../../src/model/stamp.ts'
import { type LocalRule, newestKnownUs, placeLocal } from '../../src/timeline/local-time.ts'
import { isUtcName } from '../../src/units/fixed-offset.ts'
import { notice, source } from './sources.ts'
import { DAY, instant, local, momentOf, noOptions, us, yearless } from './stamps.ts'

const ruled = (more: Partial<LocalRule> = {}): LocalRule => ({
  zone: null,
  offsetMinutes: null,
  how: 'bundle',
  referenceUs: null,
  referenceIsSure: true,
  notBeforeUs: null,
  ...more,
})
const place = (stamp: WallStamp, rule: Partial<LocalRule> = {}, year: number | null = null, notBeforeUs: number | null = null) => {
  const placed = placeLocal(stamp, ruled(rule), { ...noOptions, year }, notBeforeUs)
  return placed === null ? null : [new Date(placed.epochUs / 1000).toISOString().slice(0, 19), placed.assumed, placed.ambiguous]
}

describe('names of UTC', () => {
  it.each([
    ['UTC', true],
    ['utc', true],
    ['GMT', true],
    ['Z', true],
    ['UCT', true],
    ['Zulu', true],
    ['EST', false],
    ['UTC+2', false],
    ['Etc/UTCx', false],
    [null, false],
  ])('%s: %s', (name, is) => expect(isUtcName(name)).toBe(is))
})

describe('a printed time', () => {
  it('is an instant by itself, whatever the rule', () =>
    expect(place(instant('2026-11-24T08:00:00Z'), { offsetMinutes: 60 })).toEqual(['2026-11-24T08:00:00', false, false]))
  it('has no place without a zone', () => expect(place(local('2026-11-24T08:00:00'))).toBeNull())
  it('has no place without its fields', () =>
    expect(place(local('2026-11-24T08:00:00', { localUs: null }), { offsetMinutes: 0 })).toBeNull())
  it('east of UTC is earlier on UTC', () => {
    expect(place(local('2026-11-24T08:00:00'), { offsetMinutes: 330 })?.[0]).toBe('2026-11-24T02:30:00')
    expect(place(local('2026-11-24T08:00:00'), { offsetMinutes: -300 })?.[0]).toBe('2026-11-24T13:00:00')
  })
  it('its own offset, or the name UTC, goes before the rule’s; other names are no offset', () => {
    expect(place(local('2026-11-24T08:00:00', { offsetMinutes: 60 }), { offsetMinutes: 330 })).toEqual([
      '2026-11-24T07:00:00',
      false,
      false,
    ])
    expect(place(local('2026-11-24T08:00:00', { zoneName: 'UTC' }), { offsetMinutes: 330 })?.[0]).toBe('2026-11-24T08:00:00')
    expect(place(local('2026-11-24T08:00:00', { zoneName: 'IST' }), { offsetMinutes: 120 })?.[0]).toBe('2026-11-24T06:00:00')
  })
  it('without a year is of the latest that is not after the reference, nor before its boot', () => {
    const of = (fields: string, notBefore: string | null) =>
      place(yearless(fields), {
        offsetMinutes: 0,
        referenceUs: us('2026-06-01T12:00:00Z'),
        notBeforeUs: notBefore === null ? null : us(notBefore),
      })?.[0]
    expect(of('05-31T08:00:00', null)).toBe('2026-05-31T08:00:00')
    // a day of grace for zones on either side
    expect(of('06-02T12:00:00', null)).toBe('2026-06-02T12:00:00')
    expect(of('06-02T12:00:01', null)).toBe('2025-06-02T12:00:01')
    expect(of('12-31T08:00:00', null)).toBe('2025-12-31T08:00:00')
    expect(of('12-31T08:00:00', '2026-01-01T08:00:00Z')).toBe('2025-12-31T08:00:00')
    expect(of('12-31T08:00:00', '2026-01-01T08:00:01Z')).toBe('2026-12-31T08:00:00')
  })
  it('is assumed where the zone is the caller’s', () => {
    expect(place(local('2026-11-24T08:00:00'), { offsetMinutes: 0, how: 'option' })?.[1]).toBe(true)
    expect(place(local('2026-11-24T08:00:00'), { offsetMinutes: 0, how: 'derived' })?.[1]).toBe(false)
    expect(place(local('2026-11-24T08:00:00', { offsetMinutes: 0 }), { offsetMinutes: 0, how: 'option' })?.[1]).toBe(false)
  })
})

describe('a time without a year', () => {
  const utc = { offsetMinutes: 0 }
  const near = (reference: string, more: Partial<LocalRule> = {}) => ({ ...utc, referenceUs: us(reference), ...more })
  it.each([
    ['of the reference’s year', '11-24T08:00:00', '2026-11-24T09:00:00Z', '2026-11-24T08:00:00'],
    ['a day after the reference: a zone’s grace', '11-25T09:00:00', '2026-11-24T09:00:00Z', '2026-11-25T09:00:00'],
    ['a second more: of the year before', '11-25T09:00:01', '2026-11-24T09:00:00Z', '2025-11-25T09:00:01'],
    ['December, read in January', '12-31T23:59:58', '2027-01-01T06:00:00Z', '2026-12-31T23:59:58'],
    ['January, read in December: the clocks’ zones', '01-01T05:00:00', '2026-12-31T20:00:00Z', '2027-01-01T05:00:00'],
    ['29 February', '02-29T08:00:00', '2028-03-01T00:00:00Z', '2028-02-29T08:00:00'],
  ])('%s', (_, fields, reference, want) => expect(place(yearless(fields), near(reference))?.[0]).toBe(want))
  it('is as sure as the reference', () => {
    expect(place(yearless('11-24T08:00:00'), near('2026-11-24T09:00:00Z'))?.[1]).toBe(false)
    expect(place(yearless('11-24T08:00:00'), near('2026-11-24T09:00:00Z', { referenceIsSure: false }))?.[1]).toBe(true)
  })
  it('takes the caller’s year before the reference’s, and says that it is assumed', () => {
    expect(place(yearless('11-24T08:00:00'), near('2026-11-24T09:00:00Z'), 2024)).toEqual(['2024-11-24T08:00:00', true, false])
    expect(place(local('2026-11-24T08:00:00'), utc, 2024)).toEqual(['2026-11-24T08:00:00', false, false])
  })
  it('has no place where nothing tells the year', () => expect(place(yearless('11-24T08:00:00'), utc)).toBeNull())
  it('keeps its microseconds', () => {
    const stamp = yearless('11-24T08:00:00')
    const placed = placeLocal(
      { ...stamp, localUs: (stamp.localUs ?? 0) + 123_456 },
      ruled({ offsetMinutes: 0 }),
      { ...noOptions, year: 2026 },
      null,
    )
    expect(placed?.epochUs).toBe(us('2026-11-24T08:00:00Z') + 123_456)
  })
})

describe('in a zone with summer time', () => {
  const berlin = { zone: 'Europe/Berlin' }
  it('summer and winter', () => {
    expect(place(local('2026-07-01T12:00:00'), berlin)).toEqual(['2026-07-01T10:00:00', false, false])
    expect(place(local('2026-12-01T12:00:00'), berlin)).toEqual(['2026-12-01T11:00:00', false, false])
    expect(place(local('2026-07-01T12:00:00'), { ...berlin, how: 'option' })?.[1]).toBe(true)
  })
  it('the hour that comes twice: the earlier, unless the line before was later already', () => {
    const twice = local('2026-10-25T02:30:00')
    expect(place(twice, berlin)).toEqual(['2026-10-25T00:30:00', false, true])
    expect(place(twice, berlin, null, us('2026-10-25T00:30:02Z'))?.[0]).toBe('2026-10-25T00:30:00')
    expect(place(twice, berlin, null, us('2026-10-25T00:30:02.001Z'))?.[0]).toBe('2026-10-25T01:30:00')
    expect(place(twice, berlin, null, us('2026-10-25T01:30:03Z'))?.[0]).toBe('2026-10-25T01:30:00')
    expect(place(local('2026-10-25T01:59:59'), berlin)?.[2]).toBe(false)
    expect(place(local('2026-10-25T03:00:00'), berlin)?.[2]).toBe(false)
  })
  it('the hour that does not exist counts from the winter’s side', () =>
    expect(place(local('2026-03-29T02:30:00'), berlin)).toEqual(['2026-03-29T01:30:00', false, false]))
  it('a zone that nobody knows gives nothing, unless an offset stands beside it', () => {
    expect(place(local('2026-07-01T12:00:00'), { zone: 'Mars/Base' })).toBeNull()
    expect(place(local('2026-07-01T12:00:00'), { zone: 'Mars/Base', offsetMinutes: 60 })?.[0]).toBe('2026-07-01T11:00:00')
  })
  it('no zone data: nothing', () =>
    expect(placeLocal(local('2026-07-01T12:00:00'), ruled(berlin), { ...noOptions, zoneOffset: null }, null)).toBeNull())
})

describe('the newest instant that a bundle vouches for', () => {
  const T = us('2026-11-24T08:00:00Z')
  const eventAt = (iso: string) => ({ ...notice(5), moment: momentOf(instant(iso)) })
  const clock = (more: object) => ({ kind: 'clock', source: 'date', capturedUs: null, ...more })
  const told = (value: number) => ({ value, quote: null as never })
  it('none without any stamp', () => expect(newestKnownUs([source('a', { events: [notice(5)] })])).toBeNull())
  it('of events, last lines and captures', () => {
    expect(newestKnownUs([source('a', { events: [eventAt('2026-11-24T08:00:00Z'), eventAt('2026-11-24T07:00:00Z')] })])).toBe(T)
    expect(newestKnownUs([source('a', { last: momentOf(instant('2026-11-24T08:00:00Z')) })])).toBe(T)
    expect(newestKnownUs([source('a', { snapshots: [clock({ capturedUs: told(T) })] })])).toBe(T)
    expect(newestKnownUs([source('a', { snapshots: [clock({ capturedAfterUs: told(T) })] })])).toBe(T)
    expect(newestKnownUs([source('a', { snapshots: [{ kind: 'pod', source: 'p', capturedUs: told(T) }] })])).toBeNull()
  })
  it('not of a clock that was refused', () => {
    const both = [source('a', { snapshots: [clock({ capturedUs: told(T + DAY) }), clock({ source: 'other', capturedUs: told(T) })] })]
    expect([newestKnownUs(both), newestKnownUs(both, new Set(['date']))]).toEqual([T + DAY, T])
  })
})
