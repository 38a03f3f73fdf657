import { createdJob, podOfChaos, scaledSet } from '../extract/rollouts.ts'
import type { ChangeEvent, ContainerRef, Event, NodeEvent, ObjectEvent } from '../model/event.ts'
import type { Instant, Kill, PlacedEvent } from '../model/incident.ts'
import { startsProgram } from '../text/programs.ts'
import { type ContextIndex, isChaos, type Spoken } from './context-index.ts'
import { sameContainer, samePod } from './directory.ts'
import { sameHost } from './hosts.ts'
import { inTime } from './in-time.ts'
import { gapUs } from './instants.ts'
import { isKillOf } from './kills-by-killer.ts'

const minuteUs = 60_000_000
const dayUs = 24 * 60 * minuteUs

/** What an event must share with an incident to belong to its story. */
export interface Story {
  readonly host: string | null
  readonly kills: readonly Kill[]
  readonly fromUs: number | null
  readonly toUs: number | null
  /** The moments of the incident itself, first and last at least. */
  readonly instants: readonly Instant[]
  readonly refs: readonly ContainerRef[]
  readonly units: ReadonlySet<string>
  readonly pids: ReadonlySet<number>
  /** The shortage is the node's: node-wide signs belong to it. */
  readonly nodeWide: boolean
  /** The one who gave up by itself, for incidents of runtimes. */
  readonly events: ReadonlySet<Event>
}

/** Widest reach of an event that speaks of no container: what the rules below can ask for, at most. */
const reachUs = 30 * minuteUs

/** The part of the log that an on-call engineer wants: from the first sign to the aftermath. In order of time. */
export function contextOf(story: Story, index: ContextIndex): PlacedEvent[] {
  const window = index.between(
    story.fromUs === null ? null : story.fromUs - 2 * reachUs,
    story.toUs === null ? null : story.toUs + 2 * reachUs,
  )
  const changed = index.changesBefore(story.fromUs)
  const found = [...new Set([...index.about(story.refs, story.units), ...window, ...changed])].filter(
    (s) => !story.events.has(s.placed.event) && belongs(story, s),
  )
  return inTime(
    found.map((s) => s.placed),
    (placed) => placed.at,
  )
}

function belongs(story: Story, { placed, ref }: Spoken): boolean {
  const e = placed.event
  const sameNode = sameHost(story.host, placed.host)
  switch (e.kind) {
    case 'kernel-oom':
    case 'foreign-words':
      return false
    case 'container':
      return ref !== null && sharesContainer(story, ref) && during(story, placed, 60 * minuteUs, 24 * 60 * minuteUs)
    case 'eviction':
      if (ref !== null) return sharesPod(story, ref) && during(story, placed, 30 * minuteUs, 60 * minuteUs)
      return sameNode && story.nodeWide && during(story, placed, 10 * minuteUs, 10 * minuteUs)
    case 'object-event':
      return objectBelongs(story, placed, ref)
    case 'runtime':
      // What a runtime says at its start holds for as long as it runs.
      if (e.what === 'sized') return (ref === null ? sameNode : sharesContainer(story, ref)) && during(story, placed, dayUs, 0)
      if (ref !== null) return sharesContainer(story, ref) && during(story, placed, 10 * minuteUs, 10 * minuteUs)
      return sameNode && during(story, placed, minuteUs, minuteUs)
    case 'unit':
      return sameNode && story.units.has(e.unit) && during(story, placed, minuteUs, 30 * minuteUs)
    case 'userspace-kill':
      return sameNode && during(story, placed, minuteUs, minuteUs) && !isKillOf(story.kills, e)
    case 'node':
      return sameNode && (story.nodeWide || isAboutKills(e, story)) && during(story, placed, 10 * minuteUs, 15 * minuteUs)
    case 'kernel-notice':
      return sameNode && during(story, placed, 5 * minuteUs, 2 * minuteUs)
    case 'loss':
      return sameNode && during(story, placed, 2 * minuteUs, 2 * minuteUs)
    case 'change':
      if (ref !== null) return sharesContainer(story, ref) && during(story, placed, 60 * minuteUs, 0)
      return (sameNode || e.owner !== undefined) && mayConcern(story, e) && during(story, placed, reachOfChange[e.what] ?? 60 * minuteUs, 0)
    case 'boot':
      return (
        sameNode &&
        placed.at.epochUs !== null &&
        story.toUs !== null &&
        placed.at.epochUs > story.toUs &&
        during(story, placed, 0, 10 * minuteUs)
      )
  }
}

/** How long before a kill a change may lie to be told: what is noticed late, or runs long, has more than an hour. */
const reachOfChange: Readonly<Partial<Record<ChangeEvent['what'], number>>> = { package: dayUs, job: dayUs, kernel: 7 * dayUs }

/** A limit of another unit or container, another workload's object and another program's job are other stories. */
function mayConcern(story: Story, { what, by, subject, owner, detail }: ChangeEvent): boolean {
  if (owner !== undefined)
    return story.refs.some(
      ({ pod, namespace }) =>
        pod?.startsWith(`${owner.name}-`) === true && (namespace === null || owner.namespace === null || namespace === owner.namespace),
    )
  if (what === 'reload') return story.kills.some(({ comm }) => comm === by)
  if (what === 'job') return story.kills.some(({ comm }) => comm !== null && startsProgram(detail, comm))
  return (
    what !== 'limit' ||
    subject === null ||
    story.units.has(subject) ||
    story.refs.some(
      (ref) => subject === ref.container || (ref.containerId !== null && subject.length >= 8 && ref.containerId.startsWith(subject)),
    )
  )
}

