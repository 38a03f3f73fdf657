import { bytes, code, count, say, seconds } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import type { IncidentFacts } from '../facts.ts'
import { leak } from '../pattern/leak.ts'
import { runsOf, sizeAtDeath } from '../pattern/runs.ts'

/** Growth from kill to kill, or equal lifetimes under equal limits. Low from dumps alone (§7.2), medium when the sizes grow. */
export const memoryLeak = defineRule({
  question: 'rootCause',
  id: 'memory-leak',
  title: 'A memory leak',
  needs: ['kill'],
  weight: 67,
  evaluate(facts) {
    if (facts.kill.killer !== 'kernel') return null
    const runs = runsOf(facts)
    const quotes = evidence(...runs.slice(0, 5).map((run) => run.evidence.slice(0, 1)), killLines(facts, 1))
    if (leak.holds(facts)) {
      const first = sizeAtDeath(runs[0] ?? facts.kill)
      const last = sizeAtDeath(runs.at(-1) ?? facts.kill)
      return {
        confidence: 'medium',
        statement: say`${code(facts.kill.comm ?? 'The process')} fills whatever it is given: at ${count(runs.length)} kills it held ${bytes(first ?? 0)} at first and ${bytes(last ?? 0)} at last.`,
        evidence: quotes,
        against: null,
      }
    }
    const gap = evenGap(facts)
    if (gap === null) return null
    return {
      confidence: 'low',
      statement: say`The ${count(runs.length)} kills follow each other every ${seconds(Math.round(gap))}: memory that grows at a steady pace looks like that.`,
      evidence: quotes,
      against: say`Work that repeats looks the same; only usage over time tells.`,
    }
  },
  recommend: (facts) => [
    {
      text: say`Take heap profiles of ${code(facts.kill.comm ?? 'the process')} at two moments of one run, and compare what grew up to ${bytes(sizeAtDeath(facts.kill) ?? 0)}.`,
      why: say`A leak fills any limit: raising it only sets the time of the next kill.`,
      command: null,
      when: 'find',
    },
  ],
})

/** Mean seconds between kills when they vary by less than 15 %, from three gaps on. */
function evenGap(facts: IncidentFacts): number | null {
  const times = runsOf(facts).map((run) => run.at.epochUs ?? (run.at.uptimeSeconds === null ? null : run.at.uptimeSeconds * 1_000_000))
  const gaps = times.slice(1).map((time, i) => (time === null || times[i] == null ? Number.NaN : (time - (times[i] ?? 0)) / 1_000_000))
  if (gaps.length < 3 || gaps.some((gap) => !(gap > 0))) return null
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
  return spread / mean < 0.15 ? mean : null
}
