import type { SeriesMetric } from '../../model/series.ts'
import { bytesOfSize, kib } from '../../units/bytes.ts'
import { cgroupHeading, cgroupPath } from '../documents/cgroup-files.ts'
import { cgroupSubject, nobody, type SeriesCollection, type SeriesHead } from './collect.ts'
import { lineStream, type SeriesStream, type SourceLine } from './define-series-reader.ts'
import { containerTable, isContainerTable, type Row } from './runtime-stats.ts'
import { dateLine, type When } from './when.ts'

/**
 * What somebody printed again and again with a date before each: `while sleep 60; do date; free; cat /proc/pressure/memory; ps …; docker stats --no-stream; done`.
 */
export function openLoop(source: string, firstLine = 1): SeriesStream {
  const state: State = { when: null, everySeconds: null, blocks: 0, columns: [], table: null, memory: [], cgroup: null }
  return lineStream(source, firstLine, (line, series) => readLine(state, line, series))
}

interface State {
  when: When | null
  /** Of `free -s`, where the command line is there: it prints no time. */
  everySeconds: number | null
  blocks: number
  columns: readonly string[]
  table: ((cells: string) => Row | null) | null
  /** Columns of free. */
  memory: readonly string[]
  cgroup: { readonly path: string; readonly file: string } | null
}

