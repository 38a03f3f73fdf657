import { bytesOfSize, kib } from '../../units/bytes.ts'
import { nobody, type SeriesCollection } from './collect.ts'
import { lineStream, type SeriesStream, type SourceLine } from './define-series-reader.ts'

/** `top - 18:12:44 up  3:30,  0 user,  load average: 14.24, 12.16, 9.24`: a time of day without its day. */
const TOP_BANNER = /^top - (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) up /
/** `MiB Swap:      0.0 total,      0.0 free,      0.0 used.  22499.3 avail Mem` */
const AVAILABLE = /^(?<unit>[KMGT]iB) Swap: .*?(?<value>[\d.]+) avail Mem/
const HEADER = /^ *PID +USER .* RES .* COMMAND *$/
const DAY_US = 86_400_000_000

/** `top -b -d SECONDS`: RES is KiB, or has a letter (`12.6g`). The day is not printed, so that only distances count. */
export function openTop(source: string, firstLine = 1): SeriesStream {
  const state: State = { us: null, columns: [] }
  return lineStream(source, firstLine, (line, series) => readLine(state, line, series))
}

interface State {
  us: number | null
  columns: readonly string[]
}

function readLine(state: State, line: SourceLine, series: SeriesCollection): void {
  const banner = TOP_BANNER.exec(line.text)?.groups
  if (banner !== undefined) {
    let us = ((Number(banner['hour']) * 60 + Number(banner['minute'])) * 60 + Number(banner['second'])) * 1e6
    while (state.us !== null && us < state.us - DAY_US / 2) us += DAY_US
    state.us = us
    state.columns = []
    return
  }
  const us = state.us
  if (us === null) return
  const available = AVAILABLE.exec(line.text)?.groups
  const left = available === undefined ? null : bytesOfSize(`${available['value']}${available['unit']}`)
  if (left !== null) {
    series.add(
      'available',
      () => ({ of: 'node', metric: 'available', name: 'top: avail Mem', subject: nobody, clock: 'since-start' }),
      us,
      left,
      line.quote,
    )
  } else if (HEADER.test(line.text)) state.columns = line.text.trim().split(/ +/)
  else if (state.columns.length > 0) process(state.columns, us, line, series)
}

function process(columns: readonly string[], us: number, line: SourceLine, series: SeriesCollection): void {
  const cells = line.text.trim().split(/ +/)
  const pid = Number(cells[0] ?? Number.NaN)
  const res = cells[columns.indexOf('RES')] ?? ''
  const bytes = /^\d+$/.test(res) ? kib(Number(res)) : bytesOfSize(res)
  if (cells.length < columns.length || !Number.isInteger(pid) || bytes === null || bytes === 0) return
  const comm = cells.slice(columns.length - 1).join(' ')
  series.add(
    `${pid} ${comm}`,
    () => ({ of: 'process', metric: 'rss', name: 'top', subject: { ...nobody, pid, comm }, clock: 'since-start' }),
    us,
    bytes,
    line.quote,
  )
}
