import { describe, expect, it } from 'vitest'
import { buildTimeline } from '../../src/timeline/index.ts'
import { withUnseenSleep } from '../../src/timeline/sleeps.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'
import { notice, type SourceParts } from './sources.ts'
import { bootOf, momentOf, SECOND } from './stamps.ts'

const plain = { timezone: null, year: null, zoneOffset: null }
const boot = { at: 0, text: 'Linux version 5.14.0-427.el9.x86_64 (gcc) #1 SMP' }
const clocks = { date: 'Sat Nov 28 12:00:00 UTC 2026\n', 'uptime-proc.txt': '20000.00 1.00\n' }
const begun = (Date.UTC(2026, 10, 28, 12) - 20_000_000) * 1000
const kills = async (files: Record<string, string>) => {
  const { incidents } = buildTimeline(await evidenceOf(files), plain)
  return Object.fromEntries(incidents.flatMap((i) => i.kills).map((k) => [String(k.pid), k.at]))
}

/** The wall clock, `/proc/uptime` and btime count a sleep; printk's clock does not. */
describe('a machine that slept', () => {
  it.each([
    'ACPI: PM: Waking up from system sleep state S3',
    'ACPI: Waking up from system sleep state S3',
    'Restarting tasks ... done.',
    'Restarting tasks: Starting',
    'PM: suspend exit',
    'PM: hibernation: hibernation exit',
  ])('is dated by its capture before “%s” and not behind it', async (text) => {
    const at = await kills({ dmesg: dmesg([boot, ...killLines(500, 11), { at: 1000, text }, ...killLines(1500, 22)]), ...clocks })
    expect(Math.abs((at['11']?.epochUs ?? 0) - begun - 500e6)).toBeLessThanOrEqual(1000 * (at['11']?.uncertaintyMs ?? -1))
    expect(at['22']?.epochUs).toBeNull()
  })

  it('is dated behind its sleep by what was read there', async () => {
    const audit = { at: 1400, text: 'audit: type=1400 audit(1795867000.000:12): apparmor="STATUS"' }
    const wake = ['ACPI: PM: Waking up from system sleep state S3', 'Restarting tasks ... done.', 'PM: suspend exit'].map((text, i) => ({
      at: 1000 + i,
      text,
    }))
    const at = await kills({ dmesg: dmesg([boot, ...killLines(500, 11), ...wake, audit, ...killLines(1500, 22)]) })
    expect(at['11']?.epochUs).toBeNull()
    expect(at['22']?.epochUs).toBeGreaterThan(1795867100e6 - 1e5)
    expect(at['22']?.epochUs).toBeLessThan(1795867100e6 + 1e6)
  })

  it('that slept twice within a minute has two sleeps', async () => {
    const wake = (at: number) => ['Restarting tasks ... done.', 'PM: suspend exit'].map((text, i) => ({ at: at + i / 10, text }))
    const audit = { at: 1001, text: 'audit: type=1400 audit(1795867000.000:12): apparmor="STATUS"' }
    const at = await kills({ dmesg: dmesg([boot, ...wake(1000), audit, ...wake(1010), ...killLines(1500, 22)]) })
    expect(at['22']?.epochUs).toBeNull()
  })

  it('and printed its log by dmesg -T has stamps of unknown worth', async () => {
    const stamp = '[Sat Nov 28 06:51:40 2026] '
    const lines = ['PM: suspend exit', ...killLines(1500, 22).map(({ text }) => text)].map((text) => stamp + text)
    const at = await kills({
      'dmesg-T': `${lines.join('\n')}\n`,
      'timedatectl.txt': '                Time zone: UTC (UTC, +0000)\n',
      ...clocks,
    })
    expect(at['22']?.uncertaintyMs).toBeNull()
    expect(at['22']?.basis).not.toBe('anchored')
  })
})

