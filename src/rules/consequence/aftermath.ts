import { runIdOf } from '../../facts/facts-of.ts'
import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { workloadOf } from '../../facts/names.ts'
import { sameId } from '../../kube/ids.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { ContainerEvent } from '../../model/event.ts'
import type { Kill, PlacedEvent } from '../../model/incident.ts'
import type { Quote } from '../../model/origin.ts'
import type { ContainerState, RuntimeContainerSnapshot } from '../../model/snapshot.ts'
import { say } from '../../text/say.ts'
import { isOwnCode } from '../../timeline/own-ends.ts'
import { mostOf } from '../../units/extremes.ts'

const SECOND = 1_000_000

/** Kills of one container run, as its id or the span between start and finish tells. */
export function killsIn(facts: IncidentFacts, state: ContainerState): readonly Kill[] {
  return facts.incident.kills.filter((kill) => {
    // a row of a table has no times: it is itself what tells of the death
    if (
      kill.at.epochUs === null &&
      kill.told !== undefined &&
      (kill.told.container.state === state || kill.told.container.lastState === state)
    )
      return state.kind === 'terminated' && state.reason === 'OOMKilled'
    const id = kill.workload?.containerId ?? kill.target?.containerId ?? null
    const run = facts.container === null ? state.containerId : runIdOf(facts.container, state)
    if (id !== null && run !== null) return id.startsWith(run) || run.startsWith(id)
    const at = kill.at.epochUs
    if (at === null || state.startedUs === null) return false
    // Statuses are cut to whole seconds: a run that began in the second of the kill may be the next one.
    if (state.kind === 'running') return state.startedUs < at - 2 * SECOND
    return state.startedUs <= at + SECOND && state.finishedUs !== null && state.finishedUs >= at - 2 * SECOND
  })
}

/** A run of the container that ended and in which a kill of this incident fell. */
export interface EndedRun {
  readonly state: ContainerState
  /** Seconds between the run's last kill and its end; `null` where a time is unknown. */
  readonly delaySeconds: number | null
  /** Whether a newer run is known: the state is the last one, and the container has another. */
  readonly succeeded: boolean
}

export function endedRuns(facts: IncidentFacts): readonly EndedRun[] {
  const container = facts.container
  if (container === null) return []
  return [container.lastState, container.state].flatMap((state) => {
    if (state?.kind !== 'terminated') return []
    const kills = killsIn(facts, state)
    if (kills.length === 0) return []
    const last = mostOf(kills.map((kill) => kill.at.epochUs ?? Number.NaN))
    const delay = state.finishedUs === null || Number.isNaN(last) ? null : (state.finishedUs - last) / SECOND
    return [{ state, delaySeconds: delay, succeeded: state === container.lastState }]
  })
}

/** The run that a runtime ended by itself, its heap being full: nothing was killed, the container's status tells the rest. */
export function ownEnd(facts: IncidentFacts): EndedRun | null {
  const { container } = facts
  if (facts.kill !== null || container === null || facts.incident.nature === 'no-kill') return null
  const said = facts.incident.last.epochUs
  for (const state of [container.lastState, container.state]) {
    if (state?.kind !== 'terminated' || state.finishedUs === null) continue
    if (said === null) {
      if (facts.context.runtimes.some(({ event }) => isOwnCode(event, state)))
        return { state, delaySeconds: null, succeeded: state === container.lastState }
      continue
    }
    const delay = (state.finishedUs - said) / SECOND
    // Whole seconds in the status, and seconds for a core or heap dump after the last words.
    if (delay >= -1 && delay <= 10) return { state, delaySeconds: Math.max(0, delay), succeeded: state === container.lastState }
  }
  return null
}

/** The run in which a kill fell is still the running one: Kubernetes saw nothing. */
export function survivingRun(facts: IncidentFacts): ContainerState | null {
  const state = facts.container?.state
  return state?.kind === 'running' && killsIn(facts, state).length > 0 ? state : null
}

export const containerIdOf = (facts: IncidentFacts): string | null =>
  workloadOf(facts)?.containerId ?? facts.victimCgroup?.containerId ?? null

/** What the container's runtime, asked afterwards, said of its end: not of one before the kill, since docker starts the same container again. */
export function inspectedEnd(facts: IncidentFacts): RuntimeContainerSnapshot | null {
  const id = containerIdOf(facts)
  const { epochUs, uncertaintyMs } = facts.kill?.at ?? { epochUs: null, uncertaintyMs: null }
  const isAfter = (us: number | null): boolean => us === null || epochUs === null || us >= epochUs - 1000 * ((uncertaintyMs ?? 0) + 60_000)
  const found = facts.incident.snapshots.find(
    (s) => s.kind === 'runtime-container' && s.running === false && sameId(s.containerId, id) && isAfter(s.finishedUs),
  )
  return found?.kind === 'runtime-container' ? found : null
}

/** The runtime, asked afterwards, shows the container running, and that the kernel killed in it: its first process lived on. */
export function inspectedAlive(facts: IncidentFacts): RuntimeContainerSnapshot | null {
  const id = facts.kill?.workload?.containerId ?? null
  const found = facts.incident.snapshots.find(
    (s) => s.kind === 'runtime-container' && s.running === true && s.oomKilled === true && s.containerId === id,
  )
  return id !== null && found?.kind === 'runtime-container' ? found : null
}

/** Whether a line speaks of the workload that was killed: container id, pod uid, or pod and namespace. */
export function isAboutWorkload(facts: IncidentFacts, { event }: PlacedEvent<ContainerEvent>): boolean {
  const { target } = event
  const workload = workloadOf(facts)
  const ids = [workload?.containerId, ...(workload?.containerIds ?? []), facts.victimCgroup?.containerId].filter((id) => id != null)
  if (
    target.containerId !== null &&
    ids.some((id) => id?.startsWith(target.containerId ?? '?') || target.containerId?.startsWith(id ?? '?'))
  )
    return true
  const uid = workload?.podUid ?? facts.victimCgroup?.podUid ?? null
  const samePod =
    (uid !== null && target.podUid === uid) ||
    (target.pod !== null &&
      target.pod === workload?.pod &&
      (target.namespace === null || workload.namespace === null || target.namespace === workload.namespace))
  if (!samePod) return false
  const name = workload?.container ?? null
  return name === null || target.container === null || target.container === name
}

/** Lines of the kubelet, a runtime or systemd about the workload, at or after the first kill. */
export function laterLines(facts: IncidentFacts, what: readonly ContainerEvent['what'][]): readonly PlacedEvent<ContainerEvent>[] {
  const at = facts.kill?.at ?? null
  return facts.context.containers.filter((placed) => {
    if (!what.includes(placed.event.what) || !isAboutWorkload(facts, placed)) return false
    if (at?.epochUs != null && placed.at.epochUs !== null) return placed.at.epochUs >= at.epochUs - 2 * SECOND
    return at === null || placed.at.order >= at.order
  })
}

export const stateLines = (state: ContainerState | null): readonly Quote[] => state?.quotes.slice(0, 3) ?? []

/** An init container that dies holds up the whole pod (Kubernetes: app containers start after all init containers succeeded). */
export const holdsUpPod = (facts: IncidentFacts): Phrase =>
  facts.container?.type === 'init' ? say` Until this init container succeeds, the pod does not start its own containers.` : say``
