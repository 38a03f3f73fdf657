import { describe, expect, test } from 'vitest'
import type { ContainerEvent, KernelNotice, RuntimeEvent, UnitEvent, UserspaceKillEvent } from '../../src/model/event.ts'
import type { Incident } from '../../src/model/incident.ts'
import { makeInfo, makeKill, makeRow, makeZone, quote, trigger } from '../kernel/make-dump.ts'
import {
  CONTAINER_PATH,
  diagnose,
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
  POD_PATH,
  placed,
  podWorkload,
} from './make-incident.ts'

const MIB = 2 ** 20
const at = (path: string) => memcgDump({ oomMemcg: path, taskMemcg: path })
const target = { namespace: 'shop', pod: 'api-7c9d4', podUid: podWorkload.podUid, container: 'api', containerId: ID }
const userspaceKill = placed<UserspaceKillEvent>(0, {
  kind: 'userspace-kill',
  killer: 'earlyoom',
  pid: 100,
  comm: 'java',
  uid: 0,
  oomScoreAdj: 0,
  cgroup: null,
  cmdline: null,
  rssBytes: null,
  processes: null,
  signal: 'SIGTERM',
  reason: 'mem 9 %',
  monitored: null,
  dryRun: false,
  usageBytes: null,
  memAvailableBytes: 90 * MIB,
  memTotalBytes: 972 * MIB,
})
const byEarlyoom = makeIncident({ kills: [makeDeath(null, { killer: 'earlyoom', event: userspaceKill.event })] })
const evicted = makeIncident({ kills: [makeDeath(null, { killer: 'kubelet', pid: null, comm: null, workload: podWorkload, target })] })
const heap = placed<RuntimeEvent>(0, {
  kind: 'runtime',
  runtime: 'jvm',
  what: 'heap-exhausted',
  detail: 'Java heap space',
  heapUsedBytes: null,
  heapLimitBytes: 256 * MIB,
  pid: null,
  program: null,
  target: null,
})
const refusal = placed<KernelNotice>(0, {
  kind: 'kernel-notice',
  notice: 'vm-enough-memory',
  comm: 'stress',
  pid: 7,
  order: null,
  bytes: 8 * 2 ** 30,
  subject: null,
})
const runtimeOut = makeIncident({ nature: 'runtime-heap', context: [heap] })
const refused = makeIncident({ nature: 'refused-allocation', context: [refusal] })
const stuck = (dump: Incident['kills'][number]['dump']): Incident =>
  makeIncident({
    nature: 'no-kill',
    dumps:
      dump === null
        ? []
        : [
            {
              event: {
                kind: 'kernel-oom',
                dump,
                moment: { wall: null, outerWall: null, uptimeUs: null },
                host: null,
                bootId: null,
                writer: 'kernel',
                quotes: [quote('x')],
              },
              at: instantAt(0),
              host: null,
              boot: 'b',
            },
          ],
  })
const panicked = stuck(
  globalDump({
    kills: [],
    panic: { text: 'Out of memory: system-wide panic_on_oom is enabled', cause: 'setting' },
    quotes: { panic: [quote('Kernel panic', 99)], zones: [quote('z', 9)] },
  }),
)
const nodes = makeInfo({
  counters: { free: 520 * MIB, active_anon: 250 * MIB },
  ramBytes: 1024 * MIB,
  reservedBytes: 40 * MIB,
  zones: [
    makeZone('DMA32', { free: 513_000, min: 20_000, low: 25_000, high: 30_000, managed: 520_000 }, null, null, 0),
    makeZone('Normal', { free: 9_000, min: 20_000, low: 25_000, high: 30_000, managed: 464_000 }, null, null, 1),
  ],
})
const broken = makeInfo({
  counters: { free: 300 * MIB, active_anon: 250 * MIB },
  ramBytes: 1024 * MIB,
  reservedBytes: 40 * MIB,
  zones: [
    makeZone('Normal', { free: 300_000, min: 20_000, low: 25_000, high: 30_000, managed: 984_000 }, null, [
      [0, 70_000, 'UM'],
      [1, 2_000, 'H'],
    ]),
  ],
})
const lowmem = makeInfo({
  counters: { free: 600 * MIB, active_anon: 100 * MIB },
  ramBytes: 2048 * MIB,
  reservedBytes: 40 * MIB,
  zones: [
    makeZone('Normal', { free: 2_000, min: 4_000, low: 5_000, high: 6_000, managed: 850_000 }, [0, 0, 0, 0]),
    makeZone('HighMem', { free: 600_000, min: 512, low: 1_000, high: 2_000, managed: 1_200_000 }, [0, 0, 0, 0]),
  ],
})
const rows = (count: number, rss: number, comm = 'gunicorn') =>
  Array.from({ length: count }, (_, i) => ({ pid: 100 + i, rss, anon: rss, comm, adj: 936 }))

