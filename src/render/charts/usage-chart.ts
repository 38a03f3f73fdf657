import { scaleLinear, scaleUtc } from 'd3-scale'
import type { ReportUsage } from '../../model/report.ts'
import { bytesText, instantOf, instantText, secondsText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'

/** Memory over time against its limit: a stepless line through the samples, broken where none was taken. */
export interface UsageChart {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly title: string
  readonly desc: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** One path a stretch without gaps. */
  readonly lines: readonly string[]
  readonly area: string
  readonly limit: { readonly y: number; readonly text: string; readonly textY: number } | null
  readonly kills: readonly { readonly x: number; readonly title: string }[]
  readonly starts: readonly { readonly x: number; readonly title: string }[]
  readonly ticks: readonly { readonly x: number; readonly text: string; readonly anchor: 'start' | 'middle' | 'end' }[]
  readonly levels: readonly { readonly y: number; readonly text: string }[]
  readonly timeY: number
}

const width = 720
const left = 72
const right = width - 12
const top = 26
const bottom = 196
/** No sample for this many usual distances: the line is not drawn through what nobody saw. */
const GAP = 3

export function usageChart(usage: ReportUsage | undefined, id: string): UsageChart | null {
  if (usage === undefined) return null
  const { samples } = usage
  const last = samples.at(-1)
  if (last === undefined || samples.length < 3) return null
  const end = Math.max(last.seconds, ...usage.killSeconds)
  const most = Math.max(usage.limitBytes ?? 0, ...samples.map(({ bytes }) => bytes)) * 1.06
  const x = scaleLinear([0, end], [left, right])
  const y = scaleLinear([0, most], [bottom, top])
  const at = ({ seconds, bytes }: ReportUsage['samples'][number]): string => `${round(x(seconds))} ${round(y(bytes))}`
  const stretches = stretchesOf(usage)
  return {
    id,
    width,
    height: bottom + 26,
    title: `Memory of ${visible(usage.name)} over ${secondsText(end)}`,
    desc: `${usage.points} samples of ${usage.metric}; the last ${bytesText(usage.lastBytes)}, the highest ${bytesText(usage.peakBytes)}${usage.limitBytes === null ? '' : `, the limit ${bytesText(usage.limitBytes)}`}. The table holds the figures.`,
    left,
    right,
    top,
    bottom,
    lines: stretches.map((stretch) => `M${stretch.map(at).join('L')}`),
    area: stretches
      .map(
        (stretch) =>
          `M${round(x(stretch[0]?.seconds ?? 0))} ${bottom}L${stretch.map(at).join('L')}L${round(x(stretch.at(-1)?.seconds ?? 0))} ${bottom}Z`,
      )
      .join(''),
    limit:
      usage.limitBytes === null
        ? null
        : { y: round(y(usage.limitBytes)), text: `limit ${bytesText(usage.limitBytes)}`, textY: round(y(usage.limitBytes) - 5) },
    kills: usage.killSeconds.filter((s) => s >= 0).map((s) => ({ x: round(x(s)), title: 'killed' })),
    starts: usage.startSeconds.map((s) => ({ x: round(x(s)), title: 'a new run begins' })),
    ticks: ticksOf(usage, end, x),
    levels: levelsOf(most, y),
    timeY: bottom + 17,
  }
}

function stretchesOf({ samples, intervalSeconds }: ReportUsage): ReportUsage['samples'][] {
  const usual = Math.max(intervalSeconds ?? 0, (samples.at(-1)?.seconds ?? 0) / Math.max(1, samples.length - 1))
  const stretches: ReportUsage['samples'][] = []
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1]
    if (before === undefined || sample.seconds - before.seconds > GAP * usual) stretches.push([sample])
    else stretches.at(-1)?.push(sample)
  }
  return stretches
}

function levelsOf(most: number, y: (bytes: number) => number): UsageChart['levels'] {
  const unit = 1024 ** Math.min(5, Math.max(0, Math.floor(Math.log2(Math.max(1, most)) / 10)))
  return scaleLinear([0, most / unit], [0, 1])
    .ticks(4)
    .map((value) => ({ y: round(y(value * unit)), text: value === 0 ? '0' : bytesText(value * unit) }))
}

/** UTC where the source tells it, else time since the first sample. */
function ticksOf(usage: ReportUsage, end: number, x: (seconds: number) => number): UsageChart['ticks'] {
  const from = usage.from === null ? null : (instantOf(usage.from)?.us ?? null)
  const anchor = (at: number): 'start' | 'middle' | 'end' => (at > right - 40 ? 'end' : at < left + 20 ? 'start' : 'middle')
  if (from === null)
    return scaleLinear([0, end], [0, 1])
      .ticks(5)
      .map((s) => ({ x: round(x(s)), text: s === 0 ? '0' : secondsText(s), anchor: anchor(x(s)) }))
  const days = end > 2 * 86_400
  return scaleUtc([from / 1000, from / 1000 + end * 1000], [0, 1])
    .ticks(5)
    .map((date) => {
      const at = x((date.getTime() * 1000 - from) / 1e6)
      const text = instantText(date.getTime() * 1000, 0)
      return { x: round(at), text: days ? text.slice(5, 16) : text.slice(11, end < 600 ? 19 : 16), anchor: anchor(at) }
    })
}

const round = (value: number): number => Math.round(value * 100) / 100
