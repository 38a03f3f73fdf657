/** A text as somebody pasted it, and what is true of it. */
export interface Fresh {
  readonly text: string
  /**
   * `kills`: each death with its pid (`null`: none is told) and name. `said`: a death's words that no reader may make a kill of, but nobody may pass over. `none`: it tells of no
   * death; words about deaths may be said. `nothing`: not even that.
   */
  readonly is: 'said' | 'none' | 'nothing' | readonly (readonly [pid: number | null, comm: string | null])[]
  /** The ids that a limit may bear with `high`; others are wrong. */
  readonly limit?: readonly string[]
  readonly host?: string
  readonly workload?: Readonly<Record<string, string | null>>
  readonly anonRssKb?: number
}

/** PostgreSQL on a machine that ran dry. */
export const postgres = {
  summary:
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/postgresql.service,task=postgres,pid=91733,uid=26',
  kill: 'Out of memory: Killed process 91733 (postgres) total-vm:18233120kB, anon-rss:15502212kB, file-rss:2044kB, shmem-rss:1024kB, UID:26 pgtables:33012kB oom_score_adj:0',
  reaper: 'oom_reaper: reaped process 91733 (postgres), now anon-rss:0kB, file-rss:0kB, shmem-rss:1024kB',
} as const

/** A worker at its container's limit. */
const pod = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod3b1f0e77_2d64_4a6e_9f0b_8c1d2e3f4a5b.slice'
const scope = `${pod}/cri-containerd-51c7d0a9e8f766554433221100ffeeddccbbaa99887766554433221100ffeedd.scope`
export const gunicorn = {
  summary: `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${scope},task_memcg=${scope},task=gunicorn,pid=7321,uid=1001`,
  kill: 'Memory cgroup out of memory: Killed process 7321 (gunicorn) total-vm:1402312kB, anon-rss:511020kB, file-rss:9120kB, shmem-rss:0kB, UID:1001 pgtables:1380kB oom_score_adj:984',
  reaper: 'oom_reaper: reaped process 7321 (gunicorn), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
} as const

/** A server of CentOS 7. */
export const mysqld = {
  choice: 'Out of memory: Kill process 2317 (mysqld) score 812 or sacrifice child',
  kill: 'Killed process 2317 (mysqld), UID 27, total-vm:5120444kB, anon-rss:3311020kB, file-rss:0kB, shmem-rss:0kB',
} as const

export const POSTGRES = [[91733, 'postgres']] as const
export const GUNICORN = [[7321, 'gunicorn']] as const
export const MYSQLD = [[2317, 'mysqld']] as const

export const stamped = (lines: readonly string[], from = 8123.1): string[] =>
  lines.map((line, at) => `[${(from + at / 1000).toFixed(6).padStart(12)}] ${line}`)
export const all = (report: Readonly<Record<string, string>>): string[] => Object.values(report)
export const behind = (front: string, lines: readonly string[]): string => lines.map((line) => `${front}${line}`).join('\n')
