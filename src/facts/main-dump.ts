import type { Incident, Instant, Kill } from '../model/incident.ts'
import type { OomDump, QuoteRole } from '../model/oom-dump.ts'

/** A report that begins so soon after a kill shows the machine in the state in which the victim died. */
const NEXT_WITHIN_SECONDS = 1

/**
 * What an incident's figures are read from: the fullest report of its first kill. Where the figures of that one are lost (a wrapped ring loses a report's head),
 * those of the next report of the same shortage, moments later, stand for them. An eviction has no report of its own; a kernel's of the same shortage does.
 */
export function mainDump(incident: Incident): OomDump | null {
  const kill = incident.kills[0] ?? null
  const all = incident.dumps.flatMap(({ event, at, boot }) => (event.kind === 'kernel-oom' ? [{ dump: event.dump, at, boot }] : []))
  const own = kill?.dump ?? (kill === null || kill.killer === 'kernel' || kill.killer === 'kubelet' ? (all[0]?.dump ?? null) : null)
  if (own === null || kill === null || hasFigures(own)) return own
  const next = all.find((other) => other.dump !== own && hasFigures(other.dump) && isSameShortage(own, other.dump) && isNext(kill, other))
  return next === undefined ? own : withFigures(own, next.dump)
}

const hasFigures = (dump: OomDump): boolean =>
  dump.memory !== null || (dump.memInfo !== null && (dump.memInfo.counters['free'] !== undefined || dump.memInfo.zones.length > 0))

/** The same scope, and the same group where both name one. */
const isSameShortage = (own: OomDump, other: OomDump): boolean =>
  own.scope !== null && own.scope === other.scope && (own.oomMemcg ?? other.oomMemcg) === (other.oomMemcg ?? own.oomMemcg)

/** After the kill and soon, on the kernel's own clock, or on the log's where that is not printed. */
function isNext(kill: Kill, { at, boot }: { readonly at: Instant; readonly boot: string }): boolean {
  if (boot !== kill.boot) return false
  const [from, to] =
    kill.at.uptimeSeconds !== null && at.uptimeSeconds !== null
      ? [kill.at.uptimeSeconds, at.uptimeSeconds]
      : [(kill.at.epochUs ?? Number.NaN) / 1e6, (at.epochUs ?? Number.NaN) / 1e6]
  return to >= from && to - from <= NEXT_WITHIN_SECONDS
}

const FIGURES: readonly QuoteRole[] = [
  'memory',
  'memorySwap',
  'swap',
  'kmem',
  'stats',
  'counters',
  'zones',
  'swapTotals',
  'ram',
  'hugepages',
  'slabs',
]

function withFigures(own: OomDump, next: OomDump): OomDump {
  const quotes = FIGURES.flatMap((role) => (next.quotes[role] === undefined ? [] : [[role, next.quotes[role]] as const]))
  const { memory, memorySwap, swap, kmem, stats, memInfo } = next
  return { ...own, memory, memorySwap, swap, kmem, stats, memInfo, quotes: { ...own.quotes, ...Object.fromEntries(quotes) } }
}
