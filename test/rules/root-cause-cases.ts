import type { ContainerEvent, EvictionEvent, RuntimeEvent } from '../../src/model/event.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { NodeSnapshot } from '../../src/model/snapshot.ts'
import { counter, makeInfo, makeKill, makeRow, quote, type RowFigures, trigger } from '../kernel/make-dump.ts'
import {
  CONTAINER_PATH,
  globalDump,
  ID,
  inPod,
  instantAt,
  killed,
  makeContainer,
  makeDeath,
  makeIncident,
  makePod,
  makeState,
  memcgDump,
  NOON,
  placed,
  podWorkload,
} from './make-incident.ts'

/** Each root cause with two incidents that must have it and one that looks alike and must not. */

const MIB = 2 ** 20
const BEST = CONTAINER_PATH.replaceAll('burstable', 'besteffort')
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const started = (seconds: number) =>
  placed<ContainerEvent>(-seconds, {
    kind: 'container',
    what: 'started',
    by: 'containerd',
    target,
    exitCode: null,
    reason: null,
    cause: null,
    gracePeriodSeconds: null,
    pid: null,
  })
const rows = (count: number, rss: number, comm: string, adj = 936): RowFigures[] =>
  Array.from({ length: count }, (_, i) => ({ pid: 100 + i, rss, anon: rss, comm, adj }))
const node = (more: Partial<NodeSnapshot> = {}): NodeSnapshot => ({
  kind: 'node',
  source: 'describe-node.txt',
  name: 'node-1',
  capacityBytes: { value: 972 * MIB, quote: quote('  memory: 972Mi') },
  allocatableBytes: { value: 800 * MIB, quote: quote('  memory: 800Mi') },
  bootId: null,
  kernelVersion: null,
  kubeletVersion: 'v1.33.1',
  osImage: null,
  memoryPressure: null,
  allocated: null,
  quotes: [],
  ...more,
})
const sums = {
  requestsBytes: 900 * MIB,
  limitsBytes: 1800 * MIB,
  requestsPercent: 95,
  limitsPercent: 190,
  quote: quote('  memory  900Mi (95%)  1800Mi (190%)'),
}
const death = (seconds: number, size: number, more = {}) =>
  makeDeath(memcgDump({ kills: [makeKill({ pid: 100 + seconds, anonRssBytes: size * MIB })] }), {
    at: instantAt(seconds),
    eventKey: `run-${seconds}`,
    workload: podWorkload,
    anonRssBytes: size * MIB,
    ...more,
  })
/** Another run of the same container: each has an id of its own. */
const run = (n: number) => ({ workload: { ...podWorkload, containerId: ID.replace(/^../, `0${n}`) } })
const withFlags = (text: string, limit = 80) => ({
  pods: [makePod([makeContainer({ env: { JAVA_OPTS: text }, limitBytes: { value: limit * MIB, quote: quote('memory: 80Mi') } })])],
})
const bestEffort = (rss: number, others: RowFigures[] = [], counters = {}) =>
  inPod(
    globalDump({ taskMemcg: BEST }, counters, [{ rss, anon: rss, comm: 'python3', adj: 1000 }, ...others]),
    {},
    { memcg: BEST, comm: 'python3', anonRssBytes: rss * 4096, oomScoreAdj: 1000 },
  )
const swapped = (tasks: RowFigures[], free: number) => {
  const dump = globalDump({ taskMemcg: '/system.slice/influxd.service' }, {}, tasks)
  return killed(
    { ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, totalSwapBytes: 512 * MIB, freeSwapBytes: free } },
    {},
    { memcg: '/system.slice/influxd.service' },
  )
}
const pool = (total: number, free: number) => {
  const dump = globalDump({}, { active_anon: 20_000 }, [{ rss: 3_000, anon: 3_000 }])
  const hugepages = [{ node: 0, total, free, surplus: 0, pageBytes: 2 * MIB, quote: quote('Node 0 hugepages_total=…') }]
  return killed({ ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, hugepages } })
}
const heapOut = (runtime: 'jvm' | 'node', what: RuntimeEvent['what'] = 'heap-exhausted') =>
  placed<RuntimeEvent>(0, {
    kind: 'runtime',
    runtime,
    what,
    detail: 'heap',
    heapUsedBytes: null,
    heapLimitBytes: 256 * MIB,
    pid: null,
    program: null,
    target: null,
  })
