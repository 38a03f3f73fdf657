import { wholeOf } from '../kernel/sums.ts'
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
  const found = new Map<PodSnapshot, { pod: PodSnapshot; gapUs: number }>()
  const claims = new Map<string, { name: string; gapUs: number }[]>()
  const nameOf = (p: PodSnapshot): string => `${p.namespace}/${p.name}`
  for (const pod of nameless) {
    const made = identified(pod, deaths)
    if (made?.pod.uid == null) continue
    found.set(pod, made)
    claims.set(made.pod.uid, [...(claims.get(made.pod.uid) ?? []), { name: nameOf(pod), gapUs: made.gapUs }])
  }
  /** The nearest in time has it, unless another is as near. */
  const sure = (pod: PodSnapshot): PodSnapshot => {
    const made = found.get(pod)
    const rivals = made?.pod.uid == null ? [] : (claims.get(made.pod.uid) ?? []).filter((c) => c.name !== nameOf(pod))
    return made === undefined || rivals.some((r) => r.gapUs <= made.gapUs) ? pod : made.pod
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

function identified(pod: PodSnapshot, deaths: readonly Death[]): { pod: PodSnapshot; gapUs: number } | null {
  const own = deaths.filter(
    (d) => sameHost(d.host, pod.node) && (d.qosClass === null || pod.qosClass === null || d.qosClass === pod.qosClass),
  )
  const all = pod.containers.flatMap((c) =>
    [c.state, c.lastState].flatMap((state) =>
      state === null
        ? []
        : own
            .filter((d) => fitsState(d, state))
            .map((death) => ({ state, death, sure: fitsLimit(death, pod, c), gapUs: gapOf(death, state) })),
    ),
  )
  // A limit that differs may have been resized since: it decides only against another death that fits.
  const sure = all.filter((f) => f.sure)
  const fits =
    sure.length > 0 ? sure : all.filter((f) => f.death.at.epochUs !== null && f.state.exitCode === 137 && f.state.reason === 'OOMKilled')
  const gapUs = Math.min(...fits.map((f) => f.gapUs))
  const nearest = fits.filter((f) => f.gapUs === gapUs)
  const uids = new Set(nearest.map((f) => f.death.podUid))
  const [uid] = uids
  if (uids.size !== 1 || uid === undefined) return null
  const named = (state: ContainerState | null): ContainerState | null => {
    const ids = new Set(nearest.filter((f) => f.state === state).map((f) => f.death.containerId))
    return state === null || state.containerId !== null || ids.size !== 1 ? state : { ...state, containerId: [...ids][0] ?? null }
  }
  return {
    pod: { ...pod, uid, containers: pod.containers.map((c) => ({ ...c, state: named(c.state), lastState: named(c.lastState) })) },
    gapUs,
  }
}

/** Whole seconds between the kill and the end that the status tells; a status has no finer times. */
function gapOf(d: Death, state: ContainerState): number {
  if (d.at.epochUs === null || state.finishedUs === null) return 0
  return Math.abs(Math.floor(state.finishedUs / secondUs) - Math.floor(d.at.epochUs / secondUs))
}

/** The exit follows the kill within seconds; a child's death may lie anywhere in the run that is reported as OOMKilled with another code (§5.3). */
function fitsState(d: Death, state: ContainerState): boolean {
  const oom = state.reason === 'OOMKilled'
  if (state.kind !== 'terminated' || state.finishedUs === null) return false
  // A bare dmesg has no wall clock: there the limit alone decides, if it fits one pod of that log only.
  if (d.at.epochUs === null) return oom && d.limitBytes !== null
  if (!oom && (state.exitCode !== 137 || state.reason === 'ContainerStatusUnknown')) return false
  const slack = 1000 * (d.at.uncertaintyMs ?? 0)
  const after = state.finishedUs + secondUs - d.at.epochUs
  if (after < -secondUs - slack) return false
  const late = oom && state.exitCode !== 137
  if (late) return d.limitBytes !== null && state.startedUs !== null && d.at.epochUs >= state.startedUs - slack
  return after <= (oom ? 11 : 4) * secondUs + slack
}

function fitsLimit(d: Death, pod: PodSnapshot, c: ContainerSnapshot): boolean {
  if (d.limitBytes === null) return true
  if (c.limitBytes?.value === d.limitBytes || pod.limitBytes?.value === d.limitBytes) return true
  const limits = pod.containers.filter((x) => x.type !== 'init').map((x) => x.limitBytes?.value ?? null)
  return wholeOf(limits) === d.limitBytes
}
