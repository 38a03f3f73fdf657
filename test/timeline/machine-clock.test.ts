import { describe, expect, it } from 'vitest'
import type { SourceEvidence } from '../../src/model/evidence.ts'
import { bootsOf } from '../../src/timeline/boots.ts'
import { resolveHosts } from '../../src/timeline/hosts.ts'
import { machineClocks } from '../../src/timeline/machine-clock.ts'
import { anchor, notice, report, type SourceParts, source } from './sources.ts'
import { DAY, instant, MINUTE, momentOf, SECOND, us } from './stamps.ts'

const NOW = us('2026-11-24T08:00:00Z')
const told = <T>(value: T) => ({ value, quote: null as never })
const none = { bootId: null, capturedUs: null, capturedAfterUs: null, uptimeSeconds: null, bootUs: null, zone: null, offsetMinutes: null }
const clock = (name: string, more: object, host: string | null = null) => ({ kind: 'clock', source: name, host, ...none, ...more })
const date = (name: string, us: number, parts: SourceParts = {}, host: string | null = null) =>
  source(name, { hasKernel: false, snapshots: [clock(name, { capturedUs: told(us) }, host)], ...parts })
const last = (iso: string) => ({ last: momentOf(instant(iso)) })
const clocksOf = (...all: SourceEvidence[]) => {
  const hosts = resolveHosts(all)
  return { made: machineClocks(all, hosts), boots: bootsOf(all, hosts) }
}
/** Names of the clock files that the first boot's machine is timed by. */
const usedBy = (...all: SourceEvidence[]) => {
  const { made, boots } = clocksOf(...all)
  return boots[0] === undefined ? null : made.of(boots[0]).clocks.map((c) => c.source)
}

describe('clocks of a boot’s machine', () => {
  const log = (parts: SourceParts = {}) => source('kern.log', { host: 'a', events: [notice(5)], ...parts })
  it('of its host; of a host that nobody names none', () => {
    expect(usedBy(log(), date('d', NOW, {}, 'a'))).toEqual(['d'])
    expect(usedBy(log(), date('d', NOW, {}, 'b'))).toEqual([])
    expect(usedBy(log(), date('d', NOW, { place: { bundle: 'other' } }, 'a'))).toEqual([])
  })
  it('a bare log’s: those of its corner that name no host', () => {
    const bare = source('dmesg', { events: [notice(5)] })
    expect(usedBy(bare, date('d', NOW))).toEqual(['d'])
    expect(usedBy(source('dmesg', { events: [notice(5)], place: { corner: 'x' } }), date('d', NOW, { place: { corner: 'y' } }))).toEqual([])
    expect(usedBy(source('dmesg', { events: [notice(5)], place: { corner: 'x' } }), date('d', NOW, { place: { corner: 'x' } }))).toEqual([
      'd',
    ])
  })
  it('none, where two bare logs of two machines lie beside it', () => {
    const other = source('b.txt', { events: [report(900, { pid: 7 })] })
    expect(usedBy(source('a.txt', { events: [report(5)] }), other, date('d', NOW))).toEqual([])
    expect(usedBy(source('a.txt', { events: [report(5)] }), source('b.txt', { events: [report(5)] }), date('d', NOW))).toEqual(['d'])
  })
  it('none, where two lie beside only one of the logs of its boot', () => {
    const at = (name: string, corner: string, pid: number) =>
      source(name, { place: { corner }, events: [report(pid, { pid })], anchors: pid === 7 ? [] : [anchor(5, NOW / SECOND)] })
    const clock = date('d', NOW, { place: { corner: 'x' } })
    expect(usedBy(at('a.txt', 'x', 5), at('c.txt', 'y', 6), clock)).toEqual(['d'])
    expect(usedBy(at('a.txt', 'x', 5), at('b.txt', 'x', 7), at('c.txt', 'y', 6), clock)).toEqual([])
  })
  it('the newest time is that of its own logs and of what names no host, else that of any', () => {
    const newest = (...others: SourceEvidence[]) => {
      const { made, boots } = clocksOf(log(), ...others)
      const { newestUs, newestIsOwn } = made.of(boots[0] as never)
      return [newestUs === null ? null : (newestUs - NOW) / MINUTE, newestIsOwn]
    }
    const objects = source('events.txt', { hasKernel: false, ...last('2026-11-24T08:02:00Z') })
    const other = source('b.log', { host: 'b', ...last('2026-11-24T08:09:00Z') })
    const own = source('a.log', { host: 'a', ...last('2026-11-24T08:01:00Z') })
    expect(newest(objects, other)).toEqual([2, true])
    expect(newest(own, other)).toEqual([1, true])
    expect(newest(own, objects, other)).toEqual([2, true])
    expect(newest(other)).toEqual([9, false])
    expect(newest()).toEqual([null, false])
  })
  it('not one that was refused; its uptime stays', () => {
    const outlived = log({ ...last('2026-11-25T08:00:01Z') })
    const { made } = clocksOf(outlived, date('d', NOW, {}, 'a'))
    expect(made.refused.map((r) => r.source)).toEqual(['d'])
    expect(usedBy(outlived, date('d', NOW, {}, 'a'), source('u', { snapshots: [clock('u', { uptimeSeconds: told(9) }, 'a')] }))).toEqual([
      'u',
    ])
  })
  it('is made once for boots of one machine, once each for those with reports', () => {
    const two = (event: typeof notice | typeof report) => {
      const { made, boots } = clocksOf(log({ events: [event(500), event(3)] }))
      return boots.length === 2 && made.of(boots[0] as never) === made.of(boots[1] as never)
    }
    expect([two(notice), two(report)]).toEqual([true, false])
  })
})

