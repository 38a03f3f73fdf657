import type { Accounting } from '../model/figures.ts'
import type { MemInfo, OomDump } from '../model/oom-dump.ts'
import { present } from './memcg-accounting.ts'
import { managedBytes } from './total-pages.ts'

/**
 * What the whole machine held, class by class against the memory that the page allocator manages (RAM − reserved); `null` without a
 * Mem-Info block whose totals are there. The sum of kernel-oom-formats §12.0: only counters that do not overlap. shmem lives on the
 * anonymous LRU (and partly on the unevictable one) and is taken out of it; mapped, dirty, writeback, mlocked, pagecache, swap cache,
 * free_cma and free_highatomic are never added. `Balloon` and `gpu_*` (~6.16 and later) name a part of what is in no class: they stay in the remainder.
 */
export function accountMachine(dump: OomDump): Accounting | null {
  const info = dump.memInfo
  if (info === null) return null
  const managed = managedBytes(info)
  if (managed === null || managed <= 0 || info.counters['free'] === undefined) return null
  const classes = classesOf(info, managed)
  const known = classes.reduce((sum, part) => sum + part.bytes, 0)
  return {
    scope: 'machine',
    totalBytes: managed,
    totalName: 'managed memory',
    classes,
    unaccountedBytes: managed - known,
    details: detailsOf(info),
  }
}

function classesOf(info: MemInfo, managed: number): Accounting['classes'] {
  const c = info.counters
  const of = (...keys: readonly string[]): number => keys.reduce((sum, key) => sum + (c[key] ?? 0), 0)
  const lru = of('active_anon', 'inactive_anon', 'isolated_anon')
  const shmem = c['shmem'] ?? 0
  const unevictable = of('unevictable')
  const anonShmem = Math.min(shmem, lru)
  const lockedShmem = Math.min(shmem - anonShmem, unevictable)
  // Up to 2.6.27 one pair of lists held anonymous and file pages alike (2.6.28 wrote `Active_anon`; keys are read in lower case).
  const old = of('active', 'inactive')
  // RHEL5 (2.6.18) tells them apart: `mapped-anon` counts the anonymous ones, the rest is page cache with shared memory in it.
  const split = old > 0 && 'mapped-anon' in c ? Math.min(of('mapped-anon'), old) : null
  const other = unevictable - lockedShmem + (split === null ? old : 0) + zoneSum(info, 'zspages')
  const slab = 'slab' in c ? of('slab') : of('slab_reclaimable', 'slab_unreclaimable')
  const huge = info.hugepages.reduce((sum, pool) => sum + pool.total * pool.pageBytes, 0)
  return present([
    old > 0
      ? ['anon', 'mapped-anon', split ?? undefined]
      : ['anon', 'active_anon + inactive_anon + isolated_anon − shmem', lru - anonShmem],
    ['shmem', 'shmem', 'shmem' in c ? anonShmem + lockedShmem : undefined],
    old > 0
      ? ['file', 'Active + inactive − mapped-anon', split === null ? undefined : old - split]
      : ['file', 'active_file + inactive_file + isolated_file', of('active_file', 'inactive_file', 'isolated_file')],
    ['slab', 'slab_reclaimable + slab_unreclaimable', slab],
    ['pagetables', 'pagetables + sec_pagetables', of('pagetables', 'sec_pagetables')],
    ['kernel', 'kernel_stack + kernel_misc_reclaimable + bounce', stacks(info) + of('kernel_misc_reclaimable', 'bounce')],
    // A pool larger than the machine is a damaged line.
    ['hugepages', 'hugepages_total × hugepages_size', info.hugepages.length > 0 && huge < managed ? huge : undefined],
    ['free', 'free + free_pcp', of('free', 'free_pcp')],
    ['other', old > 0 && split === null ? 'Active + inactive' : 'unevictable + zspages', other > 0 ? other : undefined],
  ])
}

/** Kernel stacks stand on node lines since 5.9, on zone lines before. */
const stacks = (info: MemInfo): number => nodeSum(info, ['kernel_stack', 'shadow_call_stack']) || zoneSum(info, 'kernel_stack')

function nodeSum(info: MemInfo, keys: readonly string[]): number {
  return info.nodes.reduce((sum, node) => sum + keys.reduce((part, key) => part + (node.values[key] ?? 0), 0), 0)
}

function zoneSum(info: MemInfo, key: string): number {
  return info.zones.reduce((sum, zone) => sum + (zone.values[key] ?? 0), 0)
}

function detailsOf(info: MemInfo): Record<string, number> {
  const details: Record<string, number> = {}
  for (const key of ['slab_reclaimable', 'slab_unreclaimable', 'dirty', 'writeback', 'unevictable', 'mapped', 'free', 'free_cma']) {
    const value = info.counters[key]
    if (value !== undefined) details[key] = value
  }
  details['kernel_stack'] = stacks(info)
  details['balloon'] = nodeSum(info, ['Balloon'])
  details['gpu'] = nodeSum(info, ['gpu_active', 'gpu_reclaim'])
  details['zspages'] = zoneSum(info, 'zspages')
  details['hugepages_free'] = info.hugepages.reduce((sum, pool) => sum + pool.free * pool.pageBytes, 0)
  details['min_watermarks'] = zoneSum(info, 'min')
  if (info.reservedBytes !== null) details['reserved'] = info.reservedBytes
  if (info.ramBytes !== null) details['ram'] = info.ramBytes
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value > 0))
}
