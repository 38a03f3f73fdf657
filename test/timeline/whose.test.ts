import { describe, expect, it } from 'vitest'
import { findFindings } from '../../src/rules/findings/index.ts'
import { buildTimeline } from '../../src/timeline/index.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

const plain = { timezone: null, year: null, zoneOffset: null }
const killsOf = async (files: Record<string, string>) => buildTimeline(await evidenceOf(files), plain).incidents.flatMap((i) => i.kills)
const rtc = { at: 2.3, text: 'rtc_cmos 00:04: setting system clock to 2026-11-24T07:43:01 UTC (1795506181)' }
const kill = dmesg(killLines(41.5, 292))
const other = dmesg([{ at: 0, text: 'Linux version 5.10.0-21-amd64 (gcc) #1 SMP' }, rtc, { at: 60, text: 'usb 1-1: new device' }])

describe('a kill is not dated by a clock of another machine', () => {
  it.each<[string, Record<string, string>]>([
    ['two files called as machines', { 'node-a-dmesg.txt': other, 'node-b-dmesg.txt': kill }],
    ['two files called anyhow', { 'good.txt': other, 'bad.txt': kill }],
    ['two folders', { 'case-1/dmesg': other, 'case-2/dmesg': kill }],
    [
      'clocks in the other folder',
      {
        'case-1/dmesg': other,
        'case-1/date.txt': 'Tue Nov 24 07:50:00 UTC 2026\n',
        'case-1/uptime-proc.txt': '500.00 1.00\n',
        'case-2/dmesg': kill,
      },
    ],
    [
      'a log of another kernel that names its host',
      { 'kern.log': `2026-11-24T07:43:02.000000+00:00 gamma kernel: [    2.300000] Linux version 5.10.0-21-amd64\n`, 'bad.txt': kill },
    ],
    ['a number in /proc/sys', { dmesg: kill, 'proc/uptime': '500.00 1.00\n', 'proc/sys/net/ipv4/tcp_notsent_lowat': '4294967295\n' }],
    ['a date of a build', { dmesg: kill, 'proc/uptime': '500.00 1.00\n', 'etc/issue.d/built': 'Tue Nov 24 07:50:00 UTC 2026\n' }],
  ])('%s', async (what, files) => {
    const [one] = await killsOf(files)
    expect(one?.at.epochUs).toBeNull()
    if (what === 'a log of another kernel that names its host') expect(one?.host).toBeNull()
  })
})

