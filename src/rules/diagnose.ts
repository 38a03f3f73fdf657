import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Alternative, Answer, AnswerIds, Confidence, Diagnosis, Missing, Owner, Phrase, Question } from '../model/diagnosis.ts'
import type { Quote } from '../model/origin.ts'
import type { Warning } from '../model/warning.ts'
import { say } from '../text/say.ts'
import { warning } from '../warnings.ts'
import { adviseOn } from './advice/index.ts'
import { changeSaid, toldChanges } from './changes.ts'
import { impactOf } from './consequence/impact.ts'
import type { FactName, FactsOf, Rule } from './define-rule.ts'
import { withDifferences } from './differences.ts'
import { evidence } from './evidence.ts'
import { patternOf } from './pattern/index.ts'
import { recurrenceOf, recurrenceSaid } from './pattern/recurrence.ts'

/** Rules of all questions in one list: what a rule needs is checked before it is asked. */
export type AnyRule = Rule<Question, FactName>

const RANK: Readonly<Record<Confidence, number>> = { high: 3, medium: 2, low: 1 }
const MOST_ALTERNATIVES = 4

interface Verdict {
  readonly rule: AnyRule
  readonly answer: Omit<Answer, 'id'>
}

/** All rules run; per question the most confident answer wins, then the heavier. A rule that throws becomes a warning, not a dead run. */
export function diagnoseWith(facts: IncidentFacts, rules: readonly AnyRule[]): Diagnosis & { readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = []
  const guarded = <T>(rule: AnyRule, ask: () => T): T | null => {
    try {
      return ask()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      warnings.push(warning('internal-error', null, null, { rule: `${rule.question}/${rule.id}`, reason }))
      return null
    }
  }
  const verdicts = rules.flatMap((rule): readonly Verdict[] => {
    const answer = hasNeeds(rule, facts) ? guarded(rule, () => rule.evaluate(facts as FactsOf<FactName>)) : null
    return answer === null ? [] : [{ rule, answer: settle(answer) }]
  })
  const winners = {
    limit: best('limit'),
    consumer: best('consumer'),
    selection: best('selection'),
    consequence: best('consequence'),
    rootCause: best('rootCause'),
  }
  const won = Object.values(winners).filter((verdict) => verdict !== null)

  function best(question: Question): Verdict | null {
    return verdicts.filter((verdict) => verdict.rule.question === question).toSorted(byStrength)[0] ?? null
  }
  function answerOf<Q extends Question>(question: Q): Answer<AnswerIds[Q]> {
    const verdict = winners[question]
    if (verdict === null)
      return { id: 'unknown' as AnswerIds[Q], confidence: 'low', statement: say`Not in the log.`, evidence: [], against: null }
    const { said, quotes } = added(facts, verdict)
    const proof = quotes.length === 0 ? verdict.answer.evidence : evidence(verdict.answer.evidence.slice(0, 4), quotes)
    return { ...verdict.answer, statement: said, evidence: proof, id: verdict.rule.id as AnswerIds[Q] }
  }
  const recommended = [winners.rootCause, winners.selection, winners.consequence, winners.limit, winners.consumer].flatMap((verdict) =>
    verdict === null ? [] : (guarded(verdict.rule, () => verdict.rule.recommend?.(facts as FactsOf<FactName>) ?? []) ?? []),
  )
  return {
    limit: answerOf('limit'),
    consumer: answerOf('consumer'),
    selection: answerOf('selection'),
    consequence: answerOf('consequence'),
    pattern: patternOf(facts),
    rootCause: answerOf('rootCause'),
    alternatives: alternativesOf(facts, verdicts, won, guarded),
    recommendations: adviseOn(facts, recommended).map((one) => ({ owner: ownerOf(facts), ...one })),
    missing: missingOf(rules, facts, winners, guarded),
    warnings,
  }
}

/** Whose limit was hit is whose work it is, where a rule does not say otherwise. */
const ownerOf = (facts: IncidentFacts): Owner => (facts.scope === 'memcg' ? 'application' : 'platform')

