import { test } from 'vitest'
import { expectAnswers, ofIncidents } from './told.ts'

/** As `made-up.test.ts`, of samples. */
test.each(ofIncidents)('$base', expectAnswers)
