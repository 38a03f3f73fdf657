import type { Accounting, MemoryClassId } from '../model/figures.ts'
import type { MemInfo, OomDump } from '../model/oom-dump.ts'
import { counterOf } from './machine-counters.ts'
import { present } from './memcg-accounting.ts'
import { sumOf, sumOfLines, wholeOf } from './sums.ts'
import { boundBy, managedBytes } from './total-pages.ts'
import { bytesOf, settleRest } from './unprinted.ts'

/** Classes that every kernel prints in full: what is left when they are taken off is in no counter. */
const PRINTED: readonly MemoryClassId[] = ['anon', 'file', 'slab', 'pagetables', 'free']
/** Of these the ones that may hold most of a machine. */
const LARGE: readonly MemoryClassId[] = ['anon', 'file', 'slab']
/** Up to 2.6.27 one pair of lists holds the first two. */
const PRINTED_OLD: readonly MemoryClassId[] = ['other', 'slab', 'free']

/**
 * What the whole machine held, class by class against the memory that the page allocator manages (RAM − reserved); `null` without a
 * Mem-Info block. The sum of kernel-oom-formats §12.0: only counters that do not overlap. shmem lives on the
 * anonymous LRU (and partly on the unevictable one) and is taken out of it; mapped, dirty, writeback, mlocked, pagecache, swap cache,
 * free_cma and free_highatomic are never added. `Balloon` and `gpu_*` (~6.16 and later) name a part of what is in no class: they stay in the remainder.
 * Where no total is in the log, the pages that were counted stand for it: there is no remainder then.
 */
export function accountMachine(dump: OomDump): Accounting | null {
  const info = dump.memInfo
  if (info === null) return null
  const managed = managedBytes(info)
  if (managed !== null && managed < dump.pageBytes) return null
  const printed = classesOf(info, managed, boundBy(dump) !== null)
  // Without a total, free pages alone tell nothing; without either there is nothing to tell.
  const lists = printed.some((part) => part.id === 'anon' || part.id === 'file' || part.id === 'other')
  if (!lists && (managed === null || !printed.some((part) => part.id === 'free'))) return null
  const counted = bytesOf(printed)
  const wanted = printed.some((part) => part.kernelName === OLD_LISTS) ? PRINTED_OLD : PRINTED
  // Counted pages are only the whole where each kind was counted.
  if (managed === null && LARGE.some((id) => wanted.includes(id) && !printed.some((part) => part.id === id))) return null
  const { classes, unaccountedBytes } = settleRest(dump, printed, managed ?? counted, wanted)
  return {
    scope: 'machine',
    totalBytes: managed ?? counted,
    totalName: managed === null ? 'counted pages' : 'managed memory',
    classes,
    unaccountedBytes,
    details: detailsOf(info),
  }
}

const OLD_LISTS = 'Active + inactive'

function classesOf(info: MemInfo, managed: number | null, bound: boolean): Accounting['classes'] {
  const get = (key: string): number | undefined => counterOf(info, key, bound)
  /** The sum of those that are printed; `undefined` where the first, which always is, was not. */
  const sum = (first: string, ...more: readonly string[]): number | undefined => {
    const main = get(first)
    return main === undefined ? undefined : main + sumOf(more.map(get))
  }
  const lists = listsOf(get, sum)
  const huge = wholeOf(info.hugepages.map((pool) => pool.total * pool.pageBytes))
  const kernel = sumOf([stacks(info), get('kernel_misc_reclaimable'), get('bounce')])
  return present([
    ...lists,
    ['slab', 'slab_reclaimable + slab_unreclaimable', get('slab') ?? sum('slab_unreclaimable', 'slab_reclaimable')],
    ['pagetables', 'pagetables + sec_pagetables', sum('pagetables', 'sec_pagetables')],
    ['kernel', 'kernel_stack + kernel_misc_reclaimable + bounce', kernel],
    // A pool larger than the machine is a damaged line.
    ['hugepages', 'hugepages_total × hugepages_size', huge !== null && managed !== null && huge < managed ? huge : undefined],
    ['free', 'free + free_pcp', sum('free', 'free_pcp')],
    ['other', 'zspages', sumOfLines(info.zones, 'zspages') || undefined],
  ])
}

type Rows = Parameters<typeof present>[0]

/** The LRU lists: by kind from 2.6.28 on; before, one pair, which only RHEL5 (2.6.18) tells apart: `mapped-anon` counts the anonymous pages. */
function listsOf(get: (key: string) => number | undefined, sum: (first: string, ...more: readonly string[]) => number | undefined): Rows {
  const old = sum('active', 'inactive')
  if (old !== undefined) {
    const mapped = get('mapped-anon')
    if (mapped === undefined) return [['other', OLD_LISTS, old]]
    const anon = Math.min(mapped, old)
    return [
      ['anon', 'mapped-anon', anon],
      ['file', 'Active + inactive − mapped-anon', old - anon],
    ]
  }
  const lru = sum('inactive_anon', 'active_anon', 'isolated_anon')
  const shmem = get('shmem')
  const unevictable = get('unevictable') ?? 0
  const anonShmem = Math.min(shmem ?? 0, lru ?? Number.POSITIVE_INFINITY)
  const lockedShmem = Math.min((shmem ?? 0) - anonShmem, unevictable)
  return [
    ['anon', 'active_anon + inactive_anon + isolated_anon − shmem', lru === undefined ? undefined : lru - anonShmem],
    ['shmem', 'shmem', shmem === undefined ? undefined : anonShmem + lockedShmem],
    ['file', 'active_file + inactive_file + isolated_file', sum('inactive_file', 'active_file', 'isolated_file')],
    ['other', 'unevictable', unevictable - lockedShmem || undefined],
  ]
}

/** Kernel stacks stand on node lines since 5.9, on zone lines before. */
const stacks = (info: MemInfo): number =>
  sumOfLines(info.nodes, 'kernel_stack', 'shadow_call_stack') || sumOfLines(info.zones, 'kernel_stack')

function detailsOf(info: MemInfo): Record<string, number> {
  const details: Record<string, number> = {}
  for (const key of ['slab_reclaimable', 'slab_unreclaimable', 'dirty', 'writeback', 'unevictable', 'mapped', 'free', 'free_cma']) {
    const value = info.counters[key]
    if (value !== undefined) details[key] = value
  }
  details['kernel_stack'] = stacks(info)
  details['balloon'] = sumOfLines(info.nodes, 'Balloon')
  details['gpu'] = sumOfLines(info.nodes, 'gpu_active', 'gpu_reclaim')
  details['zspages'] = sumOfLines(info.zones, 'zspages')
  details['hugepages_free'] = sumOf(info.hugepages.map((pool) => pool.free * pool.pageBytes))
  details['min_watermarks'] = sumOfLines(info.zones, 'min')
  if (info.reservedBytes !== null) details['reserved'] = info.reservedBytes
  if (info.ramBytes !== null) details['ram'] = info.ramBytes
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== 0))
}
