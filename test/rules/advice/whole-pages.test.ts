import { describe, expect, it, test } from 'vitest'
import { actionsOf } from '../../../src/render/view/actions.ts'
import { plainOf } from '../../../src/render/view/rich.ts'
import { spokenText } from '../../../src/render/view/spoken.ts'
import { CGROUP, ID, incidentOf, killed, podOf, underLimit } from '../killed-in-pod.ts'
import { incidentOfMachine } from '../of-a-machine.ts'
import { incidentOfLines } from '../report-of-lines.ts'

/** What a reader of whole pages, at three in the morning, found false, harmful, said twice or badly said. */
type Incident = Awaited<ReturnType<typeof incidentOf>>
const commandsOf = ({ recommendations }: Incident) => recommendations.map(({ command }) => command ?? '')
const wordsOf = (incident: Incident) => JSON.stringify(incident.recommendations)
const at = (seconds: number, rest: string) => `Nov 24 07:00:${String(seconds).padStart(2, '0')} n1 ${rest}`
const UNIT = '/system.slice/batch.service'

describe('a unit that failed', () => {
  const log = (...more: readonly string[]) =>
    [
      at(1, 'systemd[1]: Started batch.service - Batch.'),
      ...underLimit(64, [[40, 'batch', 62]], 0, UNIT)
        .trim()
        .split('\n')
        .map((line) => at(5, `kernel: ${line}`)),
      at(6, "systemd[1]: batch.service: Failed with result 'oom-kill'."),
      ...more,
    ].join('\n')
  const cameOf = async (...more: readonly string[]) =>
    (await incidentOf({ 'kern.log': `${log(...more)}\n` })).diagnosis.consequence.statement
  it('was not started again by the start in front of it', async () => {
    expect(await cameOf()).toBe('systemd marked unit `batch.service` as failed (`oom-kill`).'.replaceAll('`', ''))
  })
  it('was by one behind it, or by a restart that was scheduled', async () => {
    expect(await cameOf(at(8, 'systemd[1]: Started batch.service - Batch.'))).toContain('and scheduled a restart')
    expect(await cameOf(at(7, 'systemd[1]: batch.service: Scheduled restart job, restart counter is at 1.'))).toContain(
      'scheduled a restart',
    )
  })
})

test('a process with a blank in its name is one name in the course of events', async () => {
  const incident = await killed([[40, 'x', 500]], { mib: 512 })
  const { rich } = spokenText('the kernel killed Web Content (1175)', incident) as { rich: readonly { text: string; code?: boolean }[] }
  expect(rich.filter(({ code }) => code).map(({ text }) => text)).toEqual(['Web Content'])
})

describe('who starts so many of one name', () => {
  const crowd = (name: (n: number) => string) =>
    incidentOfMachine({ total: 1400, tasks: Array.from({ length: 130 }, (_, n) => [name(n), 8] as const) })
  it('is asked by the beginning of the name: kworker is no worker, and each may have a number', async () => {
    for (const name of [() => 'worker', (n: number) => `httpd-${n}`]) {
      const [command = ''] = commandsOf(await crowd(name))
      expect(command).toMatch(/awk -v name=(?:worker|httpd) 'index\(.*, name\) == 1 \{ print \$1 \}' \| sort \| uniq -c/)
      expect(command).not.toContain('grep')
    }
  })
})

describe('the limit of a pod', () => {
  const pod = (more: object) => {
    const one = JSON.parse(podOf({ mib: 512, owner: 'Deployment/store', name: 'store-7c9d6f5b84-q8x2m' }))
    one.spec = { ...one.spec, ...more }
    return incidentOf({
      'kern.log': underLimit(100, [[40, 'api', 60]], 968, CGROUP.slice(0, CGROUP.lastIndexOf('/'))),
      'pod.json': JSON.stringify(one),
    })
  }
  it('is watched as the sum of its containers', async () => {
    const incident = await pod({ resources: { limits: { memory: '100Mi' } } })
    expect(incident.diagnosis.limit.id).toBe('pod-limit')
    expect(commandsOf(incident)).toContain(
      `promtool query instant "$PROMETHEUS_URL" 'max_over_time(sum by (namespace,pod) (container_memory_working_set_bytes{namespace="shop",pod=~"store-.+",container!=""})[7d:5m])'`,
    )
    expect(wordsOf(incident)).toContain('> 94371840')
    expect(wordsOf(incident)).not.toContain('container=\\\\\\"main')
  })
  it('is its only container’s where the specification sets none', async () => {
    expect(commandsOf(await pod({})).join('\n')).not.toContain('sum by')
  })
})

