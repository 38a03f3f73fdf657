/**
 * Deaths that no kernel line tells of: the kubelet's evictions, userspace killers, and those that only a status, a runtime or systemd reports. Each is
 * first held against the kernel's kills: one death is one kill.
 */
import type { Event } from '../model/event.ts'
import type { Instant, Kill, PlacedEvent } from '../model/incident.ts'
import type { PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'
import type { Directory } from './directory.ts'

export const secondUs = 1_000_000
export const minuteUs = 60 * secondUs

export interface Scene {
  readonly events: readonly PlacedEvent[]
  /** Those of `events` that tell of systemd-oomd and its like. */
  readonly oomd: readonly PlacedEvent[]
  readonly pods: readonly PodSnapshot[]
  /** What `docker inspect`, `podman inspect` and `crictl inspect` tell. */
  readonly runtimes: readonly RuntimeContainerSnapshot[]
  readonly directory: Directory
  /** Host of the source that an inspected container comes from. */
  runtimeHost(container: RuntimeContainerSnapshot): string | null
  /** Spans that kernel logs cover, per host, µs. */
  kernelCovers(host: string | null, epochUs: number | null): boolean
}

/** What a source tells of a death. */
type Death = Pick<Kill, 'at' | 'host' | 'target' | 'workload' | 'evidence' | 'event' | 'vouched'> & Partial<Kill>

const unsaid = {
  boot: '',
  killer: 'kernel',
  pid: null,
  comm: null,
  uid: null,
  oomScoreAdj: null,
  memcg: null,
  totalVmBytes: null,
  anonRssBytes: null,
  fileRssBytes: null,
  shmemRssBytes: null,
  pgtablesBytes: null,
  swapBytes: null,
  constraint: null,
  dump: null,
} as const

/** A kill from what is known of a death. */
export function killFrom(death: Death): Kill {
  const kill = { ...unsaid, ...death }
  const { killer, host, at, memcg, target } = kill
  return {
    ...kill,
    eventKey: `${killer}|${host ?? ''}|${at.epochUs ?? at.order}|${memcg ?? target?.containerId ?? target?.pod ?? ''}`,
  }
}

/** What an event says of a death by itself. */
export const toldBy = <E extends Event>({ at, host, boot, event }: PlacedEvent<E>) => ({ at, host, boot, event, evidence: event.quotes })

/** Behind all that has a place in a source. */
const NO_ORDER = 1e9

export const exactly = (epochUs: number): Instant => ({
  epochUs,
  uncertaintyMs: 1000,
  basis: 'absolute',
  digits: 0,
  uptimeSeconds: null,
  localTime: null,
  order: NO_ORDER,
})
export const unplaced: Instant = {
  epochUs: null,
  uncertaintyMs: null,
  basis: null,
  digits: 0,
  uptimeSeconds: null,
  localTime: null,
  order: NO_ORDER,
}