describe('limit', () => {
  test.each<[string, string, Incident]>([
    ['container-limit', 'high', killed(memcgDump())],
    ['container-limit', 'high', killed(at(`/docker/${ID}`))],
    ['container-limit', 'high', inPod(at(POD_PATH), { pods: [makePod([makeContainer()])] })],
    ['pod-limit', 'high', killed(at(POD_PATH))],
    ['pod-limit', 'high', inPod(at(POD_PATH), { pods: [makePod([makeContainer(), makeContainer({ name: 'proxy' })])] })],
    ['allocatable-limit', 'high', killed(at('/kubepods.slice'))],
    ['allocatable-limit', 'high', killed(at('/kubepods/burstable'))],
    ['unit-limit', 'high', killed(at('/system.slice/report.service'))],
    ['unit-limit', 'high', killed(at('/user.slice/user-1000.slice'))],
    ['cgroup-limit', 'high', killed(at('/lxc/107'))],
    ['cgroup-limit', 'high', killed(at('/mine/by-hand'))],
    ['node-memory', 'high', killed(globalDump())],
    ['node-memory', 'high', panicked],
    ['cpuset', 'high', killed(globalDump({ constraint: 'cpuset', memsAllowed: '1', memInfo: nodes }))],
    ['memory-policy', 'high', killed(globalDump({ constraint: 'memory_policy', nodemask: '1', memInfo: nodes }))],
    ['memory-zone', 'high', killed(globalDump({ memInfo: nodes }))],
    ['memory-zone', 'high', killed(globalDump({ memInfo: lowmem, trigger: trigger(['GFP_KERNEL']) }))],
    ['fragmentation', 'high', killed(globalDump({ memInfo: broken, trigger: trigger(['GFP_KERNEL'], 3) }))],
    ['manual', 'high', killed(globalDump({ manual: true }))],
    ['eviction-threshold', 'high', evicted],
    ['pressure-threshold', 'high', byEarlyoom],
    ['overcommit-limit', 'high', refused],
    ['runtime-heap', 'high', runtimeOut],
    ['unknown', 'low', makeIncident({ kills: [makeDeath(null)] })],
    ['unknown', 'low', killed(globalDump({ pagefaultOom: true, memInfo: broken }))],
  ])('%s %s', (id, confidence, incident) => {
    expect(diagnose(incident).limit).toMatchObject({ id, confidence })
    expect(diagnose(incident).warnings).toEqual([])
  })
})

describe('consumer', () => {
  test.each<[string, string, Incident]>([
    ['process', 'high', killed(memcgDump())],
    ['process', 'high', killed(globalDump())],
    ['many-processes', 'high', killed(memcgDump({}, {}, rows(4, 19 * 256)))],
    ['shared-memory', 'high', killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB, shmem: 65 * MIB }))],
    ['page-cache', 'high', killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB }))],
    ['kernel-slab', 'high', killed(memcgDump({}, { anon: 2 * MIB, kernel: 76 * MIB, slab: 70 * MIB }))],
    ['network-buffers', 'high', killed(memcgDump({}, { anon: 2 * MIB, sock: 70 * MIB }))],
    ['kernel-memory', 'high', killed(memcgDump({}, { anon: 2 * MIB, kernel: 76 * MIB }))],
    ['page-tables', 'high', killed(memcgDump({}, { anon: 2 * MIB, kernel: 76 * MIB, pagetables: 70 * MIB }))],
    ['page-tables', 'medium', killed(globalDump({}, { active_anon: 80_000, pagetables: 110_000 }))],
    ['unaccounted', 'medium', killed(globalDump({}, { active_anon: 60_000 }, [{ rss: 50_000, anon: 50_000 }]))],
    ['unknown', 'low', makeIncident({ kills: [makeDeath(null)] })],
  ])('%s %s', (id, confidence, incident) => {
    expect(diagnose(incident).consumer).toMatchObject({ id, confidence })
  })

  test('hugepages: an idle pool larger than any process', () => {
    const pool = { node: 0, total: 220, free: 200, surplus: 0, pageBytes: 2 * MIB, quote: quote('hugepages_total=220') }
    const dump = globalDump({}, { active_anon: 90_000 }, [{ rss: 80_000, anon: 80_000 }])
    const incident = killed({ ...dump, memInfo: { ...makeInfo(), ...dump.memInfo, hugepages: [pool] } })
    expect(diagnose(incident)).toMatchObject({
      consumer: { id: 'hugepages', confidence: 'high' },
      rootCause: { id: 'hugepage-reservation', confidence: 'high' },
    })
  })
})

