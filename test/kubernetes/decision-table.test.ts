import { describe, expect, test } from 'vitest'
import {
  answersOf,
  cartPod,
  cartTask,
  describeNode,
  describePod,
  eventObject,
  eventsJson,
  type Files,
  findingIds,
  highs,
  id64,
  kernelReport,
  kubelet,
  onlyIncident,
  type Pod,
  podSlice,
  podsJson,
  quietKernel,
  reportOf,
  scope,
  systemd,
  type Task,
  text,
  uuid,
} from './compose.ts'

// The decision table of kubernetes-oom §1.3, row by row: what the kernel names × what the kubelet evicts × what the status says → verdict.

type Report = Parameters<typeof kernelReport>[0]
const kernel = (more: Partial<Report> & Pick<Report, 'oomMemcg'>): string =>
  text(
    [
      ...quietKernel(1700),
      ...kernelReport({ at: 899.8, limitKb: 262144, tasks: [cartTask], taskMemcg: scope(uuid(1), id64(1)), ...more }),
    ].sort(),
  )
const ended = (reason: string, exitCode: number, over: Partial<Pod> = {}): string =>
  podsJson(cartPod(over, { last: { kind: 'terminated', reason, exitCode, started: 300, finished: 900, id: id64(1) } }))
const quiet = { 'kern.log': text(quietKernel(1700)) }
const small: Task = { ...cartTask, rssKb: 300000, adj: 1000 }
const giant: Task = { pid: 800, comm: 'backup-agent', rssKb: 7000000, adj: 0, uid: 0 }