describe('a clock', () => {
  it('that prints minutes is as unsure as that, and its stamps have no more digits', async () => {
    const [one] = await killsOf({
      dmesg: kill,
      date: 'Tue Nov 24 07:50:00 UTC 2026\n',
      uptime: ' 07:50:00 up 8 min,  1 user,  load average: 0.1, 0.1, 0.1\n',
    })
    expect(one?.at.uncertaintyMs).toBeGreaterThanOrEqual(30_000)
    expect(one?.at.digits).toBe(0)
  })

  it.each([
    ' 12:00:00  up   5:33,  1 user,  load average: 0.00, 0.01, 0.05',
    ' 12:00pm  up   5:33,  1 user,  load average: 0.00, 0.01, 0.05',
    ' 12:00:00  up 0 days  5:33,  2 users,  load average: 0.00, 0.01, 0.05',
  ])('as coreutils print it is read: %s', async (uptime) => {
    const command = (line: string, output: string) => `#==[ Command ]======================================#\n# ${line}\n${output}\n\n`
    const [one] = await killsOf({
      'scc_n1_261124_1200/basic-environment.txt': command('/bin/date', 'Tue Nov 24 12:00:00 UTC 2026'),
      'scc_n1_261124_1200/basic-health-check.txt': command('/usr/bin/uptime', uptime),
      'scc_n1_261124_1200/boot.txt': command('/bin/dmesg', kill),
    })
    const truth = Date.UTC(2026, 10, 24, 12) * 1000 - (5 * 3600 + 33 * 60 - 41.5) * 1e6
    expect(one?.at.uncertaintyMs).toBeGreaterThanOrEqual(30_000)
    expect(Math.abs((one?.at.epochUs ?? 0) - truth)).toBeLessThanOrEqual(1000 * (one?.at.uncertaintyMs ?? 0))
  })

  it('years after its file is refused, and that is said', async () => {
    const written = Date.UTC(2026, 10, 24)
    const evidence = await evidenceOf({ dmesg: kill, date: 'Tue Feb  7 06:28:15 UTC 2034\n', 'uptime-proc.txt': '500.00 1.00\n' }, written)
    const timeline = buildTimeline(evidence, plain)
    expect(timeline.incidents[0]?.kills[0]?.at.epochUs).toBeNull()
    expect(timeline.warnings.map((w) => w.code)).toContain('clock-refused')
  })

  it('of the hardware on local time loses against the system’s', async () => {
    const [one] = await killsOf({
      dmesg: dmesg([rtc, ...killLines(41.5, 292)]),
      date: 'Tue Nov 24 05:51:18 UTC 2026\n',
      'uptime-proc.txt': '500.00 1.00\n',
    })
    expect(new Date((one?.at.epochUs ?? 0) / 1000).toISOString()).toMatch(/^2026-11-24T05:43:/)
  })

  it('tells when a log without stamps begins', async () => {
    const timeline = buildTimeline(
      await evidenceOf({
        'dmesg.txt': dmesg([
          { at: 400, text: 'usb 1-1: new device' },
          { at: 450, text: 'usb 1-1: gone' },
        ]),
        'date.txt': 'Tue Nov 24 07:50:00 UTC 2026\n',
        'uptime-proc.txt': '500.00 1.00\n',
      }),
      plain,
    )
    const span = timeline.spans.get('bundle/dmesg.txt')
    expect(new Date((span?.fromUs ?? 0) / 1000).toISOString()).toMatch(/^2026-11-24T07:48:20/)
    expect(new Date((span?.toUs ?? 0) / 1000).toISOString()).toMatch(/^2026-11-24T07:49:10/)
  })
})

describe('lines that are lost', () => {
  const findings = async (line: string): Promise<string[]> =>
    findFindings(buildTimeline(await evidenceOf({ 'kern.log': line + kernLog }), plain)).findings.map((f) => f.id)
  const at = '2026-11-24T07:43:02.000000+00:00 n1 '
  const kernLog = killLines(41.5, 292)
    .map((l) => `${at}kernel: [${l.at.toFixed(6).padStart(12)}] ${l.text}\n`)
    .join('')
  it.each([
    ['kernel: [   40.000000] kauditd_printk_skb: 204 callbacks suppressed', false],
    ['kernel: [   40.000000] net_ratelimit: 12 callbacks suppressed', false],
    ['rsyslogd: imuxsock lost 12 messages from pid 42 due to rate-limiting', false],
    ['systemd-journald[1]: Suppressed 4 messages from myapp.service', false],
    ['kernel: [   40.000000] oom_kill_process: 70 callbacks suppressed', true],
    ['systemd-journald[1]: Missed 41 kernel messages', true],
    ['systemd-journald[1]: Suppressed 900 messages from kubelet.service', true],
  ])('%s: %s', async (line, lost) => {
    expect((await findings(`${at}${line}\n`)).includes('events-lost')).toBe(lost)
  })
})

describe('several machines in one file', () => {
  const lines = (machine: string, text: string, front: (host: string) => string): string[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => `${front(machine)}${line}`)
  it.each<[string, (host: string) => string]>([
    ['pdsh', (host) => `${host}: `],
    ['fabric', (host) => `[${host}] out: `],
  ])('%s: interleaved, each has its own clock', async (_, front) => {
    const a = lines('node17', other, front)
    const b = lines('node18', kill, front)
    const mixed = b.flatMap((line, i) => (a[i] === undefined ? [line] : [a[i], line]))
    const [one] = await killsOf({ 'out.txt': `${mixed.join('\n')}\n` })
    expect(one).toMatchObject({ host: 'node18', at: { epochUs: null } })
  })

  it('ansible: one after another', async () => {
    const [one] = await killsOf({ 'out.txt': `node17 | CHANGED | rc=0 >>\n${other}node18 | CHANGED | rc=0 >>\n${kill}` })
    expect(one).toMatchObject({ host: 'node18', at: { epochUs: null } })
  })
})
