import { type Points, part, quantile } from './points.ts'

export interface Line {
  /** Bytes per µs. */
  readonly slope: number
  /** Value at the first point's time. */
  readonly start: number
}

/** Up to `most` places of `length`, evenly spread, ends included: fits need no more, and stay linear in time. */
function spread(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, index) => index)
  return Array.from({ length: most }, (_, index) => Math.round((index * (length - 1)) / (most - 1)))
}

/** At most `most` of the points, evenly spread. */
export function sparse({ us, bytes }: Points, most: number): Points {
  const places = spread(us.length, most)
  return { us: Float64Array.from(places, (at) => us[at] ?? 0), bytes: Float64Array.from(places, (at) => bytes[at] ?? 0) }
}

/** The median of the slopes of pairs of points (Theil, Sen): up to 29 % of outliers do not move it. */
function medianSlope(points: Points): number {
  const { us, bytes } = sparse(points, 160)
  const slopes: number[] = []
  for (let i = 0; i < us.length; i += 1)
    for (let j = i + 1; j < us.length; j += 1) {
      const dt = (us[j] ?? 0) - (us[i] ?? 0)
      if (dt > 0) slopes.push(((bytes[j] ?? 0) - (bytes[i] ?? 0)) / dt)
    }
  return quantile(Float64Array.from(slopes), 0.5)
}

/** The robust line through the points. */
export function robustLine(points: Points): Line {
  const slope = medianSlope(points)
  const first = points.us[0] ?? 0
  const start = quantile(
    points.bytes.map((value, index) => value - slope * ((points.us[index] ?? 0) - first)),
    0.5,
  )
  return { slope, start }
}

/** What is left of the points when a line is taken off. */
export function withoutLine(points: Points, { slope, start }: Line): Points {
  const first = points.us[0] ?? 0
  return { us: points.us, bytes: points.bytes.map((value, index) => value - start - slope * ((points.us[index] ?? 0) - first)) }
}

/** Sum of squares about the mean. */
function scatter(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / Math.max(1, values.length)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return squares
}

/** The share of the scatter that is left when `fitted` is taken off: 0 is a perfect fit, 1 none. */
export function unexplained(values: Float64Array, rest: Float64Array): number {
  const all = scatter(values)
  return all === 0 ? 0 : Math.min(1, scatter(rest) / all)
}

/** Kendall's rank correlation with time of the medians of `blocks` equal parts: 1 rises throughout, −1 falls. */
export function tauOf(points: Points, blocks: number): number {
  const count = Math.min(blocks, points.us.length)
  const medians = Array.from({ length: count }, (_, block) =>
    quantile(part(points, Math.floor((block * points.us.length) / count), Math.floor(((block + 1) * points.us.length) / count)).bytes, 0.5),
  )
  let sum = 0
  for (let i = 0; i < count; i += 1) for (let j = i + 1; j < count; j += 1) sum += Math.sign((medians[j] ?? 0) - (medians[i] ?? 0))
  return count < 2 ? 0 : sum / ((count * (count - 1)) / 2)
}

export interface Step {
  /** Index of the first point after it. */
  readonly at: number
  readonly before: number
  readonly after: number
  /** Share of the scatter that two levels leave. */
  readonly left: number
}

/** The best cut of the points into two levels. */
export function stepOf({ bytes }: Points): Step | null {
  const n = bytes.length
  if (n < 6) return null
  const sums = new Float64Array(n + 1)
  for (let at = 0; at < n; at += 1) sums[at + 1] = (sums[at] ?? 0) + (bytes[at] ?? 0)
  const total = sums[n] ?? 0
  let best = 2
  let most = -1
  for (let at = 2; at <= n - 2; at += 1) {
    const before = (sums[at] ?? 0) / at
    const after = (total - (sums[at] ?? 0)) / (n - at)
    const between = (at * (n - at) * (before - after) ** 2) / n
    if (between > most) {
      most = between
      best = at
    }
  }
  const all = scatter(bytes)
  return {
    at: best,
    before: quantile(bytes.slice(0, best), 0.5),
    after: quantile(bytes.slice(best), 0.5),
    left: all === 0 ? 1 : Math.max(0, 1 - most / all),
  }
}
