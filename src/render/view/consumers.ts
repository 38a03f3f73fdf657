import type { ReportConsumers, ReportKill } from '../../model/report.ts'
import { bytesText, countText } from '../../text/values.ts'
import { bytesOf, codeOf, countOf, dash, join, numberOf, type Rich, words } from './rich.ts'

export interface ConsumersView {
  /** Who held the memory, processes of one name together, the largest first; `width` in per cent of the largest. */
  readonly bars: readonly {
    readonly name: Rich
    readonly size: Rich
    readonly width: number
    readonly fill: string
    readonly killed: boolean
  }[]
  readonly rows: readonly {
    readonly rank: Rich
    readonly process: Rich
    readonly killed: boolean
    readonly rss: Rich
    readonly split: Rich
    readonly swapAndTables: Rich
    readonly adj: Rich
    readonly badness: Rich
  }[]
  readonly others: Rich | null
  readonly byName: readonly { readonly name: Rich; readonly count: Rich; readonly rss: Rich }[]
  readonly formula: Rich
  /** The formula with the victim's numbers, where they add up to the badness shown. */
  readonly worked: Rich | null
}

export function consumersView(consumers: ReportConsumers, kills: readonly ReportKill[]): ConsumersView {
  const unit = kills.find((kill) => kill.victim.badnessUnit !== null)?.victim.badnessUnit ?? null
  return {
    bars: barsOf(consumers),
    rows: consumers.rows.map((row) => ({
      rank: row.rank === null ? (row.eligible ? dash : words('exempt')) : countOf(row.rank),
      process: join(codeOf(row.comm), ` (${row.pid})`),
      killed: row.killed,
      rss: bytesOf(row.rssBytes),
      split: splitOf(row),
      swapAndTables: pairOf(row.swapBytes, row.pgtablesBytes),
      adj: numberOf(row.oomScoreAdj),
      badness: countOf(row.badness),
    })),
    others:
      consumers.others.count === 0
        ? null
        : words(
            `${countText(consumers.others.count)} other${consumers.others.count === 1 ? '' : 's'}${consumers.others.rssBytes === null ? '' : `, ${bytesText(consumers.others.rssBytes)} resident together`}`,
          ),
    // sums by name tell something only where a name stands more than once
    byName: consumers.byName
      .filter(({ count }) => count > 1)
      .map(({ comm, count, rssBytes }) => ({ name: codeOf(comm), count: countOf(count), rss: bytesOf(rssBytes) })),
    formula: words(`badness${unit === null ? '' : ` (${unit})`} = ${consumers.formula}`),
    worked: workedOf(consumers),
  }
}

const BARS = 8

function barsOf({ byName, rows }: ReportConsumers): ConsumersView['bars'] {
  const killed = new Set(rows.filter((row) => row.killed).map(({ comm }) => comm))
  const most = Math.max(1, ...byName.map(({ rssBytes }) => rssBytes))
  return byName.slice(0, BARS).map(({ comm, count, rssBytes }) => ({
    name: count > 1 ? join(codeOf(comm), ` × ${countText(count)}`) : codeOf(comm),
    size: bytesOf(rssBytes),
    width: Math.max(0.5, Math.round((rssBytes / most) * 1000) / 10),
    fill: killed.has(comm) ? '#D55E00' : '#8A8F98',
    killed: killed.has(comm),
  }))
}

function splitOf(row: ReportConsumers['rows'][number]): Rich {
  const parts = [row.rssAnonBytes, row.rssFileBytes, row.rssShmemBytes]
  if (parts.every((part) => part === null)) return dash
  return join(...parts.flatMap((part, i) => (i === 0 ? [bytesOf(part)] : [' · ', bytesOf(part)])))
}

function pairOf(swap: number | null, tables: number | null): Rich {
  return swap === null && tables === null ? dash : join(bytesOf(swap), ' · ', bytesOf(tables))
}

function workedOf({ rows, totalPages, pageBytes }: ReportConsumers): Rich | null {
  const row = rows.find(({ killed }) => killed)
  if (row === undefined || row.badness === null || row.rssBytes === null) return null
  const pages = (bytes: number | null): number => Math.round((bytes ?? 0) / pageBytes)
  const own = pages(row.rssBytes) + pages(row.swapBytes) + pages(row.pgtablesBytes)
  const adjustment = row.badness - own
  const adj = row.oomScoreAdj ?? 0
  if (totalPages === null || Math.abs(adjustment - (adj * totalPages) / 1000) > 2) return null
  const sum = `${countText(pages(row.rssBytes))} + ${countText(pages(row.swapBytes))} + ${countText(pages(row.pgtablesBytes))}`
  const shift = adj === 0 ? '' : ` ${adj < 0 ? '−' : '+'} ${Math.abs(adj)} × ${countText(totalPages)} / 1000`
  return join(
    'For ',
    codeOf(row.comm),
    ` (${row.pid}), in pages of ${bytesText(pageBytes)}: ${sum}${shift} = ${countText(row.badness).replace('-', '−')}`,
  )
}
