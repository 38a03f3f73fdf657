import { expect, it } from 'vitest'
import { reportOfFiles } from '../report-of-lines.ts'

/** A report of a limit that was reached in a group on the host of system containers. */
const killedIn = async (path: string) => {
  const lines = [
    'worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    'CPU: 1 PID: 700 Comm: worker Not tainted 6.1.0-18-amd64 #1 Debian 6.1.76-1',
    'memory: usage 262144kB, limit 262144kB, failcnt 40',
    `Memory cgroup stats for ${path}:`,
    'anon 266000000',
    'file 0',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    '[    700]  1000   700   130000    64900   560000        0             0 worker',
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=worker,pid=700,uid=1000`,
    'Memory cgroup out of memory: Killed process 700 (worker) total-vm:520000kB, anon-rss:259000kB, file-rss:600kB, shmem-rss:0kB, UID:1000 pgtables:560kB oom_score_adj:0',
  ]
  const log = lines.map((line, at) => `[${(5000 + at / 1e6).toFixed(6)}] ${line}\n`).join('')
  const [incident] = (await reportOfFiles({ 'kern.log': log })).incidents
  return incident?.recommendations.find(({ text }) => text.includes('raise the memory limit'))?.command
}

it('a unit inside a system container is given its own limit, not the whole container', async () =>
  expect(await killedIn('/lxc.payload.shop1/system.slice/queue.service')).toBe(
    'lxc exec shop1 -- systemctl set-property queue.service MemoryMax=384M',
  ))

it('the container itself is, where its own limit was reached', async () =>
  expect(await killedIn('/lxc.payload.shop1')).toBe('lxc config set shop1 limits.memory 384MiB'))
