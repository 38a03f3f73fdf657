import type { Event } from '../../model/event.ts'
import type { ContainerState, PodSnapshot, Snapshot } from '../../model/snapshot.ts'

/**
 * A large list is full of objects that tell nothing by themselves: a pod that runs, or ended well; an event of a pod's ordinary life. They matter where a death makes
 * their pod or node matter, and then by one of these names. `null`: it tells something to anybody.
 */
export function ordinaryNames(fact: Event | Snapshot): readonly string[] | null {
  if (fact.kind === 'pod') return isOrdinaryPod(fact) ? namesOfPod(fact) : null
  if (fact.kind !== 'object-event' || fact.objectKind?.toLowerCase() !== 'pod') return null
  const tells = fact.ofMemory || fact.death !== null || fact.refusedFor !== undefined || fact.evictedFor !== undefined
  const names = [fact.name, fact.uid].filter((name) => name !== null)
  return tells || names.length === 0 ? null : names
}

/** Times that a pod's object shows: it was read later than the last of them. */
export function timesOfPod({ startUs, deletionUs, containers }: PodSnapshot): readonly number[] {
  const states = containers.flatMap((c) => [c.state, c.lastState])
  return [startUs, deletionUs, ...states.flatMap((s) => [s?.startedUs ?? null, s?.finishedUs ?? null])].filter((us) => us !== null)
}

/** The latest time that an object shows: its document was read later. */
export function latestUs(fact: Event | Snapshot): number | null {
  if (fact.kind === 'object-event') return fact.moment.wall?.epochUs ?? null
  return fact.kind === 'pod' ? timesOfPod(fact).reduce<number | null>((most, us) => (most === null || us > most ? us : most), null) : null
}

/** A node by which its pods are asked for. */
export const nodeName = (node: string): string => `node ${node}`

function isOrdinaryPod(pod: PodSnapshot): boolean {
  if (pod.reason !== null || pod.message !== null || pod.end !== undefined || pod.deletionUs !== null || pod.containers.length === 0)
    return false
  if (pod.name === '' || (pod.restarts?.value ?? 0) > 0) return false
  return pod.containers.every((c) => isWell(c.state) && isWell(c.lastState) && ((c.restartCount?.value ?? 0) === 0 || c.lastState !== null))
}

/** Runs, waits for its begin, or ended with success. */
function isWell(state: ContainerState | null): boolean {
  if (state === null || state.kind === 'running') return true
  if (state.kind === 'waiting') return state.reason === null || state.reason === 'ContainerCreating' || state.reason === 'PodInitializing'
  return state.exitCode === 0 && state.initKilled !== true && (state.reason === null || state.reason === 'Completed')
}

function namesOfPod(pod: PodSnapshot): string[] {
  const ids = pod.containers.flatMap((c) => [c.containerId, c.state?.containerId ?? null, c.lastState?.containerId ?? null])
  const node = pod.node === null ? null : nodeName(pod.node)
  return [pod.name, pod.uid, pod.configHash, node, ...ids].filter((name): name is string => name !== null && name !== '')
}
