import { describe, expect, test } from 'vitest'
import type { ReportIncident } from '../../../src/model/report.ts'
import { incidentOfMachine as incidentOf, type Machine } from '../of-a-machine.ts'
import { reportOfFiles } from '../report-of-lines.ts'

const commandsOf = ({ recommendations }: ReportIncident): readonly string[] => recommendations.map(({ command }) => command ?? '')
const POD = `/kubepods/besteffort/pod5f1a9c44-0000-4000-8000-000000000001/${'c'.repeat(64)}`

describe('the control plane', () => {
  const unbounded: Machine = {
    total: 4000,
    tasks: [
      ['kube-apiserver', 3300, 1000],
      ['kubelet', 60, -999],
    ],
    cgroup: POD,
    host: 'cp-1',
  }
  test('is given room, never a limit', async () => {
    const incident = await incidentOf(unbounded)
    expect(incident.rootCause.id).toBe('unbounded-workload')
    expect(JSON.stringify(incident.recommendations)).toContain('Give kube-apiserver room, not a limit')
    expect(commandsOf(incident).join('\n')).not.toMatch(/set resources|--limits/)
  })
  test('is asked from outside: its image has no shell', async () => {
    const [asked] = commandsOf(await incidentOf(unbounded)).filter((command) => command.includes('apiserver_storage_objects'))
    expect(asked).toMatch(/^kubectl get --raw \/metrics \|/)
  })
  test('another program without a limit gets one', async () => {
    const tasks = unbounded.tasks.map(([, ...rest], at) => [at === 0 ? 'indexer' : 'kubelet', ...rest] as const)
    expect(JSON.stringify((await incidentOf({ ...unbounded, tasks })).recommendations)).not.toContain('room, not a limit')
  })
})

test('a check of what forks runs where the server does', async () => {
  const uid = '22220000-1111-4222-8333-000000000022'
  const cgroup = `/kubepods/burstable/pod${uid}/${'c'.repeat(64)}`
  const lines = [
    'redis-server invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=900',
    'memory: usage 1048576kB, limit 1048576kB, failcnt 12',
    `Memory cgroup stats for ${cgroup}:`,
    'anon 1050673152',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    '[   3300]  1000  3300   500000   140000  2400000        0           900 redis-server',
    '[   3399]  1000  3399   500000   138000  2400000        0           900 redis-server',
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup},task=redis-server,pid=3300,uid=1000`,
    'Memory cgroup out of memory: Killed process 3300 (redis-server) total-vm:2000000kB, anon-rss:550000kB, file-rss:8000kB, shmem-rss:0kB, UID:1000 pgtables:2400kB oom_score_adj:900',
  ]
  const pod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"redis-0","namespace":"data","uid":"${uid}","ownerReferences":[{"kind":"StatefulSet","name":"redis","controller":true}]},"spec":{"containers":[{"name":"redis","image":"redis:7"}]},"status":{"containerStatuses":[{"name":"redis","containerID":"containerd://${'c'.repeat(64)}","restartCount":0,"state":{"running":{"startedAt":"2025-11-20T00:00:00Z"}}}]}}`
  const files = { 'kern.log': lines.map((line, at) => `[${(5000 + at / 1e6).toFixed(6)}] ${line}\n`).join(''), 'pod.json': pod }
  const [incident] = (await reportOfFiles(files)).incidents
  expect(incident?.rootCause.id).toBe('fork-copy-on-write')
  expect(incident?.recommendations[0]?.command).toMatch(/^kubectl exec -n data redis-0 -c redis -- sh -c 'redis-cli config get save; .*'$/)
})

test('page tables of one segment: fewer processes, huge pages, and nothing that says the same again', async () => {
  const tasks = Array.from({ length: 40 }, () => ['postgres', 12] as const)
  const incident = await incidentOf({ total: 16000, tasks, tables: 9000, shared: 4500, mapped: 4400 })
  expect(incident.rootCause.id).toBe('kernel-memory-growth')
  const texts = incident.recommendations.map(({ text }) => text)
  expect(texts[0]).toContain('Run fewer postgres processes')
  expect(texts.filter((text) => text.includes('huge_pages'))).toHaveLength(1)
  expect(texts.filter((text) => text.includes('pooler'))).toHaveLength(1)
})

test('a table of sockets is sorted with its second lines, by both queues', async () => {
  const slabs = [
    ['skbuff_head_cache', 900],
    ['kmalloc-2k', 5500],
  ] as const
  const incident = await incidentOf({ total: 8000, tasks: [['haproxy', 300]], slab: 6800, slabs })
  const [ss] = commandsOf(incident).filter((command) => command.includes('ss -tmpn'))
  expect(ss).toContain('q = $2 + $3; next} {print q, s, $0}')
  expect(ss).not.toMatch(/ss -\w+ \| sort/)
})

describe('who else used the node', () => {
  const status = (usage: string): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'etl-1', namespace: 'data', uid: '22220000-1111-4222-8333-000000000023' },
      spec: {
        nodeName: 'n1',
        containers: [{ name: 'etl', image: 'etl:1', resources: { limits: { memory: '8Gi' }, requests: { memory: '1Gi' } } }],
      },
      status: {
        phase: 'Failed',
        reason: 'Evicted',
        startTime: '2025-11-24T01:00:00Z',
        message: `The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ${usage}`,
      },
    })
  const causeOf = async (usage: string) => (await reportOfFiles({ 'pod.json': status(usage) })).incidents[0]?.rootCause
  test('is open where the evicted pod’s use is known and the size of the node is not', async () => {
    const told = await causeOf('Container etl was using 5921004Ki, request is 1Gi, has larger consumption of memory. ')
    expect(told?.statement).toContain('Whether it or others filled the node is open')
    expect(told?.statement).not.toContain('was used by others')
  })
})

describe('swap that is full', () => {
  test('with a crowd that holds most: fewer of it comes first', async () => {
    const tasks = Array.from({ length: 45 }, () => ['httpd', 80, 0, 40] as const)
    const incident = await incidentOf({ total: 4000, tasks, swap: 2000 })
    expect(incident.rootCause.statement).toContain('none of the 1.95 GiB of swap was free')
    expect(incident.recommendations[0]?.text).toMatch(/^Run \d+ instead of 45 processes of httpd \(MaxRequestWorkers\)/)
  })
  test('a process that nothing shields, with less than half, is one of those that filled it', async () => {
    const tasks = [
      ['Isolated Web Co', 700, 167, 900],
      ['firefox', 900, 100, 1400],
      ['java', 1500, 0, 1800],
      ['gnome-shell', 300, 0, 200],
    ] as const
    const desktop = await incidentOf({ total: 4000, tasks, swap: 4400 })
    expect(desktop.rootCause).toMatchObject({ id: 'swap-exhausted', confidence: 'medium' })
    const shielded = await incidentOf({
      total: 4000,
      tasks: tasks.map((row) => (row[0] === 'java' ? (['java', 1500, -500, 1800] as const) : row)),
      swap: 4400,
    })
    expect(shielded.rootCause.id).toBe('shielded-giant')
  })
})

test('processes with a task of their own get a size each; none is left out', async () => {
  const machine = { total: 64000, tasks: Array.from({ length: 8 }, () => ['ceph-osd', 7600] as const) }
  const [first] = (await incidentOf(machine)).recommendations
  expect(first?.text).toMatch(/^Give each of the 8 processes of ceph-osd less: 5\.50 GiB instead of 7\.42 GiB \(osd_memory_target\)/)
})
