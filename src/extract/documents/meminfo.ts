import type { Document } from '../../model/record.ts'
import type { MeminfoSnapshot, Told } from '../../model/snapshot.ts'
import { bytesOfSize, kib } from '../../units/bytes.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { readJsonStream } from './json-tree.ts'
import { baseName, firstLines, newFacts, type Page, pageOf, toldAt } from './page.ts'
import { expandTabs } from './table.ts'
import { entriesOf, numberAt, type Quoter, quoterOf, type Tree } from './tree.ts'

type Values = Record<string, Told<number>>

const snapshotOf = (source: string, values: Values): MeminfoSnapshot[] =>
  Object.keys(values).length === 0 ? [] : [{ kind: 'meminfo', source, host: null, values }]

/** `MemTotal:         986188 kB`, `HugePages_Total:       0`; the kernel's kB are KiB. */
const MEMINFO = /^(?<key>[A-Z][\w()]*):\s+(?<number>\d+)(?<unit> kB)?\s*$/

/** /proc/meminfo (fs/proc/meminfo.c). */
export const meminfo: DocumentReader = {
  id: 'proc-meminfo',
  title: '/proc/meminfo',
  writtenBy: 'the kernel, cat /proc/meminfo',
  seen: 'real',
  sniff(head) {
    const lines = firstLines(head, 6)
    return lines.some((line) => /^MemTotal:\s+\d+ kB/.test(line)) && lines.some((line) => /^MemFree:\s+\d+ kB/.test(line))
      ? 'strong'
      : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const values: Values = {}
    for (const [index, line] of page.lines.entries()) {
      const groups = MEMINFO.exec(line)?.groups
      const key = groups?.['key']
      if (groups === undefined || key === undefined || key in values) continue
      const count = Number(groups['number'])
      values[key] = toldAt(page, index, groups['unit'] === undefined ? count : kib(count))
    }
    return { ...newFacts(), snapshots: snapshotOf(document.source, values) }
  },
}

/** `Filename  Type  Size  Used  Priority`, sizes in KiB (mm/swapfile.c). Only the header: no swap at all. */
export const swaps: DocumentReader = {
  id: 'proc-swaps',
  title: '/proc/swaps',
  writtenBy: 'the kernel, swapon -s',
  seen: 'real',
  sniff: (head) => (/^Filename\s+Type\s+Size\s+Used\s+Priority\s*$/.test(firstLines(head, 1)[0] ?? '') ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    let total = 0
    let used = 0
    let last = page.lines.findIndex((line) => line.startsWith('Filename'))
    if (last === -1) return newFacts()
    for (const [index, line] of page.lines.entries()) {
      const groups = /\s(?:partition|file)\s+(?<size>\d+)\s+(?<used>\d+)\s+-?\d+\s*$/.exec(line)?.groups
      if (groups === undefined) continue
      total += kib(Number(groups['size']))
      used += kib(Number(groups['used']))
      last = index
    }
    const values: Values = { SwapTotal: toldAt(page, last, total), SwapFree: toldAt(page, last, total - used) }
    return { ...newFacts(), snapshots: snapshotOf(document.source, values) }
  },
}

const FREE_HEADER = /^\s+total\s+used\s+free\s+shared\b/
/** Columns of free(1) by the names of /proc/meminfo. `used` is computed by free and has none. */
const MEM_KEYS: Readonly<Record<string, string>> = {
  total: 'MemTotal',
  free: 'MemFree',
  shared: 'Shmem',
  buffers: 'Buffers',
  cached: 'Cached',
  available: 'MemAvailable',
}
const SWAP_KEYS: Readonly<Record<string, string>> = { total: 'SwapTotal', free: 'SwapFree' }

