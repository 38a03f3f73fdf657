import type { ZoneState } from '../model/figures.ts'
import type { OomDump, ZoneInfo } from '../model/oom-dump.ts'
import { sumOf } from './sums.ts'
import { allowedNodes } from './total-pages.ts'
import { blockFit } from './zone-blocks.ts'
import { rankOf, reserveOf, type ZoneClass, zoneClassOf, zoneSize } from './zone-types.ts'

export { zoneClassOf } from './zone-types.ts'

/** Whether the request may sit in CMA and movable blocks. */
const isMovable = (gfpFlags: readonly string[]): boolean => zoneClassOf(gfpFlags) === 'Movable' || gfpFlags.includes('__GFP_MOVABLE')

/** The class of the request; `null` where no mask is in the log: then any zone may have been asked. */
function requestClass(dump: OomDump): ZoneClass | null {
  const { trigger } = dump
  return trigger === null || (trigger.gfpMask === null && trigger.gfpFlags.length === 0) ? null : zoneClassOf(trigger.gfpFlags)
}

/**
 * Each zone of a Mem-Info block against the watermark that the request at hand had to meet (mm/page_alloc.c __zone_watermark_ok; kernel-oom-formats
 * §12.6): headroom = free − highatomic reserve − CMA (for requests that may not use it) − min − lowmem_reserve of the request's class.
 * `min` holds the boost already. Exhausted when headroom < max(25 % of min, 64 pages): real OOMs show small positive headroom.
 */
export function zoneStates(dump: OomDump): readonly ZoneState[] | null {
  if (dump.memInfo === null || dump.memInfo.zones.length === 0) return null
  const zones = dump.memInfo.zones
  const flags = dump.trigger?.gfpFlags ?? []
  const zoneClass = requestClass(dump)
  const nodes = allowedNodes(dump)
  return zones.map((zone) => {
    const allowed = nodes === null || zone.node === null || nodes.has(zone.node)
    const rank = rankOf(zone.name)
    const size = zoneSize(zone)
    const usable = allowed && rank >= 0 && zone.name !== 'Device' && rank <= rankOf(zoneClass ?? 'Movable') && size !== 0
    const ofNode = zones.filter((other) => other.node === zone.node)
    const fit = blockFit(zone, Math.max(0, dump.trigger?.order ?? 0), isMovable(flags), dump)
    return {
      node: zone.node,
      name: zone.name,
      usable,
      allowed,
      freeBytes: zone.values['free'] ?? null,
      minBytes: zone.values['min'] ?? null,
      lowBytes: zone.values['low'] ?? null,
      highBytes: zone.values['high'] ?? null,
      managedBytes: zone.values['managed'] ?? null,
      sizeBytes: size,
      ...standingOf(zone, dump, reserveOf(zone, zoneClass ?? 'Movable', ofNode)),
      hasBlock: fit?.fits ?? null,
      blockBytes: fit?.bytes ?? null,
    }
  })
}

function standingOf(zone: ZoneInfo, dump: OomDump, reserve: number): Pick<ZoneState, 'headroomBytes' | 'exhausted'> {
  const { free, min } = zone.values
  if (free === undefined || min === undefined) return { headroomBytes: null, exhausted: null }
  // 6.13+ tracks what the reserve really has free; before, the whole reserve was taken off, used or not (§12.6, highatomic trap).
  const atomic = zone.values['free_highatomic'] ?? zone.values['reserved_highatomic'] ?? 0
  const cma = isMovable(dump.trigger?.gfpFlags ?? []) ? 0 : (zone.values['free_cma'] ?? 0)
  const headroomBytes = free - atomic - cma - min - reserve
  return { headroomBytes, exhausted: headroomBytes < Math.max(min / 4, 64 * dump.pageBytes) }
}

/** Without ZONE_DMA's 16 MiB and the like beside real zones: what is left there by its reserve decides nothing. */
export function weighty(zones: readonly ZoneState[]): readonly ZoneState[] {
  const total = sumOf(zones.map((zone) => zone.sizeBytes))
  return zones.filter((zone) => zone.sizeBytes === null || zone.sizeBytes >= total / 32)
}
