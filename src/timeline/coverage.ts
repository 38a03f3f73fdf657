import type { Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { Coverage } from '../model/incident.ts'
import { type Hosts, sameHost } from './hosts.ts'
import { once } from './once.ts'

/** First and last instant of a source's lines, by their own stamps or by the clock of their boot. */
export interface Span {
  readonly fromUs: number | null
  readonly toUs: number | null
}

/** What the sources cover, host by host: absence of a line is a fact only where a log covers the time. */
export function coverageOf(
  sources: readonly SourceEvidence[],
  hosts: Hosts,
  spans: ReadonlyMap<string, Span>,
): (host: string | null) => Coverage {
  return once((host) => {
    const own = sources.filter((s) => sameHost(hosts.of(s, null), host))
    const kernel = own.filter((s) => s.source.hasKernel)
    const froms = kernel.map((s) => s.source.first?.wall?.epochUs ?? spans.get(s.source.name)?.fromUs ?? null).filter((t) => t !== null)
    const tos = kernel.map((s) => s.source.last?.wall?.epochUs ?? spans.get(s.source.name)?.toUs ?? null).filter((t) => t !== null)
    const has = (test: (e: Event) => boolean): boolean => own.some((s) => s.events.some(test))
    return {
      kernel: kernel.length > 0,
      kubelet:
        has((e) => (e.kind === 'container' && e.by === 'kubelet') || e.kind === 'eviction' || e.kind === 'node') ||
        own.some((s) => s.source.place.role === 'kubelet'),
      runtime: has((e) => e.kind === 'container' && e.by !== 'kubelet') || own.some((s) => s.source.place.role === 'runtime'),
      pods: sources.some((s) => s.snapshots.some((x) => x.kind === 'pod')),
      node: sources.some((s) => s.snapshots.some((x) => x.kind === 'node')),
      events: sources.some((s) => s.events.some((e) => e.kind === 'object-event')),
      journal: own.some((s) => s.source.format.startsWith('journal')),
      kernelFromUs: froms.length > 0 ? Math.min(...froms) : null,
      kernelToUs: tos.length > 0 ? Math.max(...tos) : null,
    }
  })
}
