import type { ContainerRef, Event } from '../../src/model/event.ts'
import type { PlacedEvent } from '../../src/model/incident.ts'
import type { PodSnapshot, RuntimeContainerSnapshot } from '../../src/model/snapshot.ts'
import { directoryOf, noRef } from '../../src/timeline/directory.ts'
import type { Scene } from '../../src/timeline/other-deaths.ts'
import { instantAt, placed } from '../rules/make-incident.ts'

/** An event at some seconds from the first kill. */
export const at = (seconds: number, event: object, more: Partial<PlacedEvent> = {}): PlacedEvent => ({
  ...placed<Event>(seconds, event as Event),
  ...more,
})

export interface Parts {
  readonly events?: readonly PlacedEvent[]
  readonly pods?: readonly PodSnapshot[]
  readonly runtimes?: readonly RuntimeContainerSnapshot[]
  /** First and last second that a kernel log covers. */
  readonly covered?: readonly [number, number]
}

/** What the makers of kills look at: events, pods and inspected containers of one bundle. */
export function sceneOf({ events = [], pods = [], runtimes = [], covered }: Parts): Scene {
  const evidence = [{ events: events.map((p) => p.event), snapshots: [...pods, ...runtimes] }] as unknown as Parameters<
    typeof directoryOf
  >[0]
  return {
    events,
    oomd: events.filter((p) => p.event.kind === 'userspace-kill' || (p.event.kind === 'unit' && p.event.what === 'oomd-killed')),
    pods,
    runtimes,
    directory: directoryOf(evidence),
    runtimeHost: () => 'node-1',
    kernelCovers: (_, us) =>
      covered !== undefined && us !== null && us >= (instantAt(covered[0]).epochUs ?? 0) && us <= (instantAt(covered[1]).epochUs ?? 0),
  }
}

export const refOf = (ref: Partial<ContainerRef>): ContainerRef => ({ ...noRef, ...ref })
export const withoutTime = { epochUs: null, uptimeSeconds: null, local: null }