const isAboutKills = (e: NodeEvent, story: Story): boolean =>
  (e.pid !== null && story.pids.has(e.pid)) || e.what === 'system-oom' || e.what === 'npd-oom-killing' || e.what === 'memory-pressure'

function during(story: Story, placed: PlacedEvent, beforeUs: number, afterUs: number): boolean {
  const slack = 1000 * (placed.at.uncertaintyMs ?? 0)
  const gaps = story.instants.map((at) => gapUs(at, placed.at)).filter((gap): gap is number => gap !== null)
  if (gaps.length === 0) return !isOfOtherBoot(story, placed)
  return Math.max(...gaps) >= -beforeUs - slack && Math.min(...gaps) <= afterUs + slack
}

/** One source's own uptimes of two boots: what happened in the other one is another story. */
function isOfOtherBoot(story: Story, placed: PlacedEvent): boolean {
  const source = placed.event.quotes[0]?.source
  const same = story.kills.filter((k) => k.at.uptimeSeconds !== null && k.evidence.some((q) => q.source === source))
  return placed.at.uptimeSeconds !== null && same.length > 0 && same.every((k) => k.boot !== placed.boot)
}

const sharesContainer = (story: Story, ref: ContainerRef): boolean =>
  story.refs.some(
    (r) => sameContainer(r, ref) || (samePod(r, ref) && (r.container === null || ref.container === null || r.container === ref.container)),
  )
const sharesPod = (story: Story, ref: ContainerRef): boolean => story.refs.some((r) => samePod(r, ref))

/** Reasons that tell of the node, of interest where the node was short. */
const nodeReasons: ReadonlySet<string> = new Set([
  'SystemOOM',
  'OOMKilling',
  'EvictionThresholdMet',
  'NodeHasInsufficientMemory',
  'NodeHasSufficientMemory',
  'NodeNotReady',
  'NodeReady',
  'NodeNotSchedulable',
  'NodeSchedulable',
  'Rebooted',
  'FreeDiskSpaceFailed',
])
/** Another node's pods go elsewhere: cordoned for a drain, not ready, or taken away by the cluster's autoscaler. */
const gaveUpPods: ReadonlySet<string> = new Set(['NodeNotSchedulable', 'NodeNotReady', 'RemovingNode', 'ScaleDown'])
/** Reasons that never belong to the story of a kill. */
const dullReasons: ReadonlySet<string> = new Set([
  'Pulling',
  'Scheduled',
  'SuccessfulCreate',
  'SuccessfulMountVolume',
  'NodeAllocatableEnforced',
  'RegisteredNode',
])

function objectBelongs(story: Story, placed: PlacedEvent, ref: ContainerRef | null): boolean {
  const e = placed.event
  if (e.kind !== 'object-event') return false
  if (e.objectKind === 'CronJob') return isOwnRun(story, e) && during(story, placed, dayUs, 0)
  if (dullReasons.has(e.reason)) return false
  if (story.nodeWide && gaveUpPods.has(e.reason) && e.objectKind === 'Node' && !sameHost(story.host, e.name ?? placed.host))
    return during(story, placed, 30 * minuteUs, 0)
  if (e.objectKind === 'Node' || nodeReasons.has(e.reason)) {
    return nodeReasons.has(e.reason) && sameHost(story.host, e.name ?? placed.host) && during(story, placed, 10 * minuteUs, 15 * minuteUs)
  }
  if (e.reason === 'ScalingReplicaSet' || e.reason === 'SuccessfulRescale')
    return isOwnRollout(story, e) && during(story, placed, 60 * minuteUs, 0)
  if (isChaos(e)) return isOwnChaos(story, e) && during(story, placed, 60 * minuteUs, 0)
  // An image that was there already changes nothing.
  if (e.reason === 'Pulled' && !e.message.startsWith('Successfully pulled')) return false
  const sharesName = (r: ContainerRef): boolean => e.container === null || r.container === null || r.container === e.container
  return (
    ref !== null && story.refs.some((r) => samePod(r, ref) && sharesName(r)) && during(story, placed, 60 * minuteUs, 24 * 60 * minuteUs)
  )
}

/** Chaos Mesh names the pod that it was applied to; Litmus speaks of its engine, which is in the namespace of what it is made for. */
function isOwnChaos(story: Story, event: ObjectEvent): boolean {
  const pod = podOfChaos(event.message)
  if (pod !== null) return story.refs.some((ref) => ref.pod === pod.pod && (ref.namespace === null || ref.namespace === pod.namespace))
  return event.reason === 'ChaosInject' && event.namespace !== null && story.refs.some((ref) => ref.namespace === event.namespace)
}

/** A CronJob's word that it created the Job of one of the pods. */
function isOwnRun(story: Story, event: ObjectEvent): boolean {
  const job = createdJob(event.message)
  return job !== null && story.refs.some(({ pod }) => pod?.startsWith(`${job}-`) === true)
}

/** A rollout, or a new number of replicas, of the Deployment that one of the pods belongs to: what changed before the kill. */
function isOwnRollout(story: Story, event: ObjectEvent): boolean {
  const set = scaledSet(event.message)?.set ?? null
  return story.refs.some(({ pod, namespace }) => {
    if (pod === null || (namespace !== null && event.namespace !== null && namespace !== event.namespace)) return false
    return pod.startsWith(`${set ?? event.name}-`) || pod.startsWith(`${event.name}-`)
  })
}
