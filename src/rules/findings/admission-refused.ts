import { bytes, code, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, podLabel } from './scene.ts'

/** `OutOfmemory` is an admission's answer: what the pods asked for, not what was in use, left no room; nothing ran, nothing was killed (§5.4). */
export const admissionRefused: FindingRule = (scene) =>
  scene.pods.flatMap((pod) => {
    const pressure = pod.reason === 'Evicted' && /had condition: \[[^\]]*MemoryPressure/.test(pod.message ?? '')
    if (pod.reason !== 'OutOfmemory' && !pressure) return []
    const figures = /requested: (?<requested>\d+), used: (?<used>\d+), capacity: (?<capacity>\d+)/.exec(pod.message ?? '')?.groups
    const sums =
      figures === undefined
        ? say``
        : say` (requested ${bytes(Number(figures['requested']))}, already promised ${bytes(Number(figures['used']))} of ${bytes(Number(figures['capacity']))})`
    return [
      {
        id: 'admission-refused',
        statement: pressure
          ? say`Pod ${code(podLabel(pod))} was turned away because its node was in MemoryPressure: it never ran, and nothing in it was killed.`
          : say`Pod ${code(podLabel(pod))} was turned away with ${code('OutOfmemory')}${sums}: the requests of the node's pods left no room. It never ran, and nothing was killed.`,
        workload: null,
        evidence: evidence(pod.quotes.slice(0, 4)),
      },
    ]
  })
