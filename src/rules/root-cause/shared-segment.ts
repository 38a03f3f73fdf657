import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Quote } from '../../model/origin.ts'

/** Many processes of one name that map one shared segment: PostgreSQL's shared_buffers, Oracle's SGA, a cache of workers. */
export interface SharedSegment {
  readonly comm: string
  readonly processes: number
  readonly segmentBytes: number
  /** Page tables of all of them. */
  readonly tablesBytes: number
  readonly quote: Quote
}

/** What processes map of the shared memory must be most of it: else it is files in memory that nobody maps. */
export function sharedSegment(facts: IncidentFacts): SharedSegment | null {
  const shmem = facts.composition?.classes.shmem ?? 0
  const rows = facts.dump?.tasks ?? []
  const largest = rows.toSorted((a, b) => (b.rssShmemBytes ?? b.rssBytes ?? 0) - (a.rssShmemBytes ?? a.rssBytes ?? 0))[0]
  if (largest === undefined || shmem <= 0) return null
  const mapped = largest.rssShmemBytes ?? largest.rssBytes ?? 0
  const fellows = rows.filter((row) => row.comm === largest.comm && (row.rssShmemBytes ?? row.rssBytes ?? 0) >= mapped * 0.5)
  if (mapped < shmem * 0.5 || mapped > shmem * 1.2 || fellows.length < 3) return null
  const tablesBytes = fellows.reduce((sum, row) => sum + (row.pgtablesBytes ?? 0), 0)
  return { comm: largest.comm, processes: fellows.length, segmentBytes: mapped, tablesBytes, quote: largest.quote }
}