describe('selection', () => {
  const two = [
    { rss: 75 * 256, anon: 74 * 256, adj: 936 },
    { pid: 7, rss: 300, comm: 'sh', adj: 936 },
  ]
  const giant = [
    { rss: 2_500, anon: 2_500, adj: 936 },
    { pid: 7, rss: 16_000, anon: 16_000, comm: 'postgres', adj: -999 },
  ]
  test.each<[string, string, Incident]>([
    ['largest', 'high', killed(memcgDump({}, {}, two))],
    ['largest', 'high', killed(memcgDump({ tasksComplete: false }, {}, two))],
    ['only-candidate', 'high', killed(memcgDump())],
    ['oom-score-adj', 'high', killed(memcgDump({}, {}, giant))],
    ['allocating-task', 'high', killed(memcgDump({ allocatingTask: true }, {}, two))],
    ['group-kill', 'high', killed(memcgDump({ groupMemcg: CONTAINER_PATH }, {}, two))],
    ['eviction-ranking', 'high', evicted],
    ['userspace-policy', 'high', byEarlyoom],
    ['none', 'high', panicked],
    ['none', 'high', refused],
    ['none', 'high', runtimeOut],
    ['none', 'high', stuck(memcgDump({ kills: [], noKillable: true }))],
    ['unknown', 'low', killed(memcgDump({ tasks: [] }))],
    ['unknown', 'low', makeIncident({ nature: 'dump-without-kill' })],
  ])('%s %s', (id, confidence, incident) => {
    expect(diagnose(incident).selection).toMatchObject({ id, confidence })
  })
})

