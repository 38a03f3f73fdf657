import type { MemcgCounter } from '../../model/oom-dump.ts'
import { shared } from '../../text/shared.ts'
import { bytesOfKb, type Shape, safeInteger } from './shape.ts'

/** Page counters' maximum depends on the page size; no group has 4 PiB and more: that is "no limit". */
const unlimitedKb = 2 ** 52 / 1024

const counter =
  /^(?<which>memory\+swap|memory|swap|kmem|memory\.memsw|tcp_mem): usage (?<usage>\d+)\s?kB, limit (?<limit>\d+)\s?kB(?:, failcnt (?<failcnt>\d+))?/
/**
 * Page counters (4.0 and later, late RHEL7) hold a signed 64-bit count of bytes rounded down to pages: 9007199254740988 kB with pages of 4 KiB, …976 with
 * 16 KiB, …928 with 64 KiB. Resource counters (…991, 18014398509481983) prove nothing.
 */
const pageOfUnlimited: Readonly<Record<string, number>> = {
  '9007199254740988': 4096,
  '9007199254740976': 16384,
  '9007199254740928': 65536,
}
const names = { memory: 'memory', 'memory+swap': 'memorySwap', swap: 'swap', kmem: 'kmem' } as const

function readCounter(usage: string, limit: string, failcnt: string | undefined): MemcgCounter {
  const unlimited = Number(limit) >= unlimitedKb
  return {
    usageBytes: bytesOfKb(usage),
    limitBytes: unlimited ? null : bytesOfKb(limit),
    unlimited,
    failcnt: failcnt === undefined ? null : safeInteger(failcnt),
  }
}

// `total_` sums and `hierarchical_memory_limit` in D/E; upper-case KB in B/C.
const inlineStat = /(?<key>\b[a-z_]{1,64}):(?<value>\d{1,20})\s?[kK]B/g
// A terminal may break the line in a figure (`rss:44` + `8KB rss_huge:0KB`): what has no unit yet is no value.
const statsHead = /^Memory cgroup stats for (?<path>\/.*?|):(?<figures>(?: [a-z_]+:\d+\s?[kK]B)*)(?: [a-z_]+(?::\d*)?)?\s*$/s
const statsHeadNoPath = /^Memory cgroup stats(?: for)?\s*:(?<figures>(?: [a-z_]+:\d+\s?[kK]B)*)\s*$/

function inlineValues(figures: string): Record<string, number> | null {
  const values: Record<string, number> = {}
  for (const found of figures.matchAll(inlineStat))
    if (found.groups?.key !== undefined) values[found.groups.key] = bytesOfKb(found.groups.value ?? '0')
  return Object.keys(values).length === 0 ? null : values
}

/** `Task in A killed as a result of limit of B`: a path may itself hold the words, so the last ` of limit of ` that makes B an ancestor of A wins. */
function readTaskIn(text: string): { task: string; limit: string | null } | null {
  const start = 'Task in '
  const middle = ' killed as a result of limit of '
  if (!text.startsWith(start)) return null
  for (let at = text.indexOf(middle); at >= 0; at = text.indexOf(middle, at + 1)) {
    const task = text.slice(start.length, at)
    const limit = text.slice(at + middle.length).trimEnd()
    if (task === limit || limit === '/' || task.startsWith(`${limit}/`)) return { task, limit }
  }
  const at = text.lastIndexOf(middle)
  if (at < 0) return null
  const [task, limit] = [text.slice(start.length, at), text.slice(at + middle.length).trimEnd()]
  // The victim's path begins with it, but not with it as a folder: the end of the line was cut.
  return { task, limit: task.startsWith(limit) ? null : limit }
}

