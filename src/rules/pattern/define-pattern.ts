import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { PatternId } from '../../model/diagnosis.ts'

/** How an incident recurs. Patterns are asked in order; the first that holds is it. */
export interface Pattern {
  readonly id: PatternId
  holds(facts: IncidentFacts): boolean
}
