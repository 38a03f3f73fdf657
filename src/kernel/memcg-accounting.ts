import type { Accounting, MemoryClassId } from '../model/figures.ts'
import type { MemcgCounter, MemcgStats, OomDump } from '../model/oom-dump.ts'
import { sumOfKeys } from './sums.ts'
import { bytesOf, NOT_PRINTED, settleRest } from './unprinted.ts'

type Class = Accounting['classes'][number]
type Values = Readonly<Record<string, number>>

/** The statistics of the group that hit its limit, as one set of keys, whatever variant printed them (kernel-oom-formats §4). */
interface SubtreeStats {
  readonly values: Values
  /** `v2`: anon, file, kernel …; `v1`: cache, rss … */
  readonly names: 'v2' | 'v1'
}

/**
 * What the memory cgroup that hit its limit held, class by class against the limit; `null` without a counter line. The classes and
 * `unaccountedBytes` add up to the limit (usage, where there is no limit): what the group left free is the class `free`.
 */
export function accountMemcg(dump: OomDump): Accounting | null {
  const memory = dump.memory
  if (memory === null || dump.scope === 'global') return null
  // Usage above the limit: somebody lowered the limit under it.
  const total = Math.max(memory.limitBytes ?? memory.usageBytes, memory.usageBytes)
  const stats = subtreeStats(dump)
  const held = stats === null ? kmemOnly(dump) : stats.names === 'v2' ? v2Classes(stats.values) : v1Classes(stats.values, dump)
  const printed = settleSwapCache(held, stats, memory.usageBytes)
  const free = total - memory.usageBytes
  if (free !== 0) printed.push({ id: 'free', kernelName: 'limit − usage', bytes: free })
  const { classes, unaccountedBytes } = settleRest(dump, printed, total, WANTED)
  return {
    scope: 'memcg',
    totalBytes: total,
    totalName: nameOfTotal(memory, dump.cgroupVersion),
    classes,
    unaccountedBytes,
    details: stats === null ? {} : detailsOf(stats),
  }
}

/** User pages have counters in every variant: with these printed, the rest is the kernel's (5.17 and before), or in no counter. */
const WANTED: readonly MemoryClassId[] = ['anon', 'shmem', 'file']

function nameOfTotal({ limitBytes, usageBytes }: MemcgCounter, version: OomDump['cgroupVersion']): string {
  if (limitBytes === null || usageBytes > limitBytes) return version === 1 ? 'memory.usage_in_bytes' : 'memory.current'
  return version === 1 ? 'memory.limit_in_bytes' : 'memory.max'
}

/**
 * Hierarchical variants (5.3+) have one set; v1 names of 6.5+ have `total_` keys for the subtree. The variants of 3.9–5.2 print a line for
 * each cgroup of the subtree, its own pages only: they are summed.
 */
function subtreeStats(dump: OomDump): SubtreeStats | null {
  const whole = dump.stats.find((s) => s.hierarchical && s.path === dump.oomMemcg) ?? dump.stats.find((s) => s.hierarchical)
  const values = whole === undefined ? sumOf(dump.stats) : 'total_cache' in whole.values ? totalsOf(whole.values) : whole.values
  if (Object.keys(values).length === 0) return null
  const isV1 = 'cache' in values || 'rss' in values || 'mapped_file' in values
  return { values, names: isV1 ? 'v1' : 'v2' }
}

function totalsOf(values: Values): Record<string, number> {
  const totals = Object.entries(values).filter(([key]) => key.startsWith('total_'))
  return Object.fromEntries(totals.map(([key, value]) => [key.slice('total_'.length), value]))
}

function sumOf(stats: readonly MemcgStats[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { values } of stats) for (const [key, value] of Object.entries(values)) sums[key] = (sums[key] ?? 0) + value
  return sums
}

function v2Classes(v: Values): Class[] {
  // `slab` is printed apart from its halves; before 5.8 only `slab` stood there.
  const slab = v['slab'] ?? sumOfKeys(v, 'slab_reclaimable', 'slab_unreclaimable')
  const tables = sumOfKeys(v, 'pagetables', 'sec_pagetables')
  // `kernel` (5.18+) holds everything that is no user page and no socket buffer; before, only some parts have counters.
  const rest = v['kernel'] === undefined ? sumOfKeys(v, 'kernel_stack', 'percpu', 'vmalloc') : Math.max(0, v['kernel'] - slab - tables)
  return present([
    v['anon'] === undefined ? leastOf(v, 'anon', ['inactive_anon', 'active_anon'], ['anon_thp']) : ['anon', 'anon', v['anon']],
    ['shmem', 'shmem', v['shmem']],
    // `file` holds the shared memory too: where that line was left out, the file lists tell what is cache.
    v['file'] === undefined || v['shmem'] === undefined
      ? leastOf(v, 'file', ['file_dirty', 'file_writeback'], ['inactive_file', 'active_file'])
      : ['file', 'file − shmem', Math.max(0, v['file'] - v['shmem'])],
    ['slab', 'slab', 'slab' in v || 'slab_unreclaimable' in v ? slab : undefined],
    ['pagetables', 'pagetables', 'pagetables' in v ? tables : undefined],
    ['sock', 'sock', v['sock']],
    kernelRest(v, rest || undefined),
    ['hugepages', 'hugetlb', v['hugetlb']],
  ])
}

