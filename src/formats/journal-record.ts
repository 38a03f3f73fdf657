import type { LogRecord } from '../model/record.ts'
import type { FormatContext, Line } from './define-format.ts'
import { type JournalValue, journalEntry, textEntry } from './journal-fields.ts'
import { unwrap } from './unwrap.ts'

/** A journal entry as a record, what is inside its message unwrapped. */
export function journalRecord(
  context: FormatContext,
  line: Line,
  raw: string,
  lineCount: number,
  values: Readonly<Record<string, JournalValue>>,
): LogRecord {
  return unwrap(journalEntry(context, line, raw, lineCount, values))
}

/** The same of an entry of a binary journal, whose place is told by its cursor. */
export function binaryJournalRecord(source: string, cursor: string, fields: Readonly<Record<string, string>>, message: string): LogRecord {
  const line = { text: message, number: 1, offset: 0 }
  const record = unwrap(textEntry({ source, host: null }, line, message, 1, fields, message))
  return { ...record, origin: { source, line: null, offset: null, cursor } }
}
