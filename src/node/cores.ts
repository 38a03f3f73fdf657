import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/**
 * Cores that this process may keep busy: those of the machine that it may run on, and no more than its cgroup's quota gives (a container's CPU limit).
 * Node.js 20 does not ask for the quota, so that a container with two cores on a machine of 64 would start 64 workers.
 */
export function cores(read: (file: string) => string = (file) => readFileSync(file, 'latin1'), machine = availableParallelism()): number {
  return Math.max(1, Math.min(machine, Math.ceil(quota(read) ?? machine)))
}

/** Of the process' own cgroup as a container sees it: `cpu.max` of v2 (`200000 100000`, `max 100000`), `cpu.cfs_quota_us` of v1 (-1: none). */
function quota(read: (file: string) => string): number | null {
  const number = (file: string, shape: RegExp): number[] => {
    try {
      return (
        shape
          .exec(read(`/sys/fs/cgroup/${file}`))
          ?.slice(1)
          .map(Number) ?? []
      )
    } catch {
      return []
    }
  }
  const [v2, v2Period] = number('cpu.max', /^(\d+) (\d+)/)
  const [v1] = number('cpu/cpu.cfs_quota_us', /^(\d+)/)
  const [v1Period] = number('cpu/cpu.cfs_period_us', /^(\d+)/)
  const [us, period] = v2 === undefined ? [v1, v1Period] : [v2, v2Period]
  return us === undefined || period === undefined || period === 0 ? null : us / period
}
