import { isAboutMemory, isRefusal } from '../../extract/eviction-message.ts'
import type { Finding } from '../../model/finding.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { code, say } from '../../text/say.ts'
import { inNamespace, safeCommand, shellWord } from '../../text/shell.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, podLabel, type Scene } from './scene.ts'

/** Evictions of which the input does not say that memory was short: for something else, or without a word of why. */
export const evictedPods: FindingRule = (scene) => [...byStatus(scene), ...byEvent(scene)]

/** The same as an event, where no status or line of the kubelet's tells of that pod. */
function byEvent(scene: Scene): readonly Finding[] {
  const told = new Set([...scene.pods.map((pod) => pod.name), ...scene.of('eviction').map(({ event }) => event.target?.pod)])
  return scene.of('object-event').flatMap(({ event }): Finding[] => {
    const isUnsaid = event.reason === 'Evicted' && !isAboutMemory(event.message) && !isRefusal(event.message)
    if ((event.evictedFor === undefined && !isUnsaid) || told.has(event.name ?? '')) return []
    told.add(event.name ?? '')
    const label = event.namespace === null ? (event.name ?? '?') : `${event.namespace}/${event.name ?? '?'}`
    return [
      {
        id: event.evictedFor === undefined ? 'evicted-cause-unknown' : 'evicted-for-other-resource',
        statement:
          event.evictedFor === undefined
            ? say`Pod ${code(label)} was evicted; what its node was short of is not in the message, or not whole.`
            : say`Pod ${code(label)} was evicted because of ${code(event.evictedFor)}: that is not memory.`,
        workload: null,
        evidence: evidence(event.quotes.slice(0, 2)),
      },
    ]
  })
}

const byStatus: FindingRule = (scene) => {
  const pods = scene.pods.filter((pod) => pod.reason === 'Evicted' && !isKill(scene, pod))
  return pods.flatMap((pod): Finding[] => {
    const { shortOf, overLimitOf } = pod.end?.what === 'evicted' ? pod.end : { shortOf: null, overLimitOf: null }
    const unsaid = shortOf === null && overLimitOf === null
    if (shortOf === 'memory' || (pod.message !== null && unsaid)) return []
    return [
      {
        id: unsaid ? 'evicted-cause-unknown' : 'evicted-for-other-resource',
        statement: unsaid
          ? say`Pod ${code(podLabel(pod))} was evicted; what its node was short of is not in the input: ${code(commandFor(pod))} shows the message.`
          : shortOf === null
            ? say`Pod ${code(podLabel(pod))} was evicted because it had used more local storage (${overLimitOf ?? ''}) than it may: that is not the node's memory.`
            : say`Pod ${code(podLabel(pod))} was evicted because its node was short of ${code(shortOf)}: that is not memory.`,
        workload: null,
        evidence: evidence(pod.quotes.slice(0, 2)),
      },
    ]
  })
}

const commandFor = (pod: PodSnapshot): string =>
  safeCommand(`kubectl describe pod${inNamespace(pod.namespace)} ${pod.name === '' ? 'NAME' : shellWord(pod.name)}`) ??
  'kubectl describe pod'

function isKill(scene: Scene, pod: PodSnapshot): boolean {
  return scene.kills.some((kill) => kill.killer === 'kubelet' && kill.workload?.pod === pod.name)
}
