import { describe, expect, test } from 'vitest'
import { analyzeEvidence } from '../../src/analyze.ts'
import { gather } from '../../src/gather.ts'
import { nodeHost } from '../../src/node/host.ts'
import type { DeathsBounds } from '../../src/scan/index.ts'

async function analyzeText(text: string, deaths: DeathsBounds = {}, onMuch = (): void => {}, isLastUse = false) {
  const pieces = async function* () {
    yield new TextEncoder().encode(text)
  }
  const host = { ...nodeHost(), deaths, onMuch }
  const { evidence, inputNames, quiet } = await gather(['-'], { host, inputFormat: null, stdin: pieces() })
  return analyzeEvidence(evidence, {
    ...{ timezone: null, year: null, showCommandLines: false, zoneOffset: null, warnings: [], inputNames, quiet, isLastUse },
  })
}

const group = (n: number): string =>
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0000000${n}_aaaa_4bbb_8ccc_dddddddddddd.slice/cri-containerd-${String(n).repeat(64)}.scope`

/** A report of a memory cgroup, `second` seconds after boot. */
const report = (second: number, pid: number, n = 1): string =>
  [
    `worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=979`,
    `CPU: 1 PID: ${pid} Comm: worker Not tainted 6.1.0-50-amd64 #1`,
    `memory: usage 65536kB, limit 65536kB, failcnt 40`,
    `swap: usage 0kB, limit 0kB, failcnt 0`,
    `Memory cgroup stats for ${group(n)}:`,
    'anon 62914560',
    'file 0',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    `[  ${pid}]  1000  ${pid}    20000    15360   163840        0           979 worker`,
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=c,mems_allowed=0,oom_memcg=${group(n)},task_memcg=${group(n)},task=worker,pid=${pid},uid=1000`,
    `Memory cgroup out of memory: Killed process ${pid} (worker) total-vm:80000kB, anon-rss:61440kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:160kB oom_score_adj:979`,
  ]
    .map((text, at) => `[${second}.${String(100_000 + at)}] ${text}\n`)
    .join('')

const log = (kills: number, groups = 1): string =>
  Array.from({ length: kills }, (_, k) => report(1000 + 20 * k, 4000 + k, 1 + (k % groups))).join('')

describe('many deaths in a log', () => {
  test('are the same as ever while there is room', async () => {
    expect(await analyzeText(log(12), { wholeLines: 1000 })).toEqual(await analyzeText(log(12)))
  })

  test('beyond it keep count, times, victims, groups and proofs of every kill, and it is said', async () => {
    const whole = await analyzeText(log(12))
    let told = 0
    const thin = await analyzeText(log(12), { wholeLines: 40, firstLines: 0 }, () => {
      told += 1
    })
    expect(told).toBe(1)
    expect(thin.incidents).toHaveLength(1)
    const kills = thin.incidents[0]?.kills ?? []
    expect(kills).toHaveLength(12)
    const without = (all: typeof kills) =>
      all.map(({ victim, ...kill }) => ({ ...kill, victim: { ...victim, badness: 0, rank: 0, badnessUnit: null } }))
    expect(without(kills)).toEqual(without(whole.incidents[0]?.kills ?? []))
    expect(thin.incidents[0]?.diagnosis).toEqual(whole.incidents[0]?.diagnosis)
    expect(thin.warnings.filter((w) => w.includes('of 10 kernel reports from here on only'))).toHaveLength(1)
    expect(thin.findings).toEqual(whole.findings)
  })

  test('beyond it are told as ever where there is no more than the lines that prove them', async () => {
    const lone = log(12)
      .split('\n')
      .filter((line) => line.includes('oom-kill:') || line.includes('Killed process'))
      .join('\n')
    expect(await analyzeText(lone, { wholeLines: 0, firstLines: 0 })).toEqual(await analyzeText(lone))
  })

  test('beyond it name the lines as they stand in a text that was broken at a column', async () => {
    const wrapped = log(12).replace(/(?<head>.{100})(?=.)/g, '$<head>\n')
    const places = async (bounds?: DeathsBounds) =>
      (await analyzeText(wrapped, bounds)).incidents.flatMap(({ kills }) =>
        kills.map((kill) => [kill.victim.pid, kill.memcg, kill.constraint, kill.evidence.map(({ line, text }) => [line, text])]),
      )
    const whole = await places()
    expect(whole).toHaveLength(12)
    for (const [, , , lines] of whole)
      for (const [line, text] of lines as [number, string][]) expect(wrapped.split('\n')[line - 1]).toBe(text)
    expect(await places({ wholeLines: 40, firstLines: 0 })).toEqual(whole)
  })

  test('keep the first report of each group, on which its diagnosis stands', async () => {
    const whole = await analyzeText(log(12, 3))
    const thin = await analyzeText(log(12, 3), { wholeLines: 0, firstLines: 1000 })
    expect(thin.incidents.map((one) => one.diagnosis)).toEqual(whole.incidents.map((one) => one.diagnosis))
    expect(thin.incidents.map((one) => one.excerpt)).toEqual(whole.incidents.map((one) => one.excerpt))
  })

  test('beyond those that are told one by one are counted, with whom and when', async () => {
    const { incidents, warnings } = await analyzeText(log(12), { mostDeaths: 9 })
    expect(incidents.flatMap(({ kills }) => kills)).toHaveLength(9)
    const counted = warnings.find((w) => w.includes('are counted only'))
    expect(counted).toContain('3 more kills')
    expect(counted).toContain(`worker in ${group(1)} × 3`)
    expect(counted).toContain('1180.100000 s of uptime to 1220.100000 s of uptime')
  })
})

test('what is let go while it is written down is in the report as ever', async () => {
  const lone = Array.from({ length: 5_001 }, (_, k) => {
    const pid = 4000 + (k % 900)
    return `[${1000 + 7 * k}.000100] Memory cgroup out of memory: Killed process ${pid} (worker-${k % 40}) total-vm:80000kB, anon-rss:${60_000 + k}kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:160kB oom_score_adj:979\n`
  }).join('')
  const kept = await analyzeText(lone)
  expect(kept.incidents.reduce((sum, { kills }) => sum + kills.length, 0)).toBe(5_001)
  expect(JSON.stringify(await analyzeText(lone, {}, undefined, true)) === JSON.stringify(kept)).toBe(true)
})
