// Rewrites two real 6.1 reports (6.1-global.txt, 6.1-memcg-v1.txt) in the shapes of other kernels: same machine, same figures, so that the
// arithmetic still closes. Run: node samples/kernel/derive.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const read = (name) => readFileSync(new URL(name, here), 'utf8').split('\n').filter((line) => line !== '')
const text = (line) => line.replace(/^\[\s*[\d.]+\] /, '')

const globalLines = read('6.1-global.txt').map(text)
const memcgLines = read('6.1-memcg-v1.txt').map(text)
const rowsOf = (lines) =>
  lines
    .map((line) => /^\[\s*(\d+)\]\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(-?\d+) (.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, pid, uid, tgid, vm, rss, pgtables, swap, adj, name]) => ({
      pid: +pid, uid: +uid, tgid: +tgid, vm: +vm, rss: +rss, pt: +pgtables / 4096, swap: +swap, adj: +adj, name,
    }))
const pad = (value, width) => String(value).padStart(width)
const counters = Object.fromEntries([...globalLines.join(' ').matchAll(/(?:^|\s)([a-z_]+):(\d+)(?=\s|$)/g)].map(([, k, v]) => [k, +v]))
const zones = globalLines.flatMap((line) => {
  const found = /^Node 0 (DMA|DMA32) free:(.*)$/.exec(line)
  return found === null ? [] : [{ name: found[1], kb: Object.fromEntries([...`free:${found[2]}`.matchAll(/(\w+):(\d+)k?K?B/g)].map(([, k, v]) => [k, +v])) }]
})
const buddies = globalLines.filter((line) => /^Node 0 DMA(32)?: /.test(line))
const table = { global: rowsOf(globalLines), memcg: rowsOf(memcgLines) }
const ram = 262005
const reserved = 13171

/** `[uptime] ` as a console prints it, a tenth of a millisecond apart. */
const stamped = (lines, from) => `${lines.map((line, i) => `[${(from + i * 0.0001).toFixed(6).padStart(12)}] ${line}`).join('\n')}\n`

const heads = {
  t1: '[ pid ]   uid  tgid total_vm      rss cpu oom_adj name',
  t2: '[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name',
  t3: '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
  t4: '[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name',
  t5: '[ pid ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  t6: '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  t7: '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
}
const oomAdj = (adj) => (adj <= -1000 ? -17 : Math.trunc((adj * 15) / 1000))
const cells = {
  t1: (r) => `${pad(0, 3)} ${pad(oomAdj(r.adj), 7)}`,
  t2: (r) => `${pad(0, 3)} ${pad(oomAdj(r.adj), 7)} ${pad(r.adj, 13)}`,
  t3: (r) => `${pad(r.pt, 7)} ${pad(r.swap, 8)} ${pad(r.adj, 13)}`,
  t4: (r) => `${pad(r.pt - 3, 7)} ${pad(3, 7)} ${pad(r.swap, 8)} ${pad(r.adj, 13)}`,
  t5: (r, page) => `${pad(r.pt * page, 8)} ${pad(r.swap, 8)} ${pad(r.adj, 13)}`,
  t6: (r, page) => `${pad(r.pt * page, 8)} ${pad(r.swap, 8)} ${pad(r.adj, 13)}`,
  t7: (r, page) => `${pad(r.rss - 10, 8)} ${pad(10, 8)} ${pad(0, 9)} ${pad(r.pt * page, 8)} ${pad(r.swap, 8)} ${pad(r.adj, 13)}`,
}
const rows = (id, list, page = 4096) => [
  heads[id],
  ...list.map((r) => `[${pad(r.pid, id === 't6' || id === 't7' ? 7 : 5)}] ${pad(r.uid, 5)} ${pad(r.tgid, 5)} ${pad(r.vm, 8)} ${pad(r.rss, 8)} ${cells[id](r, page)} ${r.name}`),
]
const managed = zones.reduce((sum, z) => sum + z.kb.managed, 0)
if (managed !== (ram - reserved) * 4 - 0 && Math.abs(managed - (ram - reserved) * 4) > 64) throw new Error(`managed ${managed}`)

