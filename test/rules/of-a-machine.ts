import type { ReportIncident } from '../../src/model/report.ts'
import { reportOfFiles } from './report-of-lines.ts'

/** Shortages of a whole machine, and what is asked of whom. Sizes in MiB; the first process is the victim. */
export interface Machine {
  readonly total: number
  readonly tasks: readonly (readonly [comm: string, mib: number, adj?: number, swap?: number])[]
  readonly slab?: number
  readonly tables?: number
  readonly shared?: number
  /** Of each process, beside what it holds itself. */
  readonly mapped?: number
  readonly swap?: number
  readonly slabs?: readonly (readonly [string, number])[]
  readonly cgroup?: string
  readonly host?: string
}
const pages = (mib: number): number => mib * 256
export const reportOfMachine = ({
  total,
  tasks,
  slab = 100,
  tables = 20,
  shared = 8,
  mapped = 0,
  swap = 0,
  slabs = [],
  cgroup = '/',
  host = 'n1',
}: Machine): string => {
  const anon = tasks.reduce((sum, [, mib]) => sum + mib, 0)
  const [[comm, held, adj = 0] = ['?', 0]] = tasks
  return [
    `${comm} invoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0`,
    'CPU: 0 PID: 3000 Comm: x Not tainted 6.1.0-28-amd64 #1',
    'Mem-Info:',
    `active_anon:${pages(anon)} inactive_anon:${pages(shared)} isolated_anon:0`,
    ' active_file:300 inactive_file:400 isolated_file:0',
    ` slab_reclaimable:2000 slab_unreclaimable:${pages(slab)}`,
    ` mapped:500 shmem:${pages(shared)} pagetables:${pages(tables)} bounce:0`,
    ' free:8000 free_pcp:300 free_cma:0',
    ...(swap > 0 ? ['Free swap  = 120kB', `Total swap = ${swap * 1024}kB`] : []),
    `${pages(total)} pages RAM`,
    '0 pages HighMem/MovableOnly',
    '0 pages reserved',
    ...(slabs.length > 0 ? ['Unreclaimable slab info:', 'Name                      Used          Total'] : []),
    ...slabs.map(([name, mib]) => `${name.padEnd(20)} ${mib * 1024}KB ${mib * 1024}KB`),
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
    ...tasks.map(
      ([name, mib, score = 0, out = 0], at) =>
        `[${3000 + at}] 1000 ${3000 + at} ${pages(mib + mapped) + 9000} ${pages(mib + mapped)} ${pages(mib)} 0 ${pages(mapped)} ${Math.round((tables * 2 ** 20) / tasks.length)} ${pages(out)} ${score} ${name}`,
    ),
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=${cgroup},task=${comm},pid=3000,uid=1000`,
    `Out of memory: Killed process 3000 (${comm}) total-vm:9000000kB, anon-rss:${held * 1024}kB, file-rss:0kB, shmem-rss:${mapped * 1024}kB, UID:1000 pgtables:400kB oom_score_adj:${adj}`,
  ]
    .map((line, at) => `Nov 24 02:20:01 ${host} kernel: [${(5000 + at / 1e6).toFixed(6)}] ${line}\n`)
    .join('')
}
export async function incidentOfMachine(machine: Machine, files: Readonly<Record<string, string>> = {}): Promise<ReportIncident> {
  const { incidents } = await reportOfFiles({ 'kern.log': reportOfMachine(machine), ...files })
  if (incidents.length !== 1) throw new Error(`${incidents.length} incidents`)
  return incidents[0] as ReportIncident
}
