import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readLine, shapes } from '../../../src/extract/kernel-oom/read-line.ts'

describe('shapes', () => {
  it.each(shapes.map((shape) => [shape.id, shape] as const))('%s reads its own example, and no shape before it does', (_, shape) => {
    const item = shape.read(shape.example)
    expect(item).not.toBeNull()
    expect(readLine(shape.example)).toEqual(item)
  })

  it('have ids of their own', () => {
    expect(new Set(shapes.map((s) => s.id)).size).toBe(shapes.length)
  })
})

test('what the first character rules out, no shape would have read', () => {
  const word = fc.oneof(
    fc.constantFrom('anon', 'deadbeef', 'cafe', 'feedfacecafebeef', 'total', 'rax', 'cpu', 'pgfault', 'zone', 'kmalloc', 'x29'),
    fc.string(),
  )
  const number = fc.oneof(fc.nat().map(String), fc.constantFrom('00000000', '12345678', '0000000000000000', '0x12', '-1', '1 pages', '1kB'))
  const text = fc
    .tuple(word, fc.constantFrom(' ', ':', '  ', '\t', ' : '), number, fc.constantFrom('', ' ', ' 7', ' deadbeef'))
    .map((parts) => parts.join(''))
  const example = fc
    .tuple(
      fc.constantFrom('', ' ', '  ', ' a+0x1/0x2', ' a+0x1/0x2 '),
      fc.constantFrom(...shapes.map((shape) => shape.example)),
      fc.constantFrom('', ' a+0x1/0x2', '+0x'),
    )
    .map((parts) => parts.join(''))
  const frame = fc
    .tuple(
      fc.constantFrom(' ', '  ', '\t', ''),
      fc.constantFrom('', '? ', '[<ffffffff8115196e>] '),
      word,
      fc.constantFrom('+0x1/0x2', '+0x1', '.cold+0xa/0xb [ext4]', ': usage 1kB+0x1/0x2'),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(text, frame, example), (line) => {
      const inOrder = shapes.map((shape) => shape.read(line)).find((item) => item !== null) ?? null
      expect(readLine(line)).toEqual(inOrder)
    }),
    { numRuns: 3000 },
  )
})

