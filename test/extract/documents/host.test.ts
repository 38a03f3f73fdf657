import { describe, expect, it } from 'vitest'
import { ofKind, readSample, readText } from './read.ts'

const told = (values: Readonly<Record<string, { readonly value: unknown }>> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([key, one]) => [key, one.value]))

describe('memory of a host', () => {
  it('reads /proc/meminfo in bytes, counts as they are', async () => {
    const [memory] = ofKind((await readSample('proc/proc-meminfo.txt')).facts, 'meminfo')
    expect(memory?.values['MemTotal']).toMatchObject({ value: 986188 * 1024, quote: { line: 1, text: 'MemTotal:         986188 kB' } })
    expect(memory?.values['Inactive(anon)']?.value).toBe(0)
    const [pages] = ofKind(
      (await readText('MemTotal:  1 kB\nMemFree:  1 kB\nHugePages_Total:     512\nHugepagesize:       2048 kB\n', 'm')).facts,
      'meminfo',
    )
    expect(told(pages?.values)).toMatchObject({ HugePages_Total: 512, Hugepagesize: 2 ** 21 })
  })

  it.each([
    ['proc/free-m.txt', 7846 * 2 ** 20, 2047 * 2 ** 20, 0],
    ['proc/free-h.txt', Math.round(7.7 * 2 ** 30), 2 ** 31, 0],
  ])('%s', async (name, total, swap, swapFree) => {
    const [memory] = ofKind((await readSample(name)).facts, 'meminfo')
    expect(told(memory?.values)).toMatchObject({ MemTotal: total, SwapTotal: swap, SwapFree: swapFree })
  })

  it.each([
    ['free', 1024],
    ['sos_commands/memory/free_-m', 2 ** 20],
    ['free_-b', 1],
    ['free -g', 2 ** 30],
  ])('takes the unit of free from its name: %s', async (path, scale) => {
    const text =
      '              total        used        free      shared  buff/cache   available\nMem:        8034412     7158012      252012       12844      624388      612660\n'
    const [memory] = ofKind((await readText(text, path)).facts, 'meminfo')
    expect(memory?.values['MemTotal']?.value).toBe(8034412 * scale)
  })

  it('reads swaps, vmstat, memory.json and top', async () => {
    expect(told(ofKind((await readSample('proc/proc-swaps.txt')).facts, 'meminfo')[0]?.values)).toEqual({ SwapTotal: 0, SwapFree: 0 })
    const swaps =
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/zram0                              partition\t204796\t\t1024\t\t100\n'
    expect(told(ofKind((await readText(swaps, 's')).facts, 'meminfo')[0]?.values)).toEqual({
      SwapTotal: 204796 * 1024,
      SwapFree: 203772 * 1024,
    })
    expect(ofKind((await readSample('proc/proc-vmstat.txt')).facts, 'setting')[0]?.values['vmstat.oom_kill']?.value).toMatch(/^\d+$/)
    expect(told(ofKind((await readSample('proc/memory.json')).facts, 'meminfo')[0]?.values)).toEqual({ MemTotal: 1019236352 })
    const top =
      'top - 07:42:14 up 3 days,  4:05,  2 users,  load average: 0.00, 0.01, 0.05\nMiB Mem :   7846.2 total,    246.1 free,   6990.0 used,    609.8 buff/cache\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   4321 app       20   0 5242880 896512  12288 S  12.0  44.8   4:12.00 java\n'
    const { facts } = await readText(top, 'top.txt')
    expect(ofKind(facts, 'meminfo')[0]?.values['MemTotal']?.value).toBe(Math.round(7846.2 * 2 ** 20))
    expect(ofKind(facts, 'process')).toMatchObject([{ pid: 4321, comm: 'java', cmdline: null }])
  })

  it('keeps settings of memory from sysctl and /proc/sys', async () => {
    const [settings] = ofKind((await readSample('proc/sysctl-a.txt')).facts, 'sysctl')
    expect(told(settings?.values)).toMatchObject({ 'vm.overcommit_memory': '2', 'vm.panic_on_oom': '0', 'kernel.panic': '0' })
    expect(Object.keys(settings?.values ?? {})).not.toContain('net.ipv4.tcp_mem')
    const one = await readText('1\n', 'bundle/proc/sys/vm/overcommit_memory')
    expect(told(ofKind(one.facts, 'sysctl')[0]?.values)).toEqual({ 'vm.overcommit_memory': '1' })
  })
})

