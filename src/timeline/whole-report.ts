import { hitLimit } from '../kernel/memcg-limit.ts'
import type { KernelKill, OomDump } from '../model/oom-dump.ts'

/**
 * Whether a report of an unknown writer vouches for itself: its parts agree with each other, as a lone line, or one beside another, cannot. Either header, figures,
 * table and kill line do, or, where no table was printed (vm.oom_dump_tasks=0, or cut from a paste), the named group, its counter at the limit, and a victim that fits
 * into what the group used.
 */
export function vouchesForItself(dump: OomDump): boolean {
  const { has, kills, tasks } = dump
  if (!has.tasks) return dump.oomMemcg !== null && has.kill && kills.some((kill) => fitsGroup(kill, dump))
  return (
    has.header &&
    (has.memcg || has.memInfo) &&
    (has.kill || has.summary) &&
    kills.some((k) => tasks.some((r) => r.pid === k.pid || r.tgid === k.pid || r.comm === k.comm))
  )
}

function fitsGroup(kill: KernelKill, dump: OomDump): boolean {
  const hit = hitLimit(dump)
  if (hit?.reached !== true || kill.anonRssBytes === null) return false
  return kill.anonRssBytes + (kill.shmemRssBytes ?? 0) <= hit.counter.usageBytes
}
