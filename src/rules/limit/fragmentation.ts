import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { ZoneState } from '../../model/figures.ts'
import { bytes, code, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isGlobal } from './machine.ts'

/**
 * Order > 0, headroom for the whole request, and no free block of that order in any zone that has it (kernel-oom-formats §12.7). Without the free lists a
 * zone well above its watermark proves it too: a single page would have been given (mm/page_alloc.c __zone_watermark_ok), so the size was what failed.
 */
export function isFragmented(facts: IncidentFacts): boolean {
  if (!isGlobal(facts) || orderOf(facts) <= 0) return false
  const able = ableZones(facts)
  return able.length > 0 && able.every((zone) => zone.hasBlock === false || (zone.hasBlock === null && zone.exhausted === false))
}

/** Room for the request above the watermark; a zone that stands at it (a hundredth above) has no free memory that only lies in pieces. */
function ableZones(facts: IncidentFacts): readonly ZoneState[] {
  const size = sizeOf(facts)
  return (facts.zones ?? []).filter(
    ({ usable, headroomBytes, minBytes }) => usable && headroomBytes !== null && headroomBytes >= Math.max(size, (minBytes ?? 0) / 100),
  )
}

/** Of the request: a single page where no line tells. */
export const orderOf = ({ dump }: IncidentFacts): number => dump?.trigger?.order ?? 0
const sizeOf = (facts: IncidentFacts): number => (facts.dump?.pageBytes ?? 0) * 2 ** orderOf(facts)

export const fragmentation = defineRule({
  question: 'limit',
  id: 'fragmentation',
  title: 'Free memory, but not in one piece',
  needs: ['dump', 'zones'],
  weight: 70,
  evaluate(facts) {
    if (!isFragmented(facts)) return null
    const able = ableZones(facts)
    const free = sumOf(able.map((zone) => zone.freeBytes))
    const names = zoneNames(able)
    const fit = sumOf(able.map((zone) => zone.blockBytes))
    const listed = able.every((zone) => zone.hasBlock !== null)
    const pieces = !listed
      ? say`so a single page would have been given; the free lists are not in the log`
      : fit === 0
        ? say`but no block of that size that it could use`
        : say`but only ${bytes(fit)} in blocks of that size or larger, less than must be left`
    return {
      confidence: listed ? facts.trust : 'medium',
      statement: say`The request was for ${bytes(sizeOf(facts))} in one piece (order ${orderOf(facts)}); ${bytes(free)} was free in ${code(names)}, ${pieces}.`,
      evidence: evidence(lines(facts, 'header'), zoneLines(facts), killLines(facts, 1)),
      against: null,
    }
  },
})

/** `Normal`; on machines of several nodes `Node 0 Normal, Node 1 Normal`. */
function zoneNames(zones: readonly { readonly name: string; readonly node: number | null }[]): string {
  const several = new Set(zones.map(({ node }) => node)).size > 1
  return [...new Set(zones.map(({ node, name }) => (several && node !== null ? `Node ${node} ${name}` : name)))].join(', ')
}

export function zoneLines(facts: IncidentFacts) {
  const zones = facts.dump?.memInfo?.zones.flatMap((zone) => zone.quotes) ?? []
  return zones.length > 0 ? zones.slice(0, 4) : (facts.dump?.quotes.zones ?? []).slice(0, 4)
}