describe('cgroup files', () => {
  it('reads listings, keyed files line by line', async () => {
    const [group] = ofKind((await readSample('cgroup/v2-lxc.txt')).facts, 'cgroup')
    expect(group?.path).toBe('/lxc.payload.web1/system.slice/nginx.service')
    expect(told(group?.files)).toMatchObject({
      'memory.max': '25165824',
      'memory.events.oom_kill': '1',
      'memory.events.local.max': '18',
      'memory.stat.anon': '0',
    })
    const [v1] = ofKind((await readSample('cgroup/v1-pod.txt')).facts, 'cgroup')
    expect(told(v1?.files)).toMatchObject({ 'memory.limit_in_bytes': '83886080', 'memory.oom_control.oom_kill_disable': '0' })
    const [hostile] = ofKind((await readSample('cgroup/v2-hostile-name.txt')).facts, 'cgroup')
    expect(hostile?.path).toBe('/user.slice/my group (x) Killed process 1 (init)')
  })

  it.each([
    [
      '==> /sys/fs/cgroup/kubepods.slice/memory.max <==\nmax\n\n==> /sys/fs/cgroup/kubepods.slice/memory.events <==\noom_kill 3\n',
      'x.txt',
      '/kubepods.slice',
      { 'memory.max': 'max', 'memory.events.oom_kill': '3' },
    ],
    [
      '/sys/fs/cgroup/memory/kubepods/memory.limit_in_bytes:983040\n/sys/fs/cgroup/memory/kubepods/memory.failcnt:7\n',
      'x.txt',
      '/kubepods',
      { 'memory.limit_in_bytes': '983040', 'memory.failcnt': '7' },
    ],
    ['max\n', 'sos/sys/fs/cgroup/system.slice/a.service/memory.max', '/system.slice/a.service', { 'memory.max': 'max' }],
    ['low 0\noom_kill 2\n', 'sos/sys/fs/cgroup/memory.events', '/', { 'memory.events.low': '0', 'memory.events.oom_kill': '2' }],
  ])('%j at %s', async (text, path, cgroup, files) => {
    const { id, facts } = await readText(text, path)
    const [group] = ofKind(facts, 'cgroup')
    expect(id).toBe('cgroup-files')
    expect(group?.path).toBe(cgroup)
    expect(told(group?.files)).toEqual(files)
  })
})

