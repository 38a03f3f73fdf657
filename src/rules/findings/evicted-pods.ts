import type { Finding } from '../../model/finding.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { code, say } from '../../text/say.ts'
import { inNamespace, safeCommand, shellWord } from '../../text/shell.ts'
import { evidence } from '../evidence.ts'
import { type FindingRule, podLabel, type Scene } from './scene.ts'

/** What was short, as the kubelet names it: `The node was low on resource: ephemeral-storage.` (kubelet, eviction/helpers.go). */
const RESOURCE =
  /low on resource: (?<resource>[\w-]+)|exceeds? (?:its|the) (?:local )?(?<other>ephemeral[- ]storage|emptyDir)|(?<volume>emptyDir) volume/i

/** Evictions of which the input does not say that memory was short: for something else, or without a word of why. */
export const evictedPods: FindingRule = (scene) => {
  const pods = scene.pods.filter((pod) => pod.reason === 'Evicted' && !isKill(scene, pod))
  return pods.flatMap((pod): Finding[] => {
    const groups = RESOURCE.exec(pod.message ?? '')?.groups
    const resource = groups?.['resource'] ?? groups?.['other'] ?? groups?.['volume'] ?? null
    if (resource === 'memory' || (pod.message !== null && resource === null)) return []
    return [
      {
        id: resource === null ? 'evicted-cause-unknown' : 'evicted-for-other-resource',
        statement:
          resource === null
            ? say`Pod ${code(podLabel(pod))} was evicted; what its node was short of is not in the input: ${code(commandFor(pod))} shows the message.`
            : say`Pod ${code(podLabel(pod))} was evicted because its node was short of ${code(resource)}: that is not memory.`,
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
