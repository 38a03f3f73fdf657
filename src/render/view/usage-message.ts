import type { UsageShape } from '../../model/ids.ts'
import type { ReportUsage } from '../../model/report.ts'
import { bytesText, secondsText } from '../../text/values.ts'
import { bytesOf, codeOf, countOf, dash, join, type Rich, words } from './rich.ts'

/** What a curve says, in a sentence or three: its shape with the figures behind it, how its runs compare, what the metric holds besides. */
export const messageOf = (usage: ReportUsage): Rich => join(shapeSaid(usage), ...livesSaid(usage), ...caveat(usage))

export const shapeWords: Readonly<Record<UsageShape, string>> = {
  growth: 'growth',
  spike: 'a spike',
  plateau: 'a plateau',
  periodic: 'up and down',
  flat: 'flat',
  unknown: 'not clear',
}

const HOUR = 3600

/** Tells what is left, not what is used: the least of it is what counts. */
export const isLeft = ({ metric }: Pick<ReportUsage, 'metric'>): boolean =>
  metric === 'available' || metric === 'free' || metric === 'swap-free'

const hadLeft = ({ metric }: ReportUsage): string => (metric === 'swap-free' ? ' had left of its swap' : ' had left')

/** A slope by the hour, or by the minute where no hour was seen. */
export function rateOf(usage: ReportUsage): Rich {
  const byMinute = runSeconds(usage) < HOUR
  return join(bytesOf(Math.round((usage.slopeBytesPerHour ?? 0) / (byMinute ? 60 : 1))), byMinute ? ' a minute' : ' an hour')
}

/** How long a run lasts as a rule: the middle of those that were seen; all of it where there is one. */
function runSeconds({ lives, samples }: ReportUsage): number {
  const lengths = lives.map(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds).sort((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)] ?? samples.at(-1)?.seconds ?? 0
}

function shapeSaid(usage: ReportUsage): Rich {
  const { shape, limitBytes } = usage
  const name = codeOf(usage.name)
  if (usage.metric === 'rss-at-kill') return atDeaths(usage)
  if (shape === 'growth' && usage.slopeBytesPerHour !== null) return growth(usage)
  if (shape === 'spike') return jump(usage)
  if (shape === 'plateau')
    return join(
      name,
      ' came to stand at ',
      bytesOf(usage.lastBytes),
      limitBytes === null ? '.' : `, ${usage.peakBytes >= 0.9 * limitBytes ? 'at' : 'below'} its limit of ${bytesText(limitBytes)}.`,
    )
  if (shape === 'periodic')
    return isLeft(usage)
      ? join('What ', name, hadLeft(usage), ' went up and down; the least was ', bytesOf(usage.peakBytes), '.')
      : join(name, ' went up and down; its highest was ', bytesOf(usage.peakBytes), '.')
  if (shape === 'flat')
    return isLeft(usage)
      ? join('What ', name, hadLeft(usage), ' stayed at about ', bytesOf(usage.lastBytes), ` for ${spanText(usage)}.`)
      : join(name, ' held ', bytesOf(usage.lastBytes), ` for ${spanText(usage)} without growth.`)
  const gap = lastGap(usage)
  return join('The samples of ', name, ' tell no shape', gap > 0 ? `: the last one is ${secondsText(gap)} before the kill.` : '.')
}

const spanText = ({ samples }: ReportUsage): string => secondsText(samples.at(-1)?.seconds ?? 0)

/** By the hour where hours were seen; else by what it rose in the time that was: nobody saw what an hour would bring. */
function growth(usage: ReportUsage): Rich {
  const run = runSeconds(usage)
  const slope = usage.slopeBytesPerHour ?? 0
  const growing = usage.lives.filter(({ shape }) => shape === 'growth').length
  const runs =
    usage.lives.length < 2
      ? ''
      : growing === usage.lives.length
        ? ` in each of ${growing} runs`
        : ` in ${growing} of ${usage.lives.length} runs`
  const by =
    run >= HOUR
      ? join(rateOf(usage), runs, ` over ${spanText(usage)}`)
      : join(bytesOf(Math.round((slope * run) / HOUR)), ` within ${secondsText(run)}`, runs)
  const name = codeOf(usage.name)
  return isLeft(usage) ? join('What ', name, hadLeft(usage), ' shrank by ', by, '.') : join(name, ' grew by ', by, '.')
}

/** What each process held when it died: lives one after another, none of which anybody watched. */
function atDeaths({ name, shape, points, samples, lastBytes }: ReportUsage): Rich {
  const [first] = samples
  const deaths = countOf(points)
  if (shape === 'growth')
    return join(
      'At each of its ',
      deaths,
      ' deaths ',
      codeOf(name),
      ' held more than at the one before: ',
      bytesOf(first?.bytes),
      ' at first, ',
      bytesOf(lastBytes),
      ` ${secondsText(samples.at(-1)?.seconds ?? 0)} later.`,
    )
  if (shape === 'flat') return join('At each of its ', deaths, ' deaths ', codeOf(name), ' held about ', bytesOf(lastBytes), '.')
  return join('At its ', deaths, ' deaths ', codeOf(name), ' held now more, now less.')
}

