import { test } from 'vitest'
import { expectFindings, ofTimelines } from './told.ts'

/** What is found beside incidents, and what of it when one event or document is otherwise. */
test.each(ofTimelines)('$base', expectFindings)
