import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { KernelOomEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Instant, PlacedEvent } from '../model/incident.ts'
import type { OomDump } from '../model/oom-dump.ts'
import type { ContainerSnapshot, ContainerState, PodSnapshot } from '../model/snapshot.ts'
import { sameHost } from './hosts.ts'

/** One kernel kill inside a pod, as far as a status without UID and container id can be held against it. */
interface Death {
  readonly host: string | null
  readonly at: Instant
  readonly podUid: string
  readonly containerId: string | null
  readonly qosClass: string | null
  /** Limit of a container or pod that was hit; `null` where the shortage was wider or no figures are there. */
  readonly limitBytes: number | null
}

type Dumps = readonly (PlacedEvent<KernelOomEvent> & { readonly instants: readonly Instant[] })[]

const secondUs = 1_000_000

/**
 * `kubectl describe pod` prints neither the pod's UID nor the dead container's id, so nothing ties it to the kernel's paths but host, time, QoS class and limit
 * (kubernetes-oom §8). Where these fit one pod of the kernel's log and no other, the snapshot gets the UID and the state the container's id.
 */
export function identifyPods(sources: readonly SourceEvidence[], dumps: Dumps): readonly SourceEvidence[] {
  const pods = sources.flatMap((s) => s.snapshots.filter((x): x is PodSnapshot => x.kind === 'pod'))
  const nameless = pods.filter((p) => p.uid === null)
  if (nameless.length === 0 || dumps.length === 0) return sources
  const taken = new Set(pods.flatMap((p) => [p.uid, p.configHash]).filter((u) => u !== null))
  const deaths = dumps.flatMap(deathsOf).filter((d) => !taken.has(d.podUid))
  const claims = new Map<string, Set<string>>()
  const found = new Map<PodSnapshot, PodSnapshot>()
  for (const pod of nameless) {
    const made = identified(pod, deaths)
    if (made?.uid == null) continue
    found.set(pod, made)
    claims.set(made.uid, (claims.get(made.uid) ?? new Set()).add(`${pod.namespace}/${pod.name}`))
  }
  const sure = (pod: PodSnapshot): PodSnapshot => {
    const made = found.get(pod)
    return made?.uid != null && claims.get(made.uid)?.size === 1 ? made : pod
  }
  if (found.size === 0) return sources
  return sources.map((s) =>
    s.snapshots.some((x) => x.kind === 'pod') ? { ...s, snapshots: s.snapshots.map((x) => (x.kind === 'pod' ? sure(x) : x)) } : s,
  )
}

function deathsOf({ event, instants, at, host }: Dumps[number]): Death[] {
  const { dump } = event
  const lived = dump.taskMemcg === null ? null : identifyCgroup(dump.taskMemcg)
  if (lived?.podUid == null || dump.kills.length === 0) return []
  return [
    {
      host,
      at: instants[0] ?? at,
      podUid: lived.podUid,
      containerId: lived.containerId,
      qosClass: lived.qosClass,
      limitBytes: ownLimit(dump),
    },
  ]
}

function ownLimit(dump: OomDump): number | null {
  const level = dump.oomMemcg === null ? null : identifyCgroup(dump.oomMemcg).level
  return level === 'container' || level === 'pod' ? (dump.memory?.limitBytes ?? null) : null
}

function identified(pod: PodSnapshot, deaths: readonly Death[]): PodSnapshot | null {
  const own = deaths.filter(
    (d) => sameHost(d.host, pod.node) && (d.qosClass === null || pod.qosClass === null || d.qosClass === pod.qosClass),
  )
  const fits = pod.containers.flatMap((c) =>
    [c.state, c.lastState].flatMap((state) =>
      state === null ? [] : own.filter((d) => fitsState(d, pod, c, state)).map((death) => ({ state, death })),
    ),
  )
  const uids = new Set(fits.map((f) => f.death.podUid))
  const [uid] = uids
  if (uids.size !== 1 || uid === undefined) return null
  const named = (state: ContainerState | null): ContainerState | null => {
    const ids = new Set(fits.filter((f) => f.state === state).map((f) => f.death.containerId))
    return state === null || state.containerId !== null || ids.size !== 1 ? state : { ...state, containerId: [...ids][0] ?? null }
  }
  return { ...pod, uid, containers: pod.containers.map((c) => ({ ...c, state: named(c.state), lastState: named(c.lastState) })) }
}

/** The exit follows the kill within seconds; a child's death may lie anywhere in the run that is reported as OOMKilled with another code (§5.3). */
function fitsState(d: Death, pod: PodSnapshot, c: ContainerSnapshot, state: ContainerState): boolean {
  const oom = state.reason === 'OOMKilled'
  if (state.kind !== 'terminated' || state.finishedUs === null) return false
  // A bare dmesg has no wall clock: there the limit alone decides, if it fits one pod of that log only.
  if (d.at.epochUs === null) return oom && d.limitBytes !== null && fitsLimit(d, pod, c, false)
  if (!oom && (state.exitCode !== 137 || state.reason === 'ContainerStatusUnknown')) return false
  const slack = 1000 * (d.at.uncertaintyMs ?? 0)
  const after = state.finishedUs + secondUs - d.at.epochUs
  if (after < -secondUs - slack) return false
  const late = oom && state.exitCode !== 137
  if (late ? state.startedUs === null || d.at.epochUs < state.startedUs - slack : after > (oom ? 11 : 4) * secondUs + slack) return false
  return fitsLimit(d, pod, c, late)
}

function fitsLimit(d: Death, pod: PodSnapshot, c: ContainerSnapshot, late: boolean): boolean {
  if (d.limitBytes === null) return !late
  if (c.limitBytes?.value === d.limitBytes || pod.limitBytes?.value === d.limitBytes) return true
  const limits = pod.containers.filter((x) => x.type !== 'init').map((x) => x.limitBytes?.value ?? null)
  return limits.every((l) => l !== null) && limits.reduce<number>((sum, l) => sum + (l ?? 0), 0) === d.limitBytes
}
