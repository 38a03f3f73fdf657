import type { Accounting, ZoneState } from '../model/figures.ts'
import type { OomDump, ZoneInfo } from '../model/oom-dump.ts'
import { present } from './memcg-accounting.ts'
import { sumOf, sumOfKeys, sumOfLines } from './sums.ts'
import { bytesOf, NOT_PRINTED } from './unprinted.ts'
import { zoneSize } from './zone-types.ts'

/**
 * What the zones that the request could use held, class by class against their managed memory, where they are only a part of the machine: a bound process,
 * the low memory of a 32-bit kernel, DMA32. From the zone lines (kernel-oom-formats §5.4); slab stands there up to 4.12, and on machines with HighMem all of it
 * is in the zones below. What no zone line tells is not printed, never `unaccounted`. `null` without zone lines that tell it. Up to 2.6.27 a zone has one pair of lists (`other`).
 */
export function accountPart(dump: OomDump, states: readonly ZoneState[]): Accounting | null {
  const zones = dump.memInfo?.zones ?? []
  const usable = zones.filter((_, index) => states[index]?.usable === true)
  const total = sumOf(usable.map(zoneSize))
  const old = usable.every((zone) => zone.values['active'] !== undefined)
  if (total === 0) return null
  if (!old && usable.some((zone) => zone.values['active_anon'] === undefined)) return null
  const shmem = sumOfLines(usable, 'shmem')
  const lru = sumOfLines(usable, 'active_anon', 'inactive_anon', 'isolated(anon)')
  const slab = slabOf(dump, zones, usable)
  const classes = present([
    ['other', 'active + inactive', old ? sumOfLines(usable, 'active', 'inactive') : undefined],
    ['anon', 'active_anon + inactive_anon − shmem', old ? undefined : Math.max(0, lru - shmem)],
    ['shmem', 'shmem', Math.min(shmem, lru) || undefined],
    ['file', 'active_file + inactive_file', old ? undefined : sumOfLines(usable, 'active_file', 'inactive_file', 'isolated(file)')],
    ['slab', 'slab_reclaimable + slab_unreclaimable', slab ?? undefined],
    ['pagetables', 'pagetables', sumOfLines(usable, 'pagetables')],
    ['kernel', 'kernel_stack + bounce', sumOfLines(usable, 'kernel_stack', 'bounce')],
    ['free', 'free + free_pcp', sumOfLines(usable, 'free', 'free_pcp')],
  ])
  const rest = total - bytesOf(classes)
  return {
    scope: 'part',
    totalBytes: total,
    totalName: 'managed memory of the zones that the request could use',
    classes: rest > 0 ? [...classes, { id: 'other', kernelName: NOT_PRINTED, bytes: rest }] : classes,
    unaccountedBytes: 0,
    details: { min_watermarks: sumOfLines(usable, 'min') },
  }
}

function slabOf(dump: OomDump, zones: readonly ZoneInfo[], usable: readonly ZoneInfo[]): number | null {
  if (usable.some((zone) => 'slab_unreclaimable' in zone.values)) return sumOfLines(usable, 'slab_reclaimable', 'slab_unreclaimable')
  const counters = dump.memInfo?.counters ?? {}
  const inLow = zones.some((zone) => zone.name === 'HighMem') && usable.every((zone) => zone.name !== 'HighMem')
  return inLow ? (counters['slab'] ?? sumOfKeys(counters, 'slab_reclaimable', 'slab_unreclaimable')) : null
}
