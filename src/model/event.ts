import type { UserspaceKiller } from './ids.ts'
import type { OomDump, PanicText } from './oom-dump.ts'
import type { Quote } from './origin.ts'
import type { Writer } from './record.ts'
import type { Moment } from './stamp.ts'

/** What every event has. Events are plain data (structured-clone and JSON safe): workers hand them over. */
export interface EventBase {
  readonly moment: Moment
  readonly host: string | null
  readonly bootId: string | null
  readonly writer: Writer
  /** Never empty: the line(s) this event was read from. The first one dates and places it. */
  readonly quotes: readonly Quote[]
}

/** One kernel OOM report, whole or in part. */
export interface KernelOomEvent extends EventBase {
  readonly kind: 'kernel-oom'
  readonly dump: OomDump
}

/** Kernel lines beside the kills: context, never kills. */
export interface KernelNotice extends EventBase {
  readonly kind: 'kernel-notice'
  readonly notice:
    | 'page-allocation-failure'
    | 'page-allocation-stall'
    | 'slub-failure'
    | 'vm-enough-memory'
    | 'pagefault-oom'
    | 'vmalloc-failure'
    | 'hung-task'
    | 'balloon'
    | 'hugetlb'
    | 'fork-rejected'
    | 'memory-failure'
    | 'oom-killer-disabled'
    /** The machine woke from sleep, which printk's clock did not count. `subject` tells which of the lines of one awakening it is. */
    | 'resumed'
    | 'panic'
    | 'segfault'
    | 'gpu-purge'
    /** A line that looks like a kernel kill, in a wrapping that knows a program wrote it. Names pid and comm: copies elsewhere are not to be believed. */
    | 'forged-oom-line'
  readonly comm: string | null
  readonly pid: number | null
  readonly order: number | null
  /** Refused or wanted size, where the line gives one. */
  readonly bytes: number | null
  /** Cache, cgroup or other object named by the line. */
  readonly subject: string | null
  /** Of a panic only. */
  readonly panic?: PanicText
}

/** Words of the kernel, a kubelet, a runtime or a killer about a death that somebody else is known to have written: a finding, never a kill. */
export interface ForeignWords extends EventBase {
  readonly kind: 'foreign-words'
  /** Whose words they would be: `kernel`, `kubelet`, `systemd`, `earlyoom` … */
  readonly of: string
  /** The program or container that wrote them, where the wrapping names it. */
  readonly by: string | null
}

/** A boot of a kernel begins: `Linux version …`, or a journal's new boot. `release` as printed. */
export interface BootMark extends EventBase {
  readonly kind: 'boot'
  readonly release: string | null
}

/** Somebody changed something on a machine or inside a container: context of a kill that may follow, never a death. */
export interface ChangeEvent extends EventBase {
  readonly kind: 'change'
  /**
   * `limit`: a memory limit was written; `edit`: the object of a workload was; `exec`: a command was run inside a container; `load`: memory was taken on purpose,
   * by a tool made for that; `job`: cron started a command; `kernel`: the machine was booted into another kernel or version of cgroups;
   * `reload`: the program itself began to load its data anew.
   */
  readonly what: 'limit' | 'edit' | 'exec' | 'package' | 'setting' | 'load' | 'job' | 'kernel' | 'reload'
  /** Who told: `sudo`, `containerd`, `docker`, `dpkg`, `apt`, `dnf`, `cron`, `API audit`, `kernel`, `clamd`. */
  readonly by: string
  /** The unit, container or package that was changed, as the line names it; `null` where it does not. */
  readonly subject: string | null
  /** The workload whose object was written: its pods' names begin with its own. */
  readonly owner?: { readonly namespace: string | null; readonly name: string }
  /** A limit that was written, where the line tells it. */
  readonly limitBytes?: number
  /** The command, or the versions, as printed. */
  readonly detail: string
  readonly target: ContainerRef | null
}

