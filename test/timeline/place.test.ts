import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import type { Moment } from '../../src/model/stamp.ts'
import type { TimelineOptions } from '../../src/model/timeline.ts'
import type { Boot } from '../../src/timeline/boots.ts'
import { bootClock, placeAge } from '../../src/timeline/place.ts'
import type { BundleClock } from '../../src/timeline/readings.ts'
import { anchor, source } from './sources.ts'
import { bootOf, HOUR, instant, local, momentOf, noOptions, SECOND, us, yearless } from './stamps.ts'

const BOOT = us('2026-11-24T08:00:00Z')
const nothing: BundleClock = {
  clocks: [],
  captures: { readings: [], refused: [] },
  newestUs: null,
  newestIsOwn: false,
  near: [],
  echoes: [],
  slept: false,
}
const known = (...seconds: number[]) => bootOf({ anchors: seconds.map((s) => anchor(s, BOOT / SECOND + s, { via: 'journal' })) })
const log = source('messages')
interface Case {
  readonly boot?: Boot
  readonly bundle?: Partial<BundleClock>
  readonly options?: Partial<TimelineOptions>
  readonly global?: boolean
}
const clockOf = ({ boot = bootOf(), bundle = {}, options = {} }: Case) =>
  bootClock(boot, { ...nothing, ...bundle }, { ...noOptions, ...options })
const at = (moment: Moment, one: Case = {}) => clockOf(one).at(moment, log, one.global ?? false, 7)
/** The instant (on UTC), how far off it may be (ms), its basis and its digits. */
const told = (moment: Moment, one: Case = {}) => {
  const { epochUs, uncertaintyMs, basis, digits } = at(moment, one)
  return [epochUs === null ? null : new Date(epochUs / 1000).toISOString().slice(11, 23), uncertaintyMs, basis, digits]
}
const utc = { options: { timezone: 'UTC' } }
const ms = { precisionUs: 1000 }

describe('a stamp that is an instant', () => {
  const stamp = instant('2026-11-24T08:00:05.250Z', ms)
  it('is as exact as it was printed', () => {
    expect(told(momentOf(stamp))).toEqual(['08:00:05.250', 1, 'absolute', 3])
    expect(told(momentOf({ ...stamp, precisionUs: 1 }))[3]).toBe(6)
    expect(told(momentOf({ ...stamp, precisionUs: 999 }))[3]).toBe(6)
    expect(told(momentOf({ ...stamp, precisionUs: 99_999 }))[3]).toBe(3)
    expect(told(momentOf({ ...stamp, precisionUs: 100_000 }))[3]).toBe(1)
    expect(told(momentOf({ ...stamp, precisionUs: SECOND })).slice(1)).toEqual([1000, 'absolute', 0])
  })
  it('of a logger may be a second late, nine where the machine was short of memory', () => {
    expect(told(momentOf({ ...stamp, clock: 'received' }))[1]).toBe(1101)
    expect(told(momentOf({ ...stamp, clock: 'received' }), { global: true })[1]).toBe(9101)
    expect(told(momentOf({ ...stamp, clock: 'boot-derived' }), { global: true })[1]).toBe(1101)
    expect(told(momentOf(stamp), { global: true })[1]).toBe(1)
  })
})

