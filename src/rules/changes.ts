import { newSize, scaledSet } from '../extract/rollouts.ts'
import type { IncidentFacts } from '../facts/incident-facts.ts'
import { workloadOf } from '../facts/names.ts'
import type { ObjectEvent } from '../model/event.ts'
import type { PlacedEvent } from '../model/incident.ts'
import type { Quote } from '../model/origin.ts'

/** Something that was changed before the first kill: the first suspect. */
export interface Change {
  readonly what: 'release' | 'rescale' | 'resize'
  /** The new ReplicaSet, image or size, as the event or object names it. */
  readonly name: string
  /** Seconds from the change to the first kill. */
  readonly secondsBefore: number
  readonly quotes: readonly Quote[]
}

/** A release that is older than this has run well for long enough not to be the first suspect. */
const RELEASE_SECONDS = 2 * 3600

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

function changeOf(facts: IncidentFacts, placed: PlacedEvent<ObjectEvent>, killUs: number): readonly Change[] {
  const { event } = placed
  const when = event.firstUs ?? placed.at.epochUs
  if (when === null) return []
  const secondsBefore = (killUs - when) / 1_000_000
  if (event.reason === 'ScalingReplicaSet') {
    const scaled = scaledSet(event.message)
    // A set that had pods before is a scaling, not a release.
    if (scaled === null || scaled.way === 'down' || !isOwnSet(facts, scaled.set) || (scaled.from ?? 0) > 0) return []
    return [{ what: 'release', name: scaled.set, secondsBefore, quotes: event.quotes.slice(0, 1) }]
  }
  if (event.reason === 'SuccessfulRescale') {
    const size = newSize(event.message)
    return size === null ? [] : [{ what: 'rescale', name: String(size), secondsBefore, quotes: event.quotes.slice(0, 1) }]
  }
  return []
}

/** The killed pod is one of this ReplicaSet's. */
function isOwnSet(facts: IncidentFacts, set: string): boolean {
  const pod = workloadOf(facts)?.pod ?? facts.pod?.name ?? null
  return pod?.startsWith(`${set}-`) === true
}
