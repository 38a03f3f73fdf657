import { type Shape, safeInteger } from './shape.ts'

const head = /^\[\s*pid\s*\](?<columns>.*)$/
// pid is 5 or 7 wide and widens; `[1234]` after a paster who collapsed blanks. tgid is never negative, uid may be.
const row = /^\s?\[\s*(\d+)\](\s+-?\d+\s+\d+(?:\s.*)?)$/s

/** The task table (kernel-oom-formats §7). Columns are mapped by the head's names in order; the rest of a row is the name, whatever it holds. */
export const taskTableShapes: readonly Shape[] = [
  {
    id: 'table-title',
    example: 'Tasks state (memory values in pages):',
    source: 'mm/oom_kill.c dump_tasks, 4.19 and later',
    first: 'T',
    read: (text) => (/^Tasks state \(memory values in pages\)/.test(text) ? { kind: 'table-title' } : null),
  },
  {
    id: 'table-head',
    example: '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
    source: 'mm/oom_kill.c dump_tasks, ~2.6.25 and later (T1–T7 and vendor columns)',
    first: ' [',
    read(text) {
      const columns = head.exec(text.trim())?.groups?.columns?.trim().split(/\s+/)
      if (columns === undefined || columns[0] !== 'uid') return null
      return { kind: 'table-head', columns: columns.filter((c) => c !== 'name'), complete: columns.at(-1) === 'name' }
    },
  },
  {
    id: 'row',
    example: '[    406] 65534   406    12586    12463    12251      212         0   135168        0          1000 node',
    source: 'mm/oom_kill.c dump_task',
    first: ' [',
    read(text) {
      const found = row.exec(text)
      return found === null ? null : { kind: 'row', pid: Number(found[1]), rest: found[2] as string }
    },
  },
]

export interface RowCells {
  readonly cells: Readonly<Record<string, number>>
  readonly name: string
  readonly complete: boolean
}

/** Cuts a row by its columns. The kernel prints exactly one blank before the name, which may itself begin with blanks or be empty. */
export function readCells(rest: string, columns: readonly string[]): RowCells {
  const number = /\s+(-?\d+)(?=\s|$)/y
  const cells: Record<string, number> = {}
  let end = 0
  for (const column of columns) {
    number.lastIndex = end
    const found = number.exec(rest)
    if (found?.[1] === undefined) return { cells, name: rest.slice(end).replace(/^\s/, ''), complete: false }
    cells[column] = safeInteger(found[1])
    end = number.lastIndex
  }
  return { cells, name: cleanName(rest.slice(end).replace(/^ /, '')), complete: end < rest.length || rest.length === 0 }
}

/** `palo_be  <====`: what a paster typed behind the name goes; a name has 15 bytes at most (more in escaped spellings). */
function cleanName(name: string): string {
  const typed = name.length > 15 ? /^(?<name>\S.{0,14}?) {2,}\S/.exec(name)?.groups?.name : undefined
  return typed ?? name
}

const columnsOf = {
  t1: ['uid', 'tgid', 'total_vm', 'rss', 'cpu', 'oom_adj'],
  t2: ['uid', 'tgid', 'total_vm', 'rss', 'cpu', 'oom_adj', 'oom_score_adj'],
  t3: ['uid', 'tgid', 'total_vm', 'rss', 'nr_ptes', 'swapents', 'oom_score_adj'],
  t4: ['uid', 'tgid', 'total_vm', 'rss', 'nr_ptes', 'nr_pmds', 'swapents', 'oom_score_adj'],
  t6: ['uid', 'tgid', 'total_vm', 'rss', 'pgtables_bytes', 'swapents', 'oom_score_adj'],
  t7: ['uid', 'tgid', 'total_vm', 'rss', 'rss_anon', 'rss_file', 'rss_shmem', 'pgtables_bytes', 'swapents', 'oom_score_adj'],
} as const

const leadingNumbers = (rest: string): number[] => {
  const numbers: number[] = []
  for (const token of rest.trim().split(/\s+/)) {
    if (!/^-?\d+$/.test(token)) break
    numbers.push(Number(token))
  }
  return numbers
}

/** The columns of a table whose head was cut off, from its rows; `null` when they do not agree on one table. */
export function inferColumns(rests: readonly string[]): readonly string[] | null {
  const rows = rests.map(leadingNumbers).filter((r) => r.length >= 6)
  if (rows.length === 0) return null
  // A name may begin with digits, so the smallest count is the number of columns.
  const count = Math.min(...rows.slice(0, 500).map((r) => r.length))
  if (count >= 10) return columnsOf.t7
  if (count === 8) return columnsOf.t4
  if (count === 6) return columnsOf.t1
  if (count !== 7) return null
  const every = (test: (r: number[]) => boolean): boolean => rows.every(test)
  if (every((r) => (r[4] ?? 0) >= 4096 && (r[4] ?? 0) % 4096 === 0)) return columnsOf.t6
  const looksLikeAdj = every((r) => Math.abs(r[5] ?? 0) <= 17) && rows.some((r) => (r[5] ?? 0) < 0)
  return looksLikeAdj ? columnsOf.t2 : columnsOf.t3
}
