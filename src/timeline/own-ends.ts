/**
 * Who it was that gave up by itself: what a runtime says when its heap is full names neither its container nor its unit. The status of a container that ended right
 * after, or systemd's word on a unit's main process, does.
 */
import type { ContainerRef, Event, RuntimeEvent } from '../model/event.ts'
import type { PlacedEvent } from '../model/incident.ts'
import type { ContainerState, PodSnapshot } from '../model/snapshot.ts'
import { sameHost } from './hosts.ts'
import { gapUs } from './instants.ts'

const secondUs = 1_000_000
/** From the last words to the exit: writing a core or a heap dump takes seconds. */
const endUs = 10 * secondUs

/**
 * What a runtime that gives up ends with by itself (kubernetes-oom §6.4): it aborts (134), or has a code of its own. An uncaught exception's 1 is anybody's.
 */
const OWN_CODES: Partial<Record<RuntimeEvent['runtime'], readonly number[]>> = {
  jvm: [3, 134],
  node: [133, 134],
  go: [2],
  dotnet: [134, 139],
}

/** Whether a run's exit code is one that this runtime leaves when its memory is full: where its last words have no stamp, it joins them. */
export const isOwnCode = ({ runtime }: RuntimeEvent, { exitCode }: Pick<ContainerState, 'exitCode'>): boolean =>
  exitCode !== null && OWN_CODES[runtime]?.includes(exitCode) === true

const gaveUp = (e: Event): e is RuntimeEvent => e.kind === 'runtime' && (e.what === 'heap-exhausted' || e.what === 'allocation-refused')

/**
 * The same events; a runtime's last words without a speaker get the one container that ended by itself right after them; where they have no stamp, the one
 * that ended with such a runtime's own code.
 */
export function withSpeakers(events: readonly PlacedEvent[], pods: readonly PodSnapshot[]): PlacedEvent[] {
  const ends = pods.flatMap((pod) => pod.containers.flatMap((c) => [c.state, c.lastState].flatMap((s) => endOf(pod, c.name, s))))
  return events.map((placed) => {
    const { event, at, host } = placed
    if (!gaveUp(event) || event.target !== null) return placed
    const after = ends.filter(
      (end) =>
        sameHost(end.host, host) &&
        (at.epochUs === null ? isOwnCode(event, end) : isRightAfter(at.epochUs, at.uncertaintyMs ?? 0, end.finishedUs)),
    )
    const refs = new Map(after.map((end) => [`${end.ref.namespace}/${end.ref.pod}/${end.ref.container}`, end.ref]))
    const [target] = [...refs.values()]
    return refs.size === 1 && target !== undefined ? { ...placed, event: { ...event, target } } : placed
  })
}

/** A run that ended with an error of its own: 0 is success, 137 somebody else's signal. */
function endOf(
  pod: PodSnapshot,
  container: string,
  state: ContainerState | null,
): { host: string | null; ref: ContainerRef; finishedUs: number; exitCode: number }[] {
  if (state?.kind !== 'terminated' || state.finishedUs === null || state.exitCode === null || [0, 137, 143].includes(state.exitCode))
    return []
  const ref = { namespace: pod.namespace, pod: pod.name || null, podUid: pod.uid, container, containerId: state.containerId }
  return [{ host: pod.node, ref, finishedUs: state.finishedUs, exitCode: state.exitCode }]
}

/** A status is cut to whole seconds: an end in the second of the words may be told as before them. */
function isRightAfter(saidUs: number, uncertaintyMs: number, finishedUs: number): boolean {
  const slack = 1000 * uncertaintyMs
  return finishedUs + secondUs > saidUs - slack && finishedUs <= saidUs + endUs + slack
}

/** The unit whose main process ended right after a runtime's last words on that host, where it is one only. */
export function unitThatEnded(group: readonly PlacedEvent[], events: readonly PlacedEvent[]): string | null {
  const units = new Set<string>()
  for (const said of group)
    for (const { event, at, host } of events) {
      if (event.kind !== 'unit' || (event.what !== 'main-exited' && event.what !== 'failed') || !sameHost(host, said.host)) continue
      const gap = gapUs(said.at, at)
      if (gap === null || gap < -secondUs || gap > endUs) continue
      const pid = said.event.kind === 'runtime' ? said.event.pid : null
      if (event.pid === null || pid === null || event.pid === pid) units.add(event.unit)
    }
  const [unit] = units
  return units.size === 1 && unit !== undefined ? unit : null
}
