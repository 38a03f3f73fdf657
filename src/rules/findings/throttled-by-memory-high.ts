import { identifyCgroup } from '../../kube/cgroup-path.ts'
import { bytes, code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import { throttled } from '../root-cause/memory-high-throttling.ts'
import { type FindingRule, podLabel, sameId, workloadOfPod } from './scene.ts'

/** memory.high throttles and never kills: slow, with usage that stays high, it is taken for a leak (§7.29). */
export const throttledByMemoryHigh: FindingRule = (scene) =>
  scene.timeline.snapshots.flatMap((snapshot) => {
    if (snapshot.kind !== 'cgroup') return []
    const found = throttled({ cgroups: [snapshot] })
    // The counter is hierarchical: pods and their parents repeat what a container below them counted.
    if (found === null || ['kubepods', 'qos', 'root'].includes(identifyCgroup(found.path).level)) return []
    const high = Number(snapshot.files['memory.high']?.value ?? Number.NaN)
    const at = Number.isFinite(high) ? say` of ${bytes(high)}` : say``
    const identity = identifyCgroup(found.path)
    const pod = scene.pods.find((p) => identity.podUid !== null && (p.uid === identity.podUid || p.configHash === identity.podUid))
    const container = pod?.containers.find((c) => sameId(c.containerId, identity.containerId))
    const who =
      pod === undefined ? code(found.path) : container === undefined ? code(podLabel(pod)) : code(`${podLabel(pod)}/${container.name}`)
    return [
      {
        id: 'memory-high-throttling',
        statement: say`${who} was throttled ${count(found.high)} times at its memory.high${at}; that slows it down and kills nothing.`,
        workload: pod === undefined || container === undefined ? null : workloadOfPod(pod, container, identity.containerId),
        evidence: evidence([found.quote]),
      },
    ]
  })
