import type { ObjectEvent } from '../../model/event.ts'
import type { WallStamp } from '../../model/stamp.ts'
import { ageCell, countOf, type SeenCell, sourceOf } from './event-cells.ts'
import { objectEventOf, splitObject, stampOfEpoch, timeOfEventName } from './object-event.ts'
import { quoteAt } from './page.ts'
import { eventOfRow as eventOfLine, nobody } from './paste/event-rows.ts'
import { said } from './table.ts'
import { type Row, tableReader } from './table-reader.ts'
import { type Age, parseAge, parseRfc3339, stampOf } from './times.ts'

/**
 * Headers of `kubectl get events` (pkg/printers/internalversion): up to 1.13 `LAST SEEN FIRST SEEN COUNT NAME KIND SUBOBJECT TYPE REASON
 * SOURCE MESSAGE` (`LASTSEEN` in the oldest), since then `LAST SEEN TYPE REASON OBJECT MESSAGE`, with `-o wide` SUBOBJECT, SOURCE, FIRST
 * SEEN, COUNT and NAME, with `-A` NAMESPACE before. `kubectl events` has the short form.
 */
const HEADER = /^(?:NAMESPACE {2,})?LAST ?SEEN {2,}(?:FIRST ?SEEN|TYPE|KIND)\b.*\bMESSAGE\b/
/** With `-o custom-columns=…lastTimestamp` a column that is an age by default holds an instant. */
const INSTANT = /^\d{4}-\d\d-\d\dT/

export const eventsTable = tableReader({
  id: 'kubectl-events',
  title: 'Table of Kubernetes events',
  writtenBy: 'kubectl get events, kubectl events',
  seen: 'real',
  header: HEADER,
  take(row, { events }) {
    const event = eventOfRow(row)
    if (event !== null) events.push(event)
  },
})

function instantOf(text: string): { readonly wall?: WallStamp } {
  const time = INSTANT.test(text) ? parseRfc3339(text) : null
  return time === null ? {} : { wall: stampOf(text, time) }
}

function eventOfRow({ page, index, cell, isLost }: Row): ObjectEvent | null {
  const reason = cell('REASON')
  const type = cell('TYPE')
  const lastSeen = cell('LAST SEEN', 'LASTSEEN')
  const squeezed = isLost ? eventOfLine(page, index, nobody) : null
  // A message of several lines continues below: such a line has no type.
  if (squeezed !== null || reason === null || type === null || !/^[A-Z]\w*$/.test(type)) return squeezed
  const seen = ageCell(lastSeen ?? '')
  const wide = cell('OBJECT') !== null
  const name = cell('NAME')
  const object = wide ? splitObject(cell('OBJECT') ?? '') : { kind: cell('KIND'), name: objectOfEventName(name ?? '') }
  return objectEventOf({
    ...timesOf({ seen, first: parseAge(cell('FIRST SEEN', 'FIRSTSEEN') ?? ''), count: countOf(cell('COUNT')), eventName: name ?? '' }),
    ...instantOf(lastSeen ?? ''),
    ...sourceOf(cell('SOURCE')),
    reason,
    message: cell('MESSAGE') ?? '',
    quotes: [quoteAt(page, index)],
    objectKind: object.kind,
    namespace: cell('NAMESPACE'),
    name: object.name,
    fieldPath: cell('SUBOBJECT'),
    type,
  })
}

/** Up to 1.13 the table has the event's own name: `web-7d9c.17683ea4fced9353`. */
const objectOfEventName = (name: string): string | null => said(name.replace(/\.[0-9a-f]{15,16}$/, ''))

interface SeenTimes {
  readonly seen: SeenCell
  readonly first: Age | null
  readonly count: number | null
  readonly eventName: string
}

/** Ages, and the exact first time where a column has the event's name. */
function timesOf({ seen, first, count, eventName }: SeenTimes): Partial<Parameters<typeof objectEventOf>[0]> {
  const created = timeOfEventName(eventName)
  const times = seen.count ?? count
  return {
    count: times,
    ageSeconds: seen.age?.seconds ?? null,
    ageResolutionSeconds: seen.age?.resolution ?? null,
    firstAgeSeconds: seen.firstAge?.seconds ?? first?.seconds ?? null,
    firstUs: created,
    wall: created !== null && times === 1 ? stampOfEpoch(eventName, created) : null,
  }
}
