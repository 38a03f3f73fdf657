import type { Fleet, FleetGroup, FleetIncident } from './define-fleet.ts'
import { grouped } from './grouped.ts'

/** Rows a file holds before the next one begins: pages stay quick to open, from a zip as well. */
const incidentsPerFile = 250

const paged = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / incidentsPerFile) }, (_, n) => list.slice(n * incidentsPerFile, (n + 1) * incidentsPerFile))

export interface Part<T> {
  readonly of: T
  readonly anchor: string
  readonly incidents: readonly FleetIncident[]
  readonly continued: boolean
}

/** Lists of incidents under headings, newest first, cut into files of about the same length: `by-workload-1.html#w1`. */
function pagedParts<T>(list: readonly { readonly of: T; readonly incidents: readonly FleetIncident[] }[], prefix: string): Part<T>[][] {
  const files: Part<T>[][] = []
  let open: Part<T>[] = []
  let room = incidentsPerFile
  for (const [index, { of, incidents }] of list.entries())
    for (let at = 0; at < incidents.length; ) {
      if (room === 0) {
        files.push(open)
        open = []
        room = incidentsPerFile
      }
      const part = incidents.slice(at, at + room)
      open.push({ of, anchor: at === 0 ? `${prefix}${index + 1}` : `${prefix}${index + 1}-${at}`, incidents: part, continued: at > 0 })
      at += part.length
      room -= part.length
    }
  if (open.length > 0) files.push(open)
  return files
}

/** The lists behind the index: incidents by time, by workload, by node; newest first. */
export interface FleetLists {
  readonly times: readonly (readonly FleetIncident[])[]
  readonly workloads: readonly (readonly Part<FleetGroup>[])[]
  readonly nodes: readonly (readonly Part<string>[])[]
  /** Where the list of a group or a node begins. */
  readonly placeOfGroup: ReadonlyMap<string, string>
  readonly placeOfNode: ReadonlyMap<string, string>
}

export function listsOf(fleet: Fleet): FleetLists {
  const newest = [...fleet.incidents].reverse()
  const byGroup = grouped(newest, (i) => i.group)
  const byHost = grouped(newest, (i) => i.host)
  const workloads = pagedParts(
    fleet.groups.map((of) => ({ of, incidents: byGroup.get(of.key) ?? [] })),
    'w',
  )
  const nodes = pagedParts(
    fleet.hosts.map(({ host }) => ({ of: host, incidents: byHost.get(host) ?? [] })),
    'n',
  )
  return {
    times: paged(newest),
    workloads,
    nodes,
    placeOfGroup: places(workloads, 'by-workload', (g) => g.key),
    placeOfNode: places(nodes, 'by-node', (host) => host),
  }
}

const places = <T>(files: readonly (readonly Part<T>[])[], name: string, keyOf: (of: T) => string): Map<string, string> =>
  new Map(
    files.flatMap((parts, n) => parts.filter((p) => !p.continued).map((p) => [keyOf(p.of), `${name}-${n + 1}.html#${p.anchor}`] as const)),
  )
