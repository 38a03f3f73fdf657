import type { EvictionEvent } from '../../model/event.ts'
import type { PlacedEvent } from '../../model/incident.ts'
import { code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule } from './scene.ts'

/**
 * Pods that the kubelet evicted for something else than memory, or for something that no line names: no memory incident, and the reader is told so. Once a signal,
 * with the pods.
 */
export const evictedNotMemory: FindingRule = (scene) => {
  const counted = new Set(scene.kills.map((kill) => kill.event))
  const evictions = scene.of('eviction')
  const told = new Set(scene.pods.filter((pod) => pod.reason === 'Evicted').map((pod) => pod.name))
  const done = evictions.filter(
    ({ event }) => isEnd(event) && !counted.has(event) && !isKilled(event, scene.kills) && !told.has(event.target?.pod ?? ''),
  )
  const [first] = done
  if (first === undefined) return []
  const signals = new Set(evictions.map(({ event }) => event.signal).filter((s): s is string => s !== null && !s.includes('memory')))
  const memory = evictions.some(({ event }) => event.signal?.includes('memory'))
  const [signal] = signals
  if (signal === undefined && memory) return []
  const pods = [...new Set(done.map(({ event }) => podOf(event)))]
  const pod = pods.find((each) => each !== null) ?? null
  const who =
    pods.length > 1
      ? say`${pods.length} pods${pod === null ? '' : say`, first ${code(pod)}`}`
      : pod === null
        ? 'a pod'
        : say`pod ${code(pod)}`
  const sources = evictions.filter(({ event }) => event.signal === signal && signal !== undefined)
  return [
    {
      id: 'evicted-not-for-memory',
      statement:
        signal === undefined
          ? say`The kubelet evicted ${who}; which signal it was short of is not in the log, so this is no proof of a memory shortage.`
          : say`The kubelet evicted ${who} because the node was low on ${code(signal)}, not on memory.`,
      workload: null,
      evidence: evidence(
        done.flatMap((p) => p.event.quotes.slice(0, 1)).slice(0, 3),
        sources.flatMap((p: PlacedEvent<EvictionEvent>) => p.event.quotes.slice(0, 1)).slice(0, 1),
      ),
    },
  ]
}

/** That one was evicted is a proof also where the line lost its name. */
const isEnd = (e: EvictionEvent): boolean => e.stage === 'evicted' || (e.stage === 'evicting' && e.target !== null)

const podOf = ({ target }: EvictionEvent): string | null =>
  target?.pod == null ? (target?.podUid ?? null) : target.namespace === null ? target.pod : `${target.namespace}/${target.pod}`

/** One eviction is told by several lines: one that became a kill is none of these. */
const isKilled = (e: EvictionEvent, kills: Parameters<FindingRule>[0]['kills']): boolean =>
  kills.some(
    (k) => k.killer === 'kubelet' && (e.target === null || (k.target?.pod === e.target.pod && k.target?.namespace === e.target.namespace)),
  )