describe('consequence', () => {
  const ended = makeState({
    kind: 'terminated',
    reason: 'OOMKilled',
    exitCode: 137,
    startedUs: NOON - 600e6,
    finishedUs: NOON + 1e6,
    containerId: ID,
  })
  const now = makeState({ startedUs: NOON + 3e6, containerId: 'f'.repeat(64) })
  const once = { value: 1, quote: quote('Restart Count: 1') }
  const told = (what: ContainerEvent['what'], seconds: number) =>
    placed<ContainerEvent>(seconds, {
      kind: 'container',
      what,
      by: 'containerd',
      target,
      exitCode: 137,
      reason: null,
      cause: null,
      gracePeriodSeconds: null,
      pid: null,
    })
  const unit = (what: UnitEvent['what'], result: string | null) =>
    placed<UnitEvent>(1, { kind: 'unit', what, unit: 'report.service', result, memoryPeakBytes: null, restartCounter: null, pid: null })
  test.each<[string, string, Incident]>([
    [
      'container-restarted',
      'high',
      inPod(memcgDump(), { pods: [makePod([makeContainer({ lastState: ended, state: now, restartCount: once })])] }),
    ],
    ['container-restarted', 'medium', inPod(memcgDump(), { context: [told('exit', 1), told('started', 2)] })],
    ['container-terminated', 'high', inPod(memcgDump(), { pods: [makePod([makeContainer({ state: ended })])] })],
    ['container-terminated', 'medium', inPod(memcgDump(), { context: [told('exit', 1)] })],
    [
      'unseen-by-kubernetes',
      'high',
      inPod(memcgDump(), {
        pods: [makePod([makeContainer({ state: makeState({ startedUs: NOON - 600e6, containerId: ID }) })])],
        podsReadUs: NOON + 60e6,
      }),
    ],
    [
      // A status read before the kill shows a running container too.
      'process-killed',
      'medium',
      inPod(memcgDump(), {
        pods: [makePod([makeContainer({ state: makeState({ startedUs: NOON - 600e6, containerId: ID }) })])],
        podsReadUs: NOON - 60e6,
        coverage: { ...makeIncident().coverage, pods: true },
      }),
    ],
    [
      'reported-late',
      'high',
      inPod(memcgDump(), { pods: [makePod([makeContainer({ state: { ...ended, exitCode: 0, finishedUs: NOON + 41e6 } })])] }),
    ],
    ['pod-evicted', 'high', evicted],
    [
      'unit-failed',
      'high',
      killed(at('/system.slice/report.service'), { context: [unit('oom-killed', null), unit('failed', 'oom-kill')] }),
    ],
    ['process-killed', 'high', killed(memcgDump())],
    ['node-panic', 'high', panicked],
    ['no-kill', 'high', refused],
    ['no-kill', 'high', stuck(memcgDump({ kills: [], noKillable: true }))],
    ['unknown', 'low', makeIncident({ nature: 'dump-without-kill' })],
  ])('%s %s', (id, confidence, incident) => {
    expect(diagnose(incident).consequence).toMatchObject({ id, confidence })
  })

  test('a run that began in the second of the kill is the next one, not the surviving one', () => {
    const pods = [makePod([makeContainer({ state: makeState({ startedUs: NOON }), restartCount: once })])]
    expect(diagnose(inPod(memcgDump(), { pods })).consequence.id).not.toBe('unseen-by-kubernetes')
  })
})

describe('pattern', () => {
  const death = (seconds: number, size: number, more = {}) =>
    makeDeath(memcgDump({ kills: [makeKill({ pid: 100 + seconds, anonRssBytes: size * MIB })] }), {
      at: instantAt(seconds),
      eventKey: `run-${seconds}`,
      workload: podWorkload,
      ...more,
    })
  test.each<[string, Incident]>([
    ['single', killed(memcgDump())],
    ['single', makeIncident({ kills: [death(0, 74, { eventKey: 'x' }), death(1, 10, { eventKey: 'x' })] })],
    ['repeating', makeIncident({ kills: [death(0, 74), death(60, 74), death(120, 75)] })],
    ['leak', makeIncident({ kills: [death(0, 32), death(60, 40), death(120, 48)] })],
    [
      'cascade',
      makeIncident({
        kills: [
          killed(globalDump()).kills[0] ?? death(0, 1),
          makeDeath(globalDump(), { at: instantAt(3), eventKey: 'other', comm: 'sshd', memcg: '/system.slice/ssh.service' }),
        ],
      }),
    ],
  ])('%s', (id, incident) => {
    expect(diagnose(incident).pattern).toBe(id)
  })
})