describe('a kernel report that names a group', () => {
  test('container scope, OOMKilled 137 → container limit', async () => {
    const incident = onlyIncident(
      await reportOf({ 'kern.log': kernel({ oomMemcg: scope(uuid(1), id64(1)) }), 'pods.json': ended('OOMKilled', 137) }),
    )
    expect(answersOf(incident)).toBe('container-limit / process / only-candidate / container-restarted')
    expect(highs(incident)).toEqual([
      'limit=container-limit',
      'consumer=process',
      'selection=only-candidate',
      'consequence=container-restarted',
    ])
  })

  const two = cartPod({
    containers: [
      {
        name: 'app',
        id: id64(2),
        limit: '200Mi',
        state: { kind: 'running', started: 903 },
        last: { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, started: 300, finished: 900, id: id64(1) },
        restarts: 1,
      },
      { name: 'proxy', id: id64(3), limit: '56Mi', state: { kind: 'running', started: 300 } },
    ],
  })
  const envoy: Task = { pid: 4400, comm: 'envoy', rssKb: 61000, adj: 984 }
  const pair = [{ ...cartTask, rssKb: 200000 }, envoy]
  test('pod slice, sum of the containers → pod limit', async () => {
    const incident = onlyIncident(
      await reportOf({ 'kern.log': kernel({ oomMemcg: podSlice(uuid(1)), tasks: pair }), 'pods.json': podsJson(two) }),
    )
    expect(answersOf(incident)).toBe('pod-limit / process / largest / container-restarted')
  })
  test('pod slice, pod-level resources → pod limit', async () => {
    const pod = { ...two, podLimit: '256Mi' }
    const incident = onlyIncident(
      await reportOf({ 'kern.log': kernel({ oomMemcg: podSlice(uuid(1)), tasks: pair }), 'pods.json': podsJson(pod) }),
    )
    expect(incident.diagnosis.limit.id).toBe('pod-limit')
  })
  test.each(['OOMKilled', 'Error'])(
    'pod slice of a pod with one container, %s → the container’s limit, and the statement says both',
    async (reason) => {
      const report = await reportOf({ 'kern.log': kernel({ oomMemcg: podSlice(uuid(1)) }), 'pods.json': ended(reason, 137) })
      const incident = onlyIncident(report)
      expect(incident.diagnosis.limit.id).toBe('container-limit')
      expect(incident.diagnosis.limit.statement).toMatch(/the pod has one container, whose limit is the same/i)
      expect(findingIds(report)).toEqual(reason === 'Error' ? ['oomkilled-missing'] : [])
    },
  )
  test('pod slice filled by a memory-backed emptyDir → its files, not the process', async () => {
    const files = {
      'kern.log': kernel({ oomMemcg: podSlice(uuid(1)), shmemKb: 240000, tasks: [{ ...cartTask, rssKb: 18000 }] }),
      'describe-pod.txt': describePod(cartPod({ memoryVolumes: [{ name: 'scratch' }] })),
    }
    const incident = onlyIncident(await reportOf(files))
    expect(incident.diagnosis.consumer.id).toBe('shared-memory')
    expect(incident.rootCause).toMatchObject({ id: 'memory-backed-volume', confidence: 'high' })
    expect(incident.recommendations[0]?.text).toMatch(/scratch/)
  })
  test.each([
    ['/kubepods.slice', scope(uuid(1), id64(1))],
    ['/kubepods', `/kubepods/burstable/pod${uuid(1)}/${id64(1)}`],
  ])('%s → allocatable overrun', async (oomMemcg, taskMemcg) => {
    const files = {
      'kern.log': kernel({ oomMemcg, taskMemcg, limitKb: 5443304, tasks: [{ ...cartTask, rssKb: 5200000 }] }),
      'pods.json': ended('OOMKilled', 137),
      'describe-node.txt': describeNode({ limits: '12Gi (150%)' }),
    }
    const incident = onlyIncident(await reportOf(files))
    expect(incident.diagnosis.limit).toMatchObject({ id: 'allocatable-limit', confidence: 'high' })
    expect(incident.rootCause.id).toBe('node-overcommitted')
    expect(incident.rootCause.statement).toMatch(/150 %/)
    expect(incident.recommendations.some((r) => /--limits=/.test(r.command ?? ''))).toBe(false)
  })
  test('kubepods-besteffort → QoS level, one of the kubelet’s limits for pods together', async () => {
    const path = scope(uuid(1), id64(1), 'besteffort')
    const pod = podsJson(cartPod({ qos: 'BestEffort' }, { limit: undefined, request: undefined }))
    const incident = onlyIncident(
      await reportOf({
        'kern.log': kernel({ oomMemcg: '/kubepods.slice/kubepods-besteffort.slice', taskMemcg: path, tasks: [{ ...cartTask, adj: 1000 }] }),
        'pods.json': pod,
      }),
    )
    expect(incident.diagnosis.limit.id).toBe('allocatable-limit')
    expect(incident.diagnosis.limit.statement).toMatch(/all BestEffort pods/)
  })
  test('a unit of the system → unit limit, failed and restarted', async () => {
    const unit = '/system.slice/fluent-bit.service'
    const journal = text([
      systemd(899.9, 'fluent-bit.service: A process of this unit has been killed by the OOM killer.'),
      systemd(900.2, "fluent-bit.service: Failed with result 'oom-kill'."),
    ])
    const incident = onlyIncident(
      await reportOf({
        'kern.log': kernel({ oomMemcg: unit, taskMemcg: unit, tasks: [{ ...cartTask, comm: 'fluent-bit', adj: 0 }] }),
        'journal.log': journal,
      }),
    )
    expect(answersOf(incident)).toBe('unit-limit / process / only-candidate / unit-failed')
    expect(incident.kills).toHaveLength(1)
  })
  test.each(['/podruntime/kubelet', '/kubelet'])('%s → an enforced reservation', async (path) => {
    const incident = onlyIncident(
      await reportOf({ 'kern.log': kernel({ oomMemcg: path, taskMemcg: path, tasks: [{ ...cartTask, comm: 'kubelet', adj: -999 }] }) }),
    )
    expect(incident.diagnosis.limit.id).toBe('cgroup-limit')
  })
})

