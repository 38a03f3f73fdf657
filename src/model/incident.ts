import type { InstantDigits } from './diagnosis.ts'
import type { ContainerRef, Event } from './event.ts'
import type { Constraint, Killer, QosClass, Runtime, TimeBasis, WorkloadKind } from './ids.ts'
import type { OomDump } from './oom-dump.ts'
import type { Quote } from './origin.ts'
import type { ContainerSnapshot, NodeSnapshot, PodSnapshot, Snapshot } from './snapshot.ts'

/** An instant after clock alignment. */
export interface Instant {
  /** µs since the epoch, or `null` when it cannot be placed on UTC. */
  readonly epochUs: number | null
  readonly uncertaintyMs: number | null
  readonly basis: TimeBasis | null
  readonly digits: InstantDigits
  readonly uptimeSeconds: number | null
  readonly localTime: string | null
  /** The boot whose uptime it is: uptimes of two boots are not comparable. */
  readonly boot?: string
  /** The printed time as if it were UTC, where no zone is known: comparable with others of the same clock only. */
  readonly local?: LocalReading | null
  /** Total order of events even without times: place in the merged reading order. */
  readonly order: number
}

/** A wall clock that nothing puts on UTC. */
export interface LocalReading {
  /** µs of the printed fields as if they were UTC; year 1972 where none was printed. */
  readonly us: number
  readonly hasYear: boolean
  /** Whose clock: the host, else the source. */
  readonly clock: string
}

/** An event with its place in time, host and boot resolved. */
export interface PlacedEvent<E extends Event = Event> {
  readonly event: E
  readonly at: Instant
  readonly host: string | null
  /** Groups uptimes: `bootId`, or a synthetic key per source and boot. */
  readonly boot: string
}

export type { Killer }

export interface Workload {
  readonly kind: WorkloadKind
  readonly namespace: string | null
  readonly pod: string | null
  readonly podUid: string | null
  readonly container: string | null
  readonly containerId: string | null
  readonly containerIds: readonly string[]
  readonly owner: string | null
  readonly runtime: Runtime | null
  readonly qosClass: QosClass | null
  readonly unit: string | null
}

/** One death, merged from every source that tells of it. */
export interface Kill {
  readonly at: Instant
  readonly host: string | null
  readonly boot: string
  readonly killer: Killer
  readonly pid: number | null
  readonly comm: string | null
  readonly uid: number | null
  readonly oomScoreAdj: number | null
  readonly memcg: string | null
  readonly totalVmBytes: number | null
  readonly anonRssBytes: number | null
  readonly fileRssBytes: number | null
  readonly shmemRssBytes: number | null
  readonly pgtablesBytes: number | null
  readonly swapBytes: number | null
  readonly constraint: Constraint | null
  /** The fullest dump that tells of it; several kills of a group share one. `null` for kills without a kernel report. */
  readonly dump: OomDump | null
  /** Groups the kills of one run of the killer. */
  readonly eventKey: string
  /** The event (eviction, userspace kill, container status) for kills by others or known from the API only. */
  readonly event: Event | null
  readonly workload: Workload | null
  readonly target: ContainerRef | null
  /** False when only lines of unknown writers tell of it (confidence medium at most), true when one source vouches or a whole dump agrees. */
  readonly vouched: boolean
  /** The status that tells of it, for pods that nothing names: a cut-out of a description. */
  readonly told?: { readonly pod: PodSnapshot; readonly container: ContainerSnapshot }
  readonly evidence: readonly Quote[]
}

/** One time that a workload ran out of memory, of this incident or of another of the same workload. */
export interface Death {
  readonly at: Instant
  /** Start of the run that ended, µs since the epoch. */
  readonly startedUs: number | null
  /** Memory of the process' own at its death. */
  readonly bytes: number | null
  /** The process lived beside the one that died before it, as that one's report shows: children of one program, no successive lives. */
  readonly beside?: true
  readonly evidence: readonly Quote[]
}

/** What one ticket is about, before it is diagnosed. */
export interface Incident {
  readonly host: string | null
  readonly kills: readonly Kill[]
  /** Dumps of the incident in order, kills or none (panic, nothing killable). */
  readonly dumps: readonly PlacedEvent[]
  /** Events around it, in order: pressure, eviction, exit, restart, back-off … already joined by key and time. */
  readonly context: readonly PlacedEvent[]
  readonly first: Instant
  readonly last: Instant
  readonly workload: Workload | null
  readonly workloads: readonly Workload[]
  readonly pods: readonly PodSnapshot[]
  /** The youngest instant that the documents of these pods tell of: they were read then or later. */
  readonly podsReadUs?: number | null
  readonly node: NodeSnapshot | null
  /** Other snapshots of the same host or bundle: meminfo, sysctl, cgroup, settings, processes, runtime containers. */
  readonly snapshots: readonly Snapshot[]
  /** `kill`, or what stands for one: `refused` (overcommit), `runtime-heap`, `no-kill` (panic, nothing killable), `eviction` … */
  readonly nature: 'kill' | 'refused-allocation' | 'runtime-heap' | 'no-kill' | 'dump-without-kill'
  /** Of an incident without a kill: words of one beside it that no kill answers for. */
  readonly proofsBeside?: readonly Quote[]
  /** Where the same workload died more than once, here or in other incidents: all of it, in order of time. */
  readonly deaths?: readonly Death[]
  /** Other pods of the same owner that died in the minutes before this one. */
  readonly siblings?: readonly Death[]
  /** What each source covers for this host, to say what is missing. */
  readonly coverage: Coverage
}

export interface Coverage {
  readonly kernel: boolean
  readonly kubelet: boolean
  readonly runtime: boolean
  readonly pods: boolean
  readonly node: boolean
  readonly events: boolean
  readonly journal: boolean
  /** Span of the kernel log on UTC, when known. */
  readonly kernelFromUs: number | null
  readonly kernelToUs: number | null
}
