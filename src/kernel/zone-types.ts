import type { ZoneInfo } from '../model/oom-dump.ts'

/** Highest zone that a request may use (gfp_zone() in include/linux/gfp.h). */
export type ZoneClass = 'DMA' | 'DMA32' | 'Normal' | 'HighMem' | 'Movable'

/** Zone types in the order of the kernel's enum zone_type. */
const ORDER: readonly string[] = ['DMA', 'DMA32', 'Normal', 'HighMem', 'Movable', 'Device']

export const rankOf = (name: string): number => ORDER.indexOf(name)

/**
 * From the names of the gfp mask: `GFP_HIGHUSER_MOVABLE` → Movable, `GFP_KERNEL` → Normal, `GFP_DMA32` → DMA32. Without high memory asked for, movable
 * pages stay in Normal.
 */
export function zoneClassOf(gfpFlags: readonly string[]): ZoneClass {
  const has = (...names: readonly string[]): boolean => names.some((name) => gfpFlags.includes(name))
  if (has('GFP_DMA', '__GFP_DMA')) return 'DMA'
  if (has('GFP_DMA32', '__GFP_DMA32')) return 'DMA32'
  if (has('GFP_HIGHUSER_MOVABLE', 'GFP_TRANSHUGE', 'GFP_TRANSHUGE_LIGHT')) return 'Movable'
  if (has('GFP_HIGHUSER', '__GFP_HIGHMEM')) return has('__GFP_MOVABLE') ? 'Movable' : 'HighMem'
  return 'Normal'
}

/** Size of a zone: `managed:` (3.8 and later, RHEL7), before that `present:`, which holds what was reserved at boot too. `null` where neither is printed. */
export const zoneSize = (zone: ZoneInfo): number | null => zone.values['managed'] ?? zone.values['present'] ?? null

/**
 * What a zone keeps from requests of a class, of its `lowmem_reserve[]` (mm/page_alloc.c setup_per_zone_lowmem_reserve): an entry for each zone type that the
 * kernel was built with, printed or empty, each the sum over the populated zones above this one, as far as that type. Which types there are differs by
 * architecture and version, so the steps are counted from the top: zones above the class take the last ones. `node`: all zones of the zone's node.
 */
export function reserveOf(zone: ZoneInfo, zoneClass: ZoneClass, node: readonly ZoneInfo[]): number {
  const steps = [...new Set(zone.lowmemReserveBytes ?? [])]
  const top = Math.max(rankOf(zone.name), rankOf(zoneClass))
  const above = new Set(node.filter((z) => rankOf(z.name) > top && z.name !== 'Device' && zoneSize(z) !== 0).map((z) => z.name)).size
  return steps[steps.length - 1 - above] ?? 0
}
