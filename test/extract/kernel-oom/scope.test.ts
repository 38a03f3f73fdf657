import { describe, expect, it } from 'vitest'
import { kernelOom } from '../../../src/extract/kernel-oom/index.ts'
import { extractAll, plainRecords } from './plain-records.ts'

const dumps = (lines: readonly string[]) =>
  extractAll(kernelOom, plainRecords(lines.map((line, at) => `[  500.${String(100000 + at)}] ${line}`).join('\n'))).dumps.map((d) => d.dump)

describe('stack frames are evidence of scope', () => {
  const head = 'worker invoked oom-killer: gfp_mask=0x6000c0(GFP_KERNEL), nodemask=(null), order=0, oom_score_adj=0'
  it.each([
    [[' mem_cgroup_out_of_memory+0x4b/0x80'], 'memcg'],
    [[' mem_cgroup_out_of_memory.isra.3+0x4b/0x80'], 'memcg'],
    [['[<ffffffff811c17bf>] mem_cgroup_oom_synchronize+0x34f/0x580'], 'memcg'],
    [['[<ffffffff81171a2f>] mem_cgroup_handle_oom+0x14f/0x160'], 'memcg'],
    [[' __alloc_pages_slowpath+0xb5f/0xd80'], 'global'],
    // A frame with a question mark may be left over from an older call.
    [['[<ffffffff811bdd77>] ? mem_cgroup_out_of_memory+0x177/0x2b0'], null],
    [[' try_charge+0x177/0x2b0'], null],
  ])('%j: %s', (frames, scope) => {
    expect(dumps([head, 'Call Trace:', ...frames])[0]?.scope).toBe(scope)
  })

  it("overrule the machine's Mem-Info, which old kernels print for a memory cgroup too", () => {
    const [dump] = dumps([
      head,
      'Call Trace:',
      ' [<ffffffff811c17bf>] mem_cgroup_oom_synchronize+0x34f/0x580',
      'Mem-Info:',
      'active_anon:10 inactive_anon:0 isolated_anon:0',
      'Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled',
    ])
    expect(dump).toMatchObject({
      scope: 'memcg',
      constraint: 'memcg',
      panic: { text: 'Out of memory: compulsory panic_on_oom is enabled', cause: 'setting' },
    })
  })

  it('do not overrule what a kill line says', () => {
    const kill = 'Out of memory: Killed process 41 (worker) total-vm:9000kB, anon-rss:8000kB, file-rss:0kB, shmem-rss:0kB'
    expect(dumps([head, ' mem_cgroup_out_of_memory+0x4b/0x80', kill])[0]?.scope).toBe('global')
  })

  it.each([' moom_callback+0x6b/0x90', ' moom_callback from process_one_work+0x1b0/0x4d0'])('%s: asked for by hand', (frame) => {
    expect(dumps([head, frame])[0]).toMatchObject({ manual: true, scope: 'global' })
  })
})

describe('frames of 32-bit ARM', () => {
  it.each([
    ' oom_kill_process from out_of_memory+0x218/0x34c',
    '[<c0201e1c>] (oom_kill_process) from [<c02022a8>] (out_of_memory+0x250/0x2f8)',
    '[<c0201e1c>] (oom_kill_process+0x0/0x2f8) from [<c02022a8>] (out_of_memory+0x250/0x2f8)',
  ])('%s: proves a run of the killer, whose head is lost', (frame) => {
    expect(dumps([frame, 'Mem-Info:', 'active_anon:10 inactive_anon:0 isolated_anon:0'])).toMatchObject([
      { trigger: null, kills: [], memInfo: { counters: { active_anon: 40960 } } },
    ])
  })

  it.each([' __alloc_pages from __get_free_pages+0x1c/0x2c', 'a letter from out_of_memory'])('%s: proves none', (frame) => {
    expect(dumps([frame, 'Mem-Info:', 'active_anon:10 inactive_anon:0 isolated_anon:0'])).toEqual([])
  })
})

