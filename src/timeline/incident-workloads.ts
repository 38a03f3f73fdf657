import type { Kill, Workload } from '../model/incident.ts'

/**
 * A container's earlier run, whose id nothing names any more, bears the name of the one container of its pod in which the same program died at the same limit.
 */
export function namedAlike(kills: readonly Kill[]): readonly Kill[] {
  const keyOf = ({ workload, comm, dump }: Kill): string | null =>
    workload?.podUid == null || dump?.memory?.limitBytes == null ? null : `${workload.podUid}|${comm}|${dump.memory.limitBytes}`
  const names = new Map<string, Set<string>>()
  for (const kill of kills) {
    const key = keyOf(kill)
    const name = kill.workload?.container ?? null
    if (key !== null && name !== null) names.set(key, (names.get(key) ?? new Set()).add(name))
  }
  return kills.map((kill) => {
    const known = names.get(keyOf(kill) ?? '')
    const [name] = known ?? []
    if (name === undefined || known?.size !== 1 || kill.workload === null || kill.workload.container !== null) return kill
    return { ...kill, workload: { ...kill.workload, container: name } }
  })
}

/** Workloads of an incident, each once: a restarted container is the same workload under another id. */
export function distinctWorkloads(kills: readonly Kill[]): Workload[] {
  const byName = new Map<string, Workload>()
  for (const { workload, comm } of kills) {
    if (workload === null) continue
    const pod = workload.podUid ?? workload.pod
    const key =
      pod !== null
        ? `${pod}|${workload.container ?? workload.containerId ?? ''}`
        : (workload.containerId ?? workload.unit ?? (workload.kind === 'process' ? `process ${comm}` : JSON.stringify(workload)))
    const known = byName.get(key)
    byName.set(
      key,
      known === undefined ? workload : { ...workload, containerIds: [...new Set([...known.containerIds, ...workload.containerIds])] },
    )
  }
  const all = [...byName.values()]
  return all.every((w) => w.kind === 'process') ? all.slice(0, 1) : all
}

/** `containerId` is the last one killed, `containerIds` all of them (contract); the names are those of the first victim's workload. */
export function lastOf(kills: readonly Kill[], first: Workload): Workload {
  const same = kills.filter((k) => k.workload !== null && sameWorkload(k.workload, first))
  return { ...first, ...pick(same.at(-1)?.workload ?? first) }
}
const pick = (w: Workload): Pick<Workload, 'containerId'> => ({ containerId: w.containerId })
const sameWorkload = (a: Workload, b: Workload): boolean =>
  a.podUid !== null || b.podUid !== null
    ? a.podUid === b.podUid && (a.container === b.container || a.container === null || b.container === null)
    : a.containerId === b.containerId && a.unit === b.unit

/** With the ids of all its containers that were killed. */
export function withAllIds(w: Workload, kills: readonly Kill[]): Workload {
  const ids = kills
    .filter((k) => k.workload !== null && sameWorkload(k.workload, w))
    .map((k) => k.workload?.containerId)
    .filter((id): id is string => id != null)
  return { ...w, containerIds: [...new Set(ids)] }
}
