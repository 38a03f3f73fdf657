import type { AnyIncident, ReportEvidence } from '../../model/report.ts'
import { visibleLine } from '../../text/visible.ts'
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
  readonly line: Rich
}

/** Numbers each quoted line of an incident once, in the order in which its statements come. */
export interface EvidenceBook {
  refs(evidence: readonly ReportEvidence[]): readonly EvidenceRef[]
  all(): readonly EvidenceView[]
  /** Number of a place, for the timeline; `null` when no statement quotes it. */
  at(source: string, line: number | null): EvidenceRef | null
}

export function evidenceBook(incident: AnyIncident): EvidenceBook {
  const entries = new Map<string, { ref: EvidenceRef; quote: ReportEvidence }>()
  const places = new Map<string, EvidenceRef>()
  return {
    refs: (evidence) => {
      const found = new Map<number, EvidenceRef>()
      for (const quote of evidence) {
        const key = JSON.stringify([quote.source, quote.line, quote.offset, quote.cursor, quote.line === null ? quote.text : null])
        const n = entries.size + 1
        const entry = entries.get(key) ?? { ref: { n, anchor: `${incident.id}-e${n}` }, quote }
        entries.set(key, entry)
        if (quote.line !== null) places.set(`${quote.line} ${quote.source}`, entry.ref)
        found.set(entry.ref.n, entry.ref)
      }
      return [...found.values()].sort((a, b) => a.n - b.n)
    },
    all: () => [...entries.values()].map(({ ref, quote }) => ({ ...ref, place: placeOf(quote), line: codeOf(visibleLine(quote.text)) })),
    at: (source, line) => (line === null ? null : (places.get(`${line} ${source}`) ?? null)),
  }
}

export function placeOf(quote: Pick<ReportEvidence, 'source' | 'line'> & Partial<ReportEvidence>): Rich {
  if (quote.line !== null) return codeOf(`${quote.source}:${quote.line}`)
  const cursor = quote.cursor ?? null
  const offset = quote.offset ?? null
  const inner = cursor !== null ? 'journal entry' : offset !== null ? `byte ${offset}` : null
  return inner === null ? codeOf(quote.source) : { rich: [{ text: quote.source, code: true }, { text: ` (${inner})` }], raw: quote.source }
}
