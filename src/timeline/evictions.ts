import { blamedContainer, isAboutMemory, isRefusal, toldEviction } from '../extract/eviction-message.ts'
import { sameId } from '../kube/ids.ts'
import type { ContainerEvent, ContainerRef, Event, EvictionEvent } from '../model/event.ts'
import type { Instant, Kill, PlacedEvent } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import { merge, noRef, samePod, workloadFor } from './directory.ts'
import { sameHost } from './hosts.ts'
import { bestInstant, gapUs, within } from './instants.ts'
import { exactly, killFrom, minuteUs, type Scene, unplaced } from './other-deaths.ts'

interface EvictionTelling {
  readonly at: Instant
  readonly host: string | null
  readonly boot: string
  readonly ref: ContainerRef
  readonly event: Event | null
  /** What the message of a status or an API event says, as the kubelet's line would. */
  readonly told?: EvictionEvent | null
  readonly quotes: readonly Quote[]
}

/** Pods whose own status or event says that something else than memory was short. */
function evictedForOthers(scene: Scene): ContainerRef[] {
  const pods = scene.pods.filter((pod) => pod.reason === 'Evicted' && pod.message !== null && !isAboutMemory(pod.message))
  const events = scene.events.flatMap(({ event: e }) =>
    e.kind === 'object-event' && e.reason === 'Evicted' && e.message !== '' && !isAboutMemory(e.message) ? [e] : [],
  )
  return [
    ...pods.map((pod) => ({ ...noRef, namespace: pod.namespace, pod: pod.name || null, podUid: pod.uid })),
    ...events.map((e) => ({ ...noRef, namespace: e.namespace, pod: e.name, podUid: e.uid })),
  ]
}

export function evictions(scene: Scene, kernel: readonly Kill[]): Kill[] {
  const tellings = [...evictionEvents(scene), ...evictedPods(scene)]
  const groups: EvictionTelling[][] = []
  for (const t of tellings) {
    const home = groups.find((g) =>
      g.some(
        (o) =>
          (samePod(o.ref, t.ref) || saysTheSame(o, t)) &&
          (o.at.epochUs === null || t.at.epochUs === null || within(o.at, t.at, 5 * minuteUs)),
      ),
    )
    if (home !== undefined) home.push(t)
    else groups.push([t])
  }
  return groups.flatMap((group) => {
    const ref = withContainer(
      group.reduce((r, t) => merge(r, t.ref), noRef),
      group,
      scene,
      kernel,
    )
    const at = group.find((t) => t.event?.kind === 'eviction')?.at ?? bestInstant(group.map((t) => t.at))
    if (alreadyDead(ref, at, kernel, scene)) return []
    const host = group.find((t) => t.host !== null)?.host ?? scene.directory.podOf(ref)?.node ?? null
    return [
      killFrom({
        at,
        host,
        boot: group[0]?.boot ?? '',
        killer: 'kubelet',
        target: ref,
        workload: workloadFor(ref, scene.directory, null),
        evidence: group.flatMap((t) => t.quotes).slice(0, 8),
        event: eventOf(group),
        // A message of which nobody shows whose it is may be anybody's.
        vouched: group.some((t) => t.event?.writer !== 'shipper' && (t.event !== null || t.ref.pod !== null)),
      }),
    ]
  })
}

/** A part of a status or a row that names no pod, beside one with the same figures. */
const saysTheSame = (a: EvictionTelling, b: EvictionTelling): boolean =>
  (a.ref.pod === null || b.ref.pod === null) && a.told?.message != null && a.told.message.trim() === b.told?.message?.trim()

/** The kubelet's own line, with the figures of a status or an API event where it has none ("evicted successfully"); else those, else the API event. */
function eventOf(group: readonly EvictionTelling[]): Event | null {
  const own = group.map((t) => t.event).find((event) => event?.kind === 'eviction')
  const told = group.flatMap((t) => t.told ?? []).sort((a, b) => b.usages.length - a.usages.length)[0]
  if (own?.kind !== 'eviction' || told === undefined) return own ?? told ?? group.find((t) => t.event !== null)?.event ?? null
  const { signal, thresholdBytes, availableBytes, message, usages } = own
  return {
    ...own,
    signal: signal ?? told.signal,
    thresholdBytes: thresholdBytes ?? told.thresholdBytes,
    availableBytes: availableBytes ?? told.availableBytes,
    message: message ?? told.message,
    usages: usages.length > 0 ? usages : told.usages,
    quotes: [...own.quotes, ...told.quotes],
  }
}

/** A round of the eviction manager, from the signal to the last pod, takes minutes (housekeeping every 10 s, a pod's end up to its grace period). */
const roundUs = 15 * minuteUs

/**
 * Whether memory was what the kubelet was short of when it wrote a line that does not say so: other lines of the same host and round say it, and none
 * names another signal. What no line names is unknown, never memory (contract).
 */
function roundsOfMemory(scene: Scene): (placed: PlacedEvent) => boolean {
  const named = scene.events.filter((p) => signalOf(p.event) !== null)
  return (placed) => {
    const round = named.filter((p) => sameHost(p.host, placed.host) && Math.abs(gapUs(p.at, placed.at) ?? 0) <= roundUs)
    return round.length > 0 && round.every((p) => signalOf(p.event)?.includes('memory') === true)
  }
}