const c = counters
const globalCounters = {
  g1: [
    `Active:${c.active_anon + c.active_file} inactive:${c.inactive_anon + c.inactive_file} dirty:${c.dirty} writeback:${c.writeback} unstable:0`,
    ` free:${c.free} slab:${c.slab_reclaimable + c.slab_unreclaimable} mapped:${c.mapped} pagetables:${c.pagetables} bounce:0`,
  ],
  g3: [
    `active_anon:${c.active_anon} inactive_anon:${c.inactive_anon} isolated_anon:0`,
    ` active_file:${c.active_file} inactive_file:${c.inactive_file} isolated_file:0`,
    ` unevictable:0 dirty:${c.dirty} writeback:${c.writeback} unstable:0`,
    ` free:${c.free} slab_reclaimable:${c.slab_reclaimable} slab_unreclaimable:${c.slab_unreclaimable}`,
    ` mapped:${c.mapped} shmem:${c.shmem} pagetables:${c.pagetables} bounce:0`,
  ],
}
globalCounters.g4 = [...globalCounters.g3, ' free_cma:0']
globalCounters.g5 = [
  ...globalCounters.g3.slice(0, 3),
  ` slab_reclaimable:${c.slab_reclaimable} slab_unreclaimable:${c.slab_unreclaimable}`,
  ` mapped:${c.mapped} shmem:${c.shmem} pagetables:${c.pagetables} bounce:0`,
  ` free:${c.free} free_pcp:${c.free_pcp} free_cma:0`,
]
globalCounters.g6 = globalCounters.g5.map((line) => line.replace(' unstable:0', ''))
const zoneLine = {
  z1: ({ name, kb }) =>
    `Node 0 ${name} free:${kb.free}kB min:${kb.min}kB low:${kb.low}kB high:${kb.high}kB active:${kb.active_anon + kb.active_file}kB inactive:${kb.inactive_anon + kb.inactive_file}kB present:${kb.present}kB pages_scanned:0 all_unreclaimable? no`,
  z2: ({ name, kb }, more = '') =>
    `Node 0 ${name} free:${kb.free}kB min:${kb.min}kB low:${kb.low}kB high:${kb.high}kB active_anon:${kb.active_anon}kB inactive_anon:${kb.inactive_anon}kB active_file:${kb.active_file}kB inactive_file:${kb.inactive_file}kB unevictable:0kB isolated(anon):0kB isolated(file):0kB present:${kb.present}kB ${more === '' ? '' : `managed:${kb.managed}kB `}mlocked:0kB dirty:0kB writeback:0kB mapped:0kB shmem:0kB slab_reclaimable:0kB slab_unreclaimable:0kB kernel_stack:0kB pagetables:0kB unstable:0kB bounce:0kB ${more}writeback_tmp:0kB pages_scanned:512 all_unreclaimable? yes`,
  z4: ({ name, kb }) =>
    `Node 0 ${name} free:${kb.free}kB min:${kb.min}kB low:${kb.low}kB high:${kb.high}kB active_anon:${kb.active_anon}kB inactive_anon:${kb.inactive_anon}kB active_file:${kb.active_file}kB inactive_file:${kb.inactive_file}kB unevictable:0kB writepending:0kB present:${kb.present}kB managed:${kb.managed}kB mlocked:0kB kernel_stack:0kB pagetables:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB`,
}
const memInfo = (g, zone, { letters, totals, perCpu = [], node = [], swapStats = true }) => [
  'Mem-Info:', ...perCpu, ...globalCounters[g], ...node,
  ...zones.flatMap((z) => [zone(z), `lowmem_reserve[]: 0 ${z.name === 'DMA' ? '947 947' : '0 0'}`]),
  ...buddies.map((line) => (letters ? line : line.replace(/ \([A-Z]+\)/g, ''))),
  ...(letters ? ['Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB'] : []),
  '67 total pagecache pages', '0 pages in swap cache',
  ...(swapStats ? ['Swap cache stats: add 0, delete 0, find 0/0'] : []),
  'Free swap  = 0kB', 'Total swap = 0kB', ...totals,
]
const totals = {
  old: [`${ram} pages RAM`, `${reserved} pages reserved`, '67 pages shared', '248000 pages non-shared'],
  mid: [`${ram} pages RAM`, '0 pages HighMem/MovableOnly', `${reserved} pages reserved`],
}
const perCpu = ['Node 0 DMA per-cpu:', 'CPU    0: hi:    0, btch:   1 usd:   0', 'CPU    1: hi:    0, btch:   1 usd:   0', 'Node 0 DMA32 per-cpu:', 'CPU    0: hi:  186, btch:  31 usd:   0', 'CPU    1: hi:  186, btch:  31 usd:  12']
const oldFrames = (names) => ['Call Trace:', ...names.map((name, i) => ` [<ffffffff8115${(0x1000 + i * 16).toString(16)}>] ${name}+0x45/0x${(0x100 + i).toString(16)}`)]
const faultFrames = oldFrames(['dump_header', 'oom_kill_process', 'out_of_memory', '__alloc_pages_nodemask', 'alloc_pages_vma', 'handle_mm_fault', '__do_page_fault', 'do_page_fault', 'page_fault'])
const memcgFrames = oldFrames(['dump_header', 'oom_kill_process', 'mem_cgroup_out_of_memory', 'mem_cgroup_oom_synchronize', 'pagefault_out_of_memory', '__do_page_fault', 'do_page_fault', 'page_fault'])
const victim = table.global.find((r) => r.name === 'analytics')
const score = Math.trunc(((victim.rss + victim.pt) * 1000) / (ram - reserved))
const sizes = (r, page = 4096) => `total-vm:${(r.vm * page) / 1024}kB, anon-rss:${(r.rss * page) / 1024}kB, file-rss:0kB`
const java = table.memcg[0]
const path = '/kubepods/burstable/podf3412593-2388-4681-8426-15800ab207fd/17b7fac68358122ef34bd48d5a0cc9b7741bfee4b01d87e3049ee274e9305886'
const javaScore = Math.trunc(((java.rss + java.pt + 936 * 16) * 1000) / 16384)
const javaSizes = `total-vm:66720kB, anon-rss:65124kB, file-rss:836kB`
const limitLines = ['memory: usage 65536kB, limit 65536kB, failcnt 64', 'memory+swap: usage 65536kB, limit 9007199254740988kB, failcnt 0', 'kmem: usage 192kB, limit 9007199254740988kB, failcnt 0']
const inlineStats = (more) => `Memory cgroup stats for ${path}: cache:24KB rss:65320KB rss_huge:0KB ${more}inactive_anon:65288KB active_anon:4KB inactive_file:24KB active_file:0KB unevictable:0KB`

