import type { LogRecord } from '../model/record.ts'
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_OPEN, RECORD_SEPARATOR } from '../units/characters.ts'
import type { FormatContext, Line, LineDecoder } from './define-format.ts'
import { type JsonEntry, openJsonStream } from './json-stream.ts'

/** Makes records of one parsed entry. `at` is the physical line that a record with this message stands on. */
export type EntryReader = (value: unknown, entry: JsonEntry, at: (message: string) => PlacedLine) => readonly LogRecord[]

/** A line and the text that is quoted for it. */
export interface PlacedLine {
  readonly line: Line
  readonly raw: string
}

/** Decoder of JSON documents that span lines. */
export function jsonEntriesDecoder(_context: FormatContext, read: EntryReader): LineDecoder {
  let pending: Parameters<LineDecoder['flush']>[0] | null = null
  const stream = openJsonStream((entry) => {
    const value = parse(entry.text)
    if (value === undefined) return
    for (const record of read(value, entry, (message) => placeOf(entry, message))) pending?.(record)
  })
  return {
    push(line, emit) {
      const text = line.text.trimStart()
      if (text === '' || text === ',') return true
      const first = text.charCodeAt(0)
      pending = emit
      if (stream.inside || first === BRACE_OPEN || first === BRACKET_OPEN || first === RECORD_SEPARATOR) {
        stream.push(line)
        return true
      }
      // The front of the text was cut off: the first whole entry begins after `},`.
      const next = first === BRACE_CLOSE ? text.indexOf('{') : -1
      if (next !== -1) stream.push({ ...line, text: text.slice(next) })
      return next !== -1 || /^[\]}"]/.test(text)
    },
    flush: () => {},
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In pretty JSON the line that holds the message; in compact JSON the entry itself, since its line may hold thousands. */
function placeOf(entry: JsonEntry, message: string): PlacedLine {
  const first = entry.lines[0] as Line
  if (entry.lines.length === 1) return { line: first, raw: entry.text.length === first.text.length ? first.text : entry.text }
  const needle = JSON.stringify(message)
    .slice(1, 41)
    .replace(/\\$|"$/, '')
  const holding = needle === '' ? undefined : entry.lines.find((line) => line.text.includes(needle))
  const line = holding ?? first
  return { line, raw: line.text }
}