export const evicted = (usageMib: number, signal = 'memory.available') => {
  const event = placed<EvictionEvent>(0, {
    kind: 'eviction',
    stage: 'evicted',
    target,
    ranking: [],
    signal,
    thresholdBytes: 100 * MIB,
    availableBytes: 60 * MIB,
    capacityBytes: 972 * MIB,
    message: 'The node was low on resource: memory.',
    usages: [{ container: 'api', usageBytes: usageMib * MIB, requestBytes: 0 }],
  })
  return makeIncident({
    kills: [makeDeath(null, { killer: 'kubelet', pid: null, comm: null, workload: podWorkload, target, event: event.event })],
    context: [event],
    node: node(),
  })
}
const reserved = '/system.slice'
const daemons: RowFigures[] = [
  { rss: 30 * 256, anon: 30 * 256, comm: 'osqueryd' },
  { pid: 101, rss: 24 * 256, anon: 24 * 256, comm: 'kubelet', adj: -999 },
  { pid: 102, rss: 20 * 256, anon: 20 * 256, comm: 'containerd', adj: -999 },
]
const postgres = (tables: number): RowFigures[] =>
  Array.from({ length: 60 }, (_, i) => ({ pid: 100 + i, rss: 110_000, anon: 300, shmem: 108_000, tables, comm: 'postgres' }))
const segment = (tables: number) =>
  killed(
    globalDump(
      { taskMemcg: '/system.slice/postgresql.service' },
      { active_anon: 128_000, shmem: 110_000, pagetables: tables * 60 },
      postgres(tables),
    ),
    {},
    { comm: 'postgres', anonRssBytes: 300 * 4096 },
  )
const slab = (names: [string, number][], share = 170_000) => {
  const dump = globalDump({}, { active_anon: 12_000, slab_unreclaimable: share }, [{ rss: 3_000, anon: 3_000 }])
  const slabs = names.map(([name, mib]) => ({ name, usedBytes: mib * MIB, totalBytes: mib * MIB, quote: quote(`${name} ${mib * 1024}KB`) }))
  return killed({ ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, slabs } })
}

