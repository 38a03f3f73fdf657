import { describe, expect, it } from 'vitest'
import { CGROUP, ID, incidentOf, killed, podOf, table, underLimit } from '../killed-in-pod.ts'
import { incidentOfLines, reportOfFiles } from '../report-of-lines.ts'

const commandsOf = ({ recommendations }: Awaited<ReturnType<typeof incidentOf>>) => recommendations.map(({ command }) => command ?? '')
const wordsOf = (incident: Awaited<ReturnType<typeof incidentOf>>) => JSON.stringify(incident.recommendations)
const WAITING = { state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 6 }
const RUNNING = { state: { running: { startedAt: '2026-11-24T07:00:00Z' } }, restartCount: 6 }

describe('one ceiling of a heap in the whole report', () => {
  const percents = async (share: number, mib: number) => {
    const incident = await killed([[40, 'java', mib - 2]], { mib, env: { JAVA_TOOL_OPTIONS: `-XX:MaxRAMPercentage=${share}` } })
    return new Set(
      [...wordsOf(incident).matchAll(/-XX:MaxRAMPercentage=(\d+)/g)].map((found) => Number(found[1])).filter((n) => n !== share),
    )
  }
  it('where the limit is raised, the share is lowered with it and named nowhere else', async () => {
    expect(await percents(75, 2048)).toEqual(new Set([50]))
  })
  it('where the share itself is the cause, the lower one holds under a larger limit too', async () => {
    expect(await percents(95, 2048)).toEqual(new Set([65]))
  })
  it('without a flag the usual share is named', async () => {
    const incident = await killed([[40, 'java', 2000]], { mib: 2048 })
    expect(wordsOf(incident)).toContain('-XX:MaxRAMPercentage=70')
  })
})

describe('what answers on a port is asked from outside', () => {
  it('by a forwarded port of a pod, and never by a shell in it', async () => {
    const commands = commandsOf(await killed([[40, 'otelcol-contrib', 500]], { mib: 512 }))
    expect(commands).toContain(
      "kubectl port-forward -n shop store-0 28888:8888 >/dev/null & sleep 3; curl -s 'http://localhost:28888/metrics' | grep -E 'queue_size|refused'; kill $!",
    )
    expect(commands.join('\n')).not.toContain('exec')
  })
  it('in the network of a pod that is known by its UID, on its node', async () => {
    const [command] = commandsOf(await incidentOf({ 'kern.log': underLimit(512, [[40, 'otelcol', 500]]) })).filter((one) =>
      one.includes('8888'),
    )
    expect(command).toMatch(
      /^nsenter -t "\$\(crictl inspectp .*io\.kubernetes\.pod\.uid=0f1e.*\)" -n sh -c 'curl .*' {2}# on the node, as root$/,
    )
  })
  it('in the network of a plain container', async () => {
    const path = `/system.slice/docker-${ID}.scope`
    const [command] = commandsOf(await incidentOf({ 'kern.log': underLimit(512, [[40, 'otelcol', 500]], 0, path) })).filter((one) =>
      one.includes('8888'),
    )
    expect(command).toMatch(/^nsenter -t "\$\(docker inspect -f '\{\{\.State\.Pid\}\}' 5a5a5a5a5a5a\)" -n sh -c /)
  })
  it('on a host as it stands, and a database by its own client inside', async () => {
    const unit = '/system.slice/otelcol.service'
    expect(commandsOf(await incidentOf({ 'kern.log': underLimit(512, [[40, 'otelcol', 500]], 0, unit) }))).toContain(
      "curl -s 'http://localhost:8888/metrics' | grep -E 'queue_size|refused'",
    )
    expect(commandsOf(await killed([[40, 'postgres', 500]], { mib: 512 })).join('\n')).toContain(
      'kubectl exec -n shop store-0 -c main -- psql',
    )
  })
})

describe('nothing is run in a container that waits to be started again', () => {
  it('neither a tool nor a port, but its last log', async () => {
    for (const comm of ['java', 'otelcol']) {
      const incident = await killed([[40, comm, 500]], { mib: 512, status: WAITING })
      expect(commandsOf(incident).join('\n')).not.toMatch(/exec|port-forward/)
      expect(commandsOf(incident)).toContain('kubectl logs -n shop store-0 -c main --previous --tail=200 --timestamps')
      expect(wordsOf(incident)).toContain('(CrashLoopBackOff), and no command can be run in it')
    }
  })
  it('one that runs is looked into', async () => {
    const incident = await killed([[40, 'java', 500]], { mib: 512, status: RUNNING })
    expect(commandsOf(incident).join('\n')).toContain('kubectl exec -n shop store-0 -c main -- jcmd 0')
    expect(wordsOf(incident)).not.toContain('CrashLoopBackOff')
  })
})