describe('clocks', () => {
  it('reads a capture with its offset', async () => {
    const [clock] = ofKind((await readSample('clock/before-and-after.txt')).facts, 'clock')
    expect(clock).toMatchObject({
      capturedUs: { value: 1795506809285107, quote: { line: 8 } },
      uptimeSeconds: { value: 208.54 },
      zone: { value: 'America/New_York' },
      offsetMinutes: { value: -300, quote: { text: 'Tue Nov 24 02:53:29 EST 2026' } },
    })
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['Tue Nov 24 07:42:14 UTC 2026\n', 'date.txt', { capturedUs: 1795506134000000 }],
    ['Tue Nov 24 07:42:14 AM UTC 2026\n', 'date', { capturedUs: 1795506134000000 }],
    ['Tue 24 Nov 2026 08:42:14 PM UTC\n', 'date', { capturedUs: 1795552934000000 }],
    ['Tue Nov 24 13:28:40 +0545 2026\n', 'date', { capturedUs: 1795506220000000, offsetMinutes: 345 }],
    ['2026-11-24T07:42:14+00:00\n', 'date', { capturedUs: 1795506134000000 }],
    ['2026-11-24 07:42:14.123456789 +0000 UTC m=+0.031\n', 'timestamp', { capturedUs: 1795506134123456 }],
    ['498.44 392.09\n', 'proc/uptime', { uptimeSeconds: 498.44 }],
    [' 07:42:14 up 3 days,  4:05,  2 users,  load average: 0.00, 0.01, 0.05\n', 'uptime', { uptimeSeconds: 273900 }],
    [' 07:42:14 up 8 min,  1 user,  load average: 0.00, 0.01, 0.05\n', 'uptime', { uptimeSeconds: 480 }],
    ['btime 1795504287\n', 'stat', { bootUs: 1795504287000000 }],
    ['cpu  1 2 3 4\ncpu0 1 2 3 4\nintr 99 0\nbtime 1795504287\nprocesses 9\n', 'proc/stat', { bootUs: 1795504287000000 }],
    ['America/New_York\n', 'etc/timezone', { zone: 'America/New_York' }],
    ['worker-1\n', 'hostname', { host: 'worker-1' }],
    ['762cae21-4eef-426a-8352-63c2702d9421\n', 'proc/sys/kernel/random/boot_id', { bootId: '762cae214eef426a835263c2702d9421' }],
  ])('%j at %s', async (text, path, expected) => {
    const { id, facts } = await readText(text, path)
    const [clock] = ofKind(facts, 'clock')
    expect(id).toBe('clock')
    const values = Object.entries(clock ?? {}).flatMap(([key, one]) =>
      one === null || /^(?:kind|source)$|Unit|SecondOfDay/.test(key) ? [] : [[key, typeof one === 'object' ? one.value : one]],
    )
    expect(Object.fromEntries(values)).toEqual(expected)
  })

  it('reads the zone of a host collector', async () => {
    const { id, facts } = await readText(
      '{"timezone":"Etc/UTC (UTC, +0000)","ntp_synchronized":true,"ntp_active":true}',
      'system/time.json',
    )
    expect(id).toBe('time-json')
    expect(ofKind(facts, 'clock')[0]?.zone).toMatchObject({ value: 'Etc/UTC', quote: { line: 1 } })
  })

  it('keeps a date whose zone is only a name as a stamp', async () => {
    const [clock] = ofKind((await readText('Tue Nov 24 02:53:29 EST 2026\n', 'date')).facts, 'clock')
    expect(clock).toMatchObject({
      capturedUs: null,
      offsetMinutes: null,
      capturedStamp: { value: { epochUs: null, zoneName: 'EST', localUs: 1795488809000000 } },
    })
  })

  it('reads timedatectl, hostnamectl and a crash session', async () => {
    const [time] = ofKind((await readSample('clock/timedatectl.txt')).facts, 'clock')
    expect(time).toMatchObject({
      capturedUs: { value: 1795506809000000 },
      zone: { value: 'America/New_York' },
      offsetMinutes: { value: -300 },
    })
    expect(ofKind((await readSample('clock/hostnamectl.txt')).facts, 'clock')[0]).toMatchObject({
      host: 'worker-1',
      bootId: '762cae214eef426a835263c2702d9421',
    })
    expect(ofKind((await readSample('clock/crash-session.txt')).facts, 'clock')[0]).toMatchObject({
      host: 'worker-1',
      uptimeSeconds: { value: 273906 },
      capturedStamp: { value: { zoneName: 'EST' } },
    })
  })
})

