import type { AnyIncident, ReportEvidence } from '../../model/report.ts'
import { visibleLine } from '../../text/visible.ts'
import { toldIn } from './evidence.ts'
import type { Places } from './places.ts'
import { type Block, plainOf, type Rich } from './rich.ts'

/** The kernel's report as it was, with the numbers of its lines; what is too long loses its middle. */
export interface ExcerptView {
  readonly source: Rich
  readonly head: Block
  readonly tail: Block | null
  readonly lineCount: number
  readonly omitted: number
}

export function excerptOf(incident: AnyIncident, places: Places, most: number): ExcerptView | null {
  const { excerpt } = incident
  if (excerpt === null || excerpt.lines.length === 0 || most <= 0) return null
  const { lines } = excerpt
  const width = String(Math.max(...lines.map(({ line }) => line ?? 0))).length
  const printed = lines.map((one) => `${one.line === null ? '' : `${String(one.line).padStart(width)}  `}${shownLine(one, places)}`)
  const cut = printed.length > most
  const head = cut ? printed.slice(0, Math.ceil(most / 2)) : printed
  const tail = cut ? printed.slice(printed.length - Math.floor(most / 2)) : []
  return {
    source: places.source(lines[0]?.source ?? ''),
    head: { block: head, language: 'text' },
    tail: tail.length === 0 ? null : { block: tail, language: 'text' },
    lineCount: head.length + tail.length,
    omitted: printed.length - head.length - tail.length + excerpt.omitted,
  }
}

/** A JSON record says in its message what it says; any other line stands as it is. */
const shownLine = (quote: ReportEvidence, places: Places): string =>
  quote.text.startsWith('{') ? plainOf(toldIn(quote, places)) : visibleLine(quote.text)
