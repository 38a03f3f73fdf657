import { robustLine, withoutLine } from './fit.ts'
import { loudNoise, type Points, part, quantile } from './points.ts'

/** What a curve consists of between sudden falls. */
export interface Lives {
  /** The stretches between the falls, in order of time; one stretch where nothing fell. */
  readonly parts: readonly Points[]
  /** What the falls are: the workload started anew, a collector freed garbage, or nobody can tell. */
  readonly falls: 'restarts' | 'collections' | 'unknown' | null
  /** Somebody tells that it started anew there; else that is read from the falls. */
  readonly told: boolean
}

/** A fall of this share of the range about the trend, within this many samples, is sudden. */
const FALL_SHARE = 0.4
const FALL_SAMPLES = 2

/**
 * Cuts a curve at its sudden falls, or where starts are told (`restartsUs`, which count for the fall within three samples of them). Without such
 * word falls are restarts where each of them came at the limit and went down to where the curve began; collections where there are several from
 * below the limit.
 */
export function livesOf(points: Points, limitBytes: number | null, restartsUs: readonly number[] = []): Lives {
  const cuts = fallsOf(points)
  const told = restartsUs.map((us) => points.us.findIndex((at) => at > us)).filter((at) => at > 0)
  if (told.length > 0)
    return {
      parts: cutAt(
        points,
        told.map((at) => nearest(cuts, at) ?? at),
      ),
      falls: 'restarts',
      told: true,
    }
  const one: Lives = { parts: [points], falls: null, told: false }
  if (cuts.length === 0) return one
  const falls = kindOf(points, cuts, limitBytes)
  const several = falls !== 'restarts' && cuts.length >= LEAST_COLLECTIONS
  return several && !climbs(points, cuts) ? one : { parts: cutAt(points, cuts), falls, told: false }
}

/** Garbage piles up bit by bit: what goes up at once before it falls is work that comes and goes, or chance. */
function climbs(points: Points, cuts: readonly number[]): boolean {
  const leaps = cutAt(points, cuts)
    .slice(1)
    .filter(({ bytes }) => bytes.length >= 3)
    .map(({ bytes }) => {
      const rise = quantile(bytes, 1) - (bytes[0] ?? 0)
      const steps = bytes.subarray(1).map((value, at) => value - (bytes[at] ?? 0))
      return rise <= 0 ? 1 : quantile(steps, 1) / rise
    })
  return leaps.length === 0 || quantile(Float64Array.from(leaps), 0.5) <= LEAP
}

/** The largest step from one sample to the next may be this share of a rise. */
const LEAP = 0.6

const nearest = (cuts: readonly number[], at: number): number | undefined => cuts.find((cut) => Math.abs(cut - at) <= 3)

function cutAt(points: Points, places: readonly number[]): Points[] {
  const all = [...new Set([0, ...places])].sort((a, b) => a - b)
  return all.map((from, index) => part(points, from, all[index + 1] ?? points.us.length))
}

/** Indexes of the first point after each sudden fall. */
function fallsOf(points: Points): number[] {
  const { bytes } = points
  const level = withoutLine(points, robustLine(points)).bytes
  const range = quantile(level, 1) - quantile(level, 0)
  const least = Math.max(FALL_SHARE * range, 8 * loudNoise(points))
  const cuts: number[] = []
  for (let at = 1; at < bytes.length; at += 1) {
    const now = bytes[at] ?? 0
    const before = Math.max(...bytes.subarray(Math.max(cuts.at(-1) ?? 0, at - FALL_SAMPLES), at))
    if (range > 0 && before - now >= least && stays(bytes, at, now, before)) cuts.push(at)
  }
  return cuts
}

/** A single low sample is a hole, not a fall: what follows stays low too. */
function stays(bytes: Float64Array, at: number, low: number, high: number): boolean {
  const next = bytes[at + 1]
  return next === undefined || next < low + 0.6 * (high - low)
}

function kindOf(points: Points, cuts: readonly number[], limitBytes: number | null): Lives['falls'] {
  const peaks = cuts.map((cut) => Math.max(...points.bytes.subarray(Math.max(0, cut - FALL_SAMPLES - 1), cut)))
  const lows = cuts.map((cut) => Math.min(...points.bytes.subarray(cut, cut + 2)))
  const shares = Float64Array.from(lows, (low, index) => low / Math.max(1, peaks[index] ?? 0))
  const deepest = quantile(shares, 1)
  if (limitBytes !== null && peaks.every((peak) => peak >= AT_LIMIT * limitBytes) && deepest <= 0.6) return 'restarts'
  if (cuts.length < LEAST_COLLECTIONS) return 'unknown'
  // what never came near its limit was not ended by it
  if (limitBytes !== null) return peaks.filter((peak) => peak < AT_LIMIT * limitBytes).length > cuts.length / 2 ? 'collections' : 'unknown'
  const restartLike = quantile(shares, 0.5) <= START_SHARE || (alike(peaks) && cuts.length < MANY_FALLS && deepest <= 0.6)
  return restartLike ? 'unknown' : 'collections'
}

/** Near enough to the limit to have been ended by it. */
const AT_LIMIT = 0.9
const LEAST_COLLECTIONS = 3
/** A program is not started anew so often while somebody only looks. */
const MANY_FALLS = 8
/** A program that starts anew holds little of what it held; what lives after a collection is more as a rule. */
const START_SHARE = 0.25

/** The same height each time, as a limit makes it. */
function alike(values: readonly number[]): boolean {
  const sorted = Float64Array.from(values)
  return quantile(sorted, 0.9) - quantile(sorted, 0.1) <= 0.05 * quantile(sorted, 0.5)
}
