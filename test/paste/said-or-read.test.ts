import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const path = '/kubepods/burstable/podf2b6c1de-0a1b-4c2d-9e3f-0123456789ab/0a1b2c3d'
const summary = `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=0a1b2c3d,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=indexer,pid=7712,uid=0`
const kill =
  'Memory cgroup out of memory: Killed process 7712 (indexer) total-vm:912044kB, anon-rss:512044kB, file-rss:308kB, shmem-rss:0kB, UID:0 pgtables:1300kB oom_score_adj:984'
const reaped = 'oom_reaper: reaped process 7712 (indexer), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB'

describe('words of a death that no reader knows are said', () => {
  test.each([
    ['sacct', 'JobID           JobName      State ExitCode     MaxRSS\n8813              train OUT_OF_ME+    0:125\n'],
    ['sacct -P', 'JobID|State|ExitCode\n8813|OUT_OF_MEMORY|0:125\n'],
    ['scontrol', 'JobId=8813 JobName=train\n   JobState=OUT_OF_MEMORY Reason=OutOfMemory\n'],
    ['seff', 'Job ID: 8813\nState: OUT_OF_MEMORY (exit code 0)\n'],
    [
      'the ECS agent',
      'level=info time=2026-11-24T06:38:46Z msg="DockerGoClient: process within container died due to OOM" runtimeID="0a1b"\n',
    ],
    ['FreeBSD', 'Nov 24 06:38:45 bsd kernel: pid 814 (ubench), jid 0, uid 0, was killed: failed to reclaim memory\n'],
    ['FreeBSD 12', 'Nov 24 06:38:45 bsd kernel: pid 815 (mysqld), uid 88, was killed: out of swap space\n'],
    ['promtool query instant', '{container="app", namespace="shop", pod="web-12", reason="OOMKilled"} => 1 @[1795502325.1]\n'],
  ])('%s', async (_, text) => {
    const { incidents, findings } = await readPaste(text)
    expect(incidents).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(['seen-not-understood'])
  })

  test.each([
    ['another OUT_OF_MEMORY', 'glTexImage2D: GL_OUT_OF_MEMORY\nerror: OUT_OF_MEMORY\ncudaError OUT_OF_MEMORY 2\n'],
    ['a query without a sample', '{container="app", reason="OOMKilled"} => 0 @[1795502325.1]\n'],
    ['a process that was killed for another reason', 'pid 814 (ubench), uid 0, was killed: exceeded maximum CPU limit\n'],
  ])('%s is nothing', async (_, text) => {
    const { incidents, findings } = await readPaste(text)
    expect([...incidents, ...findings]).toEqual([])
  })
})

describe('what a cut or a page left of a kill', () => {
  test.each([
    ['items of a list in HTML', `<ol><li><code>${summary}</code></li><li><code>${kill}</code></li></ol>`],
    ['syslog lines on one line', [summary, kill, reaped].map((line) => `Nov 24 06:38:45 n7 kernel: ${line}`).join(' ')],
    [
      'syslog lines with nothing between them',
      [summary, kill, reaped].map((line) => `2026-11-24T06:38:45.1+00:00 n7 kernel: ${line}`).join(''),
    ],
  ])('%s', async (_, text) => {
    const { incidents } = await readPaste(text)
    expect(incidents.flatMap(({ kills }) => kills)).toMatchObject([{ victim: { pid: 7712, comm: 'indexer', memcg: path } }])
  })

  test.each([
    [
      'of an object',
      '      "exitCode": 137,\n      "finishedAt": "2026-11-24T06:38:45Z",\n      "reason": "OOMKilled",\n      "startedAt": "2026-11-24T06:30:00Z"\n    }\n',
    ],
    ['of crictl inspect', '    "finishedAt": "2026-11-24T06:38:45.2Z",\n    "exitCode": 137,\n    "reason": "OOMKilled",\n'],
    ['of YAML', 'exitCode: 137\nfinishedAt: "2026-11-24T06:38:45Z"\nreason: OOMKilled\nstartedAt: "2026-11-24T06:30:00Z"\n'],
  ])('lines %s: its end is no start', async (_, text) => {
    const { incidents } = await readPaste(text)
    expect(incidents.flatMap(({ kills }) => kills)).toMatchObject([
      { killer: 'kernel', time: expect.stringMatching(/^2026-11-24T06:38:45/) },
    ])
  })

  test.each([
    [
      'YAML',
      'lastTimestamp: "2026-11-24T06:38:45Z"\nmessage: \'System OOM encountered, victim process: node, pid: 7715\'\nreason: SystemOOM\nsource:\n  component: kubelet\n  host: w-81\n',
    ],
    [
      'JSON',
      '  "lastTimestamp": "2026-11-24T06:38:45Z",\n  "message": "System OOM encountered, victim process: node, pid: 7715",\n  "reason": "SystemOOM",\n  "source": {\n    "host": "w-81"\n',
    ],
  ])('a part of an event in %s', async (_, text) => {
    const { incidents } = await readPaste(text)
    expect(incidents).toMatchObject([{ host: 'w-81', kills: [{ time: '2026-11-24T06:38:45Z', victim: { pid: 7715, comm: 'node' } }] }])
  })

  test('a unit’s result, as `systemctl show` prints it', async () => {
    const show =
      'Id=app.service\nResult=oom-kill\nExecMainPID=42006\nInactiveEnterTimestamp=Tue 2026-11-24 06:38:45 UTC\nActiveState=failed\n'
    const { incidents } = await readPaste(show)
    expect(incidents).toMatchObject([{ workload: { unit: 'app.service' }, kills: [{ time: '2026-11-24T06:38:45Z' }] }])
    expect((await readPaste(show.replace('oom-kill', 'exit-code'))).incidents).toEqual([])
  })

  test('Facebook’s oomd behind a clock that a tool shortened', async () => {
    const line =
      '<4>[ 9123.1] oomd kill: 10.00 60.00 600.00 workload.slice/w1.service 12345678 ruleset:[r] detectorgroup:[d] killer:kill_by_pressure v2\n'
    expect((await readPaste(line)).incidents).toMatchObject([{ kills: [{ killer: 'oomd' }] }])
  })
})
