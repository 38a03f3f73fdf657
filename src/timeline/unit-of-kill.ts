import { isContainerScope } from '../kube/cgroup-shapes.ts'
import type { UnitEvent } from '../model/event.ts'
import type { Kill, PlacedEvent } from '../model/incident.ts'
import { sameHost } from './hosts.ts'
import { gapUs } from './instants.ts'
import { unitWorkload } from './workloads.ts'

/** systemd learns of a kill within a second; its line may even be stamped first (seen-on-real-systems §3). A starved logger adds seconds. */
const nearUs = 5_000_000

/** What says of a unit that the kernel killed in it. */
const tells = ({ what, result }: UnitEvent): boolean =>
  what === 'oom-killed' || (what === 'failed' && result === 'oom-kill') || (what === 'main-exited' && result?.startsWith('killed') === true)

/**
 * A kill whose lines name no cgroup, and one unit of which systemd says in the same seconds on the same host that a process of it was killed by the OOM killer: the
 * unit is the victim's. Not where another kill or another unit could be meant.
 */
export function withUnits(kills: readonly Kill[], events: readonly PlacedEvent[]): Kill[] {
  const told = events.filter(
    (p): p is PlacedEvent<UnitEvent> => p.event.kind === 'unit' && tells(p.event) && !p.event.unit.endsWith('.slice'),
  )
  if (told.length === 0) return [...kills]
  const near = (k: Kill, p: PlacedEvent): boolean => {
    const gap = gapUs(k.at, p.at)
    return (
      sameHost(k.host, p.host) && gap !== null && Math.abs(gap) <= nearUs + 1000 * ((k.at.uncertaintyMs ?? 0) + (p.at.uncertaintyMs ?? 0))
    )
  }
  return kills.map((kill) => {
    if (kill.memcg !== null || kill.workload?.kind !== 'process') return kill
    const own = told.filter((p) => near(kill, p) && (p.event.pid === null || p.event.what !== 'main-exited' || p.event.pid === kill.pid))
    const units = new Set(own.map((p) => p.event.unit))
    const [unit] = units
    if (units.size !== 1 || unit === undefined) return kill
    const rivals = kills.filter((other) => other !== kill && other.eventKey !== kill.eventKey && own.some((p) => near(other, p)))
    if (rivals.length > 0 || isContainerScope(unit)) return kill
    return { ...kill, workload: unitWorkload(unit) }
  })
}
