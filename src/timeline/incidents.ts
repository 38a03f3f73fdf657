import type { Event, KernelOomEvent } from '../model/event.ts'
import type { Incident, Kill, PlacedEvent } from '../model/incident.ts'
import { clusters } from './cluster.ts'
import { sameHost } from './hosts.ts'
import { inTime } from './in-time.ts'
import { finish, type Material } from './incident.ts'
import { distinctWorkloads, lastOf, namedAlike, withAllIds } from './incident-workloads.ts'
import { dumpIncidents, refusedIncidents, runtimeIncidents } from './incidents-without-kill.ts'
import { gapUs } from './instants.ts'
import { minuteUs } from './other-deaths.ts'

export function makeIncidents(m: Material): Incident[] {
  const placedByEvent = new Map<Event, PlacedEvent>(m.dumps.map((d) => [d.event, d]))
  const bare = clusters(m.kills).map((kills) => killIncident(kills, m, placedByEvent))
  const homes = new Map(m.dumpsWithoutKill.map((d) => [d, bare.find((i) => sharesShortage(d, i)) ?? null]))
  const killed = bare.map((i) =>
    withReports(
      i,
      m.dumpsWithoutKill.filter((d) => homes.get(d) === i),
    ),
  )
  const leftover = m.dumpsWithoutKill.filter((d) => homes.get(d) === null)
  const others = [...dumpIncidents(leftover, m), ...refusedIncidents(m), ...runtimeIncidents(m)]
  return inTime([...killed, ...others], (incident) => incident.first)
}

function killIncident(found: readonly Kill[], m: Material, placedByEvent: ReadonlyMap<Event, PlacedEvent>): Incident {
  const kills = namedAlike(found)
  const dumps = [...new Set(kills.map((k) => k.event))]
    .map((e) => (e === null ? undefined : placedByEvent.get(e)))
    .filter((d): d is PlacedEvent => d !== undefined)
  const workloads = distinctWorkloads(kills)
  const merged = kills[0]?.workload == null ? null : withAllIds(lastOf(kills, workloads[0] ?? kills[0].workload), kills)
  return finish(
    {
      kills,
      dumps,
      workload: merged,
      workloads: workloads.length > 1 ? workloads : [],
      nature: 'kill',
      host: kills.find((k) => k.host !== null)?.host ?? null,
      own: new Set(),
    },
    m,
  )
}

/** Reports of the same burst whose kill is lost stay with it: their figures are of the same shortage. */
const withReports = (incident: Incident, dumps: readonly PlacedEvent<KernelOomEvent>[]): Incident =>
  dumps.length === 0 ? incident : { ...incident, dumps: inTime([...incident.dumps, ...dumps], (dump) => dump.at) }

/** A report whose kill line is lost, close to a kill under the same shortage, is part of that incident's burst. */
function sharesShortage(dump: PlacedEvent<KernelOomEvent>, incident: Incident): boolean {
  if (!sameHost(dump.host, incident.host)) return false
  return incident.kills.some((k) => {
    if (k.dump === null || k.dump.scope !== dump.event.dump.scope || k.dump.oomMemcg !== dump.event.dump.oomMemcg) return false
    // Two groups without a name are not one group.
    if (k.dump.scope === 'memcg' && k.dump.oomMemcg === null) return false
    const gap = gapUs(k.at, dump.at)
    return gap !== null && Math.abs(gap) < 10 * minuteUs
  })
}
