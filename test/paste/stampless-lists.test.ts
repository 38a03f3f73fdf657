import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

/** What `dmesg -t | grep` and `journalctl -o cat | grep` leave: lines of one kind, each another death. */
const kinds: Readonly<Record<string, (pid: number, comm: string) => string>> = {
  'oom-kill:, the node': (pid, comm) =>
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=${comm},pid=${pid},uid=0`,
  'oom-kill:, a cgroup': (pid, comm) =>
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a.slice/${comm}.service,task_memcg=/a.slice/${comm}.service,task=${comm},pid=${pid},uid=${pid}`,
  'Killed process': (pid, comm) =>
    `Out of memory: Killed process ${pid} (${comm}) total-vm:812044kB, anon-rss:612044kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1400kB oom_score_adj:0`,
  'Killed process of 3.10': (pid, comm) =>
    `Killed process ${pid} (${comm}), UID 27, total-vm:812044kB, anon-rss:612044kB, file-rss:0kB, shmem-rss:0kB`,
  'the reaper': (pid, comm) => `oom_reaper: reaped process ${pid} (${comm}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`,
}
const dead = [
  [4107, 'ruby'],
  [5220, 'postgres'],
  [612, 'sidekiq'],
  [7733, 'ruby'],
] as const

describe.each(Object.entries(kinds))('%s, four of them', (_, line) => {
  test.each(['', '> ', '- ', 'n3 | '])('behind %j are four kills', async (front) => {
    const { incidents } = await readPaste(`${dead.map(([pid, comm]) => front + line(pid, comm)).join('\n')}\n`)
    const pids = incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid))
    expect(pids.sort()).toEqual(dead.map(([pid]) => pid).sort())
  })
})

test('the lines of one kind above those of the other are of two deaths', async () => {
  const [first, second] = [kinds['oom-kill:, the node'], kinds['Killed process']]
  const two = dead.slice(0, 2)
  const lines = [first, second].flatMap((kind) => two.map(([pid, comm]) => kind?.(pid, comm)))
  const { incidents } = await readPaste(`${lines.join('\n')}\n`)
  expect(incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid)).sort()).toEqual([4107, 5220])
})