/** What `kernel` leaves when its finer counters are taken off; where the line of one was left out, nobody knows what of. */
function kernelRest(v: Values, rest: number | undefined): readonly [MemoryClassId, string, number | undefined] {
  if (v['kernel'] === undefined) return ['kernel', 'kernel_stack + percpu + vmalloc', rest]
  const isPrinted = ('slab' in v || ('slab_unreclaimable' in v && 'slab_reclaimable' in v)) && 'pagetables' in v
  return isPrinted ? ['kernel', 'kernel − slab − pagetables', rest] : ['other', NOT_PRINTED, rest]
}

/**
 * A class whose own line was left out of the statistics holds no less than its parts that are there: dirty pages and those under writeback are file pages, the
 * lists hold them all. The largest of the sets says most; shared memory lies on the anonymous lists.
 */
function leastOf(
  v: Values,
  id: MemoryClassId,
  ...sets: readonly (readonly string[])[]
): readonly [MemoryClassId, string, number | undefined] {
  const known = sets
    .map((keys) => keys.filter((key) => v[key] !== undefined))
    .filter((keys) => keys.length > 0)
    .map((keys) => ({ name: keys.join(' + '), bytes: sumOfKeys(v, ...keys) }))
    .sort((a, b) => b.bytes - a.bytes)
  const [most] = known
  if (most === undefined) return [id, '', undefined]
  return [id, most.name, id === 'anon' ? Math.max(0, most.bytes - (v['shmem'] ?? 0)) : most.bytes]
}

function v1Classes(v: Values, dump: OomDump): Class[] {
  const told = Math.min(v['shmem'] ?? hiddenShmem(v), v['cache'] ?? Number.POSITIVE_INFINITY)
  return present([
    ['anon', 'rss', v['rss']],
    ['shmem', 'shmem' in v ? 'shmem' : 'inactive_anon + active_anon − rss', 'shmem' in v ? told : told || undefined],
    ['file', 'cache − shmem', v['cache'] === undefined ? undefined : v['cache'] - told],
    ['kernel', 'kmem', kmemUsage(dump)],
  ])
}

/** 3.10–4.14 print no shmem: its pages sit on the anonymous LRU without being `rss` (RHEL7). Where `rss` was left out, the lists do not tell it apart. */
const hiddenShmem = (v: Values): number =>
  Math.max(0, sumOfKeys(v, 'inactive_anon', 'active_anon') - (v['rss'] ?? Number.POSITIVE_INFINITY))

/** v1 counts kernel pages inside `memory: usage`, and apart in `kmem: usage`. */
const kmemUsage = (dump: OomDump): number | undefined => dump.kmem?.usageBytes

const kmemOnly = (dump: OomDump): Class[] => present([['kernel', 'kmem', kmemUsage(dump)]])

/**
 * Pages in the swap cache that are mapped again stand in `anon` and in `file` (NR_FILE_PAGES counts the swap cache): taken out of `file` as
 * far as the sum passes usage.
 */
function settleSwapCache(classes: Class[], stats: SubtreeStats | null, usage: number): Class[] {
  const cached = stats?.values['swapcached'] ?? 0
  const twice = Math.min(cached, Math.max(0, bytesOf(classes) - usage))
  return classes.map((part) => (part.id === 'file' ? { ...part, bytes: Math.max(0, part.bytes - twice) } : part))
}

const DETAILS: Readonly<Record<string, string>> = {
  slab_reclaimable: 'slab_reclaimable',
  slab_unreclaimable: 'slab_unreclaimable',
  file_dirty: 'file_dirty',
  file_writeback: 'file_writeback',
  file_mapped: 'file_mapped',
  unevictable: 'unevictable',
  kernel_stack: 'kernel_stack',
  percpu: 'percpu',
  vmalloc: 'vmalloc',
  anon_thp: 'anon_thp',
  active_file: 'active_file',
  inactive_file: 'inactive_file',
  dirty: 'file_dirty',
  writeback: 'file_writeback',
  mapped_file: 'file_mapped',
  rss_huge: 'anon_thp',
  swapcached: 'swapcached',
  zswap: 'zswap',
}

function detailsOf(stats: SubtreeStats): Record<string, number> {
  const details: Record<string, number> = {}
  for (const [key, name] of Object.entries(DETAILS)) {
    const value = stats.values[key]
    if (value !== undefined) details[name] = value
  }
  return details
}

export function present(rows: readonly (readonly [MemoryClassId, string, number | undefined])[]): Class[] {
  return rows.flatMap(([id, kernelName, bytes]) => (bytes === undefined ? [] : [{ id, kernelName, bytes }]))
}
