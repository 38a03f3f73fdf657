import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Curve } from '../model/curve.ts'
import type { Incident } from '../model/incident.ts'
import type { ReportUsage } from '../model/report.ts'
import { ThinnedSeries } from '../series/thin.ts'
import { rfc3339 } from '../text/values.ts'

/** Wide enough for a chart of any width, small enough for hundreds of incidents in one file. */
const MOST_SAMPLES = 160

/** The curves as a report shows them. */
export const usageOf = ({ curves, incident }: IncidentFacts): ReportUsage[] => curves.map((curve) => usage(curve, incident))

function usage(curve: Curve, incident: Incident): ReportUsage {
  const first = curve.us[0] ?? 0
  const seconds = (us: number): number => Math.round((us - first) / 1000) / 1000
  const stamp = (us: number | undefined): string | null =>
    us === undefined || curve.clock !== 'utc' ? null : rfc3339(us, us % 1e6 === 0 ? 0 : 3)
  const kills = curve.clock === 'utc' ? incident.kills.map(({ at }) => at.epochUs).filter((us) => us !== null) : []
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
  }
}

function thinned(curve: Curve): (readonly [us: number, bytes: number])[] {
  const samples = new ThinnedSeries(MOST_SAMPLES)
  for (const [index, us] of curve.us.entries()) samples.add(us, curve.bytes[index] ?? 0)
  const { us, bytes } = samples.points()
  return [...us].map((at, index) => [at, bytes[index] ?? 0] as const)
}
