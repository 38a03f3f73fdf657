import { type Line, stepOf, tauOf, unexplained, withoutLine } from './fit.ts'
import { type Look, lookAt, MATERIAL, type OneLife, rangeOf, STEP_LEFT } from './look.ts'
import { type Points, part, quantile, spanOf } from './points.ts'
import { spike } from './spike.ts'
import { waveOf } from './wave.ts'

/** Near enough to the limit to be stopped by it. */
const AT_LIMIT = 0.95
/** A plateau lasts at least this share of what was seen. */
export const PLATEAU_SHARE = 0.25

export function shapeOfLife(points: Points, limitBytes: number | null): OneLife {
  const look = lookAt(points, limitBytes)
  return plateau(look) ?? flat(look) ?? spike(look) ?? periodic(look) ?? growth(look) ?? settled(look) ?? unclear(look)
}

/** Held down by the limit for a good while: page cache, or a heap that fills what it is given. */
function plateau({ points, limitBytes, line }: Look): OneLife | null {
  if (limitBytes === null) return saturated(points, line)
  let from = points.us.length
  let misses = 0
  for (let at = points.us.length - 1; at >= 0; at -= 1) {
    if ((points.bytes[at] ?? 0) >= AT_LIMIT * limitBytes) from = at
    else if (++misses > 0.05 * (points.us.length - at) + 1) break
  }
  const held = part(points, from, points.us.length)
  const share = spanOf(held) / Math.max(1, spanOf(points))
  if (share < PLATEAU_SHARE || held.us.length < 4) return null
  return { shape: 'plateau', confidence: share >= 0.4 && held.us.length >= 10 ? 'high' : 'medium', slope: line.slope, spikeUs: null }
}

/** Rises, then stays at its highest, where no limit is known: by two lines that meet. */
function saturated(points: Points, line: Line): OneLife | null {
  const n = points.us.length
  if (n < 20) return null
  const knee = stepOf(points)
  // two levels are a step
  if (knee === null || knee.after <= knee.before || knee.left < STEP_LEFT) return null
  const late = part(points, Math.floor(n * 0.65), n)
  const early = part(points, 0, Math.floor(n * 0.5))
  const rise = quantile(late.bytes, 0.5) - quantile(early.bytes.slice(0, Math.ceil(n / 20)), 0.5)
  if (rise < 4 * MATERIAL * quantile(late.bytes, 0.5) || rangeOf(late, 0.05) > 0.06 * rise) return null
  // at its highest it stays
  if (quantile(late.bytes, 1) - quantile(late.bytes, 0.5) > 0.25 * rise) return null
  if (tauOf(early, 8) < 0.7) return null
  return { shape: 'plateau', confidence: 'medium', slope: line.slope, spikeUs: null }
}

function flat({ points, line, level, tau, noise }: Look): OneLife | null {
  const range = rangeOf(points, 0)
  const rise = Math.abs(line.slope) * spanOf(points)
  const quiet = range <= MATERIAL * level
  // noise about a level: what sticks out is what chance makes of so many samples
  const noisy =
    rise < Math.max(MATERIAL * level, noise) &&
    (Math.abs(tau) < 0.5 || rise < 0.02 * level) &&
    range <= 9 * noise &&
    rangeOf(points, 0.02) <= 6 * noise
  if (!quiet && !noisy) return null
  const steady = quiet || rise < 0.5 * noise || rise < 0.02 * level
  const sure = points.us.length >= 12 && steady && (quiet || !isWavy(points, line))
  return { shape: 'flat', confidence: sure ? 'high' : 'medium', slope: line.slope, spikeUs: null }
}

/** Noise may hide a habit: a wave that takes away a good part of the scatter. */
function isWavy(points: Points, line: Line): boolean {
  const wave = waveOf(withoutLine(points, line))
  return wave !== null && wave.left < 0.75
}

function periodic({ points, line, level }: Look): OneLife | null {
  const rest = withoutLine(points, line)
  const wave = waveOf(rest)
  if (wave === null || wave.left > 0.45 || wave.height < MATERIAL * level) return null
  const rise = line.slope * spanOf(points)
  // a wave on a slope: growth where the slope is the larger part of what happened
  if (Math.abs(rise) > 0.6 * wave.height && Math.abs(rise) > 2 * MATERIAL * level) return null
  const sure = wave.left < 0.2 && spanOf(points) / wave.periodUs >= 2.5 && rise < 0.25 * wave.height
  return { shape: 'periodic', confidence: sure ? 'high' : 'medium', slope: line.slope, spikeUs: null }
}

function growth({ points, line, level, tau, noise }: Look): OneLife | null {
  const rise = line.slope * spanOf(points)
  const few = points.us.length < 12
  if (rise < MATERIAL * level || tau < (few ? 0.8 : 0.55) || (few && rise < 4 * noise)) return null
  const late = goesOn(points, line)
  if (late < 0.25) return null
  const rest = withoutLine(points, line)
  const left = unexplained(points.bytes, rest.bytes)
  // two levels tell it better than a slope
  if ((stepOf(points)?.left ?? 1) < Math.min(left, 0.15)) return null
  const sure = tau >= 0.85 && left < 0.15 && !few && rise > 2 * noise && late >= 0.5
  return { shape: 'growth', confidence: sure ? 'high' : 'medium', slope: line.slope, spikeUs: null }
}

/** How much of the slope is left in the last third, by the middle and by the upper end of the values: 1 all of it, 0 where it has come to rest. */
function goesOn(points: Points, line: Line): number {
  const from = points.us[0] ?? 0
  const span = spanOf(points)
  const within = (a: number, b: number): Float64Array =>
    points.bytes.filter((_, at) => (points.us[at] ?? 0) >= from + a * span && (points.us[at] ?? 0) <= from + b * span)
  const before = within(0.35, 0.65)
  const after = within(0.7, 1)
  const expected = line.slope * span * 0.35
  // a gap where one of them would be: nothing speaks against it
  if (before.length < 2 || after.length < 2 || expected <= 0) return 1
  return Math.max(...[0.5, 0.9].map((q) => (quantile(after, q) - quantile(before, q)) / expected))
}

/** What has come to rest after a rise, below the limit; or wanders a little about its level. */
function settled({ points, line, level, tau }: Look): OneLife | null {
  const rest = saturated(points, line)
  if (rest !== null) return rest
  const late = part(points, Math.floor(points.us.length * WARM), points.us.length)
  if (late.us.length >= 12 && flat(lookAt(late, null)) !== null) return { shape: 'flat', confidence: 'medium', slope: null, spikeUs: null }
  const rise = Math.abs(line.slope) * spanOf(points)
  const wanders = points.us.length >= 12 && rangeOf(points, 0.02) <= WANDER * level && rise < MATERIAL * level && Math.abs(tau) < 0.5
  return wanders ? { shape: 'flat', confidence: 'medium', slope: line.slope, spikeUs: null } : null
}

/** Warming up takes this share of what was seen at most. */
export const WARM = 0.3

/** Ups and downs of this share of the level are a program's ordinary life. */
const WANDER = 0.2

const unclear = ({ line }: Look): OneLife => ({ shape: 'unknown', confidence: 'low', slope: line.slope, spikeUs: null })
