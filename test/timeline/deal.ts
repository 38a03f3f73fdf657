import { dmesg, killLines } from '../evidence.ts'

/** What really happened, by the pid of the victim. */
export interface Truth {
  readonly host: string
  /** µs since the epoch. */
  readonly us: number
}

export interface Deal {
  readonly files: Readonly<Record<string, string>>
  readonly truth: ReadonlyMap<number, Truth>
}

type Random = (below: number) => number

/** xorshift32: the same deals everywhere. */
function random(seed: number): Random {
  let x = (seed * 2_654_435_761) | 1
  return (below) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % below
  }
}

interface Machine {
  readonly name: string
  /** Seconds since the epoch at which the boot that was up at the capture had begun; how long it was up then. */
  readonly boot: number
  readonly up: number
  /** How much faster printk's clock runs than the true one. */
  readonly drift: number
  /** When it slept, in seconds since the boot: printk's clock stood still then, the others did not. */
  readonly sleeps: readonly { readonly from: number; readonly to: number }[]
  readonly kills: readonly { readonly pid: number; readonly at: number }[]
}

const utc = (seconds: number): string => new Date(seconds * 1000).toISOString()
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number): string => String(n).padStart(2, '0')

function dateLine(seconds: number): string {
  const d = new Date(Math.floor(seconds) * 1000)
  const day = String(d.getUTCDate()).padStart(2)
  return `${days[d.getUTCDay()]} ${months[d.getUTCMonth()]} ${day} ${utc(seconds).slice(11, 19)} UTC ${d.getUTCFullYear()}\n`
}

function uptimeLine(boot: number, up: number): string {
  const [d, h, m] = [Math.floor(up / 86_400), Math.floor(up / 3600) % 24, Math.floor(up / 60) % 60]
  const words = `${d > 0 ? `${d} day${d > 1 ? 's' : ''}, ` : ''}${h > 0 ? `${String(h).padStart(2)}:${two(m)}` : `${m} min`}`
  return ` ${utc(boot + up).slice(11, 19)} up ${words},  1 user,  load average: 0.01, 0.02, 0.00\n`
}

let pids = 100

function machineOf(r: Random, name: string): Machine {
  const boot = 1_640_995_200 + r(140_000_000) + r(1000) / 1000
  const up = 120 + r([3_000, 90_000, 3_000_000][r(3)] ?? 3_000)
  const sleeps = up > 1_000 && r(6) === 0 ? sleepsOf(r, up) : []
  const kills = Array.from({ length: r(3) }, () => {
    const at = 5 + r(Math.floor(up - 30) * 100) / 100
    const asleep = sleeps.find((s) => at >= s.from - 1 && at <= s.to + 5)
    return { pid: ++pids, at: asleep === undefined ? at : asleep.to + 5 + r(500) / 100 }
  }).sort((a, b) => a.at - b.at)
  return { name, boot, up, drift: (r(41) - 20) / 1e6, sleeps, kills }
}

/** One or two sleeps of some seconds to a fifth of the time. */
function sleepsOf(r: Random, up: number): Machine['sleeps'] {
  const first = 10 + r(up * 0.4)
  const woke = first + 20 + r(up * 0.2)
  const second = woke + 40 + r(up * 0.1)
  return [{ from: first, to: woke }, ...(r(2) === 0 ? [] : [{ from: second, to: second + 20 + r(up * 0.1) }])]
}

const printk = (m: Machine, at: number): number =>
  m.sleeps.reduce((left, s) => left - Math.max(0, Math.min(at, s.to) - s.from), at) * (1 + m.drift)

interface Line {
  readonly at: number
  readonly text: string
}

/** What the kernel says when it wakes. */
const awakenings = (m: Machine): Line[] =>
  m.sleeps.flatMap(({ to }) =>
    ['ACPI: PM: Waking up from system sleep state S3', 'Restarting tasks ... done.', 'PM: suspend exit'].map((text, i) => ({
      at: to + i / 100,
      text,
    })),
  )

/** All that the kernel says, by the true time since the boot. */
const kernelLines = (m: Machine): Line[] =>
  [
    ...awakenings(m),
    ...m.kills.flatMap((k) => killLines(k.at, k.pid, 'worker', 30_000 + k.pid)),
    { at: m.up - 3, text: 'usb 1-1: new device' },
  ].sort((a, b) => a.at - b.at)

