import { assignment } from '../input/threads.ts'
import { borrowNeedle } from './needles.ts'
import { type Plan, searchStripes } from './stripes.ts'

// A thread's own file: what it is to do comes with its start.
const plan = assignment<Plan>()
if (plan !== null) searchStripes(plan, borrowNeedle(plan.literals.all, null, plan.literals.sampledFrom).needle)
