import { test } from 'vitest'
import { expectOfFacts, ofSamplesFacts } from './told.ts'

/** The same as of made-up incidents: what is derived from a sample, with one or two things otherwise. */
test.each(ofSamplesFacts)('$base', expectOfFacts)
