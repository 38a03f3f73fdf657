import type { LogRecord } from '../../model/record.ts'
import { readCtimeHead } from '../ctime-head.ts'
import { unfenced } from '../damage/paste/fences.ts'
import type { FormatContext } from '../define-format.ts'
import { readUptimeHead } from '../dmesg.ts'
import { readRawHead } from '../dmesg-raw.ts'
import { readKlogHeader } from '../inner-klog.ts'
import type { PlacedLine } from '../json-entries.ts'
import type { Sortable } from '../order.ts'
import { readSyslogHead } from '../syslog-line.ts'
import { unwrap } from '../unwrap.ts'
import type { FieldMap } from './field-maps.ts'
import { type Members, memberAt, messageOf, objectRecord } from './object-record.ts'

/** One entry of an export as records, with what they are sorted by. An entry may hold a whole dump: each line with a front is a record. */
export function entryRecords(
  context: FormatContext,
  entry: Members,
  map: FieldMap,
  at: (message: string) => PlacedLine,
  lineCount = 1,
): readonly Sortable[] {
  const { line, raw } = at(messageOf(entry, map) ?? '')
  const found = objectRecord(context, line, raw, lineCount, entry, map)
  if (found === null) return []
  const whole = isPosted(entry) ? { ...found, moment: { ...found.moment, wall: null, outerWall: null } } : found
  const wall = whole.moment.wall
  const timeUs = wall === null ? null : (wall.epochUs ?? wall.localUs)
  const sequence = sequenceOf(entry, map)
  return split(whole).map((record) => ({ record: unwrap(record), timeUs, sequence }))
}

/** A person posted it (Slack, Mattermost, Matrix, Discord, a ticket's comment): its stamp is when, not when what is quoted in it was printed. */
const isPosted = (entry: Members): boolean =>
  ['user', 'user_id', 'user_profile', 'author', 'sender', 'creator', 'posted_by'].some((name) => entry[name] !== undefined) &&
  ['text', 'body', 'content', 'message'].some((name) => entry[name] !== undefined) &&
  ['level', 'severity', 'priority', 'host', 'hostname', 'logger'].every((name) => entry[name] === undefined)

const beginsRecord = (text: string): boolean =>
  (readUptimeHead(text) ?? readRawHead(text) ?? readCtimeHead(text) ?? readKlogHeader(text) ?? readSyslogHead(text)) !== null

/** Lines of a message that each begin a record are records; others go on with the one before. */
function split(record: LogRecord): readonly LogRecord[] {
  if (!record.message.includes('\n')) return [record]
  const lines = record.message.split(/\r*\n/).map(unfenced)
  const firsts = lines.flatMap((text, index) => (index === 0 || beginsRecord(text) ? [index] : []))
  // What a console printed before the kernel's first line has no front: then the most must have one.
  if (firsts.length < 2 || (!beginsRecord(lines[1] as string) && firsts.length * 2 < lines.length)) return [record]
  const physical = record.raw.split('\n')
  return firsts.map((first, nth) => {
    const end = firsts[nth + 1] ?? lines.length
    const message = lines.slice(first, end).join('\n')
    if (physical.length < lines.length) return { ...record, message }
    const { origin } = record
    const before = physical.slice(0, first).reduce((sum, text) => sum + text.length + 1, 0)
    return {
      ...record,
      origin: {
        ...origin,
        line: origin.line === null ? null : origin.line + first,
        offset: origin.offset === null ? null : origin.offset + before,
      },
      raw: physical.slice(first, end).join('\n'),
      lineCount: end - first,
      message,
    }
  })
}

function sequenceOf(entry: Members, map: FieldMap): string | null {
  for (const path of map.sequence ?? []) {
    const found = memberAt(entry, path)
    if (typeof found === 'string' || typeof found === 'number') return String(found)
  }
  return null
}
