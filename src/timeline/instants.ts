import type { Instant } from '../model/incident.ts'

/** A leap year: stamps without a year are printed as of 1972. */
const yearUs = 366 * 86_400_000_000

/**
 * Microseconds from `a` to `b` on whichever clock both were read from: UTC, else the uptime of one boot, else the printed time of one source's or host's clock
 * (a syslog without zone and year cannot be put on UTC, but its own lines tell how far apart they are). `null` where no clock is shared.
 */
export function gapUs(a: Instant, b: Instant): number | null {
  if (a.epochUs !== null && b.epochUs !== null) return b.epochUs - a.epochUs
  if (a.boot === b.boot && a.uptimeSeconds !== null && b.uptimeSeconds !== null) return (b.uptimeSeconds - a.uptimeSeconds) * 1e6
  return localGapUs(a.local ?? null, b.local ?? null)
}

/** Where a year is missing, the nearer of the possible ones counts: 31 December and 1 January are neighbours. */
function localGapUs(a: NonNullable<Instant['local']> | null, b: NonNullable<Instant['local']> | null): number | null {
  if (a === null || b === null || a.clock !== b.clock) return null
  if (a.hasYear && b.hasYear) return b.us - a.us
  const gap = (((yearless(b.us) - yearless(a.us)) % yearUs) + yearUs) % yearUs
  return gap > yearUs / 2 ? gap - yearUs : gap
}

function yearless(us: number): number {
  const at = new Date(Math.floor(us / 1000))
  return Date.UTC(1972, at.getUTCMonth(), at.getUTCDate()) * 1000 + (us % 86_400_000_000)
}

/** Order of time where a clock tells it, else the order of reading. */
export function before(a: Instant, b: Instant): number {
  const gap = gapUs(a, b)
  return gap === null || gap === 0 ? a.order - b.order : -gap
}

/** Whether two instants lie within `us` of each other, as far as their clocks allow; `false` where no clock is shared. */
export function within(a: Instant, b: Instant, us: number): boolean {
  const gap = gapUs(a, b)
  return gap !== null && Math.abs(gap) <= us + 1000 * ((a.uncertaintyMs ?? 0) + (b.uncertaintyMs ?? 0))
}

/** The surest of several readings of one moment, with what only the others tell. */
export function bestInstant(all: readonly Instant[]): Instant {
  if (all.length === 1) return all[0] as Instant
  const placed = all
    .filter((i) => i.epochUs !== null)
    .sort((a, b) => (a.uncertaintyMs ?? Number.MAX_VALUE) - (b.uncertaintyMs ?? Number.MAX_VALUE) || a.order - b.order)
  const best = placed[0] ?? (all[0] as Instant)
  const timed = best.uptimeSeconds !== null ? best : (all.find((i) => i.uptimeSeconds !== null) ?? best)
  const local = best.local ?? all.find((i) => i.local != null)?.local ?? null
  return {
    ...best,
    uptimeSeconds: timed.uptimeSeconds,
    ...(timed.boot === undefined ? {} : { boot: timed.boot }),
    local,
    localTime: best.localTime ?? all.find((i) => i.localTime !== null)?.localTime ?? null,
    order: Math.min(...all.map((i) => i.order)),
  }
}
