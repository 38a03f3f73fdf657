import { bytes, code, count, say, seconds } from '../../text/say.ts'
import { defineRule } from '../define-rule.ts'
import { evidence, killLines } from '../evidence.ts'
import { leak } from '../pattern/leak.ts'
import { type Recurrence, recurrenceOf } from '../pattern/recurrence.ts'
import { leakByCurve, lowLimitByCurve, spikeByCurve } from './curve.ts'

/** Growth from kill to kill, or equal lifetimes under equal limits. Low from dumps alone (§7.2), medium when the sizes grow. */
export const memoryLeak = defineRule({
  question: 'rootCause',
  id: 'memory-leak',
  title: 'A memory leak',
  needs: ['kill'],
  weight: 67,
  evaluate(facts) {
    if (facts.kill.killer !== 'kernel') return null
    const curve = leakByCurve(facts)
    if (curve !== null) return curve
    if (lowLimitByCurve(facts) !== null || spikeByCurve(facts) !== null) return null
    const found = recurrenceOf(facts)
    if (found === null) return null
    const { deaths, sizes } = found
    const quotes = evidence(...deaths.slice(0, 5).map((death) => death.evidence.slice(0, 1)), killLines(facts, 1))
    if (leak.holds(facts)) {
      return {
        confidence: 'medium',
        statement: say`${code(facts.kill.comm ?? 'The process')} fills whatever it is given: at ${count(deaths.length)} kills it held ${bytes(sizes[0] ?? 0)} at first and ${bytes(sizes.at(-1) ?? 0)} at last.`,
        evidence: quotes,
        against: null,
      }
    }
    const life = slowLives(found)
    if (life !== null && facts.memcgLimit?.reached !== false && facts.scope === 'memcg')
      return {
        confidence: 'medium',
        statement: say`${code(facts.kill.comm ?? 'The process')} takes ${seconds(life.least)} to ${seconds(life.most)} to fill the same limit, ${count(deaths.length)} times in a row: slow growth in each of its lives is a leak until usage over time shows something else.`,
        evidence: quotes,
        against: null,
      }
    const gap = found.gaps.length < 3 ? null : found.every
    if (gap === null) return null
    return {
      confidence: 'low',
      statement: say`The ${count(deaths.length)} kills follow each other every ${seconds(Math.round(gap))}: memory that grows at a steady pace looks like that.`,
      evidence: quotes,
      against: say`Work that repeats looks the same; only usage over time tells.`,
    }
  },
  recommend: (facts) => [
    {
      text: say`Take heap profiles of ${code(facts.kill.comm ?? 'the process')} at two moments of one run, and compare what grew up to ${bytes((facts.kill?.anonRssBytes ?? 0) + (facts.kill?.swapBytes ?? 0))}.`,
      why: say`A leak fills any limit: raising it only sets the time of the next kill.`,
      command: null,
      when: 'find',
    },
  ],
})

/** Peaks and low limits kill within minutes of a start; what needs an hour or more each time, and about as long each time, grows. */
function slowLives({ gaps, deaths, lives }: Recurrence): { least: number; most: number } | null {
  // A container is started again within minutes: the time since the death before is about its life.
  const known = lives.length === deaths.length ? lives : gaps.filter((gap) => gap !== null)
  if (deaths.length < 3 || known.length < deaths.length - 1) return null
  const [least, most] = [Math.min(...known), Math.max(...known)]
  return least >= 3600 && most <= 2 * least ? { least: Math.round(least), most: Math.round(most) } : null
}
