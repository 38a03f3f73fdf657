import { expect, test } from 'vitest'
import { plainCharacters } from '../../../../src/formats/damage/paste/characters.ts'
import { reportOf } from '../../../report-of.ts'

test.each([
  ['Killed\u00a0process 12\u200b (ja\u00adva)', 'Killed process 12 (java)'],
  ['pid：12，uid＝0', 'pid:12,uid=0'],
  ['“Killed” – 5', '"Killed" - 5'],
  ['Killed process 60\u00ad6 (java)', 'Killed process 60\ufffd6 (java)'],
])('%j', (text, plain) => expect(plainCharacters(text)).toBe(plain))

/** Fuzzed (seed 911): a byte of a pid was damaged, and was taken out like a soft hyphen of a text that was broken elsewhere, too: a pid that nobody has. */
test('a pid of which a byte was damaged is told by the other lines, and its line is said', async () => {
  const lines = [
    'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    'Ca\n\nll Trace:',
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a.slice,task_memcg=/a.slice,task=java,pid=6086,uid=1000',
    'Memory cgroup out of memory: Killed process 60\u00ad6 (java) total-vm:25768kB, anon-rss:24448kB, file-rss:728kB, shmem-rss:0kB, UID:1000 pgtables:88kB oom_score_adj:0',
  ]
  const text = lines.map((line, at) => `4,${1047 + at},${1_549_823_820 + at},-;${line}\n`).join('')
  const { incidents, findings } = await reportOf({ 'kmsg.raw': text })
  expect(incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid))).toEqual([6086])
  expect(findings.map(({ id }) => id)).toContain('seen-not-understood')
})
