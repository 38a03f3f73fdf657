import type { AnyIncident } from '../model/report.ts'

/** Incidents of one owner, or of one node shortage and its aftermath, name each other: replicas on two nodes are one story. */
export function relate(incidents: readonly AnyIncident[]): void {
  const byStory = new Map<string, AnyIncident[]>()
  for (const incident of incidents) {
    const key = storyOf(incident)
    if (key === null) continue
    byStory.set(key, [...(byStory.get(key) ?? []), incident])
  }
  for (const group of byStory.values())
    for (const incident of group) incident.related = group.filter((o) => o !== incident).map((o) => o.id)
}

function storyOf({ workload: w, rootCause }: AnyIncident): string | null {
  if (w === null) return null
  if (w.owner !== null) return `${w.namespace ?? ''}/${w.owner}/${w.container ?? ''}`
  if (w.pod !== null) return `${w.namespace ?? ''}/${w.pod.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, '')}/${w.container ?? ''}`
  return w.unit === null ? null : `${w.unit}/${rootCause.id}`
}
