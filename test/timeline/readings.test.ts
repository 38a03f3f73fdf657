import { describe, expect, it } from 'vitest'
import type { CaptureReading } from '../../src/timeline/capture.ts'
import { type BundleClock, sureReadings } from '../../src/timeline/readings.ts'
import { anchor, notice } from './sources.ts'
import { bootOf, instant, local, SECOND, us } from './stamps.ts'

const BOOT = us('2026-11-24T08:00:00Z')
const wall = (uptime: number, offset = 0) => (BOOT + (uptime + offset) * SECOND) / SECOND
/** A clock file that puts the boot so many seconds off. */
const capture = (offset: number, more: Partial<CaptureReading> = {}): CaptureReading => ({
  source: 'uptime',
  bootId: null,
  bootUs: BOOT + offset * SECOND,
  errorUs: SECOND,
  uptimeUs: 1000 * SECOND,
  ...more,
})
const bundleOf = (captures: readonly CaptureReading[] = [], more: Partial<BundleClock> = {}): BundleClock => ({
  clocks: [],
  captures: { readings: captures, refused: [] },
  newestUs: null,
  newestIsOwn: false,
  near: [],
  echoes: [],
  slept: false,
  ...more,
})
const sure = (boot: ReturnType<typeof bootOf>, ...captures: CaptureReading[]) => {
  const { readings, refused } = sureReadings(boot, bundleOf(captures))
  return [readings.map((r) => [r.kind, (r.offsetUs - BOOT) / SECOND]), refused.map((r) => r.source)]
}

describe('readings of a boot that are on UTC', () => {
  it('anchors whose stamp is an instant, with the stamp’s precision', () => {
    const stamped = { ...anchor(100, 0), wall: { stamp: instant('2026-11-24T08:01:40Z') } }
    const bare = { ...anchor(100, 0), wall: { stamp: local('2026-11-24T08:01:40') } }
    expect(sureReadings(bootOf({ anchors: [stamped, bare, anchor(200, wall(200))] }), bundleOf()).readings).toEqual([
      { uptimeUs: 100 * SECOND, offsetUs: BOOT, kind: 'late', errorUs: SECOND },
      { uptimeUs: 200 * SECOND, offsetUs: BOOT, kind: 'late', errorUs: 1000 },
    ])
  })
  it('what the runtime says of the same death, to a millisecond', () => {
    const echoes = [anchor(100, wall(100)), { ...anchor(100, 0), wall: { stamp: local('2026-11-24T08:01:40') } }]
    expect(sureReadings(bootOf(), bundleOf([], { echoes })).readings).toEqual([
      { uptimeUs: 100 * SECOND, offsetUs: BOOT, kind: 'late', errorUs: 1000 },
    ])
  })
  it('clocks of the capture where the log has none', () =>
    expect(sureReadings(bootOf(), bundleOf([capture(0), capture(7, { uptimeUs: null })])).readings).toEqual([
      { uptimeUs: 1000 * SECOND, offsetUs: BOOT, kind: 'coarse', errorUs: SECOND, agreedAtUs: 0 },
      { uptimeUs: 0, offsetUs: BOOT + 7 * SECOND, kind: 'coarse', errorUs: SECOND, agreedAtUs: 0 },
    ]))
  it('no clock at all', () => expect(sure(bootOf())).toEqual([[], []]))
})

