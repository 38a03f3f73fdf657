import type { Event } from './event.ts'
import type { QosClass } from './ids.ts'
import type { Quote } from './origin.ts'

/** A value read from a document together with the line it stood on. */
export interface Told<T> {
  readonly value: T
  readonly quote: Quote | null
}

export interface ContainerState {
  readonly kind: 'running' | 'waiting' | 'terminated'
  readonly reason: string | null
  readonly message: string | null
  readonly exitCode: number | null
  readonly signal: number | null
  /** µs since the epoch, or `null` (also for the zero time that the kubelet invents). */
  readonly startedUs: number | null
  readonly finishedUs: number | null
  readonly containerId: string | null
  /** Its first process was killed for memory before the program began (runc: `container init was OOM-killed`). */
  readonly initKilled?: boolean
  readonly quotes: readonly Quote[]
}

export interface ContainerSnapshot {
  readonly name: string
  readonly type: 'init' | 'sidecar' | 'regular' | 'ephemeral'
  readonly containerId: string | null
  readonly runtime: 'containerd' | 'cri-o' | 'docker' | 'podman' | null
  readonly image: string | null
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly limitBytes: Told<number> | null
  readonly requestBytes: Told<number> | null
  readonly state: ContainerState | null
  readonly lastState: ContainerState | null
  readonly restartCount: Told<number> | null
  readonly ready: boolean | null
}

/**
 * Why a whole pod ended or never ran, as its status says. `evicted`: for what the node was short of, or what the pod itself had used more of than it may
 * (storage; both `null` where nothing is said). `refused`: turned away at admission, by the node's conditions or the sums of requests (`OutOfmemory`): nothing of it ran.
 */
export type PodEnd =
  | { readonly what: 'evicted'; readonly shortOf: string | null; readonly overLimitOf: string | null }
  | {
      readonly what: 'refused'
      readonly conditions: readonly string[]
      readonly sums: { readonly requestedBytes: number; readonly usedBytes: number; readonly capacityBytes: number } | null
    }
  | { readonly what: 'preempted' | 'node-shutdown' | 'deadline' }

export interface PodSnapshot {
  readonly kind: 'pod'
  readonly source: string
  readonly namespace: string | null
  readonly name: string
  readonly uid: string | null
  /** `kubernetes.io/config.hash` of a static pod: what its cgroup path carries. */
  readonly configHash: string | null
  readonly node: string | null
  /** `Deployment/cart` (a ReplicaSet's hash suffix removed), `Job/x`, `StatefulSet/y`. */
  readonly owner: string | null
  readonly qosClass: QosClass | null
  readonly phase: string | null
  readonly reason: string | null
  readonly message: string | null
  /** Absent where the status tells of no end of the whole pod. */
  readonly end?: PodEnd
  readonly startUs: number | null
  readonly deletionUs: number | null
  /** Pod-level resources (KEP-2837). */
  readonly limitBytes: Told<number> | null
  readonly requestBytes: Told<number> | null
  readonly containers: readonly ContainerSnapshot[]
  /** emptyDir volumes with `medium: Memory`. */
  readonly memoryVolumes: readonly {
    readonly name: string
    readonly sizeLimitBytes: number | null
    readonly quotes: readonly Quote[]
  }[]
  /** emptyDir volumes on the node's disk: they end with the pod, not with a container. */
  readonly diskVolumes?: readonly { readonly name: string; readonly quotes: readonly Quote[] }[]
  /** What deploys it and overwrites changes: `Helm`, as its labels say; `null` where they do not. */
  readonly managedBy?: string | null
  /** Who set its containers' limits in place of its template: a VerticalPodAutoscaler's name, or the containers that a LimitRange gave its default. */
  readonly limitSource?: { readonly by: 'vpa' | 'limit-range'; readonly of: string } | null
  /** OpenShift admitted it: a security context constraint stands in its annotations. */
  readonly openshift?: boolean
  readonly restartPolicy: string | null
  /** Restarts summed over the containers, from a `kubectl get pods` table, which names none. */
  readonly restarts?: Told<number> | null
  readonly quotes: readonly Quote[]
}

export interface NodeSnapshot {
  readonly kind: 'node'
  readonly source: string
  readonly name: string
  readonly capacityBytes: Told<number> | null
  readonly allocatableBytes: Told<number> | null
  readonly bootId: string | null
  readonly kernelVersion: string | null
  readonly kubeletVersion: string | null
  readonly osImage: string | null
  readonly memoryPressure: {
    readonly status: string
    readonly reason: string | null
    readonly quote: Quote
  } | null
  /** Sum over pods, from `Allocated resources`. */
  readonly allocated: {
    readonly requestsBytes: number | null
    readonly limitsBytes: number | null
    readonly requestsPercent: number | null
    readonly limitsPercent: number | null
    readonly quote: Quote
  } | null
  /** Who runs there, from `Non-terminated Pods`; absent where the description has no such list. */
  readonly pods?: readonly NodePod[]
  readonly quotes: readonly Quote[]
}

/** A pod in a node's description, with the sums of its containers' requests and limits; 0 is printed where there is none. */
export interface NodePod {
  readonly namespace: string
  readonly name: string
  readonly requestBytes: number | null
  readonly limitBytes: number | null
  readonly quote: Quote
}