describe('a kernel report without a group', () => {
  const path = scope(uuid(1), id64(1), 'besteffort')
  const bestEffort = podsJson(
    cartPod(
      { qos: 'BestEffort' },
      {
        limit: undefined,
        request: undefined,
        last: { kind: 'terminated', reason: 'Error', exitCode: 137, started: 300, finished: 900, id: id64(1) },
      },
    ),
  )
  const log = kernel({ oomMemcg: null, taskMemcg: path, tasks: [giant, small], victim: 1 })
  test('NONE, global_oom → the node, filled by the host’s process, an innocent victim', async () => {
    const incident = onlyIncident(await reportOf({ 'kern.log': log, 'pods.json': bestEffort, 'describe-node.txt': describeNode() }))
    expect(answersOf(incident)).toBe('node-memory / process / oom-score-adj / container-restarted')
    expect(incident.diagnosis.consumer.statement).toMatch(/backup-agent/)
    expect(['host-process-growth', 'shielded-giant', 'reservations-too-small']).toContain(incident.rootCause.id)
  })
  test('… after an eviction: one incident, which the kernel’s figures explain', async () => {
    const evicted = text([
      kubelet(850, '"Eviction manager: attempting to reclaim" resourceName="memory"', 'eviction_manager.go:376'),
      kubelet(852, '"Eviction manager: pod is evicted successfully" pod="media/transcode-1"', 'eviction_manager.go:627'),
    ])
    const incident = onlyIncident(
      await reportOf({ 'kern.log': log, 'kubelet.log': evicted, 'pods.json': bestEffort, 'describe-node.txt': describeNode() }),
    )
    expect(incident.kills.map((k) => k.killer)).toEqual(['kubelet', 'kernel'])
    expect(incident.diagnosis.limit.id).toBe('eviction-threshold')
    expect(incident.diagnosis.consumer).toMatchObject({ id: 'process', confidence: 'medium' })
    expect(incident.diagnosis.consumer.statement).toMatch(/backup-agent/)
    expect(incident.rootCause).toMatchObject({ id: 'host-process-growth', confidence: 'medium' })
    expect(incident.headline).not.toMatch(/filled by that/)
    expect(incident.pattern).toBe('cascade')
  })
})

