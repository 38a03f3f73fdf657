import type { LineFormat } from './define-format.ts'
import { type JournalValue, journalText } from './journal-fields.ts'
import { journalRecord } from './journal-record.ts'
import { jsonEntriesDecoder } from './json-entries.ts'

const member = /^\t"(?:__CURSOR|__REALTIME_TIMESTAMP|_BOOT_ID|_TRANSPORT|MESSAGE)" ?: /

export const journalJsonPretty: LineFormat = {
  id: 'journal-json-pretty',
  title: 'journal as JSON over several lines',
  writtenBy: 'journalctl -o json-pretty',
  seen: 'real',
  framing: 'all',
  sniff: (head) => (head.filter((text) => member.test(text)).length >= 2 ? 'strong' : 'none'),
  decoder: (context) =>
    jsonEntriesDecoder(context, (value, _entry, at) => {
      const values = value as Record<string, JournalValue>
      if (!('MESSAGE' in values)) return []
      const { line, raw } = at(journalText(values['MESSAGE']) ?? '')
      return [journalRecord(context, line, raw, 1, values)]
    }),
}
