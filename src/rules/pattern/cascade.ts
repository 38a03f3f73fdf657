import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Pattern } from './define-pattern.ts'
import { runsOf, victimKey } from './runs.ts'

/** Several different victims of one shared shortage on one host: the machine, a zone, kubepods, a parent cgroup. */
export const cascade: Pattern = {
  id: 'cascade',
  holds: (facts) => isShared(facts) && new Set(runsOf(facts).map(victimKey)).size > 1,
}

/** The shortage is not the victim's own limit. */
function isShared(facts: IncidentFacts): boolean {
  if (facts.scope !== 'memcg') return true
  const level = facts.limitCgroup?.level
  if (level === 'kubepods' || level === 'qos' || level === 'slice' || level === 'pod') return true
  return facts.victimCgroup !== null && facts.limitCgroup !== null && facts.victimCgroup.path !== facts.limitCgroup.path
}
