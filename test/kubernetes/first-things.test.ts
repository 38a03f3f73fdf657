import { describe, expect, test } from 'vitest'
import {
  answersOf,
  cartContainerd,
  cartKernel,
  cartKubelet,
  cartPod,
  cartTask,
  containerd,
  describeEvent,
  describeNode,
  describePod,
  eventObject,
  eventsJson,
  type Files,
  findingIds,
  highs,
  id64,
  isoSeconds,
  kernelReport,
  kubelet,
  onlyIncident,
  pleg,
  podSlice,
  podsJson,
  quietKernel,
  reportOf,
  scope,
  text,
  uuid,
} from './compose.ts'

// The ten things of the sheet that a tool must get right first (kubernetes-oom §0), each end to end.

const dead = { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, started: 300, finished: 900, id: id64(1) } as const
const kernelAt = (at: number, tasks = [cartTask], more = {}): string =>
  text([...quietKernel(1700), ...kernelReport({ at, oomMemcg: scope(uuid(1), id64(1)), limitKb: 262144, tasks, ...more })].sort())
const parent = { pid: 4321, comm: 'etl', rssKb: 40000, adj: 984 }
const worker = { pid: 4400, comm: 'etl-worker', rssKb: 200000, adj: 984 }

describe('1. OOMKilled is a property of the cgroup, not of pid 1', () => {
  const job = cartPod(
    { phase: 'Succeeded', owner: ['Job', 'etl-28'] },
    { id: id64(1), state: { ...dead, exitCode: 0 }, last: undefined, restarts: 0 },
  )
  test('exit code 0: one kill, dated by the kernel and not by the exit', async () => {
    const report = await reportOf({ 'kern.log': kernelAt(600, [worker, parent]), 'pods.json': podsJson(job) })
    const incident = onlyIncident(report)
    expect(answersOf(incident)).toBe('container-limit / process / largest / reported-late')
    expect(incident.kills).toHaveLength(1)
    expect(incident.kills[0]?.time).toMatch(/^2026-11-24T06:10:00\.0/)
    expect(incident.workload).toMatchObject({ owner: 'Job/etl-28', container: 'app', podUid: uuid(1) })
    expect(findingIds(report)).toContain('oomkilled-exit-code-zero')
  })
  test.each([0, 1, 143])('exit code %i and no kernel log: reported late, not sure, at the time of the exit', async (exitCode) => {
    const pod = cartPod({}, { id: id64(1), state: { ...dead, exitCode }, last: undefined, restarts: 0 })
    const incident = onlyIncident(await reportOf({ 'pods.json': podsJson(pod) }))
    expect(incident.diagnosis.consequence).toMatchObject({ id: 'reported-late', confidence: 'medium' })
    expect(incident.kills[0]).toMatchObject({ killer: 'kernel', time: isoSeconds(900), victim: { pid: null, comm: null } })
    expect(highs(incident)).toEqual([])
  })
})

