import type { Incident } from '../model/incident.ts'
import type { SeriesSnapshot } from '../model/series.ts'

/** Minutes east of UTC of the host's wall clock, where its documents tell (`date`, `timedatectl`, sos' own stamp); `null` where none does, or two disagree. */
export function offsetOf(incident: Incident): number | null {
  const told = incident.snapshots.flatMap((s) => {
    if (s.kind !== 'clock') return []
    return [s.offsetMinutes?.value ?? (s.zone !== null && (s.zone.value === 'UTC' || s.zone.value === 'Etc/UTC') ? 0 : null)]
  })
  const known = new Set(told.filter((minutes) => minutes !== null))
  return known.size === 1 ? ([...known][0] ?? null) : null
}

/** A series of the host's wall clock, put on UTC where its zone is known. A change to or from summer time within it is an hour of error. */
export function onUtc(series: SeriesSnapshot, offsetMinutes: number | null): SeriesSnapshot {
  if (series.clock !== 'local' || offsetMinutes === null) return series
  return { ...series, clock: 'utc', us: series.us.map((us) => us - offsetMinutes * 60_000_000) }
}

/** The kills, and the workload's other deaths, as a clock shows them: of a wall clock of unknown zone those that the log prints in the same. */
export function deathsOn(clock: SeriesSnapshot['clock'], { kills, deaths = [], first }: Incident): number[] {
  if (clock === 'since-start') return []
  const instants = kills.length > 0 ? [...kills, ...deaths].map(({ at }) => at) : [first]
  const read = instants.map((at) => (clock === 'utc' ? at.epochUs : at.local?.hasYear === true ? at.local.us : null))
  return [...new Set(read.filter((us) => us !== null))].sort((a, b) => a - b)
}
