import { describe, expect, it, test } from 'vitest'
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
    expect((await raised({ args: ['java', '-XX:MaxRAMPercentage=75', '-jar', 'a.jar'] }))?.command).not.toContain('set env')
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
    const log = underLimit(20, [[40, 'resizer', 18]], 0, path).replace(
      /^(.*)(memory: usage.*)$/m,
      '$1$2\n$1memory+swap: usage 40940kB, limit 40960kB, failcnt 6\n$1kmem: usage 220kB, limit 9007199254740988kB, failcnt 0',
    )
    const incident = await incidentOf({ 'kern.log': log })
    expect(commandsOf(incident)).toContain('docker update --memory 64m --memory-swap 84m 5a5a5a5a5a5a')
    expect(incident.memory?.totalName).toBe('memory.limit_in_bytes')
  })
})