describe('2. 137 is not OOM', () => {
  const error = cartPod({}, { last: { ...dead, reason: 'Error' } })
  const about = { kind: 'Pod', name: error.name, namespace: 'shop', uid: uuid(1), container: 'app' }
  const normal = { type: 'Normal' }
  const quiet = { 'kern.log': text(quietKernel(1700)) }
  const status = { 'pods.json': podsJson(error) }
  const cases: [string, Files, string, RegExp][] = [
    [
      'liveness',
      {
        ...status,
        'events.json': eventsJson(eventObject(870, 'Killing', 'Container app failed liveness probe, will be restarted', about, normal)),
      },
      'exit-137-not-oom',
      /liveness/,
    ],
    [
      'startup probe',
      {
        ...status,
        'events.json': eventsJson(eventObject(870, 'Killing', 'Container app failed startup probe, will be restarted', about, normal)),
      },
      'exit-137-not-oom',
      /startup/,
    ],
    [
      'grace period, by containerd',
      {
        ...status,
        'containerd.log': text([
          containerd(870, `StopContainer for "${id64(1)}" with timeout 30 (s)`),
          containerd(900, `Kill container "${id64(1)}"`),
        ]),
      },
      'exit-137-not-oom',
      /grace period of 30/,
    ],
    [
      'grace period, by the kubelet',
      {
        ...status,
        'kubelet.log': text([
          kubelet(
            870,
            `"Killing container with a grace period" pod="shop/${error.name}" podUID="${uuid(1)}" containerName="app" containerID="containerd://${id64(1)}" gracePeriod=30`,
          ),
        ]),
      },
      'exit-137-not-oom',
      /grace period/,
    ],
    [
      'preemption',
      { 'pods.json': podsJson({ ...error, phase: 'Failed', reason: 'Preempting', message: 'Preempted in order to admit critical pod' }) },
      'exit-137-not-oom',
      /preempted/,
    ],
    [
      'shutdown of the node',
      {
        'pods.json': podsJson({
          ...error,
          phase: 'Failed',
          reason: 'Terminated',
          message: 'Pod was terminated in response to imminent node shutdown.',
        }),
      },
      'exit-137-not-oom',
      /shut down/,
    ],
    [
      'eviction for storage',
      {
        'pods.json': podsJson({
          ...error,
          phase: 'Failed',
          reason: 'Evicted',
          message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
        }),
      },
      'exit-137-not-oom',
      /local storage/,
    ],
    ['nothing tells', status, 'exit-137-unexplained', /SIGKILL, whoever sent it/],
    [
      'ContainerStatusUnknown',
      {
        'describe-pod.txt': describePod(
          cartPod(
            { phase: 'Failed' },
            {
              id: '',
              last: undefined,
              state: {
                kind: 'terminated',
                reason: 'ContainerStatusUnknown',
                exitCode: 137,
                message: 'The container could not be located when the pod was terminated',
              },
            },
          ),
        ),
      },
      'container-status-unknown',
      /made up by the kubelet/,
    ],
  ]
  test.each(cases)('%s: no incident, and the reason is said', async (_, files, id, words) => {
    const report = await reportOf({ ...quiet, ...files })
    expect(report.incidents).toEqual([])
    expect(report.findings.map((f) => [f.id, words.test(f.statement)])).toContainEqual([id, true])
  })
  test('docker says by itself that it was no OOM', async () => {
    const inspect = [
      {
        Id: id64(1),
        Name: '/cache',
        State: {
          Status: 'exited',
          Running: false,
          OOMKilled: false,
          ExitCode: 137,
          StartedAt: isoSeconds(300),
          FinishedAt: isoSeconds(900),
        },
        HostConfig: { Memory: 268435456 },
        Config: { Image: 'redis:7' },
      },
    ]
    const report = await reportOf({ 'inspect.json': JSON.stringify(inspect, null, 4) })
    expect(report.incidents).toEqual([])
    expect(findingIds(report)).toEqual(['exit-137-unexplained'])
  })
})

