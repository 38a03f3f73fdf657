import { describe, expect, it } from 'vitest'
import { answersOf, incidentOfLines, reportOfLines } from './report-of-lines.ts'

const memcg = (unit: string, pid: number, comm: string): string =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/${unit},task_memcg=/system.slice/${unit},task=${comm},pid=${pid},uid=0`
const global = (pid: number, comm: string): string =>
  `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/a.service,task=${comm},pid=${pid},uid=0`
const killed = (pid: number, comm: string, anon: number, shmem = 0, prefix = 'Memory cgroup out of memory'): string =>
  `${prefix}: Killed process ${pid} (${comm}) total-vm:${anon * 2}kB, anon-rss:${anon}kB, file-rss:900kB, shmem-rss:${shmem}kB, UID:0 pgtables:${Math.round(anon / 500)}kB oom_score_adj:0`
const head = (comm: string, mask = '0xcc0(GFP_KERNEL)', order = 0): string =>
  `${comm} invoked oom-killer: gfp_mask=${mask}, order=${order}, oom_score_adj=0`
const tableHead = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'
const row = (pid: number, rss: number, comm: string, adj = 0): string =>
  `[${String(pid).padStart(7)}]     0 ${pid} ${rss * 2} ${rss} 409600 0 ${adj} ${comm}`

describe('absent is not zero', () => {
  const v1 = [
    'memory: usage 2097152kB, limit 2097152kB, failcnt 311',
    'memory+swap: usage 2097152kB, limit 9007199254740988kB, failcnt 0',
    'kmem: usage 20480kB, limit 9007199254740988kB, failcnt 0',
  ]

  it('v1 counters without statistics: the kill line and the table tell, not a remainder', async () => {
    const i = await incidentOfLines([
      head('db'),
      ...v1,
      tableHead,
      row(71, 515000, 'db'),
      memcg('db.service', 71, 'db'),
      killed(71, 'db', 2050000),
    ])
    expect(answersOf(i).slice(0, 3)).toEqual(['unit-limit/high', 'process/high', 'only-candidate/high'])
    expect(i.memory?.classes.map(({ id }) => id)).toEqual(['kernel', 'anon', 'other'])
  })

  it('shared memory by the kill line alone', async () => {
    const i = await incidentOfLines([head('vm'), ...v1, memcg('vm.service', 71, 'vm'), killed(71, 'vm', 30000, 1990000)])
    expect(i.diagnosis.consumer).toMatchObject({ id: 'shared-memory' })
    expect(i.diagnosis.consumer.statement).toContain('1.90 GiB')
    expect(i.headline).not.toContain('kernel memory')
  })

  it('a victim of a few per cent and nothing else: unknown, with what is known', async () => {
    const i = await incidentOfLines([head('ar'), ...v1.slice(0, 1), memcg('b.service', 71, 'ar'), killed(71, 'ar', 120000)])
    expect(i.diagnosis.consumer).toMatchObject({ id: 'unknown', confidence: 'low' })
    expect(i.diagnosis.consumer.statement).toMatch(/not in the log; .*117 MiB/)
    expect(i.missing.map(({ text }) => text).join()).toContain('Memory cgroup stats for')
  })

  it('v2 statistics of which somebody kept a few lines, without their head', async () => {
    const lines = [
      'memory: usage 307200kB, limit 307200kB, failcnt 90',
      'swap: usage 0kB, limit 0kB, failcnt 0',
      ' ...',
      ' file_dirty 301000000',
      ' file_writeback 4096',
    ]
    const i = await incidentOfLines([head('cp'), ...lines, memcg('t.service', 71, 'cp'), killed(71, 'cp', 800)])
    expect(i.diagnosis.consumer.id).toBe('page-cache')
    expect(i.memory?.classes.find(({ id }) => id === 'file')).toMatchObject({ kernelName: 'file_dirty + file_writeback', bytes: 301004096 })
  })

  it('a line of prose with a number is no statistic', async () => {
    const lines = ['memory: usage 307200kB, limit 307200kB, failcnt 90', 'cases 301000000']
    expect((await incidentOfLines([head('cp'), ...lines, memcg('t.service', 71, 'cp'), killed(71, 'cp', 800)])).diagnosis.consumer.id).toBe(
      'unknown',
    )
  })
})

const counters = (anon: number, free: number, shmem = 0): string[] => [
  'Mem-Info:',
  `active_anon:${anon} inactive_anon:0 isolated_anon:0`,
  ' active_file:100 inactive_file:200 isolated_file:0',
  ' unevictable:0 dirty:0 writeback:0',
  ' slab_reclaimable:3000 slab_unreclaimable:9000',
  ` mapped:500 shmem:${shmem} pagetables:1000`,
  ` free:${free} free_pcp:0 free_cma:0`,
]
const zone = (name: string, free: number, min: number, managed: number, extra = ''): string =>
  `Node 0 ${name} free:${free}kB boost:0kB min:${min}kB low:${Math.round(min * 1.25)}kB high:${Math.round(min * 1.5)}kB reserved_highatomic:0KB active_anon:${managed - free - 40000}kB inactive_anon:0kB active_file:400kB inactive_file:800kB unevictable:0kB writepending:0kB present:${managed}kB managed:${managed}kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB${extra}`
const end = (ram: number): string[] => [
  'Free swap  = 0kB',
  'Total swap = 0kB',
  `${ram} pages RAM`,
  '0 pages HighMem/MovableOnly',
  '1000 pages reserved',
]

describe('figures that are there are used', () => {
  it('no line of the total: the counted pages are the total', async () => {
    const i = await incidentOfLines([
      head('big'),
      ...counters(900000, 5000),
      global(71, 'big'),
      killed(71, 'big', 3500000, 0, 'Out of memory'),
    ])
    expect(i.diagnosis.limit.id).toBe('node-memory')
    expect(i.diagnosis.consumer.id).toBe('process')
    expect(i.memory?.totalName).toBe('counted pages')
    expect(i.memory?.classes.some(({ id }) => id === 'unaccounted')).toBe(false)
  })

  it('the head is lost up to the zones: their lists stand for the counters', async () => {
    const lines = [
      zone('DMA32', 30000, 40000, 3800000),
      'lowmem_reserve[]: 0 0 0 0',
      ...end(951000),
      tableHead,
      row(71, 880000, 'big'),
      row(72, 500, 'sshd', -1000),
    ]
    const i = await incidentOfLines([...lines, global(71, 'big'), killed(71, 'big', 3500000, 0, 'Out of memory')])
    expect(answersOf(i).slice(0, 2)).toEqual(['node-memory/medium', 'process/medium'])
    // Slab and page tables are in no zone line of this kernel: no remainder is named.
    expect(i.memory?.classes.find(({ kernelName }) => kernelName === 'not in the log')?.id).toBe('other')
  })

  it('the next report, milliseconds later, shows the state in which the victim died', async () => {
    const first = [global(71, 'small'), killed(71, 'small', 6000, 0, 'Out of memory')]
    const second = [
      head('asker', '0x140cc0(GFP_USER|__GFP_COMP)'),
      ...counters(20000, 20000),
      zone('DMA32', 30000, 40000, 2000000),
      ...end(501000),
    ]
    const i = await incidentOfLines([...first, ...second])
    expect(i.diagnosis.consumer.id).toBe('unaccounted')
    expect(i.diagnosis.consumer.confidence).not.toBe('high')
    const late = second.map((line, at) => `[${(5003 + at / 1e6).toFixed(6)}] ${line}`)
    expect((await incidentOfLines([...first, ...late])).diagnosis.consumer.id).toBe('unknown')
  })

  it("earlyoom's own figures", async () => {
    const i = await incidentOfLines([
      'Nov 20 14:07:55 app-2 earlyoom[319]: mem avail:  2381 of  7948 MiB (29.96%), swap free:    0 of    0 MiB ( 0.00%)',
      'Nov 20 14:07:55 app-2 earlyoom[319]: low memory! at or below SIGTERM limits: mem 30.00%, swap 100.00%',
      'Nov 20 14:07:55 app-2 earlyoom[319]: sending SIGTERM to process 4320 uid 1000 "java": badness 1110, VmRSS 4688 MiB',
    ])
    expect(i.diagnosis.consumer).toMatchObject({ id: 'process', confidence: 'medium' })
    expect(i.diagnosis.consumer.statement).toContain('4.58 GiB')
  })
})

describe('sanity before statement', () => {
  it('doubts a total that zones and counters refute', async () => {
    const lines = [
      head('big', '0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)'),
      ...counters(400000, 5000),
      zone('DMA32', 20000, 30000, 1740000),
      ...end(4455160),
    ]
    const report = await reportOfLines([
      ...lines,
      tableHead,
      row(71, 390000, 'big'),
      row(72, 900, 'sshd'),
      global(71, 'big'),
      killed(71, 'big', 1550000, 0, 'Out of memory'),
    ])
    expect(report.incidents[0]?.memory?.totalBytes).toBe(1740000 * 1024)
    expect(report.incidents[0]?.diagnosis.consumer.id).toBe('process')
    expect(report.warnings.join()).toContain('does not agree with the zones')
  })

  it.each([
    ['no zone lines', []],
    ['a zone far above its marks', [zone('Normal', 2600000, 40000, 3900000)]],
  ])('never the whole node while most of it was free: %s', async (_, zones) => {
    const i = await incidentOfLines([
      head('w', '0x0'),
      'CPU: 0 PID: 70 Comm: w Not tainted 5.4.0 #1',
      ' __alloc_pages_slowpath+0xb5f/0xd80',
      ...counters(200000, 650000),
      ...zones,
      ...end(1000000),
      global(71, 'w'),
      killed(71, 'w', 3000, 0, 'Out of memory'),
    ])
    expect(i.diagnosis.limit.id).toBe('unknown')
    expect(i.headline).not.toContain('whole node')
  })
})

describe('two of one size', () => {
  it('are many processes, both named', async () => {
    const stats = [
      'Memory cgroup stats for /system.slice/two.service:',
      'anon 2000000000',
      'file 1000000',
      'kernel 30000000',
      'shmem 0',
      'sock 0',
    ]
    const lines = [
      head('a'),
      'memory: usage 1990000kB, limit 1990000kB, failcnt 90',
      ...stats,
      tableHead,
      row(71, 250000, 'alpha'),
      row(72, 235000, 'beta'),
    ]
    const i = await incidentOfLines([...lines, memcg('two.service', 71, 'alpha'), killed(71, 'alpha', 975000)])
    expect(i.diagnosis.consumer.id).toBe('many-processes')
    expect(i.diagnosis.consumer.statement).toMatch(/alpha.*beta/)
    expect(i.headline).not.toContain('of that one process')
  })
})
