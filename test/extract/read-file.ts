import { readFileSync } from 'node:fs'
import { extractors } from '../../src/extract/index.ts'
import { detectFormat, unwrap } from '../../src/formats/index.ts'
import type { Event } from '../../src/model/event.ts'
import type { LogRecord } from '../../src/model/record.ts'

/** A file's records, taken out of their wrappings as the scanner does, each line decoded. */
function recordsIn(path: string): LogRecord[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  const decoder = detectFormat(lines.slice(0, 64)).decoder({ source: path, host: null })
  const records: LogRecord[] = []
  const emit = (record: LogRecord): void => void records.push(unwrap(record))
  for (const [index, text] of lines.entries()) decoder.push({ text, number: index + 1, offset: 0 }, emit)
  decoder.flush(emit)
  return records
}

/** What all extractors together read in a file. */
export function eventsIn(path: string): Event[] {
  const events: Event[] = []
  const sink = { event: (event: Event) => void events.push(event), anchor() {}, snapshot() {}, warn() {} }
  const sessions = extractors.map((extractor) => extractor.open(path))
  const literals = [...new Set(extractors.flatMap((extractor) => extractor.literals))]
  for (const record of recordsIn(path)) {
    const wanted =
      sessions.some(({ wantsNext }) => wantsNext) ||
      literals.some((literal) => record.raw.includes(literal) || record.message.includes(literal))
    if (wanted) for (const session of sessions) session.push(record, sink)
  }
  for (const session of sessions) session.end(sink)
  return events
}
