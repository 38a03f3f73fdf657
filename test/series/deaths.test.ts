import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Death } from '../../src/model/incident.ts'
import type { Report } from '../../src/model/report.ts'
import { successive } from '../../src/series/deaths.ts'

/** A service that was killed at these hours, each time with so many MiB. */
async function killedAt(deaths: readonly (readonly [hour: number, mib: number])[]): Promise<Report> {
  const lines = deaths.flatMap(([hour, mib], i) => {
    const front = `${new Date(Date.UTC(2026, 10, 24) + Math.round(hour * 3600) * 1000).toISOString().replace('.000Z', '.000000+00:00')} node-17 kernel: [${hour * 3600 + 100}.000000] `
    const group = '/system.slice/report.service'
    return [
      `${front}oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=python3,pid=${1000 + i},uid=0`,
      `${front}Memory cgroup out of memory: Killed process ${1000 + i} (python3) total-vm:9000000kB, anon-rss:${mib * 1024}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:100kB oom_score_adj:0`,
    ]
  })
  const { report } = await analyze(['-'], { stdin: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]) })
  return report
}

test('a leak that only kernel reports show is drawn from what was held at each kill', async () => {
  const { incidents } = await killedAt([
    [1, 100],
    [5, 140],
    [9, 180],
    [13, 220],
  ])
  const [usage] = incidents[0]?.usage ?? []
  expect(usage).toMatchObject({ of: 'process', metric: 'rss-at-kill', name: 'report.service', shape: 'growth', confidence: 'medium' })
  expect(usage?.slopeBytesPerHour).toBe(10 * 2 ** 20)
  expect(usage?.samples.map(({ bytes }) => bytes / 2 ** 20)).toEqual([100, 140, 180, 220])
  expect(usage?.killSeconds).toEqual([0, 14_400, 28_800, 43_200])
})

test('workers that die within seconds of each other are no lives one after another: the largest stands for them', () => {
  const at = { uncertaintyMs: 0, basis: null, digits: 0, uptimeSeconds: null, localTime: null, order: 0 } as const
  const death = (second: number, bytes: number): Death => ({ at: { ...at, epochUs: second * 1e6 }, startedUs: null, bytes, evidence: [] })
  const sizes = (deaths: readonly Death[]): (number | null)[] => successive(deaths).map(({ bytes }) => bytes)
  expect(sizes([death(0, 100), death(2, 180), death(4, 140), death(7, 120)])).toEqual([180])
  expect(sizes([death(0, 100), death(60, 140), death(180, 180)])).toEqual([100, 140, 180])
})

test('the same size each time is level, two deaths are no curve', async () => {
  const level = await killedAt([
    [1, 100],
    [5, 101],
    [9, 100],
  ])
  expect(level.incidents[0]?.usage[0]).toMatchObject({ shape: 'flat', slopeBytesPerHour: null })
  const two = await killedAt([
    [1, 100],
    [5, 140],
  ])
  expect(two.incidents[0]?.usage).toEqual([])
})

test('children that were alive at once are no course of anything', async () => {
  const group = '/system.slice/report.service'
  const front = (minute: number): string => `2026-11-24T01:0${minute}:00.000000+00:00 node-17 kernel: [${minute * 60 + 100}.000000] `
  const row = (pid: number, mib: number): string =>
    `[${String(pid).padStart(7)}]     0 ${String(pid).padStart(5)}   900000 ${mib * 256}   500000        0             0 python3`
  const report = (minute: number, alive: readonly number[]): string[] =>
    [
      'python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      `memory: usage 409600kB, limit 409600kB, failcnt ${minute}`,
      'Tasks state (memory values in pages):',
      '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
      ...alive.map((pid) => row(pid, 100 + 20 * minute)),
      `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=python3,pid=${alive[0]},uid=0`,
      `Memory cgroup out of memory: Killed process ${alive[0]} (python3) total-vm:3600000kB, anon-rss:${(100 + 20 * minute) * 1024}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:488kB oom_score_adj:0`,
    ].map((line) => front(minute) + line)
  const usageOf = async (alive: (n: number) => number[]): Promise<Report['incidents'][number]['usage']> => {
    const lines = [1, 2, 3, 4].flatMap((n) => report(n, alive(n)))
    const { report: made } = await analyze(['-'], { stdin: Readable.from([Buffer.from(`${lines.join('\n')}\n`)]) })
    expect(made.incidents[0]?.kills).toHaveLength(4)
    return made.incidents[0]?.usage ?? []
  }
  expect(await usageOf((n) => [700 + n])).toMatchObject([{ metric: 'rss-at-kill', shape: 'growth' }])
  expect(await usageOf((n) => [701, 702, 703, 704].slice(n - 1))).toEqual([])
})
