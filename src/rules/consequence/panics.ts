import type { IncidentFacts } from '../../facts/incident-facts.ts'
import type { Instant } from '../../model/incident.ts'
import type { PanicText } from '../../model/oom-dump.ts'
import type { Quote } from '../../model/origin.ts'

/** A kernel panic that came of an incident: pid 1 was among the killed, or the OOM killer's own end. */
export interface Panic extends PanicText {
  readonly quotes: readonly Quote[]
}

/** What the kernel does after its last kill it does within this. */
const SOON_SECONDS = 120

/** The panic that ended the incident's story: of the same boot and after it. One of another boot in the same log is another story. */
export function panicOf(facts: IncidentFacts): Panic | null {
  const { incident } = facts
  for (const { event, at, boot } of incident.dumps)
    if (event.kind === 'kernel-oom' && event.dump.panic !== null && (event.dump === facts.dump || follows(facts, at, boot)))
      return { ...event.dump.panic, quotes: event.dump.quotes.panic ?? event.quotes.slice(0, 1) }
  const tookInit = incident.kills.some((kill) => kill.pid === 1)
  for (const { event, at, boot } of facts.context.notices) {
    const { panic } = event
    if (panic === undefined || panic.cause === 'other' || !follows(facts, at, boot)) continue
    if (panic.cause !== 'init' || tookInit) return { ...panic, quotes: event.quotes.slice(0, 1) }
  }
  return null
}

function follows({ incident }: IncidentFacts, at: Instant, boot: string): boolean {
  const boots = new Set([
    ...incident.kills.map((kill) => kill.boot),
    ...(incident.kills.length === 0 ? incident.dumps.map((d) => d.boot) : []),
  ])
  if (!boots.has(boot)) return false
  const last = incident.kills.at(-1)?.at ?? incident.first
  const gap =
    last.uptimeSeconds !== null && at.uptimeSeconds !== null
      ? at.uptimeSeconds - last.uptimeSeconds
      : last.epochUs !== null && at.epochUs !== null
        ? (at.epochUs - last.epochUs) / 1e6
        : null
  return gap === null ? at.order >= last.order : gap >= -1 && gap <= SOON_SECONDS
}
