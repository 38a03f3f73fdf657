import { describe, expect, it } from 'vitest'
import { reportOfFiles } from '../report-of-lines.ts'

const UID = '7b1e2d3c-1111-4222-8333-444455556666'
const ID = 'c4'.repeat(32)
const POD = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope`
const DOCKER = `/system.slice/docker-${ID}.scope`
const MIB = 2 ** 20

/** A process of so many MiB of its own, and of shared memory that it maps. */
type Row = readonly [pid: number, comm: string, mib: number, shared?: number]

const stamped = (lines: readonly string[]) => `${lines.map((line, at) => `[${(7000 + at / 1e6).toFixed(6)}] ${line}`).join('\n')}\n`
/** The table of 4.19 to 6.7: a row has its whole RSS only. */
const table = (rows: readonly Row[]) => [
  'Tasks state (memory values in pages):',
  '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  ...rows.map(([pid, comm, mib, shared = 0]) => {
    const pages = (mib + shared) * 256
    return `[${pid}] 1000 ${pid} ${pages * 2} ${pages} ${Math.ceil(pages / 512) * 4096 + 40960} 0 0 ${comm}`
  }),
]
const death = (row: Row, by: string) =>
  `${by}: Killed process ${row[0]} (${row[1]}) total-vm:9000000kB, anon-rss:${row[2] * 1024}kB, file-rss:0kB, shmem-rss:${(row[3] ?? 0) * 1024}kB, UID:1000 pgtables:90kB oom_score_adj:0`

function underLimit(mib: number, rows: readonly Row[], cgroup = POD, frames: readonly string[] = [], shmem = 0): string {
  const victim = rows.reduce((a, b) => (b[2] > a[2] ? b : a))
  return stamped([
    `${victim[1]} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`,
    ...frames,
    `memory: usage ${mib * 1024}kB, limit ${mib * 1024}kB, failcnt 9`,
    `Memory cgroup stats for ${cgroup}:`,
    `anon ${Math.round((mib - shmem) * 0.99) * MIB}`,
    `file ${shmem * MIB}`,
    `shmem ${shmem * MIB}`,
    ...table(rows),
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup},task=${victim[1]},pid=${victim[0]},uid=1000`,
    death(victim, 'Memory cgroup out of memory'),
  ])
}

interface Pod {
  readonly mib: number
  readonly owner?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly name?: string
  readonly over?: boolean
  readonly volumes?: readonly unknown[]
}

function podOf({ mib, owner, labels = {}, env = {}, name = 'store-0', over = false, volumes = [] }: Pod): string {
  const [kind, of] = owner?.split('/') ?? []
  const ended = { terminated: { reason: 'OOMKilled', exitCode: 137 } }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: UID,
      labels,
      ...(owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: of, controller: true }] }),
    },
    spec: {
      restartPolicy: over ? 'Never' : 'Always',
      volumes,
      containers: [
        {
          name: 'main',
          image: 'i',
          env: Object.entries(env).map(([n, value]) => ({ name: n, value })),
          resources: { limits: { memory: `${mib}Mi` }, requests: { memory: `${mib / 2}Mi` } },
        },
      ],
    },
    status: {
      phase: over ? 'Failed' : 'Running',
      qosClass: 'Burstable',
      containerStatuses: [{ name: 'main', containerID: `containerd://${ID}`, ...(over ? { state: ended } : {}) }],
    },
  })
}

async function incidentOf(files: Readonly<Record<string, string>>) {
  const [incident, ...more] = (await reportOfFiles(files)).incidents
  if (incident === undefined || more.length > 0) throw new Error('one incident')
  return incident
}
const inPod = (rows: readonly Row[], pod: Pod, shmem = 0) =>
  incidentOf({ 'kern.log': underLimit(pod.mib, rows, POD, [], shmem), 'pod.json': podOf(pod) })
type Incident = Awaited<ReturnType<typeof incidentOf>>
const said = ({ recommendations }: Incident) => recommendations.map(({ text, why, effect }) => `${text} ${why} ${effect}`).join('\n')
const commands = ({ recommendations }: Incident) => recommendations.map(({ command }) => command ?? '').join('\n')