describe('root cause', () => {
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
  const giant = [
    { rss: 2_500, anon: 2_500, adj: 936 },
    { pid: 7, rss: 16_000, anon: 16_000, comm: 'postgres', adj: -999 },
  ]
  const flags = (text: string) => ({ pods: [makePod([makeContainer({ env: { JAVA_OPTS: text } })])] })
  const leaking = [32, 40, 48].map((size, i) =>
    makeDeath(memcgDump({ kills: [makeKill({ pid: 100 + i, anonRssBytes: size * MIB })] }), {
      at: instantAt(i * 60),
      eventKey: `run-${i}`,
      anonRssBytes: size * MIB,
    }),
  )
  const swapFull = globalDump()
  const best = `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${podWorkload.podUid?.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope`
  test.each<[string, string, Incident]>([
    ['process-outgrew-limit', 'medium', killed(memcgDump())],
    ['startup-peak', 'medium', inPod(memcgDump(), { context: [started(20)] })],
    ['process-outgrew-limit', 'medium', inPod(memcgDump(), { context: [started(20_000)] })],
    ['runtime-heap-fills-limit', 'high', inPod(memcgDump(), flags('-Xmx256m'))],
    ['runtime-heap-fills-limit', 'medium', inPod(memcgDump(), flags('-XX:MaxRAMPercentage=90'))],
    ['process-outgrew-limit', 'medium', inPod(memcgDump(), flags('-Xmx40m'))],
    ['memory-leak', 'medium', makeIncident({ kills: leaking })],
    ['too-many-workers', 'medium', killed(memcgDump({}, {}, rows(5, 15 * 256)))],
    ['runaway-parallelism', 'high', killed(memcgDump({}, {}, rows(150, 128)))],
    [
      'memory-backed-volume',
      'high',
      killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB, shmem: 65 * MIB }), {}, { anonRssBytes: 8 * MIB }),
    ],
    ['page-cache-pressure', 'medium', killed(memcgDump({}, { anon: 9 * MIB, file: 66 * MIB }))],
    ['kernel-memory-growth', 'high', killed(memcgDump({}, { anon: 2 * MIB, kernel: 76 * MIB, slab: 70 * MIB }))],
    ['shielded-giant', 'high', killed(memcgDump({}, { anon: 72 * MIB }, giant))],
    ['host-process-growth', 'high', killed(globalDump())],
    [
      'swap-exhausted',
      'medium',
      killed(
        { ...swapFull, taskMemcg: null, memInfo: { ...makeInfo(), ...swapFull.memInfo, totalSwapBytes: 128 * MIB, freeSwapBytes: 40_000 } },
        {},
        { memcg: null },
      ),
    ],
    ['unbounded-workload', 'high', inPod(globalDump({ taskMemcg: best }), {}, { memcg: best })],
    ['node-overcommitted', 'medium', inPod(at('/kubepods.slice'))],
    ['zone-or-numa-exhaustion', 'high', killed(globalDump({ memInfo: nodes }))],
    ['fragmentation', 'high', killed(globalDump({ memInfo: broken, trigger: trigger(['GFP_KERNEL'], 3) }))],
    ['unaccounted-memory', 'medium', killed(globalDump({}, { active_anon: 60_000 }, [{ rss: 50_000, anon: 50_000 }]))],
    [
      'limit-lowered-in-place',
      'high',
      killed(
        memcgDump({
          trigger: { ...trigger(['GFP_KERNEL']), frames: ['oom_kill_process', 'mem_cgroup_out_of_memory', 'memory_max_write'] },
        }),
      ),
    ],
    [
      'fork-copy-on-write',
      'medium',
      killed(
        memcgDump({}, {}, [
          { rss: 9_000, comm: 'redis-server' },
          { pid: 101, rss: 8_800, comm: 'redis-server' },
        ]),
      ),
    ],
    ['debug-process', 'medium', killed(memcgDump({ tasks: [makeRow({ rss: 75 * 256, comm: 'jmap' })] }), {}, { comm: 'jmap' })],
    ['manual-trigger', 'high', killed(globalDump({ manual: true }))],
    ['userspace-killer', 'high', byEarlyoom],
    ['overcommit-refusal', 'medium', refused],
    ['runtime-heap-too-small', 'medium', runtimeOut],
    ['unknown', 'low', makeIncident({ kills: [makeDeath(null)] })],
  ])('%s %s', (id, confidence, incident) => {
    expect(diagnose(incident).rootCause).toMatchObject({ id, confidence })
  })

  test('group-kill-by-default: kills were borne before; alone it is how they died, not why', () => {
    const dump = memcgDump({ groupMemcg: CONTAINER_PATH }, {}, [
      { rss: 75 * 256, anon: 74 * 256, adj: 936 },
      { pid: 101, rss: 100, adj: 936 },
    ])
    const kills = [makeDeath(dump, { workload: podWorkload }), makeDeath(dump, { workload: podWorkload, pid: 101 })]
    expect(diagnose(makeIncident({ kills })).rootCause).toMatchObject({ id: 'process-outgrew-limit' })
    const before = makeDeath(memcgDump(), { workload: podWorkload, eventKey: 'run-0', at: instantAt(-500) })
    const borne = diagnose(makeIncident({ kills: [before, ...kills] })).rootCause
    expect(borne).toMatchObject({ id: 'group-kill-by-default', confidence: 'medium' })
  })
})