/** Lines are known to be lost here: printk drops, suppressed callbacks, missed kernel messages, a journal rotated away. */
export interface LossMark extends EventBase {
  readonly kind: 'loss'
  readonly what: 'printk-dropped' | 'callbacks-suppressed' | 'journal-missed' | 'kmsg-overrun' | 'syslog-lost' | 'elision'
  /** How many, when said. */
  readonly count: number | null
  /** `oom_kill_process`, `pagefault_out_of_memory` …, for suppressed callbacks. */
  readonly subject: string | null
  /** Whose lines they are: reports of kills (their own line is printed without a limit), kubelet and runtimes, others' that hide no kill, or any. */
  readonly of: 'kill-reports' | 'node-services' | 'others' | 'anything'
}

/** The names under which Kubernetes and runtimes speak of one container; `null` where the line does not say. */
export interface ContainerRef {
  readonly namespace: string | null
  readonly pod: string | null
  readonly podUid: string | null
  readonly container: string | null
  /** 12–64 hex digits (a prefix is possible: conmon prints 20). */
  readonly containerId: string | null
}

/** The kubelet's eviction manager. */
export interface EvictionEvent extends EventBase {
  readonly kind: 'eviction'
  readonly stage:
    | 'observed'
    | 'threshold-met'
    | 'attempting'
    | 'must-evict'
    | 'ranked'
    | 'evicting'
    | 'evicted'
    | 'failed'
    | 'refused'
    | 'relieved'
    | 'nothing-to-evict'
  readonly target: ContainerRef | null
  /** Pods in the order of eviction, `namespace/name`. */
  readonly ranking: readonly string[]
  /**
   * `memory.available`, `allocatableMemory.available`, or the bare resource where the line or its round names only that (`memory`); others
   * (`nodefs.available`, `ephemeral-storage`) are not memory.
   */
  readonly signal: string | null
  readonly thresholdBytes: number | null
  readonly availableBytes: number | null
  readonly capacityBytes: number | null
  /** `The node was low on resource: …` as printed. */
  readonly message: string | null
  /** Per container named in the message: usage and request in bytes. */
  readonly usages: readonly { readonly container: string; readonly usageBytes: number | null; readonly requestBytes: number | null }[]
}

/** For what a container was stopped on purpose. `probe`: one that the line does not name. */
export type StopReason = 'liveness' | 'startup' | 'preemption' | 'probe' | 'other'

/** A container ended, was killed, started, backed off …; said by kubelet, runtime, conmon, systemd scope or docker events. */
export interface ContainerEvent extends EventBase {
  readonly kind: 'container'
  readonly what:
    | 'oom'
    | 'exit'
    | 'killing'
    | 'died'
    | 'started'
    | 'back-off'
    | 'probe-failed'
    | 'kill-failed'
    | 'created'
    | 'stop-requested'
  readonly by: 'kubelet' | 'containerd' | 'cri-o' | 'docker' | 'podman' | 'conmon' | 'runc' | 'systemd' | 'other'
  readonly target: ContainerRef
  readonly exitCode: number | null
  readonly reason: string | null
  /** For `killing`: liveness, startup, readiness probe; preemption; eviction; grace period. Free text of the line's own words. */
  readonly cause: string | null
  /** What those words name; absent where the container was not stopped on purpose. */
  readonly stop?: StopReason
  readonly gracePeriodSeconds: number | null
  /** Host pid when the line has one. */
  readonly pid: number | null
  /** The pod's sandbox that the container was made in, where the line names it: what ties the container to its pod's names. */
  readonly sandboxId?: string
}

