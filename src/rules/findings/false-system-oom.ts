import { minorOfVersion } from '../../kube/version.ts'
import type { Finding } from '../../model/finding.ts'
import type { Kill, PlacedEvent } from '../../model/incident.ts'
import { code, count, say } from '../../text/say.ts'
import { evidence } from '../evidence.ts'
import type { FindingRule, Scene } from './scene.ts'

/** Kubelets up to 1.20 on kernels from 5.0 report every container's OOM as SystemOOM of the node (google/cadvisor#2417; §4.3). */
export const falseSystemOom: FindingRule = (scene) => {
  const said = [
    ...scene.of('node').filter(({ event }) => event.what === 'system-oom'),
    ...scene.of('object-event').filter(({ event }) => event.reason === 'SystemOOM'),
  ]
  if (said.length === 0) return []
  const global = scene.timeline.incidents.some((incident) =>
    incident.dumps.some(({ event }) => event.kind === 'kernel-oom' && event.dump.scope === 'global'),
  )
  const contained = scene.kills.filter((kill) => kill.dump?.scope === 'memcg')
  const old = oldKubelet(scene)
  if (global) return []
  if (contained.length === 0) return old === null ? [] : unproven(said, old)
  const reason = old === null ? say`` : say`; kubelet ${code(old)} reports every container's kill like that on kernels from 5.0 on`
  return [
    {
      id: 'false-system-oom',
      statement: say`${count(said.length)} SystemOOM ${said.length === 1 ? say`message is` : say`messages are`} false: the kernel names a cgroup as the limit each time, so the node was not out of memory${reason}.`,
      workload: null,
      evidence: evidence(
        said.slice(0, 3).map(({ event }) => event.quotes[0] ?? null),
        limitLines(contained),
      ),
    },
  ]
}

/** Nothing else tells of the kill: then the message is no proof either way. */
function unproven(said: readonly PlacedEvent[], version: string): readonly Finding[] {
  return [
    {
      id: 'system-oom-unproven',
      statement: say`SystemOOM of kubelet ${code(version)} does not prove that the node was out of memory: up to 1.20 every container's kill was reported like that on kernels from 5.0 on. Only the kernel's log shows which it was.`,
      workload: null,
      evidence: evidence(said.slice(0, 3).map(({ event }) => event.quotes[0] ?? null)),
    },
  ]
}

function oldKubelet(scene: Scene): string | null {
  for (const snapshot of scene.timeline.snapshots) {
    if (snapshot.kind !== 'node' || snapshot.kubeletVersion === null) continue
    if ((minorOfVersion(snapshot.kubeletVersion) ?? Infinity) <= 20) return snapshot.kubeletVersion
  }
  return null
}

const limitLines = (kills: readonly Kill[]) =>
  kills.slice(0, 2).flatMap((kill) => kill.dump?.quotes.summary?.slice(0, 1) ?? kill.evidence.slice(0, 1))
