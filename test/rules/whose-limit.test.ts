import { describe, expect, it } from 'vitest'
import { answersOf, incidentOfLines, reportOfLines } from './report-of-lines.ts'

const ID = 'ab12'.repeat(16)
const INNER = 'cd34'.repeat(16)
const POD = '/kubepods/burstable/pod11111111-2222-3333-4444-555555555555'
const head = (comm: string, mask = '0x6200ca(GFP_HIGHUSER_MOVABLE)'): string =>
  `${comm} invoked oom-killer: gfp_mask=${mask}, order=0, oom_score_adj=0`
const killed = (pid: number, comm: string, prefix = 'Memory cgroup out of memory', anon = 400000): string =>
  `${prefix}: Killed process ${pid} (${comm}) total-vm:${anon * 2}kB, anon-rss:${anon}kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:900kB oom_score_adj:0`
const summary = (oom: string, task: string, pid: number, comm: string): string =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${oom},task_memcg=${task},task=${comm},pid=${pid},uid=0`

describe('the combined limit of cgroup v1', () => {
  const counters = (memory: [number, number, number], both: [number, number, number]): string[] =>
    [['memory', memory] as const, ['memory+swap', both] as const].map(
      ([name, [usage, limit, fails]]) => `${name}: usage ${usage}kB, limit ${limit}kB, failcnt ${fails}`,
    )
  const limitOf = async (memory: [number, number, number], both: [number, number, number]) =>
    await incidentOfLines([head('java'), ...counters(memory, both), summary('/docker/a', '/docker/a', 71, 'java'), killed(71, 'java')])

  it.each([
    ['memory far below its limit', [900000, 1000000, 0], [1100000, 1100000, 50]],
    ['both within the batch, memory never failed', [999000, 1000000, 0], [1100000, 1100000, 50]],
  ] as const)('%s: memory-and-swap', async (_, memory, both) => {
    const i = await limitOf([...memory], [...both])
    expect(i.diagnosis.limit.statement).toContain('memory-and-swap limit of 1.05 GiB')
    expect(i.headline).toContain('1.05 GiB memory-and-swap limit')
  })

  it.each([
    ['equal limits: what people set', [1000000, 1000000, 0], [1000000, 1000000, 50]],
    ['memory failed too', [1000000, 1000000, 7], [1100000, 1100000, 50]],
    ['memory at its limit, swap left', [1000000, 1000000, 7], [1010000, 1100000, 0]],
    ['combined without a limit', [1000000, 1000000, 7], [1000000, 9007199254740988, 0]],
  ] as const)('%s: memory', async (_, memory, both) => {
    const i = await limitOf([...memory], [...both])
    expect(i.diagnosis.limit.statement).toContain('memory limit of 977 MiB')
    expect(i.headline).not.toContain('swap')
  })

  it('a full memory.swap.max is said beside memory.max', async () => {
    const lines = ['memory: usage 1000000kB, limit 1000000kB, failcnt 9', 'swap: usage 262144kB, limit 262144kB, failcnt 80']
    const i = await incidentOfLines([head('solr'), ...lines, summary('/docker/a', '/docker/a', 71, 'solr'), killed(71, 'solr')])
    expect(i.diagnosis.limit.statement).toMatch(/memory limit of 977 MiB.*256 MiB of swap that it may use full as well/)
  })
})

describe('a limit belongs to the level whose cgroup it is', () => {
  it('docker in docker: the outer container, not the one of the pod inside', async () => {
    const inner = `/docker/${ID}/kubelet${POD}/${INNER}`
    const i = await incidentOfLines([
      head('java'),
      'memory: usage 1000000kB, limit 1000000kB, failcnt 9',
      summary(`/docker/${ID}`, inner, 71, 'java'),
      killed(71, 'java'),
    ])
    expect(i.diagnosis.limit.id).toBe('container-limit')
    expect(i.diagnosis.limit.statement).toMatch(/^Container ab12ab12ab12 \(inside which the victim's container runs/)
    expect(i.headline).not.toContain('the container reached its')
  })

  it('no line names the group: the cpuset of who asked tells its container', async () => {
    const lines = [
      head('mem'),
      `mem cpuset=${ID} mems_allowed=0`,
      'CPU: 0 PID: 93 Comm: mem Not tainted 4.14.67+ #1',
      ' mem_cgroup_out_of_memory+0x36/0x50',
    ]
    const i = await incidentOfLines(lines)
    expect(answersOf(i)).toEqual(['container-limit/medium', 'unknown/low', 'unknown/low', 'unknown/low'])
    expect(i.diagnosis.limit.statement).toContain('container ab12ab12ab12')
    expect((await incidentOfLines(lines.slice(1))).diagnosis.limit.id).toBe('container-limit')
  })

  it('a group without a name, by its counters: a memory cgroup, not more than medium', async () => {
    const i = await incidentOfLines([head('x'), 'memory: usage 102400kB, limit 102400kB, failcnt 9', killed(71, 'x', undefined, 98000)])
    expect(i.diagnosis.limit).toMatchObject({ id: 'cgroup-limit', confidence: 'medium' })
    expect(i.headline).toContain('a memory cgroup reached its 100 MiB limit')
  })

  it('two groups, one of them without a name, are two incidents', async () => {
    const first = ['Memory cgroup out of memory: Kill process 41 (collector) score 1940 or sacrifice child']
    const second = [
      '[ 5030.000001] ps invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0, oom_score_adj=979',
      `[ 5030.000002] Task in ${POD}/${ID} killed as a result of limit of ${POD}`,
    ]
    const { incidents } = await reportOfLines([...first, ...second])
    expect(incidents.map(({ diagnosis }) => diagnosis.limit.id)).toEqual(['unknown', 'pod-limit'])
  })
})

it('a kill without a group and the head of a report later are two incidents', async () => {
  const later = [
    '[ 5232.000001] probe invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null), order=0, oom_score_adj=999',
    `[ 5232.000002] probe cpuset=${ID} mems_allowed=0`,
    '[ 5232.000003]  mem_cgroup_out_of_memory+0x36/0x50',
  ]
  const { incidents } = await reportOfLines([killed(41, 'db'), ...later])
  expect(incidents.map(({ kills }) => kills.length)).toEqual([1, 0])
})

describe('a bound request', () => {
  const zone = (node: number, name: string, free: number): string =>
    `Node ${node} ${name} free:${free}kB min:9000kB low:11000kB high:13000kB active_anon:1448kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB present:20000000kB managed:20000000kB free_pcp:0kB`
  const oom = (constraint: string, mask: string, set: string): string =>
    `oom-kill:constraint=${constraint},nodemask=${mask},cpuset=${set},mems_allowed=4,global_oom,task_memcg=/system.slice/containerd.service,task=containerd,pid=41,uid=0`
  const trigger = [
    'bench invoked oom-killer: gfp_mask=0x500cc2(GFP_HIGHUSER|__GFP_ACCOUNT), order=0, oom_score_adj=0',
    'CPU: 8 PID: 900 Comm: bench Not tainted 5.8.2 #1',
  ]
  const counters = ['Mem-Info:', 'active_anon:392832 inactive_anon:182 isolated_anon:0', ' free:15984948 free_pcp:73 free_cma:0']

  it('a node of movable memory only serves no kernel page: free, and of no use', async () => {
    const i = await incidentOfLines([
      ...trigger,
      ...counters,
      zone(4, 'Movable', 19900000),
      oom('CONSTRAINT_CPUSET', '(null)', 'box'),
      killed(41, 'containerd', 'Out of memory', 51000),
    ])
    expect(i.diagnosis.limit).toMatchObject({ id: 'cpuset' })
    expect(i.diagnosis.limit.statement).toMatch(/19\.0 GiB free, but in zone Movable/)
    expect(i.diagnosis.limit.statement).not.toContain('exhausted')
    expect(i.diagnosis.limit.statement).toMatch(/request of bench .*containerd .* is a bystander/)
    expect(i.recommendations.map(({ text }) => text).join()).not.toMatch(/Allow `?containerd/)
  })

  it('without the lines of its nodes: the policy is known, what filled them is not', async () => {
    const i = await incidentOfLines([
      ...trigger,
      ...counters,
      oom('CONSTRAINT_MEMORY_POLICY', '2', '/'),
      killed(41, 'containerd', 'Out of memory', 51000),
    ])
    expect(i.diagnosis.limit.id).toBe('memory-policy')
    expect(i.diagnosis.limit.statement).toContain('what those had is not in the log')
    expect(i.diagnosis.consumer.id).toBe('unknown')
  })

  it('is no bystander where it asked itself', async () => {
    const i = await incidentOfLines([
      ...trigger,
      ...counters,
      zone(4, 'Normal', 8000),
      oom('CONSTRAINT_CPUSET', '(null)', 'box').replace('task=containerd,pid=41', 'task=bench,pid=900'),
      killed(900, 'bench', 'Out of memory', 51000),
    ])
    expect(i.diagnosis.limit.statement).toMatch(/exhausted/)
    expect(i.diagnosis.limit.statement).not.toContain('bystander')
  })
})

