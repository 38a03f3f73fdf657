import { ticks } from 'd3-array'
import { utcTicks } from 'd3-time'
import type { ReportUsage } from '../../model/report.ts'
import { bytesText, instantOf, instantText, secondsText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'

/**
 * Memory over time against its limit: a line through the samples, broken where none was taken. Across in per cent, so that it is as wide as its
 * column; the line itself in a box of 1000 × `plotHeight` that is stretched.
 */
export interface UsageChart {
  readonly id: string
  readonly height: number
  readonly plotTop: number
  readonly plotHeight: number
  readonly plotBottom: number
  readonly title: string
  readonly desc: string
  /** One path a stretch without gaps. */
  readonly lines: readonly string[]
  readonly area: string
  /** Another quantity of the same one in the same picture: rss beside the working set, free swap beside what is available. */
  readonly beside: { readonly lines: readonly string[]; readonly text: string } | null
  /** Sizes at deaths: points, since nobody saw what lay between them. */
  readonly dots: readonly { readonly x: number; readonly y: number; readonly title: string }[]
  readonly limit: { readonly y: number; readonly text: string; readonly textY: number } | null
  readonly kills: readonly { readonly x: number; readonly anchor: 'start' | 'end'; readonly title: string }[]
  readonly starts: readonly { readonly x: number; readonly title: string }[]
  readonly ticks: readonly { readonly x: number; readonly text: string; readonly anchor: 'start' | 'middle' | 'end' }[]
  readonly levels: readonly { readonly y: number; readonly textY: number; readonly text: string }[]
  readonly timeY: number
  /** A strip beneath, where the source tells how much of the time somebody waited for memory: full height is all of it. */
  readonly pressure: {
    readonly path: string
    readonly top: number
    readonly height: number
    readonly textY: number
    readonly text: string
  } | null
}

const WIDE = 1000
const plotTop = 20
const plotHeight = 130
const plotBottom = plotTop + plotHeight
/** Height of the strip of pressure. */
const STRIP = 24
/** No sample for this many usual distances: the line is not drawn through what nobody saw. */
const GAP = 3
/** Labels of the time axis are at least this far apart, in per cent: 80 px on a phone. */
const TICK_ROOM = 23

/** What is drawn together: of the first, in the same picture as the second. */
const TOGETHER: Readonly<Record<string, { readonly metric: string; readonly text: string }>> = {
  'working-set': { metric: 'rss', text: 'thin blue: rss' },
  available: { metric: 'swap-free', text: 'thin blue: free swap' },
}

/** The curve that is drawn in another one's picture; `null` where there is none. */
export function besideOf(usage: ReportUsage | undefined, all: readonly ReportUsage[]): ReportUsage | null {
  const metric = usage === undefined ? undefined : TOGETHER[usage.metric]?.metric
  return (
    all.find(
      (one) => one.metric === metric && one.of === usage?.of && one.name === usage.name && one.from !== null && usage.from !== null,
    ) ?? null
  )
}

export function usageChart(usage: ReportUsage | undefined, id: string, second: ReportUsage | null = null): UsageChart | null {
  const samples = usage?.samples ?? []
  const last = samples.at(-1)
  if (usage === undefined || last === undefined || samples.length < 3) return null
  const end = Math.max(last.seconds, ...usage.killSeconds)
  const most = Math.max(usage.limitBytes ?? 0, ...[...samples, ...(second?.samples ?? [])].map(({ bytes }) => bytes)) * 1.06
  const x = (seconds: number): number => (end === 0 ? 0 : (seconds / end) * 100)
  const y = heightIn(most)
  const at = ({ seconds, bytes }: ReportUsage['samples'][number]): string =>
    `${round((x(seconds) / 100) * WIDE)} ${round(y(bytes) - plotTop)}`
  const across = (sample: ReportUsage['samples'][number] | undefined): number => round((x(sample?.seconds ?? 0) / 100) * WIDE)
  const arePoints = usage.metric === 'rss-at-kill'
  const stretches = arePoints ? [] : stretchesOf(usage)
  const pressure = pressureOf(usage, end)
  return {
    id,
    height: plotBottom + 20 + (pressure === null ? 0 : STRIP + 18),
    plotTop,
    plotHeight,
    plotBottom,
    title: `Memory of ${visible(usage.name)} over ${secondsText(end)}`,
    desc: `${usage.points} samples of ${usage.metric}; the last ${bytesText(usage.lastBytes)}, the highest ${bytesText(usage.peakBytes)}${usage.limitBytes === null ? '' : `, the limit ${bytesText(usage.limitBytes)}`}. The table holds the figures.`,
    lines: stretches.map((stretch) => `M${stretch.map(at).join('L')}`),
    area: stretches
      .map((stretch) => `M${across(stretch[0])} ${plotHeight}L${stretch.map(at).join('L')}L${across(stretch.at(-1))} ${plotHeight}Z`)
      .join(''),
    beside: second === null ? null : besideLines(second, usage, end, at),
    dots: arePoints
      ? samples.map(({ seconds, bytes }) => ({
          x: round(Math.min(99, Math.max(1, x(seconds)))),
          y: round(y(bytes)),
          title: bytesText(bytes),
        }))
      : [],
    limit:
      usage.limitBytes === null
        ? null
        : { y: round(y(usage.limitBytes)), text: `limit ${bytesText(usage.limitBytes)}`, textY: round(y(usage.limitBytes) - 4) },
    kills: usage.killSeconds
      .filter((seconds) => seconds >= 0)
      .map((seconds) => ({
        x: round(Math.min(99.7, x(seconds))),
        anchor: x(seconds) > 50 ? ('end' as const) : ('start' as const),
        title: 'killed',
      })),
    starts: usage.startSeconds.map((seconds) => ({ x: round(x(seconds)), title: 'a new run begins' })),
    ticks: ticksOf(usage, end, x),
    levels: levelsOf(most, y, usage.limitBytes),
    timeY: plotBottom + 15,
    pressure,
  }
}

/** The second curve on the first one's axis, as far as it lies within. */
function besideLines(
  second: ReportUsage,
  usage: ReportUsage,
  end: number,
  at: (sample: ReportUsage['samples'][number]) => string,
): UsageChart['beside'] {
  const later = ((instantOf(second.from ?? '')?.us ?? 0) - (instantOf(usage.from ?? '')?.us ?? 0)) / 1e6
  const lines = stretchesOf(second)
    .map((stretch) =>
      stretch.map((one) => ({ ...one, seconds: one.seconds + later })).filter(({ seconds }) => seconds >= 0 && seconds <= end),
    )
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => `M${stretch.map(at).join('L')}`)
  return lines.length === 0 ? null : { lines, text: TOGETHER[usage.metric]?.text ?? '' }
}

