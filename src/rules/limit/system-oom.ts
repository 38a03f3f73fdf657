import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { minorOfVersion } from '../../kube/version.ts'
import type { NodeEvent, ObjectEvent } from '../../model/event.ts'
import type { PlacedEvent } from '../../model/incident.ts'

/** From kubelet 1.21 on, SystemOOM is written only when the limit that was hit is the machine's (kubernetes-oom §4.3). */
const HONEST_SINCE = 21

const minuteUs = 60_000_000

/** The SystemOOM message about this kill from a kubelet that can be believed; `null` where its version is old or unknown. */
export function trueSystemOom(facts: IncidentFacts): NodeEvent | ObjectEvent | null {
  const minor = minorOfVersion(facts.node?.kubeletVersion ?? null)
  if (minor === null || minor < HONEST_SINCE || facts.kill === null) return null
  const own = facts.kill.event
  if (own !== null && isSystemOom(own)) return own
  const at = facts.kill.at.epochUs
  const found = facts.context.all.find(
    ({ event, at: when }: PlacedEvent) =>
      isSystemOom(event) &&
      at !== null &&
      when.epochUs !== null &&
      Math.abs(when.epochUs - at) < minuteUs + 1000 * (when.uncertaintyMs ?? 0),
  )
  return found !== undefined && isSystemOom(found.event) ? found.event : null
}

function isSystemOom(event: { readonly kind: string }): event is NodeEvent | ObjectEvent {
  const e = event as NodeEvent | ObjectEvent
  return (e.kind === 'node' && e.what === 'system-oom') || (e.kind === 'object-event' && e.reason === 'SystemOOM')
}
