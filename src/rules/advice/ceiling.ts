import { type HeapCeiling, heapCeiling } from '../../extract/heap-flags.ts'
import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { commandWords } from './command-words.ts'
import { presentLimit } from './need.ts'
import { subjectOf } from './subject.ts'

/** What a flag bounds, as a sentence names it. */
interface Bounded {
  /** Names of its processes: flags speak for their own program only. Go and .NET programs have names of their own. */
  readonly names?: readonly string[]
  /** `heap`, `cache`. */
  readonly what: string
  /** The share of a limit that it may take. */
  readonly share: number
  /** What comes on top of it. */
  readonly beside: string
}

const HEAP = { what: 'heap', share: 0.75, beside: 'threads, code and buffers' }
const BOUNDED: Readonly<Record<HeapCeiling['runtime'], Bounded>> = {
  jvm: { ...HEAP, names: ['java', 'jsvc'] },
  node: { ...HEAP, names: ['node', 'MainThread', 'npm', 'yarn', 'next'] },
  // GOMEMLIMIT counts stacks and what the runtime keeps for itself, too.
  go: { what: 'Go memory', share: 0.9, beside: 'cgo, mapped files and other processes' },
  dotnet: HEAP,
  mongodb: { names: ['mongod'], what: 'cache', share: 0.6, beside: 'connections, sorts and indexes' },
  redis: { names: ['redis', 'valkey', 'keydb'], what: 'data', share: 0.65, beside: 'fragmentation, clients and what a save copies' },
  mysql: { names: ['mysqld', 'mariadbd'], what: 'buffer pool', share: 0.65, beside: 'connections, sorts and temporary tables' },
}

export interface Ceiling extends HeapCeiling, Omit<Bounded, 'names'> {}

/** What a heap that is a share of the limit is lowered to, in percent: what lies beside it grows with the limit too. */
export const sharePercent = ({ share }: Ceiling): number => Math.min(65, Math.floor(share * 100))

/** The ceiling of the process that filled the limit, from its command line, its container's arguments and environment. */
export function ceilingOf(facts: IncidentFacts): Ceiling | null {
  const limit = presentLimit(facts)
  const words = commandWords(facts)
  const subject = subjectOf(facts)
  // Several heaps: the flag is each one's, or that of the one that started the others.
  const found = limit === null || words === null || (subject?.count ?? 1) > 1 ? null : heapCeiling(words.text, limit)
  if (found === null) return null
  const { names, ...bounded } = BOUNDED[found.runtime]
  const comm = facts.composition?.largest?.row.comm ?? facts.kill?.comm ?? null
  if (comm !== null && names?.some((name) => comm.startsWith(name)) === false) return null
  return { ...found, ...bounded, share: subject?.runtime?.heapShare ?? bounded.share }
}
