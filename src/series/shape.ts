import type { Confidence, UsageShape } from '../model/ids.ts'
import { type Lives, livesOf } from './lives.ts'
import type { OneLife } from './look.ts'
import { shapeOfLife, WARM } from './one-life.ts'
import { type Points, part, pointsOf, quantile, spanOf, until } from './points.ts'

export interface ShapeOptions {
  readonly limitBytes: number | null
  /** The kill that the curve leads to, on the points' clock; `null`: the last point is the end. */
  readonly endUs: number | null
  /** Known starts of the workload within the curve. */
  readonly restartsUs: readonly number[]
}

/** What a curve says, with the figures behind it. */
export interface CurveShape {
  readonly shape: UsageShape
  readonly confidence: Confidence
  /** Robust slope of the growth (or of what there is of one) in bytes per hour; `null` where the curve is too short to have one. */
  readonly slopeBytesPerHour: number | null
  /** When the spike or step began, on the points' clock. */
  readonly spikeUs: number | null
  /** The stretches between restarts or collections. */
  readonly lives: Lives
  /** Time from the last sample to the end in µs, where the scrape stopped before it; what came then is not seen. */
  readonly unseenUs: number
}

const HOUR_US = 3_600_000_000
const LEAST_POINTS = 6
/** A part of the curve before the kill that no sample covers and that could hold anything. */
const UNSEEN_SHARE = 0.2

/** Names the shape of a curve up to a kill: growth between restarts, a spike, a plateau at the limit, a habit, nothing. Never `high` where another shape fits nearly as well. */
export function shapeOf(all: Points, options: ShapeOptions): CurveShape {
  const points = options.endUs === null ? all : until(all, options.endUs)
  const unseenUs = options.endUs === null ? 0 : Math.max(0, options.endUs - (points.us.at(-1) ?? options.endUs))
  const lives = livesOf(points, options.limitBytes, options.restartsUs)
  const found = points.us.length < LEAST_POINTS ? nothing : ofLives(points, lives, options.limitBytes)
  const blind = unseenUs > UNSEEN_SHARE * (spanOf(points) + unseenUs)
  return {
    ...(blind ? { ...found, shape: 'unknown' as const, confidence: 'low' as const } : found),
    slopeBytesPerHour: found.slope === null ? null : found.slope * HOUR_US,
    lives,
    unseenUs,
  }
}

const nothing: OneLife = { shape: 'unknown', confidence: 'low', slope: null, spikeUs: null }

function ofLives(points: Points, lives: Lives, limitBytes: number | null): OneLife {
  if (lives.falls === null) return ofOneLife(points, limitBytes)
  if (lives.falls === 'collections') return ofCollections(points, lives, limitBytes)
  return ofRuns(points, lives, limitBytes)
}

/** Without falls; where the whole says nothing, what it did after its start, if that is a habit, a growth or a peak. */
function ofOneLife(points: Points, limitBytes: number | null): OneLife {
  const found = shapeOfLife(points, limitBytes)
  const late = part(points, Math.floor(points.us.length * WARM), points.us.length)
  if (found.shape !== 'unknown' || late.us.length < 2 * LEAST_POINTS) return found
  const lives = withinRun(late, limitBytes)
  const started = lives.falls === null ? shapeOfLife(late, limitBytes) : ofLives(late, lives, limitBytes)
  return AFTER_START.has(started.shape) ? { ...started, confidence: 'medium' } : found
}

const AFTER_START: ReadonlySet<UsageShape> = new Set(['periodic', 'growth', 'spike'])

/** A collector's sawtooth: what is left after each collection is what lives, and tells whether it grows. */
function ofCollections(points: Points, { parts }: Lives, limitBytes: number | null): OneLife {
  const floors = pointsOf(parts.slice(1).map((life) => [life.us[0] ?? 0, quantile(life.bytes.slice(0, 2), 0)] as const))
  if (floors.us.length < LEAST_POINTS) {
    const whole = shapeOfLife(points, limitBytes)
    return whole.shape === 'growth'
      ? { ...whole, confidence: 'medium' }
      : { ...whole, shape: 'periodic', confidence: 'medium', spikeUs: null }
  }
  const floor = shapeOfLife(floors, limitBytes)
  if (floor.shape === 'growth' && (floor.slope ?? 0) * spanOf(floors) > FLOOR_STEPS * stepWithin(parts))
    return { ...floor, confidence: floor.confidence === 'high' ? 'high' : 'medium' }
  return { shape: 'periodic', confidence: 'high', slope: floor.slope, spikeUs: null }
}

/** A floor is seen to within what piles up between two samples: a rhythm that drifts against theirs must not look like growth. */
const FLOOR_STEPS = 1.5

/** How much piles up between two samples. */
function stepWithin(parts: readonly Points[]): number {
  const steps = parts.flatMap(({ bytes }) => [...bytes.subarray(1)].map((value, at) => value - (bytes[at] ?? 0)))
  return Math.max(0, quantile(Float64Array.from(steps), 0.5))
}

/** Within one run nothing starts anew: its falls are collections, or nobody knows what. */
function withinRun(life: Points, limitBytes: number | null): Lives {
  const inner = livesOf(life, limitBytes)
  return inner.falls === 'restarts' || inner.falls === 'unknown' ? { parts: [life], falls: null, told: false } : inner
}

/** The shape of one run of a workload; a collector may be at work in it. */
export function shapeOfRun(life: Points, limitBytes: number | null): OneLife {
  return life.us.length < LEAST_POINTS ? nothing : ofLives(life, withinRun(life, limitBytes), limitBytes)
}

/** Several lives of one workload: what all of them do, with the middle of their slopes. */
function ofRuns(points: Points, { parts, falls, told }: Lives, limitBytes: number | null): OneLife {
  const long = parts.filter((life) => life.us.length >= LEAST_POINTS)
  if (long.length === 0) return nothing
  const shapes = long.map((life) => (falls === 'restarts' ? shapeOfRun(life, limitBytes) : shapeOfLife(life, limitBytes)))
  const last = shapes.at(-1) ?? nothing
  const whole = told ? null : shapeOfLife(points, limitBytes)
  // one line through all of it: nothing started anew, the falls are noise
  if (whole?.shape === 'growth') return whole
  const same = shapes.filter(({ shape }) => shape === 'growth')
  if (same.length * 2 > shapes.length) {
    const slopes = Float64Array.from(same, ({ slope }) => slope ?? 0)
    const sure =
      same.length >= 2 && same.length === shapes.length && falls === 'restarts' && same.some(({ confidence }) => confidence === 'high')
    return { shape: 'growth', confidence: sure ? 'high' : 'medium', slope: quantile(slopes, 0.5), spikeUs: null }
  }
  // one fall of a curve that was quiet before and after: what it fell from was a spike; several may be a habit
  if (whole !== null && (whole.shape === 'spike' ? parts.length <= 3 : whole.shape === 'periodic')) return whole
  return {
    ...last,
    confidence: last.confidence === 'high' && shapes.some(({ shape }) => shape !== last.shape) ? 'medium' : last.confidence,
  }
}
