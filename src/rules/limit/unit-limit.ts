import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { victimOf, workloadOf } from '../../facts/names.ts'
import type { CgroupIdentity } from '../../model/figures.ts'
import { code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence } from '../evidence.ts'
import { hitsMemcg, memcgAnswer, memcgMissing } from './memcg-limit.ts'

const UNITS: ReadonlySet<CgroupIdentity['level']> = new Set(['unit', 'slice', 'user-session'])

/** A systemd unit, slice or session: `MemoryMax=` (`MemoryLimit=` on cgroup v1). */
export const unitLimit = defineRule({
  question: 'limit',
  id: 'unit-limit',
  title: 'The memory limit of a systemd unit',
  needs: [],
  weight: 60,
  evaluate(facts) {
    if (!hitsMemcg(facts)) return null
    if (facts.limitCgroup !== null) return UNITS.has(facts.limitCgroup.level) ? memcgAnswer(facts) : null
    return fromWorkload(facts)
  },
  settledBy: memcgMissing,
})

/** The kernel's line names no group, but systemd or the journal's fields name the unit. */
function fromWorkload(facts: IncidentFacts) {
  const workload = workloadOf(facts)
  if (facts.kill === null || workload?.unit == null || workload.containerId !== null || workload.kind !== 'systemd-unit') return null
  return {
    confidence: 'medium' as const,
    statement: say`A memory cgroup limit stopped ${victimOf(facts)}, a process of unit ${code(workload.unit)}: most likely the unit's own limit.`,
    evidence: evidence(facts.kill.evidence),
    against: say`The lines that name the group (${code('oom_memcg=')}) are not in the log: a slice above it is possible too.`,
  }
}
