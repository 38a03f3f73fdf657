import { describe, expect, it } from 'vitest'
import { reportOf } from '../../report-of.ts'

const kill = (pid: number, comm = 'gunicorn'): string =>
  `Memory cgroup out of memory: Killed process ${pid} (${comm}) total-vm:${70_000 + pid}kB, anon-rss:62464kB, file-rss:800kB, shmem-rss:0kB, UID:1000 pgtables:204kB oom_score_adj:936`
const stamped = (ms: number, text: string): string => `[ 4821.${String(ms).padStart(3, '0')}100] ${text}`
const journal = (second: number, text: string): string => `Nov 24 02:03:${second} node7 kernel: ${text}`

async function runs(lines: readonly string[]) {
  const { incidents } = await reportOf({ 'err.log': `${lines.join('\n')}\n` })
  return incidents.map(({ kills, pattern, diagnosis }) => ({
    pids: kills.map(({ victim }) => victim.pid),
    pattern,
    selection: diagnosis.selection.id,
  }))
}

/** Level err only: the chosen process comes first in the group as well, so that the sweep prints it right behind itself (mm/oom_kill.c, 4.19 and later). */
describe('a group kill whose chosen process is the first of its group', () => {
  it.each([
    ['on the kernel’s clock', [5000, 5000, 5001, 5002].map((pid, at) => stamped(10 + at, kill(pid)))],
    ['in a journal of seconds', [5000, 5000, 5001, 5002].map((pid) => journal(34, kill(pid)))],
    ['without any stamp', [5000, 5000, 5001, 5002].map((pid) => kill(pid))],
  ])('is one event of all: %s', async (_, lines) => {
    expect(await runs(lines)).toEqual([{ pids: [5000, 5001, 5002], pattern: 'single', selection: 'group-kill' }])
  })

  it('is one event of two', async () => {
    expect(await runs([5000, 5000, 5001].map((pid) => journal(34, kill(pid))))).toEqual([
      { pids: [5000, 5001], pattern: 'single', selection: 'group-kill' },
    ])
  })

  it('of which the chosen one held an eighth: none outgrew the limit alone; of three it is said what they held together', async () => {
    const causeOf = async (count: number) => {
      const pids = Array.from({ length: count }, (_, at) => 5000 + at)
      const lines = [5000, ...pids].map((pid, at) => stamped(10 + at, kill(pid)))
      return (await reportOf({ 'err.log': `${lines.join('\n')}\n` })).incidents[0]?.rootCause
    }
    expect((await causeOf(8))?.id).toBe('unknown')
    const three = await causeOf(3)
    expect(three?.id).toBe('process-outgrew-limit')
    expect(JSON.stringify(three?.statement)).toContain('killed together held')
  })

  it.each([
    ['each line is doubled, by two loggers', [5000, 5000, 5001, 5001, 5002, 5002].map((pid) => journal(34, kill(pid)))],
    [
      'the second is a copy with the same stamp',
      [stamped(10, kill(5000)), kill(5000, 'x'), stamped(10, kill(5000)), stamped(14, kill(5001))],
    ],
    ['the next kill comes seconds later', [journal(34, kill(5000)), journal(34, kill(5000)), journal(39, kill(5001))]],
    [
      'the next kill is the machine’s',
      [journal(34, kill(5000)), journal(34, kill(5000)), journal(34, kill(5001).replace('Memory cgroup out', 'Out'))],
    ],
  ])('is none where %s', async (_, lines) => {
    expect((await runs(lines)).map(({ selection }) => selection)).not.toContain('group-kill')
  })

  it('is none where nothing else died: a group of one', async () => {
    expect(await runs([5000, 5000].map((pid, at) => stamped(10 + at, kill(pid))))).toEqual([
      { pids: [5000], pattern: 'single', selection: 'unknown' },
    ])
  })
})
