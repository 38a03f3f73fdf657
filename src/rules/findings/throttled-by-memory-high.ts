import type { IncidentFacts } from '../../facts/incident-facts.ts'
import { identifyCgroup } from '../../kube/cgroup-path.ts'
import type { Phrase } from '../../model/diagnosis.ts'
import type { CgroupIdentity } from '../../model/figures.ts'
import { bytes, code, count, say } from '../../text/say.ts'
import { shellWord } from '../../text/shell.ts'
import { evidence } from '../evidence.ts'
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
        statement: say`${who} was throttled ${count(found.high)} times at its memory.high${at}; that slows it down and kills nothing. ${raiseIt(identity)}; ${code('memory.pressure')} beside it tells how long its tasks waited.`,
        workload: pod === undefined || container === undefined ? null : workloadOfPod(pod, container, identity.containerId),
        evidence: evidence([found.quote]),
      },
    ]
  })

/** Who set it decides who may take it back: the kubelet (MemoryQoS) writes it anew with each pod. */
const raiseIt = ({ level, unit, podUid, path }: CgroupIdentity): Phrase =>
  podUid !== null
    ? say`The kubelet derives it from request and limit: raise the limit, or ${code('memoryThrottlingFactor')}`
    : unit !== null && (level === 'unit' || level === 'slice')
      ? say`Clear it by ${code(`systemctl set-property ${shellWord(unit)} MemoryHigh=infinity`)}, or raise it`
      : say`Clear it by ${code(`echo max > ${shellWord(`/sys/fs/cgroup${path}/memory.high`)}`)}, or raise it`

/** A cgroup whose memory.events count throttling and no kill. */
function throttled(facts: Pick<IncidentFacts, 'cgroups'>) {
  for (const cgroup of facts.cgroups) {
    const counter = cgroup.files['memory.events.high'] ?? cgroup.files['memory.events.local.high'] ?? null
    const kills = cgroup.files['memory.events.oom_kill'] ?? cgroup.files['memory.events.local.oom_kill'] ?? null
    const high = Number(counter?.value ?? 0)
    if (counter !== null && high > 0 && Number(kills?.value ?? 0) === 0) return { path: cgroup.path, high, quote: counter.quote }
  }
  return null
}
