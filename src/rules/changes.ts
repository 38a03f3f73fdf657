import { newSize, scaledSet } from '../extract/rollouts.ts'
import type { IncidentFacts } from '../facts/incident-facts.ts'
import { workloadOf } from '../facts/names.ts'
import type { Phrase } from '../model/diagnosis.ts'
import type { ObjectEvent } from '../model/event.ts'
import type { PlacedEvent } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'
import { code, say, seconds } from '../text/say.ts'

/** Something that was changed before the first kill: the first suspect. */
export interface Change {
  readonly what: 'release' | 'rescale'
  /** The new ReplicaSet, image or size, as the event or object names it. */
  readonly name: string
  /** The object that was changed. */
  readonly of: string
  /** Seconds from the change to the first kill. */
  readonly secondsBefore: number
  readonly quotes: readonly Quote[]
}

/** A release that is older than this has run well for long enough not to be the first suspect. */
const RELEASE_SECONDS = 3600

/** What changed before the first kill, the nearest first. */
export function changesBefore(facts: IncidentFacts): readonly Change[] {
  const at = facts.kill?.at.epochUs ?? null
  if (at === null) return []
  return facts.context.objects
    .flatMap((placed) => changeOf(facts, placed, at))
    .filter((change) => change.secondsBefore >= -5 && change.secondsBefore <= RELEASE_SECONDS)
    .toSorted((a, b) => a.secondsBefore - b.secondsBefore)
}

/** The release that the killed pod came with: a ReplicaSet that was scaled up for the first time shortly before. */
export const releaseBefore = (facts: IncidentFacts): Change | null =>
  changesBefore(facts).find((change) => change.what === 'release') ?? null

/** What had changed, for the end of the root cause: a release is the first suspect, a new number of replicas the first reason for load. */
export function changeSaid(facts: IncidentFacts): Phrase {
  const [first] = changesBefore(facts)
  if (first === undefined) return say``
  const before = say`${seconds(Math.max(0, Math.round(first.secondsBefore)))} before the first kill`
  const image = facts.container?.image ?? null
  return first.what === 'release'
    ? say` A new release (${code(first.name)}${image === null ? say`` : say`, image ${code(image)}`}) began to be rolled out ${before}: it is the first suspect.`
    : say` The autoscaler had set ${code(first.of)} to ${first.name} replicas ${before}.`
}

function changeOf(facts: IncidentFacts, placed: PlacedEvent<ObjectEvent>, killUs: number): readonly Change[] {
  const { event } = placed
  const when = event.firstUs ?? placed.at.epochUs
  if (when === null) return []
  const secondsBefore = (killUs - when) / 1_000_000
  if (event.reason === 'ScalingReplicaSet') {
    const scaled = scaledSet(event.message)
    if (scaled === null || scaled.way === 'down' || !isOwnSet(facts, scaled.set)) return []
    // A set that had pods before is more of the same, no release.
    if ((scaled.from ?? 0) > 0)
      return [
        { what: 'rescale', name: String(scaled.to ?? '?'), of: event.name ?? scaled.set, secondsBefore, quotes: event.quotes.slice(0, 1) },
      ]
    return [{ what: 'release', name: scaled.set, of: event.name ?? scaled.set, secondsBefore, quotes: event.quotes.slice(0, 1) }]
  }
  if (event.reason === 'SuccessfulRescale') {
    const size = newSize(event.message)
    return size === null
      ? []
      : [{ what: 'rescale', name: String(size), of: event.name ?? '?', secondsBefore, quotes: event.quotes.slice(0, 1) }]
  }
  return []
}

/** The killed pod is one of this ReplicaSet's. */
function isOwnSet(facts: IncidentFacts, set: string): boolean {
  const pod = workloadOf(facts)?.pod ?? facts.pod?.name ?? null
  return pod?.startsWith(`${set}-`) === true
}
