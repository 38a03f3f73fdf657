import type { SeriesMetric } from '../../model/series.ts'
import { bytesOfSize, kib } from '../../units/bytes.ts'
import { nobody, type SeriesCollection, type SeriesHead } from './collect.ts'
import { lineStream, type SeriesStream, type SourceLine } from './define-series-reader.ts'
import { dateLine, type When } from './when.ts'

/**
 * `MEM vm 1795889563 2026/11/28 18:12:43 10 4096 6171023 3861382 1737318 43441 …`: label, host, epoch, date, time, interval; page size, pages of RAM, free,
 * cache, buffers (atop.1, "PARSEABLE OUTPUT"). SWP: page size, pages of swap, free. PRM: pid, (name), state, page size, virtual and resident KiB, … `y` for a process.
 */
export const ATOP_PARSEABLE =
  /^(?<label>MEM|SWP|PRM|CPU|CPL|PRC|PRG|DSK|PSI) (?<host>\S+) (?<epoch>\d{9,11}) \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \d+ (?<rest>.*)$/
const PROCESS = /^(?<pid>\d+) \((?<name>.{0,64})\) \S \d+ \d+ (?<rss>\d+) .* (?<isProcess>[yn])(?: -?\d+)*$/
/** `ATOP - vm      2026/11/28  18:12:44      -----------------      10s elapsed`, in the host's wall time. */
export const ATOP_BANNER = /^ATOP - (?<host>\S+) +(?<date>\d{4}\/\d\d\/\d\d) +(?<time>\d\d:\d\d:\d\d) /
/** `MEM | tot    23.5G | free   14.7G | cache   6.6G | …`, `SWP | tot …`, `PSI | cpusome 72% | memsome 0% | …` */
const ROW = /^(?<label>MEM|SWP|PSI) \| (?<cells>.*)\|\s*$/

/** atop's report, printed for people or for programs. */
export function openAtop(source: string, firstLine = 1): SeriesStream {
  const state: { host: string | null; when: When | null; columns: readonly string[] } = { host: null, when: null, columns: [] }
  return lineStream(source, firstLine, (line, series) => {
    const parseable = ATOP_PARSEABLE.exec(line.text)?.groups
    if (parseable !== undefined) {
      readParseable(parseable, line, series)
      return
    }
    const banner = ATOP_BANNER.exec(line.text)?.groups
    if (banner !== undefined) {
      state.host = banner['host'] ?? null
      state.when = dateLine(`${banner['date']} ${banner['time']}`)
      state.columns = []
      return
    }
    if (state.when !== null) readReport(state.host, state.when, state, line, series)
  })
}

type Put = (metric: SeriesMetric, name: string, value: number) => void

const putter =
  (host: string | null, when: When, line: SourceLine, series: SeriesCollection): Put =>
  (metric, name, value) => {
    if (Number.isFinite(value))
      series.add(
        `${host} ${name}`,
        () => ({ of: 'node', metric, name, subject: { ...nobody, host }, clock: when.clock }),
        when.us,
        value,
        line.quote,
      )
  }

function readParseable(
  { label, host = '', epoch, rest = '' }: Record<string, string | undefined>,
  line: SourceLine,
  series: SeriesCollection,
): void {
  const when: When = { us: Number(epoch) * 1e6, clock: 'utc' }
  const put = putter(host, when, line, series)
  const numbers = rest.split(' ').map(Number)
  const pages = (index: number): number => (numbers[index] ?? Number.NaN) * (numbers[0] ?? Number.NaN)
  if (label === 'MEM') {
    put('total', 'atop: RAM', pages(1))
    put('free', 'atop: free', pages(2))
    put('cache', 'atop: cache', pages(3))
  } else if (label === 'SWP' && (numbers[1] ?? 0) > 0) put('swap-free', 'atop: free swap', pages(2))
  else if (label === 'PRM') processRow(host, when, rest, line, series)
}

function processRow(host: string, when: When, rest: string, line: SourceLine, series: SeriesCollection): void {
  const found = PROCESS.exec(rest)?.groups
  if (found === undefined || found['isProcess'] !== 'y') return
  const pid = Number(found['pid'])
  const head = (): SeriesHead => ({
    of: 'process',
    metric: 'rss',
    name: 'atop',
    subject: { ...nobody, host, pid, comm: found['name'] ?? null },
    clock: when.clock,
  })
  series.add(`${host} pid ${pid}`, head, when.us, kib(Number(found['rss'])), line.quote)
}

function readReport(
  host: string | null,
  when: When,
  state: { columns: readonly string[] },
  line: SourceLine,
  series: SeriesCollection,
): void {
  const found = ROW.exec(line.text)?.groups
  if (found === undefined) {
    processLine(host, when, state, line, series)
    return
  }
  const cells = new Map((found['cells'] ?? '').split('|').map((cell) => cell.trim().split(/ +/, 2) as [string, string]))
  const put = putter(host, when, line, series)
  const size = (name: string): number => bytesOfSize(cells.get(name) ?? '') ?? Number.NaN
  if (found['label'] === 'MEM' && cells.has('tot')) {
    put('total', 'atop: RAM', size('tot'))
    put('free', 'atop: free', size('free'))
    put('available', 'atop: avail', size('avail'))
    put('cache', 'atop: cache', size('cache'))
  } else if (found['label'] === 'SWP' && size('tot') > 0) put('swap-free', 'atop: free swap', size('free'))
  else if (found['label'] === 'PSI')
    put('pressure', 'atop: memory pressure', Number((cells.get('memsome') ?? '').replace('%', '') || Number.NaN))
}

/** `  PID … VSIZE  RSIZE … MEM  CMD` of the memory view (`atop -m`). */
function processLine(
  host: string | null,
  when: When,
  state: { columns: readonly string[] },
  line: SourceLine,
  series: SeriesCollection,
): void {
  const cells = line.text.trim().split(/ +/)
  if (cells[0] === 'PID') {
    state.columns = cells
    return
  }
  const place = state.columns.indexOf('RSIZE')
  const pid = Number(cells[0])
  // columns that are empty in a row shift it: such a row is no witness
  if (
    place === -1 ||
    cells.length !== state.columns.length - Number(state.columns.at(-1)?.includes('/') ?? false) ||
    !Number.isInteger(pid)
  )
    return
  const bytes = bytesOfSize(cells[place] ?? '')
  if (bytes === null || bytes === 0) return
  series.add(
    `${host} pid ${pid}`,
    () => ({
      of: 'process',
      metric: 'rss',
      name: 'atop',
      subject: { ...nobody, host, pid, comm: cells.at(-1) ?? null },
      clock: when.clock,
    }),
    when.us,
    bytes,
    line.quote,
  )
}