describe('no kernel report', () => {
  const message =
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 84316Ki. Container app was using 512884Ki, request is 64Mi, has larger consumption of memory. '
  const gone = { kind: 'terminated', reason: 'Error', exitCode: 137, started: 300, finished: 900, id: id64(1) } as const
  const evicted = cartPod({ phase: 'Failed', reason: 'Evicted', message }, { id: id64(1), state: gone, last: undefined, restarts: 0 })
  const old = cartPod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory. ', containers: [] })
  const uid = uuid(1)
  const eras: [string, Files][] = [
    [
      '1.15',
      {
        'kubelet.log': text([
          kubelet(898, 'eviction manager: attempting to reclaim memory', 'eviction_manager.go:334', 'worker-1', 'W'),
          kubelet(898.2, `eviction manager: pods ranked for eviction: ${old.name}_shop(${uid})`),
          kubelet(900, `eviction manager: pod ${old.name}_shop(${uid}) is evicted successfully`),
        ]),
        'pods.json': podsJson(old),
      },
    ],
    [
      '1.31',
      {
        'kubelet.log': text([
          kubelet(898, '"Eviction manager: attempting to reclaim" resourceName="memory"'),
          kubelet(898.2, `"Eviction manager: pods ranked for eviction" pods=["shop/${old.name}"]`),
          kubelet(900, `"Eviction manager: pod is evicted successfully" pod="shop/${old.name}"`),
        ]),
        'pods.json': podsJson(evicted),
      },
    ],
    ['status only', { 'pods.json': podsJson(evicted) }],
    ['describe only', { 'describe-pod.txt': describePod(evicted) }],
    [
      'event only',
      { 'events.json': eventsJson(eventObject(900, 'Evicted', message, { kind: 'Pod', name: old.name, namespace: 'shop', uid })) },
    ],
  ]
  test.each(eras)('evicted, %s → eviction only', async (_, files) => {
    const report = await reportOf({ ...quiet, ...files })
    const incident = onlyIncident(report)
    expect(incident.kills.map((k) => k.killer)).toEqual(['kubelet'])
    expect(incident.diagnosis).toMatchObject({
      limit: { id: 'eviction-threshold' },
      selection: { id: 'eviction-ranking' },
      consequence: { id: 'pod-evicted' },
    })
    expect(incident.workload).toMatchObject({
      namespace: 'shop',
      pod: old.name,
      owner: files['events.json'] === undefined ? 'Deployment/cart' : null,
    })
    expect(findingIds(report)).toEqual([])
  })
  test('137 Error and nothing else → not an OOM that we can see', async () => {
    const report = await reportOf({ ...quiet, 'pods.json': ended('Error', 137) })
    expect(report.incidents).toEqual([])
    expect(findingIds(report)).toEqual(['exit-137-unexplained'])
  })
  const output = (line: string): Files => ({
    [`pods/shop_${cartPod().name}_${uid}/app/0.log`]: `2026-11-24T06:14:59.000000000Z stderr F ${line}\n`,
  })
  test.each([
    ['JVM', 3, 'Terminating due to java.lang.OutOfMemoryError: Java heap space'],
    ['Node.js', 134, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    ['.NET', 139, "Unhandled exception. System.OutOfMemoryException: Exception of type 'System.OutOfMemoryException' was thrown."],
  ])('%s, exit code %i and its own words → the runtime’s heap', async (_, exitCode, line) => {
    const incident = onlyIncident(await reportOf({ ...quiet, 'pods.json': ended('Error', exitCode), ...output(line) }))
    expect(incident.kills).toEqual([])
    expect(incident.diagnosis).toMatchObject({ limit: { id: 'runtime-heap' }, selection: { id: 'none' } })
    expect(incident.diagnosis.consequence).toMatchObject({ id: 'container-restarted', confidence: 'high' })
    expect(incident.rootCause.id).toBe('runtime-heap-too-small')
    expect(incident.workload).toMatchObject({ namespace: 'shop', pod: cartPod().name, container: 'app' })
  })
  test.each<[string, number, RegExp]>([
    ['ends before', 700, /the kernel log ends at 2026-11-24 06:11:40/],
    ['covers the time', 1700, /has no such line: lines were lost/],
  ])('OOMKilled in the status, and the log %s → one kill, and why no line tells of it', async (_, to, why) => {
    const report = await reportOf({ 'kern.log': text(quietKernel(to)), 'pods.json': ended('OOMKilled', 137) })
    expect(onlyIncident(report).diagnosis.limit).toMatchObject({ id: 'container-limit', confidence: 'medium' })
    expect(report.findings).toContainEqual(expect.objectContaining({ id: 'log-does-not-cover', statement: expect.stringMatching(why) }))
  })
})

test('a kernel report and no change of the pod → invisible child kill', async () => {
  const pod = cartPod({}, { id: id64(1), state: { kind: 'running', started: 300 }, last: undefined, restarts: 0 })
  const tasks = [
    { ...cartTask, pid: 4400, comm: 'celery-worker', rssKb: 200000 },
    { ...cartTask, rssKb: 50000 },
  ]
  for (const status of [{ 'pods.json': podsJson(pod) }, { 'describe-pod.txt': describePod(pod) }]) {
    const incident = onlyIncident(await reportOf({ 'kern.log': kernel({ oomMemcg: scope(uuid(1), id64(1)), tasks }), ...status }))
    expect(answersOf(incident)).toBe('container-limit / process / largest / unseen-by-kubernetes')
    expect(incident.diagnosis.consequence.statement).toMatch(/restart count 0/)
  }
})
