/**
 * The only place that converts clocks. The kernel's clock (printk's local_clock) counts from boot, stops in suspend and is not disciplined by
 * NTP; the wall clock may be stepped. Anchors are readings of both at one place. Per boot, an offset (wall − uptime) is looked up near the
 * uptime in question.
 */
import type { ClockAnchor } from '../model/event.ts'

/** An anchor whose wall clock side is an instant. */
export interface Reading {
  readonly uptimeUs: number
  readonly offsetUs: number
  /**
   * `exact`: both clocks read at once (a journal entry's own two stamps, audit). `late`: the logger's clock, after the fact: the true offset is
   * at or below it. `coarse`: cut to seconds or extrapolated (rtc, btime, uptime files, dmesg -T).
   */
  readonly kind: 'exact' | 'late' | 'coarse'
  readonly errorUs: number
  /** Where printk's clock and the one that was read agreed; absent: at `uptimeUs`. System clocks count from boot, and printk's drifts from there. */
  readonly agreedAtUs?: number
}

export interface Converted {
  readonly epochUs: number
  readonly uncertaintyUs: number
  readonly kind: Reading['kind']
}

/** Printk's clock against CLOCK_MONOTONIC: tens of ppm at most on hardware that keeps its TSC. */
const driftPpm = 30
/** Offsets further apart than this are a step of the wall clock or a suspend, not noise. */
const stepUs = 2_000_000

/** Errors of the anchors by where they come from. */
export function readingOf(anchor: ClockAnchor, epochUs: number, precisionUs: number): Reading {
  const offsetUs = epochUs - anchor.uptimeUs
  switch (anchor.via) {
    case 'journal':
      return { uptimeUs: anchor.uptimeUs, offsetUs, kind: 'exact', errorUs: 20_000 }
    case 'audit':
      return { uptimeUs: anchor.uptimeUs, offsetUs, kind: 'exact', errorUs: 50_000 }
    case 'syslog':
      return { uptimeUs: anchor.uptimeUs, offsetUs: offsetUs, kind: 'late', errorUs: Math.max(precisionUs, 1_000) }
    case 'rtc':
      return { uptimeUs: anchor.uptimeUs, offsetUs, kind: 'coarse', errorUs: 1_000_000 }
    case 'boot-derived':
      return { uptimeUs: anchor.uptimeUs, offsetUs: offsetUs + precisionUs / 2, kind: 'coarse', errorUs: 1_000_000 }
  }
}

/** Converts an uptime of this boot to an instant, or `null` without any anchor. */
export function convert(readings: readonly Reading[], uptimeUs: number): Converted | null {
  const exact = readings.filter((r) => r.kind === 'exact')
  const late = readings.filter((r) => r.kind === 'late')
  if (exact.length > 0) return withDrift(fromExact(exact, uptimeUs), late, uptimeUs)
  if (late.length > 0)
    return fromLate(
      late,
      readings.filter((r) => r.kind === 'coarse'),
      uptimeUs,
    )
  const coarse = readings.filter((r) => r.kind === 'coarse')
  return coarse.length > 0 ? fromCoarse(coarse, uptimeUs) : null
}

/**
 * Exact pairs are of CLOCK_MONOTONIC, which NTP disciplines; printk's clock is not, and after months may be seconds away. The kernel's own lines as the logger
 * stamped them bound it: within what drift explains, the lowest of them around is nearer to the truth.
 */
function withDrift(exact: Converted, late: readonly Reading[], uptimeUs: number): Converted {
  const bound = (uptimeUs * driftPpm) / 1e6
  const near = late.filter((r) => r.errorUs < 1_000_000 && Math.abs(r.uptimeUs - uptimeUs) <= 600_000_000)
  if (bound < 100_000 || near.length === 0) return exact
  const lowest = near.reduce((least, r) => Math.min(least, r.offsetUs), Number.POSITIVE_INFINITY)
  const shift = Math.max(-bound, Math.min(bound, lowest - (exact.epochUs - uptimeUs)))
  return { ...exact, epochUs: exact.epochUs + shift, uncertaintyUs: Math.max(exact.uncertaintyUs, Math.min(bound, 1_000_000)) }
}

