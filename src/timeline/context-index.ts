import { isChaosKind } from '../kube/ids.ts'
import type { ContainerRef, ObjectEvent } from '../model/event.ts'
import type { PlacedEvent } from '../model/incident.ts'
import { type Directory, noRef } from './directory.ts'

/** An event with the container or pod that it speaks of, completed once. */
export interface Spoken {
  readonly placed: PlacedEvent
  readonly ref: ContainerRef | null
}

/** Finds the events that may belong to an incident without looking at all of them. */
export interface ContextIndex {
  /** Events that speak of one of these containers or pods, plus those of the named units; a superset. */
  about(refs: readonly ContainerRef[], units: ReadonlySet<string>): readonly Spoken[]
  /** Events that speak of no container, between two instants (all of them when these are unknown), and those without a time. */
  between(fromUs: number | null, toUs: number | null): readonly Spoken[]
  /** What was changed on machines, said of a runtime's ceiling or begun by a CronJob before an instant, however long before; all of it where the instant is unknown. */
  changesBefore(us: number | null): readonly Spoken[]
}

const unitKey = (unit: string): string => `unit ${unit}`

export function contextIndex(events: readonly PlacedEvent[], directory: Directory): ContextIndex {
  const byName = new Map<string, Spoken[]>()
  const timed: Spoken[] = []
  const timeless: Spoken[] = []
  for (const placed of events) {
    if (placed.event.kind === 'kernel-oom') continue
    const spoken = { placed, ref: refOf(placed, directory) }
    const keys = spoken.ref !== null ? keysOf(spoken.ref) : placed.event.kind === 'unit' ? [unitKey(placed.event.unit)] : []
    for (const key of keys) {
      const list = byName.get(key)
      if (list === undefined) byName.set(key, [spoken])
      else list.push(spoken)
    }
    if (keys.length > 0) continue
    if (placed.at.epochUs === null) timeless.push(spoken)
    else timed.push(spoken)
  }
  const isChange = ({ placed: { event: e } }: Spoken): boolean =>
    e.kind === 'change' || (e.kind === 'runtime' && e.what === 'sized') || (e.kind === 'object-event' && e.objectKind === 'CronJob')
  const changes = timed.filter(isChange)
  timed.sort((a, b) => (a.placed.at.epochUs as number) - (b.placed.at.epochUs as number))
  return {
    about: (refs, units) => [...new Set([...refs.flatMap(keysOf), ...[...units].map(unitKey)].flatMap((key) => byName.get(key) ?? []))],
    changesBefore: (us) => changes.filter(({ placed }) => us === null || (placed.at.epochUs as number) <= us),
    between(fromUs, toUs) {
      if (fromUs === null || toUs === null) return [...timed, ...timeless]
      const start = lowerBound(timed, fromUs)
      let end = start
      while (end < timed.length && ((timed[end] as Spoken).placed.at.epochUs as number) <= toUs) end++
      return [...timed.slice(start, end), ...timeless]
    },
  }
}

/** Objects whose names are no pods'. */
const notPods: ReadonlySet<string> = new Set([
  ...[
    'Node',
    'Deployment',
    'ReplicaSet',
    'StatefulSet',
    'DaemonSet',
    'Job',
    'CronJob',
    'HorizontalPodAutoscaler',
    'Rollout',
    'DeploymentConfig',
  ],
])

/** An experiment's own object: `StressChaos`, `ChaosEngine`. */
export const isChaos = ({ objectKind }: ObjectEvent): boolean => isChaosKind(objectKind)

function refOf({ event }: PlacedEvent, directory: Directory): ContainerRef | null {
  if (
    event.kind === 'container' ||
    ((event.kind === 'eviction' || event.kind === 'runtime' || event.kind === 'change') && event.target !== null)
  )
    return directory.complete(event.target as ContainerRef)
  if (event.kind !== 'object-event' || event.name === null || notPods.has(event.objectKind ?? '') || isChaos(event)) return null
  return directory.complete({ ...noRef, namespace: event.namespace, pod: event.name, podUid: event.uid })
}

function keysOf(ref: ContainerRef): string[] {
  const keys = [
    ref.containerId === null || ref.containerId.length < 12 ? null : `id ${ref.containerId.slice(0, 12)}`,
    ref.podUid === null ? null : `uid ${ref.podUid}`,
    ref.pod === null ? null : `pod ${ref.pod}`,
  ]
  return keys.filter((k): k is string => k !== null)
}

function lowerBound(sorted: readonly Spoken[], us: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (((sorted[middle] as Spoken).placed.at.epochUs as number) < us) low = middle + 1
    else high = middle
  }
  return low
}
