import type { Curve } from '../model/curve.ts'
import type { Confidence } from '../model/diagnosis.ts'
import type { ContainerEvent, Event, EvictionEvent, KernelNotice, NodeEvent, RuntimeEvent, UnitEvent } from '../model/event.ts'
import type { Accounting, CgroupIdentity, MemoryClassId, TaskScores, ZoneState } from '../model/figures.ts'
import type { Incident, Kill, PlacedEvent } from '../model/incident.ts'
import type { OomDump, TaskRow } from '../model/oom-dump.ts'
import type { CgroupSnapshot, ContainerSnapshot, NodeSnapshot, PodSnapshot, RuntimeContainerSnapshot, Told } from '../model/snapshot.ts'
import type { Rises } from '../series/rises.ts'

/** The incident and what is derived from it, once: rules, report and every figure in them stand on these. `null` = not known here. */
export interface IncidentFacts {
  readonly incident: Incident
  /** The first kill (the diagnosis is that of the first), `null` for incidents without one. */
  readonly kill: Kill | null
  /** The dump of the first kill, or the first dump. */
  readonly dump: OomDump | null
  readonly scores: TaskScores | null
  /** Scores of any dump of the incident: the first kill's are `scores`. */
  readonly scoresOf: (dump: OomDump) => TaskScores
  /** What explains the limit in force, class by class against its total: the memcg's, the machine's, or the part of it that the request could use. */
  readonly accounting: Accounting | null
  readonly memcgAccounting: Accounting | null
  readonly machineAccounting: Accounting | null
  readonly zones: readonly ZoneState[] | null
  /** Identity of the cgroup whose limit was hit, and of the victim's. */
  readonly limitCgroup: CgroupIdentity | null
  readonly victimCgroup: CgroupIdentity | null
  readonly pod: PodSnapshot | null
  readonly container: ContainerSnapshot | null
  /** The killed container as its runtime was asked about it. */
  readonly inspected: RuntimeContainerSnapshot | null
  readonly node: NodeSnapshot | null
  /** The limit that was hit, when it was one of a memory cgroup. */
  readonly memcgLimit: MemcgLimit | null
  /** The shortage's scope: decided by `oom_memcg=`, `global_oom`, the kill line's prefix or the blocks present. */
  readonly scope: 'memcg' | 'global' | null
  /** Much of the machine was free (`hadRoom`): nothing was full that its figures could tell the filler of. */
  readonly hadRoom: boolean
  /** Class by class what was held, and by whom; `null` where there are no figures, or nothing was full. */
  readonly composition: Composition | null
  readonly swap: { readonly totalBytes: number; readonly freeBytes: number } | null
  /** No answer of this incident may be more confident: `medium` where only lines of unknown writers tell of it. */
  readonly trust: Confidence
  /** When the container that was killed had started, by runtime, kubelet or status. */
  readonly started: Told<number> | null
  /** The process' command line, and where it was read. */
  readonly commandLine: Told<string> | null
  readonly context: ContextFacts
  readonly meminfo: Readonly<Record<string, Told<number>>> | null
  readonly sysctl: Readonly<Record<string, Told<string>>> | null
  readonly settings: Readonly<Record<string, Told<string>>>
  readonly cgroups: readonly CgroupSnapshot[]
  /** Memory over time of the workload and its node, the most telling first; empty where no source holds any. */
  readonly curves: readonly Curve[]
  /** Whose memory rose before it, of the containers of its node and of its pod, where series tell. */
  readonly rises: Rises
}

export interface MemcgLimit {
  /** Path of the group; `null` where the report does not name it. */
  readonly path: string | null
  readonly limitBytes: number | null
  readonly usageBytes: number | null
  /** `memory`: the memory limit; `memory+swap`: the combined limit of cgroup v1. */
  readonly of: 'memory' | 'memory+swap'
  /** Usage within the tolerance of kernel-oom-formats §4.2; `null` without a counter. */
  readonly reached: boolean | null
  /** `printed`: `oom_memcg=` or `Task in … limit of …`; `statistics`: from the head of the memcg statistics. */
  readonly pathFrom: 'printed' | 'statistics' | null
}

/** A process of the table with the memory that is its own. */
export interface Holder {
  readonly row: TaskRow
  /** Anonymous memory where the table or the kill line tells it, else rss. Swap is apart. */
  readonly bytes: number
  readonly swapBytes: number
  readonly exact: boolean
}

export interface NameGroup {
  readonly comm: string
  readonly count: number
  readonly bytes: number
}

export interface Composition {
  readonly scope: Accounting['scope']
  /** What was held altogether: the total without what was free. */
  readonly usedBytes: number
  readonly totalBytes: number
  readonly classes: Readonly<Partial<Record<MemoryClassId, number>>>
  /** The class that holds the most (`free` never), and its share of what was held. */
  readonly main: { readonly id: MemoryClassId; readonly bytes: number; readonly share: number }
  readonly unaccountedBytes: number
  /** Bytes in classes whose figures are not in the log: unknown, which is not 0. Where they are the most, there is no answer. */
  readonly unprintedBytes: number
  /** The process with the most memory of its own, and all by name, the largest first. */
  readonly largest: Holder | null
  readonly second: Holder | null
  readonly groups: readonly NameGroup[]
  readonly processes: number
  /** Where the main class is from. `figures`: counters; `tasks`: only the table or the kill line against the total. */
  readonly from: 'figures' | 'tasks'
}

/** The events around the incident, by kind. */
export interface ContextFacts {
  readonly all: readonly PlacedEvent<Event>[]
  readonly evictions: readonly PlacedEvent<EvictionEvent>[]
  readonly containers: readonly PlacedEvent<ContainerEvent>[]
  readonly nodes: readonly PlacedEvent<NodeEvent>[]
  readonly units: readonly PlacedEvent<UnitEvent>[]
  readonly runtimes: readonly PlacedEvent<RuntimeEvent>[]
  readonly notices: readonly PlacedEvent<KernelNotice>[]
}
