import { bytesOfSize, kib } from '../../units/bytes.ts'
import { nobody, type SeriesCollection, type SeriesHead } from './collect.ts'
import { lineStream, type SeriesStream, type SourceLine } from './define-series-reader.ts'
import type { When } from './when.ts'

/** sysstat's columns in KiB that tell of the node's memory (sar -r, -S; pr_stats.c). Up to 11.5 there is no `kbavail`. */
const COLUMNS: Readonly<Record<string, SeriesHead['metric']>> = {
  kbavail: 'available',
  kbmemfree: 'free',
  kbmemused: 'usage',
  kbcached: 'cache',
  kbswpfree: 'swap-free',
  kbswpused: 'swap',
}

/** `Linux 6.1.0-25-amd64 (node-17) \t11/24/2026 \t_x86_64_\t(8 CPU)`; the date by locale: 11/24/26, 2026-11-24, 24.11.2026, 24/11/26. */
const BANNER = /^Linux \S+ \((?<host>[^)]+)\)\s+(?<date>\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4})\b/
/** pidstat -H and -h: `1795889564      0      7981 …`, `# Time        UID       PID …`. */
const EPOCH = /^(?<epoch>1\d{9}) +(?<rest>\S.*)$/
const CLOCK = /^(?<hour>\d{1,2})[:時时](?<minute>\d\d)[:分](?<second>\d\d)秒?(?: (?<half>AM|PM|午前|午後|上午|下午))?\s+(?<rest>\S.*)$/
const DAY_US = 86_400_000_000

/** `sar -r`, `sar -S`, `sar -A` as text: wall times of the host's zone. */
export function openSar(source: string, firstLine = 1): SeriesStream {
  const state: State = { host: null, dayUs: null, columns: [], lastUs: 0 }
  return lineStream(source, firstLine, (line, series) => readLine(state, line, series))
}

interface State {
  host: string | null
  /** Midnight of the day, as if it were UTC. */
  dayUs: number | null
  columns: readonly string[]
  lastUs: number
}

function readLine(state: State, line: SourceLine, series: SeriesCollection): void {
  const banner = BANNER.exec(line.text)?.groups
  if (banner !== undefined) {
    state.host = banner['host'] ?? null
    state.dayUs = dateOf(banner['date'] ?? '')
    state.lastUs = 0
    return
  }
  if (line.text.startsWith('# Time ')) {
    state.columns = line.text.slice(6).trim().split(/\s+/)
    return
  }
  const found = CLOCK.exec(line.text)?.groups ?? EPOCH.exec(line.text)?.groups
  if (found === undefined || state.dayUs === null) return
  const cells = (found['rest'] ?? '').trim().split(/\s+/)
  if (/^[a-z%]/i.test(cells[0] ?? '')) {
    state.columns = cells
    state.lastUs = 0
    return
  }
  const epoch = found['epoch']
  const us = epoch === undefined ? timeOf(state, found) : Number(epoch) * 1e6
  const clock = epoch === undefined ? 'local' : 'utc'
  if (state.columns.includes('PID')) {
    process(state, { us, clock }, cells, line, series)
    return
  }
  for (const [index, column] of state.columns.entries()) {
    const metric = Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : undefined
    const bytes = metric === undefined ? null : sizeOf(cells[index] ?? '')
    if (metric === undefined || bytes === null || cells.length < state.columns.length) continue
    const head = (): SeriesHead => ({ of: 'node', metric, name: column, subject: { ...nobody, host: state.host }, clock })
    series.add(`${state.host} ${column}`, head, us, bytes, line.quote)
  }
}

/** KiB, or `22.0G` after -h and --human; locales have a comma. */
function sizeOf(cell: string): number | null {
  const plain = cell.replace(',', '.')
  return /^\d+(?:\.\d+)?$/.test(plain) ? kib(Number(plain)) : bytesOfSize(plain)
}

/** `18:12:44        0      7981   2181.00      0.00  763328   44296   0.18  node`: pidstat -r, sizes in KiB. */
function process(state: State, when: When, cells: readonly string[], line: SourceLine, series: SeriesCollection): void {
  const cell = (name: string): string => cells[state.columns.indexOf(name)] ?? ''
  const pid = Number(cell('PID'))
  const rss = Number(cell('RSS') || Number.NaN)
  if (!Number.isInteger(pid) || !Number.isFinite(rss)) return
  const subject = { ...nobody, host: state.host, pid, comm: cells.slice(state.columns.length - 1).join(' ') }
  series.add(
    `${state.host} pid ${pid}`,
    () => ({ of: 'process', metric: 'rss', name: 'pidstat', subject, clock: when.clock }),
    when.us,
    kib(rss),
    line.quote,
  )
}

/** A clock that goes back by hours has passed midnight. */
function timeOf(state: State, { hour = '0', minute = '0', second = '0', half }: Record<string, string | undefined>): number {
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^(?:PM|午後|下午)$/.test(half) ? 12 : 0)
  let us = (state.dayUs ?? 0) + ((hours * 60 + Number(minute)) * 60 + Number(second)) * 1e6
  while (us < state.lastUs - DAY_US / 2) us += DAY_US
  state.lastUs = us
  return us
}

/** A year of four digits tells the order; else a part above 12 is the day, and an ambiguous date is the C locale's month/day/year. */
function dateOf(text: string): number | null {
  const [a = 0, b = 0, c = 0] = text.split(/[-./年月]/).map(Number)
  if (a > 1000) return utc(a, b, c)
  const year = c < 100 ? 2000 + c : c
  const dayFirst = a > 12 || text.includes('.')
  return dayFirst ? utc(year, b, a) : utc(year, a, b)
}

function utc(year: number, month: number, day: number): number | null {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? Date.UTC(year, month - 1, day) * 1000 : null
}

/** `# hostname;interval;timestamp;kbmemfree;kbavail;…` and `node-17;600;2026-11-24 00:10:01 UTC;…`: `sadf -d -- -r`; the stamp is UTC unless `-T` was given, with epoch seconds after `-U`. */
export function openSadf(source: string, firstLine = 1): SeriesStream {
  let columns: readonly string[] = []
  return lineStream(source, firstLine, (line, series) => {
    if (line.text.startsWith('# hostname;')) {
      columns = line.text.slice(2).split(';')
      return
    }
    const cells = line.text.split(';')
    if (cells.length < 4 || columns.length === 0) return
    const stamp = stampOf(cells[2] ?? '')
    if (stamp === null) return
    for (const [index, column] of columns.entries()) {
      const metric = Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : undefined
      const value = Number(cells[index] ?? Number.NaN)
      if (metric === undefined || !Number.isFinite(value)) continue
      const head = (): SeriesHead => ({
        of: 'node',
        metric,
        name: column,
        subject: { ...nobody, host: cells[0] ?? null },
        clock: stamp.clock,
      })
      series.add(`${cells[0]} ${column}`, head, stamp.us, kib(value), line.quote)
    }
  })
}

const STAMP = /^(?<date>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d)(?<utc> UTC)?$/

function stampOf(text: string): { us: number; clock: 'utc' | 'local' } | null {
  if (/^\d{9,11}$/.test(text)) return { us: Number(text) * 1e6, clock: 'utc' }
  const found = STAMP.exec(text)?.groups
  if (found === undefined) return null
  const us = Date.parse(`${found['date']}T${found['time']}Z`) * 1000
  return Number.isNaN(us) ? null : { us, clock: found['utc'] === undefined ? 'local' : 'utc' }
}
