import { expect, it } from 'vitest'
import type { PlacedEvent } from '../../src/model/incident.ts'
import { kernelChanges } from '../../src/timeline/kernel-changes.ts'
import { instantAt } from '../rules/make-incident.ts'
import { withoutTime } from './scene.ts'
import { bootMark, notice, report } from './sources.ts'

const placed = (seconds: number, event: PlacedEvent['event'], boot: string, more: Partial<PlacedEvent> = {}): PlacedEvent => ({
  event,
  at: instantAt(seconds),
  host: 'node-1',
  boot,
  ...more,
})
const booted = (seconds: number, release: string | null, boot: string, more: Partial<PlacedEvent> = {}) =>
  placed(seconds, bootMark(0, release), boot, more)
const killed = (seconds: number, release: string | null, cgroups: 1 | 2 | null, boot: string, more: Partial<PlacedEvent> = {}) =>
  placed(seconds, report(9, {}, null, { release, cgroupVersion: cgroups }), boot, more)
/** What changed, and at which second. */
const changes = (...events: PlacedEvent[]) => kernelChanges(events).map(({ event, at }) => `${at.order} ${event.detail}`)

it.each<[string, PlacedEvent[], string[]]>([
  ['another kernel', [booted(0, '5.4', 'a'), booted(100, '6.1', 'b')], ['100 kernel 5.4 → 6.1']],
  ['the same kernel', [booted(0, '5.4', 'a'), booted(100, '5.4', 'b')], []],
  ['a boot that does not say', [booted(0, '5.4', 'a'), booted(100, null, 'b'), booted(200, '5.4', 'c')], []],
  [
    'a boot that does not say, then another kernel',
    [booted(0, '5.4', 'a'), booted(100, null, 'b'), booted(200, '6.1', 'c')],
    ['200 kernel 5.4 → 6.1'],
  ],
  ['the first that is known', [booted(0, '5.4', 'a')], []],
  [
    'seen by a kill only: at the boot that brought it',
    [killed(0, '5.4', 1, 'a'), booted(100, null, 'b'), killed(150, '6.1', 1, 'b')],
    ['100 kernel 5.4 → 6.1'],
  ],
  ['seen by a kill, its boot not in the log', [booted(0, '5.4', 'a'), killed(150, '6.1', null, 'b')], ['150 kernel 5.4 → 6.1']],
  ['the other cgroups', [killed(0, '5.4', 1, 'a'), killed(150, '5.4', 2, 'b')], ['150 cgroup v1 → v2']],
  ['both', [killed(0, '5.4', 1, 'a'), killed(150, '6.1', 2, 'b')], ['150 kernel 5.4 → 6.1, cgroup v1 → v2']],
  [
    'cgroups that a kill does not tell',
    [killed(0, '5.4', 1, 'a'), killed(100, '5.4', null, 'b'), killed(200, '5.4', 2, 'c')],
    ['200 cgroup v1 → v2'],
  ],
  [
    'there and back',
    [booted(0, '5.4', 'a'), booted(100, '6.1', 'b'), booted(200, '5.4', 'c')],
    ['100 kernel 5.4 → 6.1', '200 kernel 6.1 → 5.4'],
  ],
  ['two machines', [booted(0, '5.4', 'a'), booted(100, '6.1', 'b', { host: 'node-2' })], []],
  ['a machine that nobody names', [booted(0, '5.4', 'a', { host: null }), booted(100, '6.1', 'b', { host: null })], []],
  ['nobody knows when', [booted(0, '5.4', 'a'), booted(100, '6.1', 'b', { at: { ...instantAt(100), ...withoutTime } })], []],
  ['other words', [booted(0, '5.4', 'a'), placed(100, notice(5), 'b')], []],
])('%s', (_, events, expected) => expect(changes(...events)).toEqual(expected))

it('quotes the line that shows it, and is the kernel’s', () => {
  const seen = killed(150, '6.1', 1, 'b')
  const [change] = kernelChanges([killed(0, '5.4', 1, 'a'), booted(100, null, 'b'), seen])
  expect(change?.event).toMatchObject({ kind: 'change', what: 'kernel', by: 'kernel', writer: 'kernel', quotes: seen.event.quotes })
  expect([change?.boot, change?.host]).toEqual(['b', 'node-1'])
})