describe('workers are counted where they are alike', () => {
  it('two that grew beside two small ones are no crowd', async () => {
    const grown = await inPod(
      [
        [50, 'ruby', 70],
        [51, 'ruby', 910],
        [52, 'ruby', 920],
        [53, 'ruby', 120],
      ],
      { mib: 2048 },
    )
    expect(grown.rootCause?.id).toBe('process-outgrew-limit')
    expect(said(grown)).not.toContain('Run ')
  })
  it('a small parent is not one of them', async () => {
    const workers = await inPod([[50, 'ruby', 40], ...[51, 52, 53, 54].map((pid): Row => [pid, 'ruby', 495])], { mib: 2048 })
    expect(workers.rootCause?.id).toBe('too-many-workers')
    expect(workers.rootCause?.statement).toMatch(/^4 processes named ruby held 1\.9\d GiB together/)
  })
  it("the flag of one JVM is not the heap of all: its parent's, or each one's", async () => {
    const env = { MAVEN_OPTS: '-Xmx768m' }
    const forks = await inPod(
      [50, 51, 52, 53, 54, 55, 56].map((pid): Row => [pid, 'java', 570]),
      { mib: 4096, env },
    )
    expect(said(forks)).not.toContain('-Xmx768m')
    expect(said(await inPod([[50, 'java', 4000]], { mib: 4096, env }))).toContain('-Xmx768m')
  })
})

describe('what is set where', () => {
  it.each([
    [{ 'common.k8s.elastic.co/type': 'elasticsearch' }, 'elastic-operator'],
    [{ 'app.kubernetes.io/managed-by': 'lokistack-controller' }, 'lokistack-controller'],
  ])('an operator takes back what is set on its StatefulSet: %o', async (labels, by) => {
    const operated = await inPod([[50, 'loki', 2000]], { mib: 2048, owner: 'StatefulSet/store', labels })
    expect(commands(operated)).not.toContain('set resources')
    expect(said(operated)).toContain(`names the object that ${by} makes this from`)
    const own = await inPod([[50, 'loki', 2000]], { mib: 2048, owner: 'StatefulSet/store', labels: { app: 'loki' } })
    expect(commands(own)).toContain('set resources')
  })
  it('a volume that has a size wants a smaller one', async () => {
    const volume = (emptyDir: object) => ({ mib: 2048, volumes: [{ name: 'dshm', emptyDir: { medium: 'Memory', ...emptyDir } }] })
    const rows: readonly Row[] = [[50, 'train', 500]]
    expect(said(await inPod(rows, volume({ sizeLimit: '1800Mi' }), 1500))).toContain('Give the volume dshm a smaller size')
    expect(said(await inPod(rows, volume({}), 1500))).toContain('Give the volume dshm a size (')
  })
  it('the number of nginx workers has a setting, and the importer of KubeVirt is no virtual machine', async () => {
    const nginx = await inPod(
      Array.from({ length: 60 }, (_, n): Row => [100 + n, 'nginx', 33]),
      { mib: 2048 },
    )
    expect(nginx.recommendations[0]?.text).toContain('(worker_processes;')
    const cached = underLimit(600, [[60, 'qemu-img', 30]]).replace(/anon \d+/, `anon ${40 * MIB}`)
    const importer = await incidentOf({ 'kern.log': cached.replace(/file 0/, `file ${540 * MIB}\nfile_dirty ${500 * MIB}`) })
    expect(said(importer)).toContain('podResourceRequirements')
  })
  it('a pod that ran once has its history in those before it', async () => {
    const task = { mib: 2048, name: 'dag-load-9v2k1xqz' }
    expect(commands(await inPod([[50, 'python', 2000]], { ...task, over: true }))).toContain('pod=~"dag-load-.+"')
    expect(commands(await inPod([[50, 'python', 2000]], task))).toContain('pod=~"dag-load-9v2k1xqz"')
    expect(commands(await inPod([[50, 'python', 2000]], { mib: 2048, name: 'load-orders', over: true }))).toContain('pod=~"load-orders"')
  })
  it('a limit that was resized in place can be again', async () => {
    const frames = ['Call Trace:', ' mem_cgroup_out_of_memory+0x12b/0x140', ' memory_max_write+0x1c1/0x200']
    const log = underLimit(1024, [[50, 'java', 1400]], POD, frames).replace('usage 1048576kB', 'usage 1468006kB')
    const message = 'Pod resize started: {"containers":[{"name":"main","resources":{"limits":{"memory":"1Gi"}}}]}'
    const at = { firstTimestamp: '2026-11-24T05:59:20Z', lastTimestamp: '2026-11-24T05:59:20Z' }
    const involvedObject = { kind: 'Pod', namespace: 'shop', name: 'store-0', uid: UID }
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'r', namespace: 'shop' },
      reason: 'ResizeStarted',
      message,
      involvedObject,
    }
    const dated = log.replace(/^\[.*?\] /gm, '2026-11-24T06:00:00.000000+00:00 n1 kernel: ')
    const files = { 'kern.log': dated, 'pod.json': podOf({ mib: 1024 }) }
    expect(commands(await incidentOf({ ...files, 'events.json': JSON.stringify({ ...event, ...at }) }))).toContain('--subresource resize')
    expect(commands(await incidentOf(files))).not.toContain('resize')
  })
})

