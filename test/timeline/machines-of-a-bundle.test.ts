import { describe, expect, it } from 'vitest'
import { buildTimeline } from '../../src/timeline/index.ts'
import { zoneOffset } from '../../src/units/zone.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

/** Pid, host and instant of every kill of a bundle; instants to the second. */
async function killsOf(files: Readonly<Record<string, string>>): Promise<(string | number | null)[][]> {
  const timeline = buildTimeline(await evidenceOf(files), { timezone: null, year: null, zoneOffset })
  return timeline.incidents
    .flatMap((i) => i.kills)
    .map((k) => [k.pid, k.host, k.at.epochUs === null ? null : new Date(Math.round(k.at.epochUs / 1e6) * 1000).toISOString().slice(0, 19)])
    .sort((a, b) => Number(a[0]) - Number(b[0]))
}

const ring = (at: number, pid: number): string => dmesg(killLines(at, pid))
const clocks = (day: string, time: string, up: string): string =>
  `${day} ${time} UTC 2026\n ${time} up ${up},  1 user,  load average: 0.01, 0.02, 0.00\n`

describe('machines that share a name', () => {
  it('two full names are two machines; the short name in a log is the one that its bundle knows', async () => {
    const sos = (top: string, host: string, pid: number) => ({
      [`${top}/sos_commands/host/hostname`]: `${host}\n`,
      [`${top}/sos_commands/kernel/dmesg`]: ring(100, pid),
      [`${top}/proc/uptime`]: '200.00 1.00\n',
      [`${top}/sos_commands/date/date`]: `Tue Nov 24 0${pid % 10}:00:00 UTC 2026\n`,
    })
    expect(await killsOf({ ...sos('a', 'n1.east.example', 701), ...sos('b', 'n1.west.example', 702) })).toEqual([
      [701, 'n1.east.example', expect.stringMatching(/^2026-11-24T00:58/)],
      [702, 'n1.west.example', expect.stringMatching(/^2026-11-24T01:58/)],
    ])
  })

  it('of two clusters: each has its own clocks', async () => {
    const cluster = (top: string, pid: number, time: string) => ({
      [`${top}/nodes/worker-1/dmesg`]: ring(100, pid),
      [`${top}/nodes/worker-1/date`]: `Tue Nov 24 ${time}:00 UTC 2026\n`,
      [`${top}/nodes/worker-1/uptime`]: ` ${time}:00 up 10 min,  1 user,  load average: 0.01, 0.02, 0.00\n`,
    })
    expect(await killsOf({ ...cluster('prod', 801, '06:20'), ...cluster('stage', 802, '17:20') })).toEqual([
      [801, 'worker-1', expect.stringMatching(/^2026-11-24T06:11/)],
      [802, 'worker-1', expect.stringMatching(/^2026-11-24T17:11/)],
    ])
  })
})

describe('outputs of several machines in one text', () => {
  const one = clocks('Tue Nov 24', '06:20:00', '10 min') + ring(100, 901)
  const two = clocks('Tue Nov 24', '17:20:00', '10 min') + ring(100, 902)
  const kills = [
    [901, 'cn-1', expect.stringMatching(/^2026-11-24T06:11/)],
    [902, 'cn-2', expect.stringMatching(/^2026-11-24T17:11/)],
  ]
  it.each<[string, (host: string, text: string) => string]>([
    ['dshbak', (host, text) => `----------------\n${host}\n----------------\n${text}`],
    ['ansible', (host, text) => `${host} | CHANGED | rc=0 >>\n${text}`],
    ['a loop over ssh', (host, text) => `### ${host} ###\n${text}`],
    ['pdsh', (host, text) => text.replace(/^(?=.)/gm, `${host}: `)],
  ])('%s', async (_, put) => expect(await killsOf({ 'all.txt': put('cn-1', one) + put('cn-2', two) })).toEqual(kills))

  it('quotes are as they stand in the file', async () => {
    const [evidence] = await evidenceOf({ 'all.txt': one.replace(/^(?=.)/gm, 'cn-1: ') })
    const dump = evidence?.events.find((e) => e.kind === 'kernel-oom')
    expect(dump?.quotes[0]).toMatchObject({ text: expect.stringMatching(/^cn-1: \[ *100\.000000\] worker invoked/), line: 3 })
  })

  it('date, uptime and dmesg of one machine in one file', async () => {
    expect(await killsOf({ 'collected.txt': one })).toEqual([[901, null, expect.stringMatching(/^2026-11-24T06:11/)]])
  })
})

it('a log without years goes on for days after the begin of a boot that btime tells', async () => {
  const line = (at: string, uptime: number, pid: number): string =>
    killLines(uptime, pid)
      .map((l) => `${at} n1 kernel: [${l.at.toFixed(6).padStart(12)}] ${l.text}\n`)
      .join('')
  const boot = Date.UTC(2026, 10, 20, 3, 0, 0) / 1000
  const files = {
    'proc/stat': `cpu  1 2 3 4\nctxt 5\nbtime ${boot}\nprocesses 9\n`,
    'var/log/messages': line('Nov 20 03:30:00', 1800, 61) + line('Nov 26 03:00:00', 6 * 86_400, 62),
  }
  expect(await killsOf(files)).toEqual([
    [61, 'n1', expect.stringMatching(/^2026-11-20T03:30:0/)],
    [62, 'n1', expect.stringMatching(/^2026-11-26T03:00:0/)],
  ])
})