describe('a heap that is a share of the limit', () => {
  const raised = async (pod: object) =>
    (await killed([[40, 'java', 506]], { mib: 512, owner: 'Deployment/store', ...pod })).recommendations.find(({ text }) =>
      text.includes('raise the memory limit'),
    )
  it('is lowered by the command that raises the limit', async () => {
    expect((await raised({ env: { JAVA_TOOL_OPTIONS: '-XX:MaxRAMPercentage=75' } }))?.command).toBe(
      'kubectl set env -n shop deployment/store -c main JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50 && kubectl set resources -n shop deployment/store -c main --limits=memory=768Mi',
    )
  })
  it('of a fixed size, or by an argument, it is not', async () => {
    expect((await raised({ env: { JAVA_TOOL_OPTIONS: '-Xmx300m' } }))?.command).not.toContain('set env')
    const byArgument = await raised({ args: ['java', '-XX:MaxRAMPercentage=75', '-jar', 'a.jar'] })
    expect(byArgument?.command).not.toContain('set env')
    expect(byArgument?.effect).toContain('It sets the limit only')
  })
})

describe('files in memory', () => {
  it('are looked for wherever a tmpfs is mounted', async () => {
    const log = underLimit(512, [[40, 'thumbs', 90]])
      .replace(/^(.*)anon \d+$/m, '$1anon 94371840')
      .replace(/^(.*)file 0$/m, '$1file 440401920\n$1shmem 440401920')
    const incident = await incidentOf({ 'kern.log': log, 'pod.json': podOf({ mib: 512, owner: 'Deployment/store' }) })
    expect(incident.rootCause?.id).toBe('memory-backed-volume')
    expect(commandsOf(incident)[0]).toContain('grep " tmpfs " /proc/mounts')
    expect(incident.recommendations[0]?.text).toContain('or the pod: a new one begins with an empty volume')
  })
})

describe('who was spared and still holds the memory', () => {
  it('is looked into by its own tool', async () => {
    const incident = await incidentOfMachine({
      total: 1000,
      tasks: [
        ['php-fpm', 150],
        ['mysqld', 700, -999],
      ],
      cgroup: UNIT,
    })
    expect(incident.rootCause?.id).toBe('shielded-giant')
    expect(commandsOf(incident).join('\n')).toContain('sys.memory_global_by_current_bytes')
  })
})

describe('systemd-oomd', () => {
  const oomd = (path: string, why: string) => incidentOfLines([at(1, `systemd-oomd[500]: Killed ${path} due to ${why}`)])
  const pressure = (of: string) => `memory pressure for ${of} being 63.85% > 60.00% for > 30s with reclaim activity`
  it('leaves a unit alone by its preference', async () => {
    const incident = await oomd('/system.slice/builder.service', pressure('/system.slice'))
    expect(incident.recommendations[0]?.text).toContain('systemctl set-property builder.service ManagedOOMPreference=avoid')
  })
  it('leaves pods alone where they are watched: no template can set a preference', async () => {
    const incident = await oomd(CGROUP, pressure('/kubepods.slice'))
    expect(wordsOf(incident)).toContain('systemctl set-property kubepods.slice ManagedOOMMemoryPressure=auto')
  })
})