describe('outside of Kubernetes', () => {
  it('docker says that the container lived on', async () => {
    const rows = [50, 51, 52].map((pid): Row => [pid, 'php-fpm', 330])
    const inspect = (running: boolean, oomKilled: boolean) =>
      JSON.stringify([{ Id: ID, Name: '/php', State: { Status: running ? 'running' : 'exited', Running: running, OOMKilled: oomKilled } }])
    const told = (running: boolean, oomKilled: boolean) =>
      incidentOf({ 'dmesg.txt': underLimit(1024, rows, DOCKER), 'inspect.json': inspect(running, oomKilled) })
    const lived = await told(true, true)
    expect(lived.diagnosis.consequence.id).toBe('unseen-by-kubernetes')
    expect(said(lived)).not.toContain('pod stays Running')
    expect((await told(true, false)).diagnosis.consequence.id).toBe('process-killed')
  })
  it.each([
    [
      '/nomad.slice/share.slice/5d1f3c2a-9b1e-4a77-8c55-1f2d3e4a5b6c.cache.scope',
      'nomad alloc exec -task cache 5d1f3c2a-9b1e-4a77-8c55-1f2d3e4a5b6c rabbitmq',
    ],
    [`/ecs/0f3a9be2c51d4d0f9f2a7c6b5e4d3c2b/${ID}`, `docker exec ${ID.slice(0, 12)} rabbitmq`],
  ])('a command runs in the container of its scheduler: %s', async (cgroup, command) => {
    expect(commands(await incidentOf({ 'dmesg.txt': underLimit(1024, [[50, 'beam.smp', 1000]], cgroup) }))).toContain(command)
  })
})

describe('page tables of one segment', () => {
  /** Each of so many backends has touched so much of the segment, and holds 6 MiB of its own. */
  function machine(backends: number, touched: number, segment: number): string {
    const rows = Array.from({ length: backends }, (_, n): Row => [900 + n, 'postgres', 6, touched])
    const tables = backends * (Math.ceil((touched + 6) / 2) + 10)
    const anon = backends * 6 * 256 + 20_000
    const used = segment * 256 + anon + tables
    return stamped([
      'postgres invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
      'Mem-Info:',
      `active_anon:0 inactive_anon:${segment * 256 + anon} isolated_anon:0`,
      ' active_file:900 inactive_file:900 isolated_file:0',
      ' unevictable:0 dirty:0 writeback:0',
      ' slab_reclaimable:4000 slab_unreclaimable:4000',
      ` mapped:9000 shmem:${segment * 256} pagetables:${tables} bounce:0`,
      ' free:16000 free_pcp:0 free_cma:0',
      'Free swap  = 0kB',
      'Total swap = 0kB',
      `${used + 40_000} pages RAM`,
      '9000 pages reserved',
      ...table(rows),
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/pg.service,task=postgres,pid=900,uid=26',
      death(rows[0] as Row, 'Out of memory'),
    ])
  }
  it('each touched a part only, and together they mapped it many times', async () => {
    const { rootCause, recommendations } = await incidentOf({ 'dmesg.txt': machine(300, 6000, 16_000) })
    expect(rootCause?.statement).toContain('300 postgres processes map one shared segment of 15.6 GiB')
    expect(recommendations.map(({ text }) => text).join('\n')).toContain('on huge pages')
  })
  it('a few that share little are not told so', async () => {
    expect((await incidentOf({ 'dmesg.txt': machine(3, 3500, 16_000) })).rootCause?.statement).not.toContain('one shared segment')
  })
})

