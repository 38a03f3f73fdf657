import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'

const MIB = 2 ** 20
const LIMIT = 512 * MIB
const KILLED = Date.UTC(2026, 10, 24, 12) / 1000
const folder = mkdtempSync(join(tmpdir(), 'curves-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const iso = (seconds: number): string => new Date(Math.round(seconds) * 1000).toISOString().replace('.000Z', 'Z')

/** A pod of a StatefulSet whose status says OOMKilled at noon. */
const pod = (containers: readonly string[] = ['app']): string => {
  const terminated = {
    exitCode: 137,
    reason: 'OOMKilled',
    startedAt: iso(KILLED - 400_000),
    finishedAt: iso(KILLED),
    containerID: `containerd://${'a1'.repeat(32)}`,
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'db-0',
      namespace: 'shop',
      uid: '7b0f4a86-2f1e-4f5e-9d53-0d6c0e7b6a11',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', controller: true }],
    },
    spec: { nodeName: 'node-17', containers: containers.map((name) => ({ name, resources: { limits: { memory: '512Mi' } } })) },
    status: {
      containerStatuses: [{ name: 'app', restartCount: 1, state: { running: { startedAt: iso(KILLED + 5) } }, lastState: { terminated } }],
    },
  })
}

type Values = readonly (readonly [at: number, value: number])[]
const samples = (value: (share: number, n: number) => number, hours = 24, count = 200): Values =>
  Array.from({ length: count }, (_, n) => [KILLED - 30 - (1 - n / (count - 1)) * hours * 3600, value(n / (count - 1), n)])
const LABELS = { __name__: 'container_memory_working_set_bytes', namespace: 'shop', pod: 'db-0', container: 'app' }
const series = (labels: object, values: Values): object => ({
  metric: { ...LABELS, ...labels },
  values: values.map(([at, value]) => [at, String(Math.round(value))]),
})
const leak = samples((x) => LIMIT * (0.25 + 0.74 * x))
const quiet = samples(() => 120 * MIB)

async function incidentOf(name: string, files: Readonly<Record<string, string>>): Promise<ReportIncident> {
  const dir = mkdtempSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text)
  const { report } = await analyze([dir])
  expect(report.incidents).toHaveLength(1)
  return report.incidents[0] as ReportIncident
}
const ofSeries = (result: readonly object[], containers?: readonly string[]): Promise<ReportIncident> =>
  incidentOf('prom', {
    'pod.json': pod(containers),
    'range.json': JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }),
  })

describe('whose curve it is', () => {
  test('the same names in two clusters: which one is not known, so nothing is concluded', async () => {
    const found = await ofSeries([series({ cluster: 'eu' }, leak), series({ cluster: 'us' }, quiet)])
    expect(found.usage).toEqual([])
    expect(found.rootCause.confidence).toBe('low')
  })
  test('the node tells which cluster', async () => {
    const found = await ofSeries([series({ cluster: 'eu', node: 'node-17' }, leak), series({ cluster: 'us', node: 'node-3' }, quiet)])
    expect(found.usage.map(({ points }) => points)).toEqual([200])
    expect(found.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'high' })
  })
  test('two replicas of a Prometheus tell of one container: no new run', async () => {
    const later = leak.map(([at, value]) => [at + 7, value] as const)
    const found = await ofSeries([series({ prometheus_replica: 'a' }, leak), series({ prometheus_replica: 'b' }, later)])
    expect(found.usage).toHaveLength(1)
    expect(found.usage[0]).toMatchObject({ points: 400, shape: 'growth', startSeconds: [] })
  })
})