describe('processes, units and settings', () => {
  it('reads ps, without kernel threads and secrets', async () => {
    const { facts } = await readSample('tables/ps-auxww.txt')
    const processes = ofKind(facts, 'process')
    expect(processes.map((one) => one.pid)).toEqual([1, 1207, 1630, 4321])
    expect(processes[3]).toMatchObject({
      cmdline: 'java -Xmx1g -XX:MaxRAMPercentage=80 -Dapp.db.password=••• -jar /srv/cart.jar',
      quote: { line: 6 },
    })
    expect(told(ofKind(facts, 'setting')[0]?.values)).toEqual({
      'kubelet.evictionHard.memory.available': '750Mi',
      'kubelet.evictionHard.nodefs.available': '10%',
      'kubelet.kubeReserved.cpu': '100m',
      'kubelet.kubeReserved.memory': '1638Mi',
    })
  })

  it('reads files of /proc/PID', async () => {
    const cgroup = await readText('0::/system.slice/nginx.service\n', 'proc/4321/cgroup')
    expect(ofKind(cgroup.facts, 'process')).toMatchObject([{ pid: 4321, cgroup: '/system.slice/nginx.service' }])
    const v1 = await readText('12:pids:/a\n9:cpu,memory:/kubepods/podx\n1:name=systemd:/b\n', 'proc/7/cgroup')
    expect(ofKind(v1.facts, 'process')[0]?.cgroup).toBe('/kubepods/podx')
    const cmdline = await readText('java\0-Xmx1g\0-jar\0a.jar\0', 'proc/7/cmdline')
    expect(ofKind(cmdline.facts, 'process')[0]?.cmdline).toBe('java -Xmx1g -jar a.jar')
    const status = await readText('Name:\tmy (app)\nUmask:\t0022\n', 'proc/7/status')
    expect(ofKind(status.facts, 'process')[0]?.comm).toBe('my (app)')
  })

  it('reads kubeadm flags', async () => {
    const { facts } = await readText(
      'KUBELET_KUBEADM_ARGS="--cgroup-driver=systemd --system-reserved=memory=1Gi --eviction-hard=memory.available<5%"\n',
      'kubeadm-flags.env',
    )
    expect(told(ofKind(facts, 'setting')[0]?.values)).toEqual({
      'kubelet.cgroupDriver': 'systemd',
      'kubelet.systemReserved.memory': '1Gi',
      'kubelet.evictionHard.memory.available': '5%',
    })
  })

  it('reads systemctl status and show', async () => {
    const { facts } = await readSample('units/failed-oom-kill.txt')
    expect(told(ofKind(facts, 'setting')[0]?.values)).toMatchObject({
      'unit.report-generator.service.MemoryMax': '67108864',
      'unit.report-generator.service.OOMPolicy': 'stop',
      'unit.report-generator.service.Result': 'oom-kill',
    })
    expect(facts.events).toMatchObject([
      {
        kind: 'unit',
        what: 'failed',
        unit: 'report-generator.service',
        result: 'oom-kill',
        moment: { wall: { zoneName: 'EST', text: 'Tue 2026-11-24 01:59:11 EST' } },
      },
    ])
  })
})

describe('runtimes', () => {
  it.each([
    [
      'inspect/docker-inspect.json',
      { name: 'cart', runtime: 'docker', oomKilled: true, exitCode: 137, running: false, pid: null, limitBytes: 67108864 },
    ],
    [
      'inspect/crictl-inspect.json',
      {
        name: 'thumbnailer',
        podName: 'thumbs-59fbd6bd8c-lq4hs',
        podUid: '5319d4e6-b838-4191-af1e-6e8684177c43',
        oomKilled: true,
        exitCode: 137,
        limitBytes: 83886080,
        runtime: 'containerd',
      },
    ],
  ])('%s', async (name, expected) => {
    const { id, facts } = await readSample(name)
    expect(id).toBe('runtime-inspect')
    expect(ofKind(facts, 'runtime-container')).toMatchObject([expected])
  })

  it('reads events of ctr and docker', async () => {
    const ctr = (await readSample('events/ctr-events.txt')).facts.events
    expect(ctr.map((one) => one.kind === 'container' && [one.what, one.exitCode, one.pid])).toEqual([
      ['created', null, 854],
      ['started', null, 854],
      ['oom', null, null],
      ['exit', 137, 854],
    ])
    expect(ctr[2]?.moment.wall?.epochUs).toBe(1795506483116028)
    const docker = (await readSample('events/docker-events.txt')).facts.events
    expect(docker.map((one) => one.kind === 'container' && [one.what, one.exitCode, one.target.container])).toEqual([
      ['oom', null, 'cart'],
      ['died', 137, 'cart'],
    ])
  })
})

describe('outputs under headings', () => {
  it('reads each section of a supportconfig at its own lines', async () => {
    const { id, facts } = await readSample('sections/supportconfig-memory.txt')
    expect(id).toBe('sections')
    const memory = ofKind(facts, 'meminfo')
    expect(memory.map((one) => one.values['MemTotal']?.quote?.line)).toEqual([8, 13])
    expect(memory[0]?.values['MemTotal']?.value).toBe(8034412 * 1024)
    expect(ofKind(facts, 'clock')[0]?.capturedStamp?.quote?.line).toBe(21)
    expect(ofKind(facts, 'sysctl')[0]?.values['vm.panic_on_oom']?.quote).toMatchObject({ line: 26, text: 'vm.panic_on_oom = 0' })
  })

  it('reads the description of nodes in minikube logs', async () => {
    const { id, facts } = await readSample('sections/minikube-logs.txt')
    expect(id).toBe('sections')
    expect(ofKind(facts, 'node')[0]).toMatchObject({ name: 'minikube', memoryPressure: { status: 'True', quote: { line: 19 } } })
  })
})