describe('an operator is told by its own object', () => {
  const raised = async (more: Partial<Parameters<typeof killed>[1]>, comm = 'java') =>
    (await killed([[40, comm, 500]], { mib: 512, ...more })).recommendations.find(({ text }) => text.includes('raise the memory limit'))
  it('Strimzi: the node pool, which the pod names', async () => {
    const found = await raised({ owner: 'StrimziPodSet/bus-brokers', name: 'bus-brokers-0', container: 'kafka' })
    expect(found?.command).toBe(
      `kubectl patch -n shop kafkanodepool "$(kubectl get pod -n shop bus-brokers-0 -o jsonpath='{.metadata.labels.strimzi\\.io/pool-name}')" --type=merge -p '{"spec":{"resources":{"limits":{"memory":"768Mi"}}}}'`,
    )
  })
  it('prometheus-operator and CloudNativePG: by the name', async () => {
    const prometheus = { owner: 'StatefulSet/prometheus-k8s', container: 'prometheus' }
    expect((await raised({ ...prometheus, managedBy: 'prometheus-operator' }, 'prometheus'))?.command).toMatch(
      /^kubectl patch -n shop prometheus k8s --type=merge -p /,
    )
    expect((await raised({ owner: 'Cluster/ledger', container: 'postgres' }, 'postgres'))?.command).toMatch(
      /^kubectl patch -n shop cluster\.postgresql\.cnpg\.io ledger --type=merge /,
    )
  })
  it('no operator, another container: as ever', async () => {
    expect((await raised({ owner: 'StatefulSet/prometheus-k8s', container: 'prometheus' }))?.command).toContain('set resources')
    expect((await raised({ owner: 'StrimziPodSet/bus-brokers', container: 'helper' }))?.command).toBeNull()
  })
})

describe('what is lost by a bound below what is held', () => {
  it('a store of keys gets more memory instead of a lower maxmemory', async () => {
    const incident = await killed([[40, 'redis-server', 500]], { mib: 512, args: ['redis-server', '--maxmemory', '480mb'] })
    expect(incident.rootCause?.id).toBe('runtime-heap-fills-limit')
    expect(wordsOf(incident)).not.toContain('Lower the maximum')
    expect(commandsOf(incident).join('\n')).toContain('--limits=memory=768Mi')
  })
  it('a heap is lowered: what it does not need it gives back', async () => {
    const incident = await killed([[40, 'java', 500]], { mib: 512, env: { JAVA_OPTS: '-Xmx480m' } })
    expect(wordsOf(incident)).toContain('Lower the maximum of the heap')
  })
})

describe('a log that is read at start', () => {
  const AT = '2026-11-24T07:00:30'
  const run = (startedAt: string) => ({
    exitCode: 137,
    reason: 'OOMKilled',
    startedAt,
    finishedAt: `${AT}Z`,
    containerID: `containerd://${ID}`,
  })
  const dies = (comm: string, startedAt = '2026-11-24T07:00:00Z') =>
    incidentOf({
      'pod.json': podOf({
        mib: 512,
        status: { ...RUNNING, containerID: `containerd://${'6b'.repeat(32)}`, lastState: { terminated: run(startedAt) }, ready: false },
      }),
      'kern.log': underLimit(512, [[40, comm, 500]]).replaceAll(/^\[ *\d+\.\d+\]/gm, `${AT}.000000+00:00 node-1 kernel:`),
    })
  it('is named, with what makes it shorter', async () => {
    const incident = await dies('prometheus')
    expect([incident.rootCause?.id, incident.rootCause?.statement]).toEqual([
      'startup-peak',
      expect.stringContaining('(its write-ahead log'),
    ])
    expect(wordsOf(incident)).toContain('memory-snapshot-on-shutdown')
    expect(wordsOf(await dies('postgres'))).toContain('Never delete pg_wal')
    expect(wordsOf(await dies('etcd'))).toContain('--snapshot-count=10000')
  })
  it('not where the program has none, nor long after its start', async () => {
    const incident = await dies('java')
    expect([incident.rootCause?.id, incident.rootCause?.statement]).toEqual(['startup-peak', expect.not.stringContaining('log')])
    expect((await dies('prometheus', '2026-11-24T06:52:00Z')).rootCause?.id).toBe('process-outgrew-limit')
  })
})

describe('a limit that was raised between the kills', () => {
  const kills = (apart: number, ...mibs: readonly number[]) => {
    const path = '/system.slice/feed.service'
    const text = mibs.map((mib, at) => underLimit(mib, [[40 + at, 'feed', mib - 1]], 0, path).replaceAll('[5000', `[${5000 + at * apart}`))
    return incidentOf({ 'kern.log': text.join('') })
  }
  it('is raised once and far', async () => {
    expect(wordsOf(await kills(5, 32, 40, 64))).toContain(
      'from 64 MiB to 128 MiB. It was raised from 32 MiB between these kills, in 2 steps',
    )
  })
  it('one that stood is raised by half', async () => {
    const said = wordsOf(await kills(5, 64, 64, 64))
    expect(said).toContain('from 64 MiB to 96 MiB')
    expect(said).not.toContain('was raised')
    expect(wordsOf(await kills(5, 48, 64))).toContain('from 64 MiB to 96 MiB')
  })
  it('growth under larger limits alone proves no leak', async () => {
    const { rootCause } = await kills(100, 32, 40, 64)
    expect([rootCause?.id, rootCause?.statement]).toEqual([
      'memory-leak',
      expect.stringContaining('from 32 MiB to 64 MiB: a need above all of them'),
    ])
  })
})

