import type { Accounting, CgroupIdentity, TaskScores, ZoneState } from '../model/figures.ts'
import type { Incident, Kill } from '../model/incident.ts'
import type { OomDump } from '../model/oom-dump.ts'
import type { ContainerSnapshot, NodeSnapshot, PodSnapshot } from '../model/snapshot.ts'

/** What rules see: the incident and figures derived from it once. `null` = not known here. */
export interface IncidentFacts {
  readonly incident: Incident
  /** The first kill (the diagnosis is that of the first), `null` for incidents without one. */
  readonly kill: Kill | null
  /** The dump of the first kill, or the first dump. */
  readonly dump: OomDump | null
  readonly scores: TaskScores | null
  readonly memcgAccounting: Accounting | null
  readonly machineAccounting: Accounting | null
  readonly zones: readonly ZoneState[] | null
  /** Identity of the cgroup whose limit was hit, and of the victim's. */
  readonly limitCgroup: CgroupIdentity | null
  readonly victimCgroup: CgroupIdentity | null
  readonly pod: PodSnapshot | null
  readonly container: ContainerSnapshot | null
  readonly node: NodeSnapshot | null
}
