import { containerText } from '../facts/names.ts'
import type { ContainerRef, Event } from '../model/event.ts'
import type { PlacedEvent } from '../model/incident.ts'

/** Twelve digits tell a container; conmon prints 20, the kubelet 64. */
const keyOf = ({ containerId: id }: ContainerRef): string | null => (id !== null && id.length >= 12 ? id.slice(0, 12) : null)

/**
 * Gives every event of a container the names that any of them knows by its id: containerd tells an OOM by the id alone, the kubelet's PLEG id and pod, the API all
 * three. A name that two events tell differently stays as each has it.
 */
export function withNames(events: readonly PlacedEvent[]): (placed: PlacedEvent) => PlacedEvent {
  const known = new Map<string, ContainerRef>()
  for (const { event } of events) {
    const target = targetOf(event)
    const key = target === null ? null : keyOf(target)
    if (target !== null && key !== null) known.set(key, joined(known.get(key) ?? target, target))
  }
  return (placed) => {
    if (placed.event.kind === 'unit') {
      const id = scope.exec(placed.event.unit)?.groups?.['id']
      const ref = known.get(id ?? '')
      return ref === undefined ? placed : { ...placed, event: { ...placed.event, unit: `the scope of ${containerText(ref)}` } }
    }
    const target = targetOf(placed.event)
    const names = target === null ? undefined : known.get(keyOf(target) ?? '')
    if (target === null || names === undefined) return placed
    return { ...placed, event: { ...placed.event, target: joined(target, names) } as Event }
  }
}

/** A container's own unit: `cri-containerd-91efaeab566e….scope`, `crio-….scope`, `docker-….scope` */
const scope = /(?:^|-)(?<id>[0-9a-f]{12})[0-9a-f]{52}\.scope$/

const targetOf = (event: Event): ContainerRef | null => (event.kind === 'container' ? event.target : null)

const joined = (own: ContainerRef, other: ContainerRef): ContainerRef => ({
  namespace: own.namespace ?? other.namespace,
  pod: own.pod ?? other.pod,
  podUid: own.podUid ?? other.podUid,
  container: own.container ?? other.container,
  containerId: own.containerId,
})
