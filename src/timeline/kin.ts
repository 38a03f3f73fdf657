import { changed } from '../model/changed.ts'
import type { Kill } from '../model/incident.ts'
import { sameHost } from './hosts.ts'
import { gapUs } from './instants.ts'
import { minuteUs } from './other-deaths.ts'

/** Kills of one shortage follow each other within this (contract). */
const shortageUs = 10 * minuteUs

/**
 * A report at the limit of a memory cgroup that does not say which (its `oom-kill:` or `Task in` line is lost), minutes from one that does: the same program with the same
 * adjustment on the same host, at the same limit where both print one, died in the same group. Not where two groups could be meant.
 */
export function withKin(kills: readonly Kill[]): Kill[] {
  const named = kills.filter((k) => k.dump !== null && k.dump.oomMemcg !== null && k.comm !== null)
  if (named.length === 0) return [...kills]
  return kills.map((kill) => {
    if (kill.dump === null || kill.dump.oomMemcg !== null || kill.dump.scope !== 'memcg' || kill.memcg !== null) return kill
    const kin = named.filter((other) => isKin(kill, other))
    const [first] = kin
    if (first === undefined || new Set(kin.map((k) => k.dump?.oomMemcg)).size !== 1) return kill
    const lived = new Set(kin.map((k) => k.memcg)).size === 1 ? { memcg: first.memcg, workload: first.workload, target: first.target } : {}
    return { ...kill, ...lived, dump: changed(kill.dump, { oomMemcg: first.dump?.oomMemcg ?? null }) }
  })
}

function isKin(a: Kill, b: Kill): boolean {
  const gap = gapUs(a.at, b.at)
  const [limitA, limitB] = [a.dump?.memory?.limitBytes ?? null, b.dump?.memory?.limitBytes ?? null]
  return (
    a.comm === b.comm &&
    a.oomScoreAdj !== null &&
    a.oomScoreAdj === b.oomScoreAdj &&
    sameHost(a.host, b.host) &&
    gap !== null &&
    Math.abs(gap) < shortageUs &&
    (limitA === null || limitB === null || limitA === limitB)
  )
}
