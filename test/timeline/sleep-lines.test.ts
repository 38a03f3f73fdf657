import { describe, expect, it } from 'vitest'
import { sleepsOf, withUnseenSleep } from '../../src/timeline/sleeps.ts'
import { notice, report } from './sources.ts'
import { bootOf, SECOND } from './stamps.ts'

const resumed = (uptime: number | null, subject: string) => notice(uptime, null, { notice: 'resumed', subject })
/** On which side of the sleeps readings at these uptimes lie, by what still holds at `at`. */
const holding = (lines: ReturnType<typeof resumed>[], at: number, uptimes: readonly number[]) => {
  const readings = uptimes.map((s) => ({ uptimeUs: s * SECOND, offsetUs: 0, kind: 'exact' as const, errorUs: 0 }))
  return sleepsOf(bootOf({ events: lines }), false)
    .readingsAt(readings, at * SECOND)
    .map((r) => r.uptimeUs / SECOND)
}

describe('lines of one awakening', () => {
  it.each<[string, ReturnType<typeof resumed>[], number[]]>([
    ['none', [], [10, 110, 150, 200]],
    ['one', [resumed(100, 'a')], [110, 150, 200]],
    ['two, half a minute apart', [resumed(100, 'a'), resumed(130, 'b')], [110, 150, 200]],
    ['two, later', [resumed(100, 'a'), resumed(130.000001, 'b')], [150, 200]],
    ['the same line again', [resumed(100, 'a'), resumed(120, 'a')], [150, 200]],
    ['the same line again in the second', [resumed(100, 'a'), resumed(140, 'a'), resumed(145, 'b'), resumed(149, 'b')], [150, 200]],
    ['in another order of reading', [resumed(130, 'b'), resumed(100, 'a')], [110, 150, 200]],
    ['half a minute counts from the first of them', [resumed(100, 'a'), resumed(125, 'b'), resumed(135, 'c')], [150, 200]],
    ['a line without an uptime says nothing of where', [resumed(null, 'a')], [10, 110, 150, 200]],
  ])('%s', (_, lines, held) => expect(holding(lines, 160, [10, 110, 150, 200])).toEqual(held))

  it('a reading counts by where the clocks agreed', () => {
    const sleeps = sleepsOf(bootOf({ events: [resumed(100, 'a')] }), false)
    const late = { uptimeUs: 200 * SECOND, offsetUs: 0, kind: 'coarse' as const, errorUs: 0, agreedAtUs: 0 }
    expect(sleeps.readingsAt([late], 50 * SECOND)).toEqual([late])
    expect(sleeps.readingsAt([late], 150 * SECOND)).toEqual([])
  })
  it('any: by a line, also one without an uptime, or by what else is known', () => {
    const any = (lines: ReturnType<typeof resumed>[], slept: boolean) => sleepsOf(bootOf({ events: lines }), slept).any
    expect([any([], false), any([resumed(null, 'a')], false), any([], true), any([notice(5)] as never, false)]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('a ring buffer that lost its begin', () => {
  const capture = (uptime: number | null) => ({
    source: 'uptime',
    bootId: null,
    bootUs: 0,
    errorUs: SECOND,
    uptimeUs: uptime === null ? null : uptime * SECOND,
  })
  const first = (seconds: number) => ({ first: { wall: null, outerWall: null, uptimeUs: seconds * SECOND } as never })
  const error = (parts: Parameters<typeof bootOf>[0], slept = true, uptime: number | null = 100) =>
    withUnseenSleep(bootOf(parts), slept, [capture(uptime)]).map((c) => c.errorUs / SECOND)
  it('is unsure by what lies between its last line and the capture', () => {
    expect(error({ ...first(40), events: [notice(60)] })).toEqual([41])
    expect(error({ ...first(40), events: [notice(120)] })).toEqual([1])
    expect(error({ ...first(40), last: { wall: null, outerWall: null, uptimeUs: 70 * SECOND } as never })).toEqual([31])
    expect(error({ ...first(40) }, true, null)).toEqual([])
  })
  it('not where it begins with the boot, or the machine does not sleep', () => {
    expect(error({ ...first(0.999999), events: [notice(60)] })).toEqual([1])
    expect(error({ ...first(1), events: [notice(60)] })).toEqual([41])
    expect(error({ ...first(40), events: [notice(60)] }, false)).toEqual([1])
    const desk = report(60, {}, null, { tasks: [{ comm: 'init' }, { comm: 'gnome-shell' }] as never })
    expect(error({ ...first(40), events: [desk] }, false)).toEqual([41])
  })
})
