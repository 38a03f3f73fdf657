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
  /** Container of the last `grace period override` line: the kubelet says the same kill once more on the next. */
  overridden: string | null
}

export const freshState = (): KubeletState => ({
  reclaiming: null,
  pressure: false,
  backOffs: new Map(),
  causes: new Map(),
  overridden: null,
})

const memoryLimit = 2000
/** Remembers, forgetting the oldest when there are too many. */
export function remember(map: Map<string, string>, key: string, value: string): void {
  if (map.size >= memoryLimit) map.delete(map.keys().next().value ?? '')
  map.set(key, value)
}

/** `namespace/pod/container`, or the id, to know a container again. */
export const keyOf = (ref: ContainerRef): string => ref.containerId ?? `${ref.namespace}/${ref.pod}/${ref.container}`

/** A kind of kubelet line. `literal` stands in every such line, in text and in JSON: no quotes, no `<`, `>` or `&`. */
export interface KubeletLine {
  readonly literal: string
  read(speech: Speech, record: LogRecord, state: KubeletState): Event | null
}
