import type { Document } from '../../model/record.ts'
import type { ProcessSnapshot, Snapshot } from '../../model/snapshot.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { openTop } from '../series/top.ts'
import { cgroupPath } from './cgroup-files.ts'
import { kubeletFlags } from './kubelet-flags.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt, toldAt } from './page.ts'
import { maskArguments } from './secrets.ts'

/** Column heads of ps and top that end in the command; rows are split at blanks, the command keeps its own. */
const COLUMN = /^[A-Z%][A-Z%+]*$/
/** No head is longer; logs are full of longer lines, and a line of blanks alone must cost nothing. */
const HEADER_LENGTH = 400

function isHeader(line: string): boolean {
  if (line.length > HEADER_LENGTH || !line.includes('PID')) return false
  const columns = line.trim().split(/\s+/)
  const last = columns.pop() ?? ''
  return columns.length >= 2 && columns.includes('PID') && /^(?:COMMAND|CMD|ARGS)$/.test(last) && columns.every((name) => COLUMN.test(name))
}
const TOP_HEADER = /%CPU\s+%MEM\s+TIME\+\s+COMMAND/

interface Layout {
  readonly columns: readonly string[]
  readonly fromTop: boolean
}

export const processes: DocumentReader = {
  id: 'processes',
  title: 'List of processes',
  writtenBy: 'ps auxww, ps -ef, ps -eo …, top -b',
  seen: 'documented',
  sniff: (head) => (firstLines(head, 12).some(isHeader) && !/^\d{4}-\d\d-\d\dT/.test(head) ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const snapshots: Snapshot[] = []
    let layout: Layout | null = null
    for (const [index, line] of page.lines.entries()) {
      if (isHeader(line)) layout = { columns: line.trim().split(/\s+/), fromTop: TOP_HEADER.test(line) }
      else if (layout === null) snapshots.push(...topSummary(page, index))
      else {
        const process = processOf(page, index, layout)
        if (process !== null) snapshots.push(process, ...kubeletFlags(page, index, process.cmdline ?? ''))
      }
    }
    return { ...newFacts(), snapshots: [...snapshots, ...overTime(document)] }
  },
}

/** `top -b` prints its page again and again: then each process has a curve. */
function overTime({ source, text, firstLine }: Document): Snapshot[] {
  if (text.split('\ntop - ', 3).length < 3) return []
  const stream = openTop(source, firstLine)
  stream.push(text)
  return stream.end().snapshots()
}

function processOf(page: Page, index: number, { columns, fromTop }: Layout): ProcessSnapshot | null {
  const line = page.lines[index] ?? ''
  const cells = cellsOf(line, columns.length)
  const cell = (...names: readonly string[]): string | null => cells[columns.findIndex((name) => names.includes(name))] ?? null
  const pid = cell('PID') ?? ''
  const command = cells[columns.length - 1]
  // a kernel thread (`[kworker/0:1]`), a thread's row of ps -m (`-`), a wrapped line
  if (!/^\d+$/.test(pid) || command === undefined || command === '-' || /^\[.*\]$/.test(command)) return null
  return {
    kind: 'process',
    source: page.source,
    host: null,
    bootId: null,
    pid: Number(pid),
    comm: fromTop && !command.includes('/') ? command : cell('COMM', 'UCMD'),
    cmdline: fromTop && !command.includes('/') ? null : maskArguments(command.split(' ')).join(' '),
    unit: cell('UNIT'),
    cgroup: cell('CGROUP'),
    quote: quoteAt(page, index),
  }
}

/** The first `count - 1` words, then the rest as it stands. */
function cellsOf(line: string, count: number): string[] {
  const cells: string[] = []
  let rest = line.trim()
  while (cells.length < count - 1 && rest !== '') {
    const end = rest.search(/\s/)
    cells.push(end === -1 ? rest : rest.slice(0, end))
    rest = end === -1 ? '' : rest.slice(end).trimStart()
  }
  if (rest !== '') cells.push(rest)
  return cells
}

/** `MiB Mem :   7846.2 total,    246.1 free, …`, `KiB Swap:  2097148 total,  …` above top's table. */
const TOP_SUMMARY = /^(?<unit>[KMGT]iB) (?<what>Mem|Swap) ?:\s*(?<total>[\d.]+)[ +]total,\s*(?<free>[\d.]+)[ +]free/

function topSummary(page: Page, index: number): Snapshot[] {
  const groups = TOP_SUMMARY.exec(page.lines[index] ?? '')?.groups
  if (groups === undefined) return []
  const { unit, what, total, free } = groups
  const totalBytes = bytesOfSize(`${total} ${unit}`)
  const freeBytes = bytesOfSize(`${free} ${unit}`)
  if (totalBytes === null || freeBytes === null) return []
  const values = { [`${what}Total`]: toldAt(page, index, totalBytes), [`${what}Free`]: toldAt(page, index, freeBytes) }
  return [{ kind: 'meminfo', source: page.source, host: null, values }]
}

const PROC_FILE = /(?:^|\/)proc\/(?<pid>\d+)\/(?<file>status|cmdline|cgroup)$/

/** `proc/4321/status`, `cmdline`, `cgroup` of a sos report: each file tells one thing of the process. */
export const procPid: DocumentReader = {
  id: 'proc-pid',
  title: 'Files of /proc/PID',
  writtenBy: 'the kernel',
  seen: 'documented',
  sniff: (head, path) => (PROC_FILE.test(path) && head !== '' ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const groups = PROC_FILE.exec(document.path)?.groups
    const facts = newFacts()
    if (groups === undefined) return facts
    const found = {
      status: () => matchLine(page, /^Name:\t(?<value>.*)$/),
      cmdline: () => ({ index: 0, value: maskArguments(document.text.split('\0')).join(' ').trim() }),
      cgroup: () => matchLine(page, /^(?:0:|\d+:(?:[^:]*,)?memory(?:,[^:]*)?):(?<value>\/.*)$/),
    }[groups['file'] as 'status' | 'cmdline' | 'cgroup']()
    if (found === null || found.value === '') return facts
    const { index, value } = found
    facts.snapshots.push({
      kind: 'process',
      source: document.source,
      host: null,
      bootId: null,
      pid: Number(groups['pid']),
      comm: groups['file'] === 'status' ? value : null,
      cmdline: groups['file'] === 'cmdline' ? value : null,
      unit: null,
      cgroup: groups['file'] === 'cgroup' ? cgroupPath(value) : null,
      quote: quoteAt(page, index),
    })
    return facts
  },
}

function matchLine(page: Page, shape: RegExp): { index: number; value: string } | null {
  for (const [index, line] of page.lines.entries()) {
    const value = shape.exec(line)?.groups?.['value']
    if (value !== undefined) return { index, value }
  }
  return null
}
