import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { ceilingOf } from './ceiling.ts'
import { groupNeed, type Need, presentLimit, raisedAlready } from './need.ts'
import { type Room, requestsToo, roomOf } from './room.ts'
import { roundDown, roundUp } from './sizes.ts'
import { subjectOf } from './subject.ts'

/** A size to set, or the reason why none can work. */
export type Suggestion =
  | {
      readonly kind: 'size'
      readonly bytes: number
      readonly need: Need
      readonly from: number | null
      readonly cappedBy: number | null
      readonly beside: Beside
    }
  /** The node has not enough above what was held. */
  | { readonly kind: 'no-room'; readonly need: Need; readonly roomBytes: number; readonly beside: Beside }

/** Whether the room is what the requests of the node's other pods leave. */
type Beside = 'requests' | null

/** Where usage was cut off at a limit nobody knows how much more was wanted: half as much again is a trial. */
const BEYOND_A_FLOOR = 1.5
/** Where it was raised and filled again, steps of that kind have told what they can. */
const TWICE = 2
/** Where the need was seen whole, a quarter is left for peaks. */
const HEADROOM = 1.25
/** A size below this above the need would be hit at once. */
const LEAST = 1.1
/** The share of a limit that a heap may take, unless its runtime says otherwise. */
export const HEAP_SHARE = 0.75

/**
 * A limit that can work: from what was held (RAM and swap; at a group's own limit a floor), with headroom, in a size that people write, not above what
 * the node has, and with room beside a fixed heap ceiling. `null` where nothing tells what is needed.
 */
export function suggestLimit(facts: IncidentFacts, need: Need | null = groupNeed(facts)): Suggestion | null {
  if (need === null || need.bytes <= 0) return null
  const heap = ceilingOf(facts)
  const wanted = Math.max(
    need.bytes * (need.floor ? (subjectOf(facts)?.runtime?.beyond ?? (raisedAlready(facts) === null ? BEYOND_A_FLOOR : TWICE)) : HEADROOM),
    heap?.fixed ? heap.bytes / heap.share : 0,
  )
  const room = roomOf(facts)
  const size = roundUp(wanted)
  const from = presentLimit(facts)
  const { most, beside } = mostOf(facts, room)
  if (size <= most) return { kind: 'size', bytes: size, need, from, cappedBy: null, beside: null }
  const capped = roundDown(most)
  if (capped < need.bytes * LEAST) return { kind: 'no-room', need, roomBytes: most, beside }
  return { kind: 'size', bytes: capped, need, from, cappedBy: most, beside }
}

/** What the node can give: where the request is raised with the limit, only what the other pods' requests leave. */
function mostOf(facts: IncidentFacts, room: Room | null): { readonly most: number; readonly beside: Beside } {
  if (room === null) return { most: Number.POSITIVE_INFINITY, beside: null }
  const left = requestsToo(facts) ? room.requestBytes : null
  return left === null || left >= room.limitBytes ? { most: room.limitBytes, beside: null } : { most: left, beside: 'requests' }
}

/** A request that the node can keep beside those of its other pods, at most the size; 0 where it has no room for any. */
export function requestWithin(facts: IncidentFacts, size: number): number {
  const left = roomOf(facts)?.requestBytes ?? null
  return left === null || left >= size ? size : roundDown(left)
}
