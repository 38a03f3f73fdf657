import { describe, expect, it } from 'vitest'
import type { ReportIncident } from '../../../src/model/report.ts'
import { reportOfFiles } from '../report-of-lines.ts'
import { group1, group2, type Statistics } from './group.ts'
import { containerScope, GB, idOf, killLines, podSlice, stamped, type Task, uidOf } from './parts.ts'

async function incidentOf(lines: readonly string[]): Promise<ReportIncident> {
  const { incidents } = await reportOfFiles({ 'kern.log': stamped(lines) })
  expect(incidents).toHaveLength(1)
  return incidents[0] as ReportIncident
}
const ids = ({ diagnosis: d, rootCause }: ReportIncident) => `${d.limit.id} ${d.consumer.id} ${d.selection.id} ${rootCause.id}`
const app = (more: Partial<Task> = {}): Task => ({ pid: 70, comm: 'app', anon: 900_000, adj: 950, ...more })
const helper: Task = { pid: 71, comm: 'helper', anon: 20_000, adj: 950 }
const of = (stats: Statistics, tasks: readonly Task[], more: object = {}) =>
  group2({ path: containerScope('p'), trigger: tasks[0]?.comm ?? 'app', limit: GB, stats, tasks, victim: tasks[0] ?? null, ...more })