describe('a zone that is short', () => {
  const zones = (dma32: readonly string[], counters = 'active_anon:800 inactive_anon:61000') => [
    'Mem-Info:',
    `${counters} isolated_anon:0`,
    ' active_file:21000 inactive_file:150000 isolated_file:0',
    ' unevictable:0 dirty:12 writeback:0',
    ' slab_reclaimable:10000 slab_unreclaimable:20000',
    ' mapped:20000 shmem:900 pagetables:2000',
    ' free:3412000 free_pcp:120 free_cma:0',
    ...dma32,
    'Node 0 Normal free:13634904kB min:63400kB low:79250kB high:95100kB active_anon:3248kB inactive_anon:244936kB active_file:85380kB inactive_file:601380kB unevictable:0kB present:15728640kB managed:15348012kB',
    'lowmem_reserve[]: 0 0 0 0',
    'Node 0 Normal: 100*4kB (UME) 60*8kB (UME) 30*16kB (UME) 20*32kB (UME) 12*64kB (UME) 6*128kB (UM) 5*256kB (UM) 3*512kB (UM) 4*1024kB (UME) 3*2048kB (UM) 3324*4096kB (M) = 13631600kB',
    '4161000 pages RAM',
    '112000 pages reserved',
  ]
  const killed = (comm: string, gfp: string, asker = 'kworker/u16:3') =>
    stamped([
      `${asker} invoked oom-killer: gfp_mask=${gfp}, order=0, oom_score_adj=0`,
      ...zones([
        'Node 0 DMA32 free:3212kB min:3450kB low:4312kB high:5174kB active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB present:900123kB managed:832012kB',
        'lowmem_reserve[]: 0 0 14988 14988',
        'Node 0 DMA32: 803*4kB (U) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 3212kB',
      ]),
      ...table([[801, comm, 88]]),
      `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice/user-1000.slice/session-2.scope,task=${comm},pid=801,uid=1000`,
      death([801, comm, 88], 'Out of memory'),
    ])
  it('is not said to be filled by whoever died in it', async () => {
    const found = await incidentOf({ 'dmesg.txt': killed('kwin_wayland', '0xcc4(GFP_KERNEL|GFP_DMA32)') })
    expect(found.diagnosis.limit.id).toBe('memory-zone')
    expect(found.rootCause?.statement).not.toContain('kwin_wayland could use')
    expect(found.rootCause?.statement).toContain('The request of kworker/u16:3 could use only part')
    expect(found.diagnosis.consumer.statement).toContain('stand in figures that are not in the log')
    expect(found.recommendations[0]?.text).toContain('Find the driver that asks for low addresses')
  })
  it('of a node that a request is held to, the nodes are widened', async () => {
    const log = killed('bwa', '0x100cca(GFP_HIGHUSER_MOVABLE)', 'bwa').replaceAll('Node 0 Normal', 'Node 1 Normal')
    const held = log.replace('CONSTRAINT_NONE', 'CONSTRAINT_CPUSET').replace('cpuset=/,mems_allowed=0', 'cpuset=job,mems_allowed=0')
    expect(said(await incidentOf({ 'dmesg.txt': held }))).not.toContain('low addresses')
  })
  it('nothing that may be killed: the exemption is named', async () => {
    const log = underLimit(256, [[1500, 'restic', 250]], '/system.slice/backup.service')
    const dead = log.replace(/^.*(?:oom-kill:|Killed process).*\n/gm, '').replace(/( 0 0)( restic)/, ' 0 -1000$2')
    const hung = await incidentOf({ 'dmesg.txt': `${dead}[7000.100000] Out of memory and no killable processes...\n` })
    expect(said(hung)).toContain('Lift the exemption of restic')
    expect(said(await incidentOf({ 'dmesg.txt': log }))).not.toContain('Lift the exemption')
  })
})
