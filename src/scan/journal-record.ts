import type { JournalValue } from '../formats/journal-fields.ts'
import { journalRecord } from '../formats/journal-record.ts'
import type { JournalEntry } from '../input/journal/index.ts'
import type { LogRecord } from '../model/record.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** An entry as the record that the same entry in `journalctl -o json` makes, but for its place: a cursor, and no line. */
export function recordOfEntry(source: string, { cursor, realtimeUs, monotonicUs, bootId, fields }: JournalEntry): LogRecord {
  const values: Record<string, JournalValue> = {
    __CURSOR: cursor,
    __REALTIME_TIMESTAMP: String(realtimeUs),
    __MONOTONIC_TIMESTAMP: String(monotonicUs),
    _BOOT_ID: bootId,
  }
  for (const [name, value] of fields) values[name] ??= utf8.decode(value)
  const message = String(values['MESSAGE'] ?? '')
  const line = { text: message, number: 1, offset: 0 }
  const record = journalRecord({ source, fileName: '', host: null }, line, message, 1, values)
  return { ...record, origin: { source, line: null, offset: null, cursor } }
}
