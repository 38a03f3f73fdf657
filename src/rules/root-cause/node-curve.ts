import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { machineOf } from '../../facts/names.ts'
import { spanOf } from '../../facts/own-curve.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { Curve } from '../../model/curve.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { Quote } from '../../model/origin.ts'
import type { SeriesMetric } from '../../model/series.ts'
import { bytes, code, count, percent, say, seconds } from '../../text/say.ts'

/** A machine's own curve up to the kill; one that says nothing of it (a gap before the kill, another clock) is none. */
function nodeCurve({ curves }: IncidentFacts, ...metrics: readonly SeriesMetric[]): Curve | null {
  const found = curves.find(({ of, metric }) => of === 'node' && metrics.includes(metric))
  return found === undefined || found.intervalUs === null || found.unseenUs > Math.max(3 * found.intervalUs, 600e6) ? null : found
}

/** Less than this share of what there was is nothing left. */
const GONE = 0.05

/** How a machine's free swap went, where a curve shows it going: from where to where, in what time. */
export function swapByCurve(facts: IncidentFacts): { readonly statement: Phrase; readonly quotes: readonly Quote[] } | null {
  const curve = nodeCurve(facts, 'swap-free')
  const begin = curve?.bytes[0] ?? 0
  if (curve === null || begin <= 0 || curve.lastBytes > GONE * begin || curve.bytes.length < 6) return null
  const took = spanOf(curve.us.slice(curve.bytes.findLastIndex((size) => size >= 0.9 * begin)))
  return {
    statement: say`Its free swap went from ${bytes(begin)} to ${bytes(curve.lastBytes)} within ${seconds(Math.round(took))}`,
    quotes: curve.quotes.slice(0, 2),
  }
}

/** How what the machine had left went down. */
export function courseOfNode(facts: IncidentFacts): Phrase {
  const curve = nodeCurve(facts, 'available', 'free')
  const begin = curve?.bytes[0] ?? 0
  if (curve === null || curve.lastBytes >= begin * 0.7) return say``
  return say` What ${machineOf(facts)} had left went from ${bytes(begin)} to ${bytes(curve.lastBytes)} within ${seconds(Math.round(spanOf(curve.us)))}.`
}

/** From so many on, none alone: a crowd. */
const CROWD = 3
const ALONE = 0.6
const NOBODYS = 0.45
/** The containers together must hold this share of the machine to have filled it. */
const MOST_OF_IT = 0.6

/** Who the rise before the kill was: one container alone, or many together; `null` where the curves do not tell. */
export function riseOnNode(
  facts: IncidentFacts,
): { readonly alone: boolean; readonly name: string; readonly statement: Phrase; readonly quotes: readonly Quote[] } | null {
  const rises = facts.rises.node.filter(({ riseBytes }) => riseBytes > 0)
  const [first] = rises
  const all = sumOf(rises.map(({ riseBytes }) => riseBytes))
  const machine = facts.machineAccounting?.totalBytes ?? facts.meminfo?.['MemTotal']?.value ?? facts.node?.capacityBytes?.value ?? null
  if (first === undefined || facts.rises.node.length < CROWD || all < 0.05 * (machine ?? all)) return null
  const share = first.riseBytes / all
  const quotes = rises.slice(0, 3).flatMap(({ quote }) => (quote === null ? [] : [quote]))
  if (share >= ALONE)
    return {
      alone: true,
      name: first.name,
      quotes,
      statement: say`${code(first.name)} alone took ${percent(share)} of the ${bytes(all)} by which the containers of ${machineOf(facts)} grew.`,
    }
  const held = sumOf(facts.rises.node.map(({ lastBytes }) => lastBytes))
  if (share > NOBODYS || rises.length < CROWD || machine === null || held < MOST_OF_IT * machine) return null
  return {
    alone: false,
    name: first.name,
    quotes,
    statement: say`They grew together by ${bytes(all)}, ${count(rises.length)} containers at once; the one that grew most, ${code(first.name)}, took ${percent(share)} of it.`,
  }
}
