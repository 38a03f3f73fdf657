import type { Extractor, ExtractorSession, ExtractSink } from '../extract/define-extractor.ts'
import type { LogRecord } from '../model/record.ts'

/** The sessions of all extractors over one source. */
export interface Dispatch {
  push(record: LogRecord, sink: ExtractSink): void
  hungry(): boolean
  end(sink: ExtractSink): void
}

/**
 * Shows a record to those who may want it. Most records of a kernel log hold no literal but those of the extractor that reads them all: one search
 * for the literals of all others spares each of them its own.
 */
export function openDispatch(extractors: readonly Extractor[], source: string): Dispatch {
  const opened = extractors.map((extractor) => ({ session: extractor.open(source), readsAll: extractor.readsAll === true }))
  const sessions = opened.map(({ session }) => session)
  const eager = opened.filter(({ readsAll }) => readsAll).map(({ session }) => session)
  const appetites = sessions.filter(mayHunger)
  const search = searchFor(extractors)
  return {
    push(record, sink) {
      if (holds(search, record)) {
        for (const session of sessions) session.push(record, sink)
        return
      }
      for (const session of eager) session.push(record, sink)
      for (const session of appetites) if (session.hungry && !eager.includes(session)) session.push(record, sink)
    },
    hungry: () => appetites.some((session) => session.hungry),
    end(sink) {
      for (const session of sessions) session.end(sink)
    },
  }
}

/** Most can never be hungry: theirs is a plain `false`, not a getter. */
function mayHunger(session: ExtractorSession): boolean {
  return Object.getOwnPropertyDescriptor(session, 'hungry')?.get !== undefined || session.hungry
}

const searches = new WeakMap<readonly Extractor[], RegExp>()

function searchFor(extractors: readonly Extractor[]): RegExp {
  const known = searches.get(extractors)
  if (known !== undefined) return known
  const literals = new Set(extractors.filter(({ readsAll }) => readsAll !== true).flatMap((extractor) => extractor.literals))
  const pattern = [...literals].map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  const search = new RegExp(pattern === '' ? '(?!)' : pattern)
  searches.set(extractors, search)
  return search
}

/** A message is mostly the end of its line: then one look is enough. */
function holds(search: RegExp, { raw, message }: LogRecord): boolean {
  return search.test(raw) || (!raw.endsWith(message) && search.test(message))
}
