import { describe, expect, it } from 'vitest'
import type { Kill } from '../../src/model/incident.ts'
import type { TimelineOptions } from '../../src/model/timeline.ts'
import { buildTimeline } from '../../src/timeline/index.ts'
import { zoneOffset } from '../../src/units/zone.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

const plain: TimelineOptions = { timezone: null, year: null, zoneOffset }
const filler = (at: number, text: string) => ({ at, text })

async function killsOf(files: Record<string, string>, options: TimelineOptions = plain, modifiedMs: number | null = null): Promise<Kill[]> {
  return buildTimeline(await evidenceOf(files, modifiedMs), options).incidents.flatMap((i) => i.kills)
}

const iso = (kill: Kill | undefined): string | null => (kill?.at.epochUs == null ? null : new Date(kill.at.epochUs / 1000).toISOString())
const off = (kill: Kill | undefined, want: string): number => Math.abs((kill?.at.epochUs ?? Number.NaN) / 1000 - Date.parse(want))

describe('a raw dmesg finds its wall clock', () => {
  it('by one audit line, within a second', async () => {
    const text = dmesg([
      filler(0, 'Linux version 6.1.0-50-cloud-amd64 (gcc) #1 SMP'),
      filler(0.928, 'audit: type=2000 audit(1795506179.684:1): state=initialized audit_enabled=0 res=1'),
      ...killLines(41.5, 292),
    ])
    const [kill] = await killsOf({ 'dmesg.txt': text })
    expect(off(kill, new Date((1795506179.684 - 0.928 + 41.511) * 1000).toISOString())).toBeLessThan(1000)
    expect(kill?.at.basis).toBe('anchored')
  })

  it('by the rtc line alone, within a second', async () => {
    const text = dmesg([
      filler(2.301676, 'rtc_cmos 00:04: setting system clock to 2026-11-24T07:43:01 UTC (1795506181)'),
      ...killLines(41.5, 292),
    ])
    const [kill] = await killsOf({ 'dmesg.txt': text })
    expect(off(kill, '2026-11-24T07:43:40.209Z')).toBeLessThan(1000)
  })

  it('by date and /proc/uptime in the same folder', async () => {
    const [kill] = await killsOf({
      'dmesg.txt': dmesg(killLines(486.2, 784)),
      'date.txt': 'Tue Nov 24 07:43:10 UTC 2026\n',
      'proc-uptime.txt': '554.60 24.66\n',
    })
    expect(off(kill, '2026-11-24T07:42:01.611Z')).toBeLessThan(2000)
  })

  it('not at all when nothing tells, and then says so', async () => {
    const timeline = buildTimeline(await evidenceOf({ 'dmesg.txt': dmesg(killLines(41.5, 292)) }), plain)
    const [kill] = timeline.incidents.flatMap((i) => i.kills)
    expect(kill?.at).toMatchObject({ epochUs: null, basis: null, uptimeSeconds: 41.511 })
    expect(timeline.warnings.map((w) => w.code)).toContain('time-unplaced')
  })
})

/** kern.log of rsyslog: `ISO host kernel: [uptime] text`, where the wall clock is uptime + offset at each line. */
const kernLog = (lines: readonly { at: number; text: string }[], offset: (at: number) => number): string =>
  lines
    .map(
      (l) =>
        `${new Date((l.at + offset(l.at)) * 1000).toISOString().replace('Z', '+00:00')} node-1 kernel: [${l.at.toFixed(6).padStart(12)}] ${l.text}\n`,
    )
    .join('')

describe('a clock that jumped', () => {
  const boot = 1_795_506_178
  it('stepped by an hour between two kills: each has the wall time of its side', async () => {
    const lines = [...killLines(100, 11), filler(200, 'usb 1-1: new device'), ...killLines(300, 12)]
    const kills = await killsOf({ 'kern.log': kernLog(lines, (at) => (at < 250 ? boot : boot + 3600)) })
    expect(kills).toHaveLength(2)
    expect(off(kills[0], new Date((boot + 100.011) * 1000).toISOString())).toBeLessThan(1000)
    expect(off(kills[1], new Date((boot + 3600 + 300.011) * 1000).toISOString())).toBeLessThan(1000)
  })

  it('suspended for eight hours: the uptime stood still, the kills are placed by the lines around them', async () => {
    const lines = [...killLines(100, 11), filler(150, 'PM: suspend entry (deep)'), filler(151, 'PM: suspend exit'), ...killLines(300, 12)]
    const kills = await killsOf({ 'kern.log': kernLog(lines, (at) => (at < 150.5 ? boot : boot + 8 * 3600)), 'dmesg.txt': dmesg(lines) })
    expect(kills).toHaveLength(2)
    expect(off(kills[0], new Date((boot + 100.011) * 1000).toISOString())).toBeLessThan(2000)
    expect(off(kills[1], new Date((boot + 8 * 3600 + 300.011) * 1000).toISOString())).toBeLessThan(2000)
    expect(kills.every((k) => k.evidence.length >= 2)).toBe(true)
  })
})

