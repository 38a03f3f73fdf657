import type { TotalName } from './item.ts'
import { bytesOfKb, type Shape, safeInteger } from './shape.ts'

const knownCounters = new Set(
  `active inactive dirty writeback unstable free slab mapped pagetables bounce active_anon active_file inactive_anon inactive_file isolated_anon
   isolated_file unevictable slab_reclaimable slab_unreclaimable shmem free_cma free_pcp sec_pagetables kernel_misc_reclaimable mapped-file mapped-anon`.split(
    /\s+/,
  ),
)
/** What every such line begins with: tells most others apart without cutting them up. */
const counterHead = /^\s*[A-Za-z][A-Za-z_-]*:-?\d+(?:\s|$)/
const counterToken = /^(?<key>[A-Za-z][A-Za-z_-]*):(?<value>-?\d+)$/

/** Keys sit on different sub-lines in different versions and 2.6.28 wrote `Active_anon`: read by name, in lower case. */
function readCounters(text: string): Record<string, number> | null {
  const values: Record<string, number> = {}
  let known = 0
  for (const token of text.trim().split(/\s+/)) {
    const found = counterToken.exec(token)?.groups
    if (found?.key === undefined || found.value === undefined) return null
    const key = found.key.toLowerCase()
    if (knownCounters.has(key)) known += 1
    values[key] = safeInteger(found.value)
  }
  return known > 0 && known * 2 >= Object.keys(values).length ? values : null
}

const pageTotals: Readonly<Record<string, TotalName>> = {
  'total pagecache pages': 'pagecache',
  'pages in swap cache': 'swapCache',
  'pages swap cached': 'swapCache',
  'pages RAM': 'ram',
  'pages of RAM': 'ram',
  'pages HighMem': 'highMem',
  'pages of HIGHMEM': 'highMem',
  'pages HighMem/MovableOnly': 'highMem',
  'pages reserved': 'reserved',
  'reserved pages': 'reserved',
  'pages cma reserved': 'cmaReserved',
  'pages hwpoisoned': 'hwpoisoned',
  'pages shared': 'other',
  'pages non-shared': 'other',
  'pages in pagetable cache': 'other',
  'free pages': 'other',
  'slab pages': 'other',
}
const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 }

