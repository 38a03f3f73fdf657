import type { Boot } from './boots.ts'
import type { Reading } from './clocks.ts'

/** Where a boot's log says that the machine had slept, which its wall clock and `/proc/uptime` counted and printk's clock did not. */
export interface Sleeps {
  readonly any: boolean
  /** The readings that hold at an uptime: those with no sleep between. */
  readingsAt(readings: readonly Reading[], uptimeUs: number): readonly Reading[]
}

/** The lines of one awakening follow each other within this, each of them once. */
const oneAwakeningUs = 30_000_000

export function sleepsOf({ segments }: Boot): Sleeps {
  const lines = segments.flatMap(({ events }) => events.flatMap((e) => (e.kind === 'kernel-notice' && e.notice === 'resumed' ? [e] : [])))
  const awakenings: number[] = []
  let seen = new Set<string | null>()
  const at = (e: (typeof lines)[number]): number => e.moment.uptimeUs ?? 0
  for (const line of lines.filter((e) => e.moment.uptimeUs !== null).sort((a, b) => at(a) - at(b))) {
    const goesOn = awakenings.length > 0 && at(line) - (awakenings.at(-1) as number) <= oneAwakeningUs && !seen.has(line.subject)
    if (!goesOn) {
      awakenings.push(at(line))
      seen = new Set()
    }
    seen.add(line.subject)
  }
  const sleepsBefore = (uptimeUs: number): number => awakenings.filter((us) => us <= uptimeUs).length
  const sides = new Map<readonly Reading[], Map<number, readonly Reading[]>>()
  return {
    any: lines.length > 0,
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