describe('a stamp without a zone', () => {
  const stamp = local('2026-11-24T09:00:05')
  it('has no instant where nothing tells the zone, but keeps what it printed', () => {
    const bare = at(momentOf(stamp, null, 5))
    expect(bare).toMatchObject({ epochUs: null, uncertaintyMs: null, basis: null, localTime: 'as printed', uptimeSeconds: 5, order: 7 })
    expect(bare.local).toEqual({ us: stamp.localUs, hasYear: true, clock: 'node-1' })
    expect(at(momentOf(stamp), { boot: bootOf({}, { host: null }) }).local?.clock).toBe('messages')
    expect(at(momentOf(yearless('11-24T09:00:05'))).local?.hasYear).toBe(false)
  })
  it('is assumed by the caller’s zone, anchored by the bundle’s', () => {
    expect(told(momentOf(stamp), { options: { timezone: '+01:00' } })).toEqual(['08:00:05.000', 1000, 'assumed', 0])
    const clocks = [{ kind: 'clock', zone: { value: 'Europe/Berlin', quote: null }, offsetMinutes: null }] as never
    expect(told(momentOf(stamp), { bundle: { clocks } })).toEqual(['08:00:05.000', 1000, 'anchored', 0])
  })
  it('in an hour that comes twice may be an hour off; the line before tells which it was', () => {
    const clock = clockOf({ options: { timezone: 'Europe/Berlin' } })
    const of = (fields: string) => {
      const { epochUs, uncertaintyMs } = clock.at(momentOf(local(fields)), log, false, 0)
      return [epochUs === null ? null : new Date(epochUs / 1000).toISOString().slice(11, 16), uncertaintyMs]
    }
    expect([of('2026-10-25T02:40:00'), of('2026-10-25T02:20:00'), of('2026-10-25T03:10:00')]).toEqual([
      ['00:40', 3_601_000],
      ['01:20', 3_601_000],
      ['02:10', 1000],
    ])
  })
  it('another source’s lines do not tell it', () => {
    const clock = clockOf({ options: { timezone: 'Europe/Berlin' } })
    clock.at(momentOf(local('2026-10-25T03:10:00')), source('other'), false, 0)
    expect(clock.at(momentOf(local('2026-10-25T02:20:00')), log, false, 0).epochUs).toBe(us('2026-10-25T00:20:00Z'))
  })
  it('a stamp that is an instant has no local reading', () => expect(at(momentOf(instant('2026-11-24T08:00:05Z'))).local).toBeNull())
})

describe('the kernel’s clock', () => {
  it('by a reading of both', () => {
    expect(told(momentOf(null, null, 5.25), { boot: known(5) })).toEqual(['08:00:05.250', 21, 'anchored', 3])
    expect(told(momentOf(null, null, 5), {})).toEqual([null, null, null, 6])
  })
  it('goes before a stamp in the line', () => {
    const moment = momentOf(instant('2026-11-24T08:00:09.000Z', { ...ms, clock: 'received' }), null, 5)
    expect(told(moment, { boot: known(5) })).toEqual(['08:00:05.000', 20, 'anchored', 3])
  })
  const coarse = bootOf({ anchors: [anchor(5, BOOT / SECOND + 5, { via: 'rtc' })] })
  it('by a coarse clock, goes before a stamp only where it is the surer', () => {
    const stamp = instant('2026-11-24T08:00:06.000Z', { ...ms, clock: 'received' })
    expect(told(momentOf(stamp, null, 5), { boot: coarse })[0]).toBe('08:00:05.000')
    expect(told(momentOf({ ...stamp, precisionUs: 1 }, null, 6), { boot: coarse })[0]).toBe('08:00:06.000')
    expect(told(momentOf({ ...stamp, clock: 'emitted' }, null, 5), { boot: coarse })).toEqual(['08:00:06.000', 1, 'absolute', 3])
    expect(told(momentOf({ ...stamp, clock: 'emitted', precisionUs: SECOND }, null, 5), { boot: coarse })[0]).toBe('08:00:06.000')
  })
  it('in whole seconds where it is a second off: the second that was cut off counts', () =>
    expect(told(momentOf(null, null, 5.5), { boot: coarse })).toEqual(['08:00:05.500', 2001, 'anchored', 0]))
  it('by local stamps is as good as their zone; an hour that comes twice gives none', () => {
    const stamped = bootOf({ anchors: [anchor(5, { local: us('2026-11-24T09:00:05Z') / SECOND })] })
    const berlin = { timezone: 'Europe/Berlin' }
    expect(told(momentOf(null, null, 5), { boot: stamped })[0]).toBeNull()
    expect(told(momentOf(null, null, 5), { boot: stamped, options: berlin }).slice(0, 3)).toEqual(['08:00:05.000', 3000, 'anchored'])
    expect(told(momentOf(local('2026-11-24T09:00:05'), null, 5), { boot: stamped, options: berlin })[2]).toBe('assumed')
    expect(told(momentOf(instant('2026-11-24T08:00:05Z'), null, 5), { boot: stamped, options: berlin })[2]).toBe('anchored')
    const twice = bootOf({ anchors: [anchor(5, { local: us('2026-10-25T02:30:00Z') / SECOND })] })
    expect(told(momentOf(null, null, 5), { boot: twice, options: berlin })[0]).toBeNull()
  })
  it('tells which readings it stands on and which clocks were refused', () => {
    const captures = {
      readings: [
        { source: 'a', bootId: null, bootUs: 0, errorUs: 1, uptimeUs: 9e9 },
        { source: 'b', bootId: null, bootUs: HOUR, errorUs: 1, uptimeUs: 9e9 },
      ],
      refused: [],
    }
    const clock = clockOf({ bundle: { captures } })
    expect([clock.readings.length, clock.refused.map((r) => r.source)]).toEqual([0, ['a', 'b']])
    expect(clockOf({ boot: known(5, 9) }).readings).toHaveLength(2)
  })
})

