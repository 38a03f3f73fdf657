import { describe, expect, test } from 'vitest'
import { reportOf } from '../../report-of.ts'

const group = (id: string): string => `/kubepods.slice/kubepods-pod${id}.slice/cri-containerd-${id.repeat(16)}.scope`

/** A report of a memory cgroup's kill, line by line. */
const report = (comm: string, pid: number, id: string, limit: number, killed = pid): string[] => [
  `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=968`,
  `CPU: 3 PID: ${pid} Comm: ${comm} Not tainted 5.15.0-91-generic #101-Ubuntu`,
  `memory: usage ${limit}kB, limit ${limit}kB, failcnt 91`,
  `Memory cgroup stats for ${group(id)}:`,
  `anon ${limit * 1000}`,
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  `[ ${pid}]  1000 ${pid}   978011   ${Math.round(limit / 4)}  2469888        0           968 ${comm}`,
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group(id)},task_memcg=${group(id)},task=${comm},pid=${pid},uid=1000`,
  `Memory cgroup out of memory: Killed process ${killed} (${comm}) total-vm:3912044kB, anon-rss:${limit}kB, file-rss:8kB, shmem-rss:0kB, UID:1000 pgtables:2412kB oom_score_adj:968`,
]
const stamped = (lines: readonly string[], from = 8123): string[] =>
  lines.map((line, at) => `[ ${from}.${String(at * 13).padStart(6, '0')}] ${line}`)
const [java, node] = [stamped(report('java', 4821, '6d2c', 524288)), stamped(report('node', 9902, '77cc', 262144), 8130)]

const read = async (lines: readonly string[]) => {
  const { incidents, findings } = await reportOf({ 'dmesg.txt': `${lines.join('\n')}\n` })
  return {
    kills: incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid)),
    limits: incidents.map(({ diagnosis }) => diagnosis.limit.confidence),
    sizes: incidents.map(({ memcg }) => memcg?.limitBytes),
    isDoubted: findings.some(({ id }) => id === 'report-of-two'),
  }
}

describe('parts of two reports', () => {
  test('a whole report is not doubted', async () => {
    expect(await read(java)).toMatchObject({ kills: [4821], limits: ['high'], isDoubted: false })
  })

  test.each([
    ['behind the limit', 3, -2],
    ['behind the group', 4, -1],
    ['behind the table', 8, -1],
  ])('one report cut %s and the end of another: nothing is sure', async (_, from, to) => {
    const { limits, isDoubted } = await read([...java.slice(0, from), '[...]', ...node.slice(to)])
    expect(limits).not.toContain('high')
    expect(isDoubted).toBe(true)
  })

  test('one report out of which lines were cut is one', async () => {
    expect(await read([...java.slice(0, 4), '[...]', ...java.slice(-2)])).toMatchObject({ kills: [4821], isDoubted: false })
  })

  test.each([
    ['pid', stamped(report('java', 4821, '6d2c', 524288, 9902))],
    ['name', java.map((line) => line.replace('task=java', 'task=node'))],
  ])('two lines that name victims of another %s', async (_, lines) => {
    const { kills, limits, isDoubted } = await read(lines)
    expect(kills).toHaveLength(1)
    expect(limits).toEqual(['medium'])
    expect(isDoubted).toBe(true)
  })

  test.each([[[1, 1]], [[2, 1]], [[1, 3]]])(
    'two processors that print at once: two kills, two incidents, none sure (%j)',
    async ([a, b]) => {
      const other = stamped(report('node', 9902, '77cc', 262144))
      const lines: string[] = []
      for (let i = 0, j = 0; i < java.length || j < other.length; i += a ?? 1, j += b ?? 1)
        lines.push(...java.slice(i, i + (a ?? 1)), ...other.slice(j, j + (b ?? 1)))
      const { kills, limits, isDoubted } = await read(lines)
      expect(kills.toSorted()).toEqual([4821, 9902])
      expect(limits).toEqual(['medium', 'medium'])
      expect(isDoubted).toBe(true)
    },
  )

  test.each(['...', '…', '/kubepods.slice/…'])('an elided oom_memcg=%s costs that field only', async (left) => {
    const lines = java.map((line) => line.replace(/oom_memcg=[^,]*/, `oom_memcg=${left}`))
    expect(await read(lines)).toMatchObject({ kills: [4821], sizes: [524288 * 1024], isDoubted: false })
  })
})
