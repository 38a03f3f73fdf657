import type { Accounting, MemoryClassId } from '../model/figures.ts'
import type { KernelKill, OomDump, TaskRow } from '../model/oom-dump.ts'
import { sumOf } from './sums.ts'

type Class = Accounting['classes'][number]

/** `kernelName` of what stands in figures that the log does not hold: elided, filtered, cut off. It is in the class `other`, and is no answer. */
export const NOT_PRINTED = 'not in the log'

/** Names of figures that processes told where a counter is missing: the kill line's, the table's. */
const FROM_PROCESSES: ReadonlySet<string> = new Set([
  'anon-rss',
  'shmem-rss',
  'rss_anon of the table',
  'rss_shmem of the table',
  'rss of the table',
])
export const isFromProcesses = (part: Class): boolean => FROM_PROCESSES.has(part.kernelName)

/** What all that was held leaves over, by class. */
interface Rest {
  readonly classes: readonly Class[]
  readonly unaccountedBytes: number
}

/**
 * What is left of a total when the printed classes are taken off. Where every class was printed, the rest is in no counter. Where one was not, absent is not
 * zero: what the processes' own figures tell of it is taken, each no more than there is, and what then remains is unknown.
 */
export function settleRest(dump: OomDump, classes: readonly Class[], total: number, wanted: readonly MemoryClassId[]): Rest {
  const rest = total - bytesOf(classes)
  const absent = wanted.filter((id) => !classes.some((part) => part.id === id))
  if (absent.length === 0) return { classes, unaccountedBytes: rest }
  const told = toldByProcesses(dump, absent, rest)
  const left = rest - bytesOf(told)
  const unknown: Class[] = left > 0 ? [{ id: 'other', kernelName: NOT_PRINTED, bytes: left }] : []
  return { classes: [...classes, ...told, ...unknown], unaccountedBytes: Math.min(0, left) }
}

export const bytesOf = (classes: readonly Class[]): number => sumOf(classes.map((part) => part.bytes))

/** Shared memory first: the table's whole rss may hold it, the kill line tells it apart. */
function toldByProcesses(dump: OomDump, absent: readonly MemoryClassId[], rest: number): readonly Class[] {
  const classes: Class[] = []
  let left = Math.max(0, rest)
  const take = (id: MemoryClassId, found: { readonly kernelName: string; readonly bytes: number }): void => {
    if (!absent.includes(id)) return
    const bytes = Math.min(left, found.bytes)
    if (bytes <= 0) return
    left -= bytes
    classes.push({ id, kernelName: found.kernelName, bytes })
  }
  take('shmem', sharedOf(dump))
  take('anon', anonymousOf(dump, left))
  return classes
}

/** One segment may be mapped by many: the largest mapping counts once. */
function sharedOf(dump: OomDump) {
  const kills = largest(dump.kills.map((kill) => kill.shmemRssBytes))
  const rows = largest(dump.tasks.map((row) => row.rssShmemBytes))
  return kills >= rows ? { kernelName: 'shmem-rss', bytes: kills } : { kernelName: 'rss_shmem of the table', bytes: rows }
}

/**
 * Anonymous pages belong to one process each, but for what forks share: they add up. The whole rss of a table without `rss_anon` holds shared file pages
 * in every row, so its sum counts only where it is no more than there is; else the largest row alone does.
 */
function anonymousOf(dump: OomDump, most: number) {
  const killed = new Map(dump.kills.map((kill) => [kill.pid, kill]))
  const exact = dump.tasks.some((row) => row.rssAnonBytes !== null)
  const sizes = dump.tasks.map((row) => ownOf(row, killed.get(row.pid) ?? null))
  const known = new Set(dump.tasks.map((row) => row.pid))
  const others = dump.kills.filter((kill) => !known.has(kill.pid)).map((kill) => kill.anonRssBytes)
  const all = [...sizes, ...others]
  const sum = sumOf(all)
  const bytes = exact || sum <= most ? sum : largest(all)
  const kernelName = dump.tasks.length === 0 ? 'anon-rss' : exact ? 'rss_anon of the table' : 'rss of the table'
  return { kernelName, bytes }
}

const ownOf = (row: TaskRow, kill: KernelKill | null): number | null => row.rssAnonBytes ?? kill?.anonRssBytes ?? row.rssBytes

/** 0, which says nothing, where none is known. */
const largest = (sizes: readonly (number | null)[]): number => Math.max(0, ...sizes.filter((size) => size !== null))