/** Lines from real logs that the fact sheet quotes, or from its grammar where a mark says so. */
const k = 1024
const lines: readonly [string, object][] = [
  // 2 headers
  ['oom-killer: gfp_mask=0xd0', { kind: 'header', comm: null, gfpValue: 0xd0, gfpMask: '0xd0', order: null }],
  ['oom-killer: gfp_mask=0x201d2, order=0', { comm: null, order: 0, oomScoreAdj: null }],
  ['java invoked oom-killer: gfp_mask=0x201d2, order=0, oomkilladj=0', { comm: 'java', oomAdj: 0, oomScoreAdj: null, gfpFlags: null }],
  ['java invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0', { comm: 'java', oomAdj: 0, oomScoreAdj: null }],
  ['java invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=-17, oom_score_adj=-1000', { oomAdj: -17, oomScoreAdj: -1000 }],
  ['badsysprogram invoked oom-killer: gfp_mask=0x280da, order=0, oom_score_adj=0', { comm: 'badsysprogram', oomAdj: null, oomScoreAdj: 0 }],
  [
    'a.out invoked oom-killer: gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0, oom_score_adj=0',
    { gfpMask: 'GFP_HIGHUSER_MOVABLE|__GFP_ZERO' },
  ],
  [
    'a.out invoked oom-killer: gfp_mask=0x14280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=0, order=0, oom_score_adj=0',
    { nodemask: '0', order: 0 },
  ],
  [
    'a.out invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null),  order=0, oom_score_adj=0',
    { nodemask: '(null)', order: 0 },
  ],
  [
    'a.out invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=0-1,3,  order=0, oom_score_adj=0',
    { nodemask: '0-1,3', order: 0 },
  ],
  [
    'a.out invoked oom-killer: order=2, oom_score_adj=0, gfp_mask=0x27000c0(GFP_KERNEL_ACCOUNT|__GFP_NOTRACK)',
    { order: 2, oomScoreAdj: 0 },
  ],
  ['java invoked oom-killer: gfp_mask=0x0(), order=0, oom_score_adj=100', { gfpValue: 0, gfpFlags: [], gfpMask: '0x0' }],
  ['kworker/0:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0', { comm: 'kworker/0:1', order: -1 }],
  [' invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=936', { comm: '' }],
  ['a,task=b,pid=1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=936', { comm: 'a,task=b,pid=1' }],
  // 3 cpuset, stack head, frames
  ['gunpowder-memho cpuset=2e088fe462e25e60 mems_allowed=0-1,3', { kind: 'cpuset', cpuset: '2e088fe462e25e60', memsAllowed: '0-1,3' }],
  [
    'Pid: 4321, comm: java Not tainted 2.6.32-642.el6.x86_64 #1',
    { kind: 'stack-head', pid: 4321, comm: 'java', release: '2.6.32-642.el6.x86_64' },
  ],
  ['Pid: 4321, comm: java Not tainted (2.6.18-164.el5 #1)', { release: '2.6.18-164.el5' }], // made up
  [
    'CPU: 3 PID: 99 Comm: DOM Worker Kdump: loaded Tainted: G           OE  ------------ T 3.10.0-1127.19.1.el7.x86_64 #1',
    { pid: 99, comm: 'DOM Worker', release: '3.10.0-1127.19.1.el7.x86_64', hasUid: false },
  ],
  [
    'CPU: 0 UID: 1000 PID: 5947 Comm: evil Not tainted 6.18.44-fc-v782 #1 PREEMPT(none) ',
    { pid: 5947, hasUid: true, release: '6.18.44-fc-v782' },
  ],
  [' [<ffffffff812d3395>] ? security_capable_noaudit+0x15/0x20', { kind: 'stack', frame: null }],
  ['[<ffffff80081b2f14>] out_of_memory+0x4b4/0x4c8', { frame: 'out_of_memory' }], // made up: arm64 without a blank
  [' ext4_filemap_fault+0x2d/0x40 [ext4]', { frame: 'ext4_filemap_fault' }],
  [' oom_kill_process.cold+0xb/0x10', { frame: 'oom_kill_process.cold' }],
  // 4 memcg
  ['Task in /lxc/108/ns killed as a result of limit of /lxc/108', { kind: 'task-in', task: '/lxc/108/ns', limit: '/lxc/108' }],
  [
    'Task in /a killed as a result of limit of /b killed as a result of limit of /',
    { task: '/a killed as a result of limit of /b', limit: '/' },
  ],
  [
    'memory: usage 203312kB, limit 204800kB, failcnt 91',
    { kind: 'counter', which: 'memory', counter: { usageBytes: 203312 * k, limitBytes: 204800 * k, unlimited: false, failcnt: 91 } },
  ],
  [
    'memory+swap: usage 0kB, limit 9007199254740988kB, failcnt 0',
    { which: 'memorySwap', counter: { usageBytes: 0, limitBytes: null, unlimited: true, failcnt: 0 } },
  ],
  [
    'memory+swap: usage 0kB, limit 9007199254740991kB, failcnt 0',
    { counter: { usageBytes: 0, limitBytes: null, unlimited: true, failcnt: 0 } },
  ],
  ['swap: usage 0kB, limit 0kB, failcnt 0', { which: 'swap', counter: { usageBytes: 0, limitBytes: 0, unlimited: false, failcnt: 0 } }],
  ['kmem: usage 220kB, limit 9007199254740988kB, failcnt 0', { which: 'kmem' }],
  [
    'Memory cgroup stats for /a b:c: cache:0KB rss:20260KB rss_huge:0KB swap:20460KB',
    { kind: 'stats-head', path: '/a b:c', values: { cache: 0, rss: 20260 * k, rss_huge: 0, swap: 20460 * k } },
  ],
  ['Memory cgroup stats for /protected.slice/vault.service:', { kind: 'stats-head', path: '/protected.slice/vault.service', values: null }],
  ['Memory limit reached of cgroup /docker/2e08', { kind: 'limit-reached', path: '/docker/2e08' }],
  ['Tasks in /a,task=init are going to be killed due to memory.oom.group set', { kind: 'group', path: '/a,task=init' }],
  [
    'Memory cgroup min protection 0kB -- low protection 16kBTasks state (memory values in pages):',
    { kind: 'protection', lowBytes: 16 * k, glued: 'Tasks state (memory values in pages):' },
  ],
  // 5 Mem-Info
  [
    'Active:31 inactive:228228 dirty:0 writeback:0 unstable:0',
    { kind: 'counters', pages: { active: 31, inactive: 228228, dirty: 0, writeback: 0, unstable: 0 } },
  ],
  ['Active_anon:31 active_file:14 inactive_anon:228228', { pages: { active_anon: 31, active_file: 14, inactive_anon: 228228 } }],
  [' mapped:2 shmem:59 pagetables:568', { kind: 'counters' }],
  [' sec_pagetables:0 bounce:0', { kind: 'counters' }],
  ['Node 0 DMA32 per-cpu:', { kind: 'per-cpu' }],
  ['CPU    0: Hot: hi:  186, btch:  31 usd:  86   Cold: hi:   62, btch:  15 usd:  54', { kind: 'per-cpu' }],
  [
    'Node 0 active_anon:124kB inactive_anon:912912kB shmem_thp: 4kB all_unreclaimable? yes',
    { kind: 'node', node: 0, allUnreclaimable: true, values: { active_anon: 124 * k, inactive_anon: 912912 * k, shmem_thp: 4 * k } },
  ],
  [
    'DMA free:4472kB min:700kB low:872kB high:1044kB active:0kB inactive:0kB present:15992kB pages_scanned:12 all_unreclaimable? no',
    { kind: 'zone', node: null, name: 'DMA', allUnreclaimable: false },
  ],
  [
    'Node 0 Normal free:36200kB boost:0kB min:43192kB reserved_highatomic:2048KB free_highatomic:1024KB zspages:4kB present:8kB',
    {
      kind: 'zone',
      values: {
        free: 36200 * k,
        boost: 0,
        min: 43192 * k,
        reserved_highatomic: 2048 * k,
        free_highatomic: 1024 * k,
        zspages: 4 * k,
        present: 8 * k,
      },
    },
  ],
  ['lowmem_reserve[]: 0 1935 1935 1935 1935', { kind: 'lowmem', pages: [0, 1935, 1935, 1935, 1935] }],
  [
    'Normal: 1231*4kB (UE) 0*8kB = 4924kB',
    {
      kind: 'buddy',
      node: null,
      name: 'Normal',
      totalBytes: 4924 * k,
      blocks: [
        { blockBytes: 4096, count: 1231, types: 'UE' },
        { blockBytes: 8192, count: 0, types: null },
      ],
    },
  ],
  [
    'Node 3 hugepages_total=12 hugepages_free=0 hugepages_surp=1 hugepages_size=2048kB',
    { kind: 'hugepages', node: 3, total: 12, free: 0, surplus: 1, pageBytes: 2 << 20 },
  ],
  ['Free swap  = -1636kB', { kind: 'total', what: 'freeSwap', value: -1636 * k }],
  ['Total swap = 33554428kB', { what: 'totalSwap', value: 33554428 * k }],
  ['Free swap:       524280kB', { what: 'freeSwap', value: 524280 * k }], // made up
  ['33456799 pages RAM', { what: 'ram', value: 33456799 }],
  ['0 pages HighMem', { what: 'highMem', value: 0 }],
  ['603108 pages reserved', { what: 'reserved', value: 603108 }],
  ['262005 pages of RAM', { what: 'ram' }], // made up
  ['0 pages cma reserved', { what: 'cmaReserved' }],
  ['0 pages hwpoisoned', { what: 'hwpoisoned' }],
  // 6 slabs and allocations
  ['kmalloc-2048           59164KB      59164KB', { kind: 'slab', name: 'kmalloc-2048', usedBytes: 59164 * k, totalBytes: 59164 * k }],
  ['ext4_inode_cache(100:12G)     812KB   1024KB', { kind: 'slab', name: 'ext4_inode_cache(100:12G)' }], // made up
  [
    '    38.4 MiB     5505 mm/slub.c:3075 func:alloc_slab_page',
    { kind: 'allocation', calls: 5505, bytes: Math.round(38.4 * 2 ** 20), site: 'mm/slub.c:3075 func:alloc_slab_page' },
  ],
  ['Memory allocations:', { kind: 'allocations-head' }],
  // 7 tables
  [
    '[ pid ]   uid  tgid total_vm      rss cpu oom_adj name',
    { kind: 'table-head', columns: ['uid', 'tgid', 'total_vm', 'rss', 'cpu', 'oom_adj'] },
  ],
  [
    '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents file-rss anon-rss-low file-rss-low oom_score_adj name',
    { kind: 'table-head', complete: true },
  ], // made up: Samsung's columns
  ['[24386] 0 24386 1870 210 9 3 0 0 stress', { kind: 'row', pid: 24386 }],
  ['[ 1276]    -2  1276     1809       25       9        0             0 tail', { kind: 'row', pid: 1276 }],
  // 8 kill lines
  [
    'Out of Memory: Killed process 1234 (mysqld).',
    { kind: 'kill', pid: 1234, comm: 'mysqld', prefix: 'global', totalVmBytes: null, complete: true },
  ],
  ['Out of Memory: Kill process 1234 (mysqld) and children.', { kind: 'choice', pid: 1234, comm: 'mysqld', score: null }],
  ['Out of Memory: Kill process 1234 (mysqld) score 98765 and children.', { kind: 'choice', score: 98765 }],
  ['Out of memory: kill process 1234 (mysqld) score 98765 or a child', { kind: 'choice', score: 98765, prefix: 'global' }],
  ['Killed process 1234 (mysqld)', { kind: 'kill', pid: 1234, comm: 'mysqld', prefix: null }],
  [
    'Killed process 1234 (mysqld) vsz:1000kB, anon-rss:900kB, file-rss:4kB',
    { totalVmBytes: 1000 * k, anonRssBytes: 900 * k, shmemRssBytes: null },
  ],
  [
    'Killed process 1532 (badsysprogram) total-vm:1641388kB, anon-rss:1595164kB, file-rss:76kB',
    { pid: 1532, uid: null, fileRssBytes: 76 * k },
  ],
  ['Killed process 1381 (gunpowder-memho) total-vm:2121528kB, anon-rss:18624kB, file-rss:2140kB, shmem-rss:0kB', { shmemRssBytes: 0 }],
  [
    'Out of memory: Killed process 517 (clamd) total-vm:2361456kB, anon-rss:1689296kB, file-rss:0kB, shmem-rss:0kB',
    { prefix: 'global', uid: null },
  ],
  [
    'Killed process 1234, UID 500, (java) total-vm:100kB, anon-rss:90kB, file-rss:4kB',
    { pid: 1234, uid: 500, comm: 'java', totalVmBytes: 100 * k },
  ],
  ['Killed process 1234:#40, UID 500, (java) total-vm:100kB, anon-rss:90kB, file-rss:4kB', { pid: 1234, uid: 500, comm: 'java' }],
  ['Out of memory: Kill process java(1234:40) score 900 or sacrifice child', { kind: 'choice', pid: 1234, comm: 'java', score: 900 }],
  [
    'Killed process 1234 (java), UID 48, total-vm:100kB, anon-rss:90kB, file-rss:4kB, shmem-rss:0kB',
    { pid: 1234, uid: 48, comm: 'java', shmemRssBytes: 0 },
  ],
  [
    'Memory cgroup out of memory: Kill process 1234 (java) [State: 1 Flags: 4202752] score 977 or sacrifice child',
    { kind: 'choice', prefix: 'memcg', comm: 'java', score: 977 },
  ],
  [
    'Killed process 1234 (java) total-vm:100kB, anon-rss:90kB, file-rss:4kB, anon-rss-low:0kB, file-rss-low:0kB',
    { anonRssBytes: 90 * k, fileRssBytes: 4 * k },
  ],
  [
    'OOM[3]: Out of memory: Killed process 1234 (java) total-vm:100kB, anon-rss:90kB, file-rss:4kB, shmem-rss:0kB',
    { kind: 'kill', prefix: 'global' },
  ],
  [
    'Out of memory (oom_kill_allocating_task): Killed process 9 (a) total-vm:100kB, anon-rss:90kB, file-rss:4kB, shmem-rss:0kB',
    { prefix: 'allocating-task' },
  ],
  ['No available memory (MPOL_BIND): kill process 9 (a) score 1 or a child', { kind: 'choice', prefix: 'mpol-bind' }],
  ['No available memory in cpuset: kill process 9 (a) score 1 or a child', { kind: 'choice', prefix: 'cpuset' }],
  [
    'Memory cgroup out of memory: Killed process 1590 ((sd-pam) x)) total-vm:25760kB, anon-rss:24212kB, file-rss:836kB, shmem-rss:0kB, UID:0 pgtables:88kB oom_score_adj:936',
    { comm: '(sd-pam) x)', uid: 0, pgtablesBytes: 88 * k, oomScoreAdj: 936 },
  ],
  [
    'Memory cgroup out of memory: Killed process 2078 () total-vm:25760kB, anon-rss:24212kB, file-rss:836kB, shmem-rss:0kB, UID:0 pgtables:88kB oom_score_adj:-997',
    { comm: '', oomScoreAdj: -997 },
  ],
  ['Memory cgroup out of memory: Killed process 1734 (evil', { kind: 'kill', pid: 1734, complete: false }],
  ['Kill process 1234 (java) sharing same memory', { kind: 'sharing', pid: 1234 }],
  ['Memory cgroup out of memory: OOM victim 1234 (java) is already exiting. Skip killing the task', { kind: 'spared', pid: 1234 }],
  ['Would have killed process 1234 (java). But continuing instead.', { kind: 'spared', pid: 1234 }],
  ['oom killer 1234 (java) has mm pinned by 1 (init)', { kind: 'spared', pid: 1234 }],
  [
    'oom_reaper: reaped process 517 (clamd), now anon-rss:0kB, file-rss:0kB, shmem-rss:167488kB',
    { kind: 'reaped', pid: 517, shmemRssBytes: 167488 * k },
  ],
  ['oom_reaper: unable to reap pid:1234 (a) b)', { kind: 'unable-to-reap', pid: 1234, comm: 'a) b' }],
  // 8.2 summaries
  [
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),global_oom,task_memcg=/a.service,task=clamd,pid=517,uid=111',
    { kind: 'summary', cpuset: null, global: true, pid: 517, uid: 111 },
  ],
  [
    'oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=3,cpuset=/,mems_allowed=0-7,global_oom,task_memcg=/,task=a b,pid=5,uid=-2',
    { constraint: 'memory_policy', nodemask: '3', memsAllowed: '0-7', uid: -2 },
  ],
  [
    'oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset=a,b,mems_allowed=1,global_oom,task_memcg=/x,task=hpc,pid=5,uid=0',
    { constraint: 'cpuset', cpuset: 'a,b', memsAllowed: '1' },
  ],
  [
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=ns,mems_allowed=0,oom_memcg=/lxc/108,task_memcg=/lxc/108/ns/.lxc,task=java,pid=5,uid=0',
    { readings: [{ oomMemcg: '/lxc/108', taskMemcg: '/lxc/108/ns/.lxc', comm: 'java' }] },
  ],
  [
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a/b,task_memcg=',
    { complete: false, pid: null, readings: [{ oomMemcg: '/a/b', taskMemcg: null, comm: null }] },
  ],
  // 8.4, 8.5
  [
    'Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled',
    { kind: 'panic', panic: { text: 'Out of memory: compulsory panic_on_oom is enabled', cause: 'setting' } },
  ],
  [
    'Kernel panic - not syncing: System is deadlocked on memory',
    { kind: 'panic', panic: { text: 'System is deadlocked on memory', cause: 'memory' } },
  ],
  [
    'Kernel panic - not syncing: out of memory. panic_on_oom is selected',
    { kind: 'panic', panic: { text: 'out of memory. panic_on_oom is selected', cause: 'setting' } },
  ],
  ['Kernel panic - not syncing: Fatal exception', { kind: 'panic', panic: { text: 'Fatal exception', cause: 'other' } }],
  ['Out of memory and no killable processes...', { kind: 'no-killable' }],
  ['SysRq : Manual OOM execution', { kind: 'sysrq' }],
  ['sysrq: Manual OOM execution', { kind: 'sysrq' }],
  ['OOM request ignored because killer is disabled', { kind: 'sysrq-ignored' }],
]

describe('lines of the fact sheet', () => {
  it.each(lines)('%s', (text, expected) => {
    expect(readLine(text)).toMatchObject(expected)
  })

  it.each([
    'java.lang.OutOfMemoryError: Java heap space',
    'containerd: the message "Out of memory: Killed process 1 (init)" came from dmesg',
    "lowmemorykiller: Killing 'com.app' (123), adj 900, to free 4000kB on behalf of 'kswapd0' (55)",
    'systemd-oomd[312]: Killed /user.slice due to memory pressure for /user.slice being 60.00% > 50.00% for > 20s with reclaim activity',
    'Out of memory: could not allocate 12 bytes',
    'a program said: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
  ])('is no line of a report: %s', (text) => {
    const item = readLine(text)
    expect(item === null || item.kind === 'stack').toBe(true)
  })
})
