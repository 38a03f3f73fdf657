import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { TaskRow } from '../../model/oom-dump.ts'
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

/**
 * What processes map of the shared memory must be most of it: else it is files in memory that nobody maps. Where each has touched a part of the segment only, their sum
 * tells: memory that is counted four times over is the same memory. Before 6.8 a row has its whole RSS: what all hold of their own is no part of that.
 */
export function sharedSegment(facts: IncidentFacts): SharedSegment | null {
  const { shmem = 0, anon = 0 } = facts.composition?.classes ?? {}
  const rows = facts.dump?.tasks ?? []
  const sizeOf = (row: TaskRow): number => row.rssShmemBytes ?? row.rssBytes ?? 0
  const largest = rows.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]
  if (largest === undefined || shmem <= 0) return null
  const mapped = sizeOf(largest)
  const fellows = rows.filter((row) => row.comm === largest.comm && sizeOf(row) >= mapped * 0.5)
  const sum = fellows.reduce((all, row) => all + sizeOf(row), largest.rssShmemBytes === null ? -anon : 0)
  const inParts = mapped >= shmem * 0.2 && sum >= shmem * 4
  if ((mapped < shmem * 0.5 && !inParts) || mapped > shmem * 1.2 || fellows.length < 3) return null
  const tablesBytes = fellows.reduce((all, row) => all + (row.pgtablesBytes ?? 0), 0)
  return {
    comm: largest.comm,
    processes: fellows.length,
    segmentBytes: mapped >= shmem * 0.5 ? mapped : shmem,
    tablesBytes,
    quote: largest.quote,
  }
}