describe('3. a container limit leaves no kubelet event', () => {
  const all: Files = {
    'kern.log': cartKernel(),
    'kubelet.log': cartKubelet(),
    'containerd.log': cartContainerd(),
    'describe-pod.txt': describePod(cartPod()),
    'pods.json': podsJson(cartPod()),
    'events.json': eventsJson(
      eventObject(
        902,
        'Started',
        'Started container app',
        { kind: 'Pod', name: cartPod().name, namespace: 'shop', uid: uuid(1), container: 'app' },
        { type: 'Normal', count: 2, first: 300 },
      ),
    ),
  }
  const only = (...names: string[]): Files => Object.fromEntries(names.map((n) => [n, all[n] as string]))
  const without = (...names: string[]): Files => only(...Object.keys(all).filter((n) => !names.includes(n)))
  test.each<[string, Files]>([
    ['everything', all],
    ['no kubelet log', without('kubelet.log')],
    ['no describe', without('describe-pod.txt')],
    ['no JSON', without('pods.json')],
    ['kernel log and describe, which prints no UID', only('kern.log', 'describe-pod.txt')],
    [
      'kernel log and describe from a bare dmesg',
      { 'dmesg.txt': cartKernel().replace(/^\S+ \S+ kernel: /gm, ''), 'describe-pod.txt': describePod(cartPod()) },
    ],
  ])('%s: one incident, one kill, names, limit, restart', async (_, files) => {
    const incident = onlyIncident(await reportOf(files))
    expect(answersOf(incident)).toBe('container-limit / process / only-candidate / container-restarted')
    expect(incident.kills).toHaveLength(1)
    expect(incident.workload).toMatchObject({
      namespace: 'shop',
      pod: cartPod().name,
      podUid: uuid(1),
      container: 'app',
      containerId: id64(1),
      owner: 'Deployment/cart',
    })
    expect(incident.diagnosis.consequence.statement).toMatch(/restart count is 1/)
    expect(incident.recommendations.map((r) => r.command)).toContain(
      'kubectl set resources -n shop deployment/cart -c app --limits=memory=384Mi',
    )
  })
  test('only describe: one kill at the finish, container limit not sure', async () => {
    const incident = onlyIncident(await reportOf(only('describe-pod.txt')))
    expect(answersOf(incident)).toBe('container-limit / unknown / unknown / container-restarted')
    expect(incident.diagnosis.limit.confidence).toBe('medium')
    expect(incident.kills[0]?.time).toBe(isoSeconds(900))
  })
  test('kernel log and events: the object of an event knows the UID', async () => {
    const incident = onlyIncident(await reportOf(only('kern.log', 'events.json')))
    expect(incident.workload).toMatchObject({ namespace: 'shop', pod: cartPod().name })
  })
  test('kubelet and runtime logs alone prove no kill', async () => {
    const report = await reportOf(only('kubelet.log', 'containerd.log'))
    expect(report.incidents).toEqual([])
    expect(findingIds(report)).toEqual(['runtime-oom-event'])
  })
})

describe('4. SystemOOM of old kubelets is worthless as proof', () => {
  const event =
    '  Warning  SystemOOM                15m                kubelet  System OOM encountered, victim process: cart-server, pid: 4321'
  const node = (version: string) => describeNode({ kubelet: version, kernel: '5.10.0-30-amd64', events: [event] })
  test('beside the kernel’s word it is false', async () => {
    const report = await reportOf({ 'kern.log': cartKernel(), 'pods.json': podsJson(cartPod()), 'describe-node.txt': node('v1.20.15') })
    expect(onlyIncident(report).diagnosis.limit.id).toBe('container-limit')
    expect(findingIds(report)).toContain('false-system-oom')
  })
  test('without a kernel log: no node OOM from 1.20, one from 1.21 on', async () => {
    const old = await reportOf({ 'describe-node.txt': node('v1.20.15') })
    expect(onlyIncident(old).diagnosis.limit.id).toBe('unknown')
    expect(findingIds(old)).toContain('system-oom-unproven')
    const young = onlyIncident(await reportOf({ 'describe-node.txt': node('v1.27.3') }))
    expect(young.diagnosis.limit).toMatchObject({ id: 'node-memory', confidence: 'medium' })
    expect(young.kills[0]?.victim).toMatchObject({ pid: 4321, comm: 'cart-server' })
  })
  test('event and status are one death: pid from the one, container from the other', async () => {
    const incident = onlyIncident(await reportOf({ 'describe-node.txt': node('v1.27.3'), 'pods.json': podsJson(cartPod()) }))
    expect(incident.kills).toHaveLength(1)
    expect(incident.kills[0]?.victim).toMatchObject({ pid: 4321, comm: 'cart-server' })
    expect(incident.workload).toMatchObject({ pod: cartPod().name, container: 'app' })
    expect(incident.diagnosis.limit.id).toBe('node-memory')
  })
})

