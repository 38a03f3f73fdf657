import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'

/** Three kills in one service whose limit is as given; what the victim held grows from kill to kill. */
async function patternOf(limitMib: number): Promise<string | undefined> {
  const group = '/system.slice/report.service'
  const lines = [100, 140, 180].flatMap((mib, i) => {
    const front = `2026-11-24T0${i + 1}:00:00.000000+00:00 node-17 kernel: [${(i + 1) * 3600}.000000] `
    const kib = limitMib * 1024
    return [
      `${front}python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`,
      `${front}memory: usage ${kib}kB, limit ${kib}kB, failcnt 9`,
      `${front}oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=python3,pid=${1000 + i},uid=0`,
      `${front}Memory cgroup out of memory: Killed process ${1000 + i} (python3) total-vm:9000000kB, anon-rss:${mib * 1024}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:100kB oom_score_adj:0`,
    ]
  })
  const { report } = await analyze(['-'], { stdin: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]) })
  return report.incidents[0]?.pattern
}

test('growth is a leak where it is a good part of what was full', async () => {
  expect(await patternOf(200)).toBe('leak')
})
test('a process that grew a little beside a limit of 32 GiB is none', async () => {
  expect(await patternOf(32_768)).toBe('repeating')
})
