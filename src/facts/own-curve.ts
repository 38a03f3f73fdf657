import type { Curve } from '../model/curve.ts'
import type { IncidentFacts } from './incident-facts.ts'

/** The curve that tells most of what was killed: its own memory over time, not its cache, not the node's, not its sizes at death. */
export function ownCurve({ curves }: Pick<IncidentFacts, 'curves'>): Curve | null {
  const own = curves.filter(({ of, metric }) => of !== 'node' && metric !== 'cache' && metric !== 'swap' && metric !== 'rss-at-kill')
  return own.find(({ metric }) => metric === 'heap-after-gc') ?? own.find(({ shape }) => shape !== 'unknown') ?? own[0] ?? null
}