function jump(usage: ReportUsage): Rich {
  const { samples, spikeSeconds } = usage
  const name = codeOf(usage.name)
  const before = samples.filter(({ seconds }) => seconds < (spikeSeconds ?? 0)).at(-1)?.bytes
  const end = usage.killSeconds.find((at) => at >= (spikeSeconds ?? 0)) ?? samples.at(-1)?.seconds ?? 0
  const when =
    spikeSeconds === null
      ? ''
      : `, ${secondsText(Math.max(0, end - spikeSeconds))} before the ${usage.killSeconds.length > 0 ? 'kill' : 'end'}`
  if (isLeft(usage)) return join('What ', name, hadLeft(usage), ' fell at once to ', bytesOf(usage.peakBytes), `${when}.`)
  if (usage.lastBytes < (before ?? 0) + (usage.peakBytes - (before ?? 0)) / 2)
    return join(name, ' jumped to ', bytesOf(usage.peakBytes), `${when}, and came back to `, bytesOf(usage.lastBytes), '.')
  return join(name, ' jumped', ...(before === undefined ? [] : [' from ', bytesOf(before)]), ' to ', bytesOf(usage.peakBytes), `${when}.`)
}

const lastGap = ({ killSeconds, samples, intervalSeconds }: ReportUsage): number => {
  const end = killSeconds.at(-1)
  if (end === undefined) return 0
  const gap = end - (samples.findLast(({ seconds }) => seconds <= end)?.seconds ?? 0)
  return gap > 2 * (intervalSeconds ?? 0) ? gap : 0
}

const MOST_NAMED = 6

/** How the runs that were killed compare: ` They lasted 5 h to 6 h, from 40 MiB to 42 MiB at their start to 508 MiB to 511 MiB at their end.` */
function livesSaid(usage: ReportUsage): Rich[] {
  const { lives } = usage
  if (lives.length < 2 || usage.metric === 'rss-at-kill') return []
  const killed = lives.filter((life) => life.killed)
  const names = new Set(lives.map(({ shape }) => shape))
  const listed =
    names.size < 2
      ? ''
      : ` Run by run: ${lives.slice(-MOST_NAMED).map(lifeSaid).join(', ')}${lives.length > MOST_NAMED ? ' (the last ones)' : ''}.`
  if (killed.length < 2) return listed === '' ? [] : [words(listed)]
  const lengths = killed.map(({ fromSeconds, toSeconds }) => toSeconds - fromSeconds)
  return [
    words(
      `${listed} The ${killed.length} that were killed lasted ${between(lengths, secondsText)}, began at ${between(
        killed.map(({ firstBytes }) => firstBytes),
        bytesText,
      )} and ended at ${between(
        killed.map(({ lastBytes }) => lastBytes),
        bytesText,
      )}.`,
    ),
  ]
}

const lifeSaid = ({ shape, killed }: ReportUsage['lives'][number]): string => `${shapeWords[shape]}${killed ? ' (killed)' : ''}`

function between(values: readonly number[], text: (value: number) => string): string {
  const [least, most] = [text(Math.min(...values)), text(Math.max(...values))]
  return least === most ? least : `${least} to ${most}`
}

/** Page cache is in it, which goes away under pressure. */
function caveat({ metric, of }: ReportUsage): string[] {
  return metric === 'usage' && of !== 'runtime-heap' && of !== 'process'
    ? [' This metric counts page cache, too, which the kernel gives back first: working set or rss tell more.']
    : []
}

/** One run, ready to print. */
export interface LifeView {
  readonly begin: Rich
  readonly length: Rich
  readonly shape: string
  readonly from: Rich
  readonly last: Rich
  readonly peak: Rich
  readonly slope: Rich
  readonly end: string
}

export const livesOf = ({ lives }: ReportUsage): LifeView[] =>
  lives.map(({ fromSeconds, toSeconds, shape, firstBytes, lastBytes, peakBytes, slopeBytesPerHour, killed }) => ({
    begin: words(secondsText(fromSeconds)),
    length: words(secondsText(toSeconds - fromSeconds)),
    shape: shapeWords[shape],
    from: bytesOf(firstBytes),
    last: bytesOf(lastBytes),
    peak: bytesOf(peakBytes),
    slope: slopeBytesPerHour === null || shape !== 'growth' ? dash : join(bytesOf(Math.round(slopeBytesPerHour / 60)), ' a minute'),
    end: killed ? 'killed' : 'ended or still running',
  }))
