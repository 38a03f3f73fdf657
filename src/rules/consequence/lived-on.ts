import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Kill } from '../../model/incident.ts'
import type { TaskRow } from '../../model/oom-dump.ts'
import { gapUs } from '../../timeline/instants.ts'

/** A container ends within seconds of its first process' death (the kernel kills its whole pid namespace): what is there later has lived on. */
const LATER_US = 10_000_000

/** How the reports themselves show that a container outlived a kill in it. */
export interface LivedOn {
  readonly containerId: string
  /** A process that stands in the tables before and after, the parent of the killed as a rule. */
  readonly survivor: TaskRow
  readonly reports: number
  readonly seconds: number
}

/**
 * Another report at the same container's own limit, later: its id is that of one run only, so the run had not ended. The table of such a report lists the container's
 * processes and no others.
 */
export function livedOn(facts: IncidentFacts): LivedOn | null {
  const { kill, limitCgroup } = facts
  const id = kill?.workload?.containerId ?? null
  if (kill === null || id === null || limitCgroup?.level !== 'container') return null
  const own = facts.incident.kills.filter((k) => k.workload?.containerId === id && k.dump?.oomMemcg === kill.dump?.oomMemcg)
  const killed = new Set(own.map((k) => k.pid))
  const gap = (k: Kill): number => gapUs(kill.at, k.at) ?? 0
  const later = own.filter((k) => k.eventKey !== kill.eventKey && gap(k) >= LATER_US)
  const after = new Set(later.flatMap((k) => k.dump?.tasks.map((row) => row.pid) ?? []))
  const survivor = kill.dump?.tasks.find((row) => !killed.has(row.pid) && after.has(row.pid))
  const last = later.at(-1)
  if (survivor === undefined || last === undefined) return null
  return { containerId: id, survivor, reports: new Set(own.map((k) => k.eventKey)).size, seconds: gap(last) / 1e6 }
}
