import type { LogRecord } from '../model/record.ts'
import type { WallStamp } from '../model/stamp.ts'
import { decodeBytes } from '../text/escapes.ts'
import { epochStamp } from '../units/stamp.ts'
import { containerWriter } from './author.ts'
import type { FormatContext, Line } from './define-format.ts'
import { bootIdOf, type Head, recordOf } from './record.ts'

/** A field's value as the journal's exports hold it: text, an array of byte values, a list of those (the field occurs several times), or `null` (too long). */
export type JournalValue = string | number | boolean | null | readonly JournalValue[]

/** One value as text; bytes are read as UTF-8 and broken ones become U+FFFD, control characters stay. Of repeated fields the first counts. */
export function journalText(value: JournalValue | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object') return String(value)
  if (value.length > 0 && value.every((byte) => typeof byte === 'number')) return decodeBytes(value as readonly number[])
  return value.length === 0 ? '' : journalText(value[0])
}

/**
 * A journal entry (systemd.journal-fields(7)) as a record. `wall` is `_SOURCE_REALTIME_TIMESTAMP` for programs (their own clock), else
 * `__REALTIME_TIMESTAMP` (journald read it then). `uptimeUs` is `_SOURCE_MONOTONIC_TIMESTAMP` for kernel lines, else `__MONOTONIC_TIMESTAMP`.
 * The message is not unwrapped yet.
 */
export function journalEntry(
  context: FormatContext,
  line: Line,
  raw: string,
  lineCount: number,
  values: Readonly<Record<string, JournalValue>>,
  fallbackWall: WallStamp | null = null,
): LogRecord {
  const fields: Record<string, string> = {}
  for (const key in values) {
    if (key === 'MESSAGE') continue
    const text = journalText(values[key])
    if (text !== null) fields[key] = text
  }
  return textEntry(context, line, raw, lineCount, fields, journalText(values['MESSAGE']) ?? '', fallbackWall)
}

/** The same from fields that are text already, the message apart. */
export function textEntry(
  context: FormatContext,
  line: Line,
  raw: string,
  lineCount: number,
  fields: Readonly<Record<string, string>>,
  message: string,
  fallbackWall: WallStamp | null = null,
): LogRecord {
  return recordOf(context, line, journalHead(fields, fallbackWall), message, raw, lineCount, fields['__CURSOR'] ?? null)
}

function journalHead(fields: Readonly<Record<string, string>>, fallbackWall: WallStamp | null): Head {
  // fluent-bit's systemd input can strip the leading underscores.
  const field = (name: string): string | undefined => fields[name] ?? fields[name.replace(/^_+/, '')]
  const kernel = field('_TRANSPORT') === 'kernel'
  const identifier = fields['SYSLOG_IDENTIFIER'] ?? field('_COMM') ?? null
  const contained = containerOf(fields)
  const writer = contained ?? writerOf(field('_TRANSPORT'), fields['SYSLOG_FACILITY'], identifier)
  const pid = field('_PID') ?? fields['SYSLOG_PID']
  const severity = fields['PRIORITY']
  return {
    width: 0,
    wall: wallOf(fields, kernel) ?? fallbackWall,
    uptimeUs: micros(kernel ? (field('_SOURCE_MONOTONIC_TIMESTAMP') ?? fields['__MONOTONIC_TIMESTAMP']) : fields['__MONOTONIC_TIMESTAMP']),
    writer,
    // The drivers put the container's id or tag there.
    identifier: contained === null ? identifier : null,
    pid: pid !== undefined && /^\d{1,10}$/.test(pid) ? Number(pid) : null,
    host: field('_HOSTNAME') ?? null,
    bootId: bootIdOf(field('_BOOT_ID')),
    unit: contained === null ? (field('_SYSTEMD_UNIT') ?? fields['UNIT'] ?? null) : null,
    severity: severity !== undefined && /^[0-7]$/.test(severity) ? Number(severity) : null,
    fields,
  }
}

/** Docker's and podman's journald drivers name the container whose output an entry is; podman's own events name it in other fields. */
function containerOf(fields: Readonly<Record<string, string>>): LogRecord['writer'] | null {
  const { CONTAINER_NAME: name, CONTAINER_ID: id, CONTAINER_ID_FULL: fullId, _TRANSPORT: transport } = fields
  if ((name ?? id ?? fullId) === undefined || transport === 'kernel') return null
  return containerWriter(name === undefined ? {} : { container: name })
}

/** What programs write to /dev/kmsg has the kernel's transport but another facility, and no identifier. Where a shipper left both out nobody knows. */
function writerOf(transport: string | undefined, facility: string | undefined, identifier: string | null): LogRecord['writer'] {
  if (transport === undefined) return identifier === null || identifier === 'kernel' ? 'unknown' : 'userspace'
  if (transport !== 'kernel') return 'userspace'
  if (facility === '0') return 'kernel'
  if (facility === undefined && identifier === null) return 'unknown'
  return facility === undefined && identifier === 'kernel' ? 'kernel' : 'userspace'
}

function wallOf(fields: Readonly<Record<string, string>>, kernel: boolean): WallStamp | null {
  const source = kernel ? undefined : (fields['_SOURCE_REALTIME_TIMESTAMP'] ?? fields['SOURCE_REALTIME_TIMESTAMP'])
  const text = source ?? fields['__REALTIME_TIMESTAMP'] ?? fields['REALTIME_TIMESTAMP']
  const epochUs = micros(text)
  return text === undefined || epochUs === null ? null : epochStamp(text, epochUs, 1, source === undefined ? 'received' : 'emitted')
}

function micros(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : null
}