/** Its ring buffer begins at 5000 s; the capture is at 20,000 s on `/proc/uptime`'s clock, of which printk's missed an unknown part. */
describe('a machine of which a sleep may have fallen out of the log', () => {
  const ring = (pid: number, text = 'eth0: link up') =>
    dmesg([{ at: 5000, text: 'usb 1-1: new device' }, ...killLines(9000, pid), { at: 9600, text }])
  const late = (9000 + 20_000 - 9600) * 1e6

  it.each([
    ['/sys/power counts one', { 'sys/power/suspend_stats/success': '2\n' }],
    ['debugfs counts one', { 'sys/kernel/debug/suspend_stats': 'success: 2\nfail: 0\nfailed_freeze: 0\n' }],
    [
      'its journal tells of one',
      {
        'journal.txt': 'Nov 28 07:00:00 laptop kernel: PM: suspend exit\nNov 28 07:00:01 laptop kernel: PM: suspend exit\n',
        hostname: 'laptop\n',
      },
    ],
  ])('is dated as far as the capture bounds it: %s', async (_, witness) => {
    const { '11': at } = await kills({ dmesg: ring(11), ...clocks, ...witness })
    expect((at?.epochUs ?? 0) + 1000 * (at?.uncertaintyMs ?? 0)).toBeGreaterThanOrEqual(begun + late)
  })

  it('is a desktop’s', async () => {
    const shell = '[   1200]     0  1200    10536      100   118784        0             0 gnome-shell'
    const text = ring(11).replace(/(\[[^\]]+\] )(oom-kill:)/, `$1${shell}\n$1$2`)
    const { '11': at } = await kills({ dmesg: text, ...clocks })
    expect((at?.epochUs ?? 0) + 1000 * (at?.uncertaintyMs ?? 0)).toBeGreaterThanOrEqual(begun + late)
  })

  it.each([
    ['a server’s, of which nothing tells that it sleeps', ring(11), {}],
    ['one that never slept', ring(11), { 'sys/power/suspend_stats/success': '0\n' }],
    [
      'one of whose logs one is whole',
      dmesg([boot, { at: 5000, text: 'usb 1-1: new device' }, ...killLines(9000, 11), { at: 9600, text: 'eth0: link up' }]),
      { 'sys/power/suspend_stats/success': '2\n', 'var/log/dmesg.txt': ring(11) },
    ],
    ['one whose log is whole', dmesg([boot, ...killLines(9000, 11)]), { 'sys/power/suspend_stats/success': '2\n' }],
  ])('is not %s', async (_, text, witness) => {
    const { '11': at } = await kills({ dmesg: text, ...clocks, ...witness })
    expect(at?.uncertaintyMs).toBeLessThan(40_000)
  })

  it('is told so where nothing can date it', async () => {
    const { warnings } = buildTimeline(
      await evidenceOf({ dmesg: dmesg([{ at: 5000, text: 'PM: suspend exit' }, ...killLines(9000, 11)]), ...clocks }),
      plain,
    )
    expect(warnings.map(({ code }) => code)).toContain('time-slept')
  })
})

/** By how many seconds a capture at an uptime of 10,000 s is less sure, with this log up to 4000 s. */
describe('a sleep between a log’s last line and the capture', () => {
  const capture = { source: 'uptime', bootId: null, bootUs: 0, errorUs: SECOND, uptimeUs: 10_000 * SECOND }
  const segment = (first: number | null, more: SourceParts = {}, isEarlier = false) => ({
    ...bootOf({ events: [notice(4000)], first: first === null ? null : momentOf(null, null, first), ...more }).segments[0],
    isEarlier,
  })
  const grown = (slept: boolean, ...segments: ReturnType<typeof segment>[]) =>
    withUnseenSleep({ ...bootOf(), segments: segments as never }, slept, [capture]).map((c) => c.errorUs / SECOND - 1)
  const lastAt = (seconds: number) => ({ last: momentOf(null, null, seconds) })

  it.each<[string, number[], number[]]>([
    ['that begins later', grown(true, segment(5)), [6000]],
    ['of which nobody knows where it begins', grown(true, segment(null)), [6000]],
    ['that begins a second in', grown(true, segment(1)), [6000]],
    ['that begins with the boot', grown(true, segment(0.999_999)), [0]],
    ['of which a copy begins with the boot', grown(true, segment(5), segment(0)), [0]],
    ['whose last line is no event', grown(true, segment(5, lastAt(9000))), [1000]],
    ['of which a copy goes on', grown(true, segment(5), segment(5, lastAt(9500))), [500]],
    ['after which another boot follows in the file', grown(true, segment(5, lastAt(9000), true)), [6000]],
    ['that goes on after the capture', grown(true, segment(5, lastAt(12_000))), [0]],
    ['of a machine that never sleeps', grown(false, segment(5)), [0]],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected))

  it('leaves nothing of a capture that tells only when the boot began', () =>
    expect(withUnseenSleep({ ...bootOf(), segments: [segment(5)] as never }, true, [{ ...capture, uptimeUs: null }])).toEqual([]))
})
