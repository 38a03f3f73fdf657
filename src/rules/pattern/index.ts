import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { PatternId } from '../../model/diagnosis.ts'
import { cascade } from './cascade.ts'
import type { Pattern } from './define-pattern.ts'
import { leak } from './leak.ts'
import { repeating } from './repeating.ts'
import { single } from './single.ts'

/** Asked in this order: what is one run is single, what has several victims is no repetition, growth says more than repetition. */
const patterns: readonly Pattern[] = [single, cascade, leak, repeating]

export const patternOf = (facts: IncidentFacts): PatternId => patterns.find((pattern) => pattern.holds(facts))?.id ?? 'single'
