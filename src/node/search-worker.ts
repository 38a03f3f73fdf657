import { borrowNeedle } from '../scan/search/needles.ts'
import { type Plan, searchRegions } from '../scan/search/regions.ts'
import { openFileBytes } from './file-bytes.ts'
import './switches.ts'
import { assignment } from './threads.ts'

// A thread's own file: what it is to do comes with its start.
const plan = assignment<Plan>()
if (plan !== null) searchRegions(plan, openFileBytes(plan.path), borrowNeedle(plan.literals.all, null, plan.literals.sampledFrom).needle)
