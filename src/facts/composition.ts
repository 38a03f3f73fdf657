import { isFromProcesses, NOT_PRINTED } from '../kernel/unprinted.ts'
import { weighty } from '../kernel/zones.ts'
import type { Accounting, MemoryClassId, ZoneState } from '../model/figures.ts'
import type { Kill } from '../model/incident.ts'
import type { OomDump, TaskRow } from '../model/oom-dump.ts'
import { stemOf } from '../text/names.ts'
import type { Composition, Holder, NameGroup } from './incident-facts.ts'

/** Who and what held the memory of the scope that ran out: from the figures where there are any, else from the table or kill line alone. */
export function composeMemory(
  dump: OomDump | null,
  kill: Kill | null,
  accounting: Accounting | null,
  limitBytes: number | null,
): Composition | null {
  const holders = (dump?.tasks ?? []).map((row) => holderOf(row, dump, kill)).filter((holder) => holder !== null)
  const largest = largestOf(holders)
  const people = {
    largest,
    second: largestOf(holders.filter((holder) => holder !== largest && holder.row.tgid !== largest?.row.pid)),
    groups: groupsOf(holders, accounting?.classes.find((part) => part.id === 'anon')?.bytes ?? null),
    processes: holders.length,
  }
  // A zone whose own lists are empty is full of what no line tells: its size is known all the same.
  if (
    accounting?.classes.some(
      (part) => part.id !== 'free' && (part.kernelName !== NOT_PRINTED || accounting.scope === 'part') && part.bytes > 0,
    )
  ) {
    const used = accounting.totalBytes - (accounting.classes.find((part) => part.id === 'free')?.bytes ?? 0)
    return compose(accounting, used, people)
  }
  const told = kill === null ? null : byKiller(kill, people)
  if (told !== null) return told
  // Figures lost: what a process held against the limit still tells when it explains most of it.
  const own = largest?.bytes ?? kill?.anonRssBytes ?? null
  if (limitBytes === null || limitBytes <= 0 || own === null) return null
  const bytes = Math.min(own, limitBytes)
  const rest = limitBytes - bytes
  const main = { id: 'anon' as const, bytes, share: bytes / limitBytes }
  const total = { scope: 'memcg' as const, totalBytes: limitBytes, usedBytes: limitBytes, unaccountedBytes: 0, unprintedBytes: rest }
  return { ...total, classes: { anon: bytes }, main, ...people, from: 'tasks' }
}

/** A userspace killer's own figures (`mem avail:`, `VmRSS`): what its victim held of what was in use when it chose. */
function byKiller(kill: Kill, people: People): Composition | null {
  const event = kill.event?.kind === 'userspace-kill' ? kill.event : null
  if (event?.rssBytes == null || event.memTotalBytes === null || event.memAvailableBytes === null) return null
  const used = event.memTotalBytes - event.memAvailableBytes
  const bytes = Math.min(event.rssBytes, used)
  if (used <= 0 || bytes <= 0) return null
  const main = { id: 'anon' as const, bytes, share: bytes / used }
  const total = {
    scope: 'machine' as const,
    totalBytes: event.memTotalBytes,
    usedBytes: used,
    unaccountedBytes: 0,
    unprintedBytes: used - bytes,
  }
  return { ...total, classes: { anon: bytes, free: event.memAvailableBytes }, main, ...people, from: 'tasks' }
}

/**
 * A quarter of the machine and more was free, and no zone of weight below its watermarks: what the rest was used for filled nothing. Such a report was asked for
 * by hand, came from the page-fault path, wanted pages in one piece, or was of a part that no line names. CMA areas are free for few.
 */
export function hadRoom(dump: OomDump, held: Composition | null, zones: readonly ZoneState[] | null): boolean {
  if (held?.scope !== 'machine' || held.from !== 'figures') return false
  const free = (held.classes.free ?? 0) - (dump.memInfo?.counters['free_cma'] ?? 0)
  const usable = weighty((zones ?? []).filter((zone) => zone.usable))
  return free > held.totalBytes * 0.25 && usable.every((zone) => zone.exhausted !== true)
}