export const cases: readonly [id: string, gives: readonly Incident[], looksAlike: Incident][] = [
  [
    'process-outgrew-limit',
    [killed(memcgDump()), inPod(memcgDump(), withFlags('-Xmx40m'))],
    inPod(memcgDump(), { context: [started(20)] }),
  ],
  [
    'startup-peak',
    [inPod(memcgDump(), { context: [started(20)] }), inPod(memcgDump(), { context: [started(80)] })],
    // The next run, under the same limit, is Ready: its start fits.
    inPod(memcgDump(), {
      context: [started(20)],
      pods: [
        makePod([
          makeContainer({ state: makeState({ startedUs: NOON + 3_000_000 }), ready: true, restartCount: { value: 1, quote: null } }),
        ]),
      ],
    }),
  ],
  [
    'memory-leak',
    [
      makeIncident({ kills: [death(0, 32), death(60, 40), death(120, 48)] }),
      makeIncident({ kills: [death(0, 74, run(1)), death(34_000, 74, run(2)), death(70_000, 74, run(3))] }),
    ],
    // Three different programs.
    makeIncident({
      kills: [
        death(0, 32, { comm: 'a', workload: null, memcg: '/a' }),
        death(60, 40, { comm: 'b', workload: null, memcg: '/b' }),
        death(120, 48, { comm: 'c', workload: null, memcg: '/c' }),
      ],
    }),
  ],
  [
    'runtime-heap-fills-limit',
    [inPod(memcgDump(), withFlags('-Xmx256m')), inPod(memcgDump(), withFlags('-XX:MaxRAMPercentage=90'))],
    // The flag is another runtime's.
    inPod(memcgDump({}, {}, [{ rss: 75 * 256, anon: 74 * 256, comm: 'node' }]), withFlags('-Xmx256m'), { comm: 'node' }),
  ],
  [
    'runtime-heap-too-small',
    [
      makeIncident({ nature: 'runtime-heap', context: [heapOut('jvm')] }),
      makeIncident({ nature: 'runtime-heap', context: [heapOut('node')] }),
    ],
    inPod(memcgDump(), { context: [heapOut('jvm')] }),
  ],
  [
    'runtime-unaware-of-cgroup',
    [inPod(memcgDump(), { context: [heapOut('jvm', 'own-limit')] }), inPod(memcgDump(), { context: [heapOut('node', 'own-limit')] })],
    inPod(memcgDump({ memory: counter(524_288, 524_288) }), { context: [heapOut('jvm', 'own-limit')] }),
  ],
  [
    'too-many-workers',
    [killed(memcgDump({}, {}, rows(5, 15 * 256, 'gunicorn'))), killed(globalDump({}, {}, rows(60, 3_400, 'php-fpm', 0)))],
    // One of them grew.
    killed(
      memcgDump({}, {}, [
        { rss: 60 * 256, anon: 60 * 256, comm: 'gunicorn' },
        ...rows(4, 3 * 256, 'gunicorn').map((row, i) => ({ ...row, pid: 200 + i })),
      ]),
      {},
      { comm: 'gunicorn' },
    ),
  ],
  [
    'runaway-parallelism',
    [killed(memcgDump({}, {}, rows(150, 128, 'make'))), killed(globalDump({}, {}, rows(300, 690, 'stress', 0)))],
    killed(memcgDump({}, {}, rows(5, 15 * 256, 'make'))),
  ],
  [
    'memory-backed-volume',
    [
      killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB, shmem: 65 * MIB }), {}, { anonRssBytes: 8 * MIB }),
      killed(globalDump({}, { active_anon: 180_000, shmem: 150_000 }, [{ rss: 20_000, anon: 20_000 }])),
    ],
    killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB })),
  ],
  [
    'page-cache-pressure',
    [
      killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB })),
      killed(memcgDump({}, { anon: MIB, file: 76 * MIB, file_dirty: 70 * MIB }), {}, { comm: 'dd', anonRssBytes: MIB }),
    ],
    killed(memcgDump({}, { anon: 60 * MIB, file: 16 * MIB })),
  ],
  [
    'kernel-memory-growth',
    [
      slab([
        ['kmalloc-2k', 400],
        ['skbuff_head_cache', 120],
      ]),
      segment(460),
    ],
    segment(4),
  ],
  [
    'kernel-memory-bug',
    [1, 2].map((n) =>
      killed(
        memcgDump(
          { release: `3.10.0-${900 + n}.el7.x86_64`, kmem: counter(40_000, null) },
          { anon: 36 * MIB, kernel: 40 * MIB, slab: 38 * MIB },
        ),
      ),
    ) as [Incident, Incident],
    killed(memcgDump({ release: '6.8.0-85-generic', kmem: counter(40_000, null) }, { anon: 36 * MIB, kernel: 40 * MIB, slab: 38 * MIB })),
  ],
  [
    'unbounded-workload',
    [
      bestEffort(150_000),
      bestEffort(9_000, [{ pid: 7, rss: 120_000, anon: 120_000, comm: 'prometheus', adj: 125 }, ...rows(6, 9_000, 'spark', 1000)]),
    ],
    // A small one beside a giant of the host: it used up nothing.
    bestEffort(2_000, [{ pid: 7, rss: 180_000, anon: 180_000, comm: 'backupd', adj: 0 }]),
  ],
  [
    'shielded-giant',
    [
      bestEffort(20_000, [{ pid: 7, rss: 140_000, anon: 140_000, comm: 'fluent-bit', adj: -997 }]),
      killed(
        memcgDump({}, { anon: 72 * MIB }, [
          { rss: 2_500, anon: 2_500, adj: 936 },
          { pid: 7, rss: 16_000, anon: 16_000, comm: 'postgres', adj: -900 },
        ]),
      ),
    ],
    // Entitled to it: its adjustment stands for a request of nine tenths of the machine.
    bestEffort(60_000, [{ pid: 7, rss: 120_000, anon: 120_000, comm: 'prometheus', adj: 100 }]),
  ],
  [
    'host-process-growth',
    [
      killed(globalDump()),
      killed(
        globalDump({ taskMemcg: '/system.slice/backup.service' }, {}, [{ rss: 180_000, anon: 180_000, comm: 'backupd' }]),
        {},
        { comm: 'backupd', memcg: '/system.slice/backup.service' },
      ),
    ],
    killed(
      globalDump({}, {}, [
        { rss: 80_000, anon: 80_000, comm: 'mysqld' },
        { pid: 101, rss: 70_000, anon: 70_000, comm: 'clamd' },
        { pid: 102, rss: 50_000, anon: 50_000, comm: 'java' },
      ]),
    ),
  ],
  [
    'node-overcommitted',
    [
      killed(
        globalDump({}, {}, [
          { rss: 80_000, anon: 80_000, comm: 'mysqld' },
          { pid: 101, rss: 70_000, anon: 70_000, comm: 'clamd' },
          { pid: 102, rss: 50_000, anon: 50_000, comm: 'java' },
        ]),
      ),
      inPod(
        memcgDump(
          { oomMemcg: '/kubepods.slice' },
          {},
          rows(3, 6_000, 'api').map((row, i) => ({ ...row, comm: `svc${'abc'[i]}` })),
        ),
        { node: node({ allocated: sums }) },
      ),
    ],
    bestEffort(150_000),
  ],
  [
    'reservations-too-small',
    [
      killed(
        memcgDump({ oomMemcg: reserved, taskMemcg: `${reserved}/osqueryd.service` }, {}, daemons),
        {},
        { comm: 'osqueryd', memcg: `${reserved}/osqueryd.service` },
      ),
      killed(
        memcgDump({ oomMemcg: '/runtime.slice', taskMemcg: '/runtime.slice/containerd.service' }, {}, daemons),
        {},
        { memcg: '/runtime.slice/containerd.service' },
      ),
    ],
    // No Kubernetes node: a limit that somebody gave the slice.
    killed(
      memcgDump(
        { oomMemcg: reserved, taskMemcg: `${reserved}/a.service` },
        {},
        daemons.map((row) => ({ ...row, comm: 'java', adj: 0 })),
      ),
      {},
      { memcg: `${reserved}/a.service` },
    ),
  ],
  [
    'swap-exhausted',
    [
      swapped(
        [
          { rss: 70_000, anon: 70_000, swap: 50_000, comm: 'influxd' },
          { pid: 101, rss: 60_000, anon: 60_000, swap: 40_000, comm: 'chromium' },
          { pid: 102, rss: 60_000, anon: 60_000, swap: 30_000, comm: 'node-red' },
        ],
        200_000,
      ),
      swapped(
        [
          { rss: 90_000, anon: 90_000, swap: 60_000, comm: 'influxd' },
          { pid: 101, rss: 110_000, anon: 110_000, swap: 60_000, comm: 'java' },
        ],
        0,
      ),
    ],
    swapped([{ rss: 180_000, anon: 180_000, swap: 10_000, comm: 'influxd' }], 400 * MIB),
  ],
  ['hugepage-reservation', [pool(380, 380), pool(300, 150)], pool(60, 60)],
  [
    'fork-copy-on-write',
    [9_000, 8_000].map((size) =>
      killed(
        memcgDump({}, {}, [
          { rss: size, comm: 'redis-server' },
          { pid: 101, rss: size - 200, comm: 'redis-server' },
        ]),
      ),
    ) as [Incident, Incident],
    killed(
      memcgDump({}, {}, [
        { rss: 9_000, comm: 'redis-server' },
        { pid: 101, rss: 900, comm: 'redis-server' },
      ]),
    ),
  ],
  [
    'limit-lowered-in-place',
    ['memory_max_write', 'mem_cgroup_resize_max'].map((frame) =>
      killed(memcgDump({ trigger: { ...trigger(['GFP_KERNEL']), frames: ['mem_cgroup_out_of_memory', frame] } })),
    ) as [Incident, Incident],
    killed(memcgDump({ trigger: { ...trigger(['GFP_KERNEL']), frames: ['mem_cgroup_out_of_memory', 'try_charge_memcg'] } })),
  ],
  [
    'debug-process',
    ['jmap', 'tar'].map((comm) => killed(memcgDump({ tasks: [makeRow({ rss: 75 * 256, comm })] }), {}, { comm })) as [Incident, Incident],
    killed(
      memcgDump({
        oomMemcg: '/system.slice/backup.service',
        taskMemcg: '/system.slice/backup.service',
        tasks: [makeRow({ rss: 75 * 256, comm: 'tar' })],
      }),
      {},
      { comm: 'tar', memcg: '/system.slice/backup.service' },
    ),
  ],
  ['manual-trigger', [killed(globalDump({ manual: true })), killed(globalDump({ manual: true, trigger: null }))], killed(globalDump())],
  [
    'userspace-killer',
    (['earlyoom', 'systemd-oomd'] as const).map((killer) => makeIncident({ kills: [makeDeath(null, { killer })] })) as [Incident, Incident],
    makeIncident({ kills: [makeDeath(null, { killer: 'unknown' })] }),
  ],
  [
    'group-kill-by-default',
    [1, 2].map((alone) => {
      const dump = memcgDump({ groupMemcg: CONTAINER_PATH }, {}, [
        { rss: 75 * 256, anon: 74 * 256, adj: 936 },
        { pid: 101, rss: 100, adj: 936 },
      ])
      const before = Array.from({ length: alone }, (_, i) =>
        makeDeath(memcgDump(), { workload: podWorkload, eventKey: `run-a${i}`, at: instantAt(-900 + 200 * i) }),
      )
      return makeIncident({
        kills: [...before, makeDeath(dump, { workload: podWorkload }), makeDeath(dump, { workload: podWorkload, pid: 101 })],
      })
    }) as [Incident, Incident],
    inPod(memcgDump({ groupMemcg: CONTAINER_PATH })),
  ],
]
