import { describe, expect, it } from 'vitest'
import { buildTimeline } from '../../src/timeline/index.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

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
