import { attributed, namesOf } from '../extract/attribution.ts'
import { guestOf } from '../kube/speakers.ts'
import type { Event } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'

/**
 * A file that its place in a bundle shows to be a container's output holds that container's words: the end of its own runtime is its own, text of the kernel,
 * a kubelet or a killer is not theirs (lines whose own wrapping tells of a container were judged when they were read).
 */
export function spokenByPlace(evidence: SourceEvidence): SourceEvidence {
  const { container } = evidence.source.place
  if (container === null || evidence.events.length === 0) return evidence
  const names = namesOf(container)
  const spoken = (event: Event): Event | null => {
    if (event.kind === 'runtime') return event.target === null ? { ...event, target: container } : event
    return event.writer === 'container' || event.writer === 'shipper' ? event : attributed(event, names)
  }
  const events = evidence.events.map(spoken).filter((event) => event !== null)
  const isShipped = events.some(({ writer }) => writer === 'shipper')
  const guest = names === null ? null : guestOf(names)
  if (guest !== null)
    return { ...evidence, events, source: { ...evidence.source, host: guest, place: { ...evidence.source.place, host: guest } } }
  if (isShipped) return { ...evidence, events }
  return { ...evidence, events, anchors: [], source: { ...evidence.source, hasKernel: false } }
}
