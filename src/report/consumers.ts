import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { OomDump } from '../model/oom-dump.ts'
import type { ReportConsumers } from '../model/report.ts'

const mostRows = 10

const formulas: Record<0 | 1 | 2 | 3 | 4 | 5, string> = {
  0: 'total_vm weighted by run time, niceness and privileges (≤ 2.6.35): not recomputable from the table',
  1: '(rss + page tables + swap) × 1000 / total pages, less 30 for CAP_SYS_ADMIN, plus oom_score_adj (2.6.36–3.5)',
  2: 'rss + page tables + swap + (oom_score_adj − 30 for CAP_SYS_ADMIN) × total pages / 1000 (3.6–3.13)',
  3: 'rss + swap + page tables, less 3 % for CAP_SYS_ADMIN, + oom_score_adj × total pages / 1000 (3.14–4.16)',
  4: 'rss + swap + page tables + oom_score_adj × total pages / 1000 (4.17–5.8)',
  5: 'rss + swap + page tables + oom_score_adj × total pages / 1000 (5.9 and later)',
}

/** The largest processes of the table, by the kernel's own measure where it can be recomputed, else by resident size. */
export function consumersOf({ incident, dump, scores }: IncidentFacts): ReportConsumers | null {
  if (dump === null || dump.tasks.length === 0) return null
  const killed = new Set(incident.kills.filter((k) => k.dump === dump).map((k) => k.pid))
  const tasks =
    scores?.tasks ??
    dump.tasks.map((row) => ({
      row,
      badness: null,
      rank: null,
      eligible: row.oomScoreAdj !== -1000,
      unadjusted: null,
      unadjustedRank: null,
    }))
  const bySize = [...tasks].sort((a, b) => (b.row.rssBytes ?? 0) - (a.row.rssBytes ?? 0) || a.row.pid - b.row.pid)
  const byRank = [...tasks].filter((t) => t.rank !== null).sort((a, b) => (a.rank as number) - (b.rank as number))
  const victims = tasks.filter((t) => killed.has(t.row.pid))
  const chosen = [...new Set([...victims.slice(0, 3), ...byRank.slice(0, 5), ...bySize])].slice(0, mostRows)
  const shown = chosen.sort((a, b) => (b.row.rssBytes ?? 0) - (a.row.rssBytes ?? 0) || a.row.pid - b.row.pid)
  const rest = tasks.filter((t) => !shown.includes(t))
  return {
    totalPages: scores?.totalPages ?? null,
    pageBytes: dump.pageBytes,
    formula: scores?.era == null ? 'the era of the kernel is not in the log' : formulas[scores.era],
    rows: shown.map((t) => ({
      rank: t.rank,
      pid: t.row.pid,
      comm: t.row.comm,
      uid: t.row.uid,
      killed: killed.has(t.row.pid),
      rssBytes: t.row.rssBytes,
      rssAnonBytes: t.row.rssAnonBytes,
      rssFileBytes: t.row.rssFileBytes,
      rssShmemBytes: t.row.rssShmemBytes,
      swapBytes: t.row.swapBytes,
      pgtablesBytes: t.row.pgtablesBytes,
      oomScoreAdj: t.row.oomScoreAdj,
      badness: t.badness,
      eligible: t.eligible,
      workload: null,
    })),
    others: { count: rest.length, rssBytes: rest.length === 0 ? 0 : sum(rest.map((t) => t.row.rssBytes)) },
    byName: byName(dump),
  }
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.every((v) => v === null) ? null : values.reduce<number>((s, v) => s + (v ?? 0), 0)

/** Four hundred small ones beat one large: sums by name, where a name stands more than once. Shared pages count once per process. */
function byName(dump: OomDump): ReportConsumers['byName'] {
  const groups = new Map<string, { comm: string; count: number; rssBytes: number }>()
  for (const row of dump.tasks) {
    let group = groups.get(row.comm)
    if (group === undefined) {
      group = { comm: row.comm, count: 0, rssBytes: 0 }
      groups.set(row.comm, group)
    }
    group.count += 1
    group.rssBytes += row.rssBytes ?? 0
  }
  return [...groups.values()].sort((a, b) => b.rssBytes - a.rssBytes || (a.comm < b.comm ? -1 : 1)).slice(0, mostRows)
}
