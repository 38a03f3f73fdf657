import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { bytes, code, count, percent, say } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines, lines } from '../evidence.ts'
import { isGlobalKill, isMemcgKill } from './signs.ts'

/** Pre-forked workers whose sum is the limit: no single one is large. */
export const tooManyWorkers = defineRule({
  question: 'rootCause',
  id: 'too-many-workers',
  title: 'Too many workers',
  needs: ['composition'],
  weight: 64,
  evaluate(facts) {
    const crowd = crowdOf(facts)
    if (!(isMemcgKill(facts) || isGlobalKill(facts)) || crowd === null || crowd.count < 3 || crowd.count >= 1000) return null
    const share = crowd.bytes / facts.composition.usedBytes
    const largest = facts.composition.largest
    if (share < 0.5 || largest === null || largest.bytes > crowd.bytes * 0.5) return null
    return {
      confidence: 'medium',
      statement: say`${count(crowd.count)} processes named ${code(crowd.comm)} held ${bytes(crowd.bytes)} together (${percent(Math.min(1, share))} of what was in use), ${bytes(crowd.bytes / crowd.count)} each: their number, not one of them, fills the limit.`,
      evidence: evidence(lines(facts, 'tableHead', 'memory'), rowsOf(facts, crowd.comm), killLines(facts, 1)),
      against: null,
    }
  },
  recommend(facts) {
    const crowd = crowdOf(facts)
    const limit = facts.memcgLimit?.limitBytes ?? facts.machineAccounting?.totalBytes ?? null
    if (crowd === null || limit === null) return []
    const fit = Math.max(1, Math.floor((limit * 0.75) / (crowd.bytes / crowd.count)))
    return [
      {
        text: say`Run fewer workers of ${code(crowd.comm)}: at ${bytes(crowd.bytes / crowd.count)} each, ${fit} fit into three quarters of ${bytes(limit)}; there were ${crowd.count}.`,
        why: say`A quarter is left for the parent, the page cache and a worker's peak.`,
        command: null,
        when: 'now' as const,
      },
    ]
  },
})

/** The name that holds the most, with its processes. */
export const crowdOf = (facts: IncidentFacts) => facts.composition?.groups[0] ?? null

export function rowsOf(facts: IncidentFacts, comm: string) {
  return (
    facts.dump?.tasks
      .flatMap((row) => (row.comm === comm || (comm.endsWith('*') && row.comm.startsWith(comm.slice(0, -1))) ? [row.quote] : []))
      .slice(0, 2) ?? []
  )
}
