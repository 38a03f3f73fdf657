import type { Incident } from '../model/incident.ts'
import type { Timeline } from '../model/timeline.ts'
import { warning } from '../warnings.ts'

/**
 * A report is one JSON text, and V8 takes half a gigabyte of it: 100,000 rows `OOMKilled` of `kubectl get pods -A` are more. What a kernel's report tells
 * of goes before what a status alone does. Many machines are a matter of `batch`.
 */
const MOST = 5_000

/** The timeline with as many incidents as a report can hold, in their order; what is left out is said. */
export function withMost(timeline: Timeline, most = MOST): Timeline {
  const { incidents, warnings } = timeline
  if (incidents.length <= most) return timeline
  const kept = new Set<Incident>()
  for (const isKernels of [true, false])
    for (const incident of incidents) if (kept.size < most && incident.dumps.length > 0 === isKernels) kept.add(incident)
  return {
    ...timeline,
    incidents: incidents.filter((incident) => kept.has(incident)),
    warnings: [...warnings, warning('incidents-left-out', null, null, { count: incidents.length - most, limit: most })],
  }
}
