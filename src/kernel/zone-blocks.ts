import type { OomDump, ZoneInfo } from '../model/oom-dump.ts'
import { gfpGeneration } from './gfp.ts'
import { isFrom, kernelVersion } from './release.ts'
import { sumOf } from './sums.ts'

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
  if (trigger?.gfpDecoded && trigger.gfpValue !== null) {
    const generation = gfpGeneration(trigger.gfpValue, null)
    return generation === '2.6' || generation === 'legacy'
  }
  if (trigger !== null && trigger.gfpFlags.length > 0) return false
  // Migrate types are printed since 3.8; the type R (reserve) went with 4.4.
  const types = (memInfo?.zones ?? []).flatMap((zone) => zone.buddy ?? []).flatMap((entry) => entry.types ?? [])
  return types.length === 0 || types.some((letters) => letters.includes('R'))
}

/** `null` without a buddy line. High-atomic, isolated and (for requests that may not move) CMA blocks serve nobody else. */
export function blockFit(zone: ZoneInfo, order: number, movable: boolean, dump: OomDump): BlockFit | null {
  if (zone.buddy === null || zone.buddy.length === 0) return null
  const wanted = movable ? /[UMECR]/ : /[UMER]/
  const able = zone.buddy.filter((e) => e.order >= order && e.count > 0 && (e.types === null || wanted.test(e.types)))
  return { bytes: bytesIn(able), fits: able.length > 0 && (!hasWatermarkPerOrder(dump) || passesPerOrder(zone, order, dump.pageBytes)) }
}

const bytesIn = (blocks: NonNullable<ZoneInfo['buddy']>): number => sumOf(blocks.map((e) => e.count * e.blockBytes))

function passesPerOrder(zone: ZoneInfo, order: number, page: number): boolean {
  const blocks = zone.buddy ?? []
  let free = bytesIn(blocks) - (2 ** order - 1) * page
  let mark = zone.values['min'] ?? 0
  for (let lower = 0; lower < order; lower++) {
    free -= bytesIn(blocks.filter((e) => e.order === lower))
    mark /= 2
    if (free <= mark) return false
  }
  return true
}