/** The ring buffer; `rtcShift` in seconds: a hardware clock that shows local time. */
function ringBuffer(r: Random, m: Machine, rtcShift: number | null, isSleepKnown: boolean): string {
  const rtc = Math.floor(m.boot + 2.3 + (rtcShift ?? 0))
  const lines = [
    { at: 0, text: `Linux version 6.1.0-${m.name.length}${r(9)}-amd64 (gcc) #1 SMP` },
    ...(rtcShift === null
      ? []
      : [{ at: printk(m, 2.3), text: `rtc_cmos 00:04: setting system clock to ${utc(rtc).slice(0, 19)} UTC (${rtc})` }]),
    ...kernelLines(m).map((l) => ({ ...l, at: printk(m, l.at) })),
  ]
  // A long log has lost its begin: banner and hardware clock, and the sleeps before the first kill where something else tells that there were some.
  const isCut = isSleepKnown ? r(3) > 0 : r(4) === 0 && m.sleeps.length === 0
  const kept =
    isSleepKnown && m.kills.length > 0 ? lines.findIndex(({ text }) => text.includes('invoked oom-killer')) : rtcShift === null ? 1 : 2
  return dmesg(isCut ? lines.slice(kept) : lines)
}

/** rsyslog's file: the logger is late by up to half a second, and its host's name stands in each line. */
function kernLog(r: Random, m: Machine): string {
  return kernelLines(m)
    .map(
      (l) =>
        `${utc(m.boot + l.at + r(500) / 1000).replace('Z', '000+00:00')} ${m.name} kernel: [${printk(m, l.at).toFixed(6).padStart(12)}] ${l.text}\n`,
    )
    .join('')
}

/** rsyslog's older form: neither year nor zone. */
function oldKernLog(m: Machine): string {
  const stamp = (at: number): string => {
    const d = new Date((m.boot + at) * 1000)
    return `${months[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${d.toISOString().slice(11, 19)}`
  }
  return kernelLines(m)
    .map((l) => `${stamp(l.at)} ${m.name} kernel: [${printk(m, l.at).toFixed(6).padStart(12)}] ${l.text}\n`)
    .join('')
}

/** Names of one machine's files in some layout. */
interface Naming {
  readonly dmesg: string
  readonly date: string
  readonly uptime: string
  readonly procUptime: string
  readonly stat: string
  readonly log: string
  readonly decoys: readonly string[]
}

const namings: Readonly<Record<string, (name: string, index: number) => Naming>> = {
  sos: (name) => tree(`sosreport-${name}/`, 'sos_commands/kernel/dmesg', 'sos_commands/date/date', 'sos_commands/host/uptime'),
  cases: (_, i) => tree(`case-${i + 1}/`, 'dmesg.txt', 'date.txt', 'uptime.txt'),
  nodes: (name) => tree(`nodes/${name}/`, 'dmesg', 'date', 'uptime'),
  /** Two bare logs and one set of clocks in a folder: whose they are, nobody can tell. */
  loose: (_, i) => ({
    ...{ dmesg: `${'xyz'[i]}.log`, date: i === 0 ? 'date.txt' : '', uptime: i === 0 ? 'uptime.txt' : '' },
    ...{ procUptime: '', stat: i === 0 ? 'proc-stat.txt' : '', log: '', decoys: [] },
  }),
  clusters: (name, i) => tree(`${['prod', 'stage', 'test'][i]}/nodes/${name}/`, 'dmesg', 'date', 'uptime'),
  /** Taken apart and put into texts of several machines. */
  gathered: () => ({
    ...{ dmesg: 'dmesg.txt', date: 'date.txt', uptime: 'uptime.txt', procUptime: '', stat: '', log: '', decoys: [] },
  }),
  files: (name) => ({
    ...{ dmesg: `${name}-dmesg.txt`, date: `${name}-date.txt`, uptime: `${name}-uptime.txt`, procUptime: `${name}-uptime-proc.txt` },
    ...{ stat: `${name}-stat.txt`, log: `${name}-kern.log`, decoys: [] },
  }),
}

function tree(top: string, dmesgName: string, date: string, uptime: string): Naming {
  return {
    ...{ dmesg: top + dmesgName, date: top + date, uptime: top + uptime, procUptime: `${top}proc/uptime`, stat: `${top}proc/stat` },
    log: `${top}var/log/kern.log`,
    decoys: [`${top}proc/sys/net/ipv4/tcp_notsent_lowat`, `${top}sys/fs/cgroup/memory/memory.usage_in_bytes`, `${top}etc/build-date`],
  }
}

