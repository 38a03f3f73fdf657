import { describe, expect, it } from 'vitest'
import { kernelOom } from '../../../src/extract/kernel-oom/index.ts'
import { extractAll, plainRecords } from './plain-records.ts'

const anchorsOf = (text: string) => extractAll(kernelOom, plainRecords(text)).anchors.map((a) => [a.via, a.uptimeUs, a.wall])

describe('clock anchors', () => {
  it.each([
    ['[    1.427245] rtc_cmos 00:05: setting system clock to 2026-11-24T06:58:40 UTC (1795503520)', 'rtc', 1427245, 1795503520000000],
    ['[    1.427245] rtc_cmos 00:00: setting system clock to 2013-06-01 12:00:00 UTC (1370088000)', 'rtc', 1427245, 1370088000000000],
    ['[    0.818011] audit: type=2000 audit(1795503519.580:1): state=initialized audit_enabled=0 res=1', 'audit', 818011, 1795503519580000],
  ])('%s', (line, via, uptimeUs, epochUs) => {
    expect(anchorsOf(line)).toEqual([[via, uptimeUs, { epochUs }]])
  })

  it('takes one audit line in ten minutes', () => {
    const audit = (seconds: number): string =>
      `[${seconds.toFixed(6).padStart(12)}] audit: type=1400 audit(${1795503500 + seconds}.000:${seconds}): apparmor="DENIED"`
    expect(anchorsOf([1, 2, 3, 400, 700].map(audit).join('\n')).map(([, uptimeUs]) => uptimeUs)).toEqual([1e6, 700e6])
  })

  it('takes both clocks of the first and last record of a report', () => {
    const wall = {
      text: 'Nov 24 02:03:34',
      epochUs: null,
      localUs: 1e12,
      hasYear: false,
      offsetMinutes: null,
      zoneName: null,
      precisionUs: 1e6,
      clock: 'received',
    } as const
    const lines = [
      '[   10.000000] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      '[   10.100000] Out of memory: Killed process 7 (b) total-vm:100kB, anon-rss:90kB, file-rss:0kB, shmem-rss:0kB',
      '[   10.200000] usb 1-1: new device',
    ]
    const records = plainRecords(lines.join('\n')).map((r) => ({ ...r, moment: { ...r.moment, wall } }))
    const { anchors } = extractAll(kernelOom, records)
    expect(anchors.length).toBeGreaterThanOrEqual(2)
    expect(anchors.every((a) => a.via === 'syslog')).toBe(true)
  })

  it('keeps to the bounds of an extractor', () => {
    expect(kernelOom.literals.length).toBeLessThanOrEqual(40)
    expect(kernelOom.literals.every((l) => l.length >= 3 && /^[\x20-\x7e]+$/.test(l))).toBe(true)
  })
})