describe('where nothing else is to be done now', () => {
  const three = [
    'Out of memory: Kill process 1727 (console-kit-dae) score 3 or sacrifice child',
    'Killed process 1727 (console-kit-dae) total-vm:4117580kB, anon-rss:0kB, file-rss:600kB',
    'Out of memory: Kill process 1829 (usemem) score 900 or sacrifice child',
    'Killed process 1829 (usemem) total-vm:900000kB, anon-rss:502772kB, file-rss:352kB',
  ]
  it('what was killed is looked after, and the rest of the log is fetched', async () => {
    const incident = await incidentOfLines(three)
    expect(incident.recommendations.filter(({ when }) => when === 'now').map(({ text }) => text)).toEqual([
      'See that what was killed runs again: console-kit-dae, usemem.',
      expect.stringMatching(/^Save the kernel's log of the machine around the kill of console-kit-dae \(PID 1727\) before/),
    ])
  })
  it('a page says of what is done now what it does, also where that is nothing', async () => {
    const groups = actionsOf(await incidentOfLines(three))
    const effects = groups.flatMap(({ title, items }) => items.map(({ effect }) => [title, plainOf(effect)]))
    expect(effects.filter(([title]) => title === 'Now').every(([, effect]) => effect !== '')).toBe(true)
    expect(effects.filter(([title]) => title === 'To find the cause').every(([, effect]) => effect === '')).toBe(true)
  })
  it('of a whole report nothing is to be fetched, also where it names no cause', async () => {
    const log = underLimit(512, [[40, 'tiny', 5]])
    const incident = await incidentOf({ 'kern.log': log.replace(/^(.*)anon \d+$/m, '$1anon 5242880') })
    expect(wordsOf(incident)).not.toContain('Save the kernel')
  })
  it('a pod is started again by the kubelet, and a whole report needs no other', async () => {
    const pod = await incidentOfMachine({
      total: 1000,
      tasks: [
        ['app', 20, 900],
        ['sshd', 30],
      ],
      cgroup: CGROUP,
    })
    expect(wordsOf(pod)).not.toContain('runs again')
    expect(wordsOf(pod)).not.toContain('Save the kernel')
  })
})

describe('a container of docker that may swap', () => {
  it('keeps its swap beside a larger limit, by the counter of its cgroup version', async () => {
    const path = `/docker/${ID}`
    // 4.8, where cgroup v2 prints the same three lines, its statistics on one, and has no limit of both
    const log = underLimit(20, [[40, 'resizer', 18]], 0, path)
      .replace(
        /^(.*)(memory: usage.*)$/m,
        '$1$2\n$1memory+swap: usage 40940kB, limit 40960kB, failcnt 6\n$1kmem: usage 220kB, limit 9007199254740988kB, failcnt 0',
      )
      .replace(/^(.*Memory cgroup stats for .*):\n.*\n.*file 0$/m, '$1: cache:0KB rss:20260KB rss_huge:0KB mapped_file:0KB swap:20460KB')
    const incident = await incidentOf({ 'kern.log': log })
    expect(commandsOf(incident)).toContain('docker update --memory 64m --memory-swap 84m 5a5a5a5a5a5a')
    expect(incident.memory?.totalName).toBe('memory.limit_in_bytes')
  })
})

describe('an operator’s own object', () => {
  const podWith = (labels: object, pod: Parameters<typeof podOf>[0]) => {
    const one = JSON.parse(podOf(pod))
    return incidentOf({
      'kern.log': underLimit(512, [[40, 'x', 500]]),
      'pod.json': JSON.stringify({ ...one, metadata: { ...one.metadata, labels } }),
    })
  }
  it.each([
    [
      'Zalando',
      { application: 'spilo', 'cluster-name': 'ledger' },
      'StatefulSet/ledger',
      'postgres',
      /^kubectl patch -n shop postgresql\.acid\.zalan\.do ledger --type=merge -p '\{"spec":\{"resources":/,
    ],
    [
      'RabbitMQ',
      { 'app.kubernetes.io/part-of': 'rabbitmq' },
      'StatefulSet/bus-server',
      'rabbitmq',
      /^kubectl patch -n shop rabbitmqcluster bus --type=merge/,
    ],
    [
      'ECK',
      { 'common.k8s.elastic.co/type': 'elasticsearch' },
      'StatefulSet/logs-es-hot',
      'elasticsearch',
      /^kubectl edit -n shop elasticsearch "\$\(kubectl get pod -n shop store-0 -o jsonpath='\{\.metadata\.labels\.elasticsearch\\\.k8s\\\.elastic\\\.co\/cluster-name\}'\)"$/,
    ],
    [
      'Rook',
      { rook_cluster: 'rook-ceph' },
      'ReplicaSet/rook-ceph-osd-3-7c9d6f5b84',
      'osd',
      /^kubectl patch -n shop cephcluster "\$\(.*rook_cluster\}'\)" --type=merge -p '\{"spec":\{"resources":\{"osd":\{"limits"/,
    ],
  ])('%s', async (_, labels, owner, container, command) => {
    const incident = await podWith(owner.startsWith('ReplicaSet') ? { ...labels, 'pod-template-hash': '7c9d6f5b84' } : labels, {
      mib: 512,
      owner,
      container,
    })
    expect(commandsOf(incident).find((one) => /patch|edit/.test(one))).toMatch(command)
  })
  it('another with the same names is none', async () => {
    const incident = await podWith({}, { mib: 512, owner: 'StatefulSet/bus-server', container: 'rabbitmq' })
    expect(commandsOf(incident).join('\n')).toContain('set resources -n shop statefulset/bus-server')
  })
})

describe('a virtual machine of libvirt', () => {
  const SCOPE = '/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d1.scope/libvirt/emulator'
  it('has its limit in its definition', async () => {
    const incident = await incidentOf({ 'kern.log': underLimit(512, [[40, 'qemu-system-x86', 505]], 0, SCOPE) })
    expect(commandsOf(incident).find((one) => one.startsWith('virsh'))).toMatch(/^virsh memtune web-1 --hard-limit \d+ --live --config$/)
  })
})

describe('which process is looked into', () => {
  it('a worker that grew, not the parent of its name', async () => {
    const rows = [
      [41, 'puma', 420],
      [40, 'puma', 30],
      [42, 'puma', 40],
    ] as const
    expect(commandsOf(await killed(rows, { mib: 512, owner: 'Deployment/store' })).join('\n')).toContain(
      `rbtrace -p $(grep -sH VmRSS /proc/[0-9]*/status | sort -k2 -rn | head -1 | cut -d/ -f3) `,
    )
  })
  it('the first where it is the one', async () => {
    const rows = [
      [40, 'python3', 420],
      [41, 'python3', 30],
    ] as const
    expect(commandsOf(await killed(rows, { mib: 512, owner: 'Deployment/store' })).join('\n')).toContain('memray attach 1')
  })
})

test('the memory of a Spark executor is its heap', async () => {
  const incident = await killed([[40, 'java', 4500]], {
    mib: 4608,
    env: { SPARK_EXECUTOR_MEMORY: '4g' },
    args: ['/opt/entrypoint.sh', 'executor'],
  })
  expect(JSON.stringify(incident)).toContain('SPARK_EXECUTOR_MEMORY=4g')
  expect(wordsOf(incident)).not.toContain('-Xmx')
})

test('a build in a container of docker is given a limit', async () => {
  const cgroup = `/system.slice/docker-${ID}.scope`
  const build = (path: string) =>
    incidentOfMachine({ total: 8400, tasks: Array.from({ length: 32 }, () => ['cc1plus', 250] as const), cgroup: path })
  expect(wordsOf(await build(cgroup))).toContain('Give container 5a5a5a5a5a5a a memory limit')
  expect(wordsOf(await build('/user.slice/session-3.scope'))).not.toContain('Give container')
  // one that has a limit needs no other
  const log = underLimit(
    8192,
    Array.from({ length: 32 }, (_, n) => [40 + n, 'cc1plus', 250] as const),
    0,
    cgroup,
  )
  expect(wordsOf(await incidentOf({ 'kern.log': log }))).not.toContain('Give container')
})

describe('guards that had no test', () => {
  const fellowsOf = async (name: string) => {
    const rows = [[40, name, 600] as const, ...[3, 4].map((n) => [40 + n, `conn-${n}`, 130] as const)]
    return (await killed(rows, { mib: 2048 })).rootCause?.statement ?? ''
  }
  it('a group is not beside one of its own: `conn-*` holds `conn-1`', async () => {
    expect(await fellowsOf('conn-1')).not.toContain('beside it')
    expect(await fellowsOf('main')).toContain('beside it')
  })
  it('a limit raised by less than a quarter in all was not raised', async () => {
    const runs = (...sizes: readonly number[]) =>
      incidentOf({
        'kern.log': sizes
          .map((mib, run) =>
            underLimit(mib, [[40 + run, 'api', mib - 1]], 0, '/system.slice/api.service').replaceAll('[5000', `[${5000 + run * 5}`),
          )
          .join(''),
      })
    expect(wordsOf(await runs(64, 72, 76))).not.toContain('It was raised')
    expect(wordsOf(await runs(64, 72, 80))).toContain('It was raised from 64 MiB between these kills, in 2 steps')
  })
})
