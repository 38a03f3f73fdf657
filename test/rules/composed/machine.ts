import { type Asked, header, killLines, pages, stackOf, type Task, table } from './parts.ts'

export interface Zone {
  readonly node: number | null
  readonly name: string
  readonly managed: number
  readonly free: number
  readonly min: number
  readonly anon?: number
  readonly file?: number
  readonly slab?: number
  readonly reserve?: readonly number[]
  readonly blocks?: readonly number[]
}

export interface Machine extends Asked {
  readonly ram: number
  readonly anon?: number
  readonly file?: number
  readonly shmem?: number
  readonly slab?: number
  readonly tables?: number
  readonly unevictable?: number
  readonly free: number
  readonly swap?: readonly [free: number, total: number]
  readonly zones?: readonly Zone[]
  readonly huge?: readonly [total: number, free: number]
  readonly slabs?: readonly string[]
  readonly tasks: readonly Task[]
  readonly victim: Task | null
  readonly prefix?: string
  readonly constraint?: 'NONE' | 'CPUSET' | 'MEMORY_POLICY'
  readonly nodemask?: string
  readonly mems?: string
  readonly taskPath?: string
}

const FRAMES = [
  ' dump_header+0x4c/0x22b',
  ' oom_kill_process.cold+0xb/0x10',
  ' out_of_memory+0x1fd/0x4c0',
  ' __alloc_pages_slowpath.constprop.0+0x67f/0xe70',
]

function zoneLines(zone: Zone, kernel: number): string[] {
  const front = zone.node === null ? zone.name : `Node ${zone.node} ${zone.name}`
  const { free, min, anon = 0, file = 0, slab = 0, managed } = zone
  const marks = `min:${min}kB low:${Math.round(min * 1.25)}kB high:${Math.round(min * 1.5)}kB`
  const lists = `active_anon:0kB inactive_anon:${anon}kB active_file:0kB inactive_file:${file}kB unevictable:0kB`
  const line =
    kernel >= 5.16
      ? `${front} free:${free}kB boost:0kB ${marks} reserved_highatomic:0KB ${lists} writepending:0kB present:${managed}kB managed:${managed}kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB`
      : `${front} free:${free}kB ${marks} ${lists} isolated(anon):0kB isolated(file):0kB present:${managed}kB${kernel >= 3.8 || kernel === 3.1 ? ` managed:${managed}kB` : ''} mlocked:0kB slab_reclaimable:0kB slab_unreclaimable:${slab}kB kernel_stack:100kB pagetables:0kB bounce:0kB pages_scanned:9912 all_unreclaimable? yes`
  return [line, `lowmem_reserve[]: ${(zone.reserve ?? [0, 0, 0, 0]).join(' ')}`]
}

function buddyLine(zone: Zone): string {
  const blocks = zone.blocks ?? [pages(zone.free), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const cells = blocks.map((count, order) => `${count}*${4 << order}kB${count > 0 ? ' (UME)' : ''}`)
  return `${zone.node === null ? '' : `Node ${zone.node} `}${zone.name}: ${cells.join(' ')} = ${blocks.reduce((sum, count, order) => sum + count * (4 << order), 0)}kB`
}

function counters(o: Machine, kernel: number): string[] {
  const { anon = 0, shmem = 0, file = 800, slab = 70_000, tables = 8000, unevictable = 0 } = o
  const lists = [
    `active_anon:0 inactive_anon:${pages(anon + shmem)} isolated_anon:0`,
    ` active_file:0 inactive_file:${pages(file)} isolated_file:0`,
    ` unevictable:${pages(unevictable)} dirty:0 writeback:0${kernel < 5.8 ? ' unstable:0' : ''}`,
  ]
  const slabs = ` slab_reclaimable:0 slab_unreclaimable:${pages(slab)}`
  const rest = ` mapped:800 shmem:${pages(shmem)} pagetables:${pages(tables)}`
  if (kernel >= 5.15) return [...lists, slabs, rest, ' sec_pagetables:0 bounce:0', ` free:${pages(o.free)} free_pcp:0 free_cma:0`]
  return kernel >= 4.1
    ? [...lists, slabs, `${rest} bounce:0`, ` free:${pages(o.free)} free_pcp:0 free_cma:0`]
    : [...lists, ` free:${pages(o.free)}${slabs}`, `${rest} bounce:0`]
}

function ending(o: Machine, kernel: number): string[] {
  if (o.victim === null) return []
  const { constraint = 'NONE', cpuset = '/', mems = '0', nodemask = '(null)', taskPath = '/system.slice/app.service', victim } = o
  const summary = `oom-kill:constraint=CONSTRAINT_${constraint},nodemask=${nodemask},cpuset=${cpuset},mems_allowed=${mems}${constraint === 'NONE' ? ',global_oom' : ''},task_memcg=${taskPath},task=${victim.comm},pid=${victim.pid},uid=0`
  return [...(kernel >= 5 ? [summary] : []), ...killLines(o.prefix ?? 'Out of memory', victim, kernel, o.ram + (o.swap?.[1] ?? 0))]
}

/** A report of the whole machine whose figures agree. */
export function machine(o: Machine): string[] {
  const { kernel = 6.1 } = o
  const zones = o.zones ?? [
    {
      node: 0,
      name: 'Normal',
      managed: o.ram,
      free: o.free,
      min: Math.round(o.free * 1.05),
      anon: (o.anon ?? 0) + (o.shmem ?? 0),
      file: o.file ?? 800,
      slab: o.slab ?? 70_000,
    },
  ]
  return [
    header({ ...o, kernel }),
    ...(kernel < 5 ? [`${o.trigger} cpuset=${o.cpuset ?? '/'} mems_allowed=${o.mems ?? '0'}`] : []),
    ...stackOf({ ...o, kernel }, FRAMES),
    'Mem-Info:',
    ...counters(o, kernel),
    ...zones.flatMap((zone) => zoneLines(zone, kernel)),
    ...zones.map(buddyLine),
    `Node 0 hugepages_total=${o.huge?.[0] ?? 0} hugepages_free=${o.huge?.[1] ?? 0} hugepages_surp=0 hugepages_size=2048kB`,
    `${pages((o.file ?? 800) + (o.shmem ?? 0))} total pagecache pages`,
    `Free swap  = ${o.swap?.[0] ?? 0}kB`,
    `Total swap = ${o.swap?.[1] ?? 0}kB`,
    `${pages(o.ram + 60_000)} pages RAM`,
    ...(kernel >= 3.13 ? ['0 pages HighMem/MovableOnly'] : []),
    '15000 pages reserved',
    ...(o.slabs === undefined ? [] : ['Unreclaimable slab info:', 'Name                      Used          Total', ...o.slabs]),
    ...table(o.tasks, kernel),
    ...ending(o, kernel),
  ]
}

/** What every machine runs. */
export const daemons: readonly Task[] = [
  { pid: 1, comm: 'systemd', anon: 4000, file: 3000 },
  { pid: 412, comm: 'systemd-journal', anon: 2000, file: 900, adj: -250 },
  { pid: 618, comm: 'sshd', anon: 1200, adj: -1000 },
  { pid: 702, comm: 'dbus-daemon', anon: 900, adj: -900 },
]
