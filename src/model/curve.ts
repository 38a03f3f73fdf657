import type { Confidence, UsageShape, UsageSubject } from './ids.ts'
import type { Quote } from './origin.ts'
import type { SeriesMetric, SeriesSubject } from './series.ts'

/** Memory over time of somebody in an incident, up to its first kill, with what its shape tells. */
export interface Curve {
  readonly of: UsageSubject
  readonly metric: SeriesMetric
  readonly subject: SeriesSubject
  /** `shop/cart-6d5/app`, `node-17`, `report.service`. */
  readonly name: string
  readonly source: string
  /** Samples, thinned, in µs on `clock`; for `available` and `free` what is left, as the source has it. */
  readonly us: readonly number[]
  readonly bytes: readonly number[]
  readonly clock: 'utc' | 'local' | 'since-start'
  readonly count: number
  /** Median distance of two samples; `null` with fewer than two. A spike shorter than it cannot be seen. */
  readonly intervalUs: number | null
  readonly limitBytes: number | null
  /** Another limit, that held for most of the way and was changed before the kill; `null` where none is told. */
  readonly formerLimitBytes: number | null
  readonly shape: UsageShape
  readonly confidence: Confidence
  /** Growth of what is used, robust, in bytes per hour; `null` where the curve is too short to tell. */
  readonly slopeBytesPerHour: number | null
  /** When a spike or step began, on `clock`. */
  readonly spikeUs: number | null
  /** Begins of the stretches between restarts or collections; what they are. */
  readonly livesUs: readonly number[]
  readonly falls: 'restarts' | 'collections' | 'unknown' | null
  /** Its runs one by one, in order of time; empty where it was not started anew. */
  readonly runs: readonly CurveRun[]
  /** From the last sample to the kill: what came then is not seen. */
  readonly unseenUs: number
  readonly lastBytes: number
  /** The most that was used; for `available` and `free` the least that was left. */
  readonly peakBytes: number
  /** The kernel's high-water mark up to the kill, where a source tells it: it sees what no sample saw. */
  readonly highWaterBytes: number | null
  /** Per cent of the time in which somebody waited for memory, beside the curve; empty where no source tells it. */
  readonly pressure: readonly { readonly us: number; readonly percent: number }[]
  readonly quotes: readonly Quote[]
}

/** One run of a workload, from start to death. */
export interface CurveRun {
  /** First and last sample of it, on the curve's clock. */
  readonly fromUs: number
  readonly toUs: number
  readonly shape: UsageShape
  readonly confidence: Confidence
  readonly slopeBytesPerHour: number | null
  readonly firstBytes: number
  readonly lastBytes: number
  readonly peakBytes: number
  /** Whether a kill of the incident, or another death of the workload that was told, ended it. */
  readonly killed: boolean
}