type People = Pick<Composition, 'largest' | 'second' | 'groups' | 'processes'>

function compose(accounting: Accounting, used: number, people: People): Composition {
  const classes: Partial<Record<MemoryClassId, number>> = {}
  const printed = accounting.classes.filter((part) => part.kernelName !== NOT_PRINTED)
  for (const part of printed) classes[part.id] = (classes[part.id] ?? 0) + part.bytes
  const unaccounted = Math.max(0, accounting.unaccountedBytes)
  const candidates = Object.entries({ ...classes, unaccounted }).filter(([id]) => id !== 'free') as [MemoryClassId, number][]
  const [id, bytes] = candidates.reduce((best, next) => (next[1] > best[1] ? next : best), ['other', 0] as [MemoryClassId, number])
  // Counters are read one after another, on many CPUs from copies: a class may pass what was in use, its share may not pass the whole.
  const held = Math.max(used, bytes)
  return {
    scope: accounting.scope,
    usedBytes: held,
    totalBytes: accounting.totalBytes,
    classes,
    main: { id, bytes, share: held > 0 ? bytes / held : 0 },
    unaccountedBytes: accounting.unaccountedBytes,
    unprintedBytes: accounting.classes.filter((part) => part.kernelName === NOT_PRINTED).reduce((sum, part) => sum + part.bytes, 0),
    ...people,
    from: printed.some((part) => part.id === id && isFromProcesses(part)) ? 'tasks' : 'figures',
  }
}

/** 6.8+ prints rss_anon; before, the kill line tells it of the victim; of the others only the whole rss is known. */
function holderOf(row: TaskRow, dump: OomDump | null, kill: Kill | null): Holder | null {
  const swapBytes = row.swapBytes ?? 0
  if (row.rssAnonBytes !== null) return { row, bytes: row.rssAnonBytes, swapBytes, exact: true }
  const death = dump?.kills.find((k) => k.pid === row.pid) ?? null
  const anon = death?.anonRssBytes ?? (kill?.pid === row.pid ? kill.anonRssBytes : null)
  if (anon !== null && anon !== undefined) return { row, bytes: anon, swapBytes, exact: true }
  return row.rssBytes === null ? null : { row, bytes: row.rssBytes, swapBytes, exact: false }
}

function largestOf(holders: readonly Holder[]): Holder | null {
  return holders.reduce<Holder | null>((best, next) => (best === null || sizeOf(next) > sizeOf(best) ? next : best), null)
}

export const sizeOf = (holder: Holder): number => holder.bytes + holder.swapBytes

/** Sums by name, the largest first. Rows without rss_anon count shared file pages in each: then the sums are scaled to what was held. */
function groupsOf(holders: readonly Holder[], anonBytes: number | null): readonly NameGroup[] {
  const groups = new Map<string, { comms: Set<string>; count: number; bytes: number }>()
  for (const holder of holders) {
    const stem = stemOf(holder.row.comm)
    const group = groups.get(stem) ?? { comms: new Set(), count: 0, bytes: 0 }
    group.comms.add(holder.row.comm)
    group.count += 1
    group.bytes += sizeOf(holder)
    groups.set(stem, group)
  }
  const sum = holders.reduce((total, holder) => total + sizeOf(holder), 0)
  const swapped = holders.reduce((total, holder) => total + holder.swapBytes, 0)
  const scale = anonBytes === null || sum <= anonBytes + swapped ? 1 : (anonBytes + swapped) / sum
  return [...groups]
    .map(([stem, { comms, count, bytes }]) => ({
      comm: comms.size === 1 ? ([...comms][0] ?? stem) : `${stem}*`,
      count,
      bytes: bytes * scale,
    }))
    .sort((a, b) => b.bytes - a.bytes)
}
