import { expect, test } from 'vitest'
import { reportOf } from '../report-of.ts'

/** A description of a pod, and below it the end of a kernel report as a mail has it: in quoted-printable, broken at 76 columns. */
const paste = `Name:             ledger-7d9c5b6f4-x2x9k
Namespace:        billing
Node:             node-3/10.20.0.3
Status:           Running
Containers:
  ledger:
    Image:          ledger:4.1
    State:          Running
    Limits:
      memory:  64Mi
Nov 24 07:04:29 app7 kernel: [   56.067016] oom-kill:constraint=3DCONSTRAIN=
T_MEMCG,nodemask=3D(null),cpuset=3D/,mems_allowed=3D0,oom_memcg=3D/system.s=
lice/ledger.service,task_memcg=3D/system.slice/ledger.service,task=3Djava,p=
id=3D384,uid=3D1000
Nov 24 07:04:29 app7 kernel: [   56.069414] Memory cgroup out of memory: Ki=
lled process 384 (java) total-vm:82848kB, anon-rss:81536kB, file-rss:680kB,=
 shmem-rss:0kB, UID:1000 pgtables:200kB oom_score_adj:936
`

test('every physical line of an encoded kill is quoted, so that the pid stands in the evidence', async () => {
  const report = await reportOf({ 'paste.txt': paste })
  const kills = report.incidents.flatMap((incident) => incident.kills)
  expect(kills.map(({ victim }) => [victim.pid, victim.comm])).toEqual([[384, 'java']])
  expect(kills[0]?.evidence.map(({ line }) => line)).toEqual([11, 12, 13, 14, 15, 16, 17])
  expect(kills[0]?.evidence.at(-2)?.text).toContain('lled process 384 (java)')
})
