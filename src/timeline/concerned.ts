import { nodeName } from '../extract/documents/ordinary.ts'
import { identifyCgroup } from '../kube/cgroup-path.ts'
import { askedKeys, isCgroupUnit, notedKeys, sameId } from '../kube/ids.ts'
import type { ContainerRef, Event, KernelOomEvent } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { PodSnapshot, Snapshot } from '../model/snapshot.ts'
import { noRef } from './directory.ts'
import { hostInPath } from './host-names.ts'

/**
 * The names of whom deaths concern: the containers that died or were to die, their pods by every name that is known of them, the other containers and the sandbox of
 * these pods, and units. All that the sources say of an incident's containers is said under one of them (`context.ts`, `directory.ts`, `evictions.ts`,
 * `rules/findings`), so that lines about ordinary lives need be read for these names only.
 */
export function concernedBy(all: readonly SourceEvidence[]): ReadonlySet<string> {
  const names = new Set<string>()
  const open: string[] = []
  const take = (name: string | null | undefined): void => {
    if (name === null || name === undefined || name === '' || names.has(name)) return
    names.add(name)
    open.push(name)
  }
  for (const { source, events, snapshots } of all) {
    for (const event of events) diers(event, source.place.container).forEach(take)
    for (const snapshot of snapshots) if (tellsOfEnd(snapshot)) refsOfSnapshot(snapshot).flatMap(namesOf).forEach(take)
  }
  if (open.length === 0) return names
  const links = linksIn(all)
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const key of askedKeys(name)) for (const link of links.get(key) ?? []) if (sameId(link.name, name)) link.names.forEach(take)
  return names
}

/**
 * The nodes on which there was a death, as pods name theirs: whose memory rose beside the dead is asked of all that ran there, where there are curves of memory. Of a
 * host that only its file's path tells, all names are known from the start (`scan/object-parts.ts`).
 */
export function nodesConcerned(all: readonly SourceEvidence[], names: ReadonlySet<string>): ReadonlySet<string> {
  const nodes = new Set<string>()
  if (!all.some(({ snapshots }) => snapshots.some(({ kind }) => kind === 'series'))) return nodes
  const inPath = hostInPath(all)
  for (const evidence of all) {
    const { source, events, snapshots } = evidence
    const deaths = events.filter((event) => diers(event, source.place.container).length > 0)
    for (const host of deaths.length === 0 ? [] : [source.host, source.place.host, inPath(evidence), ...deaths.map((event) => event.host)])
      if (host !== null) nodes.add(nodeName(host))
    for (const pod of snapshots)
      if (pod.kind === 'pod' && pod.node !== null && refsOfPod(pod).some((ref) => namesOf(ref).some((name) => names.has(name))))
        nodes.add(nodeName(pod.node))
  }
  return nodes
}

const namesOf = (ref: ContainerRef): string[] =>
  [ref.containerId, ref.podUid, ref.pod].filter((name): name is string => name !== null && name !== '')

/** Whom an event of a death names. */
function diers(event: Event, speaker: ContainerRef | null): string[] {
  switch (event.kind) {
    case 'kernel-oom':
      return cgroupsOf(event).flatMap(namesInCgroup)
    case 'userspace-kill':
      return [event.cgroup, event.monitored].flatMap((path) => (path === null ? [] : namesInCgroup(path)))
    case 'eviction':
      return event.target === null ? [] : namesOf(event.target)
    case 'runtime':
      return event.what === 'heap-exhausted' || event.what === 'allocation-refused' ? namesOf(event.target ?? speaker ?? noRef) : []
    case 'container':
      // The kubelet's word of an exit code that a kill may have left is told of, with what else is known of the container.
      return event.what === 'oom' || event.reason === 'OOMKilled' || event.exitCode === 137 ? namesOf(event.target) : []
    case 'unit':
      return event.what === 'oom-killed' || event.what === 'oomd-killed' || event.result === 'oom-kill' ? namesInCgroup(event.unit) : []
    case 'object-event':
      return event.ofMemory ? namesOf(objectOf(event)) : []
    default:
      return []
  }
}

