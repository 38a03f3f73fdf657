import { robustLine, withoutLine } from './fit.ts'
import { noiseOf, type Points, part, quantile } from './points.ts'

/** What a curve consists of between sudden falls. */
export interface Lives {
  /** The stretches between the falls, in order of time; one stretch where nothing fell. */
  readonly parts: readonly Points[]
  /** What the falls are: the workload started anew, a collector freed garbage, or nobody can tell. */
  readonly falls: 'restarts' | 'collections' | 'unknown' | null
}

/** A fall of this share of the range about the trend, within this many samples, is sudden. */
const FALL_SHARE = 0.4
const FALL_SAMPLES = 2

/**
 * Cuts a curve at its sudden falls. They are restarts where one is told (`restartsUs`, to within three samples) or where each of them came at
 * the limit and went down to where the curve began; collections where there are many, alike, from below the limit.
 */
export function livesOf(points: Points, limitBytes: number | null, restartsUs: readonly number[] = []): Lives {
  const cuts = fallsOf(points)
  const told = restartsUs.map((us) => points.us.findIndex((at) => at > us)).filter((at) => at > 0)
  const all = [...new Set([...cuts, ...told.filter((at) => !cuts.some((cut) => Math.abs(cut - at) <= 3))])].sort((a, b) => a - b)
  if (all.length === 0) return { parts: [points], falls: null }
  const parts = [0, ...all].map((from, index) => part(points, from, all[index] ?? points.us.length))
  return { parts, falls: kindOf(points, cuts, told, limitBytes) }
}

/** Indexes of the first point after each sudden fall. */
function fallsOf(points: Points): number[] {
  const { bytes } = points
  const level = withoutLine(points, robustLine(points)).bytes
  const range = quantile(level, 1) - quantile(level, 0)
  const least = Math.max(FALL_SHARE * range, 8 * noiseOf(points))
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

function kindOf(points: Points, cuts: readonly number[], told: readonly number[], limitBytes: number | null): Lives['falls'] {
  if (told.length > 0 && cuts.every((cut) => told.some((at) => Math.abs(cut - at) <= 3))) return 'restarts'
  const peaks = cuts.map((cut) => Math.max(...points.bytes.subarray(Math.max(0, cut - FALL_SAMPLES - 1), cut)))
  const lows = cuts.map((cut) => Math.min(...points.bytes.subarray(cut, cut + 2)))
  const atLimit = limitBytes !== null && peaks.every((peak) => peak >= 0.9 * limitBytes)
  const deepest = Math.max(...lows.map((low, index) => low / Math.max(1, peaks[index] ?? 0)))
  if (atLimit && deepest <= 0.6) return 'restarts'
  const falls = peaks.map((peak, index) => peak - (lows[index] ?? 0))
  if (cuts.length >= 3 && alike(falls)) return limitBytes === null && deepest <= START_SHARE ? 'unknown' : 'collections'
  return 'unknown'
}

/** A program that starts anew holds little of what it held; what lives after a collection is more as a rule. */
const START_SHARE = 0.25

function alike(values: readonly number[]): boolean {
  const sorted = Float64Array.from(values)
  return quantile(sorted, 0.9) - quantile(sorted, 0.1) <= 0.3 * quantile(sorted, 0.5)
}