describe('clocks of a capture that contradict', () => {
  it('each other by more than two minutes: none of them', () => {
    expect(sure(bootOf(), capture(0), capture(120))).toEqual([
      [
        ['coarse', 0],
        ['coarse', 120],
      ],
      [],
    ])
    expect(sure(bootOf(), capture(0), capture(120.001, { source: 'stat' }))).toEqual([[], ['uptime', 'stat']])
  })
  it('the log by two minutes: the log alone; one that fits is kept', () => {
    const boot = bootOf({ anchors: [anchor(100, wall(100))] })
    expect(sure(boot, capture(119))).toEqual([
      [
        ['late', 0],
        ['coarse', 119],
      ],
      [],
    ])
    expect(sure(boot, capture(120))).toEqual([[['late', 0]], []])
    expect(sure(boot, capture(-120))).toEqual([[['late', 0]], []])
    expect(sure(boot, capture(5), capture(999))[0]).toEqual([
      ['late', 0],
      ['coarse', 5],
    ])
  })
  it('another boot’s id', () => {
    const boot = bootOf({}, { bootId: 'one' })
    expect(sure(boot, capture(0, { bootId: 'two' }))).toEqual([[], []])
    expect(sure(boot, capture(0, { bootId: 'one' }))[0]).toHaveLength(1)
    expect(sure(boot, capture(0))[0]).toHaveLength(1)
    expect(sure(bootOf(), capture(0, { bootId: 'two' }))[0]).toHaveLength(1)
  })
  it('is not of an earlier boot, unless it has its id; of a boot with a log up to now it may be', () => {
    const earlier = (isEarlier: boolean, bootId: string | null = null) => {
      const boot = bootOf({}, { bootId })
      return { ...boot, segments: boot.segments.map((segment) => ({ ...segment, isEarlier })) }
    }
    const both = { ...earlier(true), segments: [...earlier(true).segments, ...earlier(false).segments] }
    expect(sure(earlier(true), capture(0))[0]).toHaveLength(0)
    expect(sure(earlier(true, 'one'), capture(0, { bootId: 'one' }))[0]).toHaveLength(1)
    expect(sure(earlier(true, 'one'), capture(0, { bootId: 'two' }))[0]).toHaveLength(0)
    expect(sure(both, capture(0))[0]).toHaveLength(1)
  })
  it('the boot’s own lines go on after it: it was another boot; two minutes are nothing', () => {
    expect(sure(bootOf({ events: [notice(1120)] }), capture(0))[0]).toHaveLength(1)
    expect(sure(bootOf({ events: [notice(1121), notice(3)] }), capture(0))[0]).toEqual([])
    expect(sure(bootOf({ events: [notice(9999)] }), capture(0, { uptimeUs: null }))[0]).toHaveLength(1)
    expect(sure(bootOf({ anchors: [{ ...anchor(1121, 0), wall: { stamp: local('2026-11-24T09:00:00') } }] }), capture(0))[0]).toEqual([])
  })
})

describe('a hardware clock that kept local time', () => {
  const rtc = (hours: number, rest = 0) => bootOf({ anchors: [anchor(2, wall(2, hours * 3600 + rest), { via: 'rtc' })] })
  const local = (boot: ReturnType<typeof bootOf>, more: Partial<CaptureReading> = {}) => sure(boot, capture(0, more))
  const refused = [[['coarse', 0]], ['kern.log']]
  it('a whole number of quarters from the capture: the capture’s is right', () => {
    expect(local(rtc(1))).toEqual(refused)
    expect(local(rtc(-5))).toEqual(refused)
    expect(local(rtc(5.75))).toEqual(refused)
    expect(local(rtc(14))).toEqual(refused)
  })
  it('says why', () =>
    expect(sureReadings(rtc(1), bundleOf([capture(0)])).refused).toEqual([
      { source: 'kern.log', reason: 'the hardware clock kept local time' },
    ]))
  it('within both errors and two seconds, on either side', () => {
    expect(local(rtc(1, 3.9))).toEqual(refused)
    expect(local(rtc(1, -3.9))).toEqual(refused)
    expect(local(rtc(1, 4))[1]).toEqual([])
    expect(local(rtc(1, -4))[1]).toEqual([])
  })
  it('not more than fourteen hours, not half a quarter', () => {
    expect(local(rtc(14.25))[1]).toEqual([])
    expect(local(rtc(1.125))[1]).toEqual([])
  })
  it('not without an uptime of the capture, not where a surer clock speaks, not without an rtc line', () => {
    expect(local(rtc(1), { uptimeUs: null })[1]).toEqual([])
    const both = bootOf({ anchors: [anchor(2, wall(2, 3600), { via: 'rtc' }), anchor(9, wall(9, 3600))] })
    expect(local(both)).toEqual([
      [
        ['coarse', 3600],
        ['late', 3600],
      ],
      [],
    ])
    const derived = bootOf({ anchors: [anchor(2, wall(2, 3600), { via: 'boot-derived' })] })
    expect(local(derived)[1]).toEqual([])
  })
})
