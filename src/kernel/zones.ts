import type { ZoneState } from '../model/figures.ts'
import type { OomDump, ZoneInfo } from '../model/oom-dump.ts'
import { allowedNodes } from './total-pages.ts'

/** Highest zone that a request may use (gfp_zone() in include/linux/gfp.h). */
export type ZoneClass = 'DMA' | 'DMA32' | 'Normal' | 'HighMem' | 'Movable'

const RANKS: Readonly<Record<string, number>> = { DMA: 0, DMA32: 1, Normal: 2, HighMem: 3, Movable: 4 }

/** From the names of the gfp mask: `GFP_HIGHUSER_MOVABLE` → Movable, `GFP_KERNEL` → Normal, `GFP_DMA32` → DMA32. */
export function zoneClassOf(gfpFlags: readonly string[]): ZoneClass {
  const has = (...names: readonly string[]): boolean => names.some((name) => gfpFlags.includes(name))
  if (has('GFP_DMA', '__GFP_DMA')) return 'DMA'
  if (has('GFP_DMA32', '__GFP_DMA32')) return 'DMA32'
  if (has('GFP_HIGHUSER_MOVABLE', 'GFP_TRANSHUGE', 'GFP_TRANSHUGE_LIGHT')) return 'Movable'
  if (has('GFP_HIGHUSER', '__GFP_HIGHMEM')) return has('__GFP_MOVABLE') ? 'Movable' : 'HighMem'
  return 'Normal'
}

/** Whether the request may sit in CMA and movable blocks. */
const isMovable = (gfpFlags: readonly string[]): boolean => zoneClassOf(gfpFlags) === 'Movable' || gfpFlags.includes('__GFP_MOVABLE')

/** The index of a class in `lowmem_reserve[]`, which has 3 to 5 entries, one per zone type that the kernel was built with. */
function reserveIndex(zoneClass: ZoneClass, entries: number, highMem: boolean): number {
  const last = entries >= 5 ? entries - 2 : entries - 1
  if (zoneClass === 'Movable') return last
  if (highMem) return zoneClass === 'HighMem' ? last - 1 : zoneClass === 'Normal' ? last - 2 : 0
  if (zoneClass === 'HighMem' || zoneClass === 'Normal') return Math.max(0, last - 1)
  return zoneClass === 'DMA' ? 0 : Math.max(0, last - 2)
}

/**
 * Each zone of a Mem-Info block against the watermark that the request at hand had to meet (mm/page_alloc.c __zone_watermark_ok; sheet
 * §12.6): headroom = free − highatomic reserve − CMA (for requests that may not use it) − min − lowmem_reserve of the request's class.
 * `min` holds the boost already. Exhausted when headroom < max(25 % of min, 64 pages): real OOMs show small positive headroom.
 */
export function zoneStates(dump: OomDump): readonly ZoneState[] | null {
  if (dump.memInfo === null || dump.memInfo.zones.length === 0) return null
  const zones = dump.memInfo.zones
  const flags = dump.trigger?.gfpFlags ?? []
  const zoneClass = zoneClassOf(flags)
  const nodes = allowedNodes(dump)
  const highMem = zones.some((zone) => zone.name === 'HighMem')
  return zones.map((zone) => {
    const allowed = nodes === null || zone.node === null || nodes.has(zone.node)
    const usable = allowed && zone.name in RANKS && (RANKS[zone.name] ?? 9) <= (RANKS[zoneClass] ?? 0) && zone.values['managed'] !== 0
    const headroom = headroomOf(zone, dump, zoneClass, highMem)
    const min = zone.values['min'] ?? null
    return {
      node: zone.node,
      name: zone.name,
      usable,
      freeBytes: zone.values['free'] ?? null,
      minBytes: min,
      lowBytes: zone.values['low'] ?? null,
      highBytes: zone.values['high'] ?? null,
      managedBytes: zone.values['managed'] ?? null,
      headroomBytes: headroom,
      exhausted: headroom === null || min === null ? null : headroom < Math.max(min / 4, 64 * dump.pageBytes),
      hasBlock: hasBlock(zone, dump.trigger?.order ?? 0, isMovable(flags)),
    }
  })
}

function headroomOf(zone: ZoneInfo, dump: OomDump, zoneClass: ZoneClass, highMem: boolean): number | null {
  const free = zone.values['free']
  const min = zone.values['min']
  if (free === undefined || min === undefined) return null
  // 6.13+ tracks what the reserve really has free; before, the whole reserve was taken off, used or not (§12.6, highatomic trap).
  const atomic = zone.values['free_highatomic'] ?? zone.values['reserved_highatomic'] ?? 0
  const cma = isMovable(dump.trigger?.gfpFlags ?? []) ? 0 : (zone.values['free_cma'] ?? 0)
  const reserves = zone.lowmemReserveBytes ?? []
  const reserve = reserves.length === 0 ? 0 : (reserves[reserveIndex(zoneClass, reserves.length, highMem)] ?? 0)
  return free - atomic - cma - min - reserve
}

/** Whether a free block of the order or larger is there of a type the request may take: high-atomic, isolated and (mostly) CMA blocks are not. */
function hasBlock(zone: ZoneInfo, order: number, movable: boolean): boolean | null {
  if (zone.buddy === null || zone.buddy.length === 0) return null
  const wanted = movable ? /[UMEC]/ : /[UME]/
  return zone.buddy.some((entry) => entry.order >= order && entry.count > 0 && (entry.types === null || wanted.test(entry.types)))
}