describe('a program’s stamp in a logger’s', () => {
  it('the program’s where it can be placed; else the logger’s, a second late', () => {
    const outer = instant('2026-11-24T08:00:07Z')
    expect(told(momentOf(instant('2026-11-24T08:00:05.250Z', ms), outer))[0]).toBe('08:00:05.250')
    const elsewhere = local('2020-01-01T00:00:00')
    expect(told(momentOf(elsewhere, outer))).toEqual(['08:00:07.000', 2000, 'absolute', 0])
    expect(told(momentOf(null, outer))).toEqual(['08:00:07.000', 2000, 'absolute', 0])
    expect(told(momentOf(null, local('2026-11-24T08:00:07')), utc)).toEqual(['08:00:07.000', 2000, 'assumed', 0])
    expect(told(momentOf(null, local('2026-11-24T08:00:07')))).toEqual([null, null, null, 6])
    expect(at(momentOf(null, local('2026-11-24T08:00:07'))).local?.us).toBe(us('2026-11-24T08:00:07Z'))
  })
})

describe('the age of an event in a table', () => {
  const aged = (more: object = {}) =>
    ({ kind: 'object-event', ageSeconds: 300, ageResolutionSeconds: 1, moment: momentOf(null), ...more }) as unknown as Event
  const capture = { us: BOOT, told: true }
  it('counts back from the capture, as sure as it was printed and a second', () => {
    expect(placeAge(aged(), () => capture, 3)).toEqual({
      ...{ epochUs: BOOT - 300 * SECOND, uncertaintyMs: 2000, basis: 'anchored', digits: 0 },
      ...{ uptimeSeconds: null, localTime: null, order: 3 },
    })
    expect(placeAge(aged({ ageResolutionSeconds: 3600 }), () => capture, 0)?.uncertaintyMs).toBe(3_601_000)
    expect(placeAge(aged({ ageResolutionSeconds: null }), () => capture, 0)?.uncertaintyMs).toBe(61_000)
  })
  it('is a guess by a capture that nothing tells, unknown without one', () => {
    expect(placeAge(aged(), () => ({ us: BOOT, told: false }), 0)).toMatchObject({
      epochUs: BOOT - 300 * SECOND,
      uncertaintyMs: null,
      basis: 'assumed',
    })
    expect(placeAge(aged(), () => ({ us: null, told: false }), 0)).toMatchObject({
      digits: 0,
      epochUs: null,
      uncertaintyMs: null,
      basis: null,
    })
  })
  it('is not asked of other events, of those without an age or with a stamp', () => {
    expect(placeAge(aged({ kind: 'unit' }), () => capture, 0)).toBeNull()
    expect(placeAge(aged({ ageSeconds: null }), () => capture, 0)).toBeNull()
    expect(placeAge(aged({ moment: momentOf(instant('2026-11-24T08:00:00Z')) }), () => capture, 0)).toBeNull()
  })
})