/** What holds whichever rule won: how later kills differ, what had changed before, what was lost. */
function added(facts: IncidentFacts, { rule, answer }: Verdict): { readonly said: Phrase; readonly quotes: readonly Quote[] } {
  const said = answer.statement
  switch (rule.question) {
    case 'limit':
      return { said: withDifferences(facts, said), quotes: [] }
    case 'rootCause':
      return {
        said: say`${said}${recurrenceSaid(recurrenceOf(facts))}${changeSaid(facts, rule.id)}`,
        quotes: toldChanges(facts).flatMap((change) => change.quotes),
      }
    case 'consequence': {
      const impact = impactOf(facts)
      return { said: impact.reduce((all, one) => say`${all}${one.said}`, said), quotes: impact.flatMap((one) => one.quotes) }
    }
    default:
      return { said, quotes: [] }
  }
}

const hasNeeds = (rule: AnyRule, facts: IncidentFacts): boolean => rule.needs.every((need) => facts[need] !== null)

/** What has something against it is no high; what has no quoted line is no high either. */
function settle(answer: Omit<Answer, 'id'>): Omit<Answer, 'id'> {
  const doubted = answer.against !== null || answer.evidence.length === 0
  return doubted && answer.confidence === 'high' ? { ...answer, confidence: 'medium' } : answer
}

function byStrength(a: Verdict, b: Verdict): number {
  return RANK[b.answer.confidence] - RANK[a.answer.confidence] || b.rule.weight - a.rule.weight
}

/** What follows from another answer, or says nothing, is no alternative to it. */
const OWN_STEPS: ReadonlySet<string> = new Set(['unknown', 'process-killed', 'container-terminated', 'container-restarted'])

/** The losers that had something to say, root causes first. */
function alternativesOf(
  facts: IncidentFacts,
  verdicts: readonly Verdict[],
  won: readonly Verdict[],
  guarded: Guard,
): readonly Alternative[] {
  const order: readonly Question[] = ['rootCause', 'consumer', 'limit', 'selection', 'consequence']
  const losers = verdicts.filter((verdict) => !won.includes(verdict) && !OWN_STEPS.has(verdict.rule.id))
  return losers
    .toSorted((a, b) => order.indexOf(a.rule.question) - order.indexOf(b.rule.question) || byStrength(a, b))
    .slice(0, MOST_ALTERNATIVES)
    .map(({ rule, answer }) => ({
      question: rule.question,
      id: rule.id,
      why: guarded(rule, () => rule.alternative?.(facts as FactsOf<FactName>) ?? null) ?? answer.statement,
      against: answer.against ?? rule.doubt ?? weakerThan(won.find((verdict) => verdict.rule.question === rule.question) ?? null),
    }))
}

function weakerThan(winner: Verdict | null): Phrase {
  return winner === null ? say`Less speaks for it.` : say`The evidence for “${winner.rule.title}” is nearer to the kill.`
}

type Guard = <T>(rule: AnyRule, ask: () => T) => T | null

/** What would settle the answers that are not high: the winner's own words, and those of rules whose facts are absent. */
function missingOf(
  rules: readonly AnyRule[],
  facts: IncidentFacts,
  winners: Readonly<Record<Question, Verdict | null>>,
  guarded: Guard,
): readonly Missing[] {
  const wanted = rules.filter((rule) => {
    const winner = winners[rule.question]
    if (winner === null) return true
    if (winner.rule === rule) return winner.answer.confidence !== 'high'
    return winner.rule.id === 'unknown' && !hasNeeds(rule, facts)
  })
  const seen = new Set<string>()
  return wanted
    .flatMap((rule) => guarded(rule, () => rule.settledBy?.(facts) ?? []) ?? [])
    .filter((one) => {
      const key = JSON.stringify(one.text)
      return !seen.has(key) && seen.add(key) !== undefined
    })
    .slice(0, 6)
}
