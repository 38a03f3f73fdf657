import { containerText } from '../facts/names.ts'
import type { ObjectEvent } from '../model/event.ts'
import type { Incident, Instant, PlacedEvent } from '../model/incident.ts'
import { gapUs } from '../timeline/instants.ts'

/** How often runtime and kubelet tell each fact of a container's life, by `container-started container app of pod shop/cart`. */
export type LivesTold = ReadonlyMap<string, number>

export function livesTold(told: readonly PlacedEvent[]): LivesTold {
  const counts = new Map<string, number>()
  for (const { event } of told) {
    if (event.kind !== 'container') continue
    const fact = `container-${event.what} ${containerText(event.target)}`
    counts.set(fact, (counts.get(fact) ?? 0) + 1)
  }
  return counts
}

const lives: Readonly<Record<string, string>> = {
  Started: 'container-started',
  Created: 'container-started',
  BackOff: 'container-back-off',
}

/** The fact of a container's life that an event of the API is about; `null` for what it tells of all else. A container that was created is about to start. */
export function lifeOf(e: ObjectEvent): string | null {
  const kind = lives[e.reason]
  if (kind === undefined || e.container === null || e.name === null) return null
  return `${kind} ${containerText({ namespace: e.namespace, pod: e.name, podUid: null, container: e.container, containerId: null })}`
}

/**
 * What every node says when it starts: that its memory suffices is told where it did not before; that it is ready, where it was not; that it was rebooted, where it
 * may have been by what happened here. That a pod's sandbox started is no start of a container.
 */
export function withoutNoise({ context: all, first }: Incident): (placed: PlacedEvent) => boolean {
  const sandboxes = new Set(all.flatMap(({ event }) => (event.kind === 'container' ? [event.sandboxId ?? ''] : [])))
  const reasons = new Set(all.flatMap(({ event }) => (event.kind === 'object-event' ? [event.reason] : [])))
  const isShort =
    reasons.has('NodeHasInsufficientMemory') || reasons.has('EvictionThresholdMet') || all.some(({ event }) => event.kind === 'eviction')
  const noise = new Set([
    ...['RegisteredNode', 'NodeAllocatableEnforced', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'],
    ...(isShort ? [] : ['NodeHasSufficientMemory']),
    ...(reasons.has('NodeNotReady') ? [] : ['NodeReady']),
  ])
  return ({ event, at }) => {
    if (event.kind === 'container') return event.what !== 'started' || !sandboxes.has(event.target.containerId ?? ' ')
    if (event.kind !== 'object-event' || event.objectKind !== 'Node') return true
    return !noise.has(event.reason) && !(event.reason === 'Rebooted' && isBefore(at, first))
  }
}

/** The API counts what happens again, and dates it by the last time: where runtime and kubelet tell each single time, the count says nothing more. */
export function withoutCounts(told: LivesTold): (placed: PlacedEvent) => boolean {
  return ({ event }) => {
    const life = event.kind === 'object-event' && (event.count ?? 1) > 1 ? lifeOf(event) : null
    const known = life === null ? 0 : (told.get(life) ?? 0)
    return life === null || known === 0 || (!life.startsWith('container-back-off') && known < ((event as ObjectEvent).count ?? 1))
  }
}

/** As far as the clocks can tell. */
export function isBefore(at: Instant, first: Instant): boolean {
  const gap = gapUs(at, first)
  return gap !== null && gap >= -1000 * Math.max(at.uncertaintyMs ?? 0, first.uncertaintyMs ?? 0)
}