/** The machine-wide block: global counters and totals (kernel-oom-formats §5.1, 5.2, 5.6, 5.7), slab table and allocation profile (6.1, 6.3). */
export const memInfoShapes: readonly Shape[] = [
  {
    id: 'mem-info',
    example: 'Mem-Info:',
    source: 'mm/show_mem.c (mm/page_alloc.c, lib/show_mem.c) show_mem; `Mem-info:` on some 2.6 architectures',
    first: 'M',
    read: (text) => (/^Mem-[Ii]nfo:\s*$/.test(text) ? { kind: 'mem-info' } : null),
  },
  {
    id: 'counters',
    example: ' slab_reclaimable:4158 slab_unreclaimable:4465',
    source: 'mm/page_alloc.c show_free_areas, all versions; pages',
    read(text) {
      const pages = counterHead.test(text) ? readCounters(text) : null
      return pages === null ? null : { kind: 'counters', pages }
    },
  },
  {
    id: 'per-cpu',
    example: 'CPU    0: hi:  186, btch:  31 usd:  86',
    source: 'mm/page_alloc.c show_free_areas up to 4.0; heads `Node 0 DMA per-cpu:`, older `cpu 0 hot: high 186, batch 31 used:86`',
    read: (text) =>
      /^(?:(?:Node \d+ )?\w+ per-cpu:(?: empty)?\s*$|CPU\s+\d+:\s+(?:Hot: )?hi:|cpu \d+ (?:hot|cold): )/.test(text)
        ? { kind: 'per-cpu' }
        : null,
  },
  {
    id: 'hugepages',
    example: 'Node 0 hugepages_total=12 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB',
    source: 'mm/hugetlb.c hugetlb_show_meminfo, 3.10 and later',
    first: ' Nh',
    read(text) {
      const found =
        /^(?:Node (?<node>\d+) )?hugepages_total=(?<total>\d+) hugepages_free=(?<free>\d+) hugepages_surp=(?<surplus>\d+) hugepages_size=(?<size>\d+)kB/.exec(
          text.trimStart(),
        )?.groups
      if (found === undefined) return null
      return {
        kind: 'hugepages',
        node: found.node === undefined ? null : Number(found.node),
        total: safeInteger(found.total ?? '0'),
        free: safeInteger(found.free ?? '0'),
        surplus: safeInteger(found.surplus ?? '0'),
        pageBytes: bytesOfKb(found.size ?? '0'),
      }
    },
  },
  {
    id: 'page-total',
    example: '445340 pages RAM',
    source: 'mm/show_mem.c show_mem, mm/swap_state.c show_swap_cache_info',
    first: ' -0123456789',
    read(text) {
      const found = /^(?<value>-?\d+) (?<what>(?:total |free |reserved |slab )?pages?\b.*)$/.exec(text.trim())?.groups
      const what = pageTotals[found?.what ?? '']
      return what === undefined ? null : { kind: 'total', what, value: safeInteger(found?.value ?? '0'), unit: 'pages' }
    },
  },
  {
    id: 'swap-total',
    example: 'Free swap  = -1636kB',
    source: 'mm/swap_state.c show_swap_cache_info; can be negative; `Free swap:       NkB` in old 2.6',
    first: ' FT',
    read(text) {
      const found = /^\s*(?<which>Free|Total) swap\s*[=:]\s*(?<value>-?\d+)\s?kB/.exec(text)?.groups
      if (found?.value === undefined) return null
      return { kind: 'total', what: found.which === 'Free' ? 'freeSwap' : 'totalSwap', value: bytesOfKb(found.value), unit: 'bytes' }
    },
  },
  {
    id: 'swap-cache-stats',
    example: 'Swap cache stats: add 131944, delete 116302, find 3920/4316',
    source: 'mm/swap_state.c show_swap_cache_info up to ~5.18; `Swap cache: add N, …` in old 2.6',
    first: ' S',
    read: (text) => (/^\s*Swap cache(?: stats)?: add \d+/.test(text) ? { kind: 'total', what: 'other', value: 0, unit: 'pages' } : null),
  },
  {
    id: 'slab-head',
    example: 'Unreclaimable slab info:',
    source: 'mm/slab_common.c dump_unreclaimable_slab, 4.15 and later',
    first: 'NU',
    read: (text) => (/^(?:Unreclaimable slab info:|Name\s+Used\s+Total\s*$)/.test(text) ? { kind: 'slab-head' } : null),
  },
  {
    id: 'slab-busy',
    example: 'excessive unreclaimable slab but cannot dump stats',
    source: 'mm/slab_common.c dump_unreclaimable_slab',
    first: 'e',
    read: (text) => (text.startsWith('excessive unreclaimable slab but cannot dump stats') ? { kind: 'slab-busy' } : null),
  },
  {
    id: 'slab',
    example: 'kmalloc-2048           59164KB      59164KB',
    source: 'mm/slab_common.c dump_unreclaimable_slab; a name may overflow its 17 columns',
    read(text) {
      const found = text.includes('KB ') ? /^(?<name>\S.*[^ ]|\S) +(?<used>\d+)KB +(?<total>\d+)KB\s*$/.exec(text)?.groups : undefined
      if (found?.used === undefined || found.total === undefined) return null
      return { kind: 'slab', name: found.name ?? '', usedBytes: bytesOfKb(found.used), totalBytes: bytesOfKb(found.total) }
    },
  },
  {
    id: 'allocations-head',
    example: 'Memory allocations (profiling is currently turned on):',
    source: 'mm/show_mem.c show_mem with CONFIG_MEM_ALLOC_PROFILING, 6.10 and later',
    first: 'M',
    read: (text) => (/^Memory allocations(?: \(profiling is currently turned o\w+\))?:/.test(text) ? { kind: 'allocations-head' } : null),
  },
  {
    id: 'allocation',
    example: '    33.0 MiB     8448 drivers/block/xen-blkfront.c:322 [xen_blkfront] func:fill_grant_buffer',
    source: 'mm/show_mem.c show_mem; human-readable with three digits',
    first: ' 0123456789',
    read(text) {
      const found = /^\s*(?<size>\d+(?:\.\d+)?) (?<unit>[KMGTP]iB|B)\s+(?<calls>\d+) (?<site>\S+:\d+ .*)$/.exec(text)?.groups
      const unit = units[found?.unit ?? '']
      if (found === undefined || unit === undefined) return null
      return {
        kind: 'allocation',
        bytes: Math.round(Number(found.size) * unit),
        calls: safeInteger(found.calls ?? '0'),
        site: (found.site ?? '').trim(),
      }
    },
  },
]
