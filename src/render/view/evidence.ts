import type { Phrase, Question } from '../../model/diagnosis.ts'
import type { AnyIncident, ReportEvidence } from '../../model/report.ts'
import { visibleLine } from '../../text/visible.ts'
import { addAnswer, addKilled, marksIn, newProof, type Proof } from './marks.ts'
import { piecesOf } from './pieces.ts'
import type { Places } from './places.ts'
import { quotedOf } from './quoted.ts'
import { codeOf, type Rich } from './rich.ts'

export interface EvidenceRef {
  /** `[3]` without the brackets. */
  readonly n: number
  /** Id of the line's element in the page. */
  readonly anchor: string
}

export interface EvidenceView extends EvidenceRef {
  /** `kern.log:4711`, `system.journal (cursor …)`, `pods.json (byte 1234)`. */
  readonly place: Rich
  /** The line as it stands. */
  readonly line: Rich
  /** Who spoke when, as the line's front tells it; `null` where it tells nothing. */
  readonly stamp: Rich | null
  /** What was said, with the proving figures marked and long paths shortened in their middle (in the page; the full one is its title). */
  readonly message: Rich
  /** Stamp and message without the rest of a JSON record. */
  readonly told: Rich
  /** The whole line, where what is shown is not all of it. */
  readonly raw: Rich | null
}

/** The statement that rests on the quoted lines. */
export interface Claim {
  readonly question: Question
  readonly statement: Phrase | string
}

/** Numbers each quoted line of an incident once, in the order in which its statements come. */
export interface EvidenceBook {
  refs(evidence: readonly ReportEvidence[], claim?: Claim): readonly EvidenceRef[]
  /** The first of them; how many there are in all. */
  first(most: number): { readonly shown: readonly EvidenceView[]; readonly count: number }
  /** Number of a place, for the timeline; `null` when no statement quotes it. */
  at(source: string, line: number | null): EvidenceRef | null
}

interface Entry {
  readonly ref: EvidenceRef
  readonly quote: ReportEvidence
  readonly proof: Proof
}

export function evidenceBook(incident: AnyIncident, places: Places): EvidenceBook {
  const entries = new Map<string, Entry>()
  const refAt = new Map<string, EvidenceRef>()
  const entryOf = (quote: ReportEvidence): Entry => {
    const key = JSON.stringify([quote.source, quote.line, quote.offset, quote.cursor, quote.line === null ? quote.text : null])
    const n = entries.size + 1
    const entry = entries.get(key) ?? { ref: { n, anchor: `${incident.id}-e${n}` }, quote, proof: newProof() }
    entries.set(key, entry)
    if (quote.line !== null) refAt.set(`${quote.line} ${quote.source}`, entry.ref)
    return entry
  }
  return {
    refs: (evidence, claim) => {
      const found = new Map<number, EvidenceRef>()
      for (const { ref, proof } of evidence.map(entryOf)) {
        found.set(ref.n, ref)
        if (claim !== undefined) addAnswer(proof, claim.question, claim.statement, incident)
        else addKilled(proof, incident)
      }
      return [...found.values()].sort((a, b) => a.n - b.n)
    },
    first: (most) => ({
      shown: [...entries.values()].slice(0, most).map((entry) => viewOf(entry, places, incident.kernel.pageBytes ?? 4096)),
      count: entries.size,
    }),
    at: (source, line) => (line === null ? null : (refAt.get(`${line} ${source}`) ?? null)),
  }
}

type Told = Pick<EvidenceView, 'stamp' | 'message' | 'told' | 'raw'>

function viewOf({ ref, quote, proof }: Entry, places: Places, pageBytes: number): EvidenceView {
  const line = codeOf(visibleLine(quote.text))
  // Taken apart only where an output shows it: the terminal's summary has room for places only.
  let told: Told | null = null
  const parts = (): Told => {
    told ??= toldOf(quote, line, places.formatOf(quote.source), (message) => marksIn(message, proof, pageBytes))
    return told
  }
  return {
    ...ref,
    place: places.of(quote),
    line,
    get stamp() {
      return parts().stamp
    },
    get message() {
      return parts().message
    },
    get told() {
      return parts().told
    },
    get raw() {
      return parts().raw
    },
  }
}

/** A quoted line without what wraps it: a JSON record says in its message what it says. */
export const toldIn = (quote: ReportEvidence, places: Places): Rich =>
  toldOf(quote, codeOf(visibleLine(quote.text)), places.formatOf(quote.source), () => []).told

function toldOf(quote: ReportEvidence, line: Rich, format: string | null, marksOf: (message: string) => ReturnType<typeof marksIn>): Told {
  const quoted = quotedOf(quote.text, format)
  const message = visibleLine(quoted.message)
  const stamp = quoted.stamp === null ? null : visibleLine(quoted.stamp)
  const pieces = piecesOf(message, marksOf(message))
  const isAll = quoted.isWhole && pieces.every(({ full }) => full === undefined)
  return {
    stamp: stamp === null ? null : codeOf(stamp),
    message: { rich: [{ text: message, code: true, pieces }], raw: message },
    told: quoted.isWhole ? line : codeOf(stamp === null ? message : `${stamp} ${message}`),
    raw: isAll ? null : line,
  }
}
