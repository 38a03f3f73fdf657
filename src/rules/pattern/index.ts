import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { PatternId } from '../../model/diagnosis.ts'
import { cascade } from './cascade.ts'
import type { Pattern } from './define-pattern.ts'
import { leak } from './leak.ts'
import { repeating } from './repeating.ts'

/** Asked in this order: what has several victims is no repetition, growth says more than repetition. One run of a killer, however many processes it took, is none of them. */
const patterns: readonly Pattern[] = [cascade, leak, repeating]

export const patternOf = (facts: IncidentFacts): PatternId => patterns.find((pattern) => pattern.holds(facts))?.id ?? 'single'
