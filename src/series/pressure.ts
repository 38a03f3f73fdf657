import type { Curve } from '../model/curve.ts'
import type { SeriesSnapshot } from '../model/series.ts'

/**
 * How much of the time somebody waited for memory beside a curve: from the kernel's averages (`/proc/pressure/memory`), or between two readings of the
 * counter of seconds (node_exporter and cAdvisor have it from `total=`). A counter that went back has begun anew.
 */
export function pressureOf(series: SeriesSnapshot, mine: readonly SeriesSnapshot[]): Curve['pressure'] {
  const beside = mine.filter((other) => other.clock === series.clock && (other.of === series.of || other.of === 'node'))
  // its own before the node's
  const own = beside.toSorted((a, b) => Number(b.of === series.of) - Number(a.of === series.of))
  const averages = own.find(({ metric }) => metric === 'pressure')
  if (averages !== undefined) return averages.us.map((us, at) => ({ us, percent: averages.bytes[at] ?? 0 }))
  const counter = own.find(({ metric }) => metric === 'stalled-seconds')
  return (counter?.us ?? []).flatMap((us, at) => {
    const seconds = (us - (counter?.us[at - 1] ?? us)) / 1e6
    const stalled = (counter?.bytes[at] ?? 0) - (counter?.bytes[at - 1] ?? 0)
    return seconds <= 0 || stalled < 0 ? [] : [{ us, percent: Math.min(100, (stalled / seconds) * 100) }]
  })
}
