import { describe, expect, it } from 'vitest'
import type { ReportIncident } from '../../../src/model/report.ts'
import { reportOfFiles } from '../report-of-lines.ts'
import { daemons, machine } from './machine.ts'
import { containerScope, GB, stamped, type Task } from './parts.ts'

const reportOf = async (text: string) => await reportOfFiles({ 'kern.log': text })
async function incidentOf(lines: readonly string[]): Promise<ReportIncident> {
  const { incidents } = await reportOf(stamped(lines))
  expect(incidents).toHaveLength(1)
  return incidents[0] as ReportIncident
}
const ids = ({ diagnosis: d, rootCause }: ReportIncident) => `${d.limit.id} ${d.consumer.id} ${d.selection.id} ${rootCause.id}`
const app = (gb: number, more: Partial<Task> = {}): Task => ({ pid: 70, comm: 'app', anon: Math.round(gb * GB), ...more })
const of = (tasks: readonly Task[], more: Partial<Parameters<typeof machine>[0]> = {}) =>
  machine({
    ram: 16 * GB,
    anon: Math.round(15.2 * GB),
    free: 90_000,
    trigger: 'x',
    tasks: [...daemons, ...tasks],
    victim: tasks[0] ?? null,
    ...more,
  })
const crowd = (count: number, name: (i: number) => string, gb: number): Task[] =>
  Array.from({ length: count }, (_, i) => app(gb, { pid: 3000 - i, comm: name(i) }))

describe('what filled a machine, and why that one died', () => {
  const giant = app(14, { pid: 71, comm: 'oracle', adj: -1000 })
  const small = app(0.2, { comm: 'python3' })
  it.each<[string, readonly string[], string]>([
    ['one process', of([app(14)]), 'node-memory process largest host-process-growth'],
    [
      'a realtime kernel',
      of([app(14)]).map((l) => l.replace('6.1.0-1-generic #1', '6.6.44-rt39 #1 SMP PREEMPT_RT')),
      'node-memory process largest host-process-growth',
    ],
    ['3.10', of([app(14)], { kernel: 3.1 }), 'node-memory process largest process-outgrew-limit'],
    ['4.15', of([app(14)], { kernel: 4.15 }), 'node-memory process largest process-outgrew-limit'],
    ['a giant that nobody may kill', of([small, giant]), 'node-memory process oom-score-adj shielded-giant'],
    [
      'a Guaranteed pod beside a BestEffort one',
      of(
        [
          { ...small, adj: 1000 },
          { ...giant, adj: -997 },
        ],
        { taskPath: containerScope('be', 'besteffort') },
      ),
      'node-memory process oom-score-adj shielded-giant',
    ],
    [
      'who asked',
      of([small, app(14, { pid: 71, comm: 'big' })], { kernel: 5.15, prefix: 'Out of memory (oom_kill_allocating_task)' }),
      'node-memory process allocating-task process-outgrew-limit',
    ],
    ['locked memory', of([app(14)], { anon: GB, unevictable: 14 * GB }), 'node-memory process largest host-process-growth'],
    ['huge pages', of([app(0.6)], { anon: GB, huge: [7000, 7000] }), 'node-memory hugepages largest hugepage-reservation'],
    ['what no counter tells', of([app(0.6)], { anon: GB }), 'node-memory unaccounted largest unaccounted-memory'],
    ['files in memory', of([app(1.5)], { anon: 2 * GB, shmem: 13 * GB }), 'node-memory shared-memory largest memory-backed-volume'],
    [
      'slab',
      of([app(0.6)], { anon: GB, slab: 14 * GB, slabs: ['kmalloc-512             14200000KB   14300000KB'] }),
      'node-memory kernel-slab largest kernel-memory-growth',
    ],
    ['a crowd', of(crowd(60, () => 'apache2', 0.25)), 'node-memory many-processes largest too-many-workers'],
  ])('%s', async (_, lines, expected) => {
    const found = ids(await incidentOf(lines))
    expect(found.split(' ').slice(0, 3)).toEqual(expected.split(' ').slice(0, 3))
    if (!expected.endsWith('process-outgrew-limit')) expect(found).toBe(expected)
  })

  it('a crowd whose names end in numbers has its sum', async () => {
    const { diagnosis } = await incidentOf(of(crowd(40, (i) => `w-${i}`, 0.37)))
    expect(diagnosis.consumer.statement).toContain('40 processes named w* had 14.8 GiB resident together')
  })
  it('the names of the slabs stand in the cause', async () => {
    const { rootCause } = await incidentOf(
      of([app(0.6)], { anon: GB, slab: 14 * GB, slabs: ['kmalloc-512             14200000KB   14300000KB'] }),
    )
    expect(rootCause.statement).toContain('kmalloc-512 13.6 GiB')
  })
})

