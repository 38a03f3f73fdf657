import type { Event } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import type { Extractor, ExtractorSession, ExtractSink } from './define-extractor.ts'

const idle = (): void => {}

/** An extractor for a program that says all of a thing on one line: no state, never wantsNext. */
export function lineExtractor(
  id: string,
  literals: readonly string[],
  read: (record: LogRecord) => Event | null,
  lives?: Extractor['lives'],
): Extractor {
  const session: ExtractorSession = {
    push(record: LogRecord, sink: ExtractSink): void {
      const event = read(record)
      if (event !== null) sink.event(event)
    },
    wantsNext: false,
    end: idle,
  }
  return { id, literals, ...(lives === undefined ? {} : { lives }), open: () => session }
}

/** A program's line: what it looks like and what it becomes. `literal` is a plain substring of every such line, so that the regex runs rarely. */
export interface LineShape<E extends Event = Event> {
  readonly literal: string
  readonly shape: RegExp
  read(groups: Readonly<Record<string, string | undefined>>, record: LogRecord, text: string): E | null
}

/** The event of the first shape that the text has. */
export function readShapes(shapes: readonly LineShape[], text: string, record: LogRecord): Event | null {
  for (const { literal, shape, read } of shapes) {
    if (!text.includes(literal)) continue
    const found = shape.exec(text)
    if (found === null) continue
    const event = read(found.groups ?? {}, record, text)
    if (event !== null) return event
  }
  return null
}
