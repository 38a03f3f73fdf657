import { describe, expect, it } from 'vitest'
import { reportOf } from '../../report-of.ts'

const summary =
  'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/solr.service,task_memcg=/system.slice/solr.service,task=java,pid=3301,uid=118'
const kill = (uid: number): string =>
  `Memory cgroup out of memory: Killed process 3388 (qtp12-3388) total-vm:5012212kB, anon-rss:2912212kB, file-rss:0kB, shmem-rss:0kB, UID:${uid} pgtables:6100kB oom_score_adj:0`
const other = 'sshd[812]: Accepted publickey for ops'
const header = 'nginx invoked oom-killer: gfp_mask=0x14280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=(null),  order=0, oom_score_adj=0'

async function pids(lines: readonly string[]): Promise<(number | null)[]> {
  const { incidents } = await reportOf({ 'dmesg.txt': `${lines.join('\n')}\n` })
  return incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid))
}
const journal = (second: number, text: string): string => `Nov 24 07:04:${second} node7 kernel: ${text}`

describe('a thread of the victim whose process has no row in the log', () => {
  it.each([
    ['on the kernel’s clock, at once', [`[  555.000001] ${summary}`, `[  555.000011] ${kill(118)}`]],
    ['in a journal, whose stamps have seconds', [journal(29, summary), journal(29, kill(118))]],
    ['without any stamp', [summary, kill(118)]],
    ['behind a line of another program', [journal(29, summary), `Nov 24 07:04:29 node7 ${other}`, journal(30, kill(118))]],
    ['behind another report’s first line', [`[  555.000001] ${summary}`, `[  555.000006] ${header}`, `[  555.000011] ${kill(118)}`]],
  ])('%s: one kill', async (_, lines) => {
    expect(await pids(lines)).toEqual([3388])
  })

  it.each<[string, string[], number?]>([
    ['of another user', [summary, kill(0)]],
    ['later on the kernel’s clock', [`[  555.000001] ${summary}`, `[  555.900011] ${kill(118)}`]],
    ['later in a journal', [journal(29, summary), journal(33, kill(118))]],
    ['of another limit, without any stamp', [summary, kill(118).replace('Memory cgroup out', 'Out')]],
    ['older, without any stamp', [summary.replace('pid=3301', 'pid=3399'), kill(118)], 3399],
    ['many lines below', [summary, ...Array.from({ length: 12 }, (_, at) => `line ${at} of something else`), kill(118)]],
  ])('%s is a process of its own: two kills', async (_, lines, process = 3301) => {
    expect((await pids(lines)).sort()).toEqual([process, 3388].sort())
  })
})
