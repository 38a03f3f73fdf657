import { describe, expect, test } from 'vitest'
import { reportOf } from '../report-of.ts'
import { killsIn } from './told.ts'

const group =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6d2c0a11_9b7e_4f21_8a54_2f7c01be9d10.slice/cri-containerd-9a1fbb2c0d3e4455667788990011223344556677889900112233445566778899.scope'
const lines = [
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=java,pid=48213,uid=1000`,
  'Memory cgroup out of memory: Killed process 48213 (java) total-vm:3912044kB, anon-rss:1046220kB, file-rss:11308kB, shmem-rss:0kB, UID:1000 pgtables:2412kB oom_score_adj:968',
  'oom_reaper: reaped process 48213 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
]
const fronts = ['Nov 24 07:04:29 app7 kernel: ', 'Nov 24 07:04:29 app7 kernel: [ 8123.100010] ', '[ 8123.100010] ', '']
const cut = (line: string, column: number, indent: string): string[] => {
  const out: string[] = []
  let rest = line
  for (; rest.length > column; rest = indent + rest.slice(column)) out.push(rest.slice(0, column))
  return [...out, rest]
}

describe('lines that go on indented', () => {
  for (const indent of [' ', '\t', '    ', '        '])
    test.each([60, 72, 80, 97, 100, 120])(`cut at %i, behind ${JSON.stringify(indent)}`, async (column) => {
      for (const front of fronts) {
        const text = lines.flatMap((line) => cut(front + line, column, indent)).join('\n')
        expect(await killsIn(text), text).toEqual(['48213 java'])
      }
    })

  test('the group is whole', async () => {
    const text = lines.flatMap((line) => cut(`${fronts[0]}${line}`, 97, ' ')).join('\n')
    const { incidents } = await reportOf({ 'paste.txt': `${text}\n` })
    expect(incidents[0]?.kills[0]?.victim).toMatchObject({ comm: 'java', memcg: group, oomScoreAdj: 968 })
  })
})

test.each([
  ['[pod/web-6d5/app] ', 0],
  ['[pod/web-6d5/app] 2026-11-24T07:04:29.123Z ', 0],
  ['web-6d5f7c9b8d-x2x4z app ', 0],
  ['[pod/kmsg-reader-x1/kmsg] ', 1],
  ['node-1 | ', 1],
])('behind "%s": %i kills', async (front, count) => {
  const { incidents, findings } = await reportOf({ 'paste.txt': lines.map((line) => `${front}${line}\n`).join('') })
  expect(incidents.flatMap(({ kills }) => kills)).toHaveLength(count)
  if (count === 0) expect(findings.map(({ id }) => id).join(' ')).toMatch(/by-another-program|by-program/)
})

test('a kill quotes every line that a broken message stands on, below a table’s head, too', async () => {
  const text = [
    'LAST SEEN   TYPE     REASON      OBJECT                                MESSAGE',
    ...[
      `swpout_zero 0`,
      `[    483]     0   483     2796      171        0      171         0    36864        0           880 sh`,
      lines[0] ?? '',
    ]
      .map((line, at) => `Nov 24 07:44:20 ip-10-0-3-17 kernel: [   80.91${at}524] ${line}`)
      .flatMap((line) => cut(line, 80, '')),
  ].join('\n')
  const { incidents } = await reportOf({ 'paste.txt': `${text}\n` })
  const quoted = incidents.flatMap(({ kills }) => kills.flatMap(({ evidence }) => evidence.map(({ text: quote }) => quote))).join('\n')
  expect(incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid))).toEqual([48213])
  expect(quoted).toContain('pid=48213')
})
