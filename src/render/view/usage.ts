import type { UsageShape } from '../../model/ids.ts'
import type { ReportUsage } from '../../model/report.ts'
import { bytesText, secondsText } from '../../text/values.ts'
import { type Block, bytesOf, codeOf, countOf, dash, join, type Rich, words } from './rich.ts'
import { type Clock, timeOf } from './times.ts'

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
    slope: usage.slopeBytesPerHour === null || usage.shape !== 'growth' ? dash : rateOf(usage),
    confidence: usage.confidence,
    source: codeOf(usage.source),
    sparkline: { block: [sparkline(usage, ascii)], language: 'text' },
    rows: rowsOf(usage),
  }))
}

const shapeWords: Readonly<Record<UsageShape, string>> = {
  growth: 'growth',
  spike: 'a spike',
  plateau: 'a plateau',
  periodic: 'up and down',
  flat: 'flat',
  unknown: 'not clear',
}

/** A slope by the hour, or by the minute where no hour was seen. */
function rateOf({ slopeBytesPerHour, samples }: ReportUsage): Rich {
  const byMinute = (samples.at(-1)?.seconds ?? 0) < 5400
  const slope = Math.round((slopeBytesPerHour ?? 0) / (byMinute ? 60 : 1))
  return join(bytesOf(slope), byMinute ? ' a minute' : ' an hour')
}

const ROWS = 10

function rowsOf({ samples }: ReportUsage): UsageView['rows'] {
  const count = Math.min(ROWS, samples.length)
  const places = Array.from({ length: count }, (_, i) => Math.round((i * (samples.length - 1)) / Math.max(1, count - 1)))
  return places.map((at) => ({ offset: words(secondsText(samples[at]?.seconds ?? 0)), bytes: bytesOf(samples[at]?.bytes) }))
}

function messageOf(usage: ReportUsage): Rich {
  const { shape, slopeBytesPerHour: slope, samples, spikeSeconds, limitBytes } = usage
  const name = codeOf(usage.name)
  const span = secondsText(samples.at(-1)?.seconds ?? 0)
  const isLeft = usage.metric === 'available' || usage.metric === 'free' || usage.metric === 'swap-free'
  if (shape === 'growth' && slope !== null)
    return isLeft
      ? join('What ', name, ' had left shrank by ', rateOf(usage), ` over ${span}.`)
      : join(
          name,
          ' grew by ',
          bytesOf(slope),
          ` an hour over ${span}${usage.startSeconds.length > 0 ? `, in ${usage.startSeconds.length + 1} runs` : ''}.`,
        )
  if (shape === 'spike') {
    const before = samples.filter(({ seconds }) => seconds < (spikeSeconds ?? 0)).at(-1)?.bytes
    const when =
      spikeSeconds === null
        ? ''
        : `, ${secondsText(Math.max(0, (usage.killSeconds[0] ?? samples.at(-1)?.seconds ?? 0) - spikeSeconds))} before the end`
    if (!isLeft && usage.lastBytes < (before ?? 0) + (usage.peakBytes - (before ?? 0)) / 2)
      return join(name, ' jumped to ', bytesOf(usage.peakBytes), `${when}, and came back to `, bytesOf(usage.lastBytes), '.')
    return isLeft
      ? join('What ', name, ' had left fell at once to ', bytesOf(usage.peakBytes), `${when}.`)
      : join(name, ' jumped', ...(before === undefined ? [] : [' from ', bytesOf(before)]), ' to ', bytesOf(usage.peakBytes), `${when}.`)
  }
  if (shape === 'plateau')
    return join(
      name,
      ' came to stand at ',
      bytesOf(usage.lastBytes),
      limitBytes === null ? '.' : `, ${usage.peakBytes >= 0.9 * limitBytes ? 'at' : 'below'} its limit of ${bytesText(limitBytes)}.`,
    )
  if (shape === 'periodic') return join(name, ' went up and down; its highest was ', bytesOf(usage.peakBytes), '.')
  if (shape === 'flat') return join(name, ' held ', bytesOf(usage.lastBytes), ` for ${span} without growth.`)
  return join(
    'The samples of ',
    name,
    ' tell no shape',
    usage.killSeconds.length > 0 && lastGap(usage) > 0 ? `: the last one is ${secondsText(lastGap(usage))} before the kill.` : '.',
  )
}

const lastGap = ({ killSeconds, samples, intervalSeconds }: ReportUsage): number => {
  const gap = (killSeconds[0] ?? 0) - (samples.findLast(({ seconds }) => seconds <= (killSeconds[0] ?? 0))?.seconds ?? 0)
  return gap > 2 * (intervalSeconds ?? 0) ? gap : 0
}

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const ASCII = ['_', '.', '-', '=', '+', '*', '%', '#'] as const
const CELLS = 40

/** `▁▂▃▅▆█ 508 MiB at last, 512 MiB at most, limit 512 MiB`: the highest sample of each fortieth of the time. */
function sparkline({ samples, limitBytes, lastBytes, peakBytes }: ReportUsage, ascii: boolean): string {
  const end = samples.at(-1)?.seconds ?? 0
  const most = Math.max(limitBytes ?? 0, ...samples.map(({ bytes }) => bytes), 1)
  const cells = Array.from({ length: CELLS }, (): number | null => null)
  for (const { seconds, bytes } of samples) {
    const cell = end === 0 ? 0 : Math.min(CELLS - 1, Math.floor((seconds / end) * CELLS))
    cells[cell] = Math.max(cells[cell] ?? 0, bytes)
  }
  const marks = ascii ? ASCII : BLOCKS
  const line = cells.map((value) => (value === null ? ' ' : (marks[Math.min(7, Math.floor((value / most) * 8))] ?? ' '))).join('')
  return `${line.trimEnd()}  ${bytesText(lastBytes)} at last, ${bytesText(peakBytes)} at most${limitBytes === null ? '' : `, limit ${bytesText(limitBytes)}`}`
}