/** The block of a memory cgroup in the variants A–E (kernel-oom-formats §4.1). */
export const memcgShapes: readonly Shape[] = [
  {
    id: 'task-in',
    example: 'Task in /lxc/108/ns killed as a result of limit of /lxc/108',
    source: 'mm/memcontrol.c mem_cgroup_print_oom_info, 2.6.29 to 4.20',
    first: 'T',
    read(text) {
      const found = readTaskIn(text)
      return found === null ? null : { kind: 'task-in', ...found }
    },
  },
  {
    id: 'task-in-cut',
    example: 'Task in /slurm/uid_1000/job_5 killed',
    source: 'the same where the path was too long (before 3.9) or printed by continuations',
    first: 'T',
    read(text) {
      const found = /^Task in (?<task>\/.*?)(?: killed(?: as(?: a(?: result(?: of(?: limit(?: of)?)?)?)?)?)?)?$/s.exec(
        text.trimEnd(),
      )?.groups
      return found === undefined ? null : { kind: 'task-in', task: found.task ?? null, limit: null }
    },
  },
  {
    id: 'limit-of',
    example: ' killed as a result of limit of /slurm/uid_1000/job_5',
    source: 'the second half of the same line, broken after the victim’s path (pre-3.9 printed it with two printk calls)',
    first: ' k',
    read(text) {
      const found = /^\s*killed as a result of limit of (?<limit>\/.*)$/s.exec(text)?.groups
      return found === undefined ? null : { kind: 'task-in', task: null, limit: (found.limit ?? '').trimEnd() }
    },
  },
  {
    id: 'limit-reached',
    example: 'Memory limit reached of cgroup /docker/2e088fe462e2',
    source: 'mm/memcontrol.c mem_cgroup_print_oom_info without a victim, 4.x',
    first: 'M',
    read(text) {
      const found = /^Memory limit reached of cgroup (?<path>\/.*)$/s.exec(text)?.groups
      return found === undefined ? null : { kind: 'limit-reached', path: (found.path ?? '').trimEnd() }
    },
  },
  {
    id: 'counter',
    example: 'memory+swap: usage 40940kB, limit 40960kB, failcnt 6',
    source: 'mm/memcontrol.c mem_cgroup_print_oom_meminfo, 2.6.29 and later',
    first: ' kmst',
    read(text) {
      const found = counter.exec(text.trimStart())?.groups
      const which = names[found?.which as keyof typeof names]
      if (found?.usage === undefined || found.limit === undefined || which === undefined) return null
      const pageBytes = pageOfUnlimited[found.limit] ?? null
      return { kind: 'counter', which, counter: readCounter(found.usage, found.limit, found.failcnt), pageBytes }
    },
  },
  {
    id: 'stats-head',
    example: 'Memory cgroup stats for /docker/2e088fe462e2: cache:0KB rss:20260KB rss_huge:0KB mapped_file:0KB',
    source: 'mm/memcontrol.c mem_cgroup_print_oom_info, 3.9 and later; figures on the same line up to 5.2, on lines of their own after',
    first: 'M',
    read(text) {
      const found = (statsHead.exec(text) ?? statsHeadNoPath.exec(text))?.groups
      return found === undefined ? null : { kind: 'stats-head', path: shared(found.path ?? ''), values: inlineValues(found.figures ?? '') }
    },
  },
  {
    id: 'group',
    example: 'Tasks in /system.slice/a.service are going to be killed due to memory.oom.group set',
    source: 'mm/memcontrol.c mem_cgroup_print_oom_group, 4.19 and later',
    first: 'T',
    read(text) {
      const found = /^Tasks in (?<path>.*) are going to be killed due to memory\.oom\.group set/s.exec(text)?.groups
      return found === undefined ? null : { kind: 'group', path: found.path ?? '' }
    },
  },
  {
    id: 'protection',
    example: 'Memory cgroup min protection 0kB -- low protection 0kB',
    source:
      'mm/memcontrol.c mem_cgroup_show_protected_memory, 6.19 and later; printed without a newline, so that the next message may be glued on',
    first: 'M',
    read(text) {
      const found = /^Memory cgroup min protection (?<min>\d+)kB -- low protection (?<low>\d+)kB(?<glued>.*)$/s.exec(text)?.groups
      if (found?.min === undefined || found.low === undefined) return null
      return { kind: 'protection', minBytes: bytesOfKb(found.min), lowBytes: bytesOfKb(found.low), glued: (found.glued ?? '').trim() }
    },
  },
]

const stat = /^\s*([a-z][a-z0-9_]*(?:\([a-z]+\))?)\s(\d+)\s*$/

/** `workingset_refault_anon 0`: too plain to be read outside a statistics block. */
export const statShape: Shape = {
  id: 'stat',
  example: 'inactive_anon 33423360',
  source: 'mm/memcontrol.c memory_stat_format, 5.3 and later: bytes, or events for pg*, workingset_*, thp_*, zsw*',
  first: ' abcdefghijklmnopqrstuvwxyz',
  read(text) {
    // By number: this is the line that there are most of, and an object of named groups costs as much as the search.
    const found = stat.exec(text)
    return found === null ? null : { kind: 'stat', key: shared(found[1] as string), value: safeInteger(found[2] as string) }
  },
}
