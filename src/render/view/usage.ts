import type { ReportUsage } from '../../model/report.ts'
import { bytesText, secondsText } from '../../text/values.ts'
import { type Block, bytesOf, codeOf, countOf, dash, type Rich, words } from './rich.ts'
import { type Clock, timeOf } from './times.ts'
import { isLeft, type LifeView, livesOf, messageOf, rateOf, shapeWords } from './usage-message.ts'

/** One curve, ready to print. */
export interface UsageView {
  readonly name: Rich
  readonly metric: Rich
  readonly shape: string
  /** What the curve says, in one sentence. */
  readonly message: Rich
  readonly from: Rich
  readonly to: Rich
  readonly points: Rich
  readonly last: Rich
  readonly peak: Rich
  readonly limit: Rich
  readonly slope: Rich
  readonly confidence: string
  readonly source: Rich
  /** The curve as a line of blocks, with its highest and last value. */
  readonly sparkline: Block
  /** Some of the samples, evenly spread, the last one among them. */
  readonly rows: readonly { readonly offset: Rich; readonly bytes: Rich }[]
  /** Its runs, where there are several; `null` otherwise. */
  readonly lives: { readonly rows: readonly LifeView[] } | null
}

export function usageViews(usages: readonly ReportUsage[], clock: Clock, ascii: boolean): UsageView[] {
  return usages.map((usage) => ({
    name: codeOf(usage.name),
    metric: words(usage.metric),
    shape: shapeWords[usage.shape],
    message: messageOf(usage),
    from: timeOf(usage.from, null, clock, dash),
    to: timeOf(usage.to, null, clock, dash),
    points: countOf(usage.points),
    last: bytesOf(usage.lastBytes),
    peak: bytesOf(usage.peakBytes),
    limit: bytesOf(usage.limitBytes),
    slope: usage.slopeBytesPerHour === null || usage.shape !== 'growth' || usage.metric === 'rss-at-kill' ? dash : rateOf(usage),
    confidence: usage.confidence,
    source: codeOf(usage.source),
    sparkline: { block: [sparkline(usage, ascii)], language: 'text' },
    rows: rowsOf(usage),
    lives: usage.lives.length < 2 ? null : { rows: livesOf(usage) },
  }))
}

const ROWS = 10

function rowsOf({ samples }: ReportUsage): UsageView['rows'] {
  const count = Math.min(ROWS, samples.length)
  const places = Array.from({ length: count }, (_, i) => Math.round((i * (samples.length - 1)) / Math.max(1, count - 1)))
  return places.map((at) => ({ offset: words(secondsText(samples[at]?.seconds ?? 0)), bytes: bytesOf(samples[at]?.bytes) }))
}

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const ASCII = ['_', '.', '-', '=', '+', '*', '%', '#'] as const
const CELLS = 40

/** `▁▂▃▅▆█ 508 MiB at last, 512 MiB at most, limit 512 MiB`: the highest sample of each fortieth of the time. */
function sparkline({ samples, limitBytes, lastBytes, peakBytes, metric }: ReportUsage, ascii: boolean): string {
  const end = samples.at(-1)?.seconds ?? 0
  const most = Math.max(limitBytes ?? 0, ...samples.map(({ bytes }) => bytes), 1)
  const cells = Array.from({ length: CELLS }, (): number | null => null)
  for (const { seconds, bytes } of samples) {
    const cell = end === 0 ? 0 : Math.min(CELLS - 1, Math.floor((seconds / end) * CELLS))
    cells[cell] = Math.max(cells[cell] ?? 0, bytes)
  }
  // one cell without a sample is no gap: of a level stretch few samples are kept
  for (let at = 1; at < CELLS - 1; at += 1) if (cells[at + 1] !== null) cells[at] ??= cells[at - 1] ?? null
  const marks = ascii ? ASCII : BLOCKS
  const line = cells.map((value) => (value === null ? ' ' : (marks[Math.min(7, Math.floor((value / most) * 8))] ?? ' '))).join('')
  return `${line.trimEnd()}  ${bytesText(lastBytes)} at last, ${bytesText(peakBytes)} at ${isLeft({ metric }) ? 'least' : 'most'}${limitBytes === null ? '' : `, limit ${bytesText(limitBytes)}`}`
}
