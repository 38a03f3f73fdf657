import { countText } from '../text/values.ts'
import type { Fleet, FleetGroup, FleetIncident } from './define-fleet.ts'
import { titleOf } from './fleet-words.ts'
import { maximum, minimum } from './times.ts'

const counted = (count: number, one: string, many = `${one}s`): string => `${countText(count)} ${count === 1 ? one : many}`

/** What a workload did that ended at this limit, after "9 are checkout …". */
const reaching: Readonly<Record<string, string>> = {
  'container-limit': 'reaching its own limit',
  'pod-limit': 'reaching its pod’s limit',
  'unit-limit': 'reaching its unit’s limit',
  'cgroup-limit': 'reaching its cgroup’s limit',
  'allocatable-limit': 'when all pods together reached what the node allows them',
  'node-memory': 'when the whole machine ran out of memory',
  'eviction-threshold': 'evicted by the kubelet',
  'pressure-threshold': 'killed by a userspace killer',
  'runtime-heap': 'out of memory inside its own heap',
  'overcommit-limit': 'refused by the overcommit limit',
}

/** What a page says first, and what it says below that. */
export interface FleetSummary {
  readonly head: string
  readonly rest: string
}

/** "14 incidents with 20 kills on 6 of 40 nodes" and ", 2024-05-01 to 2024-05-03; 9 are shop/cart reaching its own limit." */
export function summaryParts(counts: Fleet['counts'], groups: readonly FleetGroup[], incidents: readonly FleetIncident[]): FleetSummary {
  const unread = counts.unreadable > 0 ? `; ${counted(counts.unreadable, 'bundle')} could not be read whole` : ''
  const hidden = counts.hidden ?? 0
  if (counts.incidents === 0)
    return hidden === 0
      ? { head: `No out-of-memory incident in ${counted(counts.bundles, 'bundle')}`, rest: `${unread}.` }
      : {
          head: `The filter leaves nothing: it hides ${hidden === 1 ? 'the one incident' : `all ${countText(hidden)} incidents`}`,
          rest: `${unread}.`,
        }
  const days = [minimum(incidents.map((i) => i.firstTime)), maximum(incidents.map((i) => i.lastTime))].map((t) => t?.slice(0, 10))
  const span = days[0] === undefined ? '' : days[0] === days[1] ? `, ${days[0]}` : `, ${days[0]} to ${days[1]}`
  const seen = counts.hostsSeen > counts.hosts ? ` of ${countText(counts.hostsSeen)}` : ''
  const where = counts.hosts === 0 ? '' : ` on ${countText(counts.hosts)}${seen} ${counts.hostsSeen === 1 ? 'node' : 'nodes'}`
  const top = groups.reduce((a, b) => (b.incidents.length > a.incidents.length ? b : a))
  const n = top.incidents.length
  const which = n === counts.incidents ? (n === 1 ? 'it is' : 'all are') : n === 1 ? null : `${countText(n)} are`
  const most = which === null ? '' : `; ${which} ${top.workload} ${reaching[top.limit] ?? `(${titleOf('limit', top.limit)})`}`
  const more = hidden === 0 ? '' : `; the filter hides ${countText(hidden)} more`
  return {
    head: `${counted(counts.incidents, 'incident')} with ${counted(counts.kills, 'kill')}${where}`,
    rest: `${span}${most}${more}${unread}.`,
  }
}

/** Both in one sentence. */
export function summaryOf(counts: Fleet['counts'], groups: readonly FleetGroup[], incidents: readonly FleetIncident[]): string {
  const { head, rest } = summaryParts(counts, groups, incidents)
  return `${head}${rest}`
}