describe('a userspace killer’s own reading', () => {
  const head = 'Nov 24 07:00:00 n1 systemd-oomd[500]: '
  const by = (reason: string, group = CGROUP) => incidentOf({ 'journal.log': `${head}Killed ${group} due to ${reason}\n` })
  const SWAP = 'memory used (626544640) / total (1019224064) and swap used (47206400) / total (134213632) being more than 35.00%'
  it('swap is watched where swap was its reason', async () => {
    const incident = await by(SWAP, '/builder.slice/builder.service')
    expect(incident.headline).toContain('its threshold for swap use was passed')
    expect(incident.diagnosis.selection.statement).toContain('by the swap that each uses')
    expect(wordsOf(incident)).toContain('SwapUsedLimit=')
    expect(wordsOf(incident)).not.toContain('pressure of')
  })
  it('pressure in the group that it watched, not in the one that it killed', async () => {
    const incident = await by('memory pressure for /kubepods.slice being 63.85% > 60.00% for > 30s with reclaim activity')
    expect(commandsOf(incident)).toContain('cat /sys/fs/cgroup/kubepods.slice/memory.pressure')
    expect(wordsOf(incident)).not.toContain('SwapUsedLimit')
    const own = await by(`memory pressure for ${CGROUP} being 63.85% > 60.00% for > 30s with reclaim activity`)
    expect(commandsOf(own)).toContain('cat /proc/pressure/memory')
  })
})

describe('a machine that panicked', () => {
  const PANIC = 'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled'
  const lines = (end: readonly string[]) => [
    'oracle invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0',
    'Mem-Info:',
    'active_anon:200000 inactive_anon:20000 isolated_anon:0',
    'Node 0 Normal free:4000kB min:6000kB low:8000kB high:10000kB managed:995000kB',
    '250000 pages RAM',
    '0 pages reserved',
    ...table([[182, 'oracle', 850]], 0),
    ...end,
  ]
  it('is looked for first', async () => {
    const [first] = (await incidentOfLines(lines([PANIC]))).recommendations
    expect(first).toMatchObject({ when: 'now', command: 'uptime -s; sysctl kernel.panic vm.panic_on_oom; ls -l /var/crash' })
    expect(first?.text).toContain('Start oracle (850 MiB at the panic) last')
  })
  it('one that killed instead is not', async () => {
    const kill = 'Out of memory: Killed process 182 (oracle) total-vm:900000kB, anon-rss:870400kB, file-rss:0kB, shmem-rss:0kB'
    expect(wordsOf(await incidentOfLines(lines([kill])))).not.toContain('/var/crash')
  })
})

describe('throttling by memory.high', () => {
  const finding = async (path: string) => {
    const folder = `sys/fs/cgroup${path}`
    const { findings } = await reportOfFiles({
      [`${folder}/memory.events`]: 'low 0\nhigh 912\nmax 0\noom 0\noom_kill 0\n',
      [`${folder}/memory.high`]: '536870912\n',
    })
    return findings.find(({ id }) => id === 'memory-high-throttling')?.statement ?? ''
  }
  it('is taken back where it was set', async () => {
    expect(await finding('/system.slice/ingest.service')).toContain('systemctl set-property ingest.service MemoryHigh=infinity')
    expect(await finding(CGROUP)).toContain('memoryThrottlingFactor')
    expect(await finding('/batch/night')).toContain('echo max > /sys/fs/cgroup/batch/night/memory.high')
  })
})

describe('kernel memory of a container without a name', () => {
  const filled = (cgroup: string) =>
    incidentOf({
      'kern.log': underLimit(64, [[625, 'ingest', 1]], 968, cgroup).replace(
        'anon 66060288',
        'anon 1048576\nkernel 66060288\nslab 65011712',
      ),
    })
  it('is looked for in what the pod has open', async () => {
    const [command] = commandsOf(await filled(CGROUP)).filter((one) => one.includes('ss -s'))
    expect(command).toMatch(/^p="\$\(crictl inspect .*uid=0f1e.*\)"; ls -l \/proc\/\$p\/fd .*; nsenter -t \$p -n ss -s {2}# on the node$/)
  })
  it('of a unit in the machine’s tables', async () => {
    expect(commandsOf(await filled('/system.slice/ingest.service')).join('\n')).toMatch(/slabtop(?!.*crictl)/)
  })
})

it('one cap for a crowd: the program’s own setting, else its unit’s', async () => {
  const crowd = async (comm: string) => {
    const rows = Array.from({ length: 150 }, (_, at) => [40 + at, comm, 8] as const)
    const { rootCause, recommendations } = await killed(rows, { mib: 1216 })
    expect(rootCause?.id).toBe('runaway-parallelism')
    return recommendations.filter(({ text }) => /MaxRequestWorkers|TasksMax/.test(text)).map(({ text }) => text)
  }
  expect(await crowd('httpd')).toEqual([expect.stringContaining('MaxRequestWorkers')])
  expect(await crowd('resize')).toEqual([expect.stringContaining('TasksMax=')])
})