describe('clocks that are refused', () => {
  it('by the last line of a kernel log of that machine, not by another log’s', () => {
    const late = last('2026-11-25T08:00:01Z')
    const refused = (parts: SourceParts) => clocksOf(source('x.log', { host: 'a', ...parts }), date('d', NOW, {}, 'a')).made.refused.length
    expect([
      refused(late),
      refused({ ...late, hasKernel: false }),
      refused(last('2026-11-25T08:00:00Z')),
      refused({ ...late, host: 'b' }),
    ]).toEqual([1, 0, 0, 0])
  })
  it('by the latest of several logs, whatever their order', () => {
    const logs = ['2026-11-24T08:00:00Z', '2026-11-25T08:00:01Z', '2026-11-23T08:00:00Z'].map((iso, i) =>
      source(`${i}.log`, { host: 'a', ...last(iso) }),
    )
    expect(clocksOf(...logs, date('d', NOW, {}, 'a')).made.refused).toHaveLength(1)
  })
  it('by the file’s own date, unless a packer made that up', () => {
    const refused = (modifiedMs: number | null) => clocksOf(date('d', NOW, { modifiedMs })).made.refused.length
    expect([refused(null), refused(NOW / 1000), refused((NOW - 367 * DAY) / 1000), refused(0), refused(Date.UTC(2005, 0, 1) - 1)]).toEqual([
      0, 0, 1, 0, 0,
    ])
    expect(refused(Date.UTC(2005, 0, 1))).toBe(1)
  })
})

describe('when a document was captured', () => {
  const captured = (asked: SourceEvidence, ...others: SourceEvidence[]) => {
    const { us, told: isTold } = clocksOf(asked, ...others).made.captured(asked, null)
    return [us === null ? null : (us - NOW) / MINUTE, isTold]
  }
  const table = source('events.txt', { hasKernel: false })
  const capturedAfter = (us: number) => source('after', { hasKernel: false, snapshots: [clock('after', { capturedAfterUs: told(us) })] })
  it('by a date of its bundle', () => expect(captured(table, date('d', NOW))).toEqual([0, true]))
  it('else after the latest that its bundle knows to be before it', () => {
    expect(captured(table, capturedAfter(NOW), capturedAfter(NOW + MINUTE), capturedAfter(NOW - MINUTE))).toEqual([1, true])
    expect(captured(table, capturedAfter(NOW + MINUTE), date('d', NOW))).toEqual([0, true])
  })
  it('else that is a guess: the newest time that the bundle knows', () => {
    expect(captured(table, source('k', last('2026-11-24T08:02:00Z')))).toEqual([2, false])
    expect(captured(table)).toEqual([null, false])
  })
  it('not by another bundle, not by the file’s date', () => {
    expect(captured(source('events.txt', { modifiedMs: NOW / 1000 }), date('d', NOW, { place: { bundle: 'o' } }))).toEqual([null, false])
  })
  it('of its host, where it names one; looked up once', () => {
    const { made } = clocksOf(table, date('d', NOW, {}, 'b'), date('e', NOW + 3 * SECOND, {}, 'a'))
    expect(made.captured(table, 'a').us).toBe(NOW + 3 * SECOND)
    expect(made.captured(table, 'b').us).toBe(NOW + 3 * SECOND)
  })
})
