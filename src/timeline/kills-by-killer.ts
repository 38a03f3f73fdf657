import type { UserspaceKillEvent } from '../model/event.ts'
import type { Kill } from '../model/incident.ts'

/** The killer's word on one of these kills. Ten thousand kills of a story are asked for as many times: they are told apart by killer and PID once. */
export function isKillOf(kills: readonly Kill[], { killer, pid, cgroup }: UserspaceKillEvent): boolean {
  const cgroups = cgroupsByKiller(kills).get(`${killer} ${pid}`)
  return cgroups !== undefined && (cgroup === null || cgroups.has(cgroup))
}

const knownCgroups = new WeakMap<readonly Kill[], ReadonlyMap<string, ReadonlySet<string | null>>>()

function cgroupsByKiller(kills: readonly Kill[]): ReadonlyMap<string, ReadonlySet<string | null>> {
  const cgroups = knownCgroups.get(kills) ?? readCgroups(kills)
  knownCgroups.set(kills, cgroups)
  return cgroups
}

function readCgroups(kills: readonly Kill[]): ReadonlyMap<string, ReadonlySet<string | null>> {
  const made = new Map<string, Set<string | null>>()
  for (const { killer, pid, memcg } of kills) {
    const key = `${killer} ${pid}`
    const cgroups = made.get(key)
    if (cgroups === undefined) made.set(key, new Set([memcg]))
    else cgroups.add(memcg)
  }
  return made
}
