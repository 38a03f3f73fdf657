import { readFileSync } from 'node:fs'
import type { Extractor } from '../../src/extract/define-extractor.ts'
import type { Event } from '../../src/model/event.ts'
import type { LogRecord } from '../../src/model/record.ts'

/** A record of plain text, as a format would make it. */
export function record(message: string, more: Partial<LogRecord> = {}): LogRecord {
  return {
    origin: { source: 'test.log', line: 1, offset: 0, cursor: null },
    raw: message,
    lineCount: message.split('\n').length,
    message,
    moment: { wall: null, outerWall: null, uptimeUs: null },
    writer: 'userspace',
    identifier: null,
    pid: null,
    host: null,
    bootId: null,
    unit: null,
    severity: null,
    caller: null,
    fields: {},
    ...more,
  }
}

/** Events of records shown one after the other, as the scanner does: only where a literal (or hunger) asks for it. */
export function eventsOf(extractor: Extractor, records: readonly LogRecord[]): Event[] {
  const events: Event[] = []
  const sink = { event: (event: Event) => events.push(event), anchor() {}, snapshot() {}, warn() {} }
  const session = extractor.open('test.log')
  for (const one of records) {
    if (session.hungry || extractor.literals.some((literal) => one.raw.includes(literal))) session.push(one, sink)
  }
  session.end(sink)
  return events
}

const prefix =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\S+) (?<host>\S+) (?<identifier>[^\s:[]+)(?:\[(?<pid>\d+)\])?: ?(?<message>.*)$/

/** Records of a syslog or journalctl short file, and of a file without such prefixes. Only what tests need. */
export function recordsOfText(text: string): LogRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((raw, index) => {
      const found = prefix.exec(raw)?.groups
      const origin = { source: 'test.log', line: index + 1, offset: null, cursor: null }
      if (found === undefined) return record(raw, { origin })
      return record(found['message'] ?? '', {
        raw,
        origin,
        identifier: found['identifier'] ?? null,
        host: found['host'] ?? null,
        pid: found['pid'] === undefined ? null : Number(found['pid']),
        writer: found['identifier'] === 'kernel' ? 'kernel' : 'userspace',
      })
    })
}

export const recordsOfFile = (path: string): LogRecord[] => recordsOfText(readFileSync(path, 'utf8'))

/** Records of `journalctl -o json`. */
export function recordsOfJournalJson(path: string): LogRecord[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((raw, index) => {
      const entry = JSON.parse(raw) as Record<string, string | number[] | null>
      const bytes = entry['MESSAGE'] ?? ''
      const text = (key: string): string | null => (typeof entry[key] === 'string' ? (entry[key] as string) : null)
      return record(Array.isArray(bytes) ? Buffer.from(bytes).toString('latin1') : bytes, {
        raw,
        origin: { source: 'journal.json', line: index + 1, offset: null, cursor: text('__CURSOR') },
        identifier: text('SYSLOG_IDENTIFIER'),
        host: text('_HOSTNAME'),
        unit: text('_SYSTEMD_UNIT'),
        writer: entry['_TRANSPORT'] === 'kernel' ? 'kernel' : 'userspace',
        fields: Object.fromEntries(Object.entries(entry).filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
      })
    })
}
