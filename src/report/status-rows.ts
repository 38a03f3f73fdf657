import { containerText } from '../facts/names.ts'
import type { Incident, Instant } from '../model/incident.ts'
import type { ContainerState, PodSnapshot } from '../model/snapshot.ts'
import { visible } from '../text/visible.ts'
import { type Draft, rowOf } from './row-of.ts'

/** As long before the first kill as a container's lines are told of, and as long after it. */
const BEFORE_US = 3_600_000_000
const AFTER_US = 24 * BEFORE_US
/** `startedAt` is in whole seconds, and the runtime's clock. */
const STAMP_MS = 1000

/** Starts that only the status of a container tells of, as `state.running.startedAt` and `lastState.terminated.startedAt` do: the run that died, and the next one. */
export function statusRows(incident: Incident, id: string): Draft[] {
  const zero = incident.first.epochUs
  if (zero === null) return []
  const concerned = new Set(incident.kills.map(({ workload, target }) => workload?.container ?? target?.container ?? null))
  return incident.pods.flatMap((pod) =>
    pod.containers
      .filter(({ name }) => concerned.has(name))
      .flatMap(({ name, state, lastState }) => [lastState, state].flatMap((s) => (s === null ? [] : startOf(s, pod, name, zero, id)))),
  )
}

function startOf(state: ContainerState, pod: PodSnapshot, container: string, zero: number, id: string): Draft[] {
  const us = state.startedUs
  if (us === null || us < zero - BEFORE_US || us > zero + AFTER_US) return []
  const ref = { namespace: pod.namespace, pod: pod.name, podUid: null, container, containerId: null }
  const name = containerText(ref)
  const own = state.containerId
  const at: Instant = {
    ...{ epochUs: us, uncertaintyMs: STAMP_MS, basis: 'absolute', digits: 0, uptimeSeconds: null, localTime: null },
    order: Number.MAX_SAFE_INTEGER,
  }
  const row = rowOf(at, state.quotes[0], 'container-started', visible(`status: ${name} started`), pod.node, id)
  const what = [`container-started ${name}`, ...(own === null ? [] : [`container-started ${own.slice(0, 12)}`])]
  return [{ at, what, row: { ...row, by: 'status' } }]
}
