import type { TaskRow } from '../model/oom-dump.ts'

/** Eras of the badness formula that can be recomputed from a task table (mm/oom_kill.c). Era 0 (≤ 2.6.35) used CPU time and niceness. */
export type ScoredEra = 1 | 2 | 3 | 4 | 5

/** A row's figures in pages, as the formula takes them. */
export interface RowPages {
  readonly rss: number
  readonly swap: number
  /** Page tables: nr_ptes (+ nr_pmds) or pgtables_bytes / PAGE_SIZE, truncated. */
  readonly tables: number
}

/** `null` when the row has no rss: nothing can be computed then. Missing swap and page-table columns count as 0, as in tables that have none. */
export function pagesOf(row: TaskRow, pageBytes: number): RowPages | null {
  if (row.rssBytes === null) return null
  const pages = (bytes: number | null): number => (bytes === null ? 0 : Math.trunc(bytes / pageBytes))
  return { rss: pages(row.rssBytes), swap: pages(row.swapBytes), tables: pages(row.pgtablesBytes) }
}

/** rss + swap + page tables: what a task would free, before any adjustment. */
export const footprint = (pages: RowPages): number => pages.rss + pages.swap + pages.tables

/**
 * oom_badness() of the era, in pages (era 1: permille). `adj` is oom_score_adj; `root` says that the task has CAP_SYS_ADMIN, which
 * earned a bonus until 4.16: 30 permille (2.6.36–3.13) or 3 % of its own size (3.14–4.16). All divisions truncate.
 */
export function badnessOf(era: ScoredEra, size: number, adj: number, totalPages: number, root: boolean): number {
  if (era === 1) {
    const permille = Math.trunc((size * 1000) / totalPages) - (root ? 30 : 0) + adj
    return Math.min(1000, Math.max(1, permille))
  }
  const unit = Math.trunc(totalPages / 1000)
  if (era === 2) return Math.max(1, size + (adj - (root ? 30 : 0)) * unit)
  const bare = era === 3 && root ? size - Math.trunc((size * 3) / 100) : size
  const points = bare + adj * unit
  return era === 5 ? points : Math.max(1, points)
}

/** The score that kernels ≤ 5.0 print: permille of total pages (era 1 counts in permille already). May pass 1000. */
export function printedScore(era: ScoredEra, badness: number, totalPages: number): number {
  return era === 1 ? badness : Math.trunc((badness * 1000) / totalPages)
}

/** A task that the killer never takes: −1000, the old −17, and pid 1 (which old tables list, being the machine's init). */
export function isEligible(row: TaskRow): boolean {
  if (row.oomScoreAdj === -1000 || row.oomAdj === -17) return false
  return row.pid !== 1
}

/** oom_score_adj of a row; oom_adj (≤ 2.6.35 alone) scaled as the kernel scales it; `null` where neither is printed. */
export function adjustmentOf(row: TaskRow): number | null {
  if (row.oomScoreAdj !== null) return row.oomScoreAdj
  if (row.oomAdj === null) return null
  return row.oomAdj === 15 ? 1000 : Math.trunc((row.oomAdj * 1000) / 17)
}

export interface TotalRange {
  readonly min: number
  readonly max: number
}

/**
 * The total pages that make a printed score come out: all T with trunc(p(T) × 1000 / T) = score. p grows with trunc(T / 1000) when the
 * task is adjusted, so T is searched step by step of 1000. `null` when none does, or the range is unbounded (score 0).
 */
export function solveTotal(score: number, badness: (totalPages: number) => number, atLeast: number, atMost: number): TotalRange | null {
  let range = null as TotalRange | null
  for (let step = Math.trunc(atLeast / 1000); step * 1000 <= atMost; step++) {
    const points = badness(step * 1000)
    const low = Math.max(atLeast, step * 1000, Math.trunc((points * 1000) / (score + 1)) + 1)
    const high = Math.min(atMost, step * 1000 + 999, score === 0 ? Number.MAX_SAFE_INTEGER : Math.trunc((points * 1000) / score))
    if (low > high) continue
    range = { min: range?.min ?? low, max: high }
  }
  return range?.max === atMost ? null : range
}
