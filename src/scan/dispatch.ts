import type { Extractor, ExtractorSession, ExtractSink } from '../extract/define-extractor.ts'
import type { LogRecord } from '../model/record.ts'
import { reasonOf, warning } from '../warnings.ts'
import { formsOf, heldByOthers, literalsOf } from './line-choice.ts'
import type { FoundOwners, Owned } from './search/literals.ts'
import { readyFor } from './search/ready-literals.ts'

/** The sessions of all extractors over one source. */
export interface Dispatch {
  /** The extractor whose turn it is. */
  readonly turn: number
  /** `found`: the literals in `record.raw` by their indexes in `literalsOf`, as far as they are not sampled; `null`: not known. */
  push(record: LogRecord, sink: ExtractSink, found?: readonly number[] | null): void
  wantsNext(): boolean
  end(sink: ExtractSink): void
}

/**
 * Shows a record to those who may want it: who reads all, who is wantsNext, and who has a literal in it. What the search of the source has found is used
 * where it is known; else one search for all literals at once spares each extractor its own.
 */
export function openDispatch(
  extractors: readonly Extractor[],
  source: string,
  isShown: (extractor: Extractor) => boolean = () => true,
): Dispatch {
  const sessions = extractors.map((extractor) => extractor.open(source))
  const shown = extractors.map(isShown)
  const readsAll = extractors.map((extractor, index) => extractor.readsAll === true && shown[index] === true)
  const askers = sessions.flatMap((session, index) => (shown[index] === true && mayWantNext(session) ? [{ session, index }] : []))
  let turn = 0
  // Who is shown everything anyway need not be asked for each record.
  const shownSome = askers.filter(({ index }) => readsAll[index] !== true)
  const search = searchOf(extractors)
  const wanted = new Uint8Array(sessions.length)
  const told = new Set<number>()
  /** An extractor that throws loses what it held, and says so once; the others read on. */
  const failed = (index: number, line: number | null, sink: ExtractSink, error: unknown): void => {
    const extractor = extractors[index]
    if (extractor === undefined || told.has(index)) return
    told.add(index)
    sink.warn(warning('reader-failed', source, line, { reader: extractor.id, reason: reasonOf(error) }))
  }
  return {
    get turn() {
      return turn
    },
    push(record, sink, found = null) {
      search(record, found, wanted)
      for (const { session, index } of shownSome) if (session.wantsNext) wanted[index] = 1
      for (let index = 0; index < sessions.length; index += 1) {
        if (wanted[index] === 0 && readsAll[index] !== true) continue
        wanted[index] = 0
        if (shown[index] !== true) continue
        turn = index
        try {
          sessions[index]?.push(record, sink)
        } catch (error) {
          failed(index, record.origin.line, sink, error)
        }
      }
    },
    wantsNext() {
      for (const { session } of askers) if (session.wantsNext) return true
      return false
    },
    end(sink) {
      sessions.forEach((session, index) => {
        if (shown[index] !== true) return
        turn = index
        try {
          session.end(sink)
        } catch (error) {
          failed(index, null, sink, error)
        }
      })
    },
  }
}

/** Most can never be wantsNext: theirs is a plain `false`, not a getter. */
function mayWantNext(session: ExtractorSession): boolean {
  return Object.getOwnPropertyDescriptor(session, 'wantsNext')?.get !== undefined || session.wantsNext
}

/** Marks the extractors that have a literal in the record, and perhaps some whose literal is like one that is. */
type Search = (record: LogRecord, found: readonly number[] | null, wanted: Uint8Array) => void

const searches = new WeakMap<readonly Extractor[], Search>()

function searchOf(extractors: readonly Extractor[]): Search {
  const known = searches.get(extractors)
  if (known !== undefined) return known
  let opened: ReturnType<typeof openLook> | null = null
  /** Made when it is first wanted: in most sources the search has told what is found. */
  const look: ReturnType<typeof openLook> = (text, wanted) => {
    opened ??= openLook(extractors)
    opened(text, wanted)
  }
  const { owners, unfound } = readyFor(extractors)?.owners ?? foundOwners(extractors)
  const search: Search = ({ raw, message }, found, wanted) => {
    if (found === null) look(raw, wanted)
    else {
      for (const literal of found) for (const index of owners[literal] ?? []) wanted[index] = 1
      for (const { literal, index } of unfound) if (raw.includes(literal)) wanted[index] = 1
    }
    // A message is mostly the end of its line: then one look is enough.
    if (!(raw.endsWith(message) || (found !== null && standsIn(message, raw)))) look(message, wanted)
  }
  searches.set(extractors, search)
  return search
}

/** Longer lines hold many records each: they are not written anew for each of them. */
const UNQUOTED_LENGTH = 16_384

/** A message stands in its line as it is, or with its quotes escaped: literals are searched in both forms, so what it holds was found in the line. */
function standsIn(message: string, raw: string): boolean {
  if (raw.includes(message)) return true
  return raw.length <= UNQUOTED_LENGTH && message.includes('"') && raw.replaceAll('\\"', '"').includes(message)
}

/** Looks for all literals in a text. */
function openLook(extractors: readonly Extractor[]): (text: string, wanted: Uint8Array) => void {
  const owners = ownersOf(extractors)
  const pattern = [...owners.keys()].map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')
  const finder = new RegExp(pattern === '' ? '(?!)' : pattern, 'g')
  return (text, wanted) => {
    finder.lastIndex = 0
    for (let found = finder.exec(text); found !== null; found = finder.exec(text)) {
      for (const index of owners.get(found[0]) ?? []) wanted[index] = 1
      // Literals may overlap.
      finder.lastIndex = found.index + 1
    }
  }
}

/** The literals of those extractors that do not read all anyway. */
function literalsOfSome(extractors: readonly Extractor[]): Owned[] {
  return extractors.flatMap(({ literals, readsAll }, index) => (readsAll === true ? [] : literals.map((literal) => ({ literal, index }))))
}

/** The extractors that a literal may be meant for: its own, and those of literals that begin with it or that it begins with, as one place yields one. */
function ownersOf(extractors: readonly Extractor[]): Map<string, readonly number[]> {
  const shownSome = literalsOfSome(extractors)
  return new Map(
    shownSome.map(({ literal }) => {
      const alike = shownSome.filter((other) => other.literal.startsWith(literal) || literal.startsWith(other.literal))
      return [literal, [...new Set(alike.map(({ index }) => index))]]
    }),
  )
}

/** The same for what a source is searched for, each literal for those that hold it; and the literals that the search does not tell of. */
export function foundOwners(extractors: readonly Extractor[]): FoundOwners {
  const { all, sampledFrom } = literalsOf(extractors)
  const shownSome = literalsOfSome(extractors)
  const places = new Map(all.slice(0, sampledFrom).map((literal, at) => [literal, at]))
  const held = heldByOthers([...new Set([...places.keys(), ...shownSome.flatMap(({ literal }) => formsOf(literal))])])
  // No literal that is searched holds another one: each is found itself, or those that stand in it are.
  const within = (form: string): readonly number[] => {
    const own = places.get(form)
    return own === undefined ? held.flatMap((other) => (form.includes(other) ? (places.get(other) ?? []) : [])) : [own]
  }
  const owners: number[][] = all.map(() => [])
  const unfound: Owned[] = []
  for (const { literal, index } of shownSome) {
    const found = formsOf(literal).flatMap(within)
    if (found.length === 0) unfound.push({ literal, index })
    for (const at of found) if (!owners[at]?.includes(index)) owners[at]?.push(index)
  }
  return { owners, unfound }
}
