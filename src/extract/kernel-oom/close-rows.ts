import type { TaskRow } from '../../model/oom-dump.ts'
import { shared } from '../../text/shared.ts'
import type { Draft } from './draft.ts'
import { inferColumns, readCells } from './task-table.ts'

interface PageSize {
  readonly bytes: number
  readonly assumed: boolean
}

const isPageSize = (bytes: number): boolean => bytes >= 4096 && bytes <= 1 << 20 && Number.isInteger(Math.log2(bytes))

/** Bytes per page: the first unit of a buddy line, else an unlimited counter, else a victim's `total-vm` over its row's `total_vm`, else 4096. */
export function pageSizeOf(draft: Draft): PageSize {
  for (const zone of draft.zones) {
    const first = zone.buddy?.blocks[0]?.blockBytes
    // A line that lost its head begins with a bigger block: believe it only when the orders follow each other from there.
    if (first !== undefined && isPageSize(first) && (zone.buddy?.blocks.length ?? 0) >= 8) return { bytes: first, assumed: false }
  }
  if (draft.pageBytes !== null) return { bytes: draft.pageBytes, assumed: false }
  for (const kill of draft.kills) {
    const row = draft.rows.get(kill.pid)
    const totalVm = Number(row?.rest.trim().split(/\s+/)[2])
    const bytes = (kill.line?.totalVmBytes ?? 0) / totalVm
    if (isPageSize(bytes)) return { bytes, assumed: false }
  }
  return { bytes: 4096, assumed: true }
}

/** Columns in force: the table's head, else what its rows agree on. */
function columnsOf(draft: Draft): readonly string[] | null {
  return draft.columns ?? inferColumns([...draft.rows.values()].map((r) => r.rest))
}

export function closeRows(draft: Draft, page: number): TaskRow[] {
  const columns = columnsOf(draft)
  if (columns === null) return []
  const rows: TaskRow[] = []
  for (const row of draft.rows.values()) {
    const { cells, name } = readCells(row.rest, columns)
    const pages = (key: string): number | null => (cells[key] === undefined ? null : cells[key] * page)
    rows.push({
      pid: row.pid,
      tgid: cells.tgid ?? null,
      uid: cells.uid ?? null,
      comm: shared(name),
      totalVmBytes: pages('total_vm'),
      rssBytes: pages('rss'),
      rssAnonBytes: pages('rss_anon'),
      rssFileBytes: pages('rss_file') ?? pages('file-rss'),
      rssShmemBytes: pages('rss_shmem'),
      pgtablesBytes: cells.pgtables_bytes ?? pageTables(cells, page),
      swapBytes: pages('swapents'),
      oomScoreAdj: cells.oom_score_adj ?? null,
      oomAdj: cells.oom_adj ?? null,
      quote: row.quote,
    })
  }
  return rows
}

/** nr_ptes (3.7–3.19) and nr_ptes + nr_pmds (4.0–4.14) count pages. */
function pageTables(cells: Readonly<Record<string, number>>, page: number): number | null {
  return cells.nr_ptes === undefined ? null : (cells.nr_ptes + (cells.nr_pmds ?? 0)) * page
}
