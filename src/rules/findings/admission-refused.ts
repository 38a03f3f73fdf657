import type { Finding } from '../../model/finding.ts'
import { bytes, code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, podLabel, type Scene } from './scene.ts'

/** `OutOfmemory` is an admission's answer: what the pods asked for, not what was in use, left no room; nothing ran, nothing was killed (§5.4). */
export const admissionRefused: FindingRule = (scene) => [...refusedPods(scene), ...refusedInEvents(scene)]

/** The same as an event: `Warning Evicted pod/web-abc12 The node had condition: [MemoryPressure].` */
function refusedInEvents(scene: Scene): readonly Finding[] {
  return scene.of('object-event').flatMap(({ event }) => {
    const full = event.reason === 'OutOfmemory'
    if (!full && event.refusedFor?.includes('MemoryPressure') !== true) return []
    if (scene.pods.some((pod) => pod.name === event.name && (pod.reason === 'Evicted' || full) && pod.message !== null)) return []
    const label = event.namespace === null ? (event.name ?? '?') : `${event.namespace}/${event.name ?? '?'}`
    return [
      {
        id: 'admission-refused',
        statement: full
          ? say`Pod ${code(label)} was turned away with ${code('OutOfmemory')}: the requests of the node's pods left no room. It never ran, and nothing was killed.`
          : say`Pod ${code(label)} was turned away at admission because its node was in MemoryPressure: it never ran, and nothing in it was killed.`,
        workload: null,
        evidence: evidence(event.quotes.slice(0, 2)),
      },
    ]
  })
}

const refusedPods: FindingRule = (scene) =>
  scene.pods.flatMap((pod) => {
    if (pod.end?.what !== 'refused') return []
    const pressure = pod.end.conditions.includes('MemoryPressure')
    if (pod.reason !== 'OutOfmemory' && !pressure) return []
    const { sums } = pod.end
    const figures =
      sums === null
        ? say``
        : say` (requested ${bytes(sums.requestedBytes)}, already reserved ${bytes(sums.usedBytes)} of ${bytes(sums.capacityBytes)})`
    return [
      {
        id: 'admission-refused',
        statement: pressure
          ? say`Pod ${code(podLabel(pod))} was turned away because its node was in MemoryPressure: it never ran, and nothing in it was killed.`
          : say`Pod ${code(podLabel(pod))} was turned away with ${code('OutOfmemory')}${figures}: the requests of the node's pods left no room. It never ran, and nothing was killed.`,
        workload: null,
        evidence: evidence(pod.quotes.slice(0, 4)),
      },
    ]
  })