/** procps free, any unit. */
export const free: DocumentReader = {
  id: 'free',
  title: 'Output of free',
  writtenBy: 'free, free -m, free -h',
  seen: 'documented',
  sniff(head) {
    const lines = firstLines(head, 4)
    return lines.some((line) => FREE_HEADER.test(line)) && lines.some((line) => /^Mem:\s+\d/.test(line)) ? 'strong' : 'none'
  },
  read(document) {
    const page = pageOf(document)
    const values: Values = {}
    let columns: string[] = []
    for (const [index, line] of page.lines.entries()) {
      if (FREE_HEADER.test(line)) columns = line.trim().split(/\s+/)
      const groups = /^(?<what>Mem|Swap):\s+(?<cells>\S.*)$/.exec(expandTabs(line))?.groups
      if (groups === undefined || columns.length === 0) continue
      const keys = groups['what'] === 'Mem' ? MEM_KEYS : SWAP_KEYS
      for (const [at, cell] of (groups['cells'] ?? '').trim().split(/\s+/).entries()) {
        const key = keys[columns[at] ?? '']
        const bytes = key === undefined ? null : bytesOfCell(cell, page)
        if (key !== undefined && bytes !== null && !(key in values)) values[key] = toldAt(page, index, bytes)
      }
    }
    return { ...newFacts(), snapshots: snapshotOf(document.source, values) }
  },
}

/** `7.6Gi` says its unit; a bare number is in the unit of the option, which only the file's name can tell; without: KiB, the default. */
function bytesOfCell(cell: string, page: Page): number | null {
  if (/[A-Za-z]/.test(cell)) return bytesOfSize(cell)
  if (!/^\d+$/.test(cell)) return null
  const option = /free[\s_]*-+(?:\w*?)(?<unit>[bkmg])/.exec(baseName(page.path))?.groups?.['unit']
  const scale = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[option ?? defaultUnit(page)] ?? 1024
  return Number(cell) * scale
}

/** No machine that runs this has less than 64 MiB in total: a smaller count of KiB is one of MiB (`free -m`). */
function defaultUnit(page: Page): 'k' | 'm' {
  const total = page.lines.map((line) => /^Mem:\s+(?<total>\d+)\s/.exec(line)?.groups?.['total']).find((text) => text !== undefined)
  return total !== undefined && Number(total) < 65_536 ? 'm' : 'k'
}

/** Keys of gopsutil's VirtualMemoryStat, in bytes, as troubleshoot's host collector writes them. */
const GOPSUTIL: Readonly<Record<string, string>> = {
  total: 'MemTotal',
  available: 'MemAvailable',
  free: 'MemFree',
  buffers: 'Buffers',
  cached: 'Cached',
  shared: 'Shmem',
  slab: 'Slab',
  commitLimit: 'CommitLimit',
  committedAS: 'Committed_AS',
  swapTotal: 'SwapTotal',
  swapFree: 'SwapFree',
}

/** `{"total":1019236352}`: troubleshoot's `host-collectors/system/memory.json`. */
export const memoryJson: DocumentReader = {
  id: 'memory-json',
  title: 'Memory of a host as JSON',
  writtenBy: 'troubleshoot host collector',
  seen: 'real',
  sniff(head, path) {
    if (!/^\s*\{\s*"(?:total|available)" ?: ?\d+/.test(head)) return 'none'
    return baseName(path) === 'memory.json' ? 'strong' : 'weak'
  },
  read(document: Document) {
    const values: Values = {}
    const quoter = quoterOf(document.source, document.text, document.firstLine ?? 1)
    readJsonStream(document.text, { object: (tree) => takeMemory(tree, quoter, values), broken: () => {} })
    return { ...newFacts(), snapshots: snapshotOf(document.source, values) }
  },
}

function takeMemory(tree: Tree, quoter: Quoter, values: Values): void {
  for (const [key, entry] of entriesOf(tree)) {
    const name = GOPSUTIL[key]
    const value = numberAt(entry)
    if (name !== undefined && value !== null && value >= 0) values[name] = { value, quote: quoter.quote(entry.at) }
  }
}
