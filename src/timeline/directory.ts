import { identifyCgroup } from '../kube/cgroup-path.ts'
import { sameId } from '../kube/ids.ts'
import { workloadOf } from '../kube/workload.ts'
import type { ContainerRef } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Workload } from '../model/incident.ts'
import type { SeriesSnapshot, SeriesSubject } from '../model/series.ts'
import type { ContainerSnapshot, PodSnapshot, RuntimeContainerSnapshot } from '../model/snapshot.ts'

/** Who is who: pods and containers by every name under which a log may speak of them. */
export interface Directory {
  /** Completes a reference from manifests, runtime metadata and inspect output. Never guesses between two. */
  complete(ref: ContainerRef): ContainerRef
  podOf(ref: ContainerRef): PodSnapshot | null
  containerOf(ref: ContainerRef): ContainerSnapshot | null
  runtimeOf(containerId: string | null): RuntimeContainerSnapshot | null
}

export const noRef: ContainerRef = { namespace: null, pod: null, podUid: null, container: null, containerId: null }

export function directoryOf(all: readonly SourceEvidence[]): Directory {
  const pods = all.flatMap((e) => e.snapshots.filter((s): s is PodSnapshot => s.kind === 'pod'))
  const runtimes = all.flatMap((e) => e.snapshots.filter((s): s is RuntimeContainerSnapshot => s.kind === 'runtime-container'))
  const places = new Map(pods.map((pod, at) => [pod, at]))
  const byUid = new Map<string, PodSnapshot[]>()
  const byName = new Map<string, PodSnapshot[]>()
  const byId = new Map<string, ContainerRef>()
  const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
    const list = map.get(key)
    if (list === undefined) map.set(key, [value])
    else list.push(value)
  }
  const learn = (id: string | null, ref: ContainerRef): void => {
    if (id === null || id.length < 12) return
    byId.set(id, merge(byId.get(id) ?? { ...noRef, containerId: id }, ref))
  }
  for (const pod of pods) {
    if (pod.uid !== null) push(byUid, pod.uid, pod)
    if (pod.configHash !== null) push(byUid, pod.configHash, pod)
    if (pod.name !== '') push(byName, `${pod.namespace ?? ''}/${pod.name}`, pod)
    for (const c of pod.containers)
      for (const id of [c.containerId, c.state?.containerId ?? null, c.lastState?.containerId ?? null])
        learn(id, { namespace: pod.namespace, pod: pod.name || null, podUid: pod.uid, container: c.name || null, containerId: id })
  }
  for (const r of runtimes)
    learn(r.containerId, { namespace: r.namespace, pod: r.podName, podUid: r.podUid, container: r.name, containerId: r.containerId })
  for (const { events } of all)
    for (const event of events)
      if ((event.kind === 'container' || event.kind === 'eviction') && event.target !== null) learn(event.target.containerId, event.target)
  const curves = all.flatMap((e) => e.snapshots.filter((s): s is SeriesSnapshot => s.kind === 'series').map(({ subject }) => subject))
  // cAdvisor labels a cgroup with the pod and container that it is of; a rollout's curves of one name have an id each
  for (const { namespace, pod, podUid, container, containerId, comm } of curves)
    if (pod !== null) learn(containerId, { namespace, pod, podUid, container, containerId })
    // `docker stats` beside its id
    else if (comm !== null) learn(containerId, { ...noRef, container: comm, containerId })
  const names = podNames(all, curves)

  const byPrefix = new Map<string, string[]>()
  for (const id of byId.keys()) push(byPrefix, id.slice(0, 12), id)
  const runtimesByPrefix = new Map<string, RuntimeContainerSnapshot[]>()
  for (const r of runtimes) if (r.containerId !== null) push(runtimesByPrefix, r.containerId.slice(0, 12), r)
  const lookUp = (id: string): ContainerRef | null => {
    const exact = byId.get(id)
    if (exact !== undefined) return exact
    const known = byPrefix.get(id.slice(0, 12))?.find((k) => sameId(k, id))
    return known === undefined ? null : (byId.get(known) ?? null)
  }
  const podBy = (ref: ContainerRef): PodSnapshot | null =>
    mostTold((ref.podUid !== null && byUid.get(ref.podUid)) || (ref.pod !== null && byName.get(`${ref.namespace ?? ''}/${ref.pod}`)) || [])
  /** Every snapshot of the pod; the order counts where two say as much. */
  const capturesOf = (pod: PodSnapshot): readonly PodSnapshot[] => {
    const alike = new Set(pod.uid === null ? [] : byUid.get(pod.uid)?.filter((p) => p.uid === pod.uid))
    for (const p of byName.get(`${pod.namespace ?? ''}/${pod.name}`) ?? []) if (p.namespace === pod.namespace) alike.add(p)
    return alike.size < 2 ? [...alike] : [...alike].sort((a, b) => Number(places.get(a)) - Number(places.get(b)))
  }
  const podOf = (ref: ContainerRef): PodSnapshot | null => podBy(names(ref))
  const complete = (ref: ContainerRef): ContainerRef => {
    const known = ref.containerId === null ? null : lookUp(ref.containerId)
    let full = names(known === null ? ref : merge(ref, known))
    const pod = podOf(full)
    if (pod !== null) {
      full = merge(full, { namespace: pod.namespace, pod: pod.name || null, podUid: pod.uid, container: null, containerId: null })
      if (full.podUid === pod.configHash && pod.uid !== null) full = { ...full, podUid: pod.uid }
      if (full.container === null && full.containerId !== null && pod.containers.length === 1)
        full = { ...full, container: pod.containers[0]?.name || null }
    }
    return full
  }
  return {
    complete,
    podOf,
    containerOf(ref) {
      const pod = podOf(ref)
      const name = complete(ref).container
      const candidates = (pod === null ? [] : capturesOf(pod)).flatMap((p) => p.containers.filter((c) => c.name === name))
      return candidates.sort((a, b) => fullness(b) - fullness(a))[0] ?? null
    },
    runtimeOf: (id) => (id === null ? null : (runtimesByPrefix.get(id.slice(0, 12))?.find((r) => sameId(r.containerId, id)) ?? null)),
  }
}

