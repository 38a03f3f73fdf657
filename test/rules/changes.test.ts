import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'
import { folderWith } from './folder-with.ts'

const unit = (at = '2026-11-24T09:14:40'): string =>
  [
    'worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    'memory: usage 786432kB, limit 786432kB, failcnt 17',
    'Memory cgroup stats for /system.slice/worker.service:',
    'anon 793640960',
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/worker.service,task_memcg=/system.slice/worker.service,task=worker,pid=471,uid=9',
    'Memory cgroup out of memory: Killed process 471 (worker) total-vm:1649508kB, anon-rss:774332kB, file-rss:5152kB, shmem-rss:0kB, UID:9 pgtables:1700kB oom_score_adj:0',
  ]
    .map((line) => `${at}.104211+00:00 host7 kernel: ${line}`)
    .join('\n')

async function causeWith(files: Readonly<Record<string, string>>): Promise<ReportIncident> {
  const { report } = await analyze([folderWith({ 'kern.log': `${unit()}\n`, ...files })], { timezone: 'UTC' })
  if (report.incidents.length !== 1) throw new Error(`${report.incidents.length} incidents`)
  return report.incidents[0] as ReportIncident
}
const sudo = (command: string, time = '09:02:11'): Record<string, string> => ({
  'auth.log': `2026-11-24T${time}.000000+00:00 host7 sudo[48110]:    ana : TTY=pts/1 ; PWD=/root ; USER=root ; COMMAND=${command}\n`,
})

test.each([
  ['a limit of this unit', '/usr/bin/systemctl set-property worker.service MemoryMax=768M', /limit .* was set 12 min before/],
  ['packages', '/usr/bin/apt-get -y dist-upgrade', /Packages had been changed 12 min before/],
  ['a setting', '/usr/sbin/sysctl -w vm.overcommit_memory=2', /kernel setting had been changed 12 min before/],
  ['a test of memory', '/usr/bin/stress-ng --vm 2 --vm-bytes 80%', /stress-ng --vm 2 --vm-bytes 80%.* takes memory on purpose/],
])('sudo tells of %s', async (_, command, said) => {
  const { rootCause } = await causeWith(sudo(command))
  expect(rootCause.statement).toMatch(said)
  expect(rootCause.evidence.some(({ text }) => text.includes('COMMAND='))).toBe(true)
})

test.each([
  ['a limit of another unit', '/usr/bin/systemctl set-property other.service MemoryMax=768M'],
  ['reading the list of packages', '/usr/bin/apt update'],
  ['reading a setting', '/usr/sbin/sysctl vm.swappiness'],
  ['something else', '/usr/bin/tail -f /var/log/syslog'],
])('%s is no change of this incident', async (_, command) => {
  const plain = (await causeWith({})).rootCause
  expect((await causeWith(sudo(command))).rootCause).toMatchObject({ id: plain.id, statement: plain.statement })
})

test('what was done an hour and more before, or after, is not told; packages are for a day', async () => {
  const limit = '/usr/bin/systemctl set-property worker.service MemoryMax=768M'
  for (const time of ['08:02:11', '09:20:11']) expect((await causeWith(sudo(limit, time))).rootCause.id).toBe('process-outgrew-limit')
  expect((await causeWith(sudo('/usr/bin/dnf upgrade -y', '02:00:00'))).rootCause.statement).toContain(
    'Packages had been changed 7 h 14 min',
  )
})

test('a limit set within the hour is the cause, and whoever set it the way back', async () => {
  const found = await causeWith(sudo('/usr/bin/systemctl set-property worker.service MemoryMax=768M'))
  expect(found.rootCause).toMatchObject({ id: 'limit-too-low', confidence: 'medium' })
  expect(found.recommendations[0]?.text).toContain('whoever set it knows the former one')
})

const DPKG = `2026-11-24 06:25:08 startup archives unpack
2026-11-24 06:25:09 upgrade libxml2:amd64 2.9.14 2.9.15
2026-11-24 06:25:09 status half-configured libxml2:amd64 2.9.14
2026-11-24 06:25:10 upgrade curl:amd64 7.88.1-10 7.88.1-11
2026-11-24 09:05:10 install strace:amd64 <none> 6.1-0.1
`
const DNF = `2026-11-24T08:00:00+0000 INFO --- logging initialized ---
2026-11-24T08:01:07+0000 SUBDEBUG Upgrade: openssl-libs-1:3.0.7-28.el9.x86_64
2026-11-24T08:01:09+0000 SUBDEBUG Upgraded: openssl-libs-1:3.0.7-27.el9.x86_64
`

test.each([
  ['dpkg.log', DPKG, 'strace:amd64'],
  ['dnf.rpm.log', DNF, 'openssl-libs-1:3.0.7-28.el9.x86_64'],
])('%s: the nearest run of packages', async (name, text, last) => {
  expect((await causeWith({ [name]: text })).rootCause.statement).toContain(last)
})

test('a container that prints the words of sudo has changed nothing', async () => {
  const line = 'ana : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/systemctl set-property worker.service MemoryMax=768M'
  const json = JSON.stringify({ log: `sudo: ${line}\n`, stream: 'stdout', time: '2026-11-24T09:02:11.0Z' })
  expect((await causeWith({ 'app-json.log': `${json}\n` })).rootCause.id).toBe('process-outgrew-limit')
})