describe('what a curve does not prove', () => {
  test('growth of page cache, or of a pod of two containers: no leak with certainty', async () => {
    const cache = await ofSeries([series({ __name__: 'container_memory_usage_bytes' }, leak)])
    expect(cache.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'medium' })
    const whole = await ofSeries([series({ container: undefined }, leak)], ['app', 'proxy'])
    expect(whole.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'medium' })
  })
  test('one working day of growth may be its morning', async () => {
    const found = await ofSeries([
      series(
        {},
        samples((x) => LIMIT * (0.25 + 0.74 * x), 10),
      ),
    ])
    expect(found.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'medium' })
  })
  test('samples far below the limit at which it was killed: neither leak nor low limit, and it is said', async () => {
    const found = await ofSeries([
      series({}, quiet),
      series(
        { __name__: 'container_memory_max_usage_bytes' },
        samples((x) => (x > 0.99 ? LIMIT : 130 * MIB)),
      ),
    ])
    expect(found.rootCause).toMatchObject({ id: 'process-outgrew-limit', confidence: 'medium' })
    expect(found.rootCause.statement).toMatch(
      /The last sample, 30 s before the kill, shows 120 MiB, 23 % of the limit of 512 MiB\. The kernel’s own high-water mark shows 512 MiB\.|high-water mark shows 512 MiB/,
    )
    expect(found.usage[0]?.highWaterBytes).toBe(LIMIT)
  })
  test('a hill that was over hours before explains nothing', async () => {
    const found = await ofSeries([
      series(
        {},
        samples((_, n) => (n > 90 && n < 96 ? 480 : 120) * MIB),
      ),
    ])
    expect(found.rootCause.statement).not.toContain('then rose to')
  })
  test('a loop of runs of minutes is no leak', async () => {
    const restarts = series(
      { __name__: 'kube_pod_container_status_restarts_total' },
      samples((_, n) => Math.floor(n / 20), 4, 800),
    )
    const found = await ofSeries([
      series(
        {},
        samples((_, n) => (100 + 20 * (n % 20)) * MIB, 4, 800),
      ),
      restarts,
    ])
    expect(found.rootCause.id).not.toBe('memory-leak')
  })
  test('runs of hours that each grow, counted by Kubernetes: a leak', async () => {
    const restarts = series(
      { __name__: 'kube_pod_container_status_restarts_total' },
      samples((_, n) => Math.floor(n / 200), 24, 800),
    )
    const found = await ofSeries([
      series(
        {},
        samples((_, n) => (100 + 2 * (n % 200)) * MIB, 24, 800),
      ),
      restarts,
    ])
    expect(found.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'high' })
    expect(found.usage[0]?.startSeconds).toHaveLength(3)
  })
})

describe('what follows from a curve', () => {
  test('a jump: request and limit by what was held before it', async () => {
    const found = await ofSeries([
      series(
        {},
        samples((x) => (x > 0.97 ? LIMIT : (200 + 10 * Math.sin(40 * x)) * MIB)),
      ),
    ])
    const sizes = found.recommendations.find(({ text }) => text.startsWith('Size'))
    expect(sizes?.text).toMatch(/a request of 224 MiB, and no limit below 384 MiB/)
    expect(sizes?.command).toContain('--requests=memory=224Mi')
  })
  test('without a curve: the query that would tell, with labels and window, and that its answer is welcome', async () => {
    const front = '2026-11-24T12:00:00.000000+00:00 node-17 kernel: '
    const group =
      '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7b0f4a86_2f1e_4f5e_9d53_0d6c0e7b6a11.slice/cri-containerd-' +
      'a1'.repeat(32) +
      '.scope'
    const kill = `${front}oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=java,pid=77,uid=0\n${front}Memory cgroup out of memory: Killed process 77 (java) total-vm:900000kB, anon-rss:520000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:100kB oom_score_adj:900\n`
    const found = await incidentOf('query', { 'pod.json': pod(), 'kern.log': kill })
    const query = found.missing.find(({ command }) => command?.startsWith('promtool query range'))
    expect(query?.command).toContain('--start=2026-11-19T')
    expect(query?.command).toContain('--end=2026-11-24T12:05:0')
    expect(query?.command).toContain('container_memory_working_set_bytes{namespace="shop",pod=~"db-.+",container="app"}')
    expect(query?.text).toContain('can be given to oom-report')
  })
})

