import type { LogRecord } from '../../model/record.ts'
import { boundedWriter } from '../author.ts'
import type { FormatContext, Line } from '../define-format.ts'
import { isMembers, mapFor, objectRecord } from './object-record.ts'
import { plainEntry } from './shapes.ts'

/** JSON inside another wrapping: klog and logrus in JSON mode, docker's file inside a CRI line, a journal entry inside an export. */
export function unwrapJson(record: LogRecord): LogRecord | null {
  const text = record.message.trimEnd()
  if (!text.endsWith('}')) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const entry = plainEntry(value, {})
  const map = isMembers(entry) ? mapFor(entry) : null
  if (entry === null || map === null || (map.id === 'log-export' && Object.keys(entry).length > 1 && !hasTime(entry))) return null
  const { source, line, offset } = record.origin
  const context: FormatContext = { source, host: record.host }
  const at: Line = { text: record.raw, number: line ?? 0, offset: offset ?? 0 }
  const inner = objectRecord(context, at, record.raw, record.lineCount, entry, map)
  return inner === null || inner.message === record.message ? null : joined(record, inner)
}

function hasTime(entry: Readonly<Record<string, unknown>>): boolean {
  return ['timestamp', 'time', 'ts', '@timestamp', 'date'].some((key) => key in entry)
}

/** What the inner says goes before what the outer says. */
function joined(outer: LogRecord, inner: LogRecord): LogRecord {
  const innerWall = inner.moment.wall
  return {
    ...inner,
    origin: { ...outer.origin, cursor: inner.origin.cursor ?? outer.origin.cursor },
    moment: {
      wall: innerWall ?? outer.moment.wall,
      outerWall: innerWall === null ? outer.moment.outerWall : (outer.moment.wall ?? outer.moment.outerWall),
      uptimeUs: inner.moment.uptimeUs ?? outer.moment.uptimeUs,
    },
    writer: boundedWriter(outer.writer, inner.writer),
    identifier: inner.identifier ?? outer.identifier,
    pid: inner.pid ?? outer.pid,
    host: inner.host ?? outer.host,
    bootId: inner.bootId ?? outer.bootId,
    unit: inner.unit ?? outer.unit,
    severity: inner.severity ?? outer.severity,
    caller: inner.caller ?? outer.caller,
    fields: { ...outer.fields, ...inner.fields },
  }
}
