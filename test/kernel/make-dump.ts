import type { KernelKill, MemcgCounter, MemInfo, OomDump, TaskRow, ZoneInfo } from '../../src/model/oom-dump.ts'
import type { Quote } from '../../src/model/origin.ts'

/** A quote for fixtures: the text says which line it stands for. */
export const quote = (text: string, line = 1): Quote => ({ source: 'kern.log', line, offset: null, cursor: null, text })

/** Rows in pages, as the kernel prints them. */
export interface RowFigures {
  readonly pid?: number
  readonly tgid?: number
  readonly uid?: number
  readonly comm?: string
  readonly rss: number
  readonly swap?: number
  /** Pages of page tables (nr_ptes, or pgtables_bytes / page). */
  readonly tables?: number
  readonly adj?: number
  readonly anon?: number
  readonly shmem?: number
}

export function makeRow(figures: RowFigures, page = 4096): TaskRow {
  const pid = figures.pid ?? 100
  return {
    pid,
    tgid: figures.tgid ?? pid,
    uid: figures.uid ?? 1000,
    comm: figures.comm ?? 'java',
    totalVmBytes: figures.rss * 2 * page,
    rssBytes: figures.rss * page,
    rssAnonBytes: figures.anon === undefined ? null : figures.anon * page,
    rssFileBytes: null,
    rssShmemBytes: figures.shmem === undefined ? null : figures.shmem * page,
    pgtablesBytes: (figures.tables ?? 0) * page,
    swapBytes: (figures.swap ?? 0) * page,
    oomScoreAdj: figures.adj ?? 0,
    oomAdj: null,
    quote: quote(`[ ${pid}] ${figures.comm ?? 'java'}`),
  }
}

export function makeKill(kill: Partial<KernelKill> & { readonly pid: number }): KernelKill {
  return {
    comm: 'java',
    uid: 1000,
    oomScoreAdj: 0,
    taskMemcg: null,
    totalVmBytes: null,
    anonRssBytes: null,
    fileRssBytes: null,
    shmemRssBytes: null,
    pgtablesBytes: null,
    score: null,
    sacrificedFor: null,
    provedBy: ['kill-line'],
    reaped: null,
    unableToReap: false,
    moment: { wall: null, outerWall: null, uptimeUs: null },
    quotes: [quote(`Killed process ${kill.pid} (${kill.comm ?? 'java'})`)],
    ...kill,
  }
}

export const counter = (usageKb: number, limitKb: number | null, failcnt = 0): MemcgCounter => ({
  usageBytes: usageKb * 1024,
  limitBytes: limitKb === null ? null : limitKb * 1024,
  unlimited: limitKb === null,
  failcnt,
})

export function makeInfo(info: Partial<MemInfo> = {}): MemInfo {
  return {
    counters: {},
    nodes: [],
    zones: [],
    hugepages: [],
    freeSwapBytes: null,
    totalSwapBytes: null,
    ramBytes: null,
    reservedBytes: null,
    cmaReservedBytes: null,
    slabs: [],
    allocations: [],
    protection: null,
    quotes: [],
    ...info,
  }
}

/** A zone in kB with its lowmem_reserve in pages and buddy counts by order (letters optional), as printed. */
export function makeZone(
  name: string,
  kb: Readonly<Record<string, number>>,
  reserve: readonly number[] | null = null,
  buddy: readonly (readonly [order: number, count: number, types: string | null])[] | null = null,
  node: number | null = 0,
): ZoneInfo {
  return {
    node,
    name,
    values: Object.fromEntries(Object.entries(kb).map(([key, value]) => [key, value * 1024])),
    allUnreclaimable: null,
    lowmemReserveBytes: reserve?.map((pages) => pages * 4096) ?? null,
    buddy: buddy?.map(([order, count, types]) => ({ order, blockBytes: 4096 << order, count, types })) ?? null,
    buddyTotalBytes: null,
    quotes: [quote(`Node ${node} ${name} free:${kb['free']}kB`)],
  }
}

export function makeDump(dump: Partial<OomDump> = {}): OomDump {
  return {
    trigger: null,
    constraint: null,
    constraintPrinted: null,
    scope: null,
    oomMemcg: null,
    taskMemcg: null,
    nodemask: null,
    cpuset: null,
    memsAllowed: null,
    manual: false,
    allocatingTask: false,
    groupMemcg: null,
    noKillable: false,
    panic: null,
    pagefaultOom: false,
    memory: null,
    memorySwap: null,
    swap: null,
    kmem: null,
    stats: [],
    memInfo: null,
    tasks: [],
    tasksComplete: true,
    kills: [],
    pageBytes: 4096,
    pageBytesAssumed: false,
    release: null,
    era: null,
    cgroupVersion: null,
    has: { header: true, stack: true, memcg: false, memInfo: false, tasks: true, summary: true, kill: true, reaper: false },
    quotes: {},
    excerpt: [],
    excerptOmitted: 0,
    doubts: [],
    warnings: [],
    ...dump,
  }
}

export const trigger = (gfpFlags: readonly string[], order = 0): NonNullable<OomDump['trigger']> => ({
  comm: 'java',
  pid: 100,
  order,
  gfpMask: gfpFlags.join('|'),
  gfpFlags,
  gfpDecoded: false,
  gfpValue: null,
  oomScoreAdj: 0,
  oomAdj: null,
  nodemask: null,
  cpuset: null,
  memsAllowed: null,
  frames: [],
})
