import type { SetAside } from '../../model/sighting.ts'
import { count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/** Reports of this program among the inputs: what they quote is read where it came from, if that is there, too. */
export const ownReport: FindingRule = ({ timeline }) => {
  const bySource = new Map<string, SetAside[]>()
  for (const one of timeline.setAside ?? []) bySource.set(one.first.source, [...(bySource.get(one.first.source) ?? []), one])
  return [...bySource.values()].map((spans) => {
    const lines = spans.reduce((sum, span) => sum + span.lines, 0)
    const proofs = new Set(spans.flatMap((span) => span.sightings.map(({ quote }) => quote.line))).size
    return {
      id: 'own-report',
      statement: say`A report that ${'oom-report'} itself wrote is among the inputs${lines === 0 ? say`` : say` (${count(lines)} lines)`} and was set aside${proofs === 0 ? say`` : say`, ${count(proofs)} lines in it that quote a kill included`}: a report is no log, and the log that it was made from tells more.`,
      workload: null,
      evidence: evidence(spans.slice(0, 4).map(({ first }) => first)),
    }
  })
}
