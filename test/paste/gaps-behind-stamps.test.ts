import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const scope = 'cri-containerd-0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0.scope'
const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod5a7f1c2e_1111_4222_8333_944455556666.slice/${scope}`
const report = [
  'kafka invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984',
  'CPU: 3 PID: 4021 Comm: kafka Not tainted 5.15.0-91-generic #101-Ubuntu',
  'Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.15.0-1 04/01/2014',
  'Call Trace:',
  ' <TASK>',
  ' dump_stack_lvl+0x4a/0x63',
  ' </TASK>',
  'memory: usage 524288kB, limit 524288kB, failcnt 341',
  `Memory cgroup stats for ${path}:`,
  'anon 530579456',
  'shmem 0',
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  '[   4021]  1000  4021   903112   129500  1843200        0           984 kafka',
  '[   4077]  1000  4077     1001      120    61440        0           984 sh',
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${scope},mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=kafka,pid=4021,uid=1000`,
  'Memory cgroup out of memory: Killed process 4021 (kafka) total-vm:3612448kB, anon-rss:517000kB, file-rss:1000kB, shmem-rss:0kB, UID:1000 pgtables:1800kB oom_score_adj:984',
]
const stamps: Readonly<Record<string, (at: number) => string>> = {
  "the kernel's clock": (at) => `[ 8123.1010${String(at).padStart(2, '0')}]`,
  'a date': () => '[Tue Nov 24 03:14:07 2026]',
  'syslog’s tag': () => 'Nov 24 03:14:07 n7 kernel:',
  'syslog’s tag and the clock': (at) => `Nov 24 03:14:07 n7 kernel: [ 8123.1010${String(at).padStart(2, '0')}]`,
  'a stamp of RFC 3339 with a zone': (at) => `2026-11-24T03:14:07.1010${String(at).padStart(2, '0')}+00:00`,
}
const gaps = [' ', '  ', '   ', '     ', ' '.repeat(20), '\t', '\t\t', ' \t ', '\u00a0\u00a0\u00a0']

describe.each(Object.entries(stamps))('behind %s', (name, stampOf) => {
  test.each(gaps)('%j costs nothing of a report', async (gap) => {
    const { incidents } = await readPaste(report.map((line, at) => `${stampOf(at)}${gap}${line}\n`).join(''))
    expect(incidents).toMatchObject([
      {
        host: name.startsWith('syslog') ? 'n7' : null,
        memcg: { path, limitBytes: 524288 * 1024 },
        diagnosis: { limit: { id: 'container-limit', confidence: 'high' } },
        kills: [{ trigger: { comm: 'kafka' }, victim: { pid: 4021, comm: 'kafka', rank: 1, memcg: path } }],
      },
    ])
  })
})

test("a name's own blanks are its own where the report's lines have none", async () => {
  const lines = report.map(
    (line, at) => `[ 8123.1010${String(at).padStart(2, '0')}] ${line.replace(/^kafka invoked/, '  kafka invoked')}\n`,
  )
  expect(await readPaste(lines.join(''))).toMatchObject({ incidents: [{ kills: [{ trigger: { comm: '  kafka' } }] }] })
})
