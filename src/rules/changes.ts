import { createdJob, limitOfResize, newSize, scaledSet } from '../extract/rollouts.ts'
import type { IncidentFacts } from '../facts/incident-facts.ts'
import { workloadOf } from '../facts/names.ts'
import { isChaosKind } from '../kube/ids.ts'
import type { Phrase } from '../model/diagnosis.ts'
import type { ChangeEvent, ObjectEvent } from '../model/event.ts'
import type { Instant, PlacedEvent } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import { bytes, code, say, seconds } from '../text/say.ts'
import { gapUs } from '../timeline/instants.ts'

/** Something that was changed before the first kill: a suspect. */
export interface Change {
  readonly what: 'release' | 'rescale' | 'chaos' | 'drain' | ChangeEvent['what']
  /** The new ReplicaSet, image or size, the command or the packages, as the event or object names it. */
  readonly name: string
  /** The object that was changed. */
  readonly of: string
  /** A limit that was set, where the event tells it. */
  readonly limitBytes?: number
  /** Seconds from the change to the first kill; `null`: it stands before the kill, and nobody knows how long. */
  readonly secondsBefore: number | null
  readonly quotes: readonly Quote[]
}

/** A change that is older than this has gone well for long enough not to be the first suspect; packages and kernels are seldom noticed so soon, jobs run long. */
const SOON_SECONDS = 3600
const DAY_SECONDS = 24 * 3600
const LATER: Readonly<Partial<Record<Change['what'], number>>> = { package: DAY_SECONDS, job: DAY_SECONDS, kernel: 7 * DAY_SECONDS }

/** What changed before the first kill, the nearest first. */
export function changesBefore(facts: IncidentFacts): readonly Change[] {
  const at = facts.kill?.at ?? facts.incident.first
  const events = facts.context.all.flatMap((placed): readonly Change[] =>
    placed.event.kind === 'object-event'
      ? ofObject(facts, placed as PlacedEvent<ObjectEvent>, at)
      : placed.event.kind === 'change'
        ? ofChange(placed as PlacedEvent<ChangeEvent>, at)
        : [],
  )
  return events
    .filter(({ what, secondsBefore }) => secondsBefore === null || (secondsBefore >= -5 && secondsBefore <= (LATER[what] ?? SOON_SECONDS)))
    .toSorted((a, b) => (a.secondsBefore ?? Number.POSITIVE_INFINITY) - (b.secondsBefore ?? Number.POSITIVE_INFINITY))
}

/** The release that the killed pod came with: a ReplicaSet that was scaled up for the first time shortly before. */
export const releaseBefore = (facts: IncidentFacts): Change | null =>
  changesBefore(facts).find((change) => change.what === 'release') ?? null

/** The change that is told first: what was done on purpose or by hand explains more than what came by itself. */
const ORDER: readonly Change['what'][] = [
  'chaos',
  'load',
  'limit',
  'reload',
  'release',
  'edit',
  'exec',
  'job',
  'rescale',
  'drain',
  'setting',
  'kernel',
  'package',
]
const MOST = 2

/** The changes that the root cause speaks of. */
export function toldChanges(facts: IncidentFacts): readonly Change[] {
  const all = changesBefore(facts)
  return ORDER.flatMap((what) => all.find((change) => change.what === what) ?? []).slice(0, MOST)
}

/** What had changed, for the end of the root cause: a release is the first suspect, a new number of replicas the first reason for load. */
export function changeSaid(facts: IncidentFacts, cause: string): Phrase {
  const told = toldChanges(facts).filter(({ what }) => SAID_BY[cause]?.includes(what) !== true)
  return told.reduce<Phrase>((all, change) => say`${all} ${saidOf(facts, change)}`, say``)
}

/** Root causes that speak of the change themselves. */
const SAID_BY: Readonly<Record<string, readonly Change['what'][]>> = { 'limit-too-low': ['limit'], 'debug-process': ['exec', 'load'] }

export const beforeKill = ({ secondsBefore }: Change): Phrase =>
  secondsBefore === null
    ? say`some time before the first kill`
    : say`${seconds(Math.max(0, Math.round(secondsBefore)))} before the first kill`