describe('whose limit a path is', () => {
  const id = idOf('x').slice(0, 12)
  it.each([
    [`/docker/${idOf('x')}`, 'container-limit', id],
    [`/system.slice/docker-${idOf('x')}.scope`, 'container-limit', id],
    [`/machine.slice/libpod-${idOf('x')}.scope/container`, 'container-limit', id],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${idOf('x')}.scope/container`, 'container-limit', id],
    [`/kubepods/besteffort/pod${uidOf('q')}/${idOf('x')}`, 'container-limit', id],
    [`/kubepods/pod${uidOf('q')}/${idOf('x')}`, 'container-limit', id],
    [`${podSlice('k')}/crio-${idOf('x')}.scope/container`, 'container-limit', id],
    [`/ecs/prod/${uidOf('t').replaceAll('-', '')}/${idOf('x')}`, 'container-limit', id],
    [`/ecstasks.slice/ecstasks-${uidOf('t').replaceAll('-', '')}.slice/docker-${idOf('x')}.scope`, 'container-limit', id],
    [`/system.slice/k3s.service/kubepods/burstable/pod${uidOf('q')}/${idOf('x')}`, 'container-limit', id],
    [podSlice('p'), 'pod-limit', uidOf('p')],
    ['/kubepods.slice', 'allocatable-limit', 'all pods'],
    [`/docker/${idOf('n')}/kubelet/kubepods`, 'allocatable-limit', 'kubepods'],
    ['/system.slice', 'unit-limit', 'system.slice'],
    ['/podruntime.slice/kubelet.service', 'unit-limit', 'kubelet.service'],
    ['/user.slice/user-1000.slice', 'unit-limit', 'user-1000.slice'],
    ['/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.chromium.Chromium-4455.scope', 'unit-limit', 'Chromium-4455.scope'],
    ['/system.slice/system-getty.slice/getty@tty1.service', 'unit-limit', 'getty@tty1.service'],
    ['/slurm/uid_1000/job_5512/step_0', 'cgroup-limit', '5512'],
    ['/htcondor/condor_var_lib_condor_execute_slot1_4@wn17', 'cgroup-limit', 'slot1_4'],
    ['/docker', 'cgroup-limit', '/docker'],
    ['/foo/bar', 'cgroup-limit', '/foo/bar'],
  ])('%s: %s', async (path, limit, named) => {
    const { diagnosis } = await incidentOf(of({ anon: 950_000 }, [app(), helper], { path }))
    expect(diagnosis.limit).toMatchObject({ id: limit, confidence: 'high' })
    expect(diagnosis.limit.statement).toContain(named)
    expect([diagnosis.consumer.id, diagnosis.selection.id]).toEqual(['process', 'largest'])
  })

  it.each([
    [
      'kind',
      `/system.slice/docker-${idOf('o')}.scope`,
      `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${uidOf('in').replaceAll('-', '_')}.slice/cri-containerd-${idOf('in')}.scope`,
      'container-limit',
    ],
    ['sysbox', `/docker/${idOf('o')}`, `/init.scope/system.slice/docker-${idOf('in')}.scope`, 'container-limit'],
    ['LXC with Kubernetes inside', '/lxc.payload.node1', `/kubepods/burstable/pod${uidOf('q')}/${idOf('in')}`, 'cgroup-limit'],
    ['LXC, the pod inside', `/lxc.payload.node1/kubepods/burstable/pod${uidOf('q')}`, `/${idOf('in')}`, 'pod-limit'],
    ['docker in docker, the pod inside', `/docker/${idOf('o')}/kubelet/kubepods/burstable/pod${uidOf('q')}`, `/${idOf('in')}`, 'pod-limit'],
  ])('%s: the level whose cgroup it is', async (_, path, inner, limit) => {
    const { diagnosis } = await incidentOf(of({ anon: 950_000 }, [app(), helper], { path, taskPath: path + inner }))
    expect(diagnosis.limit.id).toBe(limit)
    expect(diagnosis.limit.statement).not.toContain(`Container ${idOf('in').slice(0, 12)}`)
  })
})

describe('what filled a group', () => {
  it.each<[string, readonly string[], string]>([
    ['a process', of({ anon: 950_000 }, [app(), helper]), 'container-limit process largest process-outgrew-limit'],
    ['alone', of({ anon: 950_000 }, [app()]), 'container-limit process only-candidate process-outgrew-limit'],
    [
      'on a kernel with PREEMPT_RT',
      of({ anon: 950_000 }, [app()], { stack: [' mem_cgroup_out_of_memory+0x136/0x150'] }).map((l) =>
        l.replace('6.1.0-1-generic #1', '6.6.44-rt39 #1 SMP PREEMPT_RT'),
      ),
      'container-limit process only-candidate process-outgrew-limit',
    ],
    [
      'two of one size',
      of({ anon: 1_020_000 }, [app({ anon: 510_000 }), app({ pid: 72, anon: 505_000 })]),
      'container-limit many-processes largest process-outgrew-limit',
    ],
    [
      'a fork and its parent',
      of({ anon: 1_020_000 }, [app({ comm: 'redis-server', anon: 1_000_000 }), app({ pid: 72, comm: 'redis-server', anon: 990_000 })]),
      'container-limit many-processes largest fork-copy-on-write',
    ],
    [
      'somebody whom an adjustment spared',
      of({ anon: 1_000_000 }, [app({ comm: 'small', anon: 100_000, adj: 900 }), app({ pid: 72, comm: 'server', anon: 880_000, adj: 0 })]),
      'container-limit process oom-score-adj shielded-giant',
    ],
    [
      'sockets',
      of({ anon: 100_000, sock: 800_000 }, [app({ anon: 95_000 })]),
      'container-limit network-buffers only-candidate kernel-memory-growth',
    ],
    [
      'page tables',
      of({ anon: 200_000, pagetables: 700_000 }, [app({ anon: 95_000, tables: 300_000 })]),
      'container-limit page-tables only-candidate kernel-memory-growth',
    ],
    [
      'slab',
      of({ anon: 100_000, slab_unreclaimable: 800_000 }, [app({ anon: 95_000 })]),
      'container-limit kernel-slab only-candidate kernel-memory-growth',
    ],
    [
      'dirty pages',
      of({ anon: 100_000, file: 850_000, file_dirty: 700_000 }, [app({ anon: 95_000 })]),
      'container-limit page-cache only-candidate page-cache-pressure',
    ],
    [
      'files in memory',
      of({ anon: 9000, file: 910_000, shmem: 905_000 }, [app({ anon: 3000 }), helper], {
        path: podSlice('p'),
        taskPath: containerScope('p'),
      }),
      'pod-limit shared-memory largest memory-backed-volume',
    ],
    [
      'a limit that was lowered',
      of({ anon: 950_000 }, [app()], {
        trigger: 'systemd',
        stack: [' mem_cgroup_out_of_memory+0x136/0x150', ' memory_max_write+0x1a5/0x230'],
      }),
      'container-limit process only-candidate limit-lowered-in-place',
    ],
  ])('%s', async (_, lines, expected) => {
    expect(ids(await incidentOf(lines))).toBe(expected)
  })

  it.each([
    ['percpu', 'per-CPU data (percpu)', 'kept once for each CPU'],
    ['vmalloc', 'areas of vmalloc (vmalloc)', 'large areas'],
    ['kernel_stack', 'stacks of threads (kernel_stack)', 'the stacks of threads'],
    ['zswap', 'compressed swap (zswap)', 'compressed instead of swapped out'],
  ] as const)('a counter of the kernel’s by its name: %s', async (counter, words, meaning) => {
    const { diagnosis, rootCause } = await incidentOf(of({ anon: 100_000, [counter]: 800_000 }, [app({ anon: 95_000 })]))
    expect(diagnosis.consumer).toMatchObject({ id: 'kernel-memory', confidence: 'high' })
    expect(diagnosis.consumer.statement).toContain(`781 MiB of it ${words}`)
    expect(rootCause.statement).toContain(meaning)
  })

  it('a full memory.swap.max is said beside the limit', async () => {
    const { diagnosis } = await incidentOf(of({ anon: 1_020_000 }, [app({ anon: 1_000_000, swap: 500_000 })], { swap: [524_288, 524_288] }))
    expect(diagnosis.limit.statement).toContain('512 MiB of swap that it may use full as well')
  })

  it('two of one size are both named by the root cause', async () => {
    const { rootCause } = await incidentOf(
      of({ anon: 1_020_000 }, [app({ anon: 510_000 }), app({ pid: 72, comm: 'other', anon: 505_000 })]),
    )
    expect(rootCause.statement).toContain('other (PID 72) held 493 MiB beside it')
  })

  it('a group that died together: all of it, with what those of one name held', async () => {
    const tasks = [
      app({ pid: 102, comm: 'gunicorn', anon: 250_000 }),
      app({ pid: 100, comm: 'sh', anon: 500 }),
      app({ pid: 103, comm: 'gunicorn', anon: 180_000 }),
      app({ pid: 104, comm: 'gunicorn', anon: 60_000 }),
    ]
    const path = containerScope('p')
    const lines = of({ anon: 495_000 }, tasks, { limit: 512 * 1024 })
    const sweep = tasks.flatMap((task) => killLines('Memory cgroup out of memory', task, 6.1))
    const found = await incidentOf([...lines, `Tasks in ${path} are going to be killed due to memory.oom.group set`, ...sweep])
    expect(found.kills).toHaveLength(4)
    expect(found.diagnosis).toMatchObject({ consumer: { id: 'many-processes' }, selection: { id: 'group-kill' } })
    expect(found.rootCause.statement).toContain('the 3 processes of that name held 479 MiB together')
  })
})

describe('cgroup v1', () => {
  const node: Task = { pid: 55, comm: 'node', anon: 690_000, swap: 800_000 }
  it('memory and swap together: shares are of both', async () => {
    const found = await incidentOf(
      group1({
        kernel: 4.15,
        path: `/docker/${idOf('b')}`,
        trigger: 'node',
        limit: 1_000_000,
        usage: 700_000,
        failcnt: 0,
        both: [1_500_000, 1_500_000, 99],
        cache: 2000,
        rss: 692_000,
        swap: 800_000,
        tasks: [node],
        victim: node,
      }),
    )
    expect(found.headline).toContain('reached its 1.43 GiB memory-and-swap limit; node alone held 99 %')
    expect(found.rootCause.statement).toContain('674 MiB and 781 MiB in swap, 99 % of 1.43 GiB')
  })
  it('statistics that a terminal broke inside a figure are whole again', async () => {
    const cp: Task = { pid: 55, comm: 'cp', anon: 448 }
    const path = `/kubepods/burstable/pod${uidOf('a')}/${idOf('a')}`
    const whole = stamped(
      group1({ kernel: 4.15, path, trigger: 'cp', limit: 524_288, kmem: 16_560, cache: 507_172, rss: 448, tasks: [cp], victim: cp }),
    )
    const { incidents } = await reportOfFiles({ 'paste.txt': whole.replace('rss:448KB', 'rss:44\n8KB') })
    expect(incidents[0]?.diagnosis.consumer).toMatchObject({ id: 'page-cache' })
  })
  it('kernel memory is what statistics leave', async () => {
    const small = { ...node, anon: 110_000, swap: 0 }
    const found = await incidentOf(
      group1({
        kernel: 3.1,
        path: `/kubepods/burstable/pod${uidOf('a')}/${idOf('a')}`,
        trigger: 'node',
        limit: 512 * 1024,
        kmem: 400_000,
        cache: 2000,
        rss: 112_000,
        tasks: [small],
        victim: small,
      }),
    )
    expect(found.diagnosis).toMatchObject({ limit: { id: 'container-limit' }, consumer: { id: 'kernel-memory' } })
  })
})

describe('nothing could be killed', () => {
  it('a unit of processes that may not die', async () => {
    const sshd = app({ comm: 'sshd', anon: 85_000, adj: -1000 })
    const found = await incidentOf([
      ...of({ anon: 90_000 }, [sshd], { path: '/system.slice/sshd.service', limit: 100_000, victim: null }),
      'Out of memory and no killable processes...',
    ])
    expect(found.kills).toHaveLength(0)
    expect(found.diagnosis).toMatchObject({
      limit: { id: 'unit-limit' },
      consumer: { id: 'process' },
      selection: { id: 'none' },
      consequence: { id: 'no-kill' },
    })
  })
  it('a panic at a group’s limit', async () => {
    const found = await incidentOf([
      ...of({ anon: 950_000 }, [app()], { victim: null }),
      'Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled',
    ])
    expect(found.diagnosis).toMatchObject({
      limit: { id: 'container-limit' },
      selection: { id: 'none' },
      consequence: { id: 'node-panic' },
    })
  })
})