/** `               total        used        free      shared  buff/cache   available` */
const FREE_HEADER = /^ +total +used +free +shared/
/** `$ free -m -s 60`, `free -s60 -c 100`, `free --seconds=5`: as a shell shows it, or a file's first line. */
const FREE_EVERY = /(?:^|[\s$#])free (?:-[a-z-]{1,12} ){0,6}(?:-s ?|--seconds[= ])(?<every>\d{1,5}(?:\.\d+)?)(?:\s|$)/
const FREE_ROW = /^(?<what>Mem|Swap):(?<cells> [\d.BKMGTPi ]+)$/
const PRESSURE = /^some avg10=(?<avg>[\d.]+) avg60=/
const MEMINFO = /^(?<key>MemAvailable|MemFree|SwapFree|MemTotal): +(?<kb>\d+) kB$/
const PS_HEADER = /^ *(?:[A-Z%]+ +)*PID\b.*\bRSS\b.*\b(?:COMMAND|CMD|ARGS|COMM)$/
const MEMINFO_METRICS: Readonly<Record<string, SeriesMetric>> = {
  MemAvailable: 'available',
  MemFree: 'free',
  SwapFree: 'swap-free',
  MemTotal: 'total',
}

/** Whether a line begins one of the tables that are read here. */
export const isLoopTable = (line: string): boolean =>
  FREE_HEADER.test(line) ||
  PRESSURE.test(line) ||
  MEMINFO.test(line) ||
  PS_HEADER.test(line) ||
  isContainerTable(line) ||
  cgroupHeading(line) !== null

function readLine(state: State, line: SourceLine, series: SeriesCollection): void {
  const when = dateLine(line.text)
  if (when !== null) {
    state.when = when
    state.columns = []
    state.table = null
    return
  }
  freeTime(state, line.text)
  if (state.when === null || line.text.trim() === '') return
  const put = (key: string, head: Omit<SeriesHead, 'clock'>, bytes: number | null): void => {
    const at = state.when
    if (at !== null && bytes !== null && Number.isFinite(bytes))
      series.add(`${key} ${at.clock}`, () => ({ ...head, clock: at.clock }), at.us, bytes, line.quote)
  }
  const node = (metric: SeriesMetric, name: string, value: number | null): void =>
    put(name, { of: 'node', metric, name, subject: nobody }, value)
  if (headers(state, line.text)) return
  const pressure = PRESSURE.exec(line.text)?.groups
  const meminfo = MEMINFO.exec(line.text)?.groups
  if (pressure !== undefined) node('pressure', 'pressure', Number(pressure['avg']))
  else if (meminfo !== undefined) node(MEMINFO_METRICS[meminfo['key'] ?? ''] ?? 'free', meminfo['key'] ?? '', kib(Number(meminfo['kb'])))
  else if (state.cgroup !== null) cgroupLine(state.cgroup, line.text, put)
  else if (!freeRow(state, line.text, node)) tableRow(state, line.text, put)
}

/** Whether a line is a command that prints free's table again and again, without a time but at an interval that it names. */
export const isFreeEvery = (line: string): boolean => line.length < 256 && FREE_EVERY.test(line)

/** The time of free's blocks since the first of them, where the command tells the interval and nothing dates them. */
function freeTime(state: State, text: string): void {
  const every = text.length < 256 ? FREE_EVERY.exec(text)?.groups?.['every'] : undefined
  if (every !== undefined) {
    state.everySeconds = Number(every)
    state.blocks = 0
  }
  if (state.everySeconds === null || !FREE_HEADER.test(text)) return
  if (state.when !== null && state.when.clock !== 'since-start') return
  state.when = { us: state.blocks * state.everySeconds * 1e6, clock: 'since-start' }
  state.blocks += 1
}

function headers(state: State, text: string): boolean {
  const heading = cgroupHeading(text)
  if (heading !== null) {
    state.cgroup = { path: cgroupPath(heading.path), file: heading.file }
    return true
  }
  if (!/^[\d\s]*$/.test(text)) state.cgroup = PRESSURE.test(text) || /^[a-z_]+ \d+$/.test(text) ? state.cgroup : null
  if (FREE_HEADER.test(text)) state.memory = text.trim().split(/ +/)
  else if (PS_HEADER.test(text)) {
    state.columns = text.trim().split(/ +/)
    state.table = null
  } else if (isContainerTable(text)) state.table = containerTable(text)
  else return false
  return true
}

type Put = (key: string, head: Omit<SeriesHead, 'clock'>, bytes: number | null) => void

const CGROUP_FILES: Readonly<Record<string, SeriesMetric>> = {
  'memory.current': 'usage',
  'memory.usage_in_bytes': 'usage',
  'memory.peak': 'peak',
  'memory.max_usage_in_bytes': 'peak',
  'memory.max': 'limit',
  'memory.limit_in_bytes': 'limit',
  'memory.swap.current': 'swap',
}
/** Lines of memory.stat: anonymous memory is what a group cannot give back. */
const CGROUP_STAT = /^(?<key>anon|rss|file|cache) (?<value>\d+)$/
const STAT_METRICS: Readonly<Record<string, SeriesMetric>> = { anon: 'rss', rss: 'rss', file: 'cache', cache: 'cache' }

function cgroupLine({ path, file }: { readonly path: string; readonly file: string }, text: string, put: Put): void {
  const stat = file === 'memory.stat' ? CGROUP_STAT.exec(text)?.groups : undefined
  const metric = stat === undefined ? CGROUP_FILES[file] : STAT_METRICS[stat['key'] ?? '']
  const value = stat?.['value'] ?? text.trim()
  if (metric === undefined || !/^\d+$/.test(value)) return
  put(`${path} ${file} ${metric}`, { ...cgroupSubject(path), metric, name: file }, Number(value))
}

/** free's numbers are KiB, of -m MiB: no machine has 1,048,576 of them, and none that runs free has less than that many KiB. `-h` names its units. */
function freeRow(state: State, text: string, node: (metric: SeriesMetric, name: string, value: number | null) => void): boolean {
  const found = FREE_ROW.exec(text)?.groups
  if (found === undefined) return false
  const cells = (found['cells'] ?? '').trim().split(/ +/)
  const plain = cells.every((cell) => /^\d+$/.test(cell))
  const total = Number(cells[0])
  const scale = total >= 2 ** 33 ? 1 : total >= 2 ** 20 * 0.25 ? 2 ** 10 : 2 ** 20
  const cell = (name: string): number | null => {
    const value = cells[state.memory.indexOf(name)]
    return value === undefined ? null : plain ? Number(value) * scale : bytesOfSize(value)
  }
  if (found['what'] === 'Swap') {
    // less than 256 MiB of swap in KiB looks like MiB
    if (!plain || total >= 2 ** 20 * 0.25) node('swap-free', 'free: Swap', cell('free'))
    return true
  }
  node('total', 'free: total', cell('total'))
  node('free', 'free: free', cell('free'))
  node('available', 'free: available', cell('available'))
  return true
}

function tableRow(state: State, text: string, put: Put): void {
  if (state.table !== null) {
    const row = state.table(text)
    if (row !== null) {
      put(`${row.key} usage`, { of: row.of, metric: row.metric, name: 'stats', subject: row.subject }, row.bytes)
      put(`${row.key} limit`, { of: row.of, metric: 'limit', name: 'stats', subject: row.subject }, row.limitBytes)
    }
    return
  }
  const cells = text.trim().split(/ +/)
  const cell = (name: string): string | undefined => cells[state.columns.indexOf(name)]
  const pid = Number(cell('PID') ?? Number.NaN)
  const rss = Number(cell('RSS') ?? Number.NaN)
  if (state.columns.length === 0 || cells.length < state.columns.length || !Number.isInteger(pid)) return
  const comm = (cells[state.columns.length - 1] ?? '').split('/').at(-1) ?? null
  put(`pid ${pid}`, { of: 'process', metric: 'rss', name: 'ps', subject: { ...nobody, pid, comm } }, kib(rss))
}