/** What the message of a Kubernetes event says of a death: a kernel's kill line repeated, a kubelet's or problem detector's words. `null`: not said. */
export interface ToldDeath {
  readonly pid: number | null
  readonly comm: string | null
  readonly uid: number | null
  readonly oomScoreAdj: number | null
  /** By the kill line's own prefix: a group's limit, or the machine. */
  readonly constraint: 'memcg' | 'none' | null
  readonly totalVmBytes: number | null
  readonly anonRssBytes: number | null
  readonly fileRssBytes: number | null
  readonly shmemRssBytes: number | null
  readonly pgtablesBytes: number | null
  /** The pod that a problem detector names. */
  readonly pod: ContainerRef | null
  /** A container that never came up: runc's first process died. */
  readonly isInit: boolean
}

/** The kubelet or the node: SystemOOM, conditions, PLEG unhealthy, kubelet start, admission refusals. */
export interface NodeEvent extends EventBase {
  readonly kind: 'node'
  readonly what:
    | 'system-oom'
    | 'memory-pressure'
    | 'memory-pressure-ended'
    | 'not-ready'
    | 'ready'
    | 'pleg-unhealthy'
    | 'kubelet-started'
    | 'admission-refused'
    | 'oom-watcher-stopped'
    | 'npd-oom-killing'
    | 'preempted'
  readonly node: string | null
  /** Victim that the line names (SystemOOM ≥ 1.20, OOMKilling). */
  readonly comm: string | null
  readonly pid: number | null
  readonly message: string | null
  /** The figures of the kill line that the message repeats. */
  readonly death?: ToldDeath | null
}

/** What systemd says about a unit (container scopes included). */
export interface UnitEvent extends EventBase {
  readonly kind: 'unit'
  readonly what:
    | 'oom-killed'
    | 'oomd-killed'
    | 'failed'
    | 'main-exited'
    | 'restart-scheduled'
    | 'started'
    | 'consumed'
    | 'stop-timeout'
    | 'stopped'
    | 'process-killed'
  readonly unit: string
  /** `oom-kill`, `signal`, `exit-code` … for `failed`; `killed/9` style for `main-exited`; `SIGKILL zsh` for `process-killed` (collateral of a stop). */
  readonly result: string | null
  readonly memoryPeakBytes: number | null
  readonly restartCounter: number | null
  readonly pid: number | null
}

export type { UserspaceKiller }

/** A kill by a userspace killer. One per kill, its context lines folded in. */
export interface UserspaceKillEvent extends EventBase {
  readonly kind: 'userspace-kill'
  readonly killer: UserspaceKiller
  readonly pid: number | null
  readonly comm: string | null
  readonly uid: number | null
  readonly oomScoreAdj: number | null
  readonly cgroup: string | null
  readonly cmdline: string | null
  readonly rssBytes: number | null
  /** Number of processes, where said. */
  readonly processes: number | null
  readonly signal: string | null
  /** The killer's own reason in the line's words: `memory pressure for /x being 86.80% > 50.00% for > 20s`. */
  readonly reason: string | null
  /** The cgroup whose pressure or usage was watched. */
  readonly monitored: string | null
  /** It acted by how full swap was, not by pressure. */
  readonly bySwap?: true
  /** Number of the job that a workload manager names (`123` of `StepId=123.batch`). */
  readonly job?: string
  readonly dryRun: boolean
  /** The line only counts what the kernel did (`Detected 1 oom-kill event(s) in StepId=…`): its writer chose and killed nothing. */
  readonly echo?: boolean
  /** `Current Memory Usage` of the context block, or an equivalent. */
  readonly usageBytes: number | null
  /** Memory and swap left, or used and total, as the line gave them. */
  readonly memAvailableBytes: number | null
  readonly memTotalBytes: number | null
  /** Available memory by the killer's own readings before: the first of this run, or after the kill before. */
  readonly earlier?: { readonly availableBytes: number; readonly seconds: number | null; readonly quote: Quote }
  /** Available memory by its first reading after the death. */
  readonly after?: { readonly availableBytes: number; readonly quote: Quote }
}

