import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'

const MIB = 2 ** 20
const LIMIT = 512 * MIB
const KILLED = Date.UTC(2026, 10, 24, 12) / 1000
const ID = 'c3'.repeat(32)
const UID = '7b0f4a86-2f1e-4f5e-9d53-0d6c0e7b6a11'
const CGROUP = `/kubepods/burstable/pod${UID}/${ID}`
const folder = mkdtempSync(join(tmpdir(), 'curve-words-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function incidentOf(files: Readonly<Record<string, string>>): Promise<ReportIncident> {
  const dir = mkdtempSync(join(folder, 'case-'))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text)
  const { report } = await analyze([dir])
  expect(report.incidents).toHaveLength(1)
  return report.incidents[0] as ReportIncident
}

const iso = (seconds: number): string => new Date(Math.round(seconds) * 1000).toISOString().replace('.000Z', 'Z')

const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db-0', namespace: 'shop', uid: UID },
  spec: { nodeName: 'node-17', containers: [{ name: 'app', resources: { limits: { memory: '512Mi' } } }] },
  status: {
    containerStatuses: [
      { name: 'app', restartCount: 1, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: iso(KILLED) } } },
    ],
  },
})

/** `dmesg --time-format iso` of a kill in the container's own cgroup. */
const dmesg = [
  'ledger invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=936',
  'memory: usage 524288kB, limit 524288kB, failcnt 12',
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${ID},mems_allowed=0,oom_memcg=${CGROUP},task_memcg=${CGROUP},task=ledger,pid=4321,uid=1000`,
  'Memory cgroup out of memory: Killed process 4321 (ledger) total-vm:900000kB, anon-rss:510000kB, file-rss:600kB, shmem-rss:0kB, UID:1000 pgtables:1464kB oom_score_adj:936',
]
  .map((text, at) => `2026-11-24T12:00:00,10000${at}+00:00 ${text}\n`)
  .join('')

const series = (labels: object, value: (share: number) => number, hours: number, count = 200): object => ({
  metric: { __name__: 'container_memory_working_set_bytes', namespace: 'shop', pod: 'db-0', container: 'app', ...labels },
  values: Array.from({ length: count }, (_, n) => [
    KILLED - 10 - (1 - n / (count - 1)) * hours * 3600,
    String(Math.round(value(n / (count - 1)))),
  ]),
})
const answer = (...result: readonly object[]): string => JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })
const leak = (x: number): number => LIMIT * (0.25 + 0.74 * x)

describe('the labels of a curve', () => {
  test('name the pod of a container that the kernel knows by its id only, and are quoted', async () => {
    const other = series({ pod: 'db-1', id: CGROUP.replaceAll('c3', 'd4').replace('7b0f', '8c1e') }, () => 200 * MIB, 20)
    const incident = await incidentOf({ 'kern.log': dmesg, 'usage.json': answer(other, series({ id: CGROUP }, leak, 20)) })
    expect(incident.workload).toMatchObject({ namespace: 'shop', pod: 'db-0', container: 'app', containerId: ID, podUid: UID })
    expect(incident.diagnosis.limit).toMatchObject({ id: 'container-limit' })
    expect(incident.diagnosis.limit.evidence.map(({ text }) => text).join()).toContain('"pod":"db-0"')
    expect(incident.rootCause).toMatchObject({ id: 'memory-leak', confidence: 'high' })
    expect(JSON.stringify(incident.missing)).not.toContain('find out which pod')
  })
  test('the UID alone tells as much', async () => {
    const path = `/kubepods/burstable/pod${UID}`
    const incident = await incidentOf({ 'kern.log': dmesg, 'usage.json': answer(series({ id: path, container: '' }, leak, 20)) })
    expect(incident.workload).toMatchObject({ namespace: 'shop', pod: 'db-0', containerId: ID })
  })
  test('of another container name nobody', async () => {
    const other = series({ id: CGROUP.replaceAll('c3', 'd4').replace('7b0f', '8c1e') }, leak, 20)
    const incident = await incidentOf({ 'kern.log': dmesg, 'usage.json': answer(other) })
    expect(incident.workload).toMatchObject({ pod: null, containerId: ID })
  })
})

describe('a rise of minutes up to the limit', () => {
  test('is told, and is no leak yet: a status with it is medium', async () => {
    const incident = await incidentOf({ 'pod.json': pod, 'usage.json': answer(series({}, leak, 0.1, 72)) })
    expect(incident.usage[0]).toMatchObject({ shape: 'growth', confidence: 'high' })
    expect(incident.rootCause).toMatchObject({ id: 'process-outgrew-limit', confidence: 'medium' })
    expect(incident.rootCause.statement).toMatch(
      /shop\/db-0\/app grew by 379 MiB within 6 min, up to 507 MiB, 99 % of its limit: in so little time/,
    )
    expect(incident.rootCause.evidence.some(({ source }) => source.endsWith('usage.json'))).toBe(true)
  })
  test('that ended far below it says nothing', async () => {
    const incident = await incidentOf({ 'pod.json': pod, 'usage.json': answer(series({}, (x) => 0.6 * leak(x), 0.1, 72)) })
    expect(incident.rootCause.statement).not.toContain('in so little time')
  })
})

describe('a jump', () => {
  const jumpAt = (minutes: number): string => answer(series({}, (x) => (x > 1 - minutes / (24 * 60) ? 505 : 120) * MIB, 24, 1441))
  const upgraded =
    '2026-11-24T11:49:00.000000+00:00 node-17 sudo[481]:    ana : TTY=pts/1 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/apt-get -y upgrade\n'
  test('that began when packages were changed names them', async () => {
    const { rootCause } = await incidentOf({ 'pod.json': pod, 'auth.log': upgraded, 'usage.json': jumpAt(11) })
    expect(rootCause.statement).toContain('It began beside apt-get -y upgrade.')
  })
  test('of another moment does not', async () => {
    const { rootCause } = await incidentOf({ 'pod.json': pod, 'auth.log': upgraded, 'usage.json': jumpAt(30) })
    expect(rootCause.statement).toContain('a single piece of work')
    expect(rootCause.statement).not.toContain('It began beside')
  })
})
