/**
 * Samples of one quantity in the order of time, as two columns: `us` (µs since the epoch, or since boot where a source knows no
 * more; only differences count here) and `bytes`. Columns, since a month of scrapes is a million of them.
 */
export interface Points {
  readonly us: Float64Array
  readonly bytes: Float64Array
}

/** Samples sorted by time; of several at one instant the last told counts. What is no number is left out. */
export function pointsOf(samples: Iterable<readonly [us: number, bytes: number]>): Points {
  const sorted = [...samples].filter(([us, bytes]) => Number.isFinite(us) && Number.isFinite(bytes)).sort((a, b) => a[0] - b[0])
  const kept = sorted.filter(([us], index) => sorted[index + 1]?.[0] !== us)
  return { us: Float64Array.from(kept, ([us]) => us), bytes: Float64Array.from(kept, ([, bytes]) => bytes) }
}

/** Points `from` to `to` (excluded). Shares memory with the whole. */
export const part = (points: Points, from: number, to: number): Points => ({
  us: points.us.subarray(from, to),
  bytes: points.bytes.subarray(from, to),
})

/** Points not later than an instant. */
export function until(points: Points, us: number): Points {
  let end = points.us.length
  while (end > 0 && (points.us[end - 1] ?? 0) > us) end -= 1
  return part(points, 0, end)
}

/** The usual distance of two neighbours in µs (their median); `null` with fewer than two points. */
export function intervalOf({ us }: Points): number | null {
  if (us.length < 2) return null
  return quantile(
    us.subarray(1).map((at, index) => at - (us[index] ?? 0)),
    0.5,
  )
}

/** From the first to the last point, in µs. */
export const spanOf = ({ us }: Points): number => (us.at(-1) ?? 0) - (us[0] ?? 0)

/** The value below which a share `q` (0 to 1) of the values lies; 0 for none. */
export function quantile(values: Float64Array, q: number): number {
  const sorted = values.slice().sort()
  if (sorted.length === 0) return 0
  const place = q * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below] ?? 0
  return low + (place - below) * ((sorted[below + 1] ?? low) - low)
}

/** Noise from one sample to the next as a standard deviation: from the median of differences of differences, which a trend, a step and a spike leave as it is. */
export function noiseOf({ bytes }: Points): number {
  if (bytes.length < 4) return 0
  const bends = bytes.subarray(2).map((value, index) => Math.abs(value - 2 * (bytes[index + 1] ?? 0) + (bytes[index] ?? 0)))
  return Math.max(quantile(bends, 0.5) / (0.6745 * Math.sqrt(6)), bytes.every((value) => value % MIB === 0) ? MIB / 2 : 0)
}

/** `kubectl top` rounds to it: half a step is noise that need not show from one sample to the next. */
const MIB = 2 ** 20

/** Noise where it is loud, by quarters of the points: as a rule it grows with what is held. The loudest quarter may hold the falls that noise is held against. */
export function loudNoise(points: Points): number {
  const quarter = Math.floor(points.us.length / 4)
  if (quarter < 8) return noiseOf(points)
  const each = [0, 1, 2, 3].map((at) => noiseOf(part(points, at * quarter, (at + 1) * quarter)))
  return Math.max(noiseOf(points), each.sort((a, b) => b - a)[1] ?? 0)
}
