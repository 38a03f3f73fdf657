import { describe, expect, test } from 'vitest'
import { readPaste } from './read.ts'

const kill = 'Out of memory: Killed process 1402 (mariadbd) total-vm:3280448kB, anon-rss:1884812kB, file-rss:0kB, shmem-rss:0kB'
const agent = 'OutOfMemoryError: Container killed due to memory usage'

const killsIn = async (text: string) => (await readPaste(text)).incidents.flatMap(({ kills }) => kills)
const findingsIn = async (text: string): Promise<string[]> => (await readPaste(text)).findings.map(({ id }) => id)

describe('a stamp as date prints it is a front, its year no program', () => {
  test.each([
    ['Tue Nov 24 07:04:29 CET 2026: ', null],
    ['Tue Nov 24 07:04:29 PM UTC 2026 ', '2026-11-24T19:04:29Z'],
    ['Tue 24 Nov 2026 12:04:29 AM UTC eu3: ', '2026-11-24T00:04:29Z'],
    ['Tue 24 Nov 2026 07:04:29 AM CET eu3 ', null],
  ])('%s', async (front, time) => {
    const [found, ...more] = await killsIn(`${front}${kill}\n`.repeat(2))
    expect(more).toEqual([])
    expect(found?.victim).toMatchObject({ pid: 1402, comm: 'mariadbd' })
    expect(found?.time ?? found?.localTime).not.toBeNull()
    if (time !== null) expect(found?.time).toBe(time)
  })
})

test.each([
  ['team-a/api-7f9c6b5d8-x2k4p\tapi\tOOMKilled\t137\n', 'team-a', 'api'],
  ['pod/api-7f9c6b5d8-x2k4p api OOMKilled\n', null, 'api'],
  ['│ shop  │ api-7f9c6b5d8-x2k4p │ ● │ 0/1 │ OOMKilled │ 6 │ 10.1.1.4 │ eu3 │ 3h │\n', 'shop', null],
])('a row with a qualified name or in a frame: %s', async (text, namespace, container) => {
  const { incidents } = await readPaste(text)
  expect(incidents).toHaveLength(1)
  expect(incidents[0]?.workload).toMatchObject({ pod: 'api-7f9c6b5d8-x2k4p', namespace, container })
})

test.each([
  `Status reason: ${agent}\n`,
  JSON.stringify({ tasks: [{ stoppedReason: agent }] }, null, 2),
  '2026-11-24T07:04:29.11+0100 [APP/PROC/WEB/0] OUT Exit status 137 (out of memory)\n',
])('words of an orchestrator that name no container are said: %s', async (text) => {
  expect(await killsIn(text)).toEqual([])
  expect(await findingsIn(text)).toEqual(['runtime-oom-event'])
})

test('an eviction whose line was broken before its pod is said', async () => {
  const text =
    'I1124 07:04:29.113456    1201 eviction_manager.go:614] \n"Eviction manager: pod is evicted successfully" \npod="shop/web-0"\n'
  expect(await findingsIn(text)).toEqual(['evicted-not-for-memory'])
})

test.each(['PID', '%d'])('a line of a manual is no event: pid=%s', async (pid) => {
  const { incidents } = await readPaste(`    oom-kill:constraint=CONSTRAINT_MEMCG,...,task=NAME,pid=${pid}\n`)
  expect(incidents).toEqual([])
})