describe('a part of the machine', () => {
  const zone = (node: number | null, name: string, managed: number, free: number, min: number, more: object = {}) => ({
    node,
    name,
    managed,
    free,
    min,
    ...more,
  })
  it.each<[string, readonly string[], string]>([
    [
      'low memory of 32 bits',
      of([app(1.8)], {
        kernel: 3.1,
        mask: '0x84d0',
        ram: 8 * GB,
        anon: 2 * GB,
        free: 4 * GB,
        slab: 700_000,
        zones: [
          zone(null, 'Normal', 880_000, 3600, 3728, { slab: 700_000, reserve: [0, 57_000, 57_000] }),
          zone(null, 'HighMem', 7_300_000, 4_100_000, 512, { anon: 2 * GB }),
        ],
      }),
      'memory-zone kernel-slab',
    ],
    [
      'DMA',
      of([app(0.7)], {
        kernel: 4.4,
        mask: '0x2404041(GFP_DMA|__GFP_COMP|__GFP_RECLAIMABLE)',
        ram: 8 * GB,
        anon: GB,
        free: 6 * GB,
        zones: [
          zone(0, 'DMA', 15_900, 20, 128, { slab: 15_800, reserve: [0, 7900, 7900, 7900] }),
          zone(0, 'Normal', 8 * GB, 6 * GB, 43_000, { anon: GB }),
        ],
      }),
      'memory-zone kernel-slab',
    ],
    [
      'DMA32',
      of([app(3)], {
        mask: '0xcc4(GFP_KERNEL|GFP_DMA32)',
        anon: 5 * GB,
        free: 7 * GB,
        zones: [
          zone(0, 'DMA32', 2 * GB, 5000, 9000, { anon: Math.round(1.9 * GB) }),
          zone(0, 'Normal', 14 * GB, 7 * GB, 60_000, { anon: 3 * GB }),
        ],
      }),
      'memory-zone process',
    ],
    [
      'a movable-only rest',
      of([app(8)], {
        mask: '0xcc0(GFP_KERNEL)',
        ram: 64 * GB,
        anon: 10 * GB,
        slab: 3 * GB,
        free: 45 * GB,
        zones: [
          zone(0, 'Normal', 4 * GB, 20_000, 21_000, { anon: 200_000, reserve: [0, 0, 0, 400_000] }),
          zone(0, 'Movable', 60 * GB, 45 * GB, 60_000, { anon: 10 * GB }),
        ],
      }),
      'memory-zone unknown',
    ],
    [
      'pieces too small',
      of([app(5)], {
        kernel: 3.13,
        order: 3,
        mask: '0xd0',
        anon: 9 * GB,
        file: 4 * GB,
        free: GB,
        zones: [zone(0, 'Normal', 16 * GB, GB, 67_000, { anon: 9 * GB, blocks: [262_000, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0] })],
      }),
      'fragmentation process',
    ],
    [
      'a cpuset',
      of([app(30)], {
        kernel: 5.4,
        constraint: 'CPUSET',
        cpuset: 'batch',
        mems: '1',
        ram: 64 * GB,
        anon: 40 * GB,
        free: 22 * GB,
        zones: [zone(1, 'Normal', 32 * GB, 44_000, 45_000, { anon: Math.round(31.5 * GB) })],
      }),
      'cpuset process',
    ],
    [
      'a memory policy',
      of([app(30)], {
        kernel: 5.4,
        constraint: 'MEMORY_POLICY',
        nodemask: '0',
        mems: '0-1',
        ram: 64 * GB,
        anon: 40 * GB,
        free: 22 * GB,
        zones: [zone(0, 'Normal', 32 * GB, 40_000, 41_000, { anon: Math.round(31 * GB) })],
      }),
      'memory-policy process',
    ],
  ])('%s', async (_, lines, expected) => {
    const found = await incidentOf(lines)
    expect(`${found.diagnosis.limit.id} ${found.diagnosis.consumer.id}`).toBe(expected)
    expect(found.headline).not.toContain('whole node')
  })
  it('what filled it is not named where the log does not tell', async () => {
    const lines = of([app(8)], {
      mask: '0xcc0(GFP_KERNEL)',
      ram: 64 * GB,
      anon: 10 * GB,
      free: 45 * GB,
      zones: [
        zone(0, 'Normal', 4 * GB, 20_000, 21_000, { anon: 200_000, reserve: [0, 0, 0, 400_000] }),
        zone(0, 'Movable', 60 * GB, 45 * GB, 60_000, { anon: 10 * GB }),
      ],
    })
    const { rootCause, diagnosis } = await incidentOf(lines)
    expect(rootCause.statement).toContain('that part was full (the log does not say of what)')
    expect(diagnosis.consumer.statement).toContain('8 GiB of its own, not all of it there')
  })
  it('most of it free: no process is to blame for a full machine', async () => {
    const found = await incidentOf(
      of([app(5)], { anon: 6 * GB, free: 9 * GB, zones: [zone(0, 'Normal', 16 * GB, 9 * GB, 68_000, { anon: 6 * GB })] }),
    )
    expect([found.diagnosis.limit.id, found.rootCause.id]).toEqual(['unknown', 'unknown'])
  })
})

