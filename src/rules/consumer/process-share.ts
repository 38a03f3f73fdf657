import { sizeOf } from '../../facts/composition.ts'
import type { Composition, IncidentFacts } from '../../facts/incident-facts.ts'
import type { Quote } from '../../model/origin.ts'
import { isKnown } from './held.ts'

/** One process against all anonymous memory of the scope. */
export interface ProcessShare {
  readonly comm: string
  readonly pid: number
  readonly bytes: number
  readonly swapBytes: number
  /** Of all anonymous memory (swap included on both sides). */
  readonly ofAnon: number
  /** Of all that was held. */
  readonly ofUsed: number
  readonly quote: Quote | null
}

/** Whether processes' own memory is what was held the most. Old kernels (≤ 2.6.27) count LRU pages as one: `other` stands for them there. */
export function isAnonymous(held: Composition): boolean {
  return isKnown(held) && (held.main.id === 'anon' || (held.main.id === 'other' && held.scope !== 'memcg'))
}

/**
 * Of a part of the machine (nodes, a zone) only sums are printed, and a process's size is that on the whole machine: it surely held there what the rest of the
 * machine's anonymous memory has no place for.
 */
export function surelyHolds(facts: IncidentFacts, held: Composition, share: ProcessShare): boolean {
  if (held.scope !== 'part') return true
  const whole = facts.machineAccounting?.classes.find(({ id }) => id === 'anon')?.bytes ?? null
  const size = held.largest?.bytes ?? share.bytes
  return whole !== null && size - Math.max(0, whole - held.main.bytes) >= held.main.bytes * 0.5
}

/** Of two processes of about one size neither is the one that filled the memory. */
export function isOneOfTwo(held: Composition): boolean {
  const [first, second] = [held.largest, held.second]
  return first !== null && second !== null && sizeOf(second) >= 0.67 * sizeOf(first)
}

/** The process with the most memory of its own: from the table, else the victim by its kill line. */
export function largestShare(facts: IncidentFacts, held: Composition): ProcessShare | null {
  const anon = held.main.bytes
  const swapped = facts.dump?.tasks.reduce((sum, row) => sum + (row.swapBytes ?? 0), 0) ?? 0
  const largest = held.largest
  if (largest !== null && largest.row.comm !== undefined) {
    // Of a part of the machine a process holds no more than there is.
    const own = largest.exact && held.scope !== 'part' ? largest.bytes : Math.min(largest.bytes, anon)
    return {
      comm: largest.row.comm,
      pid: largest.row.pid,
      bytes: own,
      swapBytes: largest.swapBytes,
      ofAnon: anon + swapped > 0 ? Math.min(1, (own + largest.swapBytes) / (anon + swapped)) : 0,
      ofUsed: held.usedBytes > 0 ? own / held.usedBytes : 0,
      quote: largest.row.quote,
    }
  }
  const { kill } = facts
  // A userspace killer prints the whole resident size.
  const printed = kill?.anonRssBytes ?? (kill?.event?.kind === 'userspace-kill' ? kill.event.rssBytes : null)
  if (kill == null || printed === null || kill.pid === null) return null
  const own = Math.min(printed, held.usedBytes)
  return {
    comm: kill.comm ?? '',
    pid: kill.pid,
    bytes: own,
    swapBytes: 0,
    ofAnon: anon > 0 ? Math.min(1, own / anon) : 0,
    ofUsed: held.usedBytes > 0 ? own / held.usedBytes : 0,
    quote: kill.evidence[0] ?? null,
  }
}