/**
 * A pod's name by its UID and the other way round, from whatever says both (the object of an event, a kubelet line, `Back-off … in pod a_ns(uid)`):
 * `kubectl describe pod` prints no UID, and the kernel prints nothing else.
 */
function podNames(all: readonly SourceEvidence[], curves: readonly SeriesSubject[]): (ref: ContainerRef) => ContainerRef {
  const byUid = new Map<string, ContainerRef>()
  const byName = new Map<string, Set<string>>()
  const learn = (namespace: string | null, pod: string | null, podUid: string | null): void => {
    if (namespace === null || pod === null || podUid === null) return
    byUid.set(podUid, { ...noRef, namespace, pod, podUid })
    byName.set(`${namespace}/${pod}`, (byName.get(`${namespace}/${pod}`) ?? new Set()).add(podUid))
  }
  for (const { events } of all)
    for (const event of events) {
      if ((event.kind === 'container' || event.kind === 'eviction') && event.target !== null)
        learn(event.target.namespace, event.target.pod, event.target.podUid)
      if (event.kind === 'object-event' && event.objectKind?.toLowerCase() === 'pod') learn(event.namespace, event.name, event.uid)
    }
  for (const { namespace, pod, podUid } of curves) learn(namespace, pod, podUid)
  return (ref) => {
    if (ref.podUid !== null && ref.pod === null) return merge(ref, byUid.get(ref.podUid) ?? noRef)
    if (ref.podUid !== null || ref.pod === null) return ref
    const uids = byName.get(`${ref.namespace ?? ''}/${ref.pod}`)
    return uids?.size === 1 ? { ...ref, podUid: [...uids][0] as string } : ref
  }
}

const fullness = (c: ContainerSnapshot): number =>
  Number(c.limitBytes !== null) +
  Number(c.restartCount !== null) +
  Number(c.lastState !== null) +
  Number(c.state !== null) +
  c.command.length / 100
const mostTold = (list: readonly PodSnapshot[]): PodSnapshot | null => [...list].sort((a, b) => podFullness(b) - podFullness(a))[0] ?? null
const podFullness = (p: PodSnapshot): number =>
  p.containers.reduce((sum, c) => sum + fullness(c), 0) + Number(p.uid !== null) + Number(p.owner !== null) + p.memoryVolumes.length

/** Fills what the first does not know from the second. */
export function merge(a: ContainerRef, b: ContainerRef): ContainerRef {
  return {
    namespace: a.namespace ?? b.namespace,
    pod: a.pod ?? b.pod,
    podUid: a.podUid ?? b.podUid,
    container: a.container ?? b.container,
    containerId:
      a.containerId !== null && (b.containerId === null || a.containerId.length >= b.containerId.length) ? a.containerId : b.containerId,
  }
}

/** Whether two references may speak of the same container: nothing known differs, and something known is shared. */
export function sameContainer(a: ContainerRef, b: ContainerRef): boolean {
  if (a.containerId !== null && b.containerId !== null) return sameId(a.containerId, b.containerId)
  return samePod(a, b) && (a.container === null || b.container === null || a.container === b.container)
}

export function samePod(a: ContainerRef, b: ContainerRef): boolean {
  if (a.podUid !== null && b.podUid !== null) return a.podUid === b.podUid
  return a.pod !== null && a.pod === b.pod && (a.namespace === null || b.namespace === null || a.namespace === b.namespace)
}

/** Names the workload that lived in a cgroup, with everything the directory adds. */
export function workloadIn(path: string, directory: Directory): { workload: Workload; ref: ContainerRef | null } {
  const base = workloadOf(identifyCgroup(path))
  if (base.podUid === null && base.containerId === null) return { workload: base, ref: null }
  const ref = directory.complete({ ...noRef, podUid: base.podUid, containerId: base.containerId })
  return { workload: workloadFor(ref, directory, base), ref }
}

export function workloadFor(ref: ContainerRef, directory: Directory, base: Workload | null): Workload {
  const pod = directory.podOf(ref)
  const container = directory.containerOf(ref)
  const runtime = directory.runtimeOf(ref.containerId)
  return {
    kind: ref.podUid !== null || ref.pod !== null ? 'pod' : (base?.kind ?? 'container'),
    namespace: ref.namespace,
    pod: ref.pod,
    podUid: ref.podUid,
    container: ref.container,
    containerId: ref.containerId,
    containerIds: ref.containerId === null ? [] : [ref.containerId],
    owner: pod?.owner ?? base?.owner ?? null,
    runtime: base?.runtime ?? container?.runtime ?? runtime?.runtime ?? null,
    qosClass: pod?.qosClass ?? base?.qosClass ?? null,
    unit: base?.unit ?? null,
  }
}