const cgroupsOf = ({ dump }: KernelOomEvent): string[] => [
  ...new Set([dump.oomMemcg, dump.taskMemcg, ...dump.kills.map((kill) => kill.taskMemcg)].filter((path) => path !== null)),
]

/** The pod, container and unit of a control group. */
function namesInCgroup(path: string): string[] {
  const { podUid, containerId } = identifyCgroup(path)
  const unit = path.slice(path.lastIndexOf('/') + 1)
  return [podUid, containerId, isCgroupUnit(unit) ? unit : null].filter((name) => name !== null)
}

const objectOf = (event: Event & { kind: 'object-event' }): ContainerRef => ({
  ...noRef,
  namespace: event.namespace,
  pod: event.name,
  podUid: event.uid,
})

/** Of a control group that was held at its limits, or killed in: it is told of by its pod's name. */
const COUNTERS = ['memory.events.high', 'memory.events.local.high', 'memory.events.oom_kill', 'memory.events.local.oom_kill']

/** A document that shows an end other than success, or a control group that came to its limits. */
function tellsOfEnd(snapshot: Snapshot): boolean {
  if (snapshot.kind === 'runtime-container') return snapshot.oomKilled === true || (snapshot.exitCode ?? 0) !== 0
  if (snapshot.kind === 'cgroup') return COUNTERS.some((name) => Number(snapshot.files[name]?.value ?? 0) > 0)
  if (snapshot.kind !== 'pod') return false
  const ended = snapshot.containers.flatMap(({ state, lastState }) => [state, lastState])
  return snapshot.reason !== null || ended.some((state) => (state?.exitCode ?? 0) !== 0 || state?.reason?.includes('OOM') === true)
}

function refsOfSnapshot(snapshot: Snapshot): ContainerRef[] {
  if (snapshot.kind === 'runtime-container')
    return [{ ...noRef, pod: snapshot.podName, podUid: snapshot.podUid, containerId: snapshot.containerId }]
  if (snapshot.kind === 'cgroup') {
    const { podUid, containerId } = identifyCgroup(snapshot.path)
    return [{ ...noRef, podUid, containerId }]
  }
  return snapshot.kind === 'pod' ? refsOfPod(snapshot) : []
}

function refsOfPod(pod: PodSnapshot): ContainerRef[] {
  const own = { ...noRef, namespace: pod.namespace, pod: pod.name || null, podUid: pod.uid }
  const ids = pod.containers.flatMap((c) => [c.containerId, c.state?.containerId ?? null, c.lastState?.containerId ?? null])
  return [own, { ...noRef, podUid: pod.configHash }, ...ids.map((containerId) => ({ ...own, containerId }))]
}

/** Names that are said in one breath with another. */
interface Link {
  readonly name: string
  readonly names: readonly string[]
}

/** Names that are said in one breath, by the keys of each of them. */
function linksIn(all: readonly SourceEvidence[]): ReadonlyMap<string, readonly Link[]> {
  const links = new Map<string, Link[]>()
  const link = (names: string[]): void => {
    if (names.length < 2) return
    for (const name of names)
      for (const key of notedKeys(name)) {
        const known = links.get(key)
        if (known === undefined) links.set(key, [{ name, names }])
        else known.push({ name, names })
      }
  }
  for (const { events, snapshots } of all) {
    for (const event of events) {
      if (event.kind === 'container') link([...namesOf(event.target), ...(event.sandboxId === undefined ? [] : [event.sandboxId])])
      else if ((event.kind === 'eviction' || event.kind === 'runtime') && event.target !== null) link(namesOf(event.target))
      else if (event.kind === 'object-event' && event.objectKind?.toLowerCase() === 'pod') link(namesOf(objectOf(event)))
    }
    for (const snapshot of snapshots)
      if (snapshot.kind === 'pod') link([...new Set(refsOfPod(snapshot).flatMap(namesOf))])
      else for (const ref of refsOfSnapshot(snapshot)) link(namesOf(ref))
  }
  return links
}
