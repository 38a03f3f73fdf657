import type { IncidentFacts } from '../facts/incident-facts.ts'
import type { Answer, AnswerIds, Missing, Phrase, Question, Recommendation } from '../model/diagnosis.ts'

export type FactName = keyof IncidentFacts
/** The facts with those a rule needs known to be there. */
export type FactsOf<Need extends FactName> = IncidentFacts & { readonly [K in Need]: NonNullable<IncidentFacts[K]> }

/**
 * One answer to one question. All rules of a question run; the most confident answer wins, then the more specific (`weight`);
 * the losers stay as alternatives. A rule whose needs are absent yields its `settledBy` entry for `missing`, never silence.
 */
export interface Rule<Q extends Question = Question, Need extends FactName = FactName> {
  readonly question: Q
  readonly id: AnswerIds[Q]
  readonly title: string
  readonly needs: readonly Need[]
  /** Breaks ties at equal confidence: the more specific answer has the higher number (0–100). */
  readonly weight: number
  evaluate(facts: FactsOf<Need>): Omit<Answer<AnswerIds[Q]>, 'id'> | null
  /** Asked only when this answer won. */
  recommend?(facts: FactsOf<Need>): readonly Recommendation[]
  /** What would settle it, when the needs are absent or the confidence stays below high. */
  settledBy?(facts: IncidentFacts): readonly Missing[]
  /** What speaks for it where another answer won, if its own statement reads as a verdict. Asked only when it lost. */
  alternative?(facts: FactsOf<Need>): Phrase
  /** Why it is not the answer after all, for the alternatives. */
  readonly doubt?: Phrase
}

export function defineRule<Q extends Question, Need extends FactName = never>(rule: Rule<Q, Need>): Rule<Q, Need> {
  return rule
}