describe('the machine’s curves', () => {
  const zone =
    'Node 0 DMA32 free:45056kB boost:0kB min:45056kB low:56320kB high:67584kB active_anon:7600000kB inactive_anon:0kB active_file:0kB inactive_file:0kB present:8388608kB managed:8184340kB'
  const report = (swapFree: number): string =>
    [
      'java invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=900',
      'Mem-Info:',
      'active_anon:1900000 inactive_anon:0 isolated_anon:0',
      ` free:11264 free_pcp:0 free_cma:0`,
      zone,
      '0 pages in swap cache',
      `Free swap  = ${swapFree}kB`,
      'Total swap = 2097148kB',
      '2097152 pages RAM',
      '0 pages HighMem/MovableOnly',
      '51067 pages reserved',
      'Tasks state (memory values in pages):',
      '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
      ...[1, 2, 3, 4].map((n) => `[    ${n}77]     0   ${n}77  2000000   ${470000 + n * 1000}  8000000    ${n}0000           900 java${n}`),
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice,task=java4,pid=477,uid=0',
      'Out of memory: Killed process 477 (java4) total-vm:8000000kB, anon-rss:1896000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:7812kB oom_score_adj:900',
    ]
      .map((line) => `2026-11-24T12:00:00.000000+00:00 node-17 kernel: [90000.000000] ${line}\n`)
      .join('')
  const sar = (rows: readonly (readonly [time: string, available: number, swap: number])[]): string =>
    [
      'Linux 6.1.0 (node-17) \t11/24/2026 \t_x86_64_\t(4 CPU)\n',
      '00:00:01    kbmemfree   kbavail',
      ...rows.map(([time, available]) => `${time}    ${available}   ${available}`),
      '\n00:00:01    kbswpfree kbswpused',
      ...rows.map(([time, , swap]) => `${time}    ${swap}   ${2097148 - swap}`),
    ].join('\n')
  const hours = Array.from({ length: 60 }, (_, n): readonly [string, number, number] => {
    const minute = n * 12
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:01`
    return [time, Math.round(6_000_000 * (1 - n / 62)), Math.round(2_097_148 * Math.max(0, 1 - Math.max(0, n - 20) / 38))]
  })
  test('swap that went bit by bit, by a sar whose zone the bundle tells: exhausted, with certainty', async () => {
    const found = await incidentOf('swap', {
      'kern.log': report(1200),
      'sar.txt': sar(hours),
      'timedatectl.txt':
        '               Local time: Tue 2026-11-24 12:30:00 UTC\n           Universal time: Tue 2026-11-24 12:30:00 UTC\n                 RTC time: Tue 2026-11-24 12:30:00\n                Time zone: Etc/UTC (UTC, +0000)\n',
    })
    expect(found.usage.find(({ metric }) => metric === 'swap-free')).toMatchObject({ of: 'node', name: 'node-17' })
    expect(found.rootCause).toMatchObject({ id: 'swap-exhausted', confidence: 'high' })
    expect(found.rootCause.statement).toMatch(/Its free swap went from 2\.00 GiB to 0 B within 7 h/)
  })
  const scope = `/kubepods.slice/kubepods-pod7b0f4a86_2f1e_4f5e_9d53_0d6c0e7b6a11.slice/cri-containerd-${'a1'.repeat(32)}.scope`
  const ofPod = report(0).replace('Total swap = 2097148kB', 'Total swap = 0kB').replace('task_memcg=/user.slice', `task_memcg=${scope}`)
  const onNode = (name: string, values: Values): object =>
    series({ node: 'node-17', namespace: 'shop', pod: name, container: 'app' }, values)
  const rising = (by: number): Values => samples((x) => (300 + by * x) * MIB)
  const prometheus = (...result: object[]): string => JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })
  test('containers that grew together filled the node', async () => {
    const result = ['a-0', 'b-0', 'c-0', 'db-0'].map((name, n) => onNode(name, rising(900 + n * 100)))
    const found = await incidentOf('together', { 'kern.log': ofPod, 'range.json': prometheus(...result), 'pod.json': pod() })
    expect(found.rootCause).toMatchObject({ id: 'node-overcommitted', confidence: 'high' })
    expect(found.rootCause.statement).toMatch(
      /They grew together by 3\.60 GiB, 4 containers at once; the one that grew most, shop\/db-0\/app, took 29 % of it/,
    )
  })
  test('one that took most of it speaks against the crowd', async () => {
    const result = ['a-0', 'b-0', 'c-0', 'db-0'].map((name, n) => onNode(name, rising(n === 0 ? 4000 : 100)))
    const found = await incidentOf('alone', { 'kern.log': ofPod, 'range.json': prometheus(...result), 'pod.json': pod() })
    const crowd = [found.rootCause, ...found.alternatives].find(({ id }) => id === 'node-overcommitted')
    expect(found.rootCause.confidence).not.toBe('high')
    expect(crowd === found.rootCause ? found.rootCause.confidence : JSON.stringify(crowd)).toMatch(/low|shop\/a-0\/app alone took 93 % of/)
  })
})

describe('a pod of two containers under one limit', () => {
  const group = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7b0f4a86_2f1e_4f5e_9d53_0d6c0e7b6a11.slice'
  const scope = `${group}/cri-containerd-${'b2'.repeat(32)}.scope`
  const kill = [
    'envoy invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=900',
    `memory: usage 524288kB, limit 524288kB, failcnt 91`,
    `Memory cgroup stats for ${group}:`,
    'anon 530000000\nfile 0\nkernel 1000000',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    '[     77]     0    77   200000    80000   800000        0           900 envoy',
    '[     78]     0    78   200000    40000   800000        0           900 java',
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${group},task_memcg=${scope},task=envoy,pid=77,uid=0`,
    'Memory cgroup out of memory: Killed process 77 (envoy) total-vm:800000kB, anon-rss:320000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:800kB oom_score_adj:900',
  ]
    .flatMap((text) => text.split('\n'))
    .map((line) => `2026-11-24T12:00:00.000000+00:00 node-17 kernel: [90000.000000] ${line}\n`)
    .join('')
  const twoContainers = JSON.stringify({
    ...(JSON.parse(pod(['app', 'istio-proxy'])) as object),
    spec: { nodeName: 'node-17', resources: { limits: { memory: '512Mi' } }, containers: [{ name: 'app' }, { name: 'istio-proxy' }] },
    status: {
      containerStatuses: [
        {
          name: 'app',
          containerID: `containerd://${'a1'.repeat(32)}`,
          restartCount: 0,
          state: { running: { startedAt: iso(KILLED - 400_000) } },
        },
        {
          name: 'istio-proxy',
          containerID: `containerd://${'b2'.repeat(32)}`,
          restartCount: 0,
          state: { running: { startedAt: iso(KILLED - 400_000) } },
        },
      ],
    },
  })
  const grown = (proxy: number, app: number): string =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          series(
            { container: 'istio-proxy' },
            samples((x) => (60 + proxy * x) * MIB),
          ),
          series(
            {},
            samples((x) => (150 + app * x) * MIB),
          ),
        ],
      },
    })
  test('the helper whose memory rose is to blame, with certainty', async () => {
    const found = await incidentOf('sidecar', { 'pod.json': twoContainers, 'kern.log': kill, 'range.json': grown(250, 5) })
    const sidecar = [found.rootCause, ...found.alternatives].find(({ id }) => id === 'noisy-sidecar')
    expect(JSON.stringify(sidecar)).toContain('98 %')
  })
  test('the helper that died while the other grew is not', async () => {
    const found = await incidentOf('main', { 'pod.json': twoContainers, 'kern.log': kill, 'range.json': grown(5, 250) })
    expect([found.rootCause, ...found.alternatives].map(({ id }) => id)).not.toContain('noisy-sidecar')
  })
})
