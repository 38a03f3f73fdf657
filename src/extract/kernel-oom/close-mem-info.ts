import { kernelVersion } from '../../kernel/release.ts'
import { isTotalRefuted, managedBytes } from '../../kernel/total-pages.ts'
import type { HugepagePool, MemInfo, ZoneInfo } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'
import type { Warning } from '../../model/warning.ts'
import { warning } from '../../warnings.ts'
import type { Draft, DraftZone } from './draft.ts'
import type { TotalName } from './item.ts'
import { plausible } from './shape.ts'

/** Keys of zone and node lines that are numbers without a unit: scanned pages, not sizes. */
export function closeMemInfo(draft: Draft, page: number, release: string | null, warnings: Warning[]): MemInfo | null {
  // The protection line stands in memcg reports too, where no Mem-Info is printed.
  if (!draft.memInfo && draft.slabs.length === 0 && draft.allocations.length === 0 && draft.protection === null) return null
  const absurd = (key: string): void => {
    const quote = draft.quotes.get('counters')?.[0]
    warnings.push(warning('oom-figure-absurd', quote?.source ?? null, quote?.line ?? null, { key }))
  }
  const total = (what: TotalName): number | null => {
    const at = draft.totals[what]
    return at === undefined ? null : at.unit === 'pages' ? at.value * page : at.value
  }
  const info: MemInfo = {
    counters: plausible(Object.fromEntries(Object.entries(draft.counterPages).map(([key, pages]) => [key, clamp(pages * page)])), absurd),
    nodes: draft.nodes.map(({ node, values, allUnreclaimable, quote }) => ({
      node,
      values: plausible(values, absurd),
      allUnreclaimable,
      quote,
    })),
    zones: draft.zones.map((zone) => closeZone(zone, page)),
    hugepages: draft.hugepages.map(
      ({ node, total: all, free, surplus, pageBytes, quote }): HugepagePool => ({ node, total: all, free, surplus, pageBytes, quote }),
    ),
    freeSwapBytes: total('freeSwap'),
    totalSwapBytes: total('totalSwap'),
    ramBytes: total('ram'),
    reservedBytes: total('reserved'),
    cmaReservedBytes: total('cmaReserved'),
    slabs: draft.slabs.map(({ name, usedBytes, totalBytes, quote }) => ({ name, usedBytes, totalBytes, quote })),
    allocations: draft.allocations.map(({ bytes, calls, site, quote }) => ({ bytes, calls, site, quote })),
    protection: closeProtection(draft, total('ram'), release, warnings),
    quotes: memInfoQuotes(draft),
  }
  const ram = draft.quotes.get('ram')?.[0]
  if (isTotalRefuted(info)) warnings.push(warning('oom-totals-disagree', ram?.source ?? null, ram?.line ?? null))
  else if (info.ramBytes !== null && info.reservedBytes !== null && managedBytes(info) === null)
    warnings.push(
      warning('number-absurd', ram?.source ?? null, ram?.line ?? null, {
        key: 'pages RAM − reserved',
        value: draft.totals.ram?.value ?? 0,
      }),
    )
  return info
}

const clamp = (value: number): number => (Number.isSafeInteger(value) ? value : Math.sign(value) * Number.MAX_SAFE_INTEGER)

function memInfoQuotes(draft: Draft): readonly Quote[] {
  return (['counters', 'zones', 'swapTotals', 'ram'] as const).flatMap((role) => draft.quotes.get(role) ?? [])
}

/**
 * A zone's size that ran below zero (`present:18446744073709538996kB`, 2.6.18 on machines whose first megabytes are reserved) is unknown. The watermarks
 * that were made of it stand as they are, clamped: against those the kernel judged.
 */
function sane(values: Readonly<Record<string, number>>): Record<string, number> {
  const watermarks = new Set(['min', 'low', 'high'])
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => watermarks.has(key) || Math.abs(value) < Number.MAX_SAFE_INTEGER),
  )
}

function closeZone(draft: DraftZone, page: number): ZoneInfo {
  const blocks = draft.buddy?.blocks
  return {
    node: draft.node,
    name: draft.name,
    values: sane(draft.zone?.values ?? {}),
    allUnreclaimable: draft.zone?.allUnreclaimable ?? null,
    lowmemReserveBytes: draft.lowmemPages?.map((pages) => clamp(pages * page)) ?? null,
    buddy:
      blocks?.map(({ blockBytes, count, types }) => ({ order: Math.round(Math.log2(blockBytes / page)), blockBytes, count, types })) ??
      null,
    buddyTotalBytes: draft.buddy?.totalBytes ?? null,
    quotes: draft.quotes,
  }
}

/** The first release with this line (6.19) printed values 4096 times too big: more than the machine or the limit, and a multiple of 4096 kB. */
function closeProtection(draft: Draft, ramBytes: number | null, release: string | null, warnings: Warning[]): MemInfo['protection'] {
  const printed = draft.protection
  if (printed === null) return null
  const largest = Math.max(printed.minBytes, printed.lowBytes)
  const bound = ramBytes ?? draft.counters.memory?.limitBytes ?? null
  const version = kernelVersion(release)
  const isFirst = version?.major === 6 && version.minor === 19 && version.patch === 0
  const isAffected = isFirst || (bound !== null && largest > bound * 4)
  const scaled = [printed.minBytes, printed.lowBytes].every((bytes) => bytes % (4096 * 1024) === 0)
  if (largest === 0 || !isAffected || !scaled) return printed
  warnings.push(warning('oom-protection-scaled', printed.quote.source, printed.quote.line))
  return { minBytes: printed.minBytes / 4096, lowBytes: printed.lowBytes / 4096, quote: printed.quote }
}
