import type { Curve } from '../model/curve.ts'
import type { Quote } from '../model/origin.ts'
import { leastOf, mostOf } from '../units/extremes.ts'
import type { IncidentFacts } from './incident-facts.ts'

/**
 * The curve that tells most of what was killed: its own memory over time, not its cache, not the node's, not its sizes at death. What lives in a heap tells
 * it best, unless that stood still while the whole rose: then it lies elsewhere.
 */
export function ownCurve({ curves }: Pick<IncidentFacts, 'curves'>): Curve | null {
  const own = curves.filter(({ of, metric }) => of !== 'node' && metric !== 'cache' && metric !== 'swap' && metric !== 'rss-at-kill')
  const live = own.find(({ metric }) => metric === 'heap-after-gc')
  const whole = own.find(({ of, shape }) => of !== 'runtime-heap' && shape !== 'unknown')
  const isElsewhere = live?.shape === 'flat' && (whole?.shape === 'growth' || whole?.shape === 'spike')
  return (isElsewhere ? whole : live) ?? own.find(({ shape }) => shape !== 'unknown') ?? own[0] ?? null
}

/** From the first sample to the last, in seconds. */
export const spanOf = (us: readonly number[]): number => Math.max(0, mostOf(us) - leastOf(us)) / 1e6

/** What lives in the heap, where it stood still while the whole grew. */
export function stillHeap({ curves }: Pick<IncidentFacts, 'curves'>): Curve | null {
  const live = curves.find(({ metric, shape }) => metric === 'heap-after-gc' && shape === 'flat')
  return live === undefined || ownCurve({ curves }) === live ? null : live
}

/** The labels of a curve by which a container's id has the names of its pod, where no status, manifest or log in the input says them. */
export function namingLabels({
  curves,
  pod,
  incident: { workload },
}: Pick<IncidentFacts, 'curves' | 'pod' | 'incident'>): readonly Quote[] {
  if (pod !== null || workload?.pod == null || workload.containerId === null) return []
  const named = curves.find(({ subject }) => subject.pod === workload.pod && subject.containerId === workload.containerId)
  return named?.quotes.slice(0, 1) ?? []
}
