import { guestOf, shipsNodeLogs, speakerNames, speakerOf } from '../kube/speakers.ts'
import type { ContainerRef, Event, ForeignWords } from '../model/event.ts'

/** Names of a container in one text: `namespace/pod/container`. */
export function namesOf(ref: Partial<ContainerRef>): string | null {
  const names = [ref.namespace, ref.pod, ref.container].filter((name) => name !== undefined && name !== null)
  return names.length > 0 ? names.join('/') : (ref.containerId?.slice(0, 12) ?? null)
}

/**
 * An event that was read from a container's output: what that container may say by itself (its runtime's own end), what a shipper of node logs or the
 * component in a container of its own repeats (`shipper`: medium at most), else words of somebody else, which are no event. `null`: nothing to tell.
 */
export function attributed(event: Event, names: string | null): Event | null {
  const speaker = speakerOf(event)
  if (speaker === null) return event
  const guest = names === null ? null : guestOf(names)
  if (guest !== null && 'host' in event) return { ...event, writer: 'shipper', host: guest }
  const parts = names?.split('/') ?? []
  const isOwn = speaker !== 'kernel' && parts.slice(-2).some((name) => speakerNames[speaker].test(name))
  if (isOwn || (names !== null && shipsNodeLogs(names))) return { ...event, writer: 'shipper' }
  return provesDeath(event) ? foreignWords(event, speaker, names) : null
}

/** Words about a death; what else a program says in another's words is of no interest. */
function provesDeath(event: Event): boolean {
  switch (event.kind) {
    case 'kernel-oom':
    case 'userspace-kill':
      return true
    case 'eviction':
      return event.stage === 'evicted' || event.stage === 'evicting' || event.stage === 'ranked' || event.stage === 'must-evict'
    case 'node':
      return event.what === 'system-oom' || event.what === 'npd-oom-killing'
    case 'container':
      return event.what === 'oom' || event.reason === 'OOMKilled'
    case 'unit':
      return event.what === 'oom-killed' || event.what === 'oomd-killed'
    case 'object-event':
      return /OOM|Evicted/.test(event.reason)
    default:
      return false
  }
}

function foreignWords(event: Event, of: string, by: string | null): ForeignWords {
  const { moment, host, bootId, quotes } = event
  const kills = event.kind === 'kernel-oom' ? event.dump.kills.flatMap((kill) => kill.quotes) : []
  return { kind: 'foreign-words', of, by, moment, host, bootId, writer: 'container', quotes: kills.length > 0 ? kills : quotes }
}
