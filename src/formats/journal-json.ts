import { BRACE_OPEN, RECORD_SEPARATOR } from '../units/characters.ts'
import { trimmed } from './damage/trimmed.ts'
import type { FormatContext, LineDecoder, LineFormat } from './define-format.ts'
import type { JournalValue } from './journal-fields.ts'
import { journalRecord } from './journal-record.ts'
import { judge } from './sniffing.ts'

/** `data: {…}` is json-sse, a leading RS (0x1e) is json-seq. */
function objectStart(text: string): number {
  const first = text.charCodeAt(0)
  if (first === BRACE_OPEN) return 0
  if (first === RECORD_SEPARATOR) return 1
  return text.startsWith('data: {') ? 6 : -1
}

/** One entry a line: an object with the journal's own time fields, or at least with its names. */
function begins(text: string): boolean {
  const at = objectStart(text)
  if (at === -1 || text.charCodeAt(at) !== BRACE_OPEN) return false
  return (
    text.includes('"__REALTIME_TIMESTAMP"') ||
    (text.includes('"MESSAGE"') && text.includes('"_TRANSPORT"') && !text.includes('"jsonPayload"'))
  )
}

export const journalJson: LineFormat = {
  id: 'journal-json',
  title: 'journal as JSON, an entry a line',
  writtenBy: 'journalctl -o json, json-sse, json-seq',
  seen: 'real',
  framing: 'lines',
  sniff: (head) => judge(head, begins),
  decoder: journalJsonDecoder,
}

function journalJsonDecoder(context: FormatContext): LineDecoder {
  return {
    push(line, emit) {
      const text = trimmed(line.text)
      const at = objectStart(text)
      if (at === -1) return text === ''
      const values = entryOf(at === 0 ? text : text.slice(at))
      if (values === null) return false
      emit(journalRecord(context, line, line.text, 1, values))
      return true
    },
    flush: () => {},
  }
}

/** Parses one entry; `null` when it is broken (a cut line) or no journal entry. */
function entryOf(text: string): Record<string, JournalValue> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return 'MESSAGE' in value || '__CURSOR' in value ? (value as Record<string, JournalValue>) : null
  } catch {
    return null
  }
}
