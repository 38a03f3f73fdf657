import { answersOf } from '../../explain/terms.ts'
import { words as explained } from '../../explain/words.ts'
import type { IncidentView } from './incident.ts'

export interface TermView {
  readonly anchor: string
  readonly title: string
  readonly short: string
}

/** Footnotes: the answers and words that this report uses, in the order in which a reader meets them. Texts are ours. */
export function termsOf(incidents: readonly IncidentView[]): readonly TermView[] {
  const terms = new Map<string, TermView>()
  const answer = (question: string, id: string): void => {
    const found = answersOf[question]?.[id]
    if (found !== undefined && id !== 'unknown')
      terms.set(`t-${question}-${id}`, { anchor: `t-${question}-${id}`, title: found.title, short: found.short })
  }
  const word = (name: string, when = true): void => {
    const found = explained[name]
    if (when && found !== undefined) terms.set(`t-${name}`, { anchor: `t-${name}`, title: found.title, short: found.short })
  }
  for (const incident of incidents) {
    for (const { field, id } of [...incident.answers, incident.rootCause]) answer(field, id)
    answer('pattern', incident.pattern.id)
  }
  const any = (test: (incident: IncidentView) => boolean): boolean => incidents.some(test)
  word('confidence', incidents.length > 0)
  word(
    'memcg',
    any(({ particulars }) => particulars.some(({ label }) => label.includes('memcg'))),
  )
  word(
    'trigger',
    any(({ particulars }) => particulars.some(({ label }) => label === 'Request')),
  )
  for (const name of ['badness', 'oom_score_adj', 'rss'])
    word(
      name,
      any(({ consumers }) => consumers !== null),
    )
  word(
    'unaccounted',
    any(({ memory }) => memory?.rows.some(({ id }) => id === 'unaccounted') ?? false),
  )
  word(
    'watermarks',
    any(({ memory }) => (memory?.zones.length ?? 0) > 0),
  )
  word(
    'failcnt',
    any(({ particulars }) => particulars.some(({ label }) => label.includes('failcnt'))),
  )
  word(
    'qos',
    any(({ particulars }) => particulars.some(({ label }) => label.startsWith('QoS'))),
  )
  return [...terms.values()]
}

/** Answers of `unknown` have no footnote to lead to. */
export const hasTerm = (terms: readonly TermView[], anchor: string): boolean => terms.some((term) => term.anchor === anchor)
