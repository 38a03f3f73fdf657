import { test } from 'vitest'
import { expectAnswers, ofOthers } from './told.ts'

/** As `made-up.test.ts`, of samples. */
test.each(ofOthers)('$base', expectAnswers)