describe('SysRq-f without the head of its report', () => {
  const kill = 'Killed process 41 (agetty) total-vm:9000kB, anon-rss:800kB, file-rss:0kB, shmem-rss:0kB'
  it.each([
    ['sysrq: SysRq : Manual OOM execution', 'Out of memory: Kill process 41 (agetty) score 0 or sacrifice child', kill],
    ['sysrq: Manual OOM execution', `Out of memory: ${kill}, UID:0 pgtables:52kB oom_score_adj:0`],
    ['SysRq : Manual OOM execution', 'Mem-Info:', 'active_anon:10 inactive_anon:0 isolated_anon:0', `Out of memory: ${kill}`],
  ])('%s', (...lines) => {
    expect(dumps(lines)).toMatchObject([{ manual: true, kills: [{ pid: 41 }] }])
  })
})

describe('bytes per page', () => {
  const row = '[  900]     0   900     5000     4000       30        0             0 worker'
  it.each([
    ['9007199254740988', 4096, false],
    ['9007199254740976', 16384, false],
    ['9007199254740928', 65536, false],
    // Resource counters (up to 3.18) have one maximum for all.
    ['9007199254740991', 4096, true],
    ['18014398509481983', 4096, true],
  ])('an unlimited %s kB', (limit, pageBytes, pageBytesAssumed) => {
    const [dump] = dumps([
      'memory: usage 409600kB, limit 409600kB, failcnt 13',
      `memory+swap: usage 409600kB, limit ${limit}kB, failcnt 0`,
      '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
      row,
    ])
    expect(dump).toMatchObject({ pageBytes, pageBytesAssumed, tasks: [{ rssBytes: 4000 * pageBytes }] })
  })
})

describe('Kill process and Killed process name different pids', () => {
  const table = [
    '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
    '[  700]     0   700     5000     4000       30        0             0 shell',
    '[  701]     0   701      500      100        8        0             0 copy',
    '[  800]     0   800     9000     8000       40        0             0 server',
  ]
  const killed = (pid: number, comm: string, vm = 20000) =>
    `Killed process ${pid} (${comm}) total-vm:${vm}kB, anon-rss:400kB, file-rss:0kB, shmem-rss:0kB`
  const chosen = (pid: number, comm: string) => `Memory cgroup out of memory: Kill process ${pid} (${comm}) score 9 or sacrifice child`
  const sacrificed = (...lines: string[]) => dumps([...table, ...lines])[0]?.kills[0]?.sacrificedFor?.pid ?? null

  it('a child died in the stead of its parent, largest or not', () => {
    expect(sacrificed(chosen(700, 'shell'), killed(701, 'copy'))).toBe(700)
    expect(sacrificed(chosen(800, 'server'), killed(701, 'copy'))).toBe(800)
  })
  it('the choice names a thread of the victim: in no row, of its name', () => {
    expect(sacrificed(chosen(811, 'server'), killed(800, 'server'))).toBeNull()
  })
  it('the kill names a thread of the choice: in no row, of its size', () => {
    expect(sacrificed(chosen(800, 'server'), killed(811, 'pool-1', 36000))).toBeNull()
  })
  it('a thread of another process, whose child died', () => {
    expect(sacrificed(chosen(811, 'server'), killed(701, 'copy'))).toBe(811)
  })
})

it('a Mem-Info at the beginning of a log, without a head, is no event', () => {
  expect(dumps(['Mem-Info:', 'active_anon:10 inactive_anon:0 isolated_anon:0', 'DMA free:3536kB min:68kB low:84kB high:100kB'])).toEqual([])
})

it('after the counters of a group, names of statistics are read without their head, and no other words', () => {
  const counter = 'memory: usage 409600kB, limit 409600kB, failcnt 13'
  expect(dumps([counter, 'file_dirty 4096', 'cases 300'])[0]?.stats).toMatchObject([{ path: '', values: { file_dirty: 4096 } }])
  expect(dumps([counter, 'cases 300'])[0]?.stats).toEqual([])
})
