import { code, count, say } from '../../text/say.ts'
import type { FindingRule } from './scene.ts'

/** Reports of this program among the inputs: what they quote has been read once, where it came from. */
export const ownReport: FindingRule = ({ timeline }) => {
  const bySource = new Map<string, { proofs: number; spans: string[] }>()
  for (const { source, from, to, sightings } of timeline.setAside ?? []) {
    const known = bySource.get(source) ?? { proofs: 0, spans: [] }
    known.proofs += new Set(sightings.map(({ quote }) => quote.line)).size
    known.spans.push(from === to ? `${from}` : `${from}–${to}`)
    bySource.set(source, known)
  }
  return [...bySource].map(([source, { proofs, spans }]) => ({
    id: 'own-report',
    statement: say`${code(source)} holds a report that oom-report wrote (lines ${spans.slice(0, 4).join(', ')}): it was set aside${proofs === 0 ? say`` : say`, with ${count(proofs)} lines in it that quote a kill`}. A report is no log: the log that it was made from tells more.`,
    workload: null,
    evidence: [],
  }))
}