/** /proc/meminfo, `free`, host-collector memory.json … bytes by the file's own keys (`MemTotal`, `CommitLimit`, `HugePages_Total` is a count). */
export interface MeminfoSnapshot {
  readonly kind: 'meminfo'
  readonly source: string
  readonly host: string | null
  readonly values: Readonly<Record<string, Told<number>>>
}

/** `vm.*` and `kernel.*` settings, from sysctl -a or /proc/sys. */
export interface SysctlSnapshot {
  readonly kind: 'sysctl'
  readonly source: string
  readonly host: string | null
  readonly values: Readonly<Record<string, Told<string>>>
}

/** memory.* files of a cgroup: limits, `memory.events`, `memory.oom.group`, `memory.high`. `max` is −1 in no place: it is `null` with `unlimited`. */
export interface CgroupSnapshot {
  readonly kind: 'cgroup'
  readonly source: string
  readonly host: string | null
  readonly path: string
  /** By file name; the lines of keyed files each: `memory.max`, `memory.events.oom_kill`, `memory.stat.anon`. */
  readonly files: Readonly<Record<string, Told<string>>>
}

/** Everything that dates a bundle: capture time, uptime, btime, zone, host name. */
export interface ClockSnapshot {
  readonly kind: 'clock'
  readonly source: string
  readonly host: string | null
  readonly bootId: string | null
  /** Instant at which the bundle (or this file) was captured. */
  readonly capturedUs: Told<number> | null
  /** The capture was at this instant or some seconds later (10 s as a rule): a node's lease in `describe node`. For `Age` columns only. */
  readonly capturedAfterUs?: Told<number> | null
  /** The capture as a `date` line printed it, when its zone is only a name (`EST`): no instant until the zone is known from elsewhere. */
  readonly capturedStamp?: Told<import('./stamp.ts').WallStamp> | null
  readonly uptimeSeconds: Told<number> | null
  /** The unit that `uptimeSeconds` is cut to: 60 of `uptime`'s words; absent where it is a hundredth or so. */
  readonly uptimeUnitSeconds?: number
  /** Local time of day (in seconds) at which `uptimeSeconds` was read, as `uptime` prints it before. */
  readonly uptimeAtSecondOfDay?: number
  /** The unit that `capturedUs` is cut to, in µs: a second of `date`; absent where it is finer. */
  readonly capturedUnitUs?: number
  /** Boot instant, from btime or `uptime -s`. */
  readonly bootUs: Told<number> | null
  /** IANA name (`America/New_York`) or `UTC`. */
  readonly zone: Told<string> | null
  /** Offset in minutes east of UTC valid at the capture, where only that is known. */
  readonly offsetMinutes: Told<number> | null
  /** How often the machine slept since its boot; absent where nothing tells. */
  readonly sleeps?: Told<number>
}

/** A process from `ps`, `top`, `/proc/PID/cmdline`, a journal's `_CMDLINE`. */
export interface ProcessSnapshot {
  readonly kind: 'process'
  readonly source: string
  readonly host: string | null
  readonly bootId: string | null
  readonly pid: number
  readonly comm: string | null
  readonly cmdline: string | null
  readonly unit: string | null
  readonly cgroup: string | null
  readonly quote: Quote
}

/** `crictl inspect`, `docker inspect`, `podman inspect`: id to name, pid, OOMKilled. */
export interface RuntimeContainerSnapshot {
  readonly kind: 'runtime-container'
  readonly source: string
  /** `null` where only a part of its inspection is there. */
  readonly containerId: string | null
  readonly name: string | null
  readonly podUid: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly runtime: 'containerd' | 'cri-o' | 'docker' | 'podman' | null
  readonly oomKilled: boolean | null
  readonly exitCode: number | null
  readonly finishedUs: number | null
  readonly running: boolean | null
  readonly pid: number | null
  readonly cgroupPath: string | null
  readonly limitBytes: number | null
  /** What it was started with, where the inspection tells. */
  readonly started?: Pick<ContainerSnapshot, 'image' | 'command' | 'env'>
  readonly quotes: readonly Quote[]
}

/** What pods held at one moment that nothing dates: a single `kubectl top pod`. With dates it is a series. */
export interface PodUsageSnapshot {
  readonly kind: 'pod-usage'
  readonly source: string
  readonly rows: readonly {
    readonly namespace: string | null
    readonly pod: string
    readonly container: string | null
    readonly bytes: number
    readonly quote: Quote
  }[]
}

/** `systemctl status` / `show` of a unit, and the kubelet's configuration: single facts with no better home. */
export interface SettingSnapshot {
  readonly kind: 'setting'
  readonly source: string
  readonly host: string | null
  /** `kubelet.evictionHard.memory.available`, `kubelet.singleProcessOOMKill`, `unit.report.service.MemoryMax` … */
  readonly values: Readonly<Record<string, Told<string>>>
}

export type Snapshot =
  | PodSnapshot
  | NodeSnapshot
  | MeminfoSnapshot
  | SysctlSnapshot
  | CgroupSnapshot
  | ClockSnapshot
  | ProcessSnapshot
  | RuntimeContainerSnapshot
  | SettingSnapshot
  | PodUsageSnapshot
  | import('./series.ts').SeriesSnapshot

/** What one document yields. */
export interface DocumentFacts {
  readonly snapshots: readonly Snapshot[]
  readonly events: readonly Event[]
  readonly warnings: readonly import('./warning.ts').Warning[]
}
