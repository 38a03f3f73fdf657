import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Kill } from '../../model/incident.ts'

/** The first kill of each run of a killer: a group kill is one run with many kills. */
export function runsOf(facts: IncidentFacts): readonly Kill[] {
  const seen = new Set<string>()
  return facts.incident.kills.filter((kill) => !seen.has(kill.eventKey) && seen.add(kill.eventKey) !== undefined)
}

/** What tells one victim's workload from another's: container name in its pod, unit, cgroup, else the process' name. */
export function victimKey(kill: Kill): string {
  const w = kill.workload
  if (w?.podUid != null || w?.pod != null) return `pod ${w.podUid ?? `${w.namespace}/${w.pod}`} ${w.container ?? ''}`
  if (w?.unit != null && !w.unit.endsWith('.slice')) return `unit ${w.unit}`
  return `comm ${kill.comm ?? ''} ${kill.memcg ?? ''}`
}

/** How often the workload died by the kernel's hand: in this incident, and in others of the same workload. */
export function timesKilled(facts: IncidentFacts): number {
  const own = runsOf(facts).filter((run) => run.killer === 'kernel').length
  return own === 0 ? 0 : Math.max(own, facts.incident.deaths?.length ?? 0)
}
