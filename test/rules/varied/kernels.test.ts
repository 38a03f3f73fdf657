import { test } from 'vitest'
import { expectAnswers, ofKernels } from './told.ts'

/** As `made-up.test.ts`, of samples. */
test.each(ofKernels)('$base', expectAnswers)
