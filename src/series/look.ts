import type { Confidence, UsageShape } from '../model/ids.ts'
import { type Line, robustLine, tauOf } from './fit.ts'
import { noiseOf, type Points, quantile } from './points.ts'

/** The shape of a stretch without restarts. */
export interface OneLife {
  readonly shape: UsageShape
  readonly confidence: Confidence
  /** Bytes per µs. */
  readonly slope: number | null
  readonly spikeUs: number | null
}

/** Less change than this share of the level is none. */
export const MATERIAL = 0.05
/** Two levels that leave no more of the scatter than this are what there is. */
export const STEP_LEFT = 0.04

export const lookAt = (points: Points, limitBytes: number | null): Look => ({
  points,
  limitBytes,
  line: robustLine(points),
  noise: noiseOf(points),
  level: quantile(points.bytes, 0.5),
  tau: tauOf(points, 12),
})

/** What every question about a stretch looks at. */
export interface Look {
  readonly points: Points
  readonly limitBytes: number | null
  readonly line: Line
  readonly noise: number
  readonly level: number
  /** Rank correlation with time: 1 rises throughout. */
  readonly tau: number
}

export const rangeOf = ({ bytes }: Points, cut: number): number => quantile(bytes, 1 - cut) - quantile(bytes, cut)
