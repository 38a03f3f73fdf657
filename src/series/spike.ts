import { robustLine, stepOf } from './fit.ts'
import { type Look, MATERIAL, type OneLife, STEP_LEFT } from './look.ts'
import { type Points, part, quantile, spanOf } from './points.ts'

/** Quiet for most of the time, and then up, at once or within few samples; whether it comes down again or not. */
export function spike({ points, level, noise, limitBytes }: Look): OneLife | null {
  const top = quantile(points.bytes, 1)
  const rise = top - level
  if (rise < Math.max(0.15 * level, 0.05 * (limitBytes ?? 0), 6 * noise)) return stepUp(points, noise)
  const above = points.bytes.map((value) => (value > level + rise / 2 ? 1 : 0))
  const high = above.reduce((sum, one) => sum + one, 0)
  const share = high / above.length
  const body = Float64Array.from(points.bytes.filter((value) => value <= level + rise / 2))
  const calm = quantile(body, 0.95) - quantile(body, 0.05)
  if (share > 0.16 || calm > 0.45 * rise) return stepUp(points, noise)
  // it began where it left the quiet level
  const quiet = Math.max(quantile(body, 0.95), level + 2 * noise)
  let first = above.indexOf(1)
  while (first > 0 && (points.bytes[first - 1] ?? 0) > quiet) first -= 1
  const begins = [...above.keys()].filter((at) => above[at] === 1 && above[at - 1] !== 1)
  if (isHabit(points, begins)) return { shape: 'periodic', confidence: begins.length >= 5 ? 'high' : 'medium', slope: null, spikeUs: null }
  const runs = begins.length
  if (runs > 3 && runs > 0.3 * high) return null
  const sure = share < 0.1 && calm < 0.25 * rise && points.us.length >= 12 && runs <= 2
  return { shape: 'spike', confidence: sure ? 'high' : 'medium', slope: null, spikeUs: points.us[first] ?? null }
}

/** Peaks that come at even distances, as a job that somebody put into a timetable makes them. */
function isHabit({ us }: Points, begins: readonly number[]): boolean {
  const gaps = Float64Array.from(begins.slice(1), (at, index) => (us[at] ?? 0) - (us[begins[index] ?? 0] ?? 0))
  const usual = quantile(gaps, 0.5)
  const even = gaps.filter((gap) => Math.abs(gap - usual) <= 0.1 * usual).length
  return gaps.length >= 2 && even >= (gaps.length < 4 ? gaps.length : 0.75 * gaps.length)
}

/** Two levels, the later one higher. */
function stepUp(points: Points, noise: number): OneLife | null {
  const step = stepOf(points)
  if (step === null) return null
  const rise = step.after - step.before
  if (rise < Math.max(2 * MATERIAL * step.before, 4 * noise) || step.left > 0.12) return null
  const before = part(points, 0, step.at)
  const after = part(points, step.at, points.us.length)
  const wander = Math.max(wanderOf(before), wanderOf(after))
  if (wander > 0.25 * rise) return null
  const sure = step.left < STEP_LEFT && wander < 0.12 * rise && points.us.length >= 12
  return { shape: 'spike', confidence: sure ? 'high' : 'medium', slope: null, spikeUs: points.us[step.at] ?? null }
}

/** How far a stretch climbs or falls by its robust line. */
const wanderOf = (points: Points): number => (points.us.length < 4 ? 0 : Math.abs(robustLine(points).slope) * spanOf(points))
