import { type Asked, header, killLines, NONE, stackOf, type Task, table } from './parts.ts'

export interface Group extends Asked {
  readonly path: string
  readonly taskPath?: string
  readonly limit: number
  readonly usage?: number
  readonly tasks: readonly Task[]
  readonly victim: Task | null
}

const FRAMES = [
  ' dump_header+0x4c/0x22b',
  ' oom_kill_process.cold+0xb/0x10',
  ' mem_cgroup_out_of_memory+0x136/0x150',
  ' try_charge_memcg+0x765/0x840',
]

function ending({ path, taskPath = path, victim, kernel = 6.1, limit, cpuset = '/' }: Group): string[] {
  if (victim === null) return []
  const summary = `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${cpuset},mems_allowed=0,oom_memcg=${path},task_memcg=${taskPath},task=${victim.comm},pid=${victim.pid},uid=${victim.uid ?? 0}`
  return [...(kernel >= 5 ? [summary] : []), ...killLines('Memory cgroup out of memory', victim, kernel, limit)]
}

export interface Statistics {
  readonly anon?: number
  readonly file?: number
  readonly shmem?: number
  readonly sock?: number
  readonly percpu?: number
  readonly vmalloc?: number
  readonly zswap?: number
  readonly kernel_stack?: number
  readonly pagetables?: number
  readonly file_dirty?: number
  readonly slab_reclaimable?: number
  readonly slab_unreclaimable?: number
}

/** A report of cgroup v2 (5.3 and later). */
export function group2(o: Group & { readonly stats: Statistics; readonly swap?: readonly [usage: number, limit: number] }): string[] {
  const s = {
    anon: 0,
    file: 0,
    shmem: 0,
    sock: 0,
    percpu: 100,
    vmalloc: 0,
    zswap: 0,
    kernel_stack: 160,
    pagetables: 400,
    file_dirty: 0,
    slab_reclaimable: 400,
    slab_unreclaimable: 500,
    ...o.stats,
  }
  const slab = s.slab_reclaimable + s.slab_unreclaimable
  const kernel = s.kernel_stack + s.pagetables + s.percpu + s.vmalloc + s.zswap + slab
  const stat = (name: string, kb: number): string => `${name} ${kb * 1024}`
  return [
    header(o),
    ...stackOf(o, FRAMES),
    `memory: usage ${o.usage ?? o.limit}kB, limit ${o.limit}kB, failcnt 4711`,
    `swap: usage ${o.swap?.[0] ?? 0}kB, limit ${o.swap?.[1] ?? NONE}kB, failcnt ${o.swap === undefined ? 0 : 90}`,
    `Memory cgroup stats for ${o.path}:`,
    ...[
      stat('anon', s.anon),
      stat('file', s.file),
      stat('kernel', kernel),
      stat('kernel_stack', s.kernel_stack),
      stat('pagetables', s.pagetables),
    ],
    ...[
      stat('sec_pagetables', 0),
      stat('percpu', s.percpu),
      stat('sock', s.sock),
      stat('vmalloc', s.vmalloc),
      stat('shmem', s.shmem),
      stat('zswap', s.zswap),
    ],
    ...[
      stat('file_mapped', 0),
      stat('file_dirty', s.file_dirty),
      stat('file_writeback', 0),
      stat('inactive_anon', s.anon + s.shmem),
      stat('active_anon', 0),
    ],
    ...[stat('inactive_file', Math.max(0, s.file - s.shmem)), stat('active_file', 0), stat('unevictable', 0)],
    ...[stat('slab_reclaimable', s.slab_reclaimable), stat('slab_unreclaimable', s.slab_unreclaimable), stat('slab', slab)],
    ...table(o.tasks, o.kernel ?? 6.1),
    ...ending(o),
  ]
}

export interface Counters {
  /** Usage, limit and failures of memory and swap together. */
  readonly both?: readonly [usage: number, limit: number, failcnt: number]
  readonly kmem?: number
  readonly failcnt?: number
}

/** A report of cgroup v1, by kernels up to 5.2. */
export function group1(
  o: Group & Counters & { readonly cache: number; readonly rss: number; readonly shmem?: number; readonly swap?: number },
): string[] {
  const { kernel = 3.1, path, taskPath = path, limit, usage = limit, cache, shmem = 0 } = o
  const [both, bothLimit, bothFails] = o.both ?? [usage, NONE, 0]
  const file = Math.round((cache - shmem) / 2)
  return [
    header({ ...o, kernel }),
    `${o.trigger} cpuset=/ mems_allowed=0`,
    ...stackOf({ ...o, kernel }, [
      ' [<ffffffff9ce3d2e6>] mem_cgroup_oom_synchronize+0x546/0x570',
      ' [<ffffffff9cdc2cc4>] pagefault_out_of_memory+0x14/0x90',
    ]),
    `Task in ${taskPath} killed as a result of limit of ${path}`,
    `memory: usage ${usage}kB, limit ${limit}kB, failcnt ${o.failcnt ?? 4711}`,
    `memory+swap: usage ${both}kB, limit ${bothLimit}kB, failcnt ${bothFails}`,
    `kmem: usage ${o.kmem ?? 2000}kB, limit ${NONE}kB, failcnt 0`,
    `Memory cgroup stats for ${path}: cache:${cache}KB rss:${o.rss}KB rss_huge:0KB shmem:${shmem}KB mapped_file:0KB swap:${o.swap ?? 0}KB inactive_anon:${shmem}KB active_anon:${o.rss}KB inactive_file:${file}KB active_file:${file}KB unevictable:0KB`,
    ...table(o.tasks, kernel),
    ...ending({ ...o, kernel }),
  ]
}
