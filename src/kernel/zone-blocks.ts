import type { OomDump, ZoneInfo } from '../model/oom-dump.ts'
import { gfpGeneration } from './gfp.ts'
import { isFrom, kernelVersion } from './release.ts'

/** What the free lists of a zone had for a request of more than one page. */
export interface BlockFit {
  /** Bytes in free blocks of the order or larger, of types that the request may take. */
  readonly bytes: number
  /** Whether the kernel's own check lets the request through. */
  readonly fits: boolean
}

/**
 * Up to 4.3 the watermark holds per order (mm/page_alloc.c __zone_watermark_ok: pages of lower orders do not count, and the mark halves with each order);
 * from 4.4 on one free block of the order is enough. The release tells, else the mask's bits, else the shape of the lines.
 */
function hasWatermarkPerOrder(dump: OomDump): boolean {
  const version = kernelVersion(dump.release)
  if (version !== null) return !isFrom(version, 4, 4)
  const { trigger, memInfo } = dump
  if (trigger?.gfpDecoded && trigger.gfpValue !== null && trigger.gfpValue > 0) {
    const generation = gfpGeneration(trigger.gfpValue, null)
    return generation === '2.6' || generation === 'legacy'
  }
  if (trigger !== null && trigger.gfpFlags.length > 0) return false
  // Migrate types are printed since 3.8; the type R (reserve) went with 4.4.
  const blocks = memInfo?.zones.flatMap((zone) => zone.buddy ?? []).filter((entry) => entry.count > 0) ?? []
  return blocks.length > 0 && (blocks.every((entry) => entry.types === null) || blocks.some((entry) => entry.types?.includes('R')))
}

/** `null` without a buddy line. High-atomic, isolated and (for requests that may not move) CMA blocks serve nobody else. */
export function blockFit(zone: ZoneInfo, order: number, movable: boolean, dump: OomDump): BlockFit | null {
  if (zone.buddy === null || zone.buddy.length === 0) return null
  const wanted = movable ? /[UMECR]/ : /[UMER]/
  const able = zone.buddy.filter((e) => e.order >= order && e.count > 0 && (e.types === null || wanted.test(e.types)))
  const bytes = able.reduce((sum, e) => sum + e.count * e.blockBytes, 0)
  return { bytes, fits: able.length > 0 && (!hasWatermarkPerOrder(dump) || passesPerOrder(zone, order, dump.pageBytes)) }
}

function passesPerOrder(zone: ZoneInfo, order: number, page: number): boolean {
  const blocks = zone.buddy ?? []
  let free = blocks.reduce((sum, e) => sum + e.count * e.blockBytes, 0) - (2 ** order - 1) * page
  let mark = zone.values['min'] ?? 0
  for (let lower = 0; lower < order; lower++) {
    free -= blocks.filter((e) => e.order === lower).reduce((sum, e) => sum + e.count * e.blockBytes, 0)
    mark /= 2
    if (free <= mark) return false
  }
  return true
}
