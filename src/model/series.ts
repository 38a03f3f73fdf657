import type { UsageSubject } from './ids.ts'
import type { Quote } from './origin.ts'

/**
 * What is measured, in bytes. `working-set`, `rss`, `usage`, `cache`, `swap`: cgroup counters as cAdvisor and the kubelet name them. `available`,
 * `free`, `swap-free`: the node's. `heap`, `heap-after-gc`: a runtime's own, the latter what lived on. `limit`, `request`: settings over time.
 * `peak`: a high-water mark, which sees what falls between two scrapes. `rss-at-kill`: what each process held when it was killed, by the kernel's reports.
 * `total`: what a node has. Not in bytes, and never curves of their own: `restarts` (a counter), `oom-kills` (a counter of the kernel's kills), `stalled-seconds` (a counter of seconds in which somebody
 * waited for memory), `pressure` (per cent of the time in which somebody did).
 */
export type SeriesMetric =
  | 'working-set'
  | 'rss'
  | 'usage'
  | 'cache'
  | 'swap'
  | 'peak'
  | 'rss-at-kill'
  | 'limit'
  | 'request'
  | 'available'
  | 'free'
  | 'swap-free'
  | 'heap'
  | 'heap-after-gc'
  | 'total'
  | 'restarts'
  | 'oom-kills'
  | 'stalled-seconds'
  | 'pressure'

/** The names a series carries; `null` where it does not say. */
export interface SeriesSubject {
  readonly cluster: string | null
  readonly host: string | null
  readonly namespace: string | null
  readonly pod: string | null
  readonly podUid: string | null
  readonly container: string | null
  readonly containerId: string | null
  readonly cgroup: string | null
  readonly unit: string | null
  readonly pid: number | null
  readonly comm: string | null
}

/** Memory over time as one source tells it: one quantity of one subject, thinned with its extremes kept. */
export interface SeriesSnapshot {
  readonly kind: 'series'
  readonly source: string
  readonly of: UsageSubject
  readonly metric: SeriesMetric
  /** The metric's own name in its source: `container_memory_working_set_bytes`, `kbavail`. */
  readonly name: string
  readonly subject: SeriesSubject
  /** What `us` counts from: the epoch, the epoch as a wall clock of unknown zone showed it, or the process' start. */
  readonly clock: 'utc' | 'local' | 'since-start'
  readonly us: readonly number[]
  readonly bytes: readonly number[]
  /** Samples read, before thinning. */
  readonly count: number
  /** How far off in time what lies between two kept samples may be; 0 where all are kept. */
  readonly bucketUs: number
  /** Lines that name the series and show its last sample. */
  readonly quotes: readonly Quote[]
}