/** Traditional syslog without uptime: local time, no year, no zone. */
const syslog = (stamps: readonly string[], pid: number): string =>
  killLines(0, pid)
    .map((l, i) => `${stamps[Math.min(i, stamps.length - 1)]} node-1 kernel: ${l.text}\n`)
    .join('')

describe('what a log does not print', () => {
  it('the year turns over inside the file', async () => {
    const text = syslog(['Dec 31 23:59:58'], 11) + syslog(['Jan  1 00:00:03'], 12)
    const kills = await killsOf({ messages: text }, { ...plain, timezone: 'UTC' }, Date.parse('2027-01-01T06:00:00Z'))
    expect(kills.map(iso)).toEqual(['2026-12-31T23:59:58.000Z', '2027-01-01T00:00:03.000Z'])
    expect(kills.every((k) => k.at.basis === 'assumed')).toBe(true)
  })

  it('an hour that comes twice in a DST night keeps its order', async () => {
    const text = syslog(['Oct 25 02:40:00'], 11) + syslog(['Oct 25 02:20:00'], 12) + syslog(['Oct 25 03:10:00'], 13)
    const kills = await killsOf({ messages: text }, { ...plain, timezone: 'Europe/Berlin', year: 2026 })
    expect(kills.map(iso)).toEqual(['2026-10-25T00:40:00.000Z', '2026-10-25T01:20:00.000Z', '2026-10-25T02:10:00.000Z'])
  })

  it('an hour that does not exist is not lost', async () => {
    const kills = await killsOf({ messages: syslog(['Mar 29 02:30:00'], 11) }, { ...plain, timezone: 'Europe/Berlin', year: 2026 })
    expect(iso(kills[0])).toBe('2026-03-29T01:30:00.000Z')
  })

  it('the zone comes from a line that a program and its logger both stamped', async () => {
    const id = '7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a'
    const containerd = `Nov 24 13:13:45 node-1 containerd[800]: time="2026-11-24T07:43:45.120000000Z" level=info msg="TaskOOM event container_id:\\"${id}\\""\n`
    const kills = await killsOf({ messages: syslog(['Nov 24 13:13:44'], 11) + containerd })
    expect(off(kills[0], '2026-11-24T07:43:44.500Z')).toBeLessThan(2000)
  })

  it('without zone there is no instant, but the printed time stays', async () => {
    const [kill] = await killsOf({ messages: syslog(['Nov 24 13:13:44'], 11) })
    expect(kill?.at).toMatchObject({ epochUs: null, localTime: 'Nov 24 13:13:44' })
  })
})

describe('boots', () => {
  it('three boots in one dmesg never mix their uptimes', async () => {
    const banner = filler(0, 'Linux version 6.1.0-50-cloud-amd64 (gcc) #1 SMP')
    const audit = (epoch: number) => filler(1, `audit: type=2000 audit(${epoch}.000:1): state=initialized audit_enabled=0 res=1`)
    const text = [1_795_000_000, 1_795_100_000, 1_795_200_000]
      .map((epoch, i) => dmesg([banner, audit(epoch), ...killLines(500, 20 + i)]))
      .join('')
    const kills = await killsOf({ 'console.log': text })
    expect(kills.map((k) => Math.round((k.at.epochUs ?? 0) / 1e6))).toEqual([1_795_000_499, 1_795_100_499, 1_795_200_499])
  })

  it('a bare dmesg is of the last boot of its host', async () => {
    const boots = [1_795_000_000, 1_795_100_000]
    const kern = boots
      .map((epoch, i) => kernLog([filler(0, 'Linux version 6.1.0 (gcc) #1 SMP'), ...killLines(500, 20 + i)], () => epoch))
      .join('')
    const kills = await killsOf({
      'kern.log': kern,
      'dmesg.txt': dmesg([filler(0, 'Linux version 6.1.0 (gcc) #1 SMP'), ...killLines(500, 21)]),
    })
    expect(kills.map((k) => [k.pid, k.evidence.length >= 4])).toEqual([
      [20, false],
      [21, true],
    ])
  })
})
