import type { Quote } from '../model/origin.ts'
import type { ReportEvidence } from '../model/report.ts'

/** A quote as the contract shows it. */
const evidenceOf = (q: Quote): ReportEvidence => ({
  source: q.source,
  line: q.line,
  text: q.text,
  offset: q.offset,
  cursor: q.cursor,
})

/** Each place once, in the order given, at most `most`. */
export function evidenceList(quotes: readonly Quote[], most = 24): ReportEvidence[] {
  const seen = new Set<string>()
  const list: ReportEvidence[] = []
  for (const q of quotes) {
    const key = `${q.source}\n${q.line ?? q.cursor ?? q.offset}\n${q.line === null && q.cursor === null && q.offset === null ? q.text : ''}`
    if (seen.has(key)) continue
    seen.add(key)
    list.push(evidenceOf(q))
    if (list.length === most) break
  }
  // A list that was pushed to has room for seventeen, and there may be a hundred thousand.
  return list.length === most ? list : list.slice()
}