/** The worst of what was read; so little that nothing can be seen is not drawn. */
function pressureOf({ pressure }: ReportUsage, end: number): UsageChart['pressure'] {
  const most = pressure.reduce((max, { percent }) => Math.max(max, percent), 0)
  if (pressure.length < 3 || most < 1 || end === 0) return null
  const at = ({ seconds, percent }: ReportUsage['pressure'][number]): string =>
    `${round((seconds / end) * WIDE)} ${round(STRIP - (Math.min(100, percent) / 100) * STRIP)}`
  const across = (one: ReportUsage['pressure'][number] | undefined): number => round(((one?.seconds ?? 0) / end) * WIDE)
  const path = `M${across(pressure[0])} ${STRIP}L${pressure.map(at).join('L')}L${across(pressure.at(-1))} ${STRIP}Z`
  return {
    path,
    top: plotBottom + 34,
    height: STRIP,
    textY: plotBottom + 31,
    text: `waiting for memory: up to ${Math.round(most)} % of the time`,
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

/** Where a size stands in the plot, whose whole height is `most`. */
function heightIn(most: number): (bytes: number) => number {
  return (bytes) => {
    const share = most === 0 ? 0.5 : bytes / most
    return plotBottom * (1 - share) + plotTop * share
  }
}

/** Round values, without those whose label would touch the limit's. */
function levelsOf(most: number, y: (bytes: number) => number, limit: number | null): UsageChart['levels'] {
  const unit = 1024 ** Math.min(5, Math.max(0, Math.floor(Math.log2(Math.max(1, most)) / 10)))
  return ticks(0, most / unit, 3)
    .map((value) => ({ y: round(y(value * unit)), textY: round(y(value * unit) - 3), text: value === 0 ? '0' : bytesText(value * unit) }))
    .filter((level) => limit === null || Math.abs(level.y - y(limit)) > 14)
}

/** UTC where the source tells it, else time since the first sample. */
function ticksOf(usage: ReportUsage, end: number, x: (seconds: number) => number): UsageChart['ticks'] {
  const from = usage.from === null ? null : (instantOf(usage.from)?.us ?? null)
  const all = from === null ? bareTicks(end) : timeTicks(from, end)
  const ticks: UsageChart['ticks'][number][] = []
  for (const { seconds, text } of all) {
    const at = round(x(seconds))
    const anchor = at > 88 ? 'end' : at < 6 ? 'start' : 'middle'
    if (ticks.every((tick) => Math.abs(tick.x - at) >= TICK_ROOM)) ticks.push({ x: at, text, anchor })
  }
  return ticks
}

const bareTicks = (end: number): { seconds: number; text: string }[] =>
  ticks(0, end, 4).map((seconds) => ({ seconds, text: seconds === 0 ? '0' : secondsText(seconds) }))

function timeTicks(from: number, end: number): { seconds: number; text: string }[] {
  const days = end > 2 * 86_400
  return utcTicks(new Date(from / 1000), new Date(from / 1000 + end * 1000), 4).map((date) => {
    const text = instantText(date.getTime() * 1000, 0)
    return { seconds: (date.getTime() * 1000 - from) / 1e6, text: days ? text.slice(5, 16) : text.slice(11, end < 600 ? 19 : 16) }
  })
}

const round = (value: number): number => Math.round(value * 100) / 100
