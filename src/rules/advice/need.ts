import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { OomDump } from '../../model/oom-dump.ts'
import { runsOf } from '../pattern/runs.ts'

/** What was held when it came to the kill. */
export interface Need {
  /** With swap; page tables are charged to the group since 4.x and so part of its usage. */
  readonly bytes: number
  readonly swapBytes: number
  /** At a group's limit the usage is cut off: the need is at least this. */
  readonly floor: boolean
}

/** The limit in force at the last kill: it may have been raised between two. */
export function presentLimit(facts: IncidentFacts): number | null {
  const last = runsOf(facts)
    .map((run) => limitIn(run.dump))
    .filter((limit) => limit !== null)
    .at(-1)
  return last ?? facts.memcgLimit?.limitBytes ?? facts.container?.limitBytes?.value ?? null
}

/** Limits of successive kills, none below the one before: it was raised twice or more, and was filled again each time. */
export function raisedAlready(facts: IncidentFacts): { readonly from: number; readonly times: number } | null {
  const limits = runsOf(facts).flatMap(({ dump }) => limitIn(dump) ?? [])
  const [from = 0, last = 0] = [limits[0], limits.at(-1)]
  const steps = limits.slice(1).map((limit, at) => limit - (limits[at] ?? 0))
  const times = steps.filter((step) => step > 0).length
  return times > 1 && last >= from * 1.25 && steps.every((step) => step >= 0) ? { from, times } : null
}

const limitIn = (dump: OomDump | null): number | null => {
  const limit = dump?.scope === 'memcg' ? (dump.memory?.limitBytes ?? null) : null
  return limit !== null && limit > 0 ? limit : null
}

/** What the group that reached its limit held: the largest of all kills, RAM and swap together. `null` without a limit of its own. */
export function groupNeed(facts: IncidentFacts): Need | null {
  const dumps = runsOf(facts).flatMap((run) => (run.dump?.scope === 'memcg' ? [run.dump] : []))
  const needs = dumps.map((dump) => {
    const swapBytes = swapIn(dump)
    return { bytes: Math.max(dump.memory?.usageBytes ?? 0, limitIn(dump) ?? 0) + swapBytes, swapBytes, floor: true }
  })
  const most = needs.reduce<Need | null>((best, next) => (best === null || next.bytes > best.bytes ? next : best), null)
  const limit = presentLimit(facts)
  if (most !== null && most.bytes > 0) return most
  return limit === null ? null : { bytes: limit, swapBytes: 0, floor: true }
}

/** Swap of the group: its own counter on cgroup v2, the combined one less memory on v1, else what its tasks say. */
function swapIn(dump: OomDump): number {
  if (dump.swap !== null) return dump.swap.usageBytes
  if (dump.memorySwap !== null && dump.memory !== null) return Math.max(0, dump.memorySwap.usageBytes - dump.memory.usageBytes)
  return dump.tasks.reduce((sum, row) => sum + (row.swapBytes ?? 0), 0)
}

/** What one process held with its swap and page tables, in a shortage that was not its own limit. */
export function processNeed(facts: IncidentFacts): Need | null {
  const victim = facts.scores?.victim?.row ?? null
  const kill = facts.kill
  const own = kill?.anonRssBytes ?? facts.composition?.largest?.bytes ?? null
  if (own === null) return null
  const swapBytes = kill?.swapBytes ?? victim?.swapBytes ?? 0
  return { bytes: own + (kill?.shmemRssBytes ?? 0) + (kill?.pgtablesBytes ?? 0) + swapBytes, swapBytes, floor: false }
}
