import { binaryJournalRecord } from '../../formats/journal-record.ts'
import type { JournalEntry, JournalText } from '../../input/journal/index.ts'
import type { LogRecord } from '../../model/record.ts'

/** An entry as the record that the same entry in `journalctl -o json` makes, but for its place: a cursor, and no line. Of repeated fields the first counts. */
export function recordOfEntry(source: string, { cursor, realtimeUs, monotonicUs, bootId, fields }: JournalEntry<JournalText>): LogRecord {
  const values: Record<string, string> = {
    __CURSOR: cursor,
    __REALTIME_TIMESTAMP: String(realtimeUs),
    __MONOTONIC_TIMESTAMP: String(monotonicUs),
    _BOOT_ID: bootId,
  }
  let message: string | null = null
  for (const [name, value] of fields) {
    if (name === 'MESSAGE') message ??= value
    else values[name] ??= value
  }
  return binaryJournalRecord(source, cursor, values, message ?? '')
}
