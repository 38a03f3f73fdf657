import type { PatternId } from '../../model/diagnosis.ts'
import type { IncidentFacts } from '../facts.ts'

/** How an incident recurs. Patterns are asked in order; the first that holds is it. */
export interface Pattern {
  readonly id: PatternId
  holds(facts: IncidentFacts): boolean
}
