import { containerOfLogPath } from '../../kube/log-path.ts'
import type { LogRecord, Writer } from '../../model/record.ts'
import type { WallStamp } from '../../model/stamp.ts'
import { readAnyStamp } from '../../units/stamp-guess.ts'
import { boundedWriter, labelledWriter } from '../author.ts'
import type { FormatContext, Line } from '../define-format.ts'
import { severityOfLevel } from '../inner-logrus.ts'
import { type JournalValue, journalEntry } from '../journal-fields.ts'
import { type Head, noFields, recordOf } from '../record.ts'
import { syslogLevel } from '../syslog-line.ts'
import { type FieldMap, fieldMaps } from './field-maps.ts'

export type Members = Readonly<Record<string, unknown>>

/** A member by path: the whole path as one key, then each way to step into it. */
export function memberAt(value: Members, path: string): unknown {
  if (path in value) return value[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const inner = value[path.slice(0, dot)]
    if (isMembers(inner)) {
      const found = memberAt(inner, path.slice(dot + 1))
      if (found !== undefined) return found
    }
  }
  return undefined
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The row of the table that fits an entry, or `null` when nothing in it is a message. */
export function mapFor(value: Members): FieldMap | null {
  return (
    fieldMaps.find(
      (map) => map.marks.some((group) => group.every((key) => memberAt(value, key) !== undefined)) && messageOf(value, map) !== null,
    ) ?? null
  )
}

/** What an entry said, or `null`. Docker keeps the line's own line break. */
export function messageOf(value: Members, map: FieldMap): string | null {
  for (const path of map.message) {
    const found = memberAt(value, path)
    if (typeof found === 'string' && found !== '') return (encodedText(found) ?? found).replace(/\r?\n$/, '')
    if (Array.isArray(found) && found.length > 0 && found.every((byte) => typeof byte === 'number'))
      return String.fromCharCode(...found.slice(0, 10_000))
    if (isMembers(found)) return JSON.stringify(found)
  }
  return null
}

/** EC2's API gives a console's output in base64; whoever asks it himself keeps it so. */
function encodedText(text: string): string | null {
  if (text.length < 100 || text.includes(' ') || !/^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(text)) return null
  try {
    const plain = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)))
    return plain.includes('\n') && !plain.includes('\0') ? plain : null
  } catch {
    return null
  }
}

/** Time of an entry by the export's own clock. */
function timeOf(value: Members, map: FieldMap): WallStamp | null {
  for (const path of map.time) {
    const found = memberAt(value, path)
    if (typeof found !== 'string' && typeof found !== 'number') continue
    const stamp = readAnyStamp(found, map.clock)
    if (stamp !== null) return /\[UTC\]/.test(path) ? inUtc(stamp) : stamp
  }
  return null
}

/** Azure names the zone in the column's header. */
function inUtc(stamp: WallStamp): WallStamp {
  return stamp.epochUs !== null || stamp.localUs === null ? stamp : { ...stamp, epochUs: stamp.localUs, offsetMinutes: 0, zoneName: 'UTC' }
}

/** An entry as a record whose message is not unwrapped yet; `null` when it says nothing. */
export function objectRecord(
  context: FormatContext,
  line: Line,
  raw: string,
  lineCount: number,
  value: Members,
  map: FieldMap,
): LogRecord | null {
  const wall = timeOf(value, map)
  const journal = journalIn(value)
  if (journal !== null) return withPlace(journalEntry(context, line, raw, lineCount, journal, wall), value, map)
  const message = messageOf(value, map)
  return message === null ? null : recordOf(context, line, headOf(value, map, wall), message, raw, lineCount)
}

/** The fields of a journal entry inside an export (GCP's jsonPayload, fluent-bit's systemd input, Vector's journald source). */
function journalIn(value: Members): Record<string, JournalValue> | null {
  for (const candidate of [value, value['jsonPayload'], value['journald']]) {
    if (!isMembers(candidate) || candidate['MESSAGE'] === undefined) continue
    const names = ['_TRANSPORT', 'TRANSPORT', '_BOOT_ID', 'BOOT_ID', '__CURSOR', '_SYSTEMD_UNIT', 'SYSLOG_IDENTIFIER', 'SYSLOG_FACILITY']
    if (names.some((name) => candidate[name] !== undefined)) return scalarsOf(candidate)
  }
  return null
}

