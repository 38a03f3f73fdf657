import type { TaskScores } from '../model/figures.ts'
import type { MemInfo, OomDump } from '../model/oom-dump.ts'
import { sumOf, sumOfKeys, sumOfLines, wholeOf } from './sums.ts'

/** A value that `totalpages` may have had in this report, the likeliest first. */
export interface TotalCandidate {
  readonly pages: number
  readonly from: NonNullable<TaskScores['totalFrom']>
  /** True when the machine's swap had to be taken as absent because nothing shows any. */
  readonly assumed: boolean
}

/**
 * Memory that the page allocator manages: RAM − reserved, in bytes; sum over zones where the totals are not printed, or where the zones refute them. Zone lines
 * may be those of some nodes only (a request that was bound to them): where the counters hold more than their sum, it is no total.
 */
export function managedBytes(info: MemInfo): number | null {
  const summed = sumOfZones(info, 'managed')
  if (info.ramBytes === null || info.reservedBytes === null) {
    const holds = (zones: number | null): number | null => (zones !== null && countedBytes(info) <= zones * 1.02 ? zones : null)
    // Sizes of 3.7 and before, and RAM without the line of what is reserved, are a few per cent too large: better than none.
    return holds(summed) ?? info.ramBytes ?? (summed === null ? holds(sumOfZones(info, 'present')) : null)
  }
  const managed = info.ramBytes - info.reservedBytes
  if (summed === null) return isBelowCounted(info, managed) ? null : managed
  // 4.x with CMA prints the reserved pages without the CMA part (lib/show_mem.c); 6.5 no longer does.
  if (info.cmaReservedBytes !== null && summed === managed - info.cmaReservedBytes) return summed
  if (isRefuted(info, managed, summed)) return summed
  return isBelowCounted(info, managed) ? null : managed
}

const sumOfZones = (info: MemInfo, key: 'managed' | 'present'): number | null => wholeOf(info.zones.map((zone) => zone.values[key]))

/** Zone lines may be filtered to some nodes: then the global counters pass their sum. Where they do not, a damaged total is the one to doubt. */
const isRefuted = (info: MemInfo, managed: number, zones: number): boolean =>
  info.counters['free'] !== undefined && (managed > zones * 1.02 || isBelowCounted(info, managed)) && countedBytes(info) <= zones * 1.02

/** Less than the counters hold, which differ by what CPUs have not told yet: a digit of `pages RAM` or of `pages reserved` was lost. */
const isBelowCounted = (info: MemInfo, managed: number): boolean => countedBytes(info) > Math.max(0, managed) * 1.05

/** Whether `pages RAM` contradicts what zones and counters say together. */
export function isTotalRefuted(info: MemInfo): boolean {
  const zones = sumOfZones(info, 'managed')
  return (
    zones !== null && info.ramBytes !== null && info.reservedBytes !== null && isRefuted(info, info.ramBytes - info.reservedBytes, zones)
  )
}

/** What the global counters hold at least: pages of the LRU lists, slab and free ones. */
const COUNTED = ['free', 'active_anon', 'inactive_anon', 'active_file', 'inactive_file', 'slab_reclaimable', 'slab_unreclaimable']
const countedBytes = (info: MemInfo): number => sumOfKeys(info.counters, ...COUNTED)

/** Nodes of a kernel list such as `0-1,3`; `null` for `(null)` and what is no list. */
export function nodeList(text: string | null): ReadonlySet<number> | null {
  if (text === null || !/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/.test(text)) return null
  const nodes = new Set<number>()
  for (const part of text.split(',')) {
    const ends = part.split('-').map(Number)
    const first = Math.min(...ends)
    for (let node = first; node <= Math.min(Math.max(...ends), first + 4096); node++) nodes.add(node)
  }
  return nodes
}

/** Nodes on which the request could be served, as far as the report tells: mempolicy mask, else the cpuset's mems. */
export function allowedNodes(dump: OomDump): ReadonlySet<number> | null {
  const mask = nodeList(dump.nodemask ?? dump.trigger?.nodemask ?? null)
  return mask ?? nodeList(dump.memsAllowed ?? dump.trigger?.memsAllowed ?? null)
}

/**
 * What held the request to some nodes. 5.0 and later print it; before, the header's node mask (4.9 and later) and the cpuset line tell: a mask smaller than
 * the cpuset's nodes is a memory policy's (without one 4.9 and 4.10 print the cpuset's), a cpuset that lacks a node which the report shows is a bound one.
 */
