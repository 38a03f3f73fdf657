import type { Extractor, ExtractorSession, ExtractSink } from '../extract/define-extractor.ts'
import type { LogRecord } from '../model/record.ts'

/** The sessions of all extractors over one source. */
export interface Dispatch {
  push(record: LogRecord, sink: ExtractSink): void
  hungry(): boolean
  end(sink: ExtractSink): void
}

/**
 * Shows a record to those who may want it: who reads all, who is hungry, and who has a literal in it. One search for all literals at once spares
 * each extractor its own.
 */
export function openDispatch(extractors: readonly Extractor[], source: string): Dispatch {
  const sessions = extractors.map((extractor) => extractor.open(source))
  const eager = extractors.map(({ readsAll }) => readsAll === true)
  const hungers = sessions.map(mayHunger)
  const appetites = sessions.filter((_, index) => hungers[index] === true)
  const search = searchOf(extractors)
  const wanted = new Uint8Array(sessions.length)
  return {
    push(record, sink) {
      wanted.fill(0)
      search(record, wanted)
      for (const [index, session] of sessions.entries())
        if (wanted[index] === 1 || eager[index] === true || (hungers[index] === true && session.hungry)) session.push(record, sink)
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

/** Marks the extractors that have a literal in the record, and perhaps some whose literal begins like one that is. */
type Search = (record: LogRecord, wanted: Uint8Array) => void

const searches = new WeakMap<readonly Extractor[], Search>()

function searchOf(extractors: readonly Extractor[]): Search {
  const known = searches.get(extractors)
  if (known !== undefined) return known
  const owners = ownersOf(extractors)
  const pattern = [...owners.keys()].map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  const finder = new RegExp(pattern === '' ? '(?!)' : pattern, 'g')
  const mark = (text: string, wanted: Uint8Array): void => {
    finder.lastIndex = 0
    for (let found = finder.exec(text); found !== null; found = finder.exec(text)) {
      for (const index of owners.get(found[0]) ?? []) wanted[index] = 1
      // Literals may overlap.
      finder.lastIndex = found.index + 1
    }
  }
  const search: Search = ({ raw, message }, wanted) => {
    mark(raw, wanted)
    // A message is mostly the end of its line: then one look is enough.
    if (!raw.endsWith(message)) mark(message, wanted)
  }
  searches.set(extractors, search)
  return search
}

/** The extractors that a literal may be meant for: its own, and those of literals that begin with it or that it begins with, as one place yields one. */
function ownersOf(extractors: readonly Extractor[]): Map<string, readonly number[]> {
  const picky = extractors.flatMap(({ literals, readsAll }, index) =>
    readsAll === true ? [] : literals.map((literal) => ({ literal, index })),
  )
  return new Map(
    picky.map(({ literal }) => {
      const alike = picky.filter((other) => other.literal.startsWith(literal) || literal.startsWith(other.literal))
      return [literal, [...new Set(alike.map(({ index }) => index))]]
    }),
  )
}
