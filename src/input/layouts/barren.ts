/**
 * Files of a machine's tree that are known by their place to hold nothing about memory that ran out: a sosreport has a hundred thousand of them, mostly single
 * numbers. Only the kernel's own trees are named here, and of them what somebody asks for is left: limits, marks and counts of kills of control groups, `vm` and
 * `kernel` settings, a process's `status`, `cmdline` and `cgroup`, how often the machine slept, crash logs of pstore. Names with an ending that logs and archives have are never refused.
 */
const sysTree =
  /(?:^|\/)sys\/(?:block|bus|class|dev|devices|firmware|hypervisor|kernel|module|power)\/(?!(?:debug\/)?suspend_stats(?:\/success)?$)/
const cgroupTree = /(?:^|\/)sys\/fs\/cgroup\//
const cgroupFile = /\/memory\.(?:events|events\.local|high|max|peak|limit_in_bytes|max_usage_in_bytes|failcnt|oom_control)$/
const procSys = /(?:^|\/)proc\/sys\/(?!vm\/|kernel\/)/
const procPid = /(?:^|\/)proc\/\d+\/(?!(?:status|cmdline|cgroup)$)/
const logLike = /\.(?:log|txt|json|ya?ml|out|gz|xz|zst|bz2|zip|tar|tgz|journal|dmesg)\b|dmesg|messages|syslog|journal/i

/** Whole trees of sysfs, a file for each figure of each device: they are not even listed. */
const sysFolder = /(?:^|\/)sys\/(?:block|bus|class|dev|devices|firmware|hypervisor|module)$/

export const isBarrenFolder = (path: string): boolean => sysFolder.test(path)

export function isBarren(path: string): boolean {
  if (!path.includes('sys/') && !path.includes('proc/')) return false
  const barren = sysTree.test(path) || procSys.test(path) || procPid.test(path) || (cgroupTree.test(path) && !cgroupFile.test(path))
  return barren && !logLike.test(path.slice(path.lastIndexOf('/') + 1))
}
