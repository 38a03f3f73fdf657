import { expect, it } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { plainReport } from '../../src/report/plain.ts'
import { isNameless } from '../../src/text/nameless.ts'
import { reportOf } from '../report-of.ts'

const log = (name: string): string =>
  [
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice,task=${name},pid=4711,uid=0`,
    `Out of memory: Killed process 4711 (${name}) total-vm:1204224kB, anon-rss:522240kB, file-rss:2048kB, shmem-rss:0kB, UID:1000 pgtables:1300kB oom_score_adj:980`,
  ]
    .map((line) => `Nov 24 07:04:10 node-1 kernel: [  41.500000] ${line}\n`)
    .join('')

it.each(['', ' ', '   ', '\t', '\u202e', '\u200f\u200e', '\u00a0', '\u200b'])(
  'a process called %j is said to have no name, in each output',
  async (name) => {
    const report = await reportOf({ 'kern.log': log(name) })
    const [incident] = plainReport(report).incidents
    expect(incident?.headline).toMatch(/^The process with PID 4711 in user\.slice was killed /)
    expect(incident?.verdict).toBe('A process killed in user.slice: node out of memory')
    for (const { id } of outputs) {
      const text = await renderReport(report, id)
      expect(text, id).not.toMatch(/^"? *killed |process the process|\*\* *killed /m)
    }
  },
)

it('what can be seen is a name', () => {
  for (const name of ['a', '-', '\\x01', '|', '\u0301a', '日']) expect(isNameless(name)).toBe(false)
})
