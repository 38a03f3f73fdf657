import { describe, expect, test } from 'vitest'
import type { ReportIncident } from '../../../src/model/report.ts'
import { reportOfFiles } from '../report-of-lines.ts'

/** Settings that a command line, an inspection or an object shows, and what advice makes of them. */
const UID = '3d1c7a90-1111-4222-8333-000000000031'
const CID = '31c'.repeat(22).slice(0, 64)
const SCOPE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${CID}.scope`
const DOCKER = `/system.slice/docker-${CID}.scope`

interface Kill {
  readonly cgroup: string
  readonly mib: number
  /** Name and MiB of each process, the victim first. */
  readonly tasks: readonly (readonly [comm: string, mib: number, pid?: number])[]
  readonly front?: (at: number) => string
}
const atLimit = ({ cgroup, mib, tasks, front = (at) => `[${(5000 + at / 1e6).toFixed(6)}] ` }: Kill): string => {
  const [[comm, held, pid = 3300] = ['?', 0]] = tasks
  return [
    `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=900`,
    `memory: usage ${mib * 1024}kB, limit ${mib * 1024}kB, failcnt 12`,
    `Memory cgroup stats for ${cgroup}:`,
    `anon ${tasks.reduce((sum, [, size]) => sum + size, 0) * 2 ** 20}`,
    'file 2097152',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    ...tasks.map(
      ([name, size, id = 3300], at) =>
        `[${String(id + at).padStart(7)}]  1000  ${id + at}   900000   ${size * 256}  2400000        0           900 ${name}`,
    ),
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=${cgroup},task_memcg=${cgroup},task=${comm},pid=${pid},uid=1000`,
    `Memory cgroup out of memory: Killed process ${pid} (${comm}) total-vm:3600000kB, anon-rss:${held * 1024}kB, file-rss:8000kB, shmem-rss:0kB, UID:1000 pgtables:2400kB oom_score_adj:900`,
  ]
    .map((line, at) => `${front(at)}${line}\n`)
    .join('')
}

interface PodParts {
  readonly name?: string
  readonly owner?: string
  readonly container?: string
  readonly image?: string
  readonly args?: readonly string[]
  readonly limit?: string
  readonly annotations?: string
  /** Of the run that was killed: from, to. */
  readonly lived?: readonly [string, string]
  readonly state?: string
}
const podOf = ({
  name = 'db-0',
  owner = 'StatefulSet/db',
  container = 'main',
  image = 'main:1',
  args = [],
  limit = '4Gi',
  annotations = '{}',
  lived = ['00:00:01', '02:20:01'],
  state = '{running: {startedAt: "2025-11-24T02:20:05Z"}}',
}: PodParts): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: data
  uid: ${UID}
  annotations: ${annotations}
  ownerReferences:
  - {apiVersion: apps/v1, kind: ${owner.split('/')[0]}, name: ${owner.split('/')[1]}, controller: true}
spec:
  containers:
  - name: ${container}
    image: ${image}
    args: ${JSON.stringify(args)}
    resources: {limits: {memory: ${limit}}, requests: {memory: 512Mi}}
status:
  qosClass: Burstable
  containerStatuses:
  - name: ${container}
    containerID: containerd://${'e'.repeat(64)}
    restartCount: 3
    ready: false
    state: ${state}
    lastState: {terminated: {reason: OOMKilled, exitCode: 137, startedAt: "2025-11-24T${lived[0]}Z", finishedAt: "2025-11-24T${lived[1]}Z", containerID: "containerd://${CID}"}}