export function boundBy(dump: OomDump): 'cpuset' | 'memory_policy' | null {
  if (dump.constraint !== null) return dump.constraint === 'cpuset' || dump.constraint === 'memory_policy' ? dump.constraint : null
  if (dump.scope !== 'global' || dump.memInfo === null || dump.constraintPrinted !== null) return null
  const mask = nodeList(dump.trigger?.nodemask ?? null)
  const mems = nodeList(dump.trigger?.memsAllowed ?? null)
  if (mems === null) return null
  if (mask !== null && [...mems].some((node) => !mask.has(node)) && [...mask].every((node) => mems.has(node))) return 'memory_policy'
  const seen = [...dump.memInfo.zones, ...dump.memInfo.nodes, ...dump.memInfo.hugepages].map(({ node }) => node)
  return seen.some((node) => node !== null && !mems.has(node)) ? 'cpuset' : null
}

/**
 * Values of `totalpages` (mm/oom_kill.c constrained_alloc, mm/memcontrol.c mem_cgroup_get_max) that fit the report, best first.
 * Global: usable RAM + swap. Bound to nodes: present pages of those nodes + swap. memcg: limit + the swap it may use, which is
 * bounded by the machine's swap: not printed in memcg reports since 3.9, so it may come from elsewhere (`swapTotalBytes`).
 */
export function totalCandidates(dump: OomDump, swapTotalBytes: number | null): readonly TotalCandidate[] {
  const pages = (bytes: number): number => Math.trunc(bytes / dump.pageBytes)
  const machineSwap = dump.memInfo?.totalSwapBytes ?? swapTotalBytes
  if (dump.scope === 'memcg') return memcgCandidates(dump, machineSwap)
  if (dump.memInfo === null) return []
  // A kernel without swap prints no swap lines at all.
  const swap = machineSwap === null ? 0 : pages(machineSwap)
  if (boundBy(dump) !== null) {
    const nodes = allowedNodes(dump)
    const zones = dump.memInfo.zones.filter((zone) => nodes === null || zone.node === null || nodes.has(zone.node))
    const present = pages(sumOfLines(zones, 'present'))
    return present === 0 ? [] : [{ pages: present + swap, from: 'allowed-nodes', assumed: false }]
  }
  const managed = managedBytes(dump.memInfo)
  return managed === null || managed <= 0 ? [] : [{ pages: pages(managed) + swap, from: 'ram-and-swap', assumed: false }]
}

function memcgCandidates(dump: OomDump, machineSwap: number | null): readonly TotalCandidate[] {
  const pages = (bytes: number): number => Math.max(1, Math.trunc(bytes / dump.pageBytes))
  const limit = dump.memory?.limitBytes ?? null
  if (limit === null) return []
  if (limit === 0) return [{ pages: 1, from: 'limit', assumed: false }]
  const allowance = swapAllowance(dump, limit)
  const bare: TotalCandidate = { pages: pages(limit), from: 'limit', assumed: false }
  if (allowance === 0 || machineSwap === 0) return [bare]
  const withSwap = (bytes: number): TotalCandidate => ({ pages: pages(limit + bytes), from: 'limit-and-swap', assumed: false })
  if (machineSwap !== null) return [withSwap(Math.min(allowance, machineSwap)), bare]
  const used = swapInUse(dump)
  // The group swapped out as much as it may: the machine has at least that much.
  if (Number.isFinite(allowance) && used >= allowance - 64 * dump.pageBytes) return [withSwap(allowance), bare]
  // It swapped without a bound of its own: the machine's swap is part of the total, and its size is not in the report.
  if (!Number.isFinite(allowance)) return used === 0 ? [{ ...bare, assumed: true }] : []
  const guess = { ...withSwap(allowance), assumed: true }
  return used === 0 ? [{ ...bare, assumed: true }, guess] : [guess, { ...bare, assumed: true }]
}

/** Swap that the group's own limits leave it, in bytes; infinite when unlimited or not accounted. */
function swapAllowance(dump: OomDump, limit: number): number {
  if (dump.swap !== null) return dump.swap.limitBytes ?? Number.POSITIVE_INFINITY
  return Math.max(0, (dump.memorySwap?.limitBytes ?? Number.POSITIVE_INFINITY) - limit)
}

function swapInUse(dump: OomDump): number {
  const byTasks = sumOf(dump.tasks.map((row) => row.swapBytes))
  const both = dump.memorySwap
  const byCounter = dump.swap?.usageBytes ?? (both !== null && dump.memory !== null ? both.usageBytes - dump.memory.usageBytes : 0)
  return Math.max(byTasks, byCounter, 0)
}
