import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { sumOf } from '../../kernel/sums.ts'
import type { TaskRow } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'
import { largestFirst } from '../../units/extremes.ts'

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
  const [largest] = largestFirst(rows, sizeOf)
  if (largest === undefined || shmem <= 0) return null
  const mapped = sizeOf(largest)
  const fellows = rows.filter((row) => row.comm === largest.comm && sizeOf(row) >= mapped * 0.5)
  const sum = sumOf(fellows.map(sizeOf)) - (largest.rssShmemBytes === null ? anon : 0)
  const inParts = mapped >= shmem * 0.2 && sum >= shmem * 4
  if ((mapped < shmem * 0.5 && !inParts) || mapped > shmem * 1.2 || fellows.length < 3) return null
  const tablesBytes = sumOf(fellows.map((row) => row.pgtablesBytes))
  return {
    comm: largest.comm,
    processes: fellows.length,
    segmentBytes: mapped >= shmem * 0.5 ? mapped : shmem,
    tablesBytes,
    quote: largest.quote,
  }
}