function saidOf(facts: IncidentFacts, change: Change): Phrase {
  const before = beforeKill(change)
  const image = facts.container?.image ?? null
  switch (change.what) {
    case 'release':
      return say`A new release (${code(change.name)}${image === null ? say`` : say`, image ${code(image)}`}) began to be rolled out ${before}: it is the first suspect.`
    case 'rescale':
      return say`The number of replicas of ${code(change.of)} had been set to ${change.name} ${before}.`
    case 'chaos':
      return say`A chaos experiment (${code(change.of)}) was started ${before}: if it takes memory, this kill is what it was made for.`
    case 'load':
      return say`Somebody started ${code(change.name)}, a tool that takes memory on purpose, ${before}.`
    case 'limit':
      return say`A memory limit had been set${change.limitBytes === undefined ? say` (${code(change.name)})` : say` to ${bytes(change.limitBytes)} (${code(change.name)})`} ${before}.`
    case 'exec':
      return say`A command had been run inside the container ${before}: ${code(change.name)}. Its memory counts against the same limit.`
    case 'edit':
      return say`The workload had been edited (${code(change.name)}) ${before}.`
    case 'reload':
      return say`${code(change.of)} had begun to load its data ${before} (${code(change.name)}): if it ran already, it holds both the old and the new until that is done.`
    case 'job':
      return say`The scheduled job ${code(change.name)} had been started ${before}.`
    case 'drain':
      return say`Node ${code(change.of)} had stopped taking pods (${code(change.name)}) ${before}: its pods go to other nodes, perhaps to this one.`
    case 'kernel':
      return say`The machine had been booted with another kernel or version of cgroups ${before}: ${code(change.name)}.`
    case 'setting':
      return say`A kernel setting had been changed ${before}: ${code(change.name)}.`
    case 'package':
      return say`Packages had been changed ${before}: ${code(change.name)}.`
  }
}

/** Seconds from one to the other by whichever clock both have: lines of one log need no zone. */
function secondsFrom(when: Instant, kill: Instant): number | null {
  const gap = gapUs(when, kill)
  return gap === null ? null : gap / 1_000_000
}

function ofChange({ event, at: when }: PlacedEvent<ChangeEvent>, kill: Instant): readonly Change[] {
  const secondsBefore = secondsFrom(when, kill)
  // Without a time of its own nothing says that it was before.
  if (secondsBefore === null) return []
  const limit = event.limitBytes === undefined ? {} : { limitBytes: event.limitBytes }
  return [
    { what: event.what, name: event.detail, of: event.subject ?? event.by, secondsBefore, quotes: event.quotes.slice(0, 1), ...limit },
  ]
}

function ofObject(facts: IncidentFacts, { event, at: placed }: PlacedEvent<ObjectEvent>, kill: Instant): readonly Change[] {
  const killUs = kill.epochUs
  const secondsBefore = event.firstUs == null || killUs === null ? secondsFrom(placed, kill) : (killUs - event.firstUs) / 1_000_000
  const quotes = event.quotes.slice(0, 1)
  const change = (what: Change['what'], name: string, of: string, more: Partial<Change> = {}): readonly Change[] =>
    secondsBefore === null && more.secondsBefore == null ? [] : [{ what, name, of, secondsBefore, quotes, ...more }]
  switch (event.reason) {
    case 'ScalingReplicaSet': {
      const scaled = scaledSet(event.message)
      if (scaled === null || scaled.way === 'down' || !isOwnSet(facts, scaled.set)) return []
      // A set that had pods before is more of the same, no release.
      if ((scaled.from ?? 0) > 0) return change('rescale', String(scaled.to ?? '?'), event.name ?? scaled.set)
      return change('release', scaled.set, event.name ?? scaled.set, { secondsBefore: secondsBefore ?? sinceStart(facts, killUs) })
    }
    case 'SuccessfulCreate': {
      const job = event.objectKind === 'CronJob' ? createdJob(event.message) : null
      return job === null ? [] : change('job', job, event.name ?? '?')
    }
    case 'NodeNotSchedulable':
    case 'NodeNotReady':
    case 'RemovingNode':
    case 'ScaleDown':
      return event.name === null || event.name === facts.incident.host ? [] : change('drain', event.reason, event.name)
    case 'SuccessfulRescale': {
      const size = newSize(event.message)
      return size === null ? [] : change('rescale', String(size), event.name ?? '?')
    }
    case 'ResizeStarted':
    case 'ResizeCompleted': {
      const limit = limitOfResize(event.message, facts.container?.name ?? null)
      return change('limit', event.reason, event.name ?? '?', limit === null ? {} : { limitBytes: limit })
    }
    case 'InPlaceResizedByVPA':
      return change('limit', event.reason, event.name ?? '?')
    default:
      return isChaos(event) ? change('chaos', event.reason, `${event.objectKind ?? 'experiment'}/${event.name ?? '?'}`) : []
  }
}

/** Chaos Mesh speaks as its experiment (`StressChaos`), Litmus as its engine. */
const isChaos = ({ objectKind, reason }: ObjectEvent): boolean =>
  isChaosKind(objectKind) && (reason === 'Applied' || reason === 'ChaosInject')

/** An event without a time: the pod of a new ReplicaSet starts with its rollout. */
function sinceStart(facts: IncidentFacts, killUs: number | null): number | null {
  const start = facts.pod?.startUs ?? null
  return start === null || killUs === null || start > killUs ? null : (killUs - start) / 1_000_000
}

/** The killed pod is one of this ReplicaSet's. */
function isOwnSet(facts: IncidentFacts, set: string): boolean {
  const pod = workloadOf(facts)?.pod ?? facts.pod?.name ?? null
  return pod?.startsWith(`${set}-`) === true
}
