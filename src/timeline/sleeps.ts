import { type Boot, lastUptimeUs } from './boots.ts'
import type { CaptureReading } from './capture.ts'
import type { Reading } from './clocks.ts'

/** Where a boot's log says that the machine had slept, which its wall clock and `/proc/uptime` counted and printk's clock did not. */
export interface Sleeps {
  readonly any: boolean
  /** The readings that hold at an uptime: those with no sleep between. */
  readingsAt(readings: readonly Reading[], uptimeUs: number): readonly Reading[]
}

/** The lines of one awakening follow each other within this, each of them once. */
const oneAwakeningUs = 30_000_000

export function sleepsOf({ segments }: Boot, slept: boolean): Sleeps {
  const lines = segments.flatMap(({ events }) => events.flatMap((e) => (e.kind === 'kernel-notice' && e.notice === 'resumed' ? [e] : [])))
  const awakenings: number[] = []
  const placed = lines.flatMap(({ subject, moment: { uptimeUs } }) => (uptimeUs === null ? [] : [{ subject, uptimeUs }]))
  let seen = new Set<string | null>()
  let begunUs = Number.NEGATIVE_INFINITY
  for (const { subject, uptimeUs } of placed.sort((a, b) => a.uptimeUs - b.uptimeUs)) {
    if (uptimeUs - begunUs > oneAwakeningUs || seen.has(subject)) {
      begunUs = uptimeUs
      awakenings.push(begunUs)
      seen = new Set()
    }
    seen.add(subject)
  }
  const sleepsBefore = (uptimeUs: number): number => awakenings.filter((us) => us <= uptimeUs).length
  const sides = new Map<readonly Reading[], Map<number, readonly Reading[]>>()
  return {
    any: lines.length > 0 || slept,
    readingsAt(readings, uptimeUs) {
      if (awakenings.length === 0) return readings
      const bySide = sides.get(readings) ?? new Map<number, readonly Reading[]>()
      sides.set(readings, bySide)
      const side = sleepsBefore(uptimeUs)
      const known = bySide.get(side) ?? readings.filter((r) => sleepsBefore(r.agreedAtUs ?? r.uptimeUs) === side)
      bySide.set(side, known)
      return known
    },
  }
}

/** Programs of a desktop: such a machine sleeps, where a server does not. Names as `comm` has them, 15 bytes at most. */
const desktop: ReadonlySet<string> = new Set(['gnome-shell', 'plasmashell', 'xfce4-session', 'cinnamon', 'mate-session', 'sway'])

/**
 * A ring buffer that lost its begin may have lost a sleep with it. Then its lines are later than the capture's clocks have them, by no more than lies between the
 * last line and the capture: the uncertainty grows by that where the machine slept or is one that does. Where it is known only when the boot began, nobody knows by how much.
 */
export function withUnseenSleep(boot: Boot, slept: boolean, captures: readonly CaptureReading[]): readonly CaptureReading[] {
  const isWhole = boot.segments.some(({ evidence }) => (evidence.source.first?.uptimeUs ?? Number.POSITIVE_INFINITY) < 1_000_000)
  if (isWhole || !(slept || isDesktop(boot))) return captures
  const lastUs = Math.max(
    lastUptimeUs(boot),
    ...boot.segments.map(({ evidence, isEarlier }) => (isEarlier ? 0 : (evidence.source.last?.uptimeUs ?? 0))),
  )
  return captures.flatMap((c) => (c.uptimeUs === null ? [] : [{ ...c, errorUs: c.errorUs + Math.max(0, c.uptimeUs - lastUs) }]))
}

const isDesktop = ({ segments }: Boot): boolean =>
  segments.some(({ events }) => events.some((e) => e.kind === 'kernel-oom' && e.dump.tasks.some(({ comm }) => desktop.has(comm))))
