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

/** Events of records shown one after the other, as the scanner does: only where a literal (or an open report) asks for it. */
export function eventsOf(extractor: Extractor, records: readonly LogRecord[]): Event[] {
  const events: Event[] = []
  const sink = { event: (event: Event) => events.push(event), anchor() {}, snapshot() {}, warn() {} }
  const session = extractor.open('test.log')
  for (const one of records) {
    if (session.wantsNext || extractor.literals.some((literal) => one.raw.includes(literal))) session.push(one, sink)
  }
  session.end(sink)
  return events
}
