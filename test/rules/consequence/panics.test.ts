import { expect, test } from 'vitest'
import type { KernelNotice } from '../../../src/model/event.ts'
import type { Instant } from '../../../src/model/incident.ts'
import { panicOf } from '../../../src/rules/consequence/panics.ts'
import { factsWith } from '../facts-with.ts'
import { globalDump, instantAt, makeDeath, makeIncident, placed } from '../make-incident.ts'

type Clock = 'uptime' | 'wall' | 'none'
const told = (seconds: number, clock: Clock, order: number): Instant => ({
  ...instantAt(seconds),
  uptimeSeconds: clock === 'uptime' ? 5000 + seconds : null,
  epochUs: clock === 'none' ? null : instantAt(seconds).epochUs,
  order,
})
/** Whether a panic so many seconds after the kill is said to have come of it. */
function isOfKill(seconds: number, clock: Clock, { boot = 'b', cause = 'memory', pid = 100, killClock = clock, order = 2 } = {}): boolean {
  const panic = { text: 'Kernel panic - not syncing', cause }
  const notice = placed<KernelNotice>(0, { kind: 'kernel-notice', notice: 'panic', panic } as never)
  const kill = makeDeath(globalDump(), { pid, boot: 'b', at: told(0, killClock, 1) })
  return panicOf(factsWith(makeIncident({ kills: [kill], context: [{ ...notice, at: told(seconds, clock, order), boot }] }))) !== null
}

test.each<Clock>(['uptime', 'wall'])('within two minutes of the kill, and not before it, by %s', (clock) => {
  expect([-1.1, -1, 0, 120, 120.1].map((seconds) => isOfKill(seconds, clock))).toEqual([false, true, true, true, false])
})
test('by wall where only one of them has an uptime', () => {
  expect(isOfKill(120, 'wall', { killClock: 'uptime' })).toBe(true)
  expect(isOfKill(121, 'uptime', { killClock: 'wall' })).toBe(false)
})
test('by order where they share no clock', () => {
  expect(isOfKill(9999, 'none', { order: 2 })).toBe(true)
  expect(isOfKill(0, 'none', { order: 0 })).toBe(false)
  expect(isOfKill(0, 'none', { killClock: 'wall', order: 0 })).toBe(false)
  expect(isOfKill(9999, 'wall', { killClock: 'none', order: 2 })).toBe(true)
})
test('not one of another boot, or of another cause', () => {
  expect(isOfKill(1, 'uptime', { boot: 'c' })).toBe(false)
  expect(isOfKill(1, 'uptime', { cause: 'other' })).toBe(false)
})
test('init’s end only where it was killed here', () => {
  expect(isOfKill(1, 'uptime', { cause: 'init' })).toBe(false)
  expect(isOfKill(1, 'uptime', { cause: 'init', pid: 1 })).toBe(true)
})
test('init’s end where it was one of the killed, after the last of them', () => {
  const panic = { text: 'Kernel panic - not syncing', cause: 'init' }
  const notice = placed<KernelNotice>(130, { kind: 'kernel-notice', notice: 'panic', panic } as never)
  const kills = [makeDeath(globalDump()), makeDeath(null, { pid: 1, at: instantAt(20) })]
  const of = (seconds: number, all = kills) =>
    panicOf(factsWith(makeIncident({ kills: all, context: [{ ...notice, at: instantAt(seconds) }] }))) !== null
  expect([of(140), of(141), of(18.9), of(20)]).toEqual([true, false, false, true])
})
test('of a report without a kill: of its boot, from its first line on', () => {
  const panic = { text: 'Kernel panic - not syncing', cause: 'memory' }
  const notice = placed<KernelNotice>(5, { kind: 'kernel-notice', notice: 'panic', panic } as never)
  const dump = placed(0, { kind: 'kernel-oom', dump: globalDump({ kills: [] }) } as never)
  const of = (boot: string, kills: ReturnType<typeof makeDeath>[] = []) =>
    panicOf(
      factsWith(makeIncident({ nature: 'dump-without-kill', kills, dumps: [{ ...dump, boot: 'c' }], context: [{ ...notice, boot }] })),
    ) !== null
  expect([of('c'), of('b')]).toEqual([true, false])
  // with kills it is their boot that counts
  expect([of('c', [makeDeath(null)]), of('b', [makeDeath(null)])]).toEqual([false, true])
})
test('by order, the last line of the kill itself included', () => expect(isOfKill(0, 'none', { order: 1 })).toBe(true))