/** How tools and loops head the output of each machine. */
const gatherers: Readonly<Record<string, (host: string, text: string) => string>> = {
  dshbak: (host, text) => `----------------\n${host}\n----------------\n${text}`,
  ansible: (host, text) => `${host} | CHANGED | rc=0 >>\n${text}`,
  loop: (host, text) => `=== ${host} ===\n${text}`,
  pdsh: (host, text) => text.replace(/^(?=.)/gm, `${host}: `),
  fabric: (host, text) => text.replace(/^(?=.)/gm, `[${host}] out: `),
}

/** Files of several machines put into one of each kind, or all into one. */
function gathered(r: Random, machines: readonly { readonly host: string; readonly files: Readonly<Record<string, string>> }[]) {
  const kinds = Object.keys(gatherers)
  const gather = gatherers[kinds[r(kinds.length)] as string] as (host: string, text: string) => string
  const allInOne = r(2) === 0
  const files: Record<string, string> = {}
  const order = ['date.txt', 'uptime.txt', 'dmesg.txt']
  if (allInOne) files['all.txt'] = machines.map((m) => gather(m.host, order.flatMap((name) => m.files[name] ?? []).join(''))).join('')
  else
    for (const name of order) {
      const own = machines.flatMap((m) => (m.files[name] === undefined ? [] : [gather(m.host, m.files[name])]))
      if (own.length > 0) files[name] = own.join('')
    }
  return files
}

/** Some hosts, their clocks and kills, dealt into a layout: each file is there or not, decoys beside them. */
export function deal(seed: number): Deal {
  const r = random(seed)
  const layouts = Object.keys(namings)
  const layout = layouts[r(layouts.length)] as string
  const truth = new Map<number, Truth>()
  const count = 1 + r(3)
  const machines = Array.from({ length: count }, (_, i) => {
    // Two machines of one name: of two clusters, each below its own folder.
    const m = machineOf(r, layout === 'clusters' ? 'node-a' : `node-${'abc'[i]}`)
    for (const k of m.kills) truth.set(k.pid, { host: m.name, us: (m.boot + k.at) * 1e6 })
    const files: Record<string, string> = {}
    layMachine(r, m, (namings[layout] as (name: string, index: number) => Naming)(m.name, i), files)
    return { host: m.name, files }
  })
  return { files: layout === 'gathered' ? gathered(r, machines) : Object.assign({}, ...machines.map((m) => m.files)), truth }
}

function layMachine(r: Random, m: Machine, names: Naming, files: Record<string, string>): void {
  const clocks = r(8)
  const hasSystemClock = names.procUptime !== '' && (clocks & 1) !== 0 && (clocks & 6) !== 0
  // Without another clock nobody could know that a hardware clock is on local time.
  const rtc = r(2) === 0 ? null : hasSystemClock && r(4) === 0 ? 3600 * (r(23) - 11) : 0
  const counter = names.procUptime.replace(/proc\/uptime$/, 'sys/power/suspend_stats/success')
  const isSleepKnown = m.sleeps.length > 0 && counter !== names.procUptime && r(2) === 0
  if (isSleepKnown) files[counter] = `${m.sleeps.length}\n`
  files[names.dmesg] = ringBuffer(r, m, rtc, isSleepKnown)
  if ((clocks & 1) !== 0) files[names.date] = dateLine(m.boot + m.up)
  if ((clocks & 2) !== 0) files[names.procUptime] = `${(m.up + r(20)).toFixed(2)} 99.00\n`
  if ((clocks & 4) !== 0) files[names.uptime] = uptimeLine(m.boot, m.up + r(20))
  if (r(4) === 0) files[names.stat] = `cpu  1 2 3 4\nctxt 5\nbtime ${Math.floor(m.boot)}\nprocesses 9\n`
  if (r(3) === 0) files[names.log] = r(2) === 0 ? kernLog(r, m) : oldKernLog(m)
  delete files['']
  const decoys = ['4294967295\n', '1893456000\n', 'Tue Jan  6 10:00:00 UTC 2009\n']
  for (const [n, name] of names.decoys.entries()) if (r(2) === 0) files[name] = decoys[n] as string
}
