import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kernelOom } from '../../../src/extract/kernel-oom/index.ts'
import { readLine } from '../../../src/extract/kernel-oom/read-line.ts'
import { extractAll, plainRecords } from './plain-records.ts'

const sample = (name: string): string[] =>
  readFileSync(new URL(`../../../samples/kernel/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
const names = [
  '6.1-global.txt',
  '6.1-memcg-v1.txt',
  '6.1-memcg-group.txt',
  '7.2-two-nodes.txt',
  '2.6.32-global.txt',
  'rhel6-memcg.txt',
  'rhel7-global.txt',
  '4.15-pod.txt',
  '4.19-global.txt',
  '2.6.18-global.txt',
  '6.8-callers.txt',
] as const
const bare = (line: string): string => line.replace(/^\[\s*[\d.]+\](?:\[[^\]]*\])? /, '')
const read = (lines: readonly string[]) => extractAll(kernelOom, plainRecords(lines.join('\n')))
const pidsOf = (lines: readonly string[]): number[] => [...new Set(read(lines).kills.map((k) => k.pid))].sort((a, b) => a - b)

/** Pids that lines by themselves prove dead. */
function provenPids(lines: readonly string[]): number[] {
  const pids = new Set<number>()
  for (const line of lines) {
    const item = readLine(bare(line))
    if ((item?.kind === 'kill' && item.complete) || item?.kind === 'reaped') pids.add(item.pid)
    if (item?.kind === 'summary' && item.complete && item.pid !== null) pids.add(item.pid)
  }
  return [...pids].sort((a, b) => a - b)
}

const noise = [
  '[ 1036.029999] eth0: renamed from vethbcd01c4',
  '[ 1036.030001] audit: type=1400 audit(1795503520.123:77): apparmor="DENIED" pid=1 comm="x"',
  'some random line',
  '',
  '[ 1036.031000] docker0: port 2(veth4cb51e1) entered disabled state',
  '** 12 printk messages dropped **',
]

describe('damage, as properties', () => {
  const report = fc.constantFrom(...names).map(sample)

  it('any lines cut out: no kill invented, none lost whose line is there', () => {
    fc.assert(
      fc.property(report, fc.infiniteStream(fc.boolean()), (lines, keep) => {
        const left = lines.filter(() => keep.next().value)
        expect(pidsOf(left)).toEqual(provenPids(left))
      }),
      { numRuns: 80 },
    )
  })

  it('cut at both ends', () => {
    fc.assert(
      fc.property(report, fc.nat(120), fc.nat(120), (lines, head, tail) => {
        const left = lines.slice(Math.min(head, lines.length), Math.max(head, lines.length - tail))
        expect(pidsOf(left)).toEqual(provenPids(left))
      }),
      { numRuns: 80 },
    )
  })

  it('lines twice, and noise in between: the same kills', () => {
    fc.assert(
      fc.property(report, fc.array(fc.tuple(fc.nat(200), fc.constantFrom(...noise))), fc.array(fc.nat(200)), (lines, added, doubled) => {
        const out = lines.flatMap((line, i) => [
          ...added.filter(([at]) => at === i).map(([, text]) => text),
          line,
          ...(doubled.includes(i) ? [line] : []),
        ])
        expect(pidsOf(out)).toEqual(provenPids(lines))
        expect(read(out).kills).toHaveLength(provenPids(lines).length)
      }),
      { numRuns: 60 },
    )
  })

  it('two reports interleaved: the kills of both, each once', () => {
    fc.assert(
      fc.property(report, report, fc.infiniteStream(fc.boolean()), (a, b, first) => {
        const [x, y] = [[...a], [...b]]
        const out: string[] = []
        while (x.length > 0 || y.length > 0) {
          const from = y.length === 0 || (x.length > 0 && first.next().value) ? x : y
          out.push(bare(from.shift() as string))
        }
        const both = [...new Set([...provenPids(a), ...provenPids(b)])].sort((p, q) => p - q)
        expect(pidsOf(out)).toEqual(both)
      }),
      { numRuns: 80 },
    )
  })

  it('any bytes at all: no throw', () => {
    fc.assert(
      fc.property(report, fc.array(fc.tuple(fc.nat(100), fc.nat(200), fc.string({ unit: 'binary' }))), (lines, edits) => {
        const out = [...lines]
        for (const [at, column, text] of edits) out[at % out.length] = (out[at % out.length] ?? '').slice(0, column) + text
        expect(() => read(out)).not.toThrow()
      }),
      { numRuns: 60 },
    )
  })
})

const at = (time: number, text: string): string => `[${time.toFixed(6).padStart(12)}] ${text}`
const header = (comm: string): string => `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`
const killed = (pid: number, comm: string, prefix = 'Out of memory'): string =>
  `${prefix}: Killed process ${pid} (${comm}) total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:40kB oom_score_adj:0`
const summary = (pid: number, comm: string): string =>
  `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=${comm},pid=${pid},uid=0`

describe('what belongs together', () => {
  it('a trigger without a kill does not adopt a later victim', () => {
    const { dumps } = read([at(10, header('a')), at(60, killed(7, 'b'))])
    expect(dumps.map((d) => [d.dump.trigger?.comm ?? null, d.dump.kills.map((k) => k.pid)])).toEqual([
      ['a', []],
      [null, [7]],
    ])
  })

  it('a new header ends a report whose kill line is lost', () => {
    const { dumps } = read([at(10, header('a')), at(10.1, header('b')), at(10.2, summary(7, 'c')), at(10.3, killed(7, 'c'))])
    expect(dumps.map((d) => [d.dump.trigger?.comm, d.dump.kills.length]).sort()).toEqual([
      ['a', 0],
      ['b', 1],
    ])
  })

  it('bare kill lines of a storm are each their own', () => {
    const { dumps } = read([
      at(10, header('a')),
      at(10.1, summary(1, 'x')),
      at(10.2, killed(1, 'x')),
      ...[2, 3, 4].map((pid) => at(10.2 + pid / 10, killed(pid, 'y'))),
    ])
    expect(dumps.map((d) => d.dump.kills.map((k) => k.pid))).toEqual([[1], [2], [3], [4]])
    expect(dumps.map((d) => d.dump.has.header)).toEqual([true, false, false, false])
  })

  it('a late reaper line belongs to its kill', () => {
    const { dumps } = read([
      at(10, header('a')),
      at(10.1, summary(1, 'x')),
      at(10.2, killed(1, 'x')),
      at(12.3, 'oom_reaper: reaped process 1 (x), now anon-rss:0kB, file-rss:0kB, shmem-rss:4kB'),
    ])
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump.kills).toMatchObject([{ pid: 1, provedBy: ['kill-line', 'summary', 'reaper'], reaped: { shmemRssBytes: 4096 } }])
  })

  it('a reaper line alone proves a kill', () => {
    expect(read(['oom_reaper: reaped process 517 (clamd), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB']).kills).toMatchObject([
      { pid: 517, comm: 'clamd', provedBy: ['reaper'] },
    ])
  })

  it('kill process A, killed process B: the child died for its parent', () => {
    const { dumps } = read([
      header('a'),
      'Out of memory: Kill process 100 (parent) score 919 or sacrifice child',
      'Killed process 101 (child) total-vm:1000kB, anon-rss:900kB, file-rss:0kB',
    ])
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump.kills).toMatchObject([
      { pid: 101, comm: 'child', score: null, sacrificedFor: { pid: 100, comm: 'parent', score: 919 } },
    ])
  })

  it('nobody dies of these', () => {
    const lines = [
      'Would have killed process 12 (x). But continuing instead.',
      'Memory cgroup out of memory: OOM victim 12 (x) is already exiting. Skip killing the task',
      "lowmemorykiller: Killing 'x' (12), adj 900",
      'Out of memory: could not do it',
    ]
    expect(read(lines).kills).toEqual([])
  })

  it('an allocation failure with Mem-Info, SysRq-m and a hung task are no reports', () => {
    const whole = sample('6.1-global.txt')
    const memInfo = whole.slice(
      whole.findIndex((l) => l.includes('Mem-Info')),
      whole.findIndex((l) => l.includes('Tasks state')),
    )
    for (const head of [
      'swapper/0: page allocation failure: order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0',
      'sysrq: Show Memory',
    ]) {
      const { dumps } = read([
        at(30, 'eth0: up'),
        at(31, 'eth0: up again'),
        at(32, 'usb 1-1: new device'),
        at(36, head),
        at(36.01, 'CPU: 0 PID: 9 Comm: x Not tainted 6.1.0 #1'),
        ...memInfo,
      ])
      expect(dumps).toEqual([])
    }
  })

  it('an allocation failure inside a report takes its own blocks', () => {
    const report = sample('4.15-pod.txt')
    const cut = report.findIndex((l) => l.includes('Task in'))
    const other = [
      'kworker/0:1: page allocation failure: order:4, mode:0x14000c0(GFP_KERNEL), nodemask=(null)',
      'CPU: 1 PID: 77 Comm: kworker/0:1 Not tainted 4.15.0 #1',
      'Mem-Info:',
      'active_anon:1 inactive_anon:1 isolated_anon:0',
    ].map((l) => at(1036.0295, l))
    const { dumps } = read([...report.slice(0, cut), ...other, ...report.slice(cut)])
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump.memInfo).toBeNull()
    expect(dumps[0]?.dump.trigger?.pid).toBe(208)
    expect(dumps[0]?.dump.kills).toHaveLength(1)
  })

  it('reports of two CPUs are told apart by their callers', () => {
    const other = sample('6.8-callers.txt').map((l) =>
      l
        .replace('T168', 'T199')
        .replace(/python3/g, 'node')
        .replace('PID: 168', 'PID: 199')
        .replace(/\b197\b/g, '297')
        .replace(/analytics/g, 'worker'),
    )
    const mixed = sample('6.8-callers.txt').flatMap((line, i) => [line, other[i] as string])
    const { dumps } = read(mixed)
    expect(
      dumps.map((d) => [
        d.dump.trigger?.comm,
        d.dump.trigger?.pid,
        d.dump.kills.map((k) => k.comm),
        d.dump.tasks.length,
        d.dump.memInfo?.zones.length,
      ]),
    ).toEqual([
      ['python3', 168, ['analytics'], 8, 2],
      ['node', 199, ['worker'], 8, 2],
    ])
  })

  it.each(['4.15-pod.txt', '4.4-memcg.txt', '6.1-memcg-v1.txt', 'rhel6-memcg.txt'])(
    'two of %s, line by line in between each other without callers',
    (name) => {
      const a = sample(name)
      const b = a.map((l) =>
        l
          .replace(/f3412593/g, 'aaaa2593')
          .replace(/17b7fac6/g, 'bbbbfac6')
          .replace(/\b208\b/g, '308')
          .replace(/java/g, 'node')
          .replace(/65536kB, failcnt/g, '99999kB, failcnt'),
      )
      for (const lead of [0, 1, 5, 12]) {
        const late = [...Array<string>(lead).fill(''), ...b]
        const mixed = late.flatMap((line, i) => [a[i] ?? '', line]).concat(a.slice(late.length))
        for (const lines of [mixed, mixed.map(bare)]) {
          const { dumps } = read(lines.filter((l) => l !== ''))
          const facts = dumps.map(({ dump: d }) => [
            d.trigger?.comm,
            d.trigger?.pid,
            d.memory?.limitBytes,
            d.taskMemcg?.match(/\/pod(\w+)/)?.[1],
            d.kills.map((k) => k.comm),
          ])
          expect(facts, `lead ${lead}`).toEqual([
            ['java', 208, 65536 * 1024, 'f3412593', ['java']],
            ['node', 308, 99999 * 1024, 'aaaa2593', ['node']],
          ])
        }
      }
    },
  )

  it('panic_on_oom: the report with its panic, no kill', () => {
    const lines = sample('6.1-global.txt').slice(0, -2)
    const { dumps } = read([
      ...lines,
      '[   36.070000] Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
      '[   36.070100] CPU: 1 PID: 168 Comm: python3 Not tainted 6.1.0 #1',
    ])
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump).toMatchObject({
      panic: { text: 'Out of memory: system-wide panic_on_oom is enabled', cause: 'setting' },
      kills: [],
      scope: 'global',
    })
  })

  it('nothing killable, then the panic of it', () => {
    const { dumps } = read([
      at(5, header('a')),
      at(5.1, 'Out of memory and no killable processes...'),
      at(5.2, 'Kernel panic - not syncing: System is deadlocked on memory'),
    ])
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump).toMatchObject({
      noKillable: true,
      panic: { text: 'System is deadlocked on memory', cause: 'memory' },
      kills: [],
    })
  })

  it('SysRq-f is manual', () => {
    const { dumps } = read([
      'sysrq: Manual OOM execution',
      'kworker/0:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0',
      summary(5, 'x'),
      killed(5, 'x'),
    ])
    expect(dumps.map((d) => [d.dump.manual, d.dump.kills.length])).toEqual([[true, 1]])
  })

  it('a thread in the kill line and its process in the summary are one kill', () => {
    const row = '[    500]     0   500      250      225   40960        0             0 java'
    const { dumps } = read([
      header('x'),
      '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
      row,
      summary(500, 'java'),
      killed(512, 'GC Thread#1'),
    ])
    expect(dumps[0]?.dump.kills).toHaveLength(1)
  })
})

describe('twice in one source', () => {
  it('a whole report read twice is one report', () => {
    for (const name of names) {
      const lines = sample(name)
      for (const twice of [
        [...lines, ...lines],
        [...lines.map(bare), ...lines.map(bare)],
      ]) {
        const { dumps } = read(twice)
        expect(dumps.map((d) => d.dump.kills.length)).toEqual([provenPids(lines).length])
      }
    }
  })
})

describe('lines torn apart', () => {
  const deep = `/kubepods/${'x'.repeat(400)}`
  it('an oom-kill line over the record limit is joined', () => {
    const { dumps } = read([
      at(1, `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${deep},task_memcg=`),
      at(1.1, `${deep},task=worker,pid=590,uid=1000`),
    ])
    expect(dumps[0]?.dump).toMatchObject({ oomMemcg: deep, taskMemcg: deep, kills: [{ pid: 590, comm: 'worker', uid: 1000 }] })
    expect(dumps[0]?.dump.kills[0]?.quotes.map((q) => q.line)).toEqual([1, 2])
  })

  it('a newline in a name: a record a line', () => {
    const { dumps } = read(
      [
        'evil',
        'Out of me invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=936',
        'CPU: 1 PID: 1734 Comm: evil',
        'Out of me Not tainted 6.1.0 #1',
      ]
        .map((l) => at(1, l))
        .concat(
          [
            'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=evil',
            'Out of me,pid=1734,uid=0',
          ].map((l) => at(1.1, l)),
          [
            'Memory cgroup out of memory: Killed process 1734 (evil',
            'Out of me) total-vm:25760kB, anon-rss:24212kB, file-rss:836kB, shmem-rss:0kB, UID:0 pgtables:84kB oom_score_adj:936',
          ].map((l) => at(1.2, l)),
        ),
    )
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump).toMatchObject({
      taskMemcg: '/a',
      trigger: { comm: 'evil\nOut of me', pid: 1734 },
      kills: [{ pid: 1734, comm: 'evil\nOut of me', oomScoreAdj: 936 }],
    })
  })

  it('lines wrapped at 80 columns, after a blank or anywhere', () => {
    for (const name of ['4.19-global.txt', 'rhel7-global.txt', '6.8-callers.txt'] as const) {
      const whole = read(sample(name).map(bare)).dumps[0]?.dump
      const wrapped = sample(name).flatMap((line) => bare(line).match(/.{1,79}(?:\s|$)|.{1,80}/g) ?? [])
      const dump = read(wrapped).dumps[0]?.dump
      expect(dump?.kills.map((k) => [k.pid, k.comm, k.totalVmBytes, k.anonRssBytes])).toEqual(
        whole?.kills.map((k) => [k.pid, k.comm, k.totalVmBytes, k.anonRssBytes]),
      )
      expect(dump?.tasks.map((t) => [t.pid, t.comm, t.oomScoreAdj])).toEqual(whole?.tasks.map((t) => [t.pid, t.comm, t.oomScoreAdj]))
      expect(dump?.memInfo?.zones.map((z) => [z.name, z.values, z.buddyTotalBytes])).toEqual(
        whole?.memInfo?.zones.map((z) => [z.name, z.values, z.buddyTotalBytes]),
      )
    }
  })

  it('wrapped at any width: the same kills', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.integer({ min: 60, max: 120 }), (name, width) => {
        const lines = sample(name).map(bare)
        const wrapped = lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
        expect(pidsOf(wrapped)).toEqual(provenPids(lines))
      }),
      { numRuns: 80 },
    )
  })

  it('takes the release of the boot where the report names none', () => {
    const boot = '[    0.000000] Linux version 4.4.0-210-generic (buildd@lgw01) (gcc version 5.4.0)'
    const { dumps } = read([
      boot,
      at(10, header('a')),
      at(10.1, 'Out of memory: Kill process 7 (b) score 900 or sacrifice child'),
      at(10.2, 'Killed process 7 (b) total-vm:100kB, anon-rss:90kB, file-rss:0kB'),
    ])
    expect(dumps[0]?.dump).toMatchObject({ release: null, era: 3 })
  })

  it('rows after a cut head, collapsed blanks, annotations', () => {
    const rows = sample('4.19-global.txt')
      .map(bare)
      .filter((l) => /^\[\s*\d+\]/.test(l))
    const { dumps } = read([
      ...rows.map((r) => r.replace(/ +/g, ' ')),
      'Out of memory: Kill process 197 (analytics) score 896 or sacrifice child',
      'Killed process 197 (analytics) total-vm:892064kB, anon-rss:890732kB, file-rss:0kB, shmem-rss:0kB',
    ])
    expect(dumps).toHaveLength(1)
    expect(dumps[0]?.dump.tasks.at(-1)).toMatchObject({
      pid: 197,
      comm: 'analytics',
      rssBytes: 222683 * 4096,
      pgtablesBytes: 1822720,
      oomScoreAdj: 0,
    })
    expect(dumps[0]?.dump.tasksComplete).toBe(false)
  })

  it('an elision is a mark of loss', () => {
    const { events, kills } = read([header('a'), '(...snipped...)', summary(5, 'x'), '[...]', killed(5, 'x')])
    expect(events.filter((e) => e.kind === 'loss')).toMatchObject([{ what: 'elision' }, { what: 'elision' }])
    expect(kills).toHaveLength(1)
  })
})

describe('who wrote it', () => {
  it('a line that a program wrote is no kill, but a notice that names it', () => {
    const [record] = plainRecords(killed(777, 'mysqld'))
    const { events } = extractAll(kernelOom, [{ ...(record as NonNullable<typeof record>), writer: 'userspace' }])
    expect(events).toMatchObject([{ kind: 'kernel-notice', notice: 'forged-oom-line', pid: 777, comm: 'mysqld' }])
  })

  it('a line under another tag is not the kernel’s', () => {
    const [record] = plainRecords(killed(777, 'mysqld'))
    for (const identifier of ['node-problem-detector', 'unknown', 'systemd'])
      expect(extractAll(kernelOom, [{ ...(record as NonNullable<typeof record>), identifier }]).kills).toEqual([])
    expect(extractAll(kernelOom, [{ ...(record as NonNullable<typeof record>), identifier: 'kernel' }]).kills).toHaveLength(1)
  })
})