describe('a group kill of which only errors are left', () => {
  const first = summary('/box', '/box/a', 71, 'stress')
  const lines = [killed(71, 'stress'), killed(72, 'sleep', undefined, 40), killed(73, 'bash', undefined, 400)]

  it('is one event: the chosen process stands there twice', async () => {
    const i = await incidentOfLines([first, ...lines, killed(71, 'stress'), killed(74, 'tail', undefined, 60)])
    expect(i.kills.map(({ victim }) => victim.pid).sort()).toEqual([71, 72, 73, 74])
    expect(i.diagnosis.selection).toMatchObject({ id: 'group-kill', confidence: 'medium' })
  })
  it('is none without it', async () => {
    const { incidents } = await reportOfLines([first, ...lines])
    expect(incidents.some(({ diagnosis }) => diagnosis.selection.id === 'group-kill')).toBe(false)
  })
  it('is none where the whole log stands there twice', async () => {
    const { incidents } = await reportOfLines([first, ...lines, ...lines])
    expect(incidents.some(({ diagnosis }) => diagnosis.selection.id === 'group-kill')).toBe(false)
  })
})

describe('panics', () => {
  const start = head('init', '0xcc0(GFP_KERNEL)')
  const panic = (text: string): string => `Kernel panic - not syncing: ${text}`
  it.each([
    ['Out of memory: system-wide panic_on_oom is enabled', true],
    ['out of memory. panic_on_oom is selected', true],
    ['System is deadlocked on memory', false],
    ['Out of memory and no killable processes...', false],
  ])('%s', async (text, set) => {
    const i = await incidentOfLines([start, panic(text)])
    expect(i.diagnosis.consequence.id).toBe('node-panic')
    expect(i.headline.includes('set to panic')).toBe(set)
    expect(i.recommendations.some(({ command }) => command?.includes('panic_on_oom'))).toBe(set)
  })

  it('of another boot is no consequence of this kill', async () => {
    const { incidents } = await reportOfLines(
      [summary('/a', '/a', 71, 'x'), killed(71, 'x'), `[    0.850000] ${panic('System is deadlocked on memory')}`],
      386,
    )
    expect(incidents.find(({ kills }) => kills.length > 0)?.diagnosis.consequence.id).toBe('process-killed')
  })

  it('of the boot after it is none either, however late its clock', async () => {
    const next = ['[    0.000000] Linux version 6.1.0 (gcc) #1', `[   60.000000] ${panic('System is deadlocked on memory')}`]
    const { incidents } = await reportOfLines([summary('/a', '/a', 71, 'x'), killed(71, 'x'), ...next], 10)
    expect(incidents.find(({ kills }) => kills.length > 0)?.diagnosis.consequence.id).toBe('process-killed')
  })

  it('for want of init, which a group took along', async () => {
    const group = 'Tasks in /a are going to be killed due to memory.oom.group set'
    const died = panic('Attempted to kill init! exitcode=0x00000009')
    expect(
      (await incidentOfLines([summary('/a', '/a', 71, 'x'), killed(71, 'x'), group, killed(1, 'systemd'), died])).diagnosis.consequence.id,
    ).toBe('node-panic')
    expect(
      (await incidentOfLines([summary('/a', '/a', 71, 'x'), killed(71, 'x'), group, killed(72, 'y'), died])).diagnosis.consequence.id,
    ).toBe('process-killed')
  })
})

it('a child died in the stead of its parent, which was level with the first', async () => {
  const table = [
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    '[     62]     0    62     2925      679    65536        0          -998 shell',
    '[     69]     0    69     4382      411    77824        0          -998 copy',
  ]
  const i = await incidentOfLines([
    `Task in ${POD}/${ID} killed as a result of limit of ${POD}/${ID}`,
    'memory: usage 524288kB, limit 524288kB, failcnt 0',
    ...table,
    'Memory cgroup out of memory: Kill process 62 (shell) score 0 or sacrifice child',
    'Killed process 69 (copy) total-vm:17528kB, anon-rss:76kB, file-rss:1568kB, shmem-rss:0kB',
  ])
  expect(i.diagnosis.selection).toMatchObject({ id: 'largest', confidence: 'medium' })
  expect(i.diagnosis.selection.statement).toMatch(/chose shell \(PID 62\).*killed its child copy/)
})