/** The signal that a line of the manager names, or the condition that it sets. */
function signalOf(e: Event): string | null {
  if (e.kind === 'node') return e.what === 'memory-pressure' ? 'memory' : null
  return e.kind === 'eviction' ? e.signal : null
}

function evictionEvents(scene: Scene): EvictionTelling[] {
  const ofMemory = roundsOfMemory(scene)
  const forOthers = evictedForOthers(scene)
  return scene.events.flatMap((placed): EvictionTelling[] => {
    const e = placed.event
    if (e.kind === 'eviction' && (e.stage === 'evicted' || e.stage === 'evicting') && e.target !== null) {
      const target = scene.directory.complete({ ...e.target, container: null })
      if (e.signal === null && forOthers.some((ref) => samePod(ref, target))) return []
      const about = e.message !== null ? isAboutMemory(e.message) : e.signal !== null ? e.signal.includes('memory') : ofMemory(placed)
      return about
        ? [
            {
              at: placed.at,
              host: placed.host,
              boot: placed.boot,
              ref: target,
              event: e,
              quotes: e.quotes,
            },
          ]
        : []
    }
    if (e.kind === 'object-event' && e.reason === 'Evicted' && isAboutMemory(e.message) && !isRefusal(e.message)) {
      const ref = scene.directory.complete({ ...noRef, namespace: e.namespace, pod: e.name, podUid: e.uid })
      return [
        {
          at: placed.at,
          host: scene.directory.podOf(ref)?.node ?? null,
          boot: placed.boot,
          ref,
          event: e,
          told: toldEviction(e.message, ref, e),
          quotes: e.quotes,
        },
      ]
    }
    return []
  })
}

const undated = { wall: null, outerWall: null, uptimeUs: null }

function evictedPods(scene: Scene): EvictionTelling[] {
  return scene.pods.flatMap((pod): EvictionTelling[] => {
    if (pod.reason !== 'Evicted' || pod.message === null || !isAboutMemory(pod.message) || isRefusal(pod.message)) return []
    const ended = pod.containers
      .map((c) => (c.state?.kind === 'terminated' ? c.state.finishedUs : null))
      .filter((t): t is number => t !== null)
    const at = ended.length > 0 ? exactly(Math.min(...ended)) : unplaced
    const ref = { ...noRef, namespace: pod.namespace, pod: pod.name || null, podUid: pod.uid }
    const quotes = pod.quotes.slice(0, 4)
    // The message's own line, which has the figures, is a status' last quote.
    const base = { moment: undated, host: pod.node, bootId: null, writer: 'userspace' as const, quotes: pod.quotes.slice(-1) }
    return [{ at, host: pod.node, boot: '', ref, event: null, told: toldEviction(pod.message, ref, base), quotes }]
  })
}

/** The container that the eviction ended: the one that exited right after, else the one the status says was terminated then, else the only one. */
function withContainer(ref: ContainerRef, group: readonly EvictionTelling[], scene: Scene, kernel: readonly Kill[]): ContainerRef {
  const dead = new Set(kernel.flatMap((k) => k.target?.containerId ?? []))
  const ats = group.map((t) => t.at)
  const exits = scene.events.filter(
    (p) =>
      p.event.kind === 'container' &&
      ['exit', 'died', 'killing'].includes(p.event.what) &&
      p.event.target.containerId !== null &&
      ![...dead].some((id) => sameId(id, (p.event as ContainerEvent).target.containerId)) &&
      samePod(scene.directory.complete(p.event.target), ref) &&
      ats.some((a) => within(a, p.at, 2 * minuteUs)),
  )
  const exited = exits
    .map((p) => scene.directory.complete((p.event as ContainerEvent).target))
    .find((r) => r.container !== null && r.container !== 'POD')
  if (exited !== undefined) return merge(ref, exited)
  const pod = scene.directory.podOf(ref)
  const blamed =
    group.flatMap((t) => (t.event?.kind === 'eviction' ? t.event : t.told)?.usages.map((u) => u.container) ?? [])[0] ??
    blamedContainer(pod?.message ?? '')
  const candidates = pod?.containers.filter((c) => c.type !== 'init') ?? []
  const container = candidates.find((c) => c.name === blamed) ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (container === undefined) return { ...ref, container: blamed }
  const id = container.state?.containerId ?? container.containerId
  return { ...ref, container: container.name, containerId: id !== null && !dead.has(id) ? id : null }
}

/** The kernel was faster, and nothing shows that the container ran again before the eviction. */
function alreadyDead(ref: ContainerRef, at: Instant, kernel: readonly Kill[], scene: Scene): boolean {
  const kill = kernel.find((k) => k.target !== null && samePod(k.target, ref) && within(k.at, at, 3 * minuteUs))
  if (kill === undefined) return false
  if (ref.containerId !== null && kill.target?.containerId !== null && !sameId(ref.containerId, kill.target?.containerId ?? null))
    return false
  return !scene.events.some(
    (p) =>
      p.event.kind === 'container' &&
      p.event.what === 'started' &&
      samePod(scene.directory.complete(p.event.target), ref) &&
      p.at.epochUs !== null &&
      kill.at.epochUs !== null &&
      p.at.epochUs > kill.at.epochUs &&
      at.epochUs !== null &&
      p.at.epochUs <= at.epochUs,
  )
}