test('5. the usage of an eviction message is a sample: it is no proof of what filled the node', async () => {
  const message =
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 84316Ki. Container app was using 54852Ki, request is 0, has larger consumption of memory. '
  const pod = cartPod(
    { phase: 'Failed', reason: 'Evicted', message },
    { id: id64(1), limit: undefined, request: undefined, last: undefined, state: { ...dead, reason: 'Error' } },
  )
  const incident = onlyIncident(await reportOf({ 'pods.json': podsJson(pod) }))
  expect(answersOf(incident)).toBe('eviction-threshold / unknown / eviction-ranking / pod-evicted')
  expect(incident.kills).toHaveLength(1)
})

test('6. the UID of a static pod is its hash, not the object’s', async () => {
  const hash = '0123456789abcdef0123456789abcdef'
  const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${hash}.slice/cri-containerd-${id64(1)}.scope`
  const pod = cartPod(
    {
      namespace: 'kube-system',
      name: 'etcd-worker-1',
      owner: ['Node', 'worker-1'],
      annotations: { 'kubernetes.io/config.hash': hash, 'kubernetes.io/config.mirror': hash },
    },
    { name: 'etcd' },
  )
  const incident = onlyIncident(
    await reportOf({
      'kern.log': text(
        [
          ...quietKernel(1700),
          ...kernelReport({ at: 899.8, oomMemcg: path, limitKb: 262144, tasks: [{ ...cartTask, comm: 'etcd' }] }),
        ].sort(),
      ),
      'pods.json': podsJson(pod),
    }),
  )
  expect(incident.workload).toMatchObject({ namespace: 'kube-system', pod: 'etcd-worker-1', podUid: uuid(1), container: 'etcd' })
})

test('7. describe prints its client’s zone, an event only an age', async () => {
  const pod = cartPod({
    events: [
      describeEvent(
        'Warning',
        'BackOff',
        '13m (x3 over 14m)',
        `Back-off restarting failed container app in pod ${cartPod().name}_shop(${uuid(1)})`,
      ),
    ],
  })
  const here = describePod(pod)
  const there = here.replace(/06:(\d\d:\d\d) \+0000/g, '11:$1 +0500')
  for (const describeText of [here, there]) {
    const incident = onlyIncident(await reportOf({ 'describe-pod.txt': describeText }))
    expect(incident.kills[0]?.time).toBe(isoSeconds(900))
    expect(incident.workload).toMatchObject({ podUid: uuid(1) })
  }
})

describe('8. other killers look like an unexplained 137', () => {
  const path = scope(uuid(1), id64(1))
  const killed = cartPod({}, { last: { ...dead, reason: 'Error' } })
  const line = (tag: string, words: string) => `2026-11-24T06:15:00.000000+00:00 worker-1 ${tag}: ${words}\n`
  const cases: [string, string, string][] = [
    [
      'systemd-oomd',
      'journal.log',
      line(
        'systemd-oomd[700]',
        `Killed ${path} due to memory pressure for /kubepods.slice being 86.80% > 50.00% for > 20s with reclaim activity`,
      ),
    ],
    [
      'systemd-oomd',
      'journal.log',
      line(
        'systemd-oomd[700]',
        `Marked ${path} for killing due to memory used (16109408256) / total (16474247168) and swap used (1982627840) / total (2147479552) being more than 90.00%`,
      ),
    ],
    [
      'oomd',
      'kern.log',
      line(
        'kernel',
        `[  900.123456] oomd kill: 10.00 60.00 600.00 ${path.slice(1)} 268435456 ruleset:[R] detectorgroup:[D] killer:kill_by_memory_size_or_growth v2`,
      ),
    ],
    [
      'talos',
      'dmesg.log',
      `user: warning: [2026-11-24T06:15:00.000000000Z]: [talos] Sending SIGKILL to cgroup {"component":"controller-runtime","controller":"runtime.OOMController","cgroup":"/sys/fs/cgroup/kubepods/burstable/pod${uuid(1)}"}\n`,
    ],
  ]
  test.each(cases)('%s in %s', async (killer, file, log) => {
    const report = await reportOf({ [file]: log, 'pods.json': podsJson(killed) })
    const incident = onlyIncident(report)
    expect(incident.kills.map((k) => k.killer)).toEqual([killer])
    expect(incident.diagnosis.limit.id).toBe('pressure-threshold')
    expect(incident.rootCause.id).toBe('userspace-killer')
    expect(incident.workload).toMatchObject({ namespace: 'shop', pod: cartPod().name })
    expect(incident.headline).not.toMatch(/in container app of pod .* in container|OOM/)
    expect(findingIds(report)).toEqual([])
  })
  test('Slurm counts what the kernel did', async () => {
    const said =
      'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=123.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.\n'
    const incident = onlyIncident(await reportOf({ 'job.out': said }))
    expect(incident.diagnosis.limit.statement).not.toMatch(/did not act/)
    expect(incident.recommendations.map((r) => r.command ?? '').join('\n')).toMatch(/^sacct -j 123 /m)
  })
})

test('9. one kill with memory.oom.group takes all of the container: one incident, each process once', async () => {
  const tasks = [11, 12, 13].map((pid) => ({ pid, comm: 'gunicorn', rssKb: 85000, adj: 984 }))
  const files = {
    'kern.log': kernelAt(899.8, tasks, { group: true }),
    'pods.json': podsJson(cartPod()),
    'describe-node.txt': describeNode({ kubelet: 'v1.29.4' }),
  }
  const incident = onlyIncident(await reportOf(files))
  expect(incident.kills.map((k) => k.victim.pid)).toEqual([11, 12, 13])
  expect(answersOf(incident)).toBe('container-limit / many-processes / group-kill / container-restarted')
  expect(incident.pattern).toBe('single')
})

describe('10. kubelet and kernel race', () => {
  const evictedLine = kubelet(
    905,
    `"Eviction manager: pod is evicted successfully" pod="shop/${cartPod().name}"`,
    'eviction_manager.go:627',
  )
  const kubepods = text(
    [
      ...quietKernel(1700),
      ...kernelReport({
        at: 899.8,
        oomMemcg: '/kubepods.slice',
        taskMemcg: scope(uuid(1), id64(1)),
        limitKb: 5443304,
        tasks: [{ ...cartTask, rssKb: 5200000 }],
      }),
    ].sort(),
  )
  test('killed first, evicted seconds later: one kill', async () => {
    const incident = onlyIncident(
      await reportOf({
        'kern.log': kubepods,
        'kubelet.log': text([kubelet(904, '"Eviction manager: attempting to reclaim" resourceName="memory"'), evictedLine]),
        'pods.json': podsJson(
          cartPod(
            { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory. ' },
            { id: id64(1), state: dead, last: undefined, restarts: 0 },
          ),
        ),
      }),
    )
    expect(incident.kills.map((k) => k.killer)).toEqual(['kernel'])
    expect(incident.diagnosis.limit.id).toBe('allocatable-limit')
    expect(incident.diagnosis.consequence.id).toBe('pod-evicted')
  })
  test('restarted in between: the eviction ended another container, a second kill', async () => {
    const log = text([
      pleg(901, cartPod(), 'ContainerDied', id64(1)),
      pleg(903, cartPod(), 'ContainerStarted', id64(2)),
      kubelet(904, '"Eviction manager: attempting to reclaim" resourceName="memory"'),
      evictedLine,
    ])
    const incident = onlyIncident(await reportOf({ 'kern.log': kubepods, 'kubelet.log': log }))
    expect(incident.kills.map((k) => k.killer)).toEqual(['kernel', 'kubelet'])
  })
  test('the pod level names the container where the pod has only one', async () => {
    const log = text(
      [
        ...quietKernel(1700),
        ...kernelReport({ at: 899.8, oomMemcg: podSlice(uuid(1)), taskMemcg: scope(uuid(1), id64(1)), limitKb: 262144, tasks: [cartTask] }),
      ].sort(),
    )
    expect(onlyIncident(await reportOf({ 'kern.log': log, 'pods.json': podsJson(cartPod()) })).diagnosis.limit.id).toBe('container-limit')
  })
})