describe('tables that do not tell', () => {
  const lines = of([app(0.3, { comm: 'nginx' })])
  it('rows that hold little of the anonymous memory prove no choice', async () => {
    const { diagnosis } = await incidentOf(lines)
    expect([diagnosis.selection, diagnosis.consumer.id]).toMatchObject([{ id: 'largest', confidence: 'low' }, 'unknown'])
    const half = await incidentOf(of([app(0.3, { comm: 'nginx' })], { anon: Math.round(0.61 * GB), file: 14 * GB }))
    expect(half.diagnosis.selection).toMatchObject({ id: 'largest', confidence: 'high' })
  })
  it.each(['[... 212 lines skipped ...]', '(... and 30 more processes ...)'])('%s is a mark of loss', async (mark) => {
    const whole = of([app(3, { comm: 'nginx' }), app(2.9, { pid: 71, comm: 'b' })], { anon: Math.round(7 * GB), file: 8 * GB })
    const at = whole.findIndex((line) => line.includes('nginx'))
    const cut = await incidentOf([...whole.slice(0, at), mark, ...whole.slice(at)])
    expect([(await incidentOf(whole)).diagnosis.selection.confidence, cut.diagnosis.selection.confidence]).toEqual(['high', 'medium'])
  })
  it('process 1 may not be killed, whatever its adjustment', async () => {
    const { diagnosis } = await incidentOf(
      machine({
        ram: 200_000,
        anon: 90_000,
        free: 1500,
        slab: 60_000,
        trigger: 'x',
        tasks: [{ pid: 1, comm: 'init', anon: 8000 }, app(0.07)],
        victim: app(0.07),
      }),
    )
    expect(diagnosis.selection).toMatchObject({ id: 'only-candidate' })
    expect(diagnosis.selection.statement).toContain('(process 1)')
  })
})

describe('by hand', () => {
  const stack = [' out_of_memory+0x1fd/0x4c0', ' moom_callback+0x76/0xa0']
  it.each([
    [-1, 'SysRq-f, order=-1'],
    [0, 'SysRq-f)'],
  ])('order %i', async (order, words) => {
    const { diagnosis } = await incidentOf(of([app(3)], { anon: 5 * GB, free: 8 * GB, order, mask: '0xcc0(GFP_KERNEL)', stack }))
    expect(diagnosis.limit.id).toBe('manual')
    expect(diagnosis.limit.statement).toContain(words)
  })
})

describe('panics', () => {
  it.each([
    ['Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled', 'vm.panic_on_oom'],
    ['Kernel panic - not syncing: System is deadlocked on memory', null],
  ])('%s', async (panic, setting) => {
    const found = await incidentOf([...of([app(14)], { victim: null }), panic])
    expect(found.diagnosis).toMatchObject({
      limit: { id: 'node-memory' },
      consumer: { id: 'process' },
      selection: { id: 'none' },
      consequence: { id: 'node-panic' },
    })
    expect(JSON.stringify(found.recommendations).includes('panic_on_oom')).toBe(setting !== null)
  })
})

describe('several kills', () => {
  const kill = (start: number, task: Task, unit: string, rest: readonly Task[] = []) =>
    stamped(of([task, ...rest], { taskPath: `/system.slice/${unit}` }), start)
  it.each([
    ['less than ten minutes apart', 598, 1],
    ['more', 602, 2],
  ])('%s', async (_, gap, count) => {
    const { incidents } = await reportOf(kill(5000, app(14), 'a.service') + kill(5000 + gap, app(14, { pid: 90 }), 'b.service'))
    expect(incidents).toHaveLength(count)
    expect(incidents[0]?.pattern).toBe(count === 1 ? 'cascade' : 'single')
  })
  it('a boot between them ends the shortage', async () => {
    const boot = '[    0.000000] Linux version 6.1.0-1-generic (b@h) #1 SMP\n'
    const { incidents } = await reportOf(kill(50_000, app(14), 'a.service') + boot + kill(300, app(14, { pid: 90 }), 'b.service'))
    expect(incidents).toHaveLength(2)
  })
  it('the culprit of a cascade is named though it dies last', async () => {
    const [a, b, leaky] = [
      app(0.3, { pid: 901, comm: 'a', adj: 1000 }),
      app(0.28, { pid: 902, comm: 'b', adj: 999 }),
      app(14, { pid: 903, comm: 'leaky' }),
    ]
    const { incidents } = await reportOf(
      kill(5000, a, 'a.service', [b, leaky]) + kill(5002, b, 'b.service', [leaky]) + kill(5004, leaky, 'c.service'),
    )
    expect(incidents).toHaveLength(1)
    expect(incidents[0]).toMatchObject({ pattern: 'cascade', diagnosis: { selection: { id: 'oom-score-adj' } } })
    expect(incidents[0]?.headline).toContain('leaky')
  })
})