`

async function incidentOf(files: Readonly<Record<string, string>>): Promise<ReportIncident> {
  const { incidents } = await reportOfFiles(files)
  if (incidents.length !== 1) throw new Error(`${incidents.length} incidents`)
  return incidents[0] as ReportIncident
}
const inPod = (tasks: Kill['tasks'], mib: number, pod: PodParts) =>
  incidentOf({ 'kern.log': atLimit({ cgroup: SCOPE, mib, tasks }), 'pod.yaml': podOf({ ...pod, limit: `${mib}Mi` }) })
const firstOf = ({ recommendations }: ReportIncident): string => recommendations[0]?.text ?? ''
const commandsOf = ({ recommendations }: ReportIncident): string => recommendations.map(({ command }) => command ?? '').join('\n')

describe('what docker, podman and crictl tell of a container is read as a pod’s object is', () => {
  const tasks = [['node', 1000]] as const
  const inspected = (more: object): string =>
    JSON.stringify([{ Id: CID, Name: '/api', State: { Running: true, OOMKilled: true, Pid: 9 }, HostConfig: { Memory: 2 ** 30 }, ...more }])
  test.each([
    ['its environment', { Path: 'node', Args: ['server.js'], Config: { Env: ['PATH=/bin', 'NODE_OPTIONS=--max-old-space-size=1024'] } }],
    ['its command', { Path: 'node', Args: ['--max-old-space-size=1024', 'server.js'], Config: {} }],
    ['its entry point', { Config: { Entrypoint: ['node'], Cmd: ['--max-old-space-size=1024', 'server.js'] } }],
  ])('%s', async (_, more) => {
    const incident = await incidentOf({ 'kern.log': atLimit({ cgroup: DOCKER, mib: 1024, tasks }), 'inspect.json': inspected(more) })
    expect(incident.rootCause.id).toBe('runtime-heap-fills-limit')
    expect(firstOf(incident)).toContain('from 1 GiB (--max-old-space-size=1024) to --max-old-space-size=768')
  })
  test('crictl’s', async () => {
    const crictl = {
      status: { id: CID, metadata: { name: 'api' }, state: 'CONTAINER_RUNNING', labels: { 'io.kubernetes.pod.uid': UID } },
      info: { runtimeSpec: { process: { args: ['node', 'server.js'], env: ['NODE_OPTIONS=--max-old-space-size=1024'] } } },
    }
    const incident = await incidentOf({
      'kern.log': atLimit({ cgroup: SCOPE, mib: 1024, tasks }),
      'crictl-inspect.json': JSON.stringify(crictl),
    })
    expect(incident.rootCause.id).toBe('runtime-heap-fills-limit')
  })
  test('another container’s is not', async () => {
    const other = inspected({ Path: 'node', Args: ['--max-old-space-size=1024'], Config: {} })
      .replaceAll(CID, 'd'.repeat(64))
      .replace('"OOMKilled":true', '"OOMKilled":false')
    const incident = await incidentOf({ 'kern.log': atLimit({ cgroup: DOCKER, mib: 1024, tasks }), 'inspect.json': other })
    expect(incident.rootCause.id).toBe('process-outgrew-limit')
  })
})

describe('a database’s cache is held against the limit', () => {
  test('MongoDB', async () => {
    const incident = await inPod([['mongod', 4000]], 4096, { args: ['--wiredTigerCacheSizeGB', '3.5'] })
    expect(incident.rootCause).toMatchObject({ id: 'runtime-heap-fills-limit', confidence: 'medium' })
    expect(incident.rootCause.statement).toContain('lets the cache alone grow to 3.50 GiB, 88 % of the limit of 4 GiB: connections')
    expect(firstOf(incident)).toMatch(/^Lower the maximum of the cache .* to --wiredTigerCacheSizeGB=2.25/)
  })
  test('one that leaves room is no cause', async () => {
    expect((await inPod([['mongod', 4000]], 4096, { args: ['--wiredTigerCacheSizeGB', '1.5'] })).rootCause.id).toBe('process-outgrew-limit')
  })
  test('nor is a flag of another program in its container', async () => {
    expect((await inPod([['backup', 4000]], 4096, { args: ['--wiredTigerCacheSizeGB', '3.5'] })).rootCause.id).toBe('process-outgrew-limit')
  })
  test('Elasticsearch gets half of the limit as heap, not three quarters', async () => {
    const args = ['-Xmx4g', 'org.elasticsearch.bootstrap.Elasticsearch']
    expect(firstOf(await inPod([['java', 4000]], 4096, { args }))).toContain('to -Xmx2048m: 50 % of the limit')
  })
})

describe('a limit that follows from another setting is set there first', () => {
  test('Spark’s overhead, for its Python workers too', async () => {
    const spark = { container: 'spark-kubernetes-executor', owner: 'Pod/etl-driver', name: 'etl-exec-3' }
    for (const tasks of [
      [['java', 1500]],
      [
        ['python3', 600],
        ['python3', 500],
        ['python3', 300],
        ['java', 100],
      ],
    ] as const) {
      const incident = await inPod(tasks, 1536, spark)
      expect(incident.recommendations.filter(({ when }) => when === 'now').at(-1)?.text).toMatch(
        /^Raise spark\.executor\.memoryOverhead .* Aim at a limit of 2\.25 GiB/,
      )
      expect(commandsOf(incident)).not.toContain('set resources')
    }
  })
  test('KubeVirt’s: the guest’s memory is fixed, so little more is a trial', async () => {
    const incident = await inPod([['qemu-kvm', 4050]], 4096, {
      container: 'compute',
      owner: 'VirtualMachineInstance/w',
      name: 'virt-launcher-w-x',
    })
    expect(firstOf(incident)).toMatch(/domain\.memory\.guest.* Aim at a limit of 5 GiB/)
  })
  test('a machine of the host’s own has none', async () => {
    const cgroup = '/machine.slice/machine-qemu\\x2d1\\x2dw.scope'
    expect(
      JSON.stringify((await incidentOf({ 'kern.log': atLimit({ cgroup, mib: 4096, tasks: [['qemu-kvm', 4050]] }) })).recommendations),
    ).not.toContain('VirtualMachine')
  })
})

describe('a command that can be run', () => {
  const java = [['java', 1000]] as const
  test('a run that is over in a minute is not looked into by hand', async () => {
    const front = (at: number): string => `2025-11-24T02:20:00.${String(100000 + at)}+00:00 n kernel: `
    const waits = { state: '{waiting: {reason: CrashLoopBackOff}}' }
    const files = (from: string, now = {}) => ({
      'kern.log': atLimit({ cgroup: SCOPE, mib: 1024, tasks: java, front }),
      'pod.yaml': podOf({ lived: [from, '02:20:01'], limit: '1Gi', args: ['-Xmx1g'], ...now }),
    })
    const short = await incidentOf(files('02:19:15', waits))
    expect(JSON.stringify(short.recommendations)).toContain('The killed run lasted 45 s')
    expect(commandsOf(short)).not.toContain(' exec ')
    const long = await incidentOf(files('01:19:15'))
    expect(JSON.stringify(long.recommendations)).not.toContain('The killed run lasted')
    expect(commandsOf(long)).toContain('kubectl exec -n data db-0 -c main -- jcmd 0 VM')
    // While it waits there is nothing to run it in.
    expect(commandsOf(await incidentOf(files('01:19:15', waits)))).not.toContain(' exec ')
  })
  test('process 1 may be what only started the program', async () => {
    const one = (starter: string) =>
      inPod(
        [
          ['python3', 900, 3301],
          [starter, 1, 3200],
        ],
        1024,
        {},
      )
    expect(commandsOf(await one('tini'))).toContain("-- sh -c 'memray attach $(pgrep -o python3)'")
    // a parent of another name, or of its own, is not the one that grew
    expect(commandsOf(await one('sidecar'))).toContain('memray attach $(grep -sH VmRSS /proc/[0-9]*/status')
  })
  test('of a set whose pods differ it is the killed pod that is looked into', async () => {
    expect(commandsOf(await inPod([['mongod', 1000]], 1024, { name: 'db-2' }))).toContain('exec -n data db-2 -c main')
    const deployed = { name: 'db-6bd5c9f7d9-x2x4z', owner: 'ReplicaSet/db-6bd5c9f7d9' }
    expect(commandsOf(await inPod([['mongod', 1000]], 1024, deployed))).toContain('exec -n data deployment/db -c main')
  })
  test('Slurm submits the job again', async () => {
    const cgroup = '/system.slice/slurmstepd.scope/job_4711/step_0/user/task_0'
    const incident = await incidentOf({
      'kern.log': atLimit({ cgroup: '/system.slice/slurmstepd.scope/job_4711', mib: 4096, tasks: [['R', 4000]] }).replace(
        /task_memcg=[^,]*/,
        `task_memcg=${cgroup}`,
      ),
    })
    expect(incident.recommendations[0]?.command).toBe('scontrol write batch_script 4711 job-4711.sh && sbatch --mem=6G job-4711.sh')
  })
  test.each([
    ['a constraint', { annotations: '{openshift.io/scc: restricted-v2}' }, 'oc '],
    ['the cluster’s own registry', { image: 'image-registry.openshift-image-registry.svc:5000/data/db:1' }, 'oc '],
    ['nothing', {}, 'kubectl '],
  ])('of OpenShift tells %s', async (_, pod, cli) => {
    expect((await inPod([['mongod', 1000]], 1024, pod)).recommendations[0]?.command?.startsWith(cli)).toBe(true)
  })
  test('a job of cron gets a unit of its own', async () => {
    const front = (at: number): string => `Nov 24 03:10:0${1 + (at > 3 ? 1 : 0)} host7 kernel: `
    const one = async (unit: string): Promise<ReportIncident> =>
      incidentOf({
        messages: `Nov 24 03:00:01 host7 CROND[811]: (root) CMD (/usr/local/bin/restic backup /srv)\n${atLimit({ cgroup: `/system.slice/${unit}`, mib: 1024, tasks: [['restic', 1000]], front })}`,
      })
    const cron = (await one('crond.service')).recommendations[0]
    expect(cron?.text).toContain('Give the job /usr/local/bin/restic backup /srv a unit of its own')
    expect(cron?.text).toContain('systemd-run --scope -p MemoryHigh=1G -p MemoryMax=1536M')
    expect(cron?.command).toMatch(/^grep -rn -e restic \/etc\/crontab/)
    expect((await one('restic.service')).recommendations[0]?.command).toContain('set-property restic.service')
  })
})

test('what a program loads anew just before is told, without a zone too, and its setting comes first', async () => {
  const front = (): string => 'Nov 24 03:00:40 host7 kernel: '
  const log = (line: string): Record<string, string> => ({
    messages: `Nov 24 03:00:12 host7 ${line}\n${atLimit({ cgroup: '/system.slice/clamav-daemon.service', mib: 1536, tasks: [['clamd', 1500]], front })}`,
  })
  const told = await incidentOf(log('clamd[3300]: Reading databases from /var/lib/clamav'))
  expect(told.rootCause.statement).toContain('clamd had begun to load its data 28 s before the first kill')
  expect(firstOf(told)).toContain('ConcurrentDatabaseReload no')
  for (const line of ['app[9]: Reading databases from /var/lib/clamav', 'clamd[3300]: Reading databases from nowhere']) {
    const other = await incidentOf(log(line))
    expect(other.rootCause.statement).not.toContain('load its data')
    expect(other.recommendations.map(({ when, text }) => text.includes('ConcurrentDatabaseReload') && when)).not.toContain('now')
  }
})

describe('a limit is set where it lives', () => {
  const set = async (cgroup: string, comm = 'app') =>
    (await incidentOf({ 'kern.log': atLimit({ cgroup, mib: 1024, tasks: [[comm, 1000]] }) })).recommendations
  const sidecar = (name: string, beside: string) =>
    incidentOf({
      'kern.log': atLimit({ cgroup: SCOPE, mib: 1024, tasks: [['envoy', 1000]] }),
      'pod.yaml': podOf({ container: name, limit: '1Gi', owner: 'ReplicaSet/cart-6bd5c9f7d9', name: 'cart-6bd5c9f7d9-x2x4z' }).replace(
        '  containers:\n',
        `  containers:\n${beside}`,
      ),
    })
  test('of an injected container in an annotation of the pod template', async () => {
    const app = '  - {name: app, image: app:1}\n'
    expect(commandsOf(await sidecar('istio-proxy', app))).toContain(
      `kubectl patch -n data deployment/cart --type=merge -p '{"spec":{"template":{"metadata":{"annotations":{"sidecar.istio.io/proxyMemoryLimit":"1536Mi","sidecar.istio.io/proxyMemory":"1536Mi"}}}}}'`,
    )
    expect(commandsOf(await sidecar('linkerd-proxy', app))).toContain('"config.linkerd.io/proxy-memory-limit":"1536Mi"')
    expect(commandsOf(await sidecar('envoy', app))).toContain('set resources -n data deployment/cart -c envoy')
    // A gateway's proxy is alone in its pod and stands in its template.
    expect(commandsOf(await sidecar('istio-proxy', ''))).toContain('set resources -n data deployment/cart -c istio-proxy')
  })
  test('a proxy’s own setting comes before that; a shipper’s output is looked at first', async () => {
    const app = '  - {name: app, image: app:1}\n'
    expect(firstOf(await sidecar('istio-proxy', app))).toContain('Send it less configuration')
    expect(firstOf(await sidecar('otel-agent', app))).toContain('is slow or down')
  })
  test('of a pod that an operator makes in what it makes it from', async () => {
    const made = await inPod([['java', 1000]], 1024, { owner: 'StrimziPodSet/ev-kafka', name: 'ev-kafka-0' })
    expect(made.recommendations[0]).toMatchObject({
      command: null,
      effect: expect.stringContaining('StrimziPodSet/ev-kafka makes this pod'),
    })
  })
  test.each([
    [`/ecs/1234567890abcdef1234567890abcdef/${'e0'.repeat(32)}`, 'task definition'],
    ['/nomad.slice/share.slice/3f5c1d2e-aaaa-4bbb-8ccc-0123456789ab.web.scope', 'job file'],
  ])('%s', async (cgroup, where) => {
    expect((await set(cgroup))[0]).toMatchObject({ command: null, effect: expect.stringContaining(where) })
  })
  test('a container of systemd’s own is its unit', async () => {
    expect((await set('/machine.slice/systemd-nspawn@web.service'))[0]?.command).toBe(
      'systemctl set-property systemd-nspawn@web.service MemoryMax=1536M',
    )
  })
  test('a rootless container is known to its user', async () => {
    const all = await set(`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${CID}.scope/container`, 'node')
    const podman = all.map(({ command }) => command ?? '').filter((command) => command.includes('podman'))
    expect(podman.length).toBeGreaterThan(3)
    expect(podman.every((command) => command.startsWith("sudo -u '#1000' XDG_RUNTIME_DIR=/run/user/1000 podman "))).toBe(true)
    const root = await set(`/machine.slice/libpod-${CID}.scope/container`)
    expect(root[0]?.command?.startsWith('podman update')).toBe(true)
  })
  test('a slice is recorded with its units', async () => {
    expect((await set('/apps.slice')).map(({ command }) => command)).toContain('systemd-cgtop -b -n 1 -m --depth=3 /apps.slice')
  })
  test('a container within another is known to the daemon in there, and the host’s processes are not asked', async () => {
    const inner = `/docker/${CID}/docker/${'d2'.repeat(32)}`
    const log = atLimit({ cgroup: `/docker/${CID}`, mib: 1024, tasks: [['node', 1000]] }).replace(/task_memcg=[^,]*/, `task_memcg=${inner}`)
    const all = commandsOf(await incidentOf({ 'kern.log': log }))
    expect(all).toContain(`docker exec ${CID.slice(0, 12)} docker inspect`)
    expect(all).not.toContain('pgrep')
  })
})

test('a job that ends has no ordinary work that hours under a limit would speak for', async () => {
  const front = (at: number): string => `2025-11-24T02:20:00.${String(100000 + at)}+00:00 n kernel: `
  const said = async (owner: string): Promise<string> =>
    (
      await incidentOf({
        'kern.log': atLimit({ cgroup: SCOPE, mib: 1024, tasks: [['R', 1000]], front }),
        'pod.yaml': podOf({ owner, name: 'fit-x9', lived: ['19:00:00', '02:20:01'], limit: '1Gi' }).replace(
          '2025-11-24T19',
          '2025-11-23T19',
        ),
      })
    ).rootCause.statement
  expect(await said('StatefulSet/fit')).toContain('had run for 7 h')
  expect(await said('Job/fit')).not.toContain('had run for')
})
