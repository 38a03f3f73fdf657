import { sparse, unexplained } from './fit.ts'
import { type Points, spanOf } from './points.ts'

export interface Wave {
  readonly periodUs: number
  /** From trough to crest, in bytes. */
  readonly height: number
  /** Share of the scatter that the wave leaves. */
  readonly left: number
}

/** At least this many periods must be seen: one and a half hills are no habit. */
const LEAST_PERIODS = 1.75

/**
 * The wave (a sine and its first harmonic, so that lopsided days fit too) that explains most of the points, of all periods from eight samples to
 * a little more than half the span. Points are to be free of a trend. `null` with too few of them.
 */
export function waveOf(points: Points): Wave | null {
  const thinned = sparse(points, 320)
  const n = thinned.us.length
  const span = spanOf(thinned)
  if (n < 16 || span <= 0) return null
  const longest = span / LEAST_PERIODS
  const shortest = Math.max((span / n) * 8, longest / 200)
  let best: Wave | null = null
  for (let frequency = 1 / longest; frequency <= 1 / shortest; frequency += 0.2 / span) {
    const wave = fitWave(thinned, 1 / frequency)
    if (best === null || wave.left < best.left - 0.005) best = wave
  }
  return best
}

function fitWave(points: Points, periodUs: number): Wave {
  const first = points.us[0] ?? 0
  const columns = [1, 2].flatMap((harmonic) => {
    const phase = points.us.map((us) => (2 * Math.PI * harmonic * (us - first)) / periodUs)
    return [phase.map(Math.cos), phase.map(Math.sin)]
  })
  const weights = leastSquares([points.us.map(() => 1), ...columns], points.bytes)
  const model = points.bytes.map((_, at) => columns.reduce((sum, column, index) => sum + (weights[index + 1] ?? 0) * (column[at] ?? 0), 0))
  const rest = points.bytes.map((value, at) => value - (model[at] ?? 0))
  return { periodUs, height: Math.max(...model) - Math.min(...model), left: unexplained(points.bytes, rest) }
}

/** Weights of the columns whose sum comes nearest to the values: normal equations, solved by elimination. */
function leastSquares(columns: readonly Float64Array[], values: Float64Array): number[] {
  const rows = columns.map((a) => [...columns.map((b) => dot(a, b)), dot(a, values)])
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    const top = rows[pivot] as number[]
    const lead = top[pivot] ?? 0
    if (Math.abs(lead) < 1e-9) continue
    for (const row of rows) {
      if (row === top) continue
      const factor = (row[pivot] ?? 0) / lead
      for (let at = pivot; at < row.length; at += 1) row[at] = (row[at] ?? 0) - factor * (top[at] ?? 0)
    }
  }
  return rows.map((row, index) => {
    const lead = row[index] ?? 0
    return Math.abs(lead) < 1e-9 ? 0 : (row.at(-1) ?? 0) / lead
  })
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}