function scalarsOf(value: Members): Record<string, JournalValue> {
  const scalars: Record<string, JournalValue> = {}
  for (const [key, member] of Object.entries(value)) if (!isMembers(member)) scalars[key] = member as JournalValue
  return scalars
}

function withPlace(record: LogRecord, value: Members, map: FieldMap): LogRecord {
  const head = headOf(value, map, null)
  return {
    ...record,
    writer: labelledWriter(head.fields ?? {}) === null ? record.writer : boundedWriter(head.writer ?? 'unknown', record.writer),
    host: record.host ?? head.host ?? null,
    unit: record.unit ?? head.unit ?? null,
    fields: { ...head.fields, ...record.fields },
  }
}

function headOf(value: Members, map: FieldMap, wall: WallStamp | null): Head {
  const fields = fieldsOf(value, map)
  const labelled = labelledWriter(map.keepAll === true ? {} : fields)
  // A service's name beside a container's labels is no program's tag.
  const identifier = labelled === null ? identifierOf(first(value, map.identifier)) : null
  const pid = first(value, map.pid)
  return {
    width: 0,
    wall,
    identifier,
    pid: pid !== null && /^\d{1,10}$/.test(pid) ? Number(pid) : null,
    host: first(value, map.host),
    unit: labelled === null ? first(value, map.unit) : null,
    severity: severityOf(first(value, map.severity), map),
    writer: labelled ?? writerOf(first(value, map.facility), identifier),
    fields,
  }
}

function first(value: Members, paths: readonly string[] | undefined): string | null {
  for (const path of paths ?? []) {
    const found = memberAt(value, path)
    if (typeof found === 'string' && found !== '' && found !== '-') return found
    if (typeof found === 'number') return String(found)
  }
  return null
}

/** `projects/p/logs/kubelet` → `kubelet`; names of streams and of whole consoles say nothing about the speaker. */
function identifierOf(name: string | null): string | null {
  if (name === null) return null
  const last = name.includes('/logs/') ? decodeSafe(name.slice(name.lastIndexOf('/') + 1)) : name
  if (/^(?:stdout|stderr|syslog|messages|cos_system|cos_containers)$|serial|serialconsole|^events$/.test(last)) return null
  return last.replace(/\[\d+\]:?$|:$/, '').replace(/\.service$/, '')
}

function decodeSafe(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function severityOf(text: string | null, map: FieldMap): number | null {
  if (text === null) return null
  if (/^[0-7]$/.test(text)) return map.clock === 'received' ? Number(text) : null
  return syslogLevel(text.toLowerCase()) ?? severityOfLevel(text)
}

function writerOf(facility: string | null, identifier: string | null): Writer {
  if (facility !== null) return /^(?:kern|kernel|0)$/i.test(facility) ? 'kernel' : 'userspace'
  return identifier === null || identifier === 'kernel' ? 'unknown' : 'userspace'
}

/** Where it ran, under the same names whatever the service; other members only where a program logged them itself. */
function fieldsOf(value: Members, map: FieldMap): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  if (map.keepAll === true) {
    const known = new Set([...map.message, ...map.time, ...(map.severity ?? [])])
    for (const [key, member] of Object.entries(value)) {
      if (!known.has(key) && member !== null) fields[key] = typeof member === 'string' ? member : JSON.stringify(member)
    }
  }
  for (const name of ['namespace', 'pod', 'podUid', 'container', 'containerId'] as const) {
    const found = first(value, map[name])
    if (found !== null) fields[name] = found
  }
  const path = first(value, ['log.file.path', 'source', 'labels.filename', 'filename', 'file', 'path'])
  if (path !== null) for (const [name, found] of Object.entries(containerOfLogPath(path))) fields[name] ??= found
  // Docker's and Fluent's key, Loki's label, Azure's columns.
  const stream = first(value, ['stream', 'labels.stream', 'LogSource', 'LogEntrySource', 'resource.labels.stream'])
  if (stream === 'stdout' || stream === 'stderr') fields['stream'] = stream
  return Object.keys(fields).length === 0 ? noFields : fields
}
