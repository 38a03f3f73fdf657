import { describe, expect, it } from 'vitest'
import { reportOfLines } from './report-of-lines.ts'

const killed = (pid: number, comm: string): string[] => [
  `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/${comm}.service,task=${comm},pid=${pid},uid=0`,
  `Out of memory: Killed process ${pid} (${comm}) total-vm:90000kB, anon-rss:50000kB, file-rss:900kB, shmem-rss:0kB, UID:0 pgtables:100kB oom_score_adj:0`,
]

describe('a syslog without year and zone: its own clock tells how far apart', () => {
  const at = (stamp: string, pid: number, comm: string) => killed(pid, comm).map((line) => `${stamp} n1 kernel: ${line}`)
  const counts = async (first: string, second: string) => {
    const { incidents } = await reportOfLines([...at(first, 70, 'alpha'), ...at(second, 71, 'beta')])
    return incidents.map(({ kills }) => kills.length)
  }
  it.each([
    ['9:59 min', 'Nov 28 06:00:00', 'Nov 28 06:09:59', [2]],
    ['10:01 min', 'Nov 28 06:00:00', 'Nov 28 06:10:01', [1, 1]],
    ['27 minutes', 'Nov 28 06:00:00', 'Nov 28 06:27:00', [1, 1]],
    ['42 hours', 'Nov 28 06:00:00', 'Nov 30 00:00:00', [1, 1]],
    ['a minute over New Year', 'Dec 31 23:59:30', 'Jan 01 00:00:30', [2]],
  ])('%s', async (_, first, second, expected) => expect(await counts(first, second)).toEqual(expected))
})

describe('dmesg alone', () => {
  const at = (seconds: number, pid: number, comm: string) =>
    killed(pid, comm).map((line, i) => `[${(seconds + i / 1e6).toFixed(6)}] ${line}`)
  it('has its uptime in every row, to the microsecond, in the order of the log', async () => {
    const { timeline, incidents } = await reportOfLines([
      ...at(5000.25, 70, 'alpha'),
      ...at(5001.5, 71, 'beta'),
      ...at(5432.000001, 72, 'gamma'),
    ])
    expect(timeline.map(({ kind, uptimeSeconds, time }) => [kind, uptimeSeconds, time])).toEqual([
      ['kill', 5000.250001, null],
      ['kill', 5001.500001, null],
      ['kill', 5432.000002, null],
    ])
    expect(incidents).toHaveLength(1)
  })
})
