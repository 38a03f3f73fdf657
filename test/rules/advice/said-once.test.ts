import { describe, expect, it, test } from 'vitest'
import { render } from '../../../src/index.ts'
import { titleOf } from '../../../src/render/view/answers.ts'
import { plainOf } from '../../../src/render/view/rich.ts'
import { CGROUP, incidentOf, podOf, underLimit } from '../killed-in-pod.ts'
import { reportOfMachine } from '../of-a-machine.ts'
import { incidentOfLines, reportOfFiles } from '../report-of-lines.ts'

/** Sentences that contradicted each other, or said something twice, and now do not. */
type Incident = Awaited<ReturnType<typeof incidentOf>>
const wordsOf = (incident: Incident) => JSON.stringify(incident.recommendations)

test('a process has one size in the whole report, though table and kill line are printed a moment apart', async () => {
  const log = underLimit(80, [
    [40, 'indexer', 76],
    [41, 'dd', 1],
  ]).replace('anon-rss:77824kB', 'anon-rss:78336kB')
  const { rootCause, diagnosis } = await incidentOf({ 'kern.log': log })
  expect(rootCause?.statement).toContain('it alone held 76 MiB')
  expect(diagnosis.consumer.statement).toContain('held 76 MiB')
})

describe('an evicted pod', () => {
  const evicted = async (limits: object) => {
    const pod = JSON.parse(podOf({ mib: 512 }))
    pod.spec.containers[0].resources = { requests: { memory: '1Gi' }, ...limits }
    pod.status = {
      phase: 'Failed',
      reason: 'Evicted',
      startTime: '2025-11-24T01:00:00Z',
      message:
        'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. Container main was using 5921004Ki, request is 1Gi, has larger consumption of memory. ',
    }
    const [incident] = (await reportOfFiles({ 'pod.json': JSON.stringify(pod) })).incidents
    return incident === undefined ? [] : incident.recommendations.map(({ text }) => text)
  }
  it('without a limit is given a request with it: the other advice is its priority', async () => {
    const texts = await evicted({})
    expect(texts.some((text) => text.startsWith('Set a memory request and limit'))).toBe(true)
    expect(texts.find((text) => text.includes('is not to be the first'))).toContain('give it a priority class')
    expect(texts.filter((text) => text.includes('memory request to what it uses'))).toEqual([])
  })
})

test('what all pods may use is no limit of the one that died', async () => {
  const log = underLimit(
    4096,
    [
      [40, 'crawler', 1600],
      [41, 'java', 1500],
      [42, 'worker', 900],
    ],
    1000,
    '/kubepods.slice',
  ).replace(/task_memcg=[^,]*/, `task_memcg=${CGROUP.replaceAll('burstable', 'besteffort')}`)
  const { alternatives } = await incidentOf({ 'kern.log': log })
  expect(alternatives.find(({ id }) => id === 'process-outgrew-limit')?.why).toContain('more than the node gives its pods')
})

test('the counter of a peak is asked where the kernel has it', async () => {
  const log = reportOfMachine({ total: 4000, tasks: [['java', 3300]], cgroup: '/system.slice/tomcat9.service' })
  const asks = async (text: string) => wordsOf(await incidentOf({ 'kern.log': text })).includes('MemoryPeak')
  expect(await asks(log)).toBe(true)
  expect(await asks(log.replace('6.1.0-28-amd64', '5.10.0-28-amd64'))).toBe(false)
})

describe('low memory of a 32-bit kernel', () => {
  const lines = (highMib: number) => [
    'sh invoked oom-killer: gfp_mask=0xd0, order=1, oom_adj=0, oom_score_adj=0',
    'Pid: 6344, comm: sh Not tainted 3.2.32-i386 #1',
    'Mem-Info:',
    'active_anon:160474 inactive_anon:6747 isolated_anon:0',
    ' active_file:1283 inactive_file:2866 isolated_file:0',
    ` free:${highMib * 200} slab_reclaimable:1852 slab_unreclaimable:17519`,
    ' mapped:4059 shmem:144 pagetables:24767 bounce:0',
    'DMA free:3516kB min:64kB low:80kB high:96kB present:15780kB all_unreclaimable? yes',
    'lowmem_reserve[]: 0 867 9000 9000',
    'Normal free:3644kB min:3732kB low:4664kB high:5596kB present:887976kB all_unreclaimable? yes',
    'lowmem_reserve[]: 0 0 9000 9000',
    `HighMem free:${highMib * 800}kB min:512kB low:6731kB high:13412kB present:${highMib * 1024}kB all_unreclaimable? no`,
    'lowmem_reserve[]: 0 0 0 0',
    'Out of memory: Kill process 6345 (sleep) score 1 or sacrifice child',
    'Killed process 6345 (sleep) total-vm:1736kB, anon-rss:44kB, file-rss:200kB',
  ]
  const first = async (highMib: number) => (await incidentOfLines(lines(highMib))).recommendations[0]
  it('is freed now, and by less RAM at the next boot where its entries take much of it', async () => {
    expect((await first(60000))?.command).toContain('echo 2 > /proc/sys/vm/drop_caches')
    // 60,000 MiB are 15,360,000 pages, each with an entry of 32 bytes
    expect((await first(60000))?.text).toContain('take 469 MiB of low memory')
    expect((await first(3000))?.text).not.toContain('mem=16G')
  })
})

test('bars stand against what is in use where the limit was lowered below it', async () => {
  const lowered = underLimit(64, [[40, 'web', 62]], 0, '/user.slice/user-1000.slice').replace('limit 65536kB', 'limit 40960kB')
  const report = await reportOfFiles({ 'kern.log': lowered })
  expect(await render(report, 'md')).toMatch(/^in use +64 MiB$/m)
  const whole = await reportOfFiles({ 'kern.log': underLimit(64, [[40, 'web', 62]], 0, '/user.slice/user-1000.slice') })
  expect(await render(whole, 'md')).toMatch(/^limit +64 MiB$/m)
})

test('earlyoom is told by its own option whom to leave alone', async () => {
  const incident = await incidentOfLines([
    'Nov 24 07:00:01 n1 earlyoom[500]: mem avail: 100 of 4000 MiB ( 2.50%), swap free: 0 of 0 MiB ( 0.00%)',
    'Nov 24 07:00:01 n1 earlyoom[500]: low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%',
    'Nov 24 07:00:01 n1 earlyoom[500]: sending SIGTERM to process 4711 uid 1000 "chrome": badness 1200, VmRSS 900 MiB',
  ])
  expect(wordsOf(incident)).toContain('--avoid in /etc/default/earlyoom')
})

test('what outgrew a machine outgrew no limit: the title is true of both', () =>
  expect(plainOf(titleOf('rootCause', 'process-outgrew-limit'))).toBe('a process outgrew its memory'))
