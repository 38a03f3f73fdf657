import type { LogRecord } from '../model/record.ts'
import type { FormatContext, Line } from './define-format.ts'
import { type JournalValue, journalEntry } from './journal-fields.ts'
import { unwrap } from './unwrap.ts'

/** A journal entry as a record, what is inside its message unwrapped. The reader of binary journals uses it too. */
export function journalRecord(
  context: FormatContext,
  line: Line,
  raw: string,
  lineCount: number,
  values: Readonly<Record<string, JournalValue>>,
): LogRecord {
  return unwrap(journalEntry(context, line, raw, lineCount, values))
}
