import { test } from 'vitest'
import { expectAnswers, madeUp } from './told.ts'

/** What every rule says of an incident, and what becomes of it when one thing is otherwise: a figure lost or on the other side of a boundary, another killer, no pod. */
test.each(madeUp)('$base', expectAnswers)