const samples = {
  // 2.6.18 (RHEL5): two lines about the kill, no table.
  '2.6.18-global.txt': [
    'analytics invoked oom-killer: gfp_mask=0x201d2, order=0, oomkilladj=0', '', 'Call Trace:',
    ' [<ffffffff800c5d8f>] out_of_memory+0x8e/0x2f3', ' [<ffffffff8000f677>] __alloc_pages+0x27f/0x308', ' [<ffffffff80012e6f>] __do_page_cache_readahead+0x96/0x17b', '',
    'Mem-info:', 'Node 0 DMA per-cpu:', 'cpu 0 hot: high 0, batch 1 used:0', 'cpu 0 cold: high 0, batch 1 used:0',
    ...globalCounters.g1,
    ...zones.flatMap((z) => [zoneLine.z1(z), 'lowmem_reserve[]: 0 947 947 947']),
    ...buddies.map((line) => line.replace(/ \([A-Z]+\)/g, '')),
    'Swap cache: add 0, delete 0, find 0/0, race 0+0', 'Free swap  = 0kB', 'Total swap = 0kB', 'Free swap:            0kB',
    `${ram} pages of RAM`, `${reserved} reserved pages`, '67 pages shared', '0 pages swap cached',
    'Out of memory: Killed process 197 (analytics).',
  ],
  // 2.6.32 mainline.
  '2.6.32-global.txt': [
    'python invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=-17', 'python cpuset=/ mems_allowed=0',
    'Pid: 168, comm: python Not tainted 2.6.32-5-amd64 #1', ...faultFrames,
    ...memInfo('g3', (z) => zoneLine.z2(z), { letters: false, totals: totals.old, perCpu }),
    ...rows('t1', table.global), `Out of memory: kill process 197 (analytics) score ${victim.vm} or a child`, 'Killed process 197 (analytics)',
  ],
  // RHEL6: a memcg report, followed by the machine's Mem-Info.
  'rhel6-memcg.txt': [
    'java invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=14, oom_score_adj=936', 'java cpuset=burstable mems_allowed=0',
    'Pid: 208, comm: java Not tainted 2.6.32-642.el6.x86_64 #1', ...memcgFrames,
    `Task in ${path} killed as a result of limit of ${path}`,
    'memory: usage 65536kB, limit 65536kB, failcnt 64', 'memory+swap: usage 65536kB, limit 9007199254740991kB, failcnt 0',
    ...memInfo('g3', (z) => zoneLine.z2(z), { letters: false, totals: totals.old, perCpu }),
    ...rows('t2', table.memcg), `Memory cgroup out of memory: Kill process 208 (java) score 1000 or sacrifice child`,
    `Killed process 208, UID 1000, (java) ${javaSizes}`,
  ],
  // RHEL7 (3.10.0-1160): UID in the kill line.
  'rhel7-global.txt': [
    'python3 invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=-1000', 'python3 cpuset=/ mems_allowed=0',
    'CPU: 1 PID: 168 Comm: python3 Kdump: loaded Tainted: G           OE  ------------ T 3.10.0-1160.el7.x86_64 #1', 'Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014', ...faultFrames,
    ...memInfo('g5', (z) => zoneLine.z2(z, 'free_pcp:0kB local_pcp:0kB free_cma:0kB '), { letters: true, totals: totals.mid }),
    ...rows('t3', table.global), `Out of memory: Kill process 197 (analytics) score ${score} or sacrifice child`,
    `Killed process 197 (analytics), UID 33, ${sizes(victim)}, shmem-rss:0kB`,
  ],
  // 4.4 (Ubuntu 16.04), memcg, variant B.
  '4.4-memcg.txt': [
    'java invoked oom-killer: gfp_mask=0x24000c0, order=0, oom_score_adj=936', 'java cpuset=17b7fac68358122ef34bd48d5a0cc9b7741bfee4b01d87e3049ee274e9305886 mems_allowed=0',
    'CPU: 0 PID: 208 Comm: java Not tainted 4.4.0-210-generic #242-Ubuntu', ...memcgFrames,
    `Task in ${path} killed as a result of limit of ${path}`, ...limitLines, inlineStats('mapped_file:0KB dirty:0KB writeback:0KB '),
    ...rows('t4', table.memcg), `Memory cgroup out of memory: Kill process 208 (java) score ${javaScore} or sacrifice child`, `Killed process 208 (java) ${javaSizes}`,
  ],
  // 4.15 (Ubuntu 18.04): a pod, its own group empty, a container below it.
  '4.15-pod.txt': [
    'java invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null), order=0, oom_score_adj=936', 'java cpuset=17b7fac68358122ef34bd48d5a0cc9b7741bfee4b01d87e3049ee274e9305886 mems_allowed=0',
    'CPU: 0 PID: 208 Comm: java Not tainted 4.15.0-213-generic #224-Ubuntu', 'Call Trace:', ' dump_stack+0x6d/0x8b', ' dump_header+0x71/0x285', ' oom_kill_process+0x21f/0x420', ' out_of_memory+0x116/0x4e0', ' mem_cgroup_out_of_memory+0xbb/0xd0', ' try_charge+0x6cd/0x750',
    `Task in ${path} killed as a result of limit of ${path.slice(0, path.lastIndexOf('/'))}`, ...limitLines,
    `Memory cgroup stats for ${path.slice(0, path.lastIndexOf('/'))}: cache:0KB rss:0KB rss_huge:0KB shmem:0KB mapped_file:0KB dirty:0KB writeback:0KB inactive_anon:0KB active_anon:0KB inactive_file:0KB active_file:0KB unevictable:0KB`,
    inlineStats('shmem:0KB mapped_file:0KB dirty:0KB writeback:0KB '),
    ...rows('t5', table.memcg), `Memory cgroup out of memory: Kill process 208 (java) score ${javaScore} or sacrifice child`, `Killed process 208 (java) ${javaSizes}, shmem-rss:0kB`,
    'oom_reaper: reaped process 208 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
  ],
  // 4.19: T6 table, score still printed.
  '4.19-global.txt': [
    'python3 invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null), order=0, oom_score_adj=-1000', 'python3 cpuset=/ mems_allowed=0',
    'CPU: 1 PID: 168 Comm: python3 Not tainted 4.19.0-27-amd64 #1 Debian 4.19.316-1', 'Call Trace:', ' dump_stack+0x66/0x81', ' dump_header+0x6b/0x283', ' oom_kill_process.cold.30+0xb/0x1cf', ' out_of_memory+0x1a5/0x430', ' __alloc_pages_slowpath+0xbd8/0xcb0',
    ...memInfo('g5', zoneLine.z4, { letters: true, totals: totals.mid, node: [`Node 0 active_anon:${c.active_anon * 4}kB inactive_anon:${c.inactive_anon * 4}kB active_file:${c.active_file * 4}kB inactive_file:0kB unevictable:0kB isolated(anon):0kB isolated(file):0kB mapped:${c.mapped * 4}kB dirty:0kB writeback:0kB shmem:${c.shmem * 4}kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 10240kB writeback_tmp:0kB unstable:0kB all_unreclaimable? yes`] }),
    'Tasks state (memory values in pages):', ...rows('t6', table.global), `Out of memory: Kill process 197 (analytics) score ${score} or sacrifice child`, `Killed process 197 (analytics) ${sizes(victim)}, shmem-rss:0kB`,
  ],
  // 5.0: CONSTRAINT_NONE for a memcg, one line of statistics a group, no `Task in`.
  '5.0-memcg-constraint-none.txt': [
    'java invoked oom-killer: gfp_mask=0x6000c0(GFP_KERNEL), order=0, oom_score_adj=936', 'CPU: 0 PID: 208 Comm: java Not tainted 5.0.21-generic #1', 'Call Trace:', ' dump_header+0x4c/0x22b', ' mem_cgroup_out_of_memory+0xbb/0xd0',
    ...limitLines, inlineStats('shmem:0KB mapped_file:0KB dirty:0KB writeback:0KB '), 'Tasks state (memory values in pages):', ...rows('t6', table.memcg),
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=17b7fac68358122ef34bd48d5a0cc9b7741bfee4b01d87e3049ee274e9305886,mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=java,pid=208,uid=1000`,
    `Memory cgroup out of memory: Kill process 208 (java) score ${javaScore} or sacrifice child`, `Killed process 208 (java) ${javaSizes}, shmem-rss:0kB`,
  ],
  // 5.4.0: page tables in bytes, labelled kB.
  '5.4.0-pgtables-in-bytes.txt': [
    'python3 invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=-1000', 'CPU: 1 PID: 168 Comm: python3 Not tainted 5.4.0-generic #1', 'Call Trace:', ' dump_header+0x4c/0x22b', ' out_of_memory+0x1fd/0x4c0',
    ...memInfo('g5', zoneLine.z4, { letters: true, totals: totals.mid }), 'Tasks state (memory values in pages):', ...rows('t6', table.global),
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/analytics.service,task=analytics,pid=197,uid=33',
    `Out of memory: Killed process 197 (analytics) ${sizes(victim)}, shmem-rss:0kB, UID:33 pgtables:${victim.pt * 4096}kB oom_score_adj:0`,
  ],
  // 6.8: split RSS columns, printk callers.
  '6.8-callers.txt': [
    'python3 invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=-1000', 'CPU: 1 PID: 168 Comm: python3 Not tainted 6.8.0-31-generic #31-Ubuntu', 'Call Trace:', ' <TASK>', ' dump_stack_lvl+0x76/0xa0', ' dump_header+0x47/0x1f0', ' out_of_memory+0x101/0x560', ' </TASK>',
    ...memInfo('g6', zoneLine.z4, { letters: true, totals: totals.mid, swapStats: false }), 'Tasks state (memory values in pages):', ...rows('t7', table.global),
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/analytics.service,task=analytics,pid=197,uid=33',
    `Out of memory: Killed process 197 (analytics) ${sizes(victim)}, shmem-rss:0kB, UID:33 pgtables:${(victim.pt * 4096) / 1024}kB oom_score_adj:0`,
  ],
}
/** 64 KiB pages: every page count stays, every size is 16 times as large. */
const times16 = (line) => line.replace(/(\d+)(kB|KB)/g, (_, n, unit) => `${n * 16}${unit}`)
samples['arm64-64k-global.txt'] = samples['4.19-global.txt'].map((line) =>
  /^\[\s*\d+\]/.test(line) ? line.replace(/^(\[\s*\d+\]\s+\d+\s+\d+\s+\d+\s+\d+\s+)(\d+)/, (_, head, n) => head + n * 16) : times16(line).replace('4.19.0-27-amd64', '4.19.0-27-arm64'),
)
for (const [name, lines] of Object.entries(samples)) {
  const body = stamped(lines, 1036.029)
  writeFileSync(new URL(name, here), name === '6.8-callers.txt' ? body.replace(/^(\[[^\]]+\])/gm, '$1[  T168]') : body)
}
