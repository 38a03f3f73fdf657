import type { ContainerRef, Event } from '../../model/event.ts'
import type { LogRecord } from '../../model/record.ts'
import type { Speech } from './speech.ts'

/** What the kubelet's earlier lines tell about the next: only to leave out repetitions and to name causes, never to invent. */
export interface KubeletState {
  /** Resource of the last `attempting to reclaim`: later lines of the same round do not repeat it. */
  reclaiming: string | null
  /** Whether the node was last said to be under memory pressure. */
  pressure: boolean
  /** Last back-off per container, so that the same delay is told once per death. */
  readonly backOffs: Map<string, string>
  /** `Container x failed liveness probe, will be restarted` by container id: the cause of the kill that follows. */
  readonly causes: Map<string, string>
  /** Containers of whose kill a `grace period override` line told: the kubelet says the same kill once more on a later one. */
  readonly overridden: Map<string, true>
  /** Names of pods by UID and of containers by id, as earlier lines told them: later lines often have the number only. */
  readonly pods: Map<string, PodName>
  readonly containers: Map<string, string>
}
type PodName = Pick<ContainerRef, 'namespace' | 'pod'>

export const freshState = (): KubeletState => ({
  reclaiming: null,
  pressure: false,
  backOffs: new Map(),
  causes: new Map(),
  overridden: new Map(),
  pods: new Map(),
  containers: new Map(),
})

const memoryLimit = 2000
/** Remembers, forgetting the oldest when there are too many. */
export function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= memoryLimit) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
}

/** `namespace/pod/container`, or the id, to know a container again. */
export const keyOf = (ref: ContainerRef): string => ref.containerId ?? `${ref.namespace}/${ref.pod}/${ref.container}`

/** Learns the names that a reference holds, and adds those that earlier ones held. */
export function named(ref: ContainerRef, { pods, containers }: KubeletState): ContainerRef {
  const { podUid, containerId, pod, namespace, container } = ref
  if (podUid !== null && pod !== null && !pods.has(podUid)) remember(pods, podUid, { namespace, pod })
  if (containerId !== null && container !== null) remember(containers, containerId, container)
  const known = podUid === null || pod !== null ? undefined : pods.get(podUid)
  const name = containerId === null ? undefined : containers.get(containerId)
  return known === undefined && name === undefined ? ref : { ...ref, ...known, container: container ?? name ?? null }
}

/** A kind of kubelet line. `literal` stands in every such line, in text and in JSON: no quotes, no `<`, `>` or `&`. */
export interface KubeletLine {
  readonly literal: string
  /** See `Extractor.lives`. */
  readonly lives?: true
  read(speech: Speech, record: LogRecord, state: KubeletState): Event | null
}