/** An application that gave up, was refused memory, or saw a child killed, by its own words. */
export interface RuntimeEvent extends EventBase {
  readonly kind: 'runtime'
  readonly runtime:
    | 'jvm'
    | 'node'
    | 'go'
    | 'dotnet'
    | 'python'
    | 'php'
    | 'ruby'
    | 'rust'
    | 'native'
    | 'postgresql'
    | 'mysql'
    | 'redis'
    | 'elasticsearch'
    | 'clickhouse'
    | 'mongodb'
    | 'nginx'
    | 'apache'
    | 'gunicorn'
    | 'celery'
    | 'uwsgi'
    | 'shell'
    | 'compiler'
    | 'spark'
    | 'ci'
    | 'other'
  /**
   * `heap-exhausted`: out of its own heap (→ `runtime-heap`); `allocation-refused`: the kernel said ENOMEM (→ `overcommit-limit`
   * evidence); `child-killed`: saw a child die of signal 9 (context); `own-limit`: an application limit that is no OOM (trap);
   * `sized`: what the runtime takes its ceiling to be, said at its start (context).
   */
  readonly what: 'heap-exhausted' | 'allocation-refused' | 'child-killed' | 'own-limit' | 'terminated' | 'sized'
  readonly detail: string | null
  /** Of a JVM: what ran out where it was not the heap. `threads`: it could not make one, mostly a limit of processes. */
  readonly area?: 'metaspace' | 'direct' | 'threads'
  /** The command that the shell ran, where it names it. */
  readonly command?: string
  readonly heapUsedBytes: number | null
  readonly heapLimitBytes: number | null
  readonly pid: number | null
  /** Who speaks, as the log names him (`dockerd`); `null` where it names nobody. */
  readonly program: string | null
  readonly target: ContainerRef | null
}

/** A Kubernetes Event object, from describe, `get events`, JSON or YAML. */
export interface ObjectEvent extends EventBase {
  readonly kind: 'object-event'
  readonly objectKind: string | null
  readonly namespace: string | null
  readonly name: string | null
  readonly uid: string | null
  /** The container of the pod that it is about: `app` of the field path `spec.containers{app}`. */
  readonly container: string | null
  readonly type: string | null
  readonly reason: string
  readonly message: string
  /** Whether its reason (`OOMKilling`, `Evicted`, `OutOfmemory`) or its message speaks of memory that ran out. */
  readonly ofMemory: boolean
  /** Absent where it tells of no stop on purpose. */
  readonly stop?: StopReason
  /** Conditions of the node for which the kubelet turned the pod away at admission; absent for every other event. */
  readonly refusedFor?: readonly string[]
  /** What else than memory an evicted pod's node was short of, or a pod had used too much of; absent for every other event. */
  readonly evictedFor?: string
  readonly death: ToldDeath | null
  readonly component: string | null
  readonly count: number | null
  /** First occurrence as absolute µs when the object told it. */
  readonly firstUs: number | null
  /** For `Age` columns: seconds before the capture and the print's resolution in seconds; else `null`. */
  readonly ageSeconds: number | null
  readonly ageResolutionSeconds: number | null
  readonly firstAgeSeconds: number | null
}

export type Event =
  | KernelOomEvent
  | KernelNotice
  | BootMark
  | LossMark
  | EvictionEvent
  | ContainerEvent
  | NodeEvent
  | UnitEvent
  | UserspaceKillEvent
  | RuntimeEvent
  | ObjectEvent
  | ForeignWords
  | ChangeEvent

/** Boot clock and wall clock read at one place: what `timeline/clocks.ts` fits. */
export interface ClockAnchor {
  readonly source: string
  readonly line: number | null
  readonly host: string | null
  readonly bootId: string | null
  readonly uptimeUs: number
  readonly wall: WallPair
  /** `audit`, `rtc`, `journal`, `syslog`, `boot-derived`, `uptime-file`, `same-line`. Orders trust. */
  readonly via: 'journal' | 'audit' | 'rtc' | 'syslog' | 'boot-derived'
}
export type WallPair = { readonly epochUs: number } | { readonly stamp: import('./stamp.ts').WallStamp }
