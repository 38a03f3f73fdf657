import type { ObjectEvent } from '../../model/event.ts'
import { objectEventOf, stampOfEpoch, timeOfEventName } from './object-event.ts'
import { parseRfc3339, stampOf } from './times.ts'
import { child, numberAt, type Quoter, type Tree, textAt } from './tree.ts'

/** core/v1 has `involvedObject`, events.k8s.io/v1 `regarding`; audit events (`audit.k8s.io`) have neither. */
export function isEvent(tree: Tree): boolean {
  const kind = textAt(tree, 'kind')
  if (kind !== null && kind !== 'Event') return false
  return (child(tree, 'involvedObject') ?? child(tree, 'regarding')) !== null && textAt(tree, 'reason') !== null
}

/**
 * An Event object of either API. Each may leave the other's times `null`: the last occurrence is `series.lastObservedTime`, else
 * `lastTimestamp`, else `eventTime`; the exact creation time stands in the name.
 */
export function eventOfManifest(tree: Tree, quoter: Quoter): ObjectEvent {
  const object = child(tree, 'involvedObject') ?? child(tree, 'regarding')
  const series = numberAt(tree, 'series', 'count')
  const count = series ?? numberAt(tree, 'count') ?? numberAt(tree, 'deprecatedCount')
  const last = firstTime(tree, [
    ['series', 'lastObservedTime'],
    ['lastTimestamp'],
    ['deprecatedLastTimestamp'],
    ['eventTime'],
    ['firstTimestamp'],
  ])
  const first = firstTime(tree, [['eventTime'], ['firstTimestamp'], ['deprecatedFirstTimestamp']])
  const name = textAt(tree, 'metadata', 'name') ?? ''
  const created = timeOfEventName(name)
  const single = count === null || count <= 1
  // One occurrence: the name's nanoseconds are the same instant, more precisely.
  const exact = created !== null && single && (last === null || Math.abs(created - last.epochUs) < 2_000_000)
  const wall = exact && created !== null ? stampOfEpoch(last?.text ?? name, created) : last === null ? null : stampOf(last.text, last)
  const message = textAt(tree, 'message') ?? textAt(tree, 'note') ?? ''
  const places = [child(tree, 'message') ?? child(tree, 'note'), child(tree, 'reason'), last?.tree ?? null]
  return objectEventOf({
    reason: textAt(tree, 'reason') ?? '',
    message,
    quotes: places.filter((place): place is Tree => place !== null).map((place) => quoter.quote(place.at)),
    wall,
    objectKind: textAt(object, 'kind'),
    namespace: textAt(object, 'namespace') ?? textAt(tree, 'metadata', 'namespace'),
    name: textAt(object, 'name'),
    uid: textAt(object, 'uid'),
    fieldPath: textAt(object, 'fieldPath'),
    type: textAt(tree, 'type'),
    component:
      textAt(tree, 'source', 'component') ??
      textAt(tree, 'deprecatedSource', 'component') ??
      textAt(tree, 'reportingComponent') ??
      textAt(tree, 'reportingController'),
    host: textAt(tree, 'source', 'host') ?? textAt(tree, 'deprecatedSource', 'host'),
    count,
    firstUs: created ?? first?.epochUs ?? null,
  })
}

interface FoundTime {
  readonly tree: Tree
  readonly text: string
  readonly epochUs: number
  readonly offsetMinutes: number
  readonly precisionUs: number
}

function firstTime(tree: Tree, paths: readonly (readonly string[])[]): FoundTime | null {
  for (const path of paths) {
    const place = child(tree, ...path)
    const text = textAt(tree, ...path)
    const time = text === null ? null : parseRfc3339(text)
    if (place !== null && text !== null && time !== null) return { tree: place, text, ...time }
  }
  return null
}
