import { type HeapCeiling, heapCeiling } from '../../extract/heap-flags.ts'
import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { commandWords } from './command-words.ts'
import { presentLimit } from './need.ts'

/** Names of a runtime's processes: flags speak for their own runtime only. Go and .NET programs have names of their own. */
const NAMES: Readonly<Partial<Record<HeapCeiling['runtime'], readonly string[]>>> = {
  jvm: ['java', 'jsvc'],
  node: ['node', 'MainThread', 'npm', 'yarn', 'next'],
}

/** The heap ceiling of the process that filled the limit, from its command line, its container's arguments and environment. */
export function ceilingOf(facts: IncidentFacts): HeapCeiling | null {
  const limit = presentLimit(facts)
  const words = commandWords(facts)
  if (limit === null || words === null) return null
  const found = heapCeiling(words.text, limit)
  const comm = facts.composition?.largest?.row.comm ?? facts.kill?.comm ?? null
  if (found === null || comm === null) return found
  return NAMES[found.runtime]?.some((name) => comm.startsWith(name)) === false ? null : found
}
