import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Curve } from '../model/curve.ts'
import type { Incident } from '../model/incident.ts'
import type { ReportUsage } from '../model/report.ts'
import { deathsOn } from '../series/on-utc.ts'
import { ThinnedSeries } from '../series/thin.ts'
import { rfc3339 } from '../text/values.ts'

/** Wide enough for a chart of any width, small enough for hundreds of incidents in one file. */
const MOST_SAMPLES = 160
const MOST_PRESSURES = 80

/** The curves as a report shows them. */
export const usageOf = ({ curves, incident }: IncidentFacts): ReportUsage[] => curves.map((curve) => usage(curve, incident))

function usage(curve: Curve, incident: Incident): ReportUsage {
  const first = curve.us[0] ?? 0
  const seconds = (us: number): number => Math.round((us - first) / 1000) / 1000
  const stamp = (us: number | undefined): string | null =>
    us === undefined || curve.clock !== 'utc' ? null : rfc3339(us, us % 1e6 === 0 ? 0 : 3)
  const kills = incident.kills.length === 0 ? [] : deathsOn(curve.clock, { ...incident, deaths: [] })
  return {
    of: curve.of,
    name: curve.name,
    metric: curve.metric,
    source: curve.source,
    from: stamp(first),
    to: stamp(curve.us.at(-1)),
    points: curve.count,
    limitBytes: curve.limitBytes,
    lastBytes: Math.round(curve.lastBytes),
    peakBytes: Math.round(curve.peakBytes),
    shape: curve.shape,
    slopeBytesPerHour: curve.slopeBytesPerHour === null ? null : Math.round(curve.slopeBytesPerHour),
    confidence: curve.confidence,
    intervalSeconds: curve.intervalUs === null ? null : curve.intervalUs / 1e6,
    samples: thinned(curve).map(([us, bytes]) => ({ seconds: seconds(us), bytes: Math.round(bytes) })),
    killSeconds: [...new Set(kills.map(seconds))],
    startSeconds: curve.falls === 'collections' ? [] : curve.livesUs.slice(1).map(seconds),
    spikeSeconds: curve.spikeUs === null ? null : seconds(curve.spikeUs),
    lives: curve.runs.map(({ fromUs, toUs, slopeBytesPerHour, firstBytes, lastBytes, peakBytes, shape, confidence, killed }) => ({
      fromSeconds: seconds(fromUs),
      toSeconds: seconds(toUs),
      shape,
      confidence,
      slopeBytesPerHour: slopeBytesPerHour === null ? null : Math.round(slopeBytesPerHour),
      firstBytes: Math.round(firstBytes),
      lastBytes: Math.round(lastBytes),
      peakBytes: Math.round(peakBytes),
      killed,
    })),
    highWaterBytes: curve.highWaterBytes === null ? null : Math.round(curve.highWaterBytes),
    pressure: pressureOf(curve).map(([us, percent]) => ({ seconds: seconds(us), percent: Math.round(percent * 10) / 10 })),
  }
}

const thinned = (curve: Curve): Sample[] =>
  thinnedTo(
    MOST_SAMPLES,
    curve.us.map((us, index) => [us, curve.bytes[index] ?? 0]),
  )

/** Beside the curve only: what came before or after is not in the picture. */
function pressureOf({ pressure, us }: Curve): Sample[] {
  const [from = 0, to = 0] = [us[0], us.at(-1)]
  return thinnedTo(
    MOST_PRESSURES,
    pressure.filter((one) => one.us >= from && one.us <= to).map((one) => [one.us, one.percent]),
  )
}

type Sample = readonly [us: number, value: number]

function thinnedTo(most: number, all: readonly Sample[]): Sample[] {
  const samples = new ThinnedSeries(most)
  for (const [us, value] of all) samples.add(us, value)
  const { us, bytes } = samples.points()
  return [...us].map((at, index) => [at, bytes[index] ?? 0] as const)
}
