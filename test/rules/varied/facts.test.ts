import { test } from 'vitest'
import { expectOfFacts, ofFacts } from './told.ts'

/** What is derived from an incident is taken as it is, with one figure, name or list of it otherwise; and what was measured beside it. */
test.each(ofFacts)('$base', expectOfFacts)