/** Interpolates between the nearest exact anchors; across a step or suspend the nearer side counts, and the gap is the uncertainty. */
function fromExact(readings: readonly Reading[], uptimeUs: number): Converted {
  let below: Reading | null = null
  let above: Reading | null = null
  for (const r of withoutOutliers(readings)) {
    if (r.uptimeUs <= uptimeUs && (below === null || r.uptimeUs > below.uptimeUs)) below = r
    if (r.uptimeUs > uptimeUs && (above === null || r.uptimeUs < above.uptimeUs)) above = r
  }
  if (below !== null && above !== null) {
    const gap = above.offsetUs - below.offsetUs
    if (Math.abs(gap) > stepUs) {
      const near = uptimeUs - below.uptimeUs <= above.uptimeUs - uptimeUs ? below : above
      return { epochUs: uptimeUs + near.offsetUs, uncertaintyUs: Math.abs(gap), kind: 'exact' }
    }
    const share = (uptimeUs - below.uptimeUs) / (above.uptimeUs - below.uptimeUs || 1)
    return {
      epochUs: uptimeUs + below.offsetUs + gap * share,
      uncertaintyUs: Math.max(below.errorUs, above.errorUs, Math.abs(gap)),
      kind: 'exact',
    }
  }
  const one = (below ?? above) as Reading
  const drift = (Math.abs(uptimeUs - one.uptimeUs) * driftPpm) / 1e6
  return { epochUs: uptimeUs + one.offsetUs, uncertaintyUs: one.errorUs + drift, kind: 'exact' }
}

/**
 * A logger is only ever late, and a stamp cut to seconds is early by less than one: offset + precision bounds the truth from above, and the lowest bound
 * around is the nearest to it.
 */
function fromLate(late: readonly Reading[], coarse: readonly Reading[], uptimeUs: number): Converted {
  const windowUs = 600_000_000
  const bound = (r: Reading): number => r.offsetUs + (r.errorUs >= 1_000_000 ? r.errorUs : 0)
  const steady = withoutSteps(late, uptimeUs)
  const near = steady.filter((r) => Math.abs(r.uptimeUs - uptimeUs) <= windowUs)
  const nearest = (a: Reading, b: Reading): Reading => (Math.abs(a.uptimeUs - uptimeUs) <= Math.abs(b.uptimeUs - uptimeUs) ? a : b)
  const pool = near.length > 0 ? near : [steady.reduce(nearest)]
  const best = pool.reduce((a, b) => (bound(a) <= bound(b) ? a : b))
  const spread = pool.reduce((most, r) => Math.max(most, bound(r) - bound(best)), 0)
  const offset = bound(best)
  const floor = coarse.length > 0 ? fromCoarse(coarse, uptimeUs) : null
  const aboveFloor = floor === null ? 0 : offset - (floor.epochUs - uptimeUs)
  if (floor !== null && aboveFloor > floor.uncertaintyUs && aboveFloor < 60_000_000) return floor
  const uncertaintyUs = Math.max(best.errorUs, Math.min(spread, 10_000_000), pool.length > 8 ? 300_000 : 2_000_000)
  return { epochUs: uptimeUs + offset, uncertaintyUs, kind: 'late' }
}

/** A logger is late by 9 s at worst: a larger jump between two lines is a step of the wall clock or a suspend. */
const lateStepUs = 12_000_000

/** The readings between the two steps around the uptime in question; before the first or after the last line, those of the nearest run. */
function withoutSteps(late: readonly Reading[], uptimeUs: number): readonly Reading[] {
  const sorted = [...late].sort((a, b) => a.uptimeUs - b.uptimeUs)
  const runs: Reading[][] = []
  let previous: Reading | null = null
  for (const r of sorted) {
    if (previous === null || Math.abs(r.offsetUs - previous.offsetUs) > lateStepUs) runs.push([r])
    else runs.at(-1)?.push(r)
    previous = r
  }
  const distance = (run: readonly Reading[]): number => {
    const fromFirst = uptimeUs - Number(run[0]?.uptimeUs)
    const fromLast = uptimeUs - Number(run.at(-1)?.uptimeUs)
    return Math.max(-fromFirst, fromLast, 0)
  }
  return runs.reduce((a, b) => (distance(b) < distance(a) || (distance(b) === distance(a) && b.length > a.length) ? b : a))
}

function fromCoarse(coarse: readonly Reading[], uptimeUs: number): Converted {
  const errorAt = (r: Reading): number => r.errorUs + (Math.abs(uptimeUs - (r.agreedAtUs ?? r.uptimeUs)) * driftPpm) / 1e6
  const best = coarse.reduce((a, b) => (errorAt(a) <= errorAt(b) ? a : b))
  return { epochUs: uptimeUs + best.offsetUs, uncertaintyUs: errorAt(best), kind: 'coarse' }
}

/** Drops single readings that disagree with both neighbours while these agree with each other. */
function withoutOutliers(readings: readonly Reading[]): readonly Reading[] {
  const sorted = [...readings].sort((a, b) => a.uptimeUs - b.uptimeUs)
  return sorted.filter((r, i) => {
    const before = sorted[i - 1]
    const after = sorted[i + 1]
    if (before === undefined || after === undefined) return true
    const agree = Math.abs(before.offsetUs - after.offsetUs) <= stepUs
    return !(agree && Math.abs(r.offsetUs - before.offsetUs) > stepUs && Math.abs(r.offsetUs - after.offsetUs) > stepUs)
  })
}
