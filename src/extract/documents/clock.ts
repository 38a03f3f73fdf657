import type { ClockSnapshot, Told } from '../../model/snapshot.ts'
import type { WallStamp } from '../../model/stamp.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { clockPlace } from './clock-place.ts'
import { plainBootId } from './manifest-node.ts'
import { baseName, firstLines, newFacts, type Page, pageOf, toldAt } from './page.ts'
import { offsetOf, parseDateLine, parseRfc3339 } from './times.ts'

type Draft = { -readonly [K in keyof Omit<ClockSnapshot, 'kind' | 'source'>]: ClockSnapshot[K] }

type Take = (draft: Draft, groups: Readonly<Record<string, string | undefined>>, page: Page, index: number) => void

interface Shape {
  readonly line: RegExp
  readonly take: Take
  /** Numbers alone: any counter looks so. They count in a file that is a clock by its name, or between lines that say what they are. */
  readonly bare?: true
}

const IANA = '[A-Z][A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}|UTC|Etc/UTC|GMT'

/** Every line of a host's clock files, one shape each. The last of a kind wins: the later capture belongs to the uptime. */
const SHAPES: readonly Shape[] = [
  // 1795506809.285107460: date +%s.%N
  { line: /^(?<seconds>\d{10})(?:\.(?<fraction>\d{1,9}))?$/, take: takeEpoch, bare: true },
  // uptime: 208.54 130.43; 208.54 130.43 (fs/proc/uptime.c)
  { line: /^uptime: (?<uptime>\d+\.\d\d) (?<idle>\d+\.\d\d)$/, take: takeProcUptime },
  { line: /^(?<uptime>\d+\.\d\d) (?<idle>\d+\.\d\d)$/, take: takeProcUptime, bare: true },
  // 07:42:14 up 3 days,  4:05,  2 users,  load average: 0.00, 0.01, 0.05
  // 12:00:00  up   5:33,  1 user,  load average: 0.00, 0.01, 0.05 (coreutils: SUSE); older: 12:00pm  up 3 days  4:05,  2 users,  load average: …
  {
    line: /^ ?(?<h>\d\d?):(?<m>\d\d)(?::(?<s>\d\d)|[ap]m) {1,2}up (?<up>[^l]*?),\s+(?:\d+ users?,\s+)?load average/,
    take: takeUptime,
  },
  // btime 1795506601 (fs/proc/stat.c)
  { line: /^btime (?<btime>\d{9,10})$/, take: (d, g, page, index) => (d.bootUs = toldAt(page, index, Number(g['btime']) * 1e6)) },
  // timezone: America/Sao_Paulo
  { line: new RegExp(`^(?:timezone|TZ)[:=] ?(?<zone>${IANA})$`), take: takeZone },
  //                Time zone: America/New_York (EST, -0500)
  { line: new RegExp(`^\\s*Time ?zone: (?<zone>${IANA})(?: \\([A-Z0-9+-]+, (?<offset>[+-]\\d{4})\\))?$`), take: takeZone },
  //            Universal time: Tue 2026-11-24 07:53:29 UTC
  { line: /^\s*Universal time: [A-Z][a-z]{2} (?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)$/, take: takeTime },
  { line: /^\s*(?:Local|RTC) time: \S.*$/, take: () => {} },
  {
    line: /^\s*(?:System clock synchronized|NTP (?:service|enabled|synchronized)|Network time on|RTC in local TZ|DST active|Last DST change|Next DST change): ?.*$/,
    take: () => {},
  },
  //  Static hostname: node-7
  { line: /^\s*Static hostname: (?<host>\S+)$/, take: (d, g) => (d.host = g['host'] ?? null) },
  { line: /^\s*Boot ID: (?<boot>[0-9a-f]{32})$/, take: (d, g) => (d.bootId = g['boot'] ?? null) },
  {
    line: /^\s*(?:Transient hostname|Pretty hostname|Icon name|Chassis|Deployment|Location|Machine ID|Virtualization|Operating System|CPE OS Name|OS Support \w+|Kernel|Architecture|Hardware \w+|Firmware \w+|Product UUID|AF_VSOCK CID): ?.*$/,
    take: () => {},
  },
  // Linux node-7 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 x86_64 GNU/Linux (uname -a)
  { line: /^Linux (?<host>[\w.-]{1,253}) \d{1,3}\.\d{1,4}\S{0,64} #\d{1,6} .{0,200}$/, take: (d, g) => (d.host = g['host'] ?? null) },
  { line: /^PRETTY_NAME=".*"$/, take: () => {} },
  { line: /^(?:before|after) the event:$/, take: () => {} },
]

/**
 * How often a machine slept since its boot: `sys/power/suspend_stats/success` (from 5.3) holds `12`; `sys/kernel/debug/suspend_stats` begins with `success: 12`. For that
 * long printk's clock stood still, and the one of `/proc/uptime` did not.
 */
const SLEEPS = /(?:^|[/._])suspend_stats(?:[/._]success)?(?:\.txt)?$/
const SLEPT = /^(?:success: ?)?(?<count>\d{1,9})$/

/** Date lines and the files around them: when a bundle was captured, how long the machine was up, in which zone. */
export const clock: DocumentReader = {
  id: 'clock',
  title: 'Clock, uptime and names of a host',
  writtenBy: 'date, uptime, timedatectl, hostnamectl, hostname, /proc/uptime, /proc/stat, boot_id',
  seen: 'real',
  sniff(head, path) {
    const lines = firstLines(head, 40)
    if (SLEEPS.test(path)) return SLEPT.test(lines[0] ?? '') ? 'strong' : 'none'
    if (/^cpu {2}\d+ \d+/.test(lines[0] ?? '')) return 'strong'
    if (lines.length === 0 || lines.length > 30) return 'none'
    if (lines.length === 1 && soleLine(lines[0] ?? '', path) !== null) return 'strong'
    return isClock(lines, path) ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const draft: Draft = {
      host: null,
      bootId: null,
      capturedUs: null,
      capturedStamp: null,
      uptimeSeconds: null,
      bootUs: null,
      zone: null,
      offsetMinutes: null,
    }
    let local: Told<WallStamp> | null = null
    for (const [index, line] of page.lines.entries()) {
      const text = line.trimEnd()
      if (text.trim() === '') continue
      const stamp = dateLine(text)
      if (stamp === null) takeLine(draft, text, page, index)
      else if (stamp.epochUs === null || (stamp.offsetMinutes !== 0 && stamp.zoneName === null)) local = toldAt(page, index, stamp)
      if (stamp?.epochUs != null) takeCapture(draft, toldAt(page, index, stamp.epochUs), stamp.precisionUs)
    }
    place(draft, local)
    const slept = SLEEPS.test(document.path) ? SLEPT.exec(page.lines[0] ?? '')?.groups?.['count'] : undefined
    if (slept !== undefined) draft.sleeps = toldAt(page, 0, Number(slept))
    return { ...newFacts(), snapshots: [{ kind: 'clock', source: document.source, ...draft }] }
  },
}

/** By place and name, never because a number looks like a time: see `clockPlace`. A lone date may be that of a build or a licence. */
function isClock(lines: readonly string[], path: string): boolean {
  const place = clockPlace(path)
  if (place === 'barred') return false
  const kinds = lines.map((line) => (dateLine(line) === null ? (SHAPES.find((one) => one.line.test(line.trimEnd())) ?? null) : 'date'))
  if (kinds.includes(null)) return false
  return place === 'named' || new Set(kinds).size > 1 || kinds.some((kind) => kind !== 'date' && kind?.bare !== true)
}

/** A date, also as Go prints it with its monotonic clock (must-gather's `timestamp`: `… +0000 UTC m=+0.031`). */
const dateLine = (line: string): WallStamp | null => parseDateLine(line.replace(/ m=[+-][\d.]+$/, ''))

function takeLine(draft: Draft, text: string, page: Page, index: number): void {
  for (const { line, take } of SHAPES) {
    const match = line.exec(text)
    if (match === null) continue
    take(draft, match.groups ?? {}, page, index)
    return
  }
  const sole = soleLine(text, page.path)
  if (sole?.kind === 'host') draft.host = sole.value
  else if (sole?.kind === 'boot') draft.bootId = sole.value
  else if (sole?.kind === 'zone') draft.zone = toldAt(page, index, sole.value)
}

/** What only the file's name explains: a host name, a boot id, a zone. */
function soleLine(line: string, path: string): { readonly kind: 'host' | 'boot' | 'zone'; readonly value: string } | null {
  const name = baseName(path)
  const text = line.trim()
  if (/^(?:proc_sys_kernel_random_)?boot_id(?:\.txt)?$/.test(name)) {
    const value = plainBootId(text)
    return value === null ? null : { kind: 'boot', value }
  }
  if (/^hostname(?:_-f|_--fqdn)?(?:\.txt)?$/.test(name) && /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(text))
    return { kind: 'host', value: text }
  if (/^timezone(?:\.txt)?$/.test(name) && new RegExp(`^(?:${IANA})$`).test(text)) return { kind: 'zone', value: text }
  return null
}

type Groups = Readonly<Record<string, string | undefined>>

/** Seconds since 1970 of 2000 to 2100: what lies outside is a number of something else (4294967295). */
function takeEpoch(draft: Draft, g: Groups, page: Page, index: number): void {
  const seconds = Number(g['seconds'])
  if (seconds < 946_684_800 || seconds > 4_102_444_800) return
  const micros = Number((g['fraction'] ?? '').slice(0, 6).padEnd(6, '0'))
  takeCapture(draft, toldAt(page, index, seconds * 1e6 + micros), g['fraction'] === undefined ? 1_000_000 : 1)
}

function takeTime(draft: Draft, g: Groups, page: Page, index: number): void {
  const time = parseRfc3339(g['time'] ?? '')
  if (time !== null) takeCapture(draft, toldAt(page, index, time.epochUs), time.precisionUs)
}

/** The later capture belongs to the uptime; of two within the same second, the one printed more precisely. */
function takeCapture(draft: Draft, told: Told<number>, unitUs: number): void {
  const before = draft.capturedUs
  if (before !== null && told.value <= before.value && before.value - told.value < 1e6) return
  draft.capturedUs = told
  delete draft.capturedUnitUs
  if (unitUs >= 1_000_000) draft.capturedUnitUs = unitUs
}

function takeProcUptime(draft: Draft, g: Groups, page: Page, index: number): void {
  draft.uptimeSeconds = toldAt(page, index, Number(g['uptime']))
}

function takeZone(draft: Draft, g: Groups, page: Page, index: number): void {
  draft.zone = toldAt(page, index, g['zone'] ?? '')
  if (g['offset'] !== undefined) draft.offsetMinutes = toldAt(page, index, offsetOf(g['offset']))
}

/** `3 days,  4:05`, `8 min`, `1:02`, `1 day, 33 min`: minutes are the resolution. */
function takeUptime(draft: Draft, g: Groups, page: Page, index: number): void {
  const up = g['up'] ?? ''
  const days = /(?<n>\b\d{1,9}) days?/.exec(up)?.groups?.['n']
  const clockPart = /(?<h>\b\d{1,9}):(?<m>\d\d)/.exec(up)?.groups
  const minutes = /(?<n>\b\d{1,9}) min/.exec(up)?.groups?.['n']
  const seconds = Number(days ?? 0) * 86_400 + Number(clockPart?.['h'] ?? 0) * 3600 + Number(clockPart?.['m'] ?? minutes ?? 0) * 60
  // /proc/uptime beside it says the same to the hundredth.
  if (draft.uptimeSeconds !== null && draft.uptimeUnitSeconds === undefined) return
  draft.uptimeSeconds = toldAt(page, index, seconds)
  draft.uptimeUnitSeconds = 60
  if (g['s'] === undefined) return
  draft.uptimeAtSecondOfDay = Number(g['h']) * 3600 + Number(g['m']) * 60 + Number(g['s'])
}

/** A local `date` line next to a UTC one tells the offset; alone, with a zone's name only, it waits for the zone. */
function place(draft: Draft, local: Told<WallStamp> | null): void {
  if (local === null) return
  const { offsetMinutes, localUs } = local.value
  if (offsetMinutes !== null) draft.offsetMinutes ??= { value: offsetMinutes, quote: local.quote }
  else if (draft.capturedUs === null) draft.capturedStamp = local
  else if (localUs !== null) {
    const minutes = Math.round((localUs - draft.capturedUs.value) / 60e6 / 15) * 15
    const apart = Math.abs(localUs - minutes * 60e6 - draft.capturedUs.value)
    if (apart < 5e6 && Math.abs(minutes) <= 14 * 60) draft.offsetMinutes ??= { value: minutes, quote: local.quote }
  }
}
