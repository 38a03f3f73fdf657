import { identifyCgroup } from '../kube/cgroup-path.ts'
import type { ClockAnchor } from '../model/event.ts'
import type { SourceEvidence } from '../model/evidence.ts'
import type { PodSnapshot } from '../model/snapshot.ts'
import type { Boot } from './boots.ts'
import { sameId } from './directory.ts'

/**
 * Anchors from others who tell of the same death: a runtime's TaskOOM or a status' finishedAt names the container that the kernel killed at a known
 * uptime. They come 0–2 s after it (kubernetes-oom §8), so they bound the clock from above, as a logger's stamps do. A container that dies once only:
 * of several kills in one container nobody knows which was meant.
 */
export function echoesOf(boot: Boot, near: readonly SourceEvidence[]): ClockAnchor[] {
  const deaths = deathsById(boot)
  if (deaths.size === 0) return []
  const anchors: ClockAnchor[] = []
  const echo = (id: string | null, epochUs: number | null, source: string): void => {
    if (id === null || epochUs === null) return
    const uptimeUs = deaths.get(id) ?? [...deaths].find(([known]) => sameId(known, id))?.[1]
    if (uptimeUs !== undefined && uptimeUs !== null)
      anchors.push({ source, line: null, host: boot.host, bootId: boot.bootId, uptimeUs, wall: { epochUs }, via: 'syslog' })
  }
  for (const { source, events, snapshots } of near) {
    for (const event of events)
      if (event.kind === 'container' && (event.what === 'oom' || event.what === 'exit'))
        echo(event.target.containerId, event.moment.wall?.epochUs ?? null, source.name)
    for (const pod of snapshots.filter((s): s is PodSnapshot => s.kind === 'pod'))
      for (const c of pod.containers)
        for (const state of [c.state, c.lastState])
          if (state?.kind === 'terminated' && state.exitCode === 137)
            echo(state.containerId, state.finishedUs === null ? null : state.finishedUs + 1_000_000, source.name)
  }
  return anchors
}

/** Uptime of the kill per container id; `null` where a container saw several. */
function deathsById(boot: Boot): Map<string, number | null> {
  const deaths = new Map<string, number | null>()
  for (const segment of boot.segments)
    for (const event of segment.events) {
      if (event.kind !== 'kernel-oom') continue
      for (const kill of event.dump.kills) {
        const id = kill.taskMemcg === null ? null : identifyCgroup(kill.taskMemcg).containerId
        if (id === null || kill.moment.uptimeUs === null) continue
        const known = deaths.get(id)
        deaths.set(
          id,
          known === undefined || (known !== null && Math.abs(known - kill.moment.uptimeUs) < 1_000_000)
            ? Math.min(known ?? kill.moment.uptimeUs, kill.moment.uptimeUs)
            : null,
        )
      }
    }
  return deaths
}
