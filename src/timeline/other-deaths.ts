/**
 * Deaths that no kernel line tells of: the kubelet's evictions, userspace killers, and those that only a status, a runtime or systemd reports. Each is
 * first held against the kernel's kills: one death is one kill.
 */
import type { ContainerRef, Event } from '../model/event.ts'
import type { Instant, Kill, Killer, PlacedEvent, Workload } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
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

export interface Death {
  readonly at: Instant
  readonly host: string | null
  readonly boot: string
  readonly killer: Killer
  readonly ref: ContainerRef | null
  readonly memcg: string | null
  readonly workload: Workload | null
  readonly evidence: readonly Quote[]
  readonly event: Event | null
  readonly pid?: number | null
  readonly comm?: string | null
  readonly uid?: number | null
  readonly oomScoreAdj?: number | null
  readonly vouched: boolean
  readonly told?: Kill['told']
  readonly constraint?: Kill['constraint']
  readonly totalVmBytes?: number | null
  readonly anonRssBytes?: number | null
  readonly fileRssBytes?: number | null
  readonly shmemRssBytes?: number | null
  readonly pgtablesBytes?: number | null
}

/** A kill from what is known of a death. */
export function killFrom(d: Death): Kill {
  const figures = {
    totalVmBytes: d.totalVmBytes ?? null,
    anonRssBytes: d.anonRssBytes ?? null,
    fileRssBytes: d.fileRssBytes ?? null,
    shmemRssBytes: d.shmemRssBytes ?? null,
    pgtablesBytes: d.pgtablesBytes ?? null,
    swapBytes: null,
    constraint: d.constraint ?? null,
    dump: null,
  }
  const key = `${d.killer}|${d.host ?? ''}|${d.at.epochUs ?? d.at.order}|${d.memcg ?? d.ref?.containerId ?? d.ref?.pod ?? ''}`
  return {
    ...figures,
    at: d.at,
    host: d.host,
    boot: d.boot,
    killer: d.killer,
    pid: d.pid ?? null,
    comm: d.comm ?? null,
    uid: d.uid ?? null,
    oomScoreAdj: d.oomScoreAdj ?? null,
    memcg: d.memcg,
    eventKey: key,
    event: d.event,
    workload: d.workload,
    target: d.ref,
    vouched: d.vouched,
    ...(d.told === undefined ? {} : { told: d.told }),
    evidence: d.evidence,
  }
}

export const exactly = (epochUs: number, order: number): Instant => ({
  epochUs,
  uncertaintyMs: 1000,
  basis: 'absolute',
  digits: 0,
  uptimeSeconds: null,
  localTime: null,
  order,
})
export const unplaced = (order: number): Instant => ({
  epochUs: null,
  uncertaintyMs: null,
  basis: null,
  digits: 0,
  uptimeSeconds: null,
  localTime: null,
  order,
})
