import type { CurveRun } from '../model/curve.ts'
import { livesOf } from './lives.ts'
import type { Points } from './points.ts'
import { type ShapeOptions, shapeOfRun } from './shape.ts'

const HOUR_US = 3_600_000_000
/** A loop has thousands: what the last ones did is what counts. */
const MOST_RUNS = 24

/** The runs of a workload, each with its own shape: also those after the last kill. Empty where nothing was started anew, or only a collector was at work. */
export function runsOf(points: Points, { limitBytes, restartsUs }: Omit<ShapeOptions, 'endUs'>, deathsUs: readonly number[]): CurveRun[] {
  const { parts, falls } = livesOf(points, limitBytes, restartsUs)
  if (falls !== 'restarts') return []
  return parts.map((part, at) => runOf(part, parts[at + 1]?.us[0] ?? Number.POSITIVE_INFINITY, limitBytes, deathsUs)).slice(-MOST_RUNS)
}

function runOf(part: Points, nextUs: number, limitBytes: number | null, deathsUs: readonly number[]): CurveRun {
  const { shape, confidence, slope } = shapeOfRun(part, limitBytes)
  const [fromUs, toUs] = [part.us[0] ?? 0, part.us.at(-1) ?? 0]
  return {
    fromUs,
    toUs,
    shape,
    confidence,
    slopeBytesPerHour: slope === null ? null : slope * HOUR_US,
    firstBytes: part.bytes[0] ?? 0,
    lastBytes: part.bytes.at(-1) ?? 0,
    peakBytes: part.bytes.reduce((most, value) => Math.max(most, value), 0),
    killed: deathsUs.some((us) => us > fromUs && us <= nextUs),
  }
}