describe('boots before the one that was up', () => {
  const now = {
    'sos_commands/date/date': 'Tue Nov 24 06:20:00 UTC 2026\n',
    'proc/uptime': '20000.00 1.00\n',
    'proc/stat': `cpu  1 2 3 4\nctxt 5\nbtime ${Date.UTC(2026, 10, 24, 0, 46, 40) / 1000}\nprocesses 9\n`,
    'sos_commands/host/hostname': 'n1\n',
    'sos_commands/kernel/dmesg': '[  100.000000] usb 1-1: new device\n',
  }
  it.each([
    'var/crash/127.0.0.1-2026-11-23-00:50:12/vmcore-dmesg.txt',
    'sys/fs/pstore/dmesg-ramoops-0',
    'var/log/dmesg.0',
    'var/log/dmesg.old',
    'sos_commands/logs/journalctl_--no-pager_--boot_-1',
  ])('%s is not dated by clocks read later', async (name) => {
    expect(await killsOf({ ...now, [name]: ring(3000, 71) })).toEqual([[71, 'n1', null]])
  })
  it('the last boot of a console is', async () => {
    const console = `${ring(3000, 72)}[    0.000000] Linux version 6.1.0-50-cloud-amd64 (gcc) #1 SMP\n${ring(500, 73)}`
    expect(
      await killsOf({ 'console.log': console, 'date.txt': 'Tue Nov 24 06:20:00 UTC 2026\n', 'uptime.txt': '20000.00 1.00\n' }),
    ).toEqual([
      [72, null, null],
      [73, null, expect.stringMatching(/^2026-11-24T00:5/)],
    ])
  })
})

it.each<[string, string | null]>([
  ['2000-01-01T00:00:02 UTC (946684802)', null],
  ['1970-01-01T00:00:02 UTC (2)', null],
  ['2026-11-24T06:00:02 UTC (1795500002)', '2026-11-24T06:01'],
])('a hardware clock that shows %s', async (shown, expected) => {
  const rtc = `[    2.000000] rtc_cmos 00:04: setting system clock to ${shown}\n`
  const [kill] = await killsOf({ 'dmesg.txt': rtc + ring(100, 81) })
  expect(kill?.[2] === null ? null : String(kill?.[2]).slice(0, 16)).toBe(expected)
})

it('uptime’s time of day beside a date on UTC tells the zone of dmesg -T', async () => {
  const human = killLines(100, 91)
    .map((l) => `[Tue Nov 24 11:00:00 2026] ${l.text}\n`)
    .join('')
  const clocksOf = (ofDay: string) => ({
    'dmesg-T.txt': human,
    'date.txt': 'Tue Nov 24 06:20:00 UTC 2026\n',
    'uptime.txt': ` ${ofDay} up 10 min,  1 user,  load average: 0.01, 0.02, 0.00\n`,
  })
  expect(await killsOf(clocksOf('11:50:00'))).toEqual([[91, null, '2026-11-24T05:30:00']])
  expect(await killsOf(clocksOf('17:20:00'))).toEqual([[91, null, null]])
})

it('folders called after what was asked for: date/n1.log, uptime/n1.log', async () => {
  const file = (name: string, host: string, text: string) => ({ [`${name}/${host}.log`]: text })
  const of = (host: string, pid: number, time: string) => ({
    ...file('kernel', host, ring(100, pid)),
    ...file('date', host, `Tue Nov 24 ${time}:00 UTC 2026\n`),
    ...file('uptime', host, ` ${time}:00 up 10 min,  1 user,  load average: 0.01, 0.02, 0.00\n`),
  })
  expect(await killsOf({ ...of('w-1', 95, '06:20'), ...of('w-2', 96, '17:20') })).toEqual([
    [95, 'w-1', expect.stringMatching(/^2026-11-24T06:11/)],
    [96, 'w-2', expect.stringMatching(/^2026-11-24T17:11/)],
  ])
})

describe('a log in a folder that is called as a machine is', () => {
  const collector = {
    'collect/hostname': 'admin-laptop\n',
    'collect/date': 'Tue Nov 24 12:00:00 UTC 2026\n',
    'collect/uptime': '90000.00 1.00\n',
  }

  it('is not of the one whose name and clocks stand elsewhere', async () => {
    expect(await killsOf({ ...collector, 'w1/dmesg': ring(3_000, 83) })).toEqual([[83, null, null]])
  })

  it.each([
    ['the name stands in it, too', { 'w1/etc/hostname': 'admin-laptop\n' }, 'w1'],
    ['the folder has that name', {}, 'admin-laptop-1'],
    ['nobody calls a machine so', {}, 'case1'],
  ])('is, where %s', async (_, more, folder) => {
    expect((await killsOf({ ...collector, ...more, [`${folder}/dmesg`]: ring(3_000, 83) }))[0]?.[1]).toBe('admin-laptop')
  })
})

it('folders of two times are none of machines by that name', async () => {
  const capture = (time: string, up: string, pid: number) => ({
    date: `Tue Nov 24 ${time} UTC 2026\n`,
    uptime: `${up} 1.00\n`,
    dmesg: ring(100, pid),
  })
  const files = Object.entries({ before: capture('06:00:00', '5000.00', 1), after: capture('09:00:00', '600.00', 2) })
  expect(await killsOf(Object.fromEntries(files.flatMap(([f, all]) => Object.entries(all).map(([n, t]) => [`${f}/${n}`, t]))))).toEqual([
    [1, null, expect.stringMatching(/^2026-11-24T04:38/)],
    [2, null, expect.stringMatching(/^2026-11-24T08:51/)],
  ])
})
