import type { Phrase } from '../../model/diagnosis.ts'
import type { ContainerEvent, ObjectEvent } from '../../model/event.ts'
import type { Finding } from '../../model/finding.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, say, seconds } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { podEnding } from './pod-ending.ts'
import { endedContainers, type FindingRule, killOf, podLabel, type Scene, sameId, stopLines, workloadOfPod } from './scene.ts'

/** 137 is SIGKILL by anybody (kubernetes-oom §0.2). Where lines tell who, they are quoted; where none do, that is said. */
export const exit137NotOom: FindingRule = (scene) => [...ofStatuses(scene), ...ofKubelet(scene)]

/** The kubelet's log alone: `container finished … exitCode=137`, and no status, kill or eviction beside it. One finding a container. */
function ofKubelet(scene: Scene): readonly Finding[] {
  const told = new Map<string, PlacedEvent<ContainerEvent>>()
  for (const placed of scene.of('container')) {
    const { what, exitCode, target } = placed.event
    if ((what === 'exit' || what === 'died') && exitCode === 137 && target.containerId !== null && placed.event.by === 'kubelet')
      told.set(target.containerId, told.get(target.containerId) ?? placed)
  }
  const statuses = endedContainers(scene)
  const podsKilled = new Set(scene.kills.map((k) => k.target?.podUid ?? null))
  return [...told].flatMap(([id, { event }]) => {
    const known = statuses.some(({ pod, state }) => sameId(state.containerId, id) || (pod.uid !== null && pod.uid === event.target.podUid))
    const killed =
      scene.kills.some((k) => sameId(k.target?.containerId ?? null, id)) ||
      (event.target.podUid !== null && podsKilled.has(event.target.podUid))
    if (known || killed) return []
    const where =
      event.target.pod === null
        ? say``
        : say` of pod ${code(event.target.namespace === null ? event.target.pod : `${event.target.namespace}/${event.target.pod}`)}`
    return [
      {
        id: 'exit-137-unexplained',
        statement: say`Exit code 137 of container ${code(event.target.container ?? id.slice(0, 12))}${where} means SIGKILL, whoever sent it; nothing in the input says that memory was short.`,
        workload: null,
        evidence: evidence([event.quotes[0] ?? null]),
      },
    ]
  })
}

const ofStatuses: FindingRule = (scene) =>
  endedContainers(scene).flatMap((ended) => {
    const { pod, container, state } = ended
    if (state.exitCode !== 137 || state.reason === 'OOMKilled' || state.reason === 'ContainerStatusUnknown') return []
    if (killOf(scene, ended) !== null) return []
    const policy = podEnding(pod)
    if (policy === null && pod.reason === 'Evicted') return []
    const stops = stopLines(scene, ended)
    const who = say`container ${code(container.name)} of pod ${code(podLabel(pod))}`
    const statement =
      policy !== null
        ? say`Exit code 137 of ${who} is no out-of-memory kill: ${policy}.`
        : stops.length > 0
          ? say`Exit code 137 of ${who} is no out-of-memory kill: ${reasonOf(stops)}.`
          : say`Exit code 137 of ${who} means SIGKILL, whoever sent it; nothing in the input says that memory was short.`
    return [
      {
        id: policy !== null || stops.length > 0 ? 'exit-137-not-oom' : 'exit-137-unexplained',
        statement,
        workload: workloadOfPod(pod, container, state.containerId),
        evidence: evidence(
          state.quotes.slice(0, 3),
          policy === null ? stops.slice(0, 4).map(({ event }) => event.quotes[0] ?? null) : pod.quotes.slice(0, 4),
        ),
      },
    ]
  })

function reasonOf(stops: readonly PlacedEvent<ContainerEvent | ObjectEvent>[]): Phrase {
  const named = new Set(stops.map(({ event }) => event.stop))
  const grace =
    stops.map(({ event }) => (event.kind === 'container' ? event.gracePeriodSeconds : null)).find((value) => value !== null) ?? null
  const period = grace === null ? say`within its grace period` : say`within its grace period of ${seconds(grace)}`
  if (named.has('liveness')) return say`its liveness probe failed, and it did not end ${period}`
  if (named.has('startup')) return say`its startup probe failed, and it did not end ${period}`
  if (named.has('preemption')) return say`the pod was preempted, and it did not end ${period}`
  if (named.has('probe')) return say`a probe failed, and it did not end ${period}`
  return say`it was asked to stop, and did not end ${period}`
}
